"""Convolution and transposed convolution, as layers."""

from __future__ import annotations

from collections.abc import Sequence

from conv_lsp.dims import Dim, Expr, less, product, unknown_size
from conv_lsp.library.algebra import fresh
from conv_lsp.library.convolution import (
    CONVOLVED,
    OUTPUT_PADDING,
    RANK,
    TRANSPOSED,
    convolve,
    divides,
    transpose,
    windows_of,
)
from conv_lsp.library.layers import optional
from conv_lsp.library.module import Layer
from conv_lsp.library.padding import padded
from conv_lsp.library.registry import AnyRank, Call, models
from conv_lsp.library.sliding import (
    NO_SIZES,
    at_least,
    images,
    number,
    numbers,
    once,
    settled,
    spread,
    text,
    times,
    wrong,
)
from conv_lsp.values import Tensor, Unknown

PADDING_MODES = ("zeros", "reflect", "replicate", "circular")


@models("torch.nn.modules.conv._ConvNd")
class ConvNd(Layer):
    """What convolutions and transposed convolutions over `SPATIAL` axes have in common."""

    SPATIAL = 0

    def __init__(
        self,
        call: Call,
        in_channels: object,
        out_channels: object,
        kernel_size: object,
        stride: object,
        padding: object,
        dilation: object,
        transposed: object,
        output_padding: object,
        groups: object,
        bias: object,
        padding_mode: object,
        device: object = None,
        dtype: object = None,
    ) -> None:
        super().__init__(call)
        count = self.SPATIAL
        groups = number(call, groups, "groups", NO_SIZES)
        in_channels = number(call, in_channels, "in_channels")
        out_channels = number(call, out_channels, "out_channels", NO_SIZES)
        at_least(call, 1, "groups", [groups])
        at_least(call, 0, "in_channels", [in_channels])
        at_least(call, 0, "out_channels", [out_channels])
        for name, channels in (("in_channels", in_channels), ("out_channels", out_channels)):
            if divides(call, name, channels, groups, at="groups") is False:
                groups = 1  # so that the mistake is told once
        kernel = tuple(number(call, k, "kernel_size") for k in spread(kernel_size, count))
        at_least(call, 0, "kernel_size", kernel)
        strides, dilations = spread(stride, count), spread(dilation, count)
        if isinstance(padding, str) and transposed is False:
            windows_of(call, (1,) * count, stride, padding, 1)
        if isinstance(padding_mode, str) and padding_mode not in PADDING_MODES:
            modes = ", ".join(map(repr, PADDING_MODES))
            wrong(call, f"padding_mode has to be one of {modes}", at="padding_mode")
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.kernel_size = kernel
        self.stride = strides
        self.padding = padding if isinstance(padding, str) else spread(padding, count)
        self.dilation = dilations
        self.transposed = transposed
        self.output_padding = spread(output_padding, count)
        self.groups = groups
        self.padding_mode = padding_mode
        self._reversed_padding_repeated_twice = doubled(self.padding, kernel, dilations)
        self.weight: object = filters_of(self)
        self.bias: object = optional((out_channels,), bias)

    def describe(self) -> str:
        into = text(self.in_channels) if self.weight_known() else "?"
        words = [f"{into} → {text(self.out_channels)}", times(self.kernel_size)]
        usual = {
            "stride": "1",
            "padding": "0",
            "output_padding": "0",
            "dilation": "1",
            "groups": "1",
        }
        for name, value in usual.items():
            shown = once(getattr(self, name))
            if shown != value:
                words.append(f"{name.replace('_', ' ')} {shown}")
        if self.padding_mode != "zeros" and isinstance(self.padding_mode, str):
            words.append(self.padding_mode)
        return f"{type(self).__name__}({', '.join(words)})"

    def weight_known(self) -> bool:
        """Whether the weight has a shape; that of a lazy layer has none before its first call."""
        return isinstance(self.weight, Tensor) and self.weight.known

    def unknown_output(self) -> Tensor:
        """The result where the weight is not known."""
        weight = self.weight
        return Tensor(weight if isinstance(weight, Unknown) else Unknown("the weight is not known"))

    def reset_parameters(self, call: Call) -> None:
        return None

    def macs(self, input: Tensor, output: Tensor) -> Dim | None:
        each = product((self.out_channels, *self.kernel_size)) * self.in_channels // self.groups
        moved = input if self.transposed else output
        if not moved.known or moved.rank <= self.SPATIAL:
            return None
        batch = moved.sizes[: -self.SPATIAL - 1]
        return each * product((*batch, *moved.sizes[-self.SPATIAL :]))


