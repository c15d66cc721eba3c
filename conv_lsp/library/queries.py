"""Questions about tensors, dtypes and numbers: is_signed, result_type, equal, sym_max and the like."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final

from conv_lsp.dims import Expr, maximum, minimum, proves_unequal, total
from conv_lsp.findings import ALWAYS_RAISES, CALL_ARGUMENTS
from conv_lsp.library.algebra import broadcast_shapes, category, numel, promote, promote_operands
from conv_lsp.library.arguments import OTHER_TYPES, coerce
from conv_lsp.library.casts import KINDS
from conv_lsp.library.constants import flat
from conv_lsp.library.dtypes import CPU, DTYPES, PYTHON, DType
from conv_lsp.library.layout import iteration_order, strides_of
from conv_lsp.library.raising import certainly_raises, known_device, require_same_dtype
from conv_lsp.library.registry import AnyRank, Call, method, op
from conv_lsp.values import UNTYPED, Tensor, Unknown, Value

NOT_TYPED: Final = "the dtype is not known"
NO_NUMBERS: Final = "the numbers of a tensor are not followed"
NO_LAYOUT: Final = "the memory layout is not known"

# -- two tensors ------------------------------------------------------------------------------


def differ(a: Tensor, b: Tensor) -> bool:
    """Whether two shapes are certainly not the same."""
    if not a.known or not b.known:
        return False
    return a.rank != b.rank or any(map(proves_unequal, a.sizes, b.sizes))


@op("torch.is_same_size")
@method("is_same_size")
def is_same_size(call: Call, input: AnyRank, other: AnyRank) -> Value:
    """Whether two shapes are the same."""
    if differ(input, other):
        return False
    same = input.known and other.known and input.sizes == other.sizes
    return True if same else Unknown("whether two shapes are the same")


@op("torch.equal")
@method("equal")
def equal(call: Call, input: AnyRank, other: AnyRank) -> Value:
    """False for two shapes that differ; the numbers are not followed."""
    return False if differ(input, other) else Unknown(NO_NUMBERS)


@op("torch.allclose")
@method("allclose")
def allclose(
    call: Call,
    input: Tensor,
    other: Tensor,
    rtol: object = 1e-05,
    atol: object = 1e-08,
    equal_nan: object = False,
) -> Value:
    """Whether the numbers are close, which is not followed; the shapes broadcast."""
    for name, value in {"rtol": rtol, "atol": atol}.items():
        if isinstance(value, (int, float)) and value < 0:
            error = f"RuntimeError: {name} is {value}, less than 0"
            call.fail(ALWAYS_RAISES, at=name, error=error)
    require_same_dtype(call, other, input, at="other")
    broadcast_shapes(call, input.sizes, other.sizes)
    return Unknown(NO_NUMBERS)


# -- one tensor -------------------------------------------------------------------------------


@op("torch.is_nonzero")
@method("is_nonzero")
def is_nonzero(call: Call, input: AnyRank) -> Value:
    """Whether a single number is not 0."""
    if input.known and proves_unequal(numel(input.sizes), 1):
        error = f"RuntimeError: {numel(input.sizes)} elements are neither true nor false"
        call.fail(ALWAYS_RAISES, at="input", error=error)
    numbers = flat(input.data)
    known = len(numbers) == 1 and isinstance(numbers[0], (bool, int, float))
    return bool(numbers[0]) if known else Unknown(NO_NUMBERS)


@op("torch.is_signed")
@method("is_signed")
def is_signed(call: Call, input: AnyRank) -> Value:
    """Whether the dtype has negative numbers."""
    kind = DTYPES.get(input.dtype)
    return Unknown(NOT_TYPED) if kind is None else kind.is_signed


@op("torch.is_conj", "torch.is_neg")
@method("is_conj", "is_neg")
def is_conj(call: Call, input: AnyRank) -> Value:
    """False for real numbers; of complex ones it is not followed."""
    parts = input.dtype.startswith("complex") or input.strides is not None
    return Unknown("a lazy view") if parts or input.dtype == UNTYPED else False


@op("torch.is_distributed")
@method("is_distributed")
def is_distributed(call: Call, input: AnyRank) -> Value:
    """False."""
    return False


@op("torch.is_inference")
@method("is_inference", "is_shared")
def is_inference(call: Call, input: AnyRank) -> Value:
    """Not followed."""
    return Unknown("how a tensor came about")


OTHER_TYPES["torch.Tensor.is_pinned"] = "device:sn"


@method("is_pinned")
def is_pinned(call: Call, self: AnyRank, device: object = None) -> Value:
    """False, on the CPU."""
    known_device(call, device, "is_pinned")
    return False


@method("is_set_to")
def is_set_to(call: Call, self: AnyRank, tensor: AnyRank) -> Value:
    """Whether two tensors are one in memory, which is not followed."""
    return True if self is tensor else Unknown("what memory a tensor has")


@op("torch.is_storage")
def is_storage(call: Call, obj: object) -> Value:
    """False for a tensor."""
    return False if isinstance(obj, Tensor) or obj is None else Unknown("whether it is a storage")


@op("torch.get_device")
def get_device(call: Call, input: AnyRank) -> Value:
    """-1, of the CPU."""
    return -1


@op("torch.get_default_device")
def get_default_device(call: Call) -> Value:
    """The CPU."""
    return CPU


@op("torch.typename")
def typename(call: Call, obj: object) -> Value:
    """The name of a tensor's class, such as torch.FloatTensor."""
    if isinstance(obj, Tensor):
        names = (f"torch.{name}" for name, kind in KINDS.items() if kind == obj.dtype)
        return next(names, Unknown(NOT_TYPED))
    plain = isinstance(obj, (bool, int, float, str))
    return type(obj).__name__ if plain else Unknown("the name of a type")


