"""Pooling to a given size: adaptive, fractional, and back to the size before max pooling."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from conv_lsp.axes import lost
from conv_lsp.dims import Dim, less, less_equal, proves_unequal, unknown_size
from conv_lsp.library.algebra import fresh, show
from conv_lsp.library.arguments import NO_INTEGERS
from conv_lsp.library.pooling import PLACES, Pool, declare_layers, filled, indexed
from conv_lsp.library.raising import floating
from conv_lsp.library.registry import AnyRank, Call, op, says
from conv_lsp.library.sliding import (
    NO_SIZES,
    images,
    number,
    numbers,
    settled,
    slide,
    spread,
    times,
    wrong,
)
from conv_lsp.values import UNTYPED, Tensor, Unknown, Value
from conv_lsp.windows import Adaptive, Transposed

UNCHECKED = -(1 << 62)
"""The least of a number that torch does not look at."""


def fractional(
    call: Call,
    count: int,
    input: Tensor,
    kernel_size: object,
    output_size: object,
    output_ratio: object,
) -> Tensor:
    """Pooling to a size, or to a share of the input's, over random windows."""
    kernel_size = settled(kernel_size)
    if isinstance(kernel_size, (tuple, list)) and len(kernel_size) != count:
        wrong(call, f"kernel_size has {len(kernel_size)} numbers for {count} axes")
    kernel = numbers(call, kernel_size, count, "kernel_size", UNCHECKED)
    input = images(call, input, count)
    filled(call, input, 1)
    floating(call, input)
    sizes = input.sizes[-count:]
    if output_size is None and output_ratio is None:
        wrong(call, "takes an output_size or an output_ratio")
    if output_size is not None:
        if isinstance(output_size, (tuple, list)) and len(output_size) != count:
            wrong(call, f"output_size has {len(output_size)} numbers for {count} axes")
        made = numbers(call, output_size, count, "output_size")
    elif count == 3 and isinstance(output_ratio, (int, float)):
        made = tuple(shared(n, output_ratio) for n in sizes)
    elif isinstance(output_ratio, (tuple, list)) and len(output_ratio) == count:
        made = tuple(shared(n, ratio) for n, ratio in zip(sizes, output_ratio, strict=True))
    elif isinstance(output_ratio, Unknown):
        made = fresh(count)
    else:
        wrong(call, f"output_ratio has to be {count} numbers", at="output_ratio")
    spare = count - 2  # torch wants one unit more in 3-D
    for n, size, k in zip(sizes, made, kernel, strict=True):
        if less(n, size + k - 1 + spare):
            wrong(call, f"an output of {size} with a kernel of {k} needs more than {n}", at="input")
    axes = [lost(axis) for axis in input.axes[-count:]]
    return input.like((*input.sizes[:-count], *made), (*input.axes[:-count], *axes))


def shared(n: Dim, ratio: object) -> Dim:
    """A share of a size, rounded down in floating point."""
    if isinstance(n, int) and isinstance(ratio, (int, float)):
        return int(n * ratio)
    return unknown_size()


# -- to a size --------------------------------------------------------------------------------


def adapted(
    call: Call, count: int, input: Tensor, output_size: object, *, average: bool = False
) -> Tensor:
    """Pooling to a size; None keeps that of an axis (not in 1-D)."""
    if output_size is None or (count > 1 and isinstance(output_size, (float, str))):
        wrong(call, f"output_size has to be {count} numbers", at="output_size")
    wanted = spread(output_size, count)
    if len(wanted) != count:
        wrong(call, f"output_size has {len(wanted)} numbers for {count} axes", at="output_size")
    made = [
        None
        if size is None and count > 1
        else number(call, size, "output_size", NO_INTEGERS if i else NO_SIZES)
        for i, size in enumerate(wanted)
    ]
    for size in made:
        if size is not None and less(size, 0):
            wrong(call, f"output_size has to be at least 0, not {size}", at="output_size")
    # An average to a single unit is a mean over the last axes, whatever stands before them.
    least = count + isinstance(output_size, (tuple, list))
    mean = average and input.known and input.rank >= least and single(input, made)
    if not mean or count == 1:
        input = images(call, input, count)
    if not mean:
        filled(call, input, input.rank - count if average and count < 3 else 1)
    if not average or count == 3 or 0 not in made:
        floating(call, input)
    sizes = input.sizes[-count:]
    return slide(input, [Adaptive(n if m is None else m) for n, m in zip(sizes, made, strict=True)])


def single(input: Tensor, made: Sequence[Dim | None]) -> bool:
    """Whether the output has one unit on each axis."""
    sizes = input.sizes[-len(made) :]
    return all((n if m is None else m) == 1 for n, m in zip(sizes, made, strict=True))


