"""Element-wise mathematics and operators against CPU torch."""

from __future__ import annotations

import operator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conv_lsp.library.pointwise import (
    ALIKE,
    BINARY_BOOL,
    BINARY_FLOAT,
    BINARY_SAME,
    BOOL_TYPE,
    FLOAT_TYPE,
    REAL_TYPE,
    SAME_TYPE,
    SPECIAL,
    TESTS,
)
from conv_lsp.library.registry import METHODS, OPS
from conv_lsp.values import Tensor
from tests.judge import SETTINGS, agree, each, tensors, torch
from tests.opcheck import outcome

# Two hundred functions with the same rule each: a few arguments for each are many in all.
FEW = settings(SETTINGS, max_examples=8)
INTEGERS = {"bitwise_not", "gcd", "lcm", "bitwise_and", "bitwise_or", "bitwise_xor"}
INTEGERS |= {"bitwise_left_shift", "bitwise_right_shift"}


def names(*tables: str) -> list[str]:
    return sorted({entry.partition("(")[0] for table in tables for entry in table.split()})


def of(name: str, made: Any) -> Any:
    """A tensor that the function takes."""
    if name in INTEGERS:
        return made.long()
    return made.abs() + 3 if name == "mvlgamma" else made


ONE = names(SAME_TYPE, FLOAT_TYPE, BOOL_TYPE, TESTS, REAL_TYPE, ALIKE, "angle mvlgamma")
TWO = [*names(BINARY_SAME, BINARY_FLOAT, BINARY_BOOL), *"div divide pow ldexp float_power".split()]


@pytest.mark.parametrize("name", ONE)
def test_where_it_is_reached(name: str) -> None:
    """In place wherever torch has it, and nowhere else."""
    assert hasattr(torch, f"{name}_") == (f"torch.{name}_" in OPS)
    assert hasattr(torch.Tensor, f"{name}_") == (f"{name}_" in METHODS)


@pytest.mark.parametrize("name", ONE)
def test_one_operand(name: str) -> None:
    more = (2,) if name == "mvlgamma" else ()

    @FEW
    @given(tensors())
    def check(made: Any) -> None:
        given_ = of(name, made)
        agree(f"torch.{name}", getattr(torch, name), given_, *more)
        agree(f"Tensor.{name}", getattr(torch.Tensor, name), given_, *more)
        if hasattr(torch.Tensor, f"{name}_") and 0 not in given_.stride():
            agree(f"Tensor.{name}_", getattr(torch.Tensor, f"{name}_"), given_.clone(), *more)

    check()


@pytest.mark.parametrize("name", names(SPECIAL))
def test_special(name: str) -> None:
    function = getattr(torch.special, name)
    agree(f"torch.special.{name}", function, torch.zeros(2, 3).mT)
    agree(f"torch.special.{name}", function, torch.ones(4, dtype=torch.int64))


@pytest.mark.parametrize(
    "name", [n for n in names(SAME_TYPE, FLOAT_TYPE, REAL_TYPE) if n != "frac"]
)
def test_dtype_of_integers(name: str) -> None:
    """Integers stay, or become float32."""
    agree(f"torch.{name}", getattr(torch, name), torch.ones(2, 3, dtype=torch.int64))


@st.composite
def pairs(draw: Any) -> Any:
    """Two tensors that mostly broadcast."""
    shape = draw(st.lists(st.integers(0, 4), max_size=3))
    other = [draw(st.sampled_from([s, s, s, 1, 3])) for s in shape]
    other = other[draw(st.integers(0, len(other))) :]
    made = [torch.ones(shape), torch.ones(other)]
    if draw(st.booleans()):
        made = [m.mT.contiguous().mT if m.dim() > 1 else m for m in made]
    return made[::-1] if draw(st.booleans()) else made


