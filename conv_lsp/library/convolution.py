"""Convolution and transposed convolution, as functions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final

from conv_lsp.axes import slid, whole
from conv_lsp.dims import Dim, less, maximum, proves_unequal
from conv_lsp.findings import RULES
from conv_lsp.library.algebra import fresh
from conv_lsp.library.raising import NOT_FLOATING, refusal, refuse
from conv_lsp.library.registry import AnyRank, Call, op, says
from conv_lsp.library.sliding import (
    CALL_ARGUMENTS,
    at_least,
    fits,
    images,
    mixed,
    numbers,
    slide,
    times,
    wrong,
)
from conv_lsp.values import Tensor, Unknown
from conv_lsp.windows import Transposed, Window

CHANNELS = RULES["conv-channels"]
RANK = RULES["conv-input-rank"]
GROUPS = RULES["groups-divide"]
OUTPUT_PADDING = RULES["transpose-output-padding"]


# -- functions --------------------------------------------------------------------------------

CONVOLVED: Final = (
    "(N, C, *L) gives (N, out_channels, *M), each M "
    "⌊(L + 2·padding − dilation·(kernel − 1) − 1)/stride⌋ + 1; with padding='same' L"
)
TRANSPOSED: Final = (
    "(N, C, *L) gives (N, out_channels, *M), each M "
    "(L − 1)·stride − 2·padding + dilation·(kernel − 1) + output_padding + 1"
)


def _functions(count: int) -> None:
    """The functions over `count` axes."""

    @op(f"torch.conv{count}d", f"torch.nn.functional.conv{count}d")
    @says(f"{CONVOLVED}. The weight is (out_channels, C/groups, *kernel)")
    def conv(
        call: Call,
        input: AnyRank,
        weight: Tensor,
        bias: object = None,
        stride: object = 1,
        padding: object = 0,
        dilation: object = 1,
        groups: Dim = 1,
    ) -> Tensor:
        return convolve(call, count, input, weight, bias, stride, padding, dilation, groups)

    @op(f"torch.conv_transpose{count}d", f"torch.nn.functional.conv_transpose{count}d")
    @says(f"{TRANSPOSED}. The weight is (C, out_channels/groups, *kernel)")
    def conv_transpose(
        call: Call,
        input: AnyRank,
        weight: Tensor,
        bias: object = None,
        stride: object = 1,
        padding: object = 0,
        output_padding: object = 0,
        groups: Dim = 1,
        dilation: object = 1,
    ) -> Tensor:
        geometry = stride, padding, output_padding, groups, dilation
        return transpose(call, count, input, weight, bias, *geometry)


for _count in (1, 2, 3):
    _functions(_count)


@op("torch.convolution")
def convolution(
    call: Call,
    input: AnyRank,
    weight: Tensor,
    bias: object,
    stride: object,
    padding: object,
    dilation: object,
    transposed: object,
    output_padding: object,
    groups: Dim,
) -> Tensor:
    """A convolution over as many axes as the weight has, or a transposed one, of a batch."""
    count = weight.rank - 2
    if count not in (1, 2, 3):
        wrong(call, f"takes a weight of 3 to 5 dimensions, not {weight.rank}", at="weight")
    input = images(call, input, count, None, RANK, unbatched=False)
    backwards = call.host.truth(transposed)
    if backwards is None:
        return Tensor(Unknown("whether the convolution is transposed is not known"))
    if backwards:
        geometry = stride, padding, output_padding, groups, dilation
        return transpose(call, count, input, weight, bias, *geometry)
    return convolve(call, count, input, weight, bias, stride, padding, dilation, groups)


@op("torch.conv_tbc", "torch.nn.functional.conv_tbc")
def conv_tbc(call: Call, input: Tensor, weight: Tensor, bias: Tensor, pad: Dim = 0) -> Tensor:
    """(time, batch, channels) and a weight (kernel, channels, filters): (time', batch, filters)."""
    for at, tensor, rank in (("input", input, 3), ("weight", weight, 3), ("bias", bias, 1)):
        if tensor.rank != rank:
            wrong(call, f"takes {at} of {rank} dimensions, not {tensor.rank}", at=at)
    kernel, channels, filters = weight.sizes
    call.require_equal(CHANNELS, input.sizes[2], channels, at="input")
    biased(call, bias, filters)
    if 0 not in (*input.sizes, *weight.sizes):
        same_elements(call, input, weight, frozenset(["bool"]))
    step = Window(kernel, 1, pad, pad)
    size = step.size(input.sizes[0])
    if less(size, 0):
        wrong(call, f"the output would have {size} steps of time", at="input")
    axes = (slid(step, input.axes[0], input.sizes[0]), input.axes[1], whole(input.axes[2]))
    output = input.like((size, input.sizes[1], filters), axes)
    output.strides = None
    return weighed(output, weight)


def convolve(
    call: Call,
    count: int,
    input: Tensor,
    weight: Tensor,
    bias: object,
    stride: object,
    padding: object,
    dilation: object,
    groups: Dim,
    channels: Dim | None = None,
) -> Tensor:
    """A convolution over `count` axes with a weight (out, in / groups, *kernel).

    `channels` are those of the input, where a layer declares them.
    """
    made, depth, *kernel = filters(call, weight, count)
    at_least(call, 1, "groups", [groups])
    divides(call, "the number of filters", made, groups, at="weight")
    windows = windows_of(call, kernel, stride, padding, dilation)
    if channels is None or channels // groups != depth:
        channels = depth * groups
    biased(call, bias, made, input.dtype)
    input = images(call, input, count, channels, RANK)
    got, link = input.sizes[-count - 1], input.axes[-count - 1]
    call.require_equal(CHANNELS, got, channels, at="input")
    fits(call, input, windows)
    if not empty(call, input, count):
        same_elements(call, input, weight, frozenset(["bool"]))
    link = mixed(link, groups=groups, into=channels, out_of=made)
    output = slide(input, windows, 0 if channels == 0 else made, link, least=1)
    return weighed(output, weight)


def transpose(
    call: Call,
    count: int,
    input: Tensor,
    weight: Tensor,
    bias: object,
    stride: object,
    padding: object,
    output_padding: object,
    groups: Dim,
    dilation: object,
    made: Dim | None = None,
) -> Tensor:
    """A transposed convolution over `count` axes with a weight (in, out / groups, *kernel).

    `made` are the output's channels, where a layer declares them.
    """
    channels, per_group, *kernel = filters(call, weight, count)
    at_least(call, 1, "groups", [groups])
    at_least(call, 1, "the number of filters", [per_group])
    divides(call, "the number of filters", channels, groups, at="weight")
    steps = transposed_of(call, kernel, stride, padding, output_padding, dilation)
    if made is None or made // groups != per_group:
        made = per_group * groups
    biased(call, bias, made)
    input = images(call, input, count, channels, RANK)
    got, link = input.sizes[-count - 1], input.axes[-count - 1]
    call.require_equal(CHANNELS, got, channels, at="input")
    if not empty(call, input, count):
        same_elements(call, input, weight, NOT_TRANSPOSED)
        spare(call, steps)
    sizes = [step.size(n) for n, step in zip(input.sizes[-count:], steps, strict=True)]
    for size in sizes:
        call.below(CALL_ARGUMENTS, size, 1)  # no network is made for outputs without pixels
    if any(less(size, 0) for size in sizes):  # whether none is refused depends on the backend
        wrong(call, f"the output would be {times(sizes)}", at="padding")
    link = mixed(link, groups=groups, into=channels, out_of=made)
    return weighed(slide(input, steps, made, link, least=1), weight)


NOT_TRANSPOSED = NOT_FLOATING - {"int64"}


def filters(call: Call, weight: Tensor, count: int) -> tuple[Dim, ...]:
    """The sizes of a weight, whose rank has to be that of a batch."""
    if weight.rank != count + 2:
        wrong(call, f"takes a weight of {count + 2} dimensions, not {weight.rank}", at="weight")
    if weight.sizes[1] != 0:  # of an image without channels nothing is computed
        at_least(call, 1, "kernel_size", weight.sizes[2:])
    at_least(call, 1, "the number of filters", weight.sizes[:1])
    return weight.sizes


def empty(call: Call, input: Tensor, count: int) -> bool:
    """Whether the batch or the channels are empty; fails at pixels that are."""
    space = input.sizes[-count:]
    if 0 in input.sizes[:-count]:
        return True
    if True in [call.below(CALL_ARGUMENTS, n, 1) for n in space]:
        wrong(call, f"an input of {times(space)} has no pixels", at="input")
    return False


def same_elements(call: Call, input: Tensor, weight: Tensor, refused: Collection[str]) -> None:
    """Fail at integers where the weight has floating point numbers, and the other way round."""
    a, b = input.dtype, weight.dtype
    if a != b and not NOT_FLOATING.isdisjoint((a, b)):
        problem = f"an input of {a} does not go with a weight of {b}"
        call.fail(refusal("RuntimeError"), at="input", name=call.name, problem=problem)
    refuse(call, input, refused)


def divides(call: Call, name: str, channels: Dim, groups: Dim, at: str) -> bool | None:
    """Whether the groups divide the channels; complains if certainly not."""
    rest = channels % groups
    if proves_unequal(rest, 0):
        call.report(GROUPS, at=at, name=name, got=channels, groups=groups)
        return False
    return True if rest == 0 else None


def biased(call: Call, bias: object, channels: Dim, dtype: str = "") -> None:
    """Complain of a bias that is no vector of the output's channels, or of other elements."""
    if isinstance(bias, Tensor) and bias.known:
        if dtype and dtype != bias.dtype and not NOT_FLOATING.isdisjoint((dtype, bias.dtype)):
            wrong(call, f"an input of {dtype} does not go with a bias of {bias.dtype}", at="bias")
        if bias.rank != 1:
            wrong(call, f"takes a bias of 1 dimension, not {bias.rank}", at="bias")
        if proves_unequal(bias.sizes[0], channels):
            wrong(call, f"bias has {bias.sizes[0]} elements for {channels} channels", at="bias")


def windows_of(
    call: Call, kernel: Sequence[Dim], stride: object, padding: object, dilation: object
) -> list[Window]:
    """The window of each axis; padding may be 'same' or 'valid'."""
    count = len(kernel)
    strides = numbers(call, stride, count, "stride", 1)
    dilations = numbers(call, dilation, count, "dilation", 1)
    if padding == "same":
        if any(less(1, s) for s in strides):
            wrong(call, "padding='same' is not supported with a stride", at="padding")
        return [Window.same(k, d) for k, d in zip(kernel, dilations, strict=True)]
    if isinstance(padding, str) and padding != "valid":
        wrong(call, f"padding has to be 'same', 'valid' or numbers, not {padding!r}", at="padding")
    before = numbers(call, 0 if padding == "valid" else padding, count, "padding")
    # What is not known may be 'same', which pads the two ends differently.
    after = fresh(count) if isinstance(padding, Unknown) and not padding.name else before
    return [
        Window(*geometry)
        for geometry in zip(kernel, strides, before, after, dilations, strict=True)
    ]


def transposed_of(
    call: Call,
    kernel: Sequence[Dim],
    stride: object,
    padding: object,
    output_padding: object,
    dilation: object,
) -> list[Transposed]:
    """The step of each axis."""
    count = len(kernel)
    strides = numbers(call, stride, count, "stride", 1)
    dilations = numbers(call, dilation, count, "dilation", 1)
    pads = numbers(call, padding, count, "padding")
    extras = numbers(call, output_padding, count, "output_padding")
    return [
        Transposed(*geometry)
        for geometry in zip(kernel, strides, pads, dilations, extras, strict=True)
    ]


def spare(call: Call, steps: Iterable[Transposed]) -> None:
    """Fail at more output_padding than stride and dilation allow."""
    for step in steps:
        extra, stride, dilation = step.output_padding, step.stride, step.dilation
        if less(extra, maximum(stride, dilation)) is False:
            words = {"got": extra, "stride": stride, "dilation": dilation}
            call.fail(OUTPUT_PADDING, at="output_padding", **words)


def weighed(output: Tensor, weight: Tensor) -> Tensor:
    """The output of a weight that may itself have been computed from an input."""
    link = whole(*weight.axes, weight.seen)
    return output if link is None else output.like(output.sizes, output.axes, seen=link)