# -- back to the size before ------------------------------------------------------------------


def unpooled(
    call: Call,
    count: int,
    input: Tensor,
    indices: Tensor,
    kernel_size: object,
    stride: object,
    padding: object,
    output_size: object,
) -> Tensor:
    """The inverse of max pooling: values at the places that were their maxima, else zeros."""
    kernel = exactly(call, kernel_size, count, "kernel_size", UNCHECKED)
    strides = kernel if stride is None else exactly(call, stride, count, "stride", 1)
    pads = exactly(call, padding, count, "padding", 0)
    input = images(call, input, count)
    filled(call, input, 1)
    same_places(call, input, indices)
    steps = [Transposed(*g) for g in zip(kernel, strides, pads, strict=True)]
    if output_size is not None:
        steps = resized(call, input, steps, output_size)
    sizes = [step.size(n) for n, step in zip(input.sizes[-count:], steps, strict=True)]
    if any(less(n, 0) for n in sizes):
        wrong(call, f"the output would be {times(sizes)}", at="padding")
    if all(less(0, n) for n in (*input.sizes, *sizes)):
        floating(call, input)
    return slide(input, steps)


def exactly(call: Call, value: object, count: int, at: str, least: int) -> Sequence[Dim]:
    """As `numbers`; a single one in a sequence does not stand for all, and more are let be."""
    value = settled(value)
    if isinstance(value, (tuple, list)):
        value = value[:count] if count < 3 else value
    if isinstance(value, (tuple, list)) and len(value) != count:
        wrong(call, f"{at} has {len(value)} numbers for {count} axes", at=at)
    # Those of three axes come to a compiled function as they are, but for the kernel's size.
    compiled = count == 3 and at != "kernel_size"
    return numbers(call, value, count, at, least, NO_SIZES if compiled else NO_INTEGERS)


def same_places(call: Call, input: Tensor, indices: Tensor) -> None:
    """Complain of indices that are not of the input's shape, or no int64."""
    if indices.dtype not in {"int64", UNTYPED}:
        wrong(call, f"takes indices of int64, not {indices.dtype}", at="indices")
    if indices.known and (
        indices.rank != input.rank or any(map(proves_unequal, indices.sizes, input.sizes))
    ):
        wrong(
            call,
            f"indices of {show(indices.sizes)} for an input of {show(input.sizes)}",
            at="indices",
        )


def resized(
    call: Call, input: Tensor, steps: Sequence[Transposed], wanted: object
) -> list[Transposed]:
    """The steps with the wanted output sizes, less than a stride from the usual ones."""
    count = len(steps)
    wanted = settled(wanted)
    if isinstance(wanted, Unknown):
        wanted = fresh(count)
    if not isinstance(wanted, (tuple, list)) or len(wanted) not in {count, count + 2}:
        wrong(call, f"output_size has to be {count} or {count + 2} numbers", at="output_size")
    made = []
    for n, step, value in zip(input.sizes[-count:], steps, wanted[-count:], strict=True):
        size = number(call, value, "output_size")
        extra = size - step.size(n)
        if less_equal(extra, -step.stride) or less(extra, step.stride) is False:
            wrong(
                call,
                f"output size {size} is a stride or more from {step.size(n)}",
                at="output_size",
            )
        made.append(Transposed(step.kernel, step.stride, step.padding, 1, extra))
    return made


# -- functions --------------------------------------------------------------------------------

ADAPTED: Final = "(N, C, *L) gives (N, C, *output_size)"
UNPOOLED: Final = (
    "(N, C, *L) gives (N, C, *M), each M (L − 1)·stride − 2·padding + kernel, or by output_size"
)
FRACTIONAL: Final = f"{ADAPTED}; with output_ratio the sizes are ⌊L·output_ratio⌋"


