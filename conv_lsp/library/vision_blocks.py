"""`torchvision.ops`' modules, as trees of torch's own layers."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, TypeVar

from conv_lsp.dims import Dim
from conv_lsp.library.algebra import pointwise
from conv_lsp.library.containers import Sequential
from conv_lsp.library.iterators import vague
from conv_lsp.library.layers import build, optional
from conv_lsp.library.layers import weight as parameter
from conv_lsp.library.module import Layer
from conv_lsp.library.registry import NAMES, OPS, Call, models
from conv_lsp.library.sliding import at_least, spread, times, wrong
from conv_lsp.library.vision_boxes import VISION_OPS
from conv_lsp.values import Dict, List, Tensor, Unknown, Value

C = TypeVar("C", bound=type)
NN = "torch.nn"


def vision_module(file: str, *names: str) -> Callable[[C], C]:
    """Declare a module of torchvision.ops, under the file that holds it too."""
    paths = [f"{VISION_OPS}.{name}" for name in names]
    return models(*paths, *(f"{VISION_OPS}.{file}.{name}" for name in names))


def of(call: Call, name: str, *args: Value) -> Value:
    """What a function of torchvision.ops gives."""
    return call.invoke(OPS[f"{VISION_OPS}.{name}"], *args)


# -- blocks -----------------------------------------------------------------------------------


class Stack(Sequential):
    """A Sequential that is put together by its own arguments."""

    __slots__ = ()

    def fill(self, call: Call, layers: list[Value]) -> None:
        """Make these its members; one that is not known leaves the rest unknown."""
        unknown = next((v for v in layers if isinstance(v, Unknown)), None)
        if unknown is not None:
            self._blur(call, Unknown(unknown.why))
            return
        for i, layer in enumerate(layers):
            self._put(call, str(i), self._checked(call, layer))

    def describe(self) -> str:
        return f"{type(self).__name__} of {self.count()}"


class ConvNormActivation(Stack):
    """A convolution that keeps the size, a norm and an activation."""

    __slots__ = ()

    SPATIAL: ClassVar[int] = 2

    def __init__(
        self,
        call: Call,
        in_channels: object,
        out_channels: object,
        kernel_size: object = 3,
        stride: object = 1,
        padding: object = None,
        groups: object = 1,
        norm_layer: object = ...,
        activation_layer: object = ...,
        dilation: object = 1,
        inplace: object = True,
        bias: object = None,
    ) -> None:
        super().__init__(call)
        count = self.SPATIAL
        norm = NAMES[f"{NN}.BatchNorm{count}d"] if norm_layer is ... else norm_layer
        activation = NAMES[f"{NN}.ReLU"] if activation_layer is ... else activation_layer
        if padding is None:
            padding = centred(kernel_size, dilation)
        if bias is None:
            bias = Unknown(norm.why) if isinstance(norm, Unknown) else norm is None
        steps = kernel_size, stride, padding
        conv = build(
            call, f"{NN}.Conv{count}d", in_channels, out_channels, *steps,
            dilation=dilation, groups=groups, bias=bias,
        )  # fmt: skip
        layers = [conv]
        if norm is not None:
            layers.append(call.invoke(norm, out_channels))
        if activation is not None:
            layers.append(call.invoke(activation, **in_place(inplace)))
        self.fill(call, layers)
        self.__dict__["out_channels"] = out_channels


def in_place(inplace: object) -> dict[str, Value]:
    """The argument as torchvision hands it on: None is left out."""
    return {} if inplace is None else {"inplace": inplace}


def centred(kernel_size: object, dilation: object) -> Value:
    """The padding that keeps the size where the kernel is odd."""
    if isinstance(kernel_size, Unknown) or isinstance(dilation, Unknown):
        return Unknown("a padding that is not known")
    count = max(len(v) if isinstance(v, (list, tuple)) else 1 for v in (kernel_size, dilation))
    pairs = zip(spread(kernel_size, count), spread(dilation, count), strict=False)
    pads: list[Value] = []
    for kernel, step in pairs:
        sizes = isinstance(kernel, (float, str)) or isinstance(step, (float, str))
        unknown = isinstance(kernel, Unknown) or isinstance(step, Unknown) or sizes
        pads.append(Unknown("a padding") if unknown else (kernel - 1) // 2 * step)  # type: ignore[operator]
    several = isinstance(kernel_size, (list, tuple)) or isinstance(dilation, (list, tuple))
    return tuple(pads) if several else pads[0]


@vision_module("misc", "Conv2dNormActivation")
class Conv2dNormActivation(ConvNormActivation):
    """See ConvNormActivation."""

    __slots__ = ()


@vision_module("misc", "Conv3dNormActivation")
class Conv3dNormActivation(ConvNormActivation):
    """See ConvNormActivation."""

    __slots__ = ()

    SPATIAL = 3


@vision_module("misc", "MLP")
class MLP(Stack):
    """Linear layers, with a norm, an activation and dropout after each."""

    __slots__ = ()

    def __init__(
        self,
        call: Call,
        in_channels: object,
        hidden_channels: object,
        norm_layer: object = None,
        activation_layer: object = ...,
        inplace: object = None,
        bias: object = True,
        dropout: object = 0.0,
    ) -> None:
        super().__init__(call)
        activation = NAMES[f"{NN}.ReLU"] if activation_layer is ... else activation_layer
        sizes = call.host.elements(hidden_channels, call.site)
        if isinstance(sizes, Unknown):
            self._blur(call, sizes)
            return
        if not sizes:
            wrong(call, "takes at least one size", at="hidden_channels")
        layers: list[Value] = []
        before = in_channels
        for i, size in enumerate(sizes):
            layers.append(build(call, f"{NN}.Linear", before, size, bias=bias))
            if i < len(sizes) - 1:
                if norm_layer is not None:
                    layers.append(call.invoke(norm_layer, size))
                layers.append(call.invoke(activation, **in_place(inplace)))
            layers.append(build(call, f"{NN}.Dropout", dropout, **in_place(inplace)))
            before = size
        self.fill(call, layers)


@vision_module("misc", "SqueezeExcitation")
class SqueezeExcitation(Layer):
    """Scales channels by what is in all of the image."""

    __slots__ = ()

    def __init__(
        self,
        call: Call,
        input_channels: object,
        squeeze_channels: object,
        activation: object = ...,
        scale_activation: object = ...,
    ) -> None:
        super().__init__(call)
        first = NAMES[f"{NN}.ReLU"] if activation is ... else activation
        last = NAMES[f"{NN}.Sigmoid"] if scale_activation is ... else scale_activation
        self.__dict__.update(
            avgpool=build(call, f"{NN}.AdaptiveAvgPool2d", 1),
            fc1=build(call, f"{NN}.Conv2d", input_channels, squeeze_channels, 1),
            fc2=build(call, f"{NN}.Conv2d", squeeze_channels, input_channels, 1),
            activation=call.invoke(first),
            scale_activation=call.invoke(last),
        )

    def forward(self, call: Call, input: object) -> Value:
        scale: Value = input
        for name in ("avgpool", "fc1", "activation", "fc2", "scale_activation"):
            scale = call.invoke(self.__dict__[name], scale)
        return call.invoke(OPS["operator.mul"], scale, input)


@vision_module("misc", "FrozenBatchNorm2d")
class FrozenBatchNorm2d(Layer):
    """Leaves the size alone; its numbers are no parameters."""

    __slots__ = ()

    def __init__(self, call: Call, num_features: Dim, eps: object = 1e-5) -> None:
        super().__init__(call)
        at_least(call, 0, "num_features", [num_features])
        self.__dict__["eps"] = eps
        for name in ("weight", "bias", "running_mean", "running_var"):
            self.__dict__[name] = Tensor((num_features,), kind="buffer")

    def forward(self, call: Call, x: Tensor) -> Tensor:
        scale = self.__dict__["weight"]
        if not isinstance(scale, Tensor) or not scale.known:
            return Tensor(Unknown("the numbers of a norm"))
        return pointwise(call, x, Tensor((1, scale.sizes[0], 1, 1)))


@vision_module("misc", "Permute")
class Permute(Layer):
    """Dimensions in another order."""

    __slots__ = ()

    def __init__(self, call: Call, dims: object) -> None:
        super().__init__(call)
        self.__dict__["dims"] = dims

    def forward(self, call: Call, x: object) -> Value:
        return call.invoke(OPS["torch.permute"], x, self.__dict__["dims"])


# -- regions ----------------------------------------------------------------------------------


@vision_module("roi_align", "RoIAlign")
class RoIAlign(Layer):
    """See `roi_align`."""

    __slots__ = ()

    def __init__(
        self,
        call: Call,
        output_size: object,
        spatial_scale: object,
        sampling_ratio: object,
        aligned: object = False,
    ) -> None:
        super().__init__(call)
        self.__dict__.update(
            output_size=output_size,
            spatial_scale=spatial_scale,
            sampling_ratio=sampling_ratio,
            aligned=aligned,
        )

    def forward(self, call: Call, input: object, rois: object) -> Value:
        own = self.__dict__
        options = own["output_size"], own["spatial_scale"], own["sampling_ratio"], own["aligned"]
        return of(call, "roi_align", input, rois, *options)


@vision_module("ps_roi_align", "PSRoIAlign")
class PSRoIAlign(Layer):
    """See `ps_roi_align`."""

    __slots__ = ()

    def __init__(
        self, call: Call, output_size: object, spatial_scale: object, sampling_ratio: object
    ) -> None:
        super().__init__(call)
        self.__dict__.update(
            output_size=output_size, spatial_scale=spatial_scale, sampling_ratio=sampling_ratio
        )

    def forward(self, call: Call, input: object, rois: object) -> Value:
        own = self.__dict__
        options = own["output_size"], own["spatial_scale"], own["sampling_ratio"]
        return of(call, "ps_roi_align", input, rois, *options)


@vision_module("roi_pool", "RoIPool")
class RoIPool(Layer):
    """See `roi_pool`."""

    __slots__ = ()

    def __init__(self, call: Call, output_size: object, spatial_scale: object) -> None:
        super().__init__(call)
        self.__dict__.update(output_size=output_size, spatial_scale=spatial_scale)

    def forward(self, call: Call, input: object, rois: object) -> Value:
        own = self.__dict__
        return of(call, "roi_pool", input, rois, own["output_size"], own["spatial_scale"])


@vision_module("ps_roi_pool", "PSRoIPool")
class PSRoIPool(RoIPool):
    """See `ps_roi_pool`."""

    __slots__ = ()

    def forward(self, call: Call, input: object, rois: object) -> Value:
        own = self.__dict__
        return of(call, "ps_roi_pool", input, rois, own["output_size"], own["spatial_scale"])


@vision_module("poolers", "MultiScaleRoIAlign")
class MultiScaleRoIAlign(Layer):
    """Regions of several feature maps: (K, C, height, width)."""

    __slots__ = ()

    def __init__(
        self,
        call: Call,
        featmap_names: object,
        output_size: object,
        sampling_ratio: object,
        *,
        canonical_scale: object = 224,
        canonical_level: object = 4,
    ) -> None:
        super().__init__(call)
        size = (output_size, output_size) if isinstance(output_size, int) else output_size
        self.__dict__.update(
            featmap_names=featmap_names, output_size=size, sampling_ratio=sampling_ratio
        )

    def forward(self, call: Call, x: object, boxes: object, image_shapes: object) -> Value:
        own = self.__dict__
        names = own["featmap_names"]
        if not isinstance(x, dict) or vague(x) or isinstance(names, Unknown) or vague(names):
            return Tensor(Unknown("feature maps that are not known"))
        if not isinstance(names, (str, list, tuple, dict)):
            wrong(call, f"featmap_names are names, not {names!r}", at="x")
        maps = [value for name, value in x.items() if name in names]
        if not maps:
            wrong(call, "there is no feature map of these names", at="x")
        options = own["output_size"], 1.0, own["sampling_ratio"]
        return of(call, "roi_align", maps[0], boxes, *options)


# -- convolution and dropping -----------------------------------------------------------------


@vision_module("deform_conv", "DeformConv2d")
class DeformConv2d(Layer):
    """See `deform_conv2d`."""

    __slots__ = ()

    def __init__(
        self,
        call: Call,
        in_channels: Dim,
        out_channels: Dim,
        kernel_size: object,
        stride: object = 1,
        padding: object = 0,
        dilation: object = 1,
        groups: Dim = 1,
        bias: object = True,
    ) -> None:
        super().__init__(call)
        at_least(call, 1, "groups", [groups])
        for name, channels in (("in_channels", in_channels), ("out_channels", out_channels)):
            if channels % groups != 0 and isinstance(channels % groups, int):
                wrong(call, f"{name} {channels} is not divisible by groups {groups}", at="groups")
        kernel = spread(kernel_size, 2)
        sizes = [v.size() if isinstance(v, Unknown) else v for v in kernel]
        self.__dict__.update(
            in_channels=in_channels,
            out_channels=out_channels,
            kernel_size=kernel,
            stride=spread(stride, 2),
            padding=spread(padding, 2),
            dilation=spread(dilation, 2),
            groups=groups,
            weight=parameter(out_channels, in_channels // groups, *sizes),  # type: ignore[arg-type]
            bias=optional((out_channels,), bias),
        )

    def describe(self) -> str:
        own = self.__dict__
        return f"DeformConv2d({own['in_channels']} → {own['out_channels']}, {times(own['kernel_size'])})"

    def forward(self, call: Call, input: object, offset: object, mask: object = None) -> Value:
        own = self.__dict__
        steps = own["stride"], own["padding"], own["dilation"]
        return of(call, "deform_conv2d", input, offset, own["weight"], own["bias"], *steps, mask)


@vision_module("stochastic_depth", "StochasticDepth")
class StochasticDepth(Layer):
    """See `stochastic_depth`."""

    __slots__ = ()

    def __init__(self, call: Call, p: object, mode: object) -> None:
        super().__init__(call)
        self.__dict__.update(p=p, mode=mode)

    def forward(self, call: Call, input: object) -> Value:
        own = self.__dict__
        return of(call, "stochastic_depth", input, own["p"], own["mode"], self.training)


@vision_module("drop_block", "DropBlock2d")
class DropBlock2d(Layer):
    """See `drop_block2d`."""

    __slots__ = ()

    SPATIAL: ClassVar[int] = 2

    def __init__(
        self,
        call: Call,
        p: object,
        block_size: object,
        inplace: object = False,
        eps: object = 1e-06,
    ) -> None:
        super().__init__(call)
        self.__dict__.update(p=p, block_size=block_size, inplace=inplace, eps=eps)

    def forward(self, call: Call, input: object) -> Value:
        own = self.__dict__
        options = own["p"], own["block_size"], own["inplace"], own["eps"], self.training
        return of(call, f"drop_block{self.SPATIAL}d", input, *options)


@vision_module("drop_block", "DropBlock3d")
class DropBlock3d(DropBlock2d):
    """See `drop_block3d`."""

    __slots__ = ()

    SPATIAL = 3


# -- pyramids ---------------------------------------------------------------------------------


@vision_module("feature_pyramid_network", "FeaturePyramidNetwork")
class FeaturePyramidNetwork(Layer):
    """Feature maps of several sizes, each with what the smaller ones know."""

    __slots__ = ()

    def __init__(
        self,
        call: Call,
        in_channels_list: object,
        out_channels: object,
        extra_blocks: object = None,
        norm_layer: object = None,
    ) -> None:
        super().__init__(call)
        channels = call.host.elements(in_channels_list, call.site)
        if isinstance(channels, Unknown):
            for name in ("inner_blocks", "layer_blocks"):
                self.__dict__[name] = Unknown(channels.why)
            return
        inner, outer = List(), List()
        add = {"norm_layer": norm_layer, "activation_layer": None}
        block = f"{VISION_OPS}.Conv2dNormActivation"
        for number in channels:
            if number == 0:
                wrong(call, "takes no 0 channels", at="in_channels_list")
            small = build(call, block, number, out_channels, kernel_size=1, padding=0, **add)
            inner.append(small)
            large = build(call, block, out_channels, out_channels, kernel_size=3, **add)
            outer.append(large)
        self.__dict__.update(
            inner_blocks=build(call, f"{NN}.ModuleList", inner),
            layer_blocks=build(call, f"{NN}.ModuleList", outer),
            extra_blocks=extra_blocks,
        )

    def forward(self, call: Call, x: object) -> Value:
        own = self.__dict__
        if not isinstance(x, dict) or vague(x):
            return Unknown("feature maps that are not known")
        maps, names = list(x.values()), list(x)
        inner = call.host.elements(own["inner_blocks"], call.site)
        outer = call.host.elements(own["layer_blocks"], call.site)
        if isinstance(inner, Unknown) or isinstance(outer, Unknown):
            return Unknown("a pyramid of unknown layers")
        results: list[Value] = []
        above: Value = None
        for value, before, after in reversed(list(zip(maps, inner, outer, strict=False))):
            here = call.invoke(before, value)
            if above is not None:
                if not isinstance(here, Tensor) or not here.known:
                    return Unknown("a pyramid of unknown sizes")
                above = build(
                    call, f"{NN}.functional.interpolate", above, here.sizes[-2:], mode="nearest"
                )
                here = call.invoke(OPS["operator.add"], here, above)
            results.insert(0, call.invoke(after, here))
            above = here
        if own["extra_blocks"] is not None:
            found = call.invoke(own["extra_blocks"], List(results), List(maps), List(names))
            if not isinstance(found, tuple) or len(found) != 2 or isinstance(found[0], Unknown):
                return Unknown("what further blocks make of a pyramid")
            results, names = found
        return call.host.new(Dict(zip(names, results, strict=False)))


FPN = "feature_pyramid_network"


@models(f"{VISION_OPS}.{FPN}.ExtraFPNBlock")
class ExtraFPNBlock(Layer):
    """Base of what adds levels to a pyramid."""

    __slots__ = ()

    def forward(self, call: Call, results: object, x: object, names: object) -> Value:
        return Unknown("what further blocks make of a pyramid")


@models(f"{VISION_OPS}.{FPN}.LastLevelMaxPool")
class LastLevelMaxPool(ExtraFPNBlock):
    """Adds every second pixel of the last level."""

    __slots__ = ()

    def forward(self, call: Call, results: object, x: object, names: object) -> Value:
        if not isinstance(results, list) or not isinstance(names, list) or not results:
            return Unknown("a pyramid that is not known")
        small = build(call, f"{NN}.functional.max_pool2d", results[-1], 1, 2, 0)
        return List([*results, small]), List([*names, "pool"])


@models(f"{VISION_OPS}.{FPN}.LastLevelP6P7")
class LastLevelP6P7(ExtraFPNBlock):
    """Adds two levels, each of half the size."""

    __slots__ = ()

    def __init__(self, call: Call, in_channels: object, out_channels: object) -> None:
        super().__init__(call)
        self.__dict__.update(
            p6=build(call, f"{NN}.Conv2d", in_channels, out_channels, 3, 2, 1),
            p7=build(call, f"{NN}.Conv2d", out_channels, out_channels, 3, 2, 1),
            use_P5=call.invoke(OPS["operator.eq"], in_channels, out_channels),
        )

    def forward(self, call: Call, results: object, x: object, names: object) -> Value:
        p, c = results, x
        last = call.host.truth(self.__dict__["use_P5"])
        if not (isinstance(p, list) and isinstance(c, list) and isinstance(names, list)) or (
            last is None or not p or not c
        ):
            return Unknown("a pyramid that is not known")
        p6 = call.invoke(self.__dict__["p6"], p[-1] if last else c[-1])
        p7 = call.invoke(self.__dict__["p7"], build(call, f"{NN}.functional.relu", p6))
        return List([*p, p6, p7]), List([*names, "p6", "p7"])