@pytest.mark.parametrize("name", TWO)
def test_two_operands(name: str) -> None:
    @FEW
    @given(pairs())
    def check(made: Any) -> None:
        a, b = (of(name, m) for m in made)
        agree(f"torch.{name}", getattr(torch, name), a, b)
        agree(f"Tensor.{name}", getattr(torch.Tensor, name), a, b)
        if hasattr(torch.Tensor, f"{name}_"):
            kind = torch.float64 if name == "float_power" else a.dtype
            agree(f"Tensor.{name}_", getattr(torch.Tensor, f"{name}_"), a.to(kind).clone(), b)

    check()


OPERATORS = {
    name: getattr(operator, name)
    for name in "add sub mul truediv floordiv mod pow eq ne lt le gt ge".split()
}
BITS = {name: getattr(operator, name) for name in "and_ or_ xor lshift rshift".split()}
NUMBERS = st.sampled_from([2, 0.5, 3])


@pytest.mark.parametrize("name", [*OPERATORS, *BITS])
def test_operators(name: str) -> None:
    kind = torch.int64 if name in BITS else torch.float32
    function = getattr(operator, name)

    @FEW
    @given(pairs(), st.just(2) if name in BITS else NUMBERS)
    def check(made: Any, number: Any) -> None:
        a, b = (m.to(kind) for m in made)
        agree(f"operator.{name}", function, a, b)
        agree(f"operator.{name}", function, a, number)
        agree(f"operator.{name}", function, number, b)
        written = f"i{name.rstrip('_')}"
        if hasattr(operator, written):
            agree(f"operator.{written}", getattr(operator, written), a.clone(), b)
            agree(f"operator.{written}", getattr(operator, written), a.clone(), 2)

    check()


@pytest.mark.parametrize("name", ["neg", "pos", "abs"])
def test_signs(name: str) -> None:
    each(f"operator.{name}", getattr(operator, name), tensors())


@pytest.mark.parametrize("dtype", ["bool", "int64"])
def test_invert(dtype: str) -> None:
    agree("operator.invert", operator.invert, torch.ones(2, 3, dtype=getattr(torch, dtype)))


@pytest.mark.parametrize("a", ["bool", "uint8", "int64", "float16", "float32", "float64"])
@pytest.mark.parametrize("b", ["bool", "uint8", "int64", "float16", "float32", "float64"])
def test_promotion(a: str, b: str) -> None:
    """With tensors of every rank: a number counts only where its category is higher."""
    for shape in ((2, 3), ()):
        for other in ((3,), ()):
            x = torch.ones(shape, dtype=getattr(torch, a))
            y = torch.ones(other, dtype=getattr(torch, b))
            agree("operator.mul", operator.mul, x, y)
            agree("operator.truediv", operator.truediv, x, y)


def test_three_operands() -> None:
    @FEW
    @given(pairs(), tensors(0, 2, 1))
    def check(made: Any, third: Any) -> None:
        for name in ("lerp", "addcmul", "addcdiv"):
            agree(f"torch.{name}", getattr(torch, name), *made, third)
            agree(
                f"Tensor.{name}_",
                getattr(torch.Tensor, f"{name}_"),
                made[0].clone(),
                made[1],
                third,
            )

    check()


LIMITS = st.sampled_from([None, 0, 1, 0.5])


@pytest.mark.parametrize("name", ["clamp", "clip", "clamp_", "clip_"])
def test_clamp(name: str) -> None:
    @FEW
    @given(pairs(), LIMITS, LIMITS)
    def check(made: Any, low: Any, high: Any) -> None:
        agree(f"torch.{name}", getattr(torch, name), made[0].clone(), low, high)
        agree(f"Tensor.{name}", getattr(torch.Tensor, name), made[0].clone(), made[1])

    check()


def test_clamp_of_integers_with_floats() -> None:
    agree("torch.clamp", torch.clamp, torch.ones(2, dtype=torch.int64), 0.5)
    agree("torch.clamp", torch.clamp, torch.ones(2, dtype=torch.int64), 0)


def test_words_of_numpy() -> None:
    assert outcome("torch.add", Tensor((2,)), x2=Tensor((2,))) == (2, "float32")
    assert outcome("torch.sum", Tensor((2, 3)), axis=1, keepdims=True) == (2, 1, "float32")
