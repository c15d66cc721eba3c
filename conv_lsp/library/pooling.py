"""Pooling over windows, to a size, and its inverse; as functions and as layers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from math import isinf
from typing import Final

from conv_lsp.dims import less
from conv_lsp.findings import RULES
from conv_lsp.library.algebra import is_floating, show
from conv_lsp.library.module import Layer
from conv_lsp.library.raising import NOT_FLOATING, refuse
from conv_lsp.library.registry import OPS, AnyRank, Call, Op, models, op, says
from conv_lsp.library.sliding import (
    WINDOW_TOO_LARGE,
    images,
    numbers,
    once,
    slide,
    spread,
    times,
    wrong,
)
from conv_lsp.values import Tensor, Unknown, Value, join
from conv_lsp.windows import Window

PADDING = RULES["pool-padding"]
TOO_SMALL = RULES["pool-too-small"]


TRUTHS = frozenset(["bool"])
NOT_AVERAGED = NOT_FLOATING - {"int64"}

# -- windows ----------------------------------------------------------------------------------


def pooled(
    call: Call,
    count: int,
    input: Tensor,
    kernel_size: object,
    stride: object,
    padding: object = 0,
    dilation: object = 1,
    ceil_mode: object = False,
    refused: Collection[str] = TRUTHS,
) -> Tensor:
    """The input with `count` axes pooled over windows, a stride apart (of the kernel's size)."""
    kernel = numbers(call, kernel_size, count, "kernel_size", 1)
    strides = kernel
    if stride is not None and stride not in ((), []):
        strides = numbers(call, stride, count, "stride", 1)
    pads = numbers(call, padding, count, "padding")
    dilations = numbers(call, dilation, count, "dilation", 1)
    for k, p in zip(kernel, pads, strict=True):
        if less(k // 2, p):
            call.fail(PADDING, at="padding", padding=p, kernel=k)
    input = images(call, input, count)
    filled(call, input, input.rank - count - 1)
    refuse(call, input, refused)
    rounded = call.host.truth(ceil_mode)
    geometry = list(zip(kernel, strides, pads, pads, dilations, strict=True))
    if rounded is None:
        floor = slide(input, [Window(*g) for g in geometry])
        ceil = slide(input, [Window(*g, True) for g in geometry])
        return join(floor, ceil, "ceil_mode is not known")  # type: ignore[no-any-return]
    windows = [Window(*g, rounded) for g in geometry]
    for n, window in zip(input.sizes[-count:], windows, strict=True):
        if call.below(TOO_SMALL, size := window.size(n), 1):
            call.report(TOO_SMALL, at="input", size=n, got=size)
            break
    return slide(input, windows, least=1)


def filled(call: Call, input: Tensor, lead: int) -> None:
    """Fail at an axis after so many that has no units: torch takes an empty batch alone."""
    if 0 in input.sizes[lead:]:
        wrong(call, f"an input of {show(input.sizes)} has nothing to pool", at="input")


def indexed(call: Call, output: Tensor, return_indices: object) -> Value:
    """The output, with the places of the maxima where they are asked for."""
    wanted = call.host.truth(return_indices)
    if wanted is None:
        return Unknown("return_indices is not known")
    return (output, output.like(output.sizes, output.axes, dtype="int64")) if wanted else output


def maximal(
    call: Call, count: int, input: Tensor, geometry: Sequence[object], return_indices: object
) -> Value:
    """Max pooling, with the places of the maxima where they are asked for."""
    if call.host.truth(return_indices) is False:
        return strongest(call, count, input, geometry[:4], geometry[4])
    kernel, stride, padding, dilation, ceil_mode = geometry
    output = pooled(call, count, input, kernel, stride, padding, dilation, ceil_mode)
    return indexed(call, output, return_indices)


def averaged(
    call: Call,
    count: int,
    input: Tensor,
    kernel_size: object,
    stride: object,
    padding: object = 0,
    ceil_mode: object = False,
    divisor_override: object = None,
) -> Tensor:
    """Average pooling; in 3-D torch also wants the kernel to fit without the padding."""
    if divisor_override == 0 and isinstance(divisor_override, int):
        wrong(call, "divisor_override must not be 0", at="divisor_override")
    if count == 3 and input.known and input.rank in {4, 5}:
        kernel = numbers(call, kernel_size, count, "kernel_size")
        sizes = input.sizes[-count:]
        short = [call.below(WINDOW_TOO_LARGE, n, k) for n, k in zip(sizes, kernel, strict=True)]
        if True in short:
            bare = f"{times(sizes)} without its padding"
            call.fail(WINDOW_TOO_LARGE, at="input", window=times(kernel), size=bare)
    geometry = kernel_size, stride, padding, 1, ceil_mode
    return pooled(call, count, input, *geometry, NOT_AVERAGED)


def powered(
    call: Call,
    count: int,
    input: Tensor,
    norm_type: object,
    kernel_size: object,
    stride: object,
    ceil_mode: object,
) -> Tensor:
    """Power-average pooling; with an infinite power it is max pooling."""
    finite = isinstance(norm_type, (int, float)) and not isinf(norm_type)
    if isinstance(kernel_size, (tuple, list)):
        if count == 1 and finite:
            wrong(call, "kernel_size has to be a number", at="kernel_size")
        if len(kernel_size) != count:
            wrong(call, f"kernel_size has {len(kernel_size)} numbers for {count} axes")
    if not finite:
        return strongest(call, count, input, (kernel_size, stride), ceil_mode)
    if not is_floating(input.dtype):  # a power of integers stays one, that of truth values is one
        whole = isinstance(norm_type, int)
        power = input.dtype if whole and input.dtype != "bool" else "int64" if whole else "float32"
        averaged(call, count, input.like(dtype=power), kernel_size, stride, ceil_mode=ceil_mode)
        input = input.like(dtype="float32")
    return averaged(call, count, input, kernel_size, stride, ceil_mode=ceil_mode)


def strongest(
    call: Call, count: int, input: Tensor, geometry: Sequence[object], ceil_mode: object = False
) -> Tensor:
    """Max pooling without the places, which in 1-D torch has for floating point numbers only."""
    refused = NOT_FLOATING if count == 1 else TRUTHS
    kernel, stride, padding, dilation = [*geometry, 0, 1] if len(geometry) == 2 else geometry
    numbers = kernel, stride, padding, dilation, ceil_mode
    return pooled(call, count, input, *numbers, refused)


# -- functions --------------------------------------------------------------------------------

_CEIL: Final = "; rounded up with ceil_mode, if that window begins before the padding behind"
MAXIMAL: Final = (
    "(N, C, *L) gives (N, C, *M), each M "
    f"⌊(L + 2·padding − dilation·(kernel − 1) − 1)/stride⌋ + 1{_CEIL}"
)
AVERAGED: Final = (
    f"(N, C, *L) gives (N, C, *M), each M ⌊(L + 2·padding − kernel)/stride⌋ + 1{_CEIL}"
)
POWERED: Final = (
    "(N, C, *L) gives (N, C, *M), each M ⌊(L − kernel)/stride⌋ + 1; "
    "rounded up with ceil_mode, if that window begins in the input"
)
PLACES: Final = "; with return_indices also the places of the maxima (int64)"


def _functions(count: int) -> None:
    """The functions over `count` axes."""
    functional = "torch.nn.functional"

    @op(f"{functional}.max_pool{count}d")
    @says(f"{MAXIMAL}{PLACES}")
    def max_pool(
        call: Call,
        input: AnyRank,
        kernel_size: object,
        stride: object = None,
        padding: object = 0,
        dilation: object = 1,
        ceil_mode: object = False,
        return_indices: object = False,
    ) -> Value:
        geometry = kernel_size, stride, padding, dilation, ceil_mode
        return maximal(call, count, input, geometry, return_indices)

    @op(f"torch.max_pool{count}d")
    @says(MAXIMAL)
    def max_pool_alone(
        call: Call,
        input: AnyRank,
        kernel_size: object,
        stride: object = None,
        padding: object = 0,
        dilation: object = 1,
        ceil_mode: object = False,
    ) -> Tensor:
        return strongest(call, count, input, (kernel_size, stride, padding, dilation), ceil_mode)

    @op(f"{functional}.max_pool{count}d_with_indices")
    @says(f"{MAXIMAL}. Also the places of the maxima (int64)")
    def max_pool_with_indices(
        call: Call,
        input: AnyRank,
        kernel_size: object,
        stride: object = None,
        padding: object = 0,
        dilation: object = 1,
        ceil_mode: object = False,
        return_indices: object = False,
    ) -> Value:
        geometry = kernel_size, stride, padding, dilation, ceil_mode
        return indexed(call, pooled(call, count, input, *geometry), True)

    @op(f"{functional}.lp_pool{count}d")
    @says(POWERED)
    def lp_pool(
        call: Call,
        input: AnyRank,
        norm_type: object,
        kernel_size: object,
        stride: object = None,
        ceil_mode: object = False,
    ) -> Tensor:
        return powered(call, count, input, norm_type, kernel_size, stride, ceil_mode)

    if count == 1:
        return

    @op(f"{functional}.avg_pool{count}d")
    @says(AVERAGED)
    def avg_pool(
        call: Call,
        input: AnyRank,
        kernel_size: object,
        stride: object = None,
        padding: object = 0,
        ceil_mode: object = False,
        count_include_pad: object = True,
        divisor_override: object = None,
    ) -> Tensor:
        geometry = kernel_size, stride, padding, ceil_mode, divisor_override
        return averaged(call, count, input, *geometry)


for _count in (1, 2, 3):
    _functions(_count)


@op("torch.nn.functional.avg_pool1d", "torch.avg_pool1d")
@says(AVERAGED)
def avg_pool1d(
    call: Call,
    input: AnyRank,
    kernel_size: object,
    stride: object = None,
    padding: object = 0,
    ceil_mode: object = False,
    count_include_pad: object = True,
) -> Tensor:
    return averaged(call, 1, input, kernel_size, stride, padding, ceil_mode)


@op("torch.max_pool1d_with_indices")
@says(f"{MAXIMAL}. Also the places of the maxima (int64)")
def max_pool1d_with_indices(
    call: Call,
    input: AnyRank,
    kernel_size: object,
    stride: object = None,
    padding: object = 0,
    dilation: object = 1,
    ceil_mode: object = False,
) -> Value:
    output = pooled(call, 1, input, kernel_size, stride, padding, dilation, ceil_mode)
    return indexed(call, output, True)


# -- layers -----------------------------------------------------------------------------------


class Pool(Layer):
    """Pooling over `SPATIAL` axes."""

    SPATIAL = 0

    def function(self, name: str) -> Op:
        """The function that the layer calls."""
        return OPS[f"torch.nn.functional.{name}{self.SPATIAL}d"]

    def describe(self) -> str:
        known = vars(self)
        words = (
            [times(spread(known["kernel_size"], self.SPATIAL))] if "kernel_size" in known else []
        )
        for name, usual in {
            "stride": "",
            "padding": "0",
            "dilation": "1",
            "ceil_mode": "False",
        }.items():
            if name in known and (shown := once(known[name])) != usual:
                words.append("ceil" if name == "ceil_mode" else f"{name} {shown}")
        if (size := known.get("output_size")) is not None:
            words.append(f"to {times(spread(size, self.SPATIAL))}")
        return f"{type(self).__name__}({', '.join(words)})"


class MaxPool(Pool):
    """Max pooling over windows."""

    def __init__(
        self,
        call: Call,
        kernel_size: object,
        stride: object = None,
        padding: object = 0,
        dilation: object = 1,
        return_indices: object = False,
        ceil_mode: object = False,
    ) -> None:
        super().__init__(call)
        self.kernel_size = kernel_size
        self.stride = kernel_size if stride is None else stride
        self.padding = padding
        self.dilation = dilation
        self.return_indices = return_indices
        self.ceil_mode = ceil_mode

    def forward(self, call: Call, input: AnyRank) -> Value:
        geometry = self.kernel_size, self.stride, self.padding, self.dilation, self.ceil_mode
        return self.function("max_pool")(call, [input, *geometry, self.return_indices], {})


class AvgPool(Pool):
    """Average pooling over windows."""

    def __init__(
        self,
        call: Call,
        kernel_size: object,
        stride: object = None,
        padding: object = 0,
        ceil_mode: object = False,
        count_include_pad: object = True,
        divisor_override: object = None,
    ) -> None:
        super().__init__(call)
        self.kernel_size = kernel_size
        self.stride = kernel_size if stride is None else stride
        self.padding = padding
        self.ceil_mode = ceil_mode
        self.count_include_pad = count_include_pad
        self.divisor_override = divisor_override

    def forward(self, call: Call, input: AnyRank) -> Value:
        geometry = [self.kernel_size, self.stride, self.padding, self.ceil_mode]
        more = [] if self.SPATIAL == 1 else [self.divisor_override]
        return self.function("avg_pool")(
            call, [input, *geometry, self.count_include_pad, *more], {}
        )


@models("torch.nn.AvgPool1d", "torch.nn.modules.pooling.AvgPool1d")
class AvgPool1d(AvgPool):
    __doc__ = f"{AVERAGED}."
    SPATIAL = 1

    def __init__(
        self,
        call: Call,
        kernel_size: object,
        stride: object = None,
        padding: object = 0,
        ceil_mode: object = False,
        count_include_pad: object = True,
    ) -> None:
        super().__init__(call, kernel_size, stride, padding, ceil_mode, count_include_pad)
        self.kernel_size = spread(self.kernel_size, 1)
        self.stride = spread(self.stride, 1)
        self.padding = spread(self.padding, 1)


class LPPool(Pool):
    """Power-average pooling over windows."""

    def __init__(
        self,
        call: Call,
        norm_type: object,
        kernel_size: object,
        stride: object = None,
        ceil_mode: object = False,
    ) -> None:
        super().__init__(call)
        self.norm_type = norm_type
        self.kernel_size = kernel_size
        self.stride = stride
        self.ceil_mode = ceil_mode

    def forward(self, call: Call, input: AnyRank) -> Value:
        geometry = self.norm_type, self.kernel_size, self.stride, self.ceil_mode
        return self.function("lp_pool")(call, [input, *geometry], {})


def declare_layers(kind: type[Pool], *, counts: Sequence[int] = (1, 2, 3), said: str) -> None:
    """torch.nn.MaxPool1d and its like, of which `said` says what comes out."""
    for count in counts:
        name = f"{kind.__name__}{count}d"
        layer = type(name, (kind,), {"SPATIAL": count, "__doc__": f"{said}."})
        models(f"torch.nn.{name}", f"torch.nn.modules.pooling.{name}")(layer)


declare_layers(MaxPool, said=f"{MAXIMAL}{PLACES}")
declare_layers(LPPool, said=POWERED)
declare_layers(AvgPool, counts=(2, 3), said=AVERAGED)
