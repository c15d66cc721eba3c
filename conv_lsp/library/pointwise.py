"""Element-wise mathematics: functions, methods, in-place variants, and Python's operators."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from conv_lsp.dims import proves_unequal
from conv_lsp.findings import CALL_ARGUMENTS, EXPAND_SIZE
from conv_lsp.library.algebra import is_floating, pointwise, show
from conv_lsp.library.arguments import coerce
from conv_lsp.library.registry import AnyRank, Call, method, op
from conv_lsp.library.tables import declare
from conv_lsp.values import SCATTERED, Tensor, Unknown, Value

# A rule of tensors alone.
Rule: TypeAlias = Callable[..., Tensor]

# -- the dtype of a result --------------------------------------------------------------------


def float_of(dtype: str) -> str:
    """As it is where it is floating point, else torch's default."""
    return dtype if is_floating(dtype) else "float32"


def same_type(call: Call, *tensors: Tensor) -> Tensor:
    """Element by element with type promotion."""
    return pointwise(call, *tensors)


def float_type(call: Call, *tensors: Tensor) -> Tensor:
    """Element by element; integers give float32."""
    result = pointwise(call, *tensors)
    return result if is_floating(result.dtype) else result.like(dtype="float32")


def double_type(call: Call, *tensors: Tensor) -> Tensor:
    """Element by element in float64."""
    return pointwise(call, *tensors, dtype="float64")


def itself(call: Call, input: Tensor) -> Tensor:
    """What torch gives back as it is."""
    return input


def computed(call: Call, *tensors: Tensor) -> Tensor:
    """As `float_type`, by several operations: the layout of the result is not said."""
    result = float_type(call, *tensors)
    if any(t.strides is not None for t in tensors):
        result.strides = SCATTERED
    return result


def power(call: Call, a: Tensor, b: Tensor) -> Tensor:
    """torch computes a power of a number by other means."""
    result = pointwise(call, a, b)
    if a.shape == () and b.strides is not None:
        result.strides = SCATTERED
    return result


def bool_type(call: Call, *tensors: Tensor) -> Tensor:
    """Element by element, to truth values."""
    return pointwise(call, *tensors, dtype="bool")


def real_type(call: Call, input: Tensor) -> Tensor:
    """Element by element; complex becomes real."""
    return pointwise(call, input, dtype="float32" if input.dtype == "complex64" else "")


def in_place(call: Call, self: Tensor, *others: Tensor) -> Tensor:
    """Writes into `self`, whose shape must take the result."""
    if isinstance(self.shape, Unknown) or not all(other.known for other in others):
        return self.like()
    result = pointwise(call, self, *others)
    shape = result.sizes
    if len(shape) > self.rank:
        call.report(EXPAND_SIZE, at="other", got=1, dim=0, want=f"shape {show(shape)}")
        return self.like()
    for axis, (size, old) in enumerate(zip(shape, self.sizes, strict=True)):
        if proves_unequal(size, old):
            call.report(EXPAND_SIZE, at="other", got=old, dim=axis, want=size)
            return self.like()
    return Tensor(self.sizes, result.axes, seen=result.seen, dtype=self.dtype, strides=self.strides)


# -- one operand ------------------------------------------------------------------------------

# Arguments other than the input stand after the name.
SAME_TYPE: Final = """neg negative sign sgn floor ceil round(*,decimals=0)
trunc fix frac square bitwise_not nan_to_num(nan=None,posinf=None,neginf=None)"""
FLOAT_TYPE: Final = """exp exp2 expm1 log log2 log10 log1p sqrt rsqrt reciprocal sin cos tan asin
arcsin acos arccos atan arctan sinh cosh asinh arcsinh acosh arccosh atanh arctanh logit(eps=None)
erf erfc erfinv lgamma digamma i0 sinc deg2rad rad2deg"""
ALIKE: Final = "conj_physical"
BOOL_TYPE: Final = "logical_not"
TESTS: Final = "isnan isinf isfinite isposinf isneginf isreal signbit"
SPECIAL: Final = """bessel_j0 bessel_j1 bessel_y0 bessel_y1 digamma entr erf erfc erfcx erfinv exp2
expit expm1 gammaln i0 i0e i1 i1e log1p log_ndtr logit(eps=None) ndtr ndtri psi sinc"""
NO_FUNCTION_IN_PLACE: Final = frozenset(
    "absolute sign sgn bitwise_not erfinv lgamma digamma mvlgamma logical_not".split()
)


