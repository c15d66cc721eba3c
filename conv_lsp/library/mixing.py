"""Element-wise operations of several operands: limits, blends, products that are added."""

from __future__ import annotations

from functools import partial

from conv_lsp.findings import CALL_ARGUMENTS
from conv_lsp.library.algebra import category, is_floating, pointwise, promote, promote_operands
from conv_lsp.library.arguments import coerce
from conv_lsp.library.pointwise import in_place
from conv_lsp.library.registry import AnyRank, Call, method, op
from conv_lsp.library.tables import declare
from conv_lsp.library.taking import FLOATING, LETTERS, NUMBERS, REAL, alike, takes
from conv_lsp.values import UNTYPED, Tensor, Value

# -- limits -----------------------------------------------------------------------------------


def limited(call: Call, name: str, input: Tensor, *bounds: Value) -> list[Tensor]:
    """The operands of a clamp; a limit that is not known is taken for a number."""
    given = [b for b in bounds if b is not None]
    if not given:
        call.fail(CALL_ARGUMENTS, name=name, problem="takes a min or a max")
    operands = [coerce("Tensor", b) for b in given]
    found = [input, *(o for o in operands if isinstance(o, Tensor))]
    sorts = {b.kind == "number" for b in found[1:] if b.shape or b.kind}
    if len(sorts) > 1:
        problem = "min and max are both numbers or both tensors"
        call.fail(CALL_ARGUMENTS, at="max", name=name, problem=problem)
    if any(b.kind == "number" for b in found[1:]):
        found = [input, *map(as_number, found[1:])]
    # With a tensor for its limit, this is `maximum` and `minimum`.
    extreme = name.startswith("clamp_m") and found[-1].kind != "number"
    takes(call, name, REAL if extreme else "ihf", promote_operands(found))
    return found


def as_number(limit: Tensor) -> Tensor:
    """Beside a number a tensor without axes is one, too, and the bits of its type count no more."""
    if limit.dtype == UNTYPED:
        return limit
    kind = ("bool", "int64", "float32", "complex64")[category(limit.dtype)]
    return Tensor((), seen=limit.seen, dtype=kind, kind="number")


def _clamp(name: str, call: Call, input: Tensor, *bounds: Value) -> Tensor:
    """The shape of the input; with bounds that are tensors, all broadcast."""
    return pointwise(call, *limited(call, name, input, *bounds))


def _clamp_in_place(name: str, call: Call, input: Tensor, *bounds: Value) -> Tensor:
    """The tensor itself, written to."""
    operands = limited(call, name, input, *bounds)
    return in_place(call, name, promote_operands(operands), *operands)


for _name, _bounds in (
    ("clamp", "min=None, max=None"),
    ("clip", "min=None, max=None"),
    ("clamp_min", "min"),
    ("clamp_max", "max"),
):
    _signature = f"input: AnyRank, {_bounds}"
    declare(partial(_clamp, _name), _signature, f"torch.{_name}", methods=[_name])
    _body = partial(_clamp_in_place, f"{_name}_")
    declare(_body, _signature, f"torch.{_name}_", methods=[f"{_name}_"])

# -- blends -----------------------------------------------------------------------------------


def blended(call: Call, name: str, input: Tensor, end: Tensor, weight: Tensor) -> str:
    """The dtype of a blend, whose operands are of one dtype; a weight may be a number."""
    dtype = promote_operands((input, end, weight))
    takes(call, name, FLOATING, dtype)
    if weight.kind == "number":
        takes(call, name, LETTERS.get(input.dtype, FLOATING), dtype, at="weight")
    alike(call, name, *((input, end, weight) if weight.shape else (input, end)), at="end")
    return dtype


@op("torch.lerp")
@method("lerp")
def lerp(
    call: Call, input: AnyRank, end: AnyRank, weight: AnyRank, *, out: object = None
) -> Tensor:
    """From `input` to `end` by `weight`, which broadcast together."""
    dtype = blended(call, "lerp", input, end, weight)
    return pointwise(call, input, end, weight, dtype=dtype)


@method("lerp_")
def lerp_(call: Call, input: AnyRank, end: AnyRank, weight: AnyRank) -> Tensor:
    """The tensor itself, written to."""
    dtype = blended(call, "lerp_", input, end, weight)
    return in_place(call, "lerp_", dtype, input, end, weight)


def added(name: str, call: Call, input: Tensor, a: Tensor, b: Tensor, **more: Value) -> Tensor:
    """`input + value * a * b`, or the quotient of the two."""
    if a.kind == "number":
        call.fail(CALL_ARGUMENTS, at="tensor1", name=name, problem="takes a tensor for tensor1")
    dtype = promote_operands((input, a, b))
    if "div" in name and not is_floating(promote(a.dtype, b.dtype)):
        takes(call, name, FLOATING, a.dtype, at="tensor1")
        dtype = input.dtype
    takes(call, name, FLOATING if "div" in name else NUMBERS, dtype)
    if name.endswith("_"):
        return in_place(call, name, dtype, input, a, b)
    return pointwise(call, input, a, b, dtype=dtype)


for _name in ("addcmul", "addcdiv"):
    _signature = "input: AnyRank, tensor1: AnyRank, tensor2: AnyRank, *, value=1"
    declare(partial(added, _name), _signature, f"torch.{_name}", methods=[_name])
    declare(partial(added, f"{_name}_"), _signature, methods=[f"{_name}_"])
