"""Constant folding against torch: numbers are torch's own, or bounds that hold them, or not known."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conv_lsp.library.constants import Between, flat, nested
from conv_lsp.library.dtypes import DTYPES
from conv_lsp.values import Tensor
from tests.opcheck import run

torch: Any = pytest.importorskip("torch")
torch.set_num_threads(1)

EXAMPLES = settings(max_examples=2000, deadline=None, database=None)

small = st.floats(-8, 8, width=32).filter(lambda x: x == 0 or abs(x) > 1e-3)
positive = st.floats(0.125, 50, width=32)
whole = st.integers(-9, 9)
shapes = st.sampled_from([(), (1,), (5,), (3, 1), (1, 4), (2, 3), (2, 1, 3), (17,)])


def numbers(element: Any, *shape: int) -> Any:
    """Nested lists of numbers."""
    if shape:
        return nested_lists(element, shape)
    return shapes.flatmap(lambda drawn: nested_lists(element, drawn))


def nested_lists(element: Any, shape: Any) -> Any:
    count = math.prod(shape)
    return st.lists(element, min_size=count, max_size=count).map(lambda row: nested(row, shape))


def both(data: Any, dtype: str = "") -> tuple[Tensor, Any]:
    """A constant of ours and of torch's."""
    own, _ = run("torch.tensor", data, **({"dtype": DTYPES[dtype]} if dtype else {}))
    return own, torch.tensor(data, **({"dtype": getattr(torch, dtype)} if dtype else {}))


def agree(own: Any, judge: Any, *, exact: bool = True) -> None:
    """Ours are torch's numbers; where not `exact`, bounds of them or nothing are right too."""
    assert isinstance(own, Tensor)
    assert own.shape == tuple(judge.shape)
    assert own.dtype == str(judge.dtype).removeprefix("torch.")
    if own.data is None:
        assert not exact, f"not known: {judge}"
        return
    for mine, real in zip(flat(own.data), judge.flatten().tolist(), strict=True):
        if isinstance(mine, Between):
            assert not exact, f"{mine}: {real}"
            assert mine.low <= real <= mine.high
        else:
            assert mine == real
            assert type(mine) is type(real)


def compare(path: str, ours: list[Any], theirs: list[Any], *, exact: bool = True, **k: Any) -> None:
    """The same call on both sides; what torch refuses is not compared."""
    name = path.rpartition(".")[2]
    try:
        judge = getattr(torch, name)(*theirs, **k)
    except (RuntimeError, TypeError, IndexError):
        return
    own, findings = run(path, *ours, **k)
    assert not findings
    exact = exact and bool(torch.isfinite(judge.double()).all())
    agree(own, judge, exact=exact)


# one line an operation: how to draw its numbers, and whether its results are exact
ONE = {
    "neg abs sign floor ceil trunc round square": (small, True),
    "exp expm1 exp2": (small, False),
    "log log2 log10 log1p sqrt": (positive, False),
    "sum mean prod cumsum cumprod": (small, False),
    "max min amax amin any all count_nonzero argmax argmin": (small, False),
}
TWO = {
    "add sub mul maximum minimum": (small, True),
    "div true_divide": (positive, True),
    "floor_divide remainder fmod": (positive, True),
    "pow": (positive, False),
    "eq ne lt le gt ge": (whole, True),
    "logical_and logical_or": (whole, True),
}


@pytest.mark.parametrize("name", " ".join(ONE).split())
def test_one_operand(name: str) -> None:
    element, exact = next(v for k, v in ONE.items() if name in k.split())
    along = name in ("cumsum", "cumprod")

    @EXAMPLES
    @given(numbers(element), numbers(whole))
    def check(floats: Any, integers: Any) -> None:
        for data, dtype in ((floats, "float32"), (floats, "float64"), (integers, "int64")):
            own, judge = both(data, dtype)
            more = [0] if along else []
            compare(f"torch.{name}", [own, *more], [judge, *more], exact=exact)

    check()


@pytest.mark.parametrize("name", " ".join(TWO).split())
def test_two_operands(name: str) -> None:
    element, exact = next(v for k, v in TWO.items() if name in k.split())

    @EXAMPLES
    @given(numbers(element), numbers(element), numbers(whole), st.sampled_from([2, 3, 0.5, 1.7]))
    def check(a: Any, b: Any, c: Any, number: Any) -> None:
        operands = [both(a, "float32"), both(b, "float32"), both(c), both(b, "float64")]
        for own, judge in operands[:2]:
            for other, real in [*operands, (number, number)]:
                compare(f"torch.{name}", [own, other], [judge, real], exact=exact)

    check()


@EXAMPLES
@given(numbers(positive), st.sampled_from([2, 7, 0.3, 8.0]))
def test_with_numbers(data: Any, number: Any) -> None:
    own, judge = both(data, "float32")
    for name in ("add", "sub", "mul", "div", "floor_divide", "remainder", "gt", "eq"):
        compare(f"torch.{name}", [own, number], [judge, number])
    for word in ("add", "sub", "mul", "truediv"):
        mine, _ = run(f"operator.{word}", number, own)
        agree(mine, getattr(__import__("operator"), word)(number, judge))
    compare("torch.pow", [own, 2], [judge, 2])


