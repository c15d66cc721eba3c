"""`torchvision.ops`' modules, as trees of torch's own layers."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, TypeVar

from conv_lsp.library.algebra import numel, pointwise
from conv_lsp.library.containers import Sequential
from conv_lsp.library.layers import build, expect
from conv_lsp.library.module import Layer
from conv_lsp.library.registry import NAMES, OPS, Call, models
from conv_lsp.library.sliding import NO_SIZES, at_least, number, spread, wrong
from conv_lsp.library.vision_boxes import VISION_OPS
from conv_lsp.values import Tensor, Unknown, Value

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

    def __init__(self, call: Call, num_features: object, eps: object = 1e-5) -> None:
        super().__init__(call)
        # They are what torch.ones takes: a size, or several of them.
        several = num_features if isinstance(num_features, (list, tuple)) else [num_features]
        counts = [number(call, size, "num_features", NO_SIZES) for size in several]
        at_least(call, 0, "num_features", counts)
        self.__dict__["eps"] = eps
        for name in ("weight", "bias", "running_mean", "running_var"):
            self.__dict__[name] = Tensor(tuple(counts), kind="buffer")

    def forward(self, call: Call, x: Tensor) -> Tensor:
        scale = self.__dict__["weight"]
        if not isinstance(scale, Tensor) or not scale.known:
            return Tensor(Unknown("the numbers of a norm"))
        expect(call, "f", eps=self.__dict__["eps"])
        return pointwise(call, x, Tensor((1, numel(scale.sizes), 1, 1)))


@vision_module("misc", "Permute")
class Permute(Layer):
    """Dimensions in another order."""

    __slots__ = ()

    def __init__(self, call: Call, dims: object) -> None:
        super().__init__(call)
        self.__dict__["dims"] = dims

    def forward(self, call: Call, x: object) -> Value:
        return call.invoke(OPS["torch.permute"], x, self.__dict__["dims"])