def _functions(count: int) -> None:
    """The functions over `count` axes."""
    functional = "torch.nn.functional"

    @op(f"{functional}.adaptive_max_pool{count}d")
    @says(f"{ADAPTED}{PLACES}")
    def adaptive_max_pool(
        call: Call, input: AnyRank, output_size: object, return_indices: object = False
    ) -> Value:
        return indexed(call, adapted(call, count, input, output_size), return_indices)

    @op(f"{functional}.adaptive_max_pool{count}d_with_indices")
    def adaptive_max_pool_with_indices(
        call: Call, input: AnyRank, output_size: object, return_indices: object = False
    ) -> Value:
        """The maxima and their places, whatever is asked for."""
        return indexed(call, adapted(call, count, input, output_size), True)

    names = ("torch.adaptive_avg_pool1d",) if count == 1 else ()

    @op(f"{functional}.adaptive_avg_pool{count}d", *names)
    @says(ADAPTED)
    def adaptive_avg_pool(call: Call, input: AnyRank, output_size: object) -> Tensor:
        return adapted(call, count, input, output_size, average=True)

    @op(f"{functional}.max_unpool{count}d")
    @says(UNPOOLED)
    def max_unpool(
        call: Call,
        input: AnyRank,
        indices: AnyRank,
        kernel_size: object,
        stride: object = None,
        padding: object = 0,
        output_size: object = None,
    ) -> Tensor:
        return unpooled(call, count, input, indices, kernel_size, stride, padding, output_size)

    if count == 1:
        return

    @op(f"{functional}.fractional_max_pool{count}d")
    @says(f"{FRACTIONAL}{PLACES}")
    def fractional_max_pool(
        call: Call,
        input: AnyRank,
        kernel_size: object,
        output_size: object = None,
        output_ratio: object = None,
        return_indices: object = False,
        _random_samples: object = None,
    ) -> Value:
        output = fractional(call, count, input, kernel_size, output_size, output_ratio)
        return indexed(call, output, return_indices)

    @op(f"{functional}.fractional_max_pool{count}d_with_indices")
    def fractional_max_pool_with_indices(
        call: Call,
        input: AnyRank,
        kernel_size: object,
        output_size: object = None,
        output_ratio: object = None,
        return_indices: object = False,
        _random_samples: object = None,
    ) -> Value:
        """The maxima and their places, whatever is asked for."""
        output = fractional(call, count, input, kernel_size, output_size, output_ratio)
        return indexed(call, output, True)


for _count in (1, 2, 3):
    _functions(_count)


@op("torch.adaptive_max_pool1d")
@says(f"{ADAPTED}, and the places of the maxima (int64)")
def adaptive_max_pool1d(call: Call, input: AnyRank, output_size: object) -> Value:
    return indexed(call, adapted(call, 1, input, output_size), True)


# -- layers -----------------------------------------------------------------------------------


class FractionalMaxPool(Pool):
    """Max pooling to a size, or to a share of the input's."""

    def __init__(
        self,
        call: Call,
        kernel_size: object,
        output_size: object = None,
        output_ratio: object = None,
        return_indices: object = False,
        _random_samples: object = None,
    ) -> None:
        super().__init__(call)
        count = self.SPATIAL
        if (output_size is None) == (output_ratio is None):
            wrong(call, "takes either an output_size or an output_ratio")
        self.kernel_size = spread(kernel_size, count)
        self.return_indices = return_indices
        self.output_size = None if output_size is None else spread(output_size, count)
        self.output_ratio = None if output_ratio is None else spread(output_ratio, count)
        for ratio in self.output_ratio or ():
            if isinstance(ratio, (int, float)) and not 0 < ratio < 1:
                wrong(call, f"output_ratio {ratio} is not between 0 and 1", at="output_ratio")

    def forward(self, call: Call, input: AnyRank) -> Value:
        geometry = self.kernel_size, self.output_size, self.output_ratio, self.return_indices
        return self.function("fractional_max_pool")(call, [input, *geometry], {})


class AdaptiveAvgPool(Pool):
    """Average pooling to a size."""

    def __init__(self, call: Call, output_size: object) -> None:
        super().__init__(call)
        self.output_size = output_size

    def forward(self, call: Call, input: AnyRank) -> Value:
        return self.function("adaptive_avg_pool")(call, [input, self.output_size], {})


class AdaptiveMaxPool(Pool):
    """Max pooling to a size."""

    def __init__(self, call: Call, output_size: object, return_indices: object = False) -> None:
        super().__init__(call)
        self.output_size = output_size
        self.return_indices = return_indices

    def forward(self, call: Call, input: AnyRank) -> Value:
        given = self.output_size, self.return_indices
        return self.function("adaptive_max_pool")(call, [input, *given], {})


class MaxUnpool(Pool):
    """The inverse of max pooling."""

    def __init__(
        self, call: Call, kernel_size: object, stride: object = None, padding: object = 0
    ) -> None:
        super().__init__(call)
        count = self.SPATIAL
        self.kernel_size = spread(kernel_size, count)
        self.stride = spread(kernel_size if stride is None else stride, count)
        self.padding = spread(padding, count)

    def forward(
        self, call: Call, input: AnyRank, indices: AnyRank, output_size: object = None
    ) -> Tensor:
        geometry = self.kernel_size, self.stride, self.padding
        return unpooled(call, self.SPATIAL, input, indices, *geometry, output_size)


declare_layers(AdaptiveAvgPool, said=ADAPTED)
declare_layers(AdaptiveMaxPool, said=f"{ADAPTED}{PLACES}")
declare_layers(MaxUnpool, said=UNPOOLED)
declare_layers(FractionalMaxPool, counts=(2, 3), said=f"{FRACTIONAL}{PLACES}")