def _unary(body: Rule, names: str, *prefixes: str) -> None:
    """Rules prefix.x for each name; for torch itself Tensor.x, torch.x_ and Tensor.x_ too."""

    def out_of_place(call: Call, input: Tensor, *rest: Value, **more: Value) -> Tensor:
        return body(call, input)

    def writing(call: Call, input: Tensor, *rest: Value, **more: Value) -> Tensor:
        return in_place(call, input)

    for entry in names.split():
        name, _, arguments = entry.rstrip(")").partition("(")
        signature = ", ".join(["input: AnyRank", *filter(None, arguments.split(","))])
        methods = [name] if "torch" in prefixes else []
        declare(out_of_place, signature, *(f"{p}.{name}" for p in prefixes), methods=methods)
        if methods and names not in (TESTS, "angle"):
            paths = [] if name in NO_FUNCTION_IN_PLACE else [f"torch.{name}_"]
            declare(writing, signature, *paths, methods=[f"{name}_"])


REAL_TYPE: Final = "abs absolute"
_unary(same_type, SAME_TYPE, "torch")
_unary(itself, ALIKE, "torch")
_unary(float_type, FLOAT_TYPE, "torch")
_unary(computed, "mvlgamma(p)", "torch")
_unary(float_type, SPECIAL, "torch.special")
_unary(bool_type, BOOL_TYPE, "torch")
_unary(bool_type, TESTS, "torch")
_unary(real_type, REAL_TYPE, "torch")
_unary(real_type, "angle", "torch")
declare(itself, "input: AnyRank", "torch.positive")

# -- two operands -----------------------------------------------------------------------------

_SCALED: Final = "(*,alpha=1)"
_ROUNDED: Final = "(*,rounding_mode=None)"
BINARY_SAME: Final = f"""add{_SCALED} sub{_SCALED} subtract{_SCALED} mul multiply floor_divide
remainder fmod maximum minimum fmax fmin gcd lcm bitwise_and bitwise_or bitwise_xor
bitwise_left_shift bitwise_right_shift"""
BINARY_FLOAT: Final = """true_divide atan2 arctan2 hypot copysign nextafter xlogy
logaddexp logaddexp2 heaviside"""
BINARY_BOOL: Final = """eq ne lt le gt ge not_equal less less_equal greater greater_equal
logical_and logical_or logical_xor isclose(rtol=1e-05,atol=1e-08,equal_nan=False)"""
# The second operand is `other` unless said here.
SECOND: Final = {"pow": "exponent", "float_power": "exponent", "heaviside": "values"}
NO_IN_PLACE: Final = frozenset("maximum minimum fmax fmin logaddexp logaddexp2 isclose".split())
FUNCTION_IN_PLACE: Final = frozenset(["gcd", "lcm", "ldexp", "xlogy"])


def _binary(body: Rule, names: str, *prefixes: str) -> None:
    """Rules prefix.x(input, other) for each name; for torch itself Tensor.x and Tensor.x_ too."""

    def out_of_place(
        call: Call, input: Tensor, other: Tensor, *rest: Value, **more: Value
    ) -> Tensor:
        return body(call, input, other)

    def writing(call: Call, input: Tensor, other: Tensor, *rest: Value, **more: Value) -> Tensor:
        return in_place(call, input, other)

    for entry in names.split():
        name, _, arguments = entry.rstrip(")").partition("(")
        second = f"{SECOND.get(name, 'other')}: AnyRank"
        signature = ", ".join(["input: AnyRank", second, *filter(None, arguments.split(","))])
        methods = [name] if "torch" in prefixes else []
        declare(out_of_place, signature, *(f"{p}.{name}" for p in prefixes), methods=methods)
        if methods and name not in NO_IN_PLACE:
            paths = [f"torch.{name}_"] if name in FUNCTION_IN_PLACE else []
            declare(writing, signature, *paths, methods=[f"{name}_"])


_binary(same_type, BINARY_SAME, "torch")
_binary(float_type, BINARY_FLOAT, "torch")
_binary(computed, "ldexp", "torch")
_binary(power, "pow", "torch")
_binary(double_type, "float_power", "torch")
_binary(bool_type, BINARY_BOOL, "torch")
_binary(float_type, "xlogy xlog1py zeta", "torch.special")


@op("torch.div", "torch.divide")
@method("div", "divide")
def div(
    call: Call, input: AnyRank, other: AnyRank, *, rounding_mode: object = None, out: object = None
) -> Tensor:
    return (float_type if rounding_mode is None else same_type)(call, input, other)


@method("div_", "divide_")
def div_(call: Call, input: AnyRank, other: AnyRank, *, rounding_mode: object = None) -> Tensor:
    return in_place(call, input, other)


@op("torch.rsub")
def rsub(call: Call, input: AnyRank, other: AnyRank, *, alpha: object = 1) -> Tensor:
    return pointwise(call, input, other)


# -- three operands ---------------------------------------------------------------------------


