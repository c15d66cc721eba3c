"""`torchvision.ops`' modules over regions and pyramids, and those that drop or deform."""

from __future__ import annotations

from typing import ClassVar

from conv_lsp.library.arguments import NO_INTEGERS
from conv_lsp.library.iterators import vague
from conv_lsp.library.layers import build, optional
from conv_lsp.library.layers import weight as parameter
from conv_lsp.library.module import Layer
from conv_lsp.library.registry import OPS, Call, models
from conv_lsp.library.sliding import NO_SIZES, at_least, number, numbers, spread, times, wrong
from conv_lsp.library.vision_blocks import NN, of, vision_module
from conv_lsp.library.vision_boxes import VISION_OPS
from conv_lsp.values import Dict, List, Tensor, Unknown, Value

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
        in_channels: object,
        out_channels: object,
        kernel_size: object,
        stride: object = 1,
        padding: object = 0,
        dilation: object = 1,
        groups: object = 1,
        bias: object = True,
    ) -> None:
        super().__init__(call)
        into = number(call, in_channels, "in_channels")
        made = number(call, out_channels, "out_channels", NO_SIZES)
        groups = number(call, groups, "groups")
        at_least(call, 1, "groups", [groups])
        at_least(call, 1, "in_channels", [into])
        at_least(call, 0, "out_channels", [made])
        for name, channels in (("in_channels", into), ("out_channels", made)):
            if channels % groups != 0 and isinstance(channels % groups, int):
                wrong(call, f"{name} {channels} is not divisible by groups {groups}", at="groups")
        kernel = spread(kernel_size, 2)
        if len(kernel) < 2:
            wrong(call, "kernel_size has less than 2 numbers", at="kernel_size")
        sizes = numbers(call, kernel[:2], 2, "kernel_size", 1, NO_INTEGERS)
        self.__dict__.update(
            in_channels=into,
            out_channels=made,
            kernel_size=kernel,
            stride=spread(stride, 2),
            padding=spread(padding, 2),
            dilation=spread(dilation, 2),
            groups=groups,
            weight=parameter(made, into // groups, *sizes),
            bias=optional((made,), bias),
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
        for count in channels:
            if count == 0:
                wrong(call, "takes no 0 channels", at="in_channels_list")
            small = build(call, block, count, out_channels, kernel_size=1, padding=0, **add)
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