def filters_of(layer: ConvNd) -> Tensor:
    """The weight of a layer as it is constructed."""
    first, second = layer.out_channels, layer.in_channels
    if layer.transposed is True:
        first, second = second, first
    return Tensor((first, second // layer.groups, *layer.kernel_size), kind="parameter")


def doubled(
    padding: object, kernel: Sequence[Dim], dilation: Sequence[object]
) -> tuple[object, ...]:
    """Padding as `pad` takes it: both ends of each axis, the last axis first.

    A tuple, not a list as torch has it: it cannot change, so that a layer stays comparable.
    """
    if isinstance(padding, tuple):
        return tuple([end for p in reversed(padding) for end in (p, p)])
    ends: list[object] = [0] * (2 * len(kernel))
    if padding == "same":
        for i, (k, d) in enumerate(zip(kernel, dilation, strict=False), 1):
            step = d if isinstance(d, (int, Expr)) else unknown_size()
            total = step * (k - 1)
            ends[-2 * i : len(ends) - 2 * i + 2] = total // 2, total - total // 2
    return tuple(ends)


class Conv(ConvNd):
    """A convolution layer."""

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
        padding_mode: object = "zeros",
        device: object = None,
        dtype: object = None,
    ) -> None:
        geometry = kernel_size, stride, padding, dilation
        super().__init__(
            call, in_channels, out_channels, *geometry, False, 0, groups, bias, padding_mode
        )

    def _conv_forward(self, call: Call, input: AnyRank, weight: Tensor, bias: object) -> Tensor:
        padding: object = self.padding
        if self.padding_mode != "zeros":
            if not input.known:
                input = images(call, input, self.SPATIAL, self.in_channels, RANK)
            input = padded(call, input, self._reversed_padding_repeated_twice, self.padding_mode)
            padding = 0
        return convolve(
            call,
            self.SPATIAL,
            input,
            weight,
            bias,
            self.stride,
            padding,
            self.dilation,
            self.groups,
            self.in_channels,
        )

    def forward(self, call: Call, input: AnyRank) -> Tensor:
        weight = self.weight
        if not isinstance(weight, Tensor) or not weight.known:
            return self.unknown_output()
        return self._conv_forward(call, input, weight, self.bias)


@models("torch.nn.Conv1d", "torch.nn.modules.conv.Conv1d")
class Conv1d(Conv):
    __doc__ = f"{CONVOLVED}."
    SPATIAL = 1


@models("torch.nn.Conv2d", "torch.nn.modules.conv.Conv2d")
class Conv2d(Conv):
    __doc__ = f"{CONVOLVED}."
    SPATIAL = 2


@models("torch.nn.Conv3d", "torch.nn.modules.conv.Conv3d")
class Conv3d(Conv):
    __doc__ = f"{CONVOLVED}."
    SPATIAL = 3


@models("torch.nn.modules.conv._ConvTransposeNd", "torch.nn.modules.conv._ConvTransposeMixin")
class ConvTranspose(ConvNd):
    """A transposed convolution layer."""

    def __init__(
        self,
        call: Call,
        in_channels: object,
        out_channels: object,
        kernel_size: object,
        stride: object = 1,
        padding: object = 0,
        output_padding: object = 0,
        groups: object = 1,
        bias: object = True,
        dilation: object = 1,
        padding_mode: object = "zeros",
        device: object = None,
        dtype: object = None,
    ) -> None:
        if isinstance(padding_mode, str) and padding_mode != "zeros":
            wrong(call, "only padding_mode='zeros' is supported", at="padding_mode")
        geometry = kernel_size, stride, padding, dilation
        super().__init__(
            call,
            in_channels,
            out_channels,
            *geometry,
            True,
            output_padding,
            groups,
            bias,
            padding_mode,
        )

    def forward(self, call: Call, input: AnyRank, output_size: object = None) -> Tensor:
        weight = self.weight
        if not isinstance(weight, Tensor) or not weight.known:
            return self.unknown_output()
        input = images(call, input, self.SPATIAL, self.in_channels, RANK)
        geometry = self.stride, self.padding
        output = transpose(
            call,
            self.SPATIAL,
            input,
            weight,
            self.bias,
            *geometry,
            0 if output_size is not None else self.output_padding,
            self.groups,
            self.dilation,
            self.out_channels,
        )
        if output_size is None:
            return output
        return self.resized(call, input, output, output_size)

    def resized(self, call: Call, input: Tensor, output: Tensor, wanted: object) -> Tensor:
        """The output with as much output_padding as gives the wanted sizes."""
        count = self.SPATIAL
        wanted = settled(wanted)
        if isinstance(wanted, Unknown):
            return output.like((*output.sizes[:-count], *fresh(count)), output.axes)
        if not isinstance(wanted, (tuple, list)):
            wrong(call, "output_size has to be a sequence", at="output_size")
        if len(wanted) not in {count, input.rank}:
            wrong(call, f"output_size has {len(wanted)} numbers for {count} axes", at="output_size")
        sizes = [number(call, size, "output_size") for size in wanted[-count:]]
        strides = numbers(call, self.stride, count, "stride")
        for size, least, stride in zip(sizes, output.sizes[-count:], strides, strict=True):
            if less(size, least) or less(size, least + stride) is False:
                call.fail(
                    OUTPUT_PADDING, at="output_size", got=size - least, stride=stride, dilation=1
                )
        return output.like((*output.sizes[:-count], *sizes), output.axes)


@models("torch.nn.ConvTranspose1d", "torch.nn.modules.conv.ConvTranspose1d")
class ConvTranspose1d(ConvTranspose):
    __doc__ = f"{TRANSPOSED}."
    SPATIAL = 1


@models("torch.nn.ConvTranspose2d", "torch.nn.modules.conv.ConvTranspose2d")
class ConvTranspose2d(ConvTranspose):
    __doc__ = f"{TRANSPOSED}."
    SPATIAL = 2


@models("torch.nn.ConvTranspose3d", "torch.nn.modules.conv.ConvTranspose3d")
class ConvTranspose3d(ConvTranspose):
    __doc__ = f"{TRANSPOSED}."
    SPATIAL = 3


# -- layers that learn the input's channels at their first call ---------------------------------


def settle(call: Call, layer: ConvNd, input: Tensor) -> Tensor:
    """Give a lazy layer the channels of its first input; the input, of known rank."""
    input = images(call, input, layer.SPATIAL, None, RANK)
    if layer.in_channels == 0:
        channels = input.sizes[-layer.SPATIAL - 1]
        divides(call, "in_channels", channels, layer.groups, at="input")
        call.host.set_attribute(layer, "in_channels", channels)
        call.host.set_attribute(layer, "weight", filters_of(layer))
    return input


class LazyConv(Conv):
    """A convolution layer without `in_channels`."""

    def __init__(
        self,
        call: Call,
        out_channels: object,
        kernel_size: object,
        stride: object = 1,
        padding: object = 0,
        dilation: object = 1,
        groups: object = 1,
        bias: object = True,
        padding_mode: object = "zeros",
        device: object = None,
        dtype: object = None,
    ) -> None:
        geometry = kernel_size, stride, padding, dilation
        super().__init__(call, 0, out_channels, *geometry, groups, bias, padding_mode)
        self.weight = Unknown("a lazy layer's weight has no shape before the first call")

    def forward(self, call: Call, input: AnyRank) -> Tensor:
        return super().forward(call, settle(call, self, input))


class LazyConvTranspose(ConvTranspose):
    """A transposed convolution layer without `in_channels`."""

    def __init__(
        self,
        call: Call,
        out_channels: object,
        kernel_size: object,
        stride: object = 1,
        padding: object = 0,
        output_padding: object = 0,
        groups: object = 1,
        bias: object = True,
        dilation: object = 1,
        padding_mode: object = "zeros",
        device: object = None,
        dtype: object = None,
    ) -> None:
        geometry = kernel_size, stride, padding, output_padding
        super().__init__(call, 0, out_channels, *geometry, groups, bias, dilation, padding_mode)
        self.weight = Unknown("a lazy layer's weight has no shape before the first call")

    def forward(self, call: Call, input: AnyRank, output_size: object = None) -> Tensor:
        return super().forward(call, settle(call, self, input), output_size)


def _declare_lazy() -> None:
    """torch.nn.LazyConv1d and its like."""
    kinds: dict[type[ConvNd], type[ConvNd]] = {
        Conv1d: LazyConv,
        Conv2d: LazyConv,
        Conv3d: LazyConv,
        ConvTranspose1d: LazyConvTranspose,
        ConvTranspose2d: LazyConvTranspose,
        ConvTranspose3d: LazyConvTranspose,
    }
    for kind, lazy in kinds.items():
        name = f"Lazy{kind.__name__}"
        said = f"{kind.__doc__} C is that of the first input."
        layer = type(name, (lazy, kind), {"SPATIAL": kind.SPATIAL, "__doc__": said})
        models(f"torch.nn.{name}", f"torch.nn.modules.conv.{name}")(layer)


_declare_lazy()