@op("torch.lerp")
@method("lerp")
def lerp(
    call: Call, input: AnyRank, end: AnyRank, weight: AnyRank, *, out: object = None
) -> Tensor:
    return pointwise(call, input, end, weight)


@method("lerp_")
def lerp_(call: Call, input: AnyRank, end: AnyRank, weight: AnyRank) -> Tensor:
    return in_place(call, input, end, weight)


@op("torch.addcmul", "torch.addcdiv")
@method("addcmul", "addcdiv")
def addcmul(
    call: Call,
    input: AnyRank,
    tensor1: AnyRank,
    tensor2: AnyRank,
    *,
    value: object = 1,
    out: object = None,
) -> Tensor:
    return pointwise(call, input, tensor1, tensor2)


@method("addcmul_", "addcdiv_")
def addcmul_(
    call: Call, input: AnyRank, tensor1: AnyRank, tensor2: AnyRank, *, value: object = 1
) -> Tensor:
    return in_place(call, input, tensor1, tensor2)


def _bounds(call: Call, name: str, *bounds: object) -> list[Tensor]:
    """Limits as operands; a limit that is not known is taken for a number."""
    given = [b for b in bounds if b is not None]
    if not given:
        call.fail(CALL_ARGUMENTS, name=name, problem="takes a min or a max")
    return [b for b in given if isinstance(b, Tensor)]


@op("torch.clamp", "torch.clip")
@method("clamp", "clip")
def clamp(
    call: Call, input: AnyRank, min: object = None, max: object = None, *, out: object = None
) -> Tensor:
    limits = _bounds(call, "clamp", min, max)
    numbers = [b for b in (min, max) if isinstance(b, float)]
    result = pointwise(call, input, *limits)
    return result.like(dtype=float_of(result.dtype)) if numbers else result


@op("torch.clamp_", "torch.clip_")
@method("clamp_", "clip_")
def clamp_(call: Call, input: AnyRank, min: object = None, max: object = None) -> Tensor:
    return in_place(call, input, *_bounds(call, "clamp_", min, max))


@op("torch.clamp_min")
@method("clamp_min")
def clamp_min(call: Call, input: AnyRank, min: object, *, out: object = None) -> Tensor:
    return clamp(call, input, min)


@op("torch.clamp_max")
@method("clamp_max")
def clamp_max(call: Call, input: AnyRank, max: object, *, out: object = None) -> Tensor:
    return clamp(call, input, max)


@op("torch.clamp_min_")
@method("clamp_min_")
def clamp_min_(call: Call, input: AnyRank, min: object) -> Tensor:
    return clamp_(call, input, min)


@op("torch.clamp_max_")
@method("clamp_max_")
def clamp_max_(call: Call, input: AnyRank, max: object) -> Tensor:
    return clamp_(call, input, max)


# -- operators --------------------------------------------------------------------------------

OPERATORS: Final = (
    ("add", same_type, "__add__ __radd__"),
    ("sub", same_type, "__sub__"),
    ("mul", same_type, "__mul__ __rmul__"),
    ("truediv", float_type, "__truediv__ __div__"),
    ("floordiv", same_type, "__floordiv__"),
    ("mod", same_type, "__mod__"),
    ("pow", power, "__pow__"),
    ("and_", same_type, "__and__"),
    ("or_", same_type, "__or__"),
    ("xor", same_type, "__xor__"),
    ("lshift", same_type, "__lshift__"),
    ("rshift", same_type, "__rshift__"),
    ("eq", bool_type, "__eq__"),
    ("ne", bool_type, "__ne__"),
    ("lt", bool_type, "__lt__"),
    ("le", bool_type, "__le__"),
    ("gt", bool_type, "__gt__"),
    ("ge", bool_type, "__ge__"),
)


def _declare_operators() -> None:
    signature = "a: AnyRank, b: AnyRank"
    for name, body, methods in OPERATORS:
        declare(body, signature, f"operator.{name}", methods=methods.split())
        if body is not bool_type:
            written = f"operator.i{name.rstrip('_')}"
            declare(in_place_operator(body), "a, b: AnyRank", written)
    for name, unary in (("neg", same_type), ("pos", itself), ("invert", same_type)):
        declare(unary, "a: AnyRank", f"operator.{name}", methods=[f"__{name}__"])
    declare(real_type, "a: AnyRank", methods=["__abs__"])


def in_place_operator(body: Rule) -> Rule:
    """`a += b`. A number on the left is no tensor that could be written to."""

    def rule(call: Call, a: Value, b: Tensor) -> Tensor:
        if isinstance(a, Tensor):
            return in_place(call, a, b)
        operand = coerce("AnyRank", a)
        return Tensor(operand) if isinstance(operand, Unknown) else body(call, operand, b)

    return rule


_declare_operators()
