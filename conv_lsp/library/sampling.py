"""Random tensors."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from conv_lsp.dims import Dim, proves_less
from conv_lsp.findings import ALWAYS_RAISES, CALL_ARGUMENTS
from conv_lsp.library.algebra import COMPLEX, FLOATS, broadcast_shapes
from conv_lsp.library.arguments import OTHER_TYPES
from conv_lsp.library.creation import RANGES, alike, differentiable, made, plain
from conv_lsp.library.dtypes import dtype_name
from conv_lsp.library.raising import NOT_FLOATING, refuse, require_dtype
from conv_lsp.library.registry import AnyRank, Call, method, op
from conv_lsp.library.sizes import listed
from conv_lsp.values import MISSING, Tensor, Unknown

COMPLEXES: Final = tuple(COMPLEX.values())


def declare_random(name: str) -> None:
    """`torch.rand` and `torch.randn`: floating point numbers."""

    @op(f"torch.{name}")
    def maker(
        call: Call,
        *size: object,
        generator: object = None,
        names: object = None,
        out: object = None,
        dtype: object = None,
        layout: object = None,
        device: object = None,
        pin_memory: object = False,
        requires_grad: object = False,
        **words: object,
    ) -> Tensor:
        """The sizes given; float32 if no other dtype is asked for."""
        result = plain(call, listed(call, size, words, "size"), None, dtype, requires_grad)
        drawn(call, result)
        return result

    @op(f"torch.{name}_like")
    def like(
        call: Call,
        input: AnyRank,
        *,
        generator: object = None,
        dtype: object = None,
        layout: object = None,
        device: object = None,
        pin_memory: object = False,
        requires_grad: object = False,
        memory_format: object = None,
    ) -> Tensor:
        """The shape and the dtype of the input, or a dtype that is asked for."""
        result = alike(call, input, dtype_name(dtype, input.dtype), None, memory_format)
        drawn(call, result)
        return result

    def drawn(call: Call, result: Tensor) -> None:
        # Of no numbers, randn has none to compute.
        if name == "rand" or not result.known or 0 not in result.sizes:
            refuse(call, result, NOT_FLOATING, at="dtype")


for _name in ("rand", "randn"):
    declare_random(_name)


# -- integers ---------------------------------------------------------------------------------


@op("torch.randint")
def randint(
    call: Call,
    low: object,
    high: object = None,
    size: object = None,
    *,
    generator: object = None,
    out: object = None,
    dtype: object = None,
    layout: object = None,
    device: object = None,
    requires_grad: object = False,
    pin_memory: object = False,
) -> Tensor:
    """Called with a high bound and sizes; or a low and a high bound and sizes."""
    if isinstance(high, (tuple, list)) and size is None:
        low, high, size = 0, low, high
    elif high is None:
        low, high = 0, low
    if isinstance(size, int) or size is None:
        problem = f"argument 'size' takes several integers, not {size}"
        call.fail(CALL_ARGUMENTS, at="size", name="randint", problem=problem)
    kind = dtype_name(dtype, "int64")
    result = made(call, (size,), None, kind)
    bounds(call, low, high, kind)
    differentiable(call, requires_grad, kind)
    return result


@op("torch.randint_like")
def randint_like(
    call: Call,
    input: AnyRank,
    low: object,
    high: object = MISSING,
    *,
    generator: object = None,
    dtype: object = None,
    layout: object = None,
    device: object = None,
    pin_memory: object = False,
    requires_grad: object = False,
    memory_format: object = None,
) -> Tensor:
    """The shape and the dtype of the input, or a dtype that is asked for."""
    kind = dtype_name(dtype, input.dtype)
    bounds(call, *((0, low) if high is MISSING else (low, high)), kind)
    return alike(call, input, kind, None, memory_format)


def bounds(call: Call, low: object, high: object, dtype: str) -> None:
    """There must be a number to draw, of the type."""
    if dtype in COMPLEXES:
        error = f"RuntimeError: integers are drawn, not numbers of {dtype}"
        call.fail(ALWAYS_RAISES, at="dtype", error=error)
    if isinstance(low, int) and isinstance(high, int):
        if low >= high:
            error = f"RuntimeError: there is no integer from {low} to below {high}"
            call.fail(ALWAYS_RAISES, at="high", error=error)
        least, most = (0, 1) if dtype == "bool" else RANGES.get(dtype, (low, high))
        least = 0 if dtype == "uint8" else least
        if low < least or high - 1 > most:
            error = f"RuntimeError: {dtype} does not hold the integers from {low} to {high - 1}"
            call.fail(ALWAYS_RAISES, at="high", error=error)


@op("torch.randperm")
def randperm(
    call: Call,
    n: Dim,
    *,
    generator: object = None,
    out: object = None,
    dtype: object = None,
    layout: object = None,
    device: object = None,
    requires_grad: object = False,
    pin_memory: object = False,
) -> Tensor:
    """(n,), int64."""
    result = made(call, (n,), None, dtype_name(dtype, "int64"))
    refuse(call, result, ("bool", *COMPLEXES), at="dtype")
    return result


# -- distributions ----------------------------------------------------------------------------


@op("torch.normal")
def normal(
    call: Call,
    mean: object,
    std: object = 1.0,
    size: object = None,
    *,
    generator: object = None,
    out: object = None,
    dtype: object = None,
    layout: object = None,
    device: object = None,
    pin_memory: object = False,
    requires_grad: object = False,
) -> Tensor:
    """The sizes given, or the shape of mean and std, broadcast."""
    given = [t for t in (mean, std) if isinstance(t, Tensor)]
    if isinstance(std, (int, float)) and std < 0:
        call.fail(ALWAYS_RAISES, at="std", error=f"RuntimeError: std is {std}, less than 0")
    if isinstance(std, Tensor):
        refuse(call, std, COMPLEXES, at="std")
    if size is not None and not given:
        result = made(call, (size,), None, dtype_name(dtype, "float32"))
        floating(call, result, NOT_FLOATING)
        return result
    if any(isinstance(v, Unknown) for v in (mean, std)) or not all(t.known for t in given):
        return Tensor(Unknown("the shape of normal() is not known"))
    if not given or size is not None:
        problem = "takes numbers and a size, or a tensor and no size"
        call.fail(CALL_ARGUMENTS, at="size", name="normal", problem=problem)
    shape = broadcast_shapes(call, *(t.sizes for t in given))
    result = Tensor(shape, dtype=given[0].dtype)
    floating(call, result, NOT_FLOATING)
    return result


def floating(call: Call, input: Tensor, refused: Collection[str]) -> None:
    """Complains about other elements than floating point numbers, where there are any."""
    if input.known and 0 not in input.sizes:
        refuse(call, input, refused)


@op("torch.bernoulli")
@method("bernoulli")
def bernoulli(
    call: Call, input: AnyRank, p: object = MISSING, *, generator: object = None, out: object = None
) -> Tensor:
    """The shape of the input."""
    chance(call, p)
    floating(call, input, (*(NOT_FLOATING if p is MISSING else ()), *COMPLEXES))
    return like_shape(input)


def like_shape(input: Tensor) -> Tensor:
    """New numbers in row-major order, however those of the input lie in memory."""
    return Tensor(input.shape, dtype=input.dtype)


def chance(call: Call, p: object) -> None:
    """Complains about a probability below 0 or above 1."""
    if isinstance(p, (int, float)) and not 0 <= p <= 1:
        call.fail(ALWAYS_RAISES, at="p", error=f"RuntimeError: p is {p}, no probability")


# A generator is no plain value.
OTHER_TYPES["torch.poisson"] = "generator:n"


@op("torch.poisson")
def poisson(call: Call, input: AnyRank, generator: object = None) -> Tensor:
    """The shape of the input."""
    refuse(call, input, (*NOT_FLOATING, *COMPLEXES))
    return like_shape(input)


@op("torch.multinomial")
@method("multinomial")
def multinomial(
    call: Call,
    input: Tensor,
    num_samples: Dim,
    replacement: object = False,
    *,
    generator: object = None,
    out: object = None,
) -> Tensor:
    """(n,) gives (num_samples,), (m, n) gives (m, num_samples); int64."""
    require_dtype(call, input, FLOATS, at="input")
    if input.rank not in {1, 2}:
        error = f"RuntimeError: multinomial takes 1 or 2 dimensions, the input has {input.rank}"
        call.fail(ALWAYS_RAISES, at="input", error=error)
    if proves_less(num_samples, 1):
        call.fail(ALWAYS_RAISES, at="num_samples", error="RuntimeError: no sample is asked for")
    if replacement is False and proves_less(input.sizes[-1], num_samples):
        error = f"RuntimeError: {num_samples} samples of {input.sizes[-1]} without replacement"
        call.fail(ALWAYS_RAISES, at="num_samples", error=error)
    return Tensor((*input.sizes[:-1], num_samples), dtype="int64")