# -- memory -----------------------------------------------------------------------------------


@method("storage_offset", "data_ptr", "const_data_ptr", "untyped_storage", "storage")
def memory(call: Call, self: AnyRank) -> Value:
    """Not followed."""
    return Unknown("what memory a tensor has")


@method("dim_order")
def dim_order(call: Call, self: AnyRank, *, ambiguity_check: object = False) -> Value:
    """The axes, the one with the longest steps in memory first."""
    if not self.known or (self.strides is not None and not self.strides):
        return Unknown(NO_LAYOUT)
    if self.strides is None:
        return tuple(range(self.rank))
    # The steps of an axis of size 1 are not followed.
    plain = all(isinstance(s, int) and s > 1 for s in self.sizes)
    steps = strides_of(self)
    if steps is None or not plain:
        return Unknown(NO_LAYOUT)
    return tuple(reversed(iteration_order(self.sizes, [steps])))


# -- dtypes -----------------------------------------------------------------------------------


@op("torch.result_type")
def result_type(call: Call, tensor: object, other: object) -> Value:
    """The dtype that an operation on both has."""
    parts = [coerce("AnyRank", value) for value in (tensor, other)]
    tensors = [part for part in parts if isinstance(part, Tensor)]
    known = len(tensors) == len(parts)
    return DTYPES.get(promote_operands(tensors) if known else "", Unknown(NOT_TYPED))


def two_types(call: Call, name: str, first: Value, second: Value) -> tuple[str, str] | None:
    """Two dtypes by name; None where one is not known."""
    for given in (first, second):
        plain = isinstance(given, (bool, int, float, str, list, tuple, dict, Tensor))
        if given is None or plain or (isinstance(given, type) and given not in PYTHON):
            call.fail(CALL_ARGUMENTS, name=name, problem=f"takes dtypes, not {given!r}")
    if isinstance(first, DType) and isinstance(second, DType):
        return first.name, second.name
    return None


@op("torch.promote_types")
def promote_types(call: Call, type1: object, type2: object) -> Value:
    """The dtype that holds both."""
    kinds = two_types(call, "promote_types", type1, type2)
    return DTYPES.get(promote(*kinds) if kinds else "", Unknown(NOT_TYPED))


