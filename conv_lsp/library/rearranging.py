"""Pixels into channels and back: pixel and channel shuffles, blocks of an image."""

from __future__ import annotations

from collections.abc import Sequence

from conv_lsp.axes import lost, merged, slid
from conv_lsp.dims import Dim, divide_exactly, product
from conv_lsp.library.algebra import show
from conv_lsp.library.module import Layer
from conv_lsp.library.raising import INTEGERS, always_raises, certainly_raises, refuse
from conv_lsp.library.registry import OPS, AnyRank, Call, models, op
from conv_lsp.library.sliding import (
    INPUT_RANK,
    at_least,
    fits,
    images,
    numbers,
    once,
    settled,
    slide,
    text,
    times,
    wrong,
)
from conv_lsp.values import Tensor, Value
from conv_lsp.windows import Repeat, Window

# -- functions --------------------------------------------------------------------------------


@op("torch.pixel_shuffle", "torch.nn.functional.pixel_shuffle")
def pixel_shuffle(call: Call, input: AnyRank, upscale_factor: Dim) -> Tensor:
    """(..., C·r², H, W) → (..., C, H·r, W·r)."""
    factor = upscale_factor
    at_least(call, 1, "upscale_factor", [factor])
    input = planes(call, input)
    channels = input.sizes[-3]
    made = divided(call, channels, factor * factor, "channels")
    link = lost(input.axes[-3])
    if isinstance(factor, int):
        return slide(input, [Repeat(factor)] * 2, made, link)
    sizes = (made, *(n * factor for n in input.sizes[-2:]))
    axes = (link, *(lost(axis) for axis in input.axes[-2:]))
    return input.like((*input.sizes[:-3], *sizes), (*input.axes[:-3], *axes))


@op("torch.pixel_unshuffle", "torch.nn.functional.pixel_unshuffle")
def pixel_unshuffle(call: Call, input: AnyRank, downscale_factor: Dim) -> Tensor:
    """(..., C, H·r, W·r) → (..., C·r², H, W)."""
    factor = downscale_factor
    at_least(call, 1, "downscale_factor", [factor])
    input = planes(call, input)
    for n in input.sizes[-2:]:
        divided(call, n, factor, "pixels")
    if 0 in input.sizes:
        return input.like()  # torch leaves an empty one as it is
    made = input.sizes[-3] * factor * factor
    return slide(input, [Window(factor, factor)] * 2, made, lost(input.axes[-3]))


def planes(call: Call, input: Tensor) -> Tensor:
    """The input as (..., C, H, W)."""
    if not input.known:
        return images(call, input, 2)
    if input.rank < 3:
        call.fail(INPUT_RANK, at="input", got=input.rank, want="at least 3", name=call.name)
    return input


