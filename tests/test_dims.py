"""Sizes: algebra, text and comparisons, each against plain integers."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from conv_lsp.dims import (
    Dim,
    Expr,
    ceil_div,
    divide_exactly,
    equal,
    evaluate,
    expr,
    has_anonymous,
    less,
    less_equal,
    lower_bound,
    maximum,
    minimum,
    product,
    proves_less,
    proves_unequal,
    substitute,
    symbol,
    symbols,
    total,
    unknown_size,
    upper_bound,
)

Sizes: TypeAlias = "dict[str, int]"

N, C, H, W = map(symbol, "NCHW")
K = symbol("K", minimum=0)
S = symbol("S", minimum=-3)
MINIMUM = {"H": 1, "W": 1, "K": 0, "S": -3}

# --- Random expressions, each beside the integers it stands for --------------------------------


@dataclass(frozen=True)
class Drawn:
    """An expression and how integers compute it."""

    dim: Dim
    at: Callable[[Mapping[str, int]], int]


def _binary(
    on_dims: Callable[[Dim, Dim], Dim], on_ints: Callable[[int, int], int]
) -> Callable[[Drawn, Drawn], Drawn | None]:
    def combine(a: Drawn, b: Drawn) -> Drawn | None:
        try:
            dim = on_dims(a.dim, b.dim)
        except ZeroDivisionError:
            return None
        return Drawn(dim, lambda sizes: on_ints(a.at(sizes), b.at(sizes)))

    return combine


def _add(a: Dim, b: Dim) -> Dim:
    return a + b


def _subtract(a: Dim, b: Dim) -> Dim:
    return a - b


def _multiply(a: Dim, b: Dim) -> Dim:
    return a * b


def _divide(a: Dim, b: Dim) -> Dim:
    return a // b


def _remainder(a: Dim, b: Dim) -> Dim:
    return a % b


SUM = _binary(_add, operator.add)
DIFFERENCE = _binary(_subtract, operator.sub)
PRODUCT = _binary(_multiply, operator.mul)
FLOOR = _binary(_divide, operator.floordiv)
REMAINDER = _binary(_remainder, operator.mod)
LEAST = _binary(minimum, min)
GREATEST = _binary(maximum, max)
CEILING = _binary(ceil_div, lambda a, b: -(-a // b))
OPERATIONS = (SUM, SUM, DIFFERENCE, PRODUCT, FLOOR, FLOOR, REMAINDER, LEAST, GREATEST, CEILING)


def _named(name: str) -> Drawn:
    return Drawn(symbol(name, MINIMUM[name]), lambda sizes: sizes[name])


def _number(value: int) -> Drawn:
    return Drawn(value, lambda _: value)


def _combined(parts: st.SearchStrategy[Drawn]) -> st.SearchStrategy[Drawn]:
    def combine(op: Callable[[Drawn, Drawn], Drawn | None], a: Drawn, b: Drawn) -> Drawn:
        drawn = op(a, b)
        assume(drawn is not None)
        assert drawn is not None
        return drawn

    return st.builds(combine, st.sampled_from(OPERATIONS), parts, parts | numbers)


numbers = st.integers(-9, 33).map(_number)
names = st.sampled_from(sorted(MINIMUM)).map(_named)
exprs = st.recursive(names | names | numbers, _combined, max_leaves=7)
sizes_of_symbols = st.fixed_dictionaries(
    {name: st.integers(low, low + 3) | st.integers(low, 70) for name, low in MINIMUM.items()}
)

laws = settings(
    derandomize=True,
    deadline=None,
    max_examples=300,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


def value(drawn: Drawn, sizes: Sizes) -> int:
    """What the integers say; draws where a divisor is zero are skipped."""
    try:
        return drawn.at(sizes)
    except ZeroDivisionError:
        assume(condition=False)
        raise


def grid() -> list[Sizes]:
    axis = [0, 1, 2, 3, 5, 8]
    return [
        {"H": 1 + h, "W": 1 + w, "K": k, "S": s - 3}
        for h in axis
        for w in axis[:4]
        for k in axis[:3]
        for s in (0, 2, 3, 7)
    ]


GRID = grid()


def outcomes(compare: Callable[[int, int], bool], a: Drawn, b: Drawn) -> set[bool]:
    """What a comparison gives over many sizes."""
    found = set()
    for sizes in GRID:
        try:
            found.add(compare(a.at(sizes), b.at(sizes)))
        except ZeroDivisionError:
            continue
    return found


# --- Laws --------------------------------------------------------------------------------------


@laws
@given(exprs, sizes_of_symbols)
def test_an_expression_is_the_integer_it_stands_for(e: Drawn, sizes: Sizes) -> None:
    expected = value(e, sizes)
    assert evaluate(e.dim, sizes) == expected


@laws
@given(exprs, sizes_of_symbols)
def test_the_text_is_a_python_expression_of_the_same_value(e: Drawn, sizes: Sizes) -> None:
    expected = value(e, sizes)
    assert eval(str(e.dim), {"min": min, "max": max}, dict(sizes)) == expected
    assert repr(e.dim) == str(e.dim)


@laws
@given(exprs, exprs, exprs)
def test_ring_laws_hold_in_normal_form(x: Drawn, y: Drawn, z: Drawn) -> None:
    a, b, c = x.dim, y.dim, z.dim
    assert a + b == b + a
    assert a * b == b * a
    assert (a + b) + c == a + (b + c)
    assert (a * b) * c == a * (b * c)
    assert a * (b + c) == a * b + a * c
    assert a - b == -(b - a)
    assert a - a == 0
    assert a + 0 == a * 1 == a
    assert a * 0 == 0
    assert hash(a + b) == hash(b + a)


@laws
@given(exprs, exprs, st.integers(1, 40))
def test_floors_and_remainders_hold_in_normal_form(x: Drawn, y: Drawn, n: int) -> None:
    a, b = x.dim, y.dim
    assert (a // n) * n + a % n == a
    assert (a + n * 7) // n == a // n + 7
    assert equal((a + n * b) // n, a // n + b) is not False
    assert (a + n * 7) % n == a % n
    assert equal((a + n * b) % n, a % n) is not False
    assert equal((a // n) // 3, a // (3 * n)) is not False
    assert (H // n) // 3 == H // (3 * n)
    assert (n * a) // n == a
    assert (n * a) % n == 0
    assert a // -n == (-a) // n
    assert (5 * a) // (5 * n) == a // n


@laws
@given(exprs, exprs)
def test_a_product_divides_exactly_by_its_factors(x: Drawn, y: Drawn) -> None:
    a, b = x.dim, y.dim
    assume(b != 0 and not has_anonymous(a * b))
    assert divide_exactly(a * b, b) == a


@laws
@given(exprs, exprs)
def test_an_exact_quotient_is_one(x: Drawn, y: Drawn) -> None:
    quotient = divide_exactly(x.dim, y.dim)
    assert quotient is None or quotient * y.dim == x.dim


@laws
@given(exprs, sizes_of_symbols)
def test_bounds_hold(e: Drawn, sizes: Sizes) -> None:
    low, high = lower_bound(e.dim), upper_bound(e.dim)
    number = value(e, sizes)
    assert low is None or low <= number
    assert high is None or number <= high


@pytest.mark.parametrize(
    ("ask", "truth"),
    [(equal, operator.eq), (less, operator.lt), (less_equal, operator.le)],
    ids=["equal", "less", "less_equal"],
)
@laws
@given(a=exprs, b=exprs)
def test_comparisons_speak_for_all_sizes(
    ask: Callable[[Dim, Dim], bool | None],
    truth: Callable[[int, int], bool],
    a: Drawn,
    b: Drawn,
) -> None:
    answer = ask(a.dim, b.dim)
    assert answer is None or outcomes(truth, a, b) <= {answer}


@laws
@given(exprs, exprs, sizes_of_symbols)
def test_substitution_then_evaluation_is_evaluation(e: Drawn, f: Drawn, sizes: Sizes) -> None:
    replaced = value(f, sizes)
    assume(replaced >= MINIMUM["H"])
    expected = value(e, {**sizes, "H": replaced})
    try:
        got = substitute(e.dim, {"H": f.dim})
    except ZeroDivisionError:
        assume(condition=False)
        raise
    assert evaluate(got, sizes) == expected


@laws
@given(exprs)
def test_symbols_are_those_of_the_expression(e: Drawn) -> None:
    assert symbols(e.dim) <= MINIMUM.keys()
    assert substitute(e.dim, {name: symbol(name, low) for name, low in MINIMUM.items()}) == e.dim


# --- Texts, one a line -------------------------------------------------------------------------


def check(text: str, e: Dim) -> None:
    """The text of an expression, and the value of that text at some sizes and at the least."""
    assert str(e) == text
    for sizes in ({"H": 37, "W": 21, "C": 5, "N": 2, "K": 4}, dict.fromkeys("HWCNK", 1)):
        assert eval(text, {"min": min, "max": max}, dict(sizes)) == evaluate(e, sizes)


def conv(n: Dim, kernel: int, stride: int = 1, padding: int = 0) -> Dim:
    return (n + 2 * padding - kernel) // stride + 1


def times(fn: Callable[[Dim], Dim], n: int, d: Dim) -> Dim:
    for _ in range(n):
        d = fn(d)
    return d


def half(d: Dim) -> Dim:
    return conv(d, 3, 2, 1)


TEXTS: list[tuple[str, Dim]] = [
    ("H", H),
    ("-H", -H),
    ("2*H + 1", 2 * H + 1),
    ("H - 1", H - 1),
    ("3 - H", 3 - H),
    ("-H - 1", -H - 1),
    ("H + W", W + H),
    ("H - W", H - W),
    ("W - H", W - H),
    ("H*W", W * H),
    ("H**2", H * H),
    ("C*H*W", H * W * C),
    # convolutions and pools
    ("H - 2", conv(H, 3)),
    ("H", conv(H, 3, 1, 1)),
    ("(H + 1)//2", conv(H, 3, 2, 1)),
    ("(H - 1)//2", conv(H, 3, 2)),
    ("H//2", conv(H, 2, 2)),
    ("H//32", times(lambda d: d // 2, 5, H)),
    ("(H - 1)//32 + 1", times(half, 5, H)),
    ("(H - 3)//4", conv(H, 11, 4, 2)),
    ("(H + 1)//2", ceil_div(H, 2)),
    ("(H - 1)//7 + 1", ceil_div(H, 7)),
    ("(H + 2)//3", ceil_div(H, 3)),
    ("H//16 + 1", (H // 16) + 1),
    ("-(H//2)", -(H // 2)),
    ("W - H//2", W - H // 2),
    ("-(H//2) - 1", -(H // 2) - 1),
    ("3*(H//2) + 1", 3 * (H // 2) + 1),
    ("2*((H - 1)//8 + 1)", 2 * times(half, 3, H)),
    ("2*(H//2)", 2 * (H // 2)),
    # exact multiples leave the floor
    ("2*H + 3", (4 * H + 6) // 2),
    ("2*H + 2", (4 * H + 5) // 2),
    ("H", (2 * H + 1) // 2),
    ("(H + 1)//2", (4 * H + 6) // 8),
    ("H + W//2", (2 * H + W) // 2),
    ("(3*H)//2", (3 * H) // 2),
    ("(H - W)//2", (H - W) // 2),
    ("(H*W)//2", (H * W) // 2),
    ("H//6", H // 2 // 3),
    ("(H + 2)//4", (H // 2 + 1) // 2),
    ("(H + 1)//2", -(-H // 2)),
    # products stay factored
    ("64*(H//4)*(W//4)", 64 * (H // 4) * (W // 4)),
    ("64*((H - 1)//8 + 1)*((W - 1)//4 + 1)", 64 * ((H - 1) // 8 + 1) * ((W - 1) // 4 + 1)),
    ("64*(H - 2)*(W - 2)", 64 * (H - 2) * (W - 2)),
    ("64*(H//2 - 2)*(W//2 - 2)", 64 * (H // 2 - 2) * (W // 2 - 2)),
    ("(H - 2)**2", (H - 2) * (H - 2)),
    ("16*C*(H - 4)*(W + 1)", 16 * (H - 4) * C * (W + 1)),
    ("64*(H - 2)", 64 * (H - 2)),
    ("2*H + 2", 2 * (H + 1)),
    ("N*(H*W + 1)", N * (H * W + 1)),
    ("H*W + 1", H * W + 1),
    ("(H//16)*(W//16) + 1", (H // 16) * (W // 16) + 1),
    ("(H//4)*(W//4) + (H//8)*(W//8)", (H // 4) * (W // 4) + (H // 8) * (W // 8)),
    # remainders
    ("H%4", H % 4),
    ("H%2", (H % 4) % 2),
    ("(H - 1)%4", (H + 3) % 4),
    ("(-H)%7", -H % 7),
    ("(-H)%32", (32 - H % 32) % 32),
    ("4*(H%2)", (4 * H) % 8),
    ("4*(H%2) + 1", (4 * H + 1) % 8),
    ("64*(H%4)", 64 * (H % 4)),
    ("W*(H%4)", (H % 4) * W),
    ("W - H%4", W - H % 4),
    ("-(H%4)", -(H % 4)),
    ("32*(H//32)", H - H % 32),
    ("7*((H - 1)//7 + 1)", H + -H % 7),
    # divisors that are symbols
    ("H//K", H // K),
    ("H//(2*C)", H // 2 // C),
    ("(H - 1)//C + 1", ceil_div(H, C)),
    ("H//(C*W)", H // C // W),
    ("H//C + W", (H + W * C) // C),
    ("5//H", 5 // H),
    ("H//2", (H * W) // (2 * W)),
    ("W", (H * W * 64) // (64 * H)),
    ("H//(W + 1)", H // (W + 1)),
    ("1", H // H),
    ("K//K", K // K),
    # least and greatest
    ("min(H, 32)", minimum(H, 32)),
    ("max(H, 32)", maximum(32, H)),
    ("min(H, W, 3)", minimum(3, H, W, H + 1, 4)),
    ("H", maximum(H, 1)),
    ("1", minimum(H, 1)),
    ("2*min(H, W) - 1", 2 * minimum(W, H) - 1),
    ("min(H, W)//2", minimum(H, W) // 2),
    ("min(C, H, W)", minimum(H, minimum(C, W))),
    ("H", minimum(H, H + W // 2)),
    ("H//2", minimum(H // 2, H)),
]


@pytest.mark.parametrize(("text", "e"), TEXTS, ids=[f"{i}:{t}" for i, (t, _) in enumerate(TEXTS)])
def test_text(text: str, e: Dim) -> None:
    check(text, e)


def test_negative_coefficients_are_kept() -> None:
    assert evaluate((H - 1) // 2, {"H": 4}) == 1
    assert evaluate(H - 3 * W + W, {"H": 1, "W": 5}) == -9
    assert (H - W) + W == H


def test_integers_stay_integers() -> None:
    for d in (
        H - H,
        H * 0,
        (H - H) // 3,
        H % 1,
        (4 * H) % 2,
        minimum(3, 2),
        product([]),
        total([]),
    ):
        assert type(d) is int
    assert product([2, 3]) == 6
    assert total([2, 3]) == 5
    assert type(H * True) is Expr
    assert type((H + True) - H) is int


# --- Comparisons, one a line -------------------------------------------------------------------

COMPARISONS: list[tuple[Callable[[Dim, Dim], bool | None], Dim, Dim, bool | None]] = [
    (equal, 3, 3, True),
    (equal, 3, 4, False),
    (equal, H, H, True),
    (equal, H, W, None),
    (equal, H, H + 1, False),
    (equal, H, 0, False),
    (equal, K, 0, None),
    (equal, 2 * H, 2 * W + 1, False),
    (equal, 6 * H + 4, 9 * W, False),
    (equal, 64 * (H // 2) * (W // 2), 33, False),
    (equal, H, 2 * (H // 2), None),
    (equal, H // 2 + (H + 1) // 2, H, True),
    (equal, H // 3 + (H + 1) // 3 + (H + 2) // 3, H, True),
    (equal, H + H // 2, (3 * H) // 2, True),
    (equal, H // 2, (H + 1) // 2 + 1, False),
    (equal, H % 4, 5, False),
    (equal, H % C, C, False),
    (equal, (H * H + H) % 2, 0, True),
    (equal, minimum(H, 32), 33, False),
    (equal, minimum(H, W) + maximum(H, W), H + W, None),
    (less, H, H + 1, True),
    (less, H, H, False),
    (less, 0, H, True),
    (less, 1, H, None),
    (less, H // 2, H, True),
    (less, K // 2, K, None),
    (less, H % 4, 4, True),
    (less, 5, 2 * (H % 4), None),
    (less, 7, 2 * (H % 4), False),
    (less, H % C, C, True),
    (less, H, W, None),
    (less, minimum(H, 32), 33, True),
    (less, minimum(H, W), H + 1, True),
    (less_equal, minimum(H, W), H, True),
    (less_equal, (H + 1) // 2, H, True),
    (less_equal, times(half, 5, H), H, True),
    (less_equal, H, 2 * times(half, 1, H), True),
    (less_equal, 32 * (H // 32), H, True),
    (less_equal, H, H * W, True),
    (less_equal, H * W, H, None),
    (less_equal, 4 * (H // 2) * (W // 2), H * W, True),
    (less_equal, (H // C) * C, H, True),
    (less_equal, 0, H % C, True),
    (less_equal, 1, (H - 1) // 32 + 1, True),
    (less_equal, H // 4, H // 2, True),
    (less_equal, H, maximum(H, W), True),
    (less_equal, H + 1, H // 2, False),
]


@pytest.mark.parametrize(
    ("ask", "a", "b", "answer"),
    COMPARISONS,
    ids=[f"{ask.__name__}({a}, {b})" for ask, a, b, _ in COMPARISONS],
)
def test_comparison(
    ask: Callable[[Dim, Dim], bool | None],
    a: Dim,
    b: Dim,
    answer: bool | None,
) -> None:
    assert ask(a, b) is answer


def test_proofs_are_the_decided_comparisons() -> None:
    assert proves_unequal(2 * H, 2 * W + 1)
    assert not proves_unequal(H, W)
    assert not proves_unequal(H, H)
    assert proves_less(H // 2, H)
    assert not proves_less(H, W)
    assert not proves_less(H, H)


@pytest.mark.parametrize(
    ("d", "low", "high"),
    [
        (7, 7, 7),
        (H, 1, None),
        (-H, None, -1),
        (H // 2, 0, None),
        ((H - 1) // 32 + 1, 1, None),
        (H % 4, 0, 3),
        (3 - H % 4, 0, 3),
        (minimum(H, 32), 1, 32),
        (maximum(H, 32), 32, None),
        (minimum(H, 32) * (W % 3), 0, 64),
        (H * W, 1, None),
        ((H - 1) * (W - 1), 0, None),
        (H - H // 2, 1, None),
        (64 * (H // 4), 0, None),
        (H - W, None, None),
        (100 // H, 0, 100),
        (S * S, None, None),
    ],
    ids=str,
)
def test_bound(d: Dim, low: int | None, high: int | None) -> None:
    assert (lower_bound(d), upper_bound(d)) == (low, high)


# --- Exact division, as in the -1 of a reshape -------------------------------------------------


@pytest.mark.parametrize(
    ("a", "b", "quotient"),
    [
        (12, 4, 3),
        (12, 5, None),
        (12, 0, None),
        (0, H, 0),
        (H * W * 64, W * 64, H),
        (64 * (H // 4) * (W // 4), H // 4, 64 * (W // 4)),
        ((H - 2) * (W - 2) * N, (W - 2) * N, H - 2),
        (N * (H * W + 1) * C, H * W + 1, N * C),
        (H, 2, None),
        (2 * H + 4, 2, H + 2),
        (H, W, None),
        (7, H, None),
        ((H + -H % 7) * C, 7, ((H + 6) // 7) * C),
    ],
    ids=str,
)
def test_divide_exactly(a: Dim, b: Dim, quotient: Dim | None) -> None:
    assert divide_exactly(a, b) == quotient


# --- Symbols, anonymous sizes, errors, caps ----------------------------------------------------


def test_symbols_are_equal_by_name_and_minimum() -> None:
    assert symbol("H") == H
    assert symbol("H", 0) != H
    assert hash(symbol("H")) == hash(H)
    assert H != 1
    assert {H: 1}[symbol("H")] == 1


def test_anonymous_sizes_differ_and_print_as_a_question_mark() -> None:
    a, b = unknown_size(), unknown_size()
    assert a == a + 0
    assert a != b
    assert str(a) == "?"
    assert str(64 * (a // 2) * b) == "64*?*(?//2)"
    assert str(a * a) == "?*?"
    assert equal(a, b) is None
    assert lower_bound(a) == 0
    assert symbols(a + H) == {"H"}
    for d in (a, a * b, a // 2, H // (a + 1), minimum(H, a)):
        assert has_anonymous(d)
    assert not has_anonymous(H // 2)
    assert not has_anonymous(3)
    with pytest.raises(KeyError):
        evaluate(a, {"?": 3})


def test_substitution_is_simultaneous() -> None:
    assert substitute(H - 2 * W, {"H": W, "W": H}) == W - 2 * H
    assert substitute((H + 1) // 2 + K, {"H": 2 * W}) == W + K
    assert substitute(5, {"H": 1}) == 5
    assert symbols((H // (W + 1)) * minimum(C, K)) == {"H", "W", "C", "K"}


def test_what_has_no_answer_raises() -> None:
    with pytest.raises(TypeError, match="size H is zero"):
        bool(H)
    with pytest.raises(TypeError):
        H < 3  # type: ignore[operator]  # noqa: B015
    with pytest.raises(TypeError):
        H + 0.5  # type: ignore[operator]
    with pytest.raises(TypeError):
        2.0 // H  # type: ignore[operator]
    with pytest.raises(ZeroDivisionError):
        H // 0
    with pytest.raises(ZeroDivisionError):
        H % 0
    with pytest.raises(ZeroDivisionError):
        substitute(H // K, {"K": 0})
    with pytest.raises(KeyError):
        evaluate(H + W, {"H": 1})


def test_a_divisor_of_unknown_sign_stays() -> None:
    for sizes in ({"H": 7, "S": -3}, {"H": 7, "S": 2}):
        assert evaluate(H // S, sizes) == 7 // sizes["S"]
        assert evaluate(H % S, sizes) == 7 % sizes["S"]
    assert str((S * H) // S) == "(H*S)//S"


def test_past_the_caps_a_size_is_anonymous() -> None:
    wide = total(symbol(f"n{i}") for i in range(expr.MAX_TERMS))
    assert not has_anonymous(wide)
    assert has_anonymous(wide + H)
    assert lower_bound(wide - 2 * H) is None
    high = product([H] * expr.MAX_FACTORS)
    assert not has_anonymous(high)
    assert has_anonymous(high * H)
    deep = times(lambda d: (3 * d + 1) // 2, expr.MAX_NESTING, H)
    assert not has_anonymous(deep)
    assert has_anonymous((3 * deep + 1) // 2)


def test_big_integers_are_pythons() -> None:
    big = 10**40
    assert evaluate((H * big + 1) // big, {"H": 3}) == 3
    assert less(H, big * H + 1) is True