@op("torch.can_cast")
def can_cast(call: Call, from_: object, to: object) -> Value:
    """Whether a dtype goes into another of the same category, or a higher one."""
    kinds = two_types(call, "can_cast", from_, to)
    if kinds is None:
        return Unknown(NOT_TYPED)
    return category(kinds[0]) <= category(kinds[1])


# -- numbers that may be symbols --------------------------------------------------------------


def declare_symbolic(name: str, function: Callable[..., Any], count: int) -> None:
    """`torch.sym_max` and its kin: Python's own, of sizes too."""

    def rule(call: Call, *args: Value) -> Value:
        """What Python makes of the numbers."""
        if len(args) != count:
            call.fail(CALL_ARGUMENTS, name=name, problem=f"takes {count} arguments")
        if any(isinstance(a, (Unknown, Tensor)) for a in args):
            return Unknown("a number that is not known")
        try:
            return function(*args)
        except (TypeError, ValueError, OverflowError, AssertionError) as error:
            if any(isinstance(a, Expr) for a in args):
                return Unknown(f"{name} of {' and '.join(map(str, args))}")
            certainly_raises(call, type(error).__name__, str(error))

    op(f"torch.{name}")(rule)


def either(of_sizes: Callable[..., Any], of_numbers: Callable[..., Any]) -> Callable[..., Any]:
    """The larger or smaller of two; a floating point number if one of them is."""

    def chosen(a: Any, b: Any) -> Any:
        for given in (a, b):
            if not isinstance(given, (int, float, Expr)):
                raise AssertionError(f"{given!r} is no number")  # noqa: TRY004 - as torch
        if isinstance(a, Expr) or isinstance(b, Expr):
            return (
                of_sizes(a, b)
                if not isinstance(a, float) and not isinstance(b, float)
                else of_numbers(a, b)
            )
        found = of_numbers(a, b)
        return float(found) if isinstance(a, float) or isinstance(b, float) else found

    return chosen


declare_symbolic("sym_int", lambda a: a if isinstance(a, Expr) else int(a), 1)
declare_symbolic("sym_float", float, 1)
declare_symbolic("sym_sqrt", math.sqrt, 1)
declare_symbolic("sym_max", either(maximum, max), 2)
declare_symbolic("sym_min", either(minimum, min), 2)


@op("torch.sym_not")
def sym_not(call: Call, a: object) -> Value:
    """The opposite truth."""
    truth = call.host.truth(a)
    return Unknown("a truth that is not known") if truth is None else not truth


@op("torch.sym_sum")
def sym_sum(call: Call, *args: object) -> Value:
    """The sum of numbers, or of a list of them."""
    given = args[0] if len(args) == 1 and isinstance(args[0], (list, tuple)) else args
    if any(a is None or isinstance(a, (str, list, tuple, dict, type)) for a in given):
        certainly_raises(call, "TypeError", "numbers are added")
    sizes = [a for a in given if isinstance(a, (int, Expr))]
    if len(sizes) == len(given):
        return total(sizes)
    return sum(given) if all(isinstance(a, (int, float)) for a in given) else Unknown("a sum")


@op("torch.sym_ite")
def sym_ite(call: Call, b: object, t: object, f: object) -> Value:
    """One of two, as a condition tells."""
    if b is None or (isinstance(b, PLAIN) and not isinstance(b, bool)):
        certainly_raises(call, "AssertionError", f"the condition is no boolean: {b!r}")
    kinds = [int if isinstance(v, Expr) else type(v) for v in (t, f)]
    if kinds[0] is not kinds[1] and Unknown not in kinds:
        certainly_raises(call, "AssertionError", "both are of one type")
    truth = call.host.truth(b)
    return Unknown("a condition that is not known") if truth is None else t if truth else f


PLAIN: Final = (int, float, str, list, tuple, dict, type)
OTHER_TYPES["torch.get_device"] = OTHER_TYPES["torch.is_distributed"] = OTHER_TYPES[
    "torch.is_inference"
] = "input:T"
