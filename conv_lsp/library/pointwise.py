"""Element-wise mathematics: functions, methods and their variants in place."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final, TypeAlias

from conv_lsp.dims import proves_unequal
from conv_lsp.findings import CALL_ARGUMENTS, EXPAND_SIZE
from conv_lsp.library.algebra import PARTS, category, pointwise, promote_operands, show
from conv_lsp.library.registry import AnyRank, Call, method, op
from conv_lsp.library.tables import declare, return_type
from conv_lsp.library.taking import (
    ALL,
    FLOATING,
    NUMBERS,
    REAL,
    alike,
    doubles,
    fits,
    floats,
    parts,
    takes,
    wholes,
)
from conv_lsp.values import SCATTERED, UNTYPED, Tensor, Unknown, Value

# The dtype of a result, given that of its operands together.
Kind: TypeAlias = Callable[[str], str]


def same(dtype: str) -> str:
    """Nothing changes."""
    return dtype


def truth(dtype: str) -> str:
    """All become truth values."""
    return "bool"


def angles(dtype: str) -> str:
    """Real numbers, whatever they are of."""
    return floats(parts(dtype))


def in_place(call: Call, name: str, dtype: str, self: Tensor, *others: Tensor) -> Tensor:
    """Writes a result of a dtype into `self`, whose shape and type must take it."""
    fits(call, name, dtype, self.dtype)
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
    if name not in ("baddbmm_", "addmv_"):  # which look at no overlap
        alone(call, name, self)
    return Tensor(self.sizes, result.axes, seen=result.seen, dtype=self.dtype, strides=self.strides)


def alone(call: Call, name: str, self: Tensor) -> None:
    """Complain about writing to elements that share their memory, as `expand` leaves them."""
    for size, stride in zip(self.sizes, self.strides or (), strict=False):
        if stride == 0 and isinstance(size, int) and size > 1 and 0 not in self.sizes:
            problem = "writes into elements that share their memory; clone() gives each its own"
            call.fail(CALL_ARGUMENTS, at="input", name=name, problem=problem)


# -- one operand ------------------------------------------------------------------------------

# The dtype of the result | the dtypes taken | names; arguments other than the input stand after them.
UNARY: Final[tuple[tuple[Kind, str, str], ...]] = (
    (same, "ihf", "ceil floor round(*,decimals=0) trunc fix"),
    (same, "hf", "frac"),
    (same, NUMBERS, "neg negative"),
    (same, REAL, "sign"),
    (same, ALL, "sgn nan_to_num(nan=None,posinf=None,neginf=None)"),
    (same, "bi", "bitwise_not"),
    (wholes, ALL, "square"),
    (
        floats,
        ALL,
        """exp exp2 expm1 log log2 log10 log1p sqrt rsqrt reciprocal sin cos tan asin arcsin acos
        arccos atan arctan sinh cosh asinh arcsinh acosh arccosh atanh arctanh sinc""",
    ),
    (floats, REAL, "logit(eps=None) erf erfc erfinv lgamma digamma i0 deg2rad rad2deg"),
    (truth, ALL, "logical_not"),
    (parts, NUMBERS, "abs absolute"),
)
SPECIAL: Final[tuple[tuple[Kind, str, str], ...]] = (
    (floats, ALL, "exp2 expit expm1 log1p sinc"),
    (
        floats,
        REAL,
        """digamma entr erf erfc erfinv gammaln i0 i0e i1 i1e logit(eps=None) ndtr psi""",
    ),
    (
        floats,
        "bif",
        """airy_ai bessel_j0 bessel_j1 bessel_y0 bessel_y1 erfcx log_ndtr ndtri modified_bessel_i0
        modified_bessel_i1 modified_bessel_k0 modified_bessel_k1 scaled_modified_bessel_k0
        scaled_modified_bessel_k1 spherical_bessel_j0""",
    ),
    (same, "hf", "round(*,decimals=0)"),
)
TESTS: Final[tuple[tuple[Kind, str, str], ...]] = (
    (truth, ALL, "isnan isinf isfinite isreal"),
    (truth, REAL, "isposinf isneginf signbit"),
    (angles, ALL, "angle"),
)
"""Functions that are not there in place."""
OF_X: Final = frozenset(
    "airy_ai scaled_modified_bessel_k0 scaled_modified_bessel_k1 spherical_bessel_j0".split()
)
"""Functions whose operand torch calls x."""
SAID: Final[dict[Kind, str]] = {
    same: "",
    wholes: "; truth values give integers",
    floats: "; integers give float32",
    parts: "; complex numbers give real ones",
    truth: ", truth values",
    angles: ", real numbers; integers give float32",
}
"""What the functions say of the dtype."""
NO_FUNCTION_IN_PLACE: Final = frozenset(
    "absolute sign sgn bitwise_not erfinv lgamma digamma logical_not".split()
)


def _one(
    name: str, kind: Kind, letters: str, call: Call, input: Tensor, *rest: Value, **more: Value
) -> Tensor:
    takes(call, name, "hf" if "decimals" in more else letters, input.dtype)
    return pointwise(call, input, dtype=kind(input.dtype))


def _one_in_place(
    name: str, kind: Kind, letters: str, call: Call, input: Tensor, *rest: Value, **more: Value
) -> Tensor:
    """The tensor itself, written to."""
    fine = takes(call, name, "hf" if "decimals" in more else letters, input.dtype)
    if kind is parts and input.dtype != parts(input.dtype):
        fits(call, name, input.dtype, parts(input.dtype))
    return in_place(call, name, kind(input.dtype) if fine else input.dtype, input)


def _unary(rows: tuple[tuple[Kind, str, str], ...], prefix: str, *, writes: bool) -> None:
    """Rules prefix.x for each name; for torch itself the methods x, and all forms in place."""
    for kind, letters, names in rows:
        for entry in names.split():
            name, _, arguments = entry.rstrip(")").partition("(")
            operand = "x" if name in OF_X else "input"
            signature = ", ".join([f"{operand}: AnyRank", *filter(None, arguments.split(","))])
            methods = [name] if prefix == "torch" else []
            body = partial(_one, name, kind, letters)
            said = f"The shape of the input{SAID[kind]}"
            declare(body, signature, f"{prefix}.{name}", methods=methods, said=said)
            if writes:
                paths = [] if name in NO_FUNCTION_IN_PLACE else [f"torch.{name}_"]
                body = partial(_one_in_place, f"{name}_", kind, letters)
                declare(body, signature, *paths, methods=[f"{name}_"])


_unary(UNARY, "torch", writes=True)
_unary(TESTS, "torch", writes=False)
_unary(SPECIAL, "torch.special", writes=False)


@op("torch.positive")
@method("positive")
def positive(call: Call, input: AnyRank, *, out: object = None) -> Tensor:
    """The tensor itself."""
    takes(call, "positive", NUMBERS, input.dtype)
    return input


@op("torch.conj_physical")
@method("conj_physical")
def conj_physical(call: Call, input: AnyRank, *, out: object = None) -> Tensor:
    """The same shape; what is real is given back as it is."""
    return pointwise(call, input) if input.dtype.startswith("complex") else input


@op("torch.conj_physical_")
@method("conj_physical_")
def conj_physical_(call: Call, input: AnyRank) -> Tensor:
    """The tensor itself, written to."""
    if input.dtype not in PARTS:  # there is nothing to write
        return input.like()
    return in_place(call, "conj_physical_", input.dtype, input)


def _gamma(name: str, call: Call, input: Tensor, p: object) -> Tensor:
    """The shape of the input; integers give float32."""
    takes(call, name, REAL, input.dtype)
    if isinstance(p, int) and p < 1:
        call.fail(CALL_ARGUMENTS, at="p", name=name, problem=f"takes p from 1 on, not {p}")
    return spread_out(pointwise(call, input, dtype=floats(input.dtype)), input)


def _gamma_in_place(call: Call, input: Tensor, p: object) -> Tensor:
    """The tensor itself, written to."""
    return in_place(call, "mvlgamma_", _gamma("mvlgamma_", call, input, p).dtype, input)


def spread_out(result: Tensor, *operands: Tensor) -> Tensor:
    """A result of several operations, whose layout is not said."""
    if any(t.strides is not None for t in operands):
        result.strides = SCATTERED
    return result


declare(partial(_gamma, "mvlgamma"), "input: AnyRank, p", "torch.mvlgamma", methods=["mvlgamma"])
declare(_gamma_in_place, "input: AnyRank, p", methods=["mvlgamma_"])
declare(partial(_gamma, "multigammaln"), "input: AnyRank, p", "torch.special.multigammaln")

# -- two operands -----------------------------------------------------------------------------

_SCALED: Final = "(*,alpha=1)"
BINARY: Final[tuple[tuple[Kind, str, str], ...]] = (
    (same, ALL, f"add{_SCALED} mul multiply"),
    (same, NUMBERS, f"sub{_SCALED} subtract{_SCALED} pow"),
    (same, "ihf", "floor_divide remainder fmod"),
    (same, REAL, "maximum minimum fmax fmin"),
    (same, "bi", "bitwise_and bitwise_or bitwise_xor"),
    (same, "i", "gcd lcm bitwise_left_shift bitwise_right_shift"),
    (same, "hf", "hypot nextafter logaddexp2 igamma igammac"),
    (same, FLOATING, "logaddexp"),
    (same, REAL, "heaviside"),
    (floats, ALL, "true_divide ldexp"),
    (floats, REAL, "atan2 arctan2 copysign xlogy"),
    (doubles, ALL, "float_power"),
    (truth, REAL, "lt le gt ge less less_equal greater greater_equal"),
    (truth, ALL, "eq ne not_equal logical_and logical_or logical_xor"),
    (truth, ALL, "isclose(rtol=1e-05,atol=1e-08,equal_nan=False)"),
)
SPECIAL_BINARY: Final[tuple[tuple[Kind, str, str], ...]] = (
    (floats, REAL, "xlogy xlog1py"),
    (floats, "bif", "zeta"),
    (same, "hf", "gammainc gammaincc"),
    (
        floats,
        "bif",
        """chebyshev_polynomial_t chebyshev_polynomial_u chebyshev_polynomial_v
        chebyshev_polynomial_w hermite_polynomial_h hermite_polynomial_he laguerre_polynomial_l
        legendre_polynomial_p shifted_chebyshev_polynomial_t shifted_chebyshev_polynomial_u
        shifted_chebyshev_polynomial_v shifted_chebyshev_polynomial_w""",
    ),
)
# The operands are `input` and `other` unless said here.
OPERANDS: Final = {
    "pow": ("input", "exponent"),
    "float_power": ("input", "exponent"),
    "heaviside": ("input", "values"),
    **dict.fromkeys("laguerre_polynomial_l legendre_polynomial_p".split(), ("x", "n")),
    **{
        f"{family}_{letter}": ("x", "n")
        for family, letters in {
            "chebyshev_polynomial": "tuvw",
            "shifted_chebyshev_polynomial": "tuvw",
            "hermite_polynomial": ("h", "he"),
        }.items()
        for letter in letters
    },
}
NO_IN_PLACE: Final = frozenset("maximum minimum fmax fmin logaddexp logaddexp2 isclose".split())
FUNCTION_IN_PLACE: Final = frozenset(["gcd", "lcm", "ldexp", "xlogy"])
OF_NUMBERS: Final = frozenset(
    "add sub subtract mul multiply div divide true_divide floor_divide".split()
)
"""Functions that take two numbers for tensors."""
SAME_DTYPES: Final = frozenset(["heaviside", "isclose"])
"""Functions that promote nothing."""
SEVERAL_STEPS: Final = frozenset(["ldexp", "float_power", "isclose"])
"""Functions made of several operations, which leave another layout."""


def together(call: Call, name: str, kind: Kind, letters: str, a: Tensor, b: Tensor) -> str:
    """The dtype of a result of two operands, which are complained about if it takes them not."""
    dtype = promote_operands((a, b))
    if a.kind == b.kind == "number" and name not in OF_NUMBERS:
        call.fail(CALL_ARGUMENTS, at="other", name=name, problem="takes a tensor and a number")
    number = b.data if b.kind == "number" else None
    if not name.startswith(("pow", "ipow")) or number not in (0, 1):
        # Of the two that one is at fault to whose sort the other is promoted.
        first = category(a.dtype) == category(dtype)
        if not takes(call, name, letters, dtype, at="input" if first else "other"):
            return a.dtype
    if (
        name.startswith(("pow", "ipow"))
        and isinstance(number, int)
        and number < 0
        and category(dtype) < 2
    ):
        problem = f"takes no power {number} of a tensor of {dtype}"
        call.fail(CALL_ARGUMENTS, at="exponent", name=name, problem=problem)
    if "sub" in name:
        takes(call, name, letters, a.dtype, b.dtype)
    if name.rstrip("_") in SAME_DTYPES:
        alike(call, name, a, b)
    if name.startswith("ldexp") and category(a.dtype) == 2:
        takes(call, name, NUMBERS, b.dtype, at="other")
    return kind(dtype)


def combined(
    name: str,
    kind: Kind,
    letters: str,
    call: Call,
    a: Tensor,
    b: Tensor,
    *rest: Value,
    **more: Value,
) -> Tensor:
    """Element by element with broadcasting and promotion."""
    dtype = together(call, name, kind, letters, a, b)
    scaled(call, name, dtype, more.get("alpha", 1))
    result = pointwise(call, a, b, dtype=dtype)
    # torch computes a power of a number by other means.
    several = name in SEVERAL_STEPS or (name == "pow" and a.shape == ())
    return spread_out(result, a, b) if several else result


def combined_in_place(
    name: str,
    kind: Kind,
    letters: str,
    call: Call,
    a: Tensor,
    b: Tensor,
    *rest: Value,
    **more: Value,
) -> Tensor:
    """The same, written into the first operand."""
    dtype = together(call, name, kind, letters, a, b)
    scaled(call, name, dtype, more.get("alpha", 1))
    if name == "float_power_" and UNTYPED not in (a.dtype, dtype) and a.dtype != dtype:
        problem = f"the result is of {dtype}, and is written into a tensor of {a.dtype}"
        call.fail(CALL_ARGUMENTS, at="input", name=name, problem=problem)
    return in_place(call, name, a.dtype if dtype == "bool" else dtype, a, b)


def scaled(call: Call, name: str, dtype: str, alpha: object) -> None:
    """`alpha` must be of a sort that the result can hold."""
    if isinstance(alpha, (bool, float)) and dtype != UNTYPED:
        kind = "bool" if isinstance(alpha, bool) else "float32"
        if category(kind) > category(dtype) or (kind == "bool" != dtype):
            problem = f"takes no alpha of {alpha} for tensors of {dtype}"
            call.fail(CALL_ARGUMENTS, at="alpha", name=name, problem=problem)


def _binary(rows: tuple[tuple[Kind, str, str], ...], prefix: str) -> None:
    """Rules prefix.x of two operands; for torch itself the methods x, and those in place."""
    for kind, letters, names in rows:
        for entry in names.split():
            name, _, arguments = entry.rstrip(")").partition("(")
            operands = [f"{o}: AnyRank" for o in OPERANDS.get(name, ("input", "other"))]
            signature = ", ".join([*operands, *filter(None, arguments.split(","))])
            methods = [name] if prefix == "torch" else []
            body = partial(combined, name, kind, letters)
            declare(body, signature, f"{prefix}.{name}", methods=methods)
            if methods and name not in NO_IN_PLACE:
                paths = [f"torch.{name}_"] if name in FUNCTION_IN_PLACE else []
                body = partial(combined_in_place, f"{name}_", kind, letters)
                declare(body, signature, *paths, methods=[f"{name}_"])


_binary(BINARY, "torch")
_binary(SPECIAL_BINARY, "torch.special")


def _rounding(call: Call, name: str, mode: object) -> tuple[Kind, str]:
    """How the dtype of a quotient is found, and of what it is taken."""
    if mode not in (None, "trunc", "floor") and not isinstance(mode, Unknown):
        problem = f"rounding_mode is None, 'trunc' or 'floor', not {mode!r}"
        call.fail(CALL_ARGUMENTS, at="rounding_mode", name=name, problem=problem)
    return (floats, ALL) if mode is None else (same, "ihf")


@op("torch.div", "torch.divide")
@method("div", "divide")
def div(
    call: Call, input: AnyRank, other: AnyRank, *, rounding_mode: object = None, out: object = None
) -> Tensor:
    """Element by element with broadcasting; integers give float32 unless the quotient is rounded."""
    return combined("div", *_rounding(call, "div", rounding_mode), call, input, other)


@method("div_", "divide_")
def div_(call: Call, input: AnyRank, other: AnyRank, *, rounding_mode: object = None) -> Tensor:
    """The tensor itself, written to."""
    return combined_in_place("div_", *_rounding(call, "div_", rounding_mode), call, input, other)


@op("torch.rsub")
def rsub(call: Call, input: AnyRank, other: AnyRank, *, alpha: object = 1) -> Tensor:
    """Element by element with broadcasting."""
    return combined("rsub", same, NUMBERS, call, input, other, alpha=alpha)


@op("torch.polygamma", "torch.special.polygamma")
def polygamma(call: Call, n: object, input: AnyRank, *, out: object = None) -> Tensor:
    """Element by element; integers give float32."""
    return _polygamma(call, "polygamma", n, input)


@method("polygamma")
def polygamma_of(call: Call, input: AnyRank, n: object) -> Tensor:
    """Element by element; integers give float32."""
    return _polygamma(call, "polygamma", n, input)


@method("polygamma_")
def polygamma_(call: Call, input: AnyRank, n: object) -> Tensor:
    """The tensor itself, written to."""
    return in_place(call, "polygamma_", _polygamma(call, "polygamma_", n, input).dtype, input)


def _polygamma(call: Call, name: str, n: object, input: Tensor) -> Tensor:
    takes(call, name, REAL, input.dtype)
    if isinstance(n, int) and n < 0:
        call.fail(CALL_ARGUMENTS, at="n", name=name, problem=f"takes n from 0 on, not {n}")
    return pointwise(call, input, dtype=floats(input.dtype))


_Frexp: Final = return_type("frexp", "mantissa exponent")


@op("torch.frexp")
@method("frexp")
def frexp(call: Call, input: AnyRank, *, out: object = None) -> Any:
    """Mantissa and exponent of each element."""
    takes(call, "frexp", "hf", input.dtype)
    return _Frexp(pointwise(call, input), pointwise(call, input, dtype="int32"))