@EXAMPLES
@given(numbers(whole), st.integers(1, 5))
def test_integers_are_exact(data: Any, number: int) -> None:
    own, judge = both(data)
    for name in ("add", "sub", "mul", "div", "floor_divide", "remainder", "pow"):
        compare(f"torch.{name}", [own, number], [judge, number])
    for name in ("sum", "prod", "max", "min", "any", "all", "count_nonzero"):
        compare(f"torch.{name}", [own], [judge])


@EXAMPLES
@given(numbers(whole), st.integers(-3, 2), st.booleans())
def test_along_an_axis(data: Any, dim: int, keepdim: bool) -> None:
    own, judge = both(data)
    for name in ("sum", "any", "amax", "prod"):
        for kwargs in ({}, {"keepdim": keepdim}):
            compare(f"torch.{name}", [own, dim], [judge, dim], **kwargs)
    for name in ("cumsum", "cumprod"):
        compare(f"torch.{name}", [own, dim], [judge, dim])
    compare("torch.diff", [own, 1, dim], [judge, 1, dim])
    compare("torch.flip", [own, (dim,)], [judge, (dim,)])
    for name in ("cat", "stack"):
        compare(f"torch.{name}", [[own, own], dim], [[judge, judge], dim])


@EXAMPLES
@given(
    st.floats(-3, 3),
    st.floats(0.01, 2),
    st.integers(1, 40),
    st.sampled_from(["float32", "float64"]),
)
def test_evenly_spaced(start: float, step: float, count: int, dtype: str) -> None:
    ours, theirs = {"dtype": DTYPES[dtype]}, {"dtype": getattr(torch, dtype)}
    end = start + step * (count - 0.5)
    agree(
        run("torch.arange", start, end, step, **ours)[0],
        torch.arange(start, end, step, **theirs),
        exact=False,
    )
    agree(
        run("torch.linspace", start, end, count, **ours)[0],
        torch.linspace(start, end, count, **theirs),
    )
    agree(
        run("torch.logspace", start, end / 9, count, **ours)[0],
        torch.logspace(start, end / 9, count, **theirs),
        exact=False,
    )
    agree(run("torch.arange", count)[0], torch.arange(count))
    agree(run("torch.arange", 0.0, count)[0], torch.arange(0.0, count))


@EXAMPLES
@given(numbers(small))
def test_casts_and_clamps(data: Any) -> None:
    own, judge = both(data, "float32")
    for name in ("int", "long", "double", "bool"):
        agree(run(f"Tensor.{name}", own)[0], getattr(judge, name)())
    for bounds in ((0, 3), (None, 1), (-0.1, None)):
        compare("torch.clamp", [own, *bounds], [judge, *bounds])
    assert run("Tensor.tolist", own)[0] == judge.tolist()


@EXAMPLES
@given(numbers(small, 6, 2), st.integers(-6, 5), st.integers(-7, 7), st.sampled_from([1, 2]))
def test_parts(data: Any, index: int, stop: int, step: int) -> None:
    own, judge = both(data, "float32")
    for part in (index, slice(index, stop, step), (index, 1), (slice(None, stop), 0)):
        agree(run("operator.getitem", own, part)[0], judge[part])


@pytest.mark.parametrize(
    ("w_a", "w_0", "w_m", "depth"),
    [
        (36.44, 24, 2.49, 16),
        (24.48, 24, 2.54, 22),
        (160.23, 328, 2.52, 18),
        (115.89, 232, 2.53, 23),
    ],
)
def test_widths_of_a_network(w_a: float, w_0: int, w_m: float, depth: int) -> None:
    """Logarithms and powers that are rounded to steps come out as integers."""
    steps = run("torch.arange", depth)[0]
    widths = run("operator.add", run("operator.mul", steps, w_a)[0], w_0)[0]
    logs = run("torch.log", run("operator.truediv", widths, w_0)[0])[0]
    capacity = run("torch.round", run("operator.truediv", logs, math.log(w_m))[0])[0]
    powers = run("operator.mul", w_0, run("torch.pow", w_m, capacity)[0])[0]
    rounded = run("torch.round", run("torch.divide", powers, 8)[0])[0]
    own = run("Tensor.int", run("operator.mul", rounded, 8)[0])[0]
    judge = torch.round(torch.log((torch.arange(depth) * w_a + w_0) / w_0) / math.log(w_m))
    agree(own, (torch.round(torch.divide(w_0 * torch.pow(w_m, judge), 8)) * 8).int())


def test_a_write_is_not_overlooked() -> None:
    """Numbers are forgotten where a tensor, or a view of it, is written to."""
    for write in ("Tensor.add_", "operator.iadd", "Tensor.fill_", "Tensor.mul_"):
        own, _ = both([1, 2, 3])
        view = run("operator.getitem", own, slice(0, 2))[0]
        other = run("Tensor.view", view, 2, 1)[0]
        run(write, other, 5)
        assert own.data is view.data is other.data is None, write
    own, _ = both([1, 2, 3])
    run("torch.add", 1, 2, out=own)
    assert own.data is None


def test_long_constants_are_not_kept() -> None:
    assert run("torch.arange", 4096)[0].data is not None
    assert run("torch.arange", 4097)[0].data is None
    assert run("torch.zeros", 64, 65)[0].data is None
    grown = run("torch.cat", [run("torch.arange", 4096)[0]] * 2)[0]
    assert grown.shape == (8192,)
    assert grown.data is None