def divided(call: Call, n: Dim, by: Dim, what: str) -> Dim:
    """The quotient; fails if there is certainly a rest."""
    if call.differ(always_raises("RuntimeError"), by * (n // by), n):
        certainly_raises(call, "RuntimeError", f"{n} {what} are not divisible by {by}", at="input")
    exact = divide_exactly(n, by)
    return n // by if exact is None else exact


@op(
    "torch.channel_shuffle",
    "torch.nn.functional.channel_shuffle",
    "torch.native_channel_shuffle",
    "torch.nn.functional.native_channel_shuffle",
)
def channel_shuffle(call: Call, input: Tensor, groups: Dim) -> Tensor:
    """The shape of the input."""
    if input.rank < 3:
        call.fail(INPUT_RANK, at="input", got=input.rank, want="at least 3", name=call.name)
    at_least(call, 1, "groups", [groups])
    divided(call, input.sizes[1], groups, "channels")
    axes = input.axes
    return input.like(input.sizes, (axes[0], lost(axes[1]), *axes[2:]))


@op("torch.nn.functional.unfold")
def unfold(
    call: Call,
    input: AnyRank,
    kernel_size: object,
    dilation: object = 1,
    padding: object = 0,
    stride: object = 1,
) -> Tensor:
    """The blocks of an image as columns: (N, C·kernel, blocks)."""
    windows = blocks(call, kernel_size, dilation, padding, stride)
    input = images(call, input, 2)
    solid(call, input, input.rank - 3)
    fits(call, input, windows)
    *batch, channels, height, width = input.sizes
    column = product((channels, *(window.kernel for window in windows)))
    count = product(w.size(n) for w, n in zip(windows, (height, width), strict=True))
    places = zip(windows, input.axes[-2:], (height, width), strict=True)
    link = merged(*(slid(window, axis, n) for window, axis, n in places))
    return input.like((*batch, column, count), (*input.axes[:-3], lost(input.axes[-3]), link))


@op("torch.nn.functional.fold")
def fold(
    call: Call,
    input: Tensor,
    output_size: object,
    kernel_size: object,
    dilation: object = 1,
    padding: object = 0,
    stride: object = 1,
) -> Tensor:
    """Columns (N, C·kernel, blocks) summed where they belong in an image (N, C, *output_size)."""
    windows = blocks(call, kernel_size, dilation, padding, stride)
    space = pair(call, output_size, "output_size", 1)
    if input.rank not in {2, 3}:
        call.fail(INPUT_RANK, at="input", got=input.rank, want="2 or 3", name="fold")
    solid(call, input, input.rank - 2)
    *batch, column, count = input.sizes
    channels = divided(call, column, product(w.kernel for w in windows), "rows")
    wanted = [w.size(n) for w, n in zip(windows, space, strict=True)]
    raises = always_raises("RuntimeError")
    few = [call.below(raises, n, 1) for n in wanted]
    if True in few or call.differ(raises, product(wanted), count):
        problem = f"{count} blocks for an image that has {times(wanted)}"
        certainly_raises(call, "RuntimeError", problem, at="input")
    link = lost(*input.axes[-2:])
    return input.like((*batch, channels, *space), (*input.axes[:-2], link, link, link))


def solid(call: Call, input: Tensor, lead: int) -> None:
    """Fail at integers, and at an axis besides the batch that has no units."""
    if 0 in input.sizes[lead:]:
        wrong(call, f"an input of {show(input.sizes)} is empty besides its batch", at="input")
    refuse(call, input, INTEGERS)


def blocks(
    call: Call, kernel_size: object, dilation: object, padding: object, stride: object
) -> list[Window]:
    """The windows of the two axes."""
    kernel = pair(call, kernel_size, "kernel_size", 1)
    pads = pair(call, padding, "padding", 0)
    strides, dilations = pair(call, stride, "stride", 1), pair(call, dilation, "dilation", 1)
    return [Window(*g) for g in zip(kernel, strides, pads, pads, dilations, strict=True)]


def pair(call: Call, value: object, at: str, least: int) -> Sequence[Dim]:
    """Two numbers, from one or two."""
    value = settled(value)
    if isinstance(value, (tuple, list)) and len(value) != 2:
        wrong(call, f"{at} has {len(value)} numbers for 2 axes", at=at)
    return numbers(call, value, 2, at, least)


# -- layers -----------------------------------------------------------------------------------


@models("torch.nn.PixelShuffle", "torch.nn.modules.pixelshuffle.PixelShuffle")
class PixelShuffle(Layer):
    """(..., C·r², H, W) → (..., C, H·r, W·r)."""

    def __init__(self, call: Call, upscale_factor: object) -> None:
        super().__init__(call)
        self.upscale_factor = upscale_factor

    def describe(self) -> str:
        return f"PixelShuffle({text(self.upscale_factor)})"

    def forward(self, call: Call, input: AnyRank) -> Value:
        return OPS["torch.pixel_shuffle"](call, [input, self.upscale_factor], {})


@models("torch.nn.PixelUnshuffle", "torch.nn.modules.pixelshuffle.PixelUnshuffle")
class PixelUnshuffle(Layer):
    """(..., C, H·r, W·r) → (..., C·r², H, W)."""

    def __init__(self, call: Call, downscale_factor: object) -> None:
        super().__init__(call)
        self.downscale_factor = downscale_factor

    def describe(self) -> str:
        return f"PixelUnshuffle({text(self.downscale_factor)})"

    def forward(self, call: Call, input: AnyRank) -> Value:
        return OPS["torch.pixel_unshuffle"](call, [input, self.downscale_factor], {})


@models("torch.nn.ChannelShuffle", "torch.nn.modules.channelshuffle.ChannelShuffle")
class ChannelShuffle(Layer):
    """The shape of the input."""

    def __init__(self, call: Call, groups: object) -> None:
        super().__init__(call)
        self.groups = groups

    def describe(self) -> str:
        return f"ChannelShuffle({text(self.groups)})"

    def forward(self, call: Call, input: Tensor) -> Value:
        return OPS["torch.channel_shuffle"](call, [input, self.groups], {})


@models("torch.nn.Unfold", "torch.nn.modules.fold.Unfold")
class Unfold(Layer):
    """(N, C, H, W) gives (N, C·kernel, blocks), kernel the number of its elements."""

    def __init__(
        self,
        call: Call,
        kernel_size: object,
        dilation: object = 1,
        padding: object = 0,
        stride: object = 1,
    ) -> None:
        super().__init__(call)
        self.kernel_size = kernel_size
        self.dilation = dilation
        self.padding = padding
        self.stride = stride

    def describe(self) -> str:
        return f"Unfold({once(self.kernel_size)})"

    def forward(self, call: Call, input: AnyRank) -> Tensor:
        geometry = self.kernel_size, self.dilation, self.padding, self.stride
        return unfold(call, input, *geometry)


@models("torch.nn.Fold", "torch.nn.modules.fold.Fold")
class Fold(Layer):
    """(N, C·kernel, blocks) gives (N, C, *output_size), kernel the number of its elements."""

    def __init__(
        self,
        call: Call,
        output_size: object,
        kernel_size: object,
        dilation: object = 1,
        padding: object = 0,
        stride: object = 1,
    ) -> None:
        super().__init__(call)
        self.output_size = output_size
        self.kernel_size = kernel_size
        self.dilation = dilation
        self.padding = padding
        self.stride = stride

    def describe(self) -> str:
        return f"Fold({once(self.kernel_size)}, to {once(self.output_size)})"

    def forward(self, call: Call, input: Tensor) -> Tensor:
        geometry = self.kernel_size, self.dilation, self.padding, self.stride
        return fold(call, input, self.output_size, *geometry)
