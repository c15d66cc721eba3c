"""What numpy says of known numbers, and the arrays it makes."""

from __future__ import annotations

from typing import Any

import pytest

from conv_lsp.values import Tensor
from tests.python_library.asking import ask

NUMBERS: list[tuple[str, tuple[Any, ...]]] = [
    ("prod", ([2, 3],)), ("prod", (((2, 3), (4, 5)),)), ("sqrt", (16,)), ("log2", (8,)), ("ceil", (2.2,)),
    ("floor", (-2.5,)), ("round", (2.5,)), ("power", (2, 3)), ("maximum", (2, 3)), ("max", ([1, 5, 2],)),
    ("sum", ([1, 2],)), ("mean", ([1, 2],)), ("exp", (0,)), ("abs", (-3,)), ("log", (2,)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "args"), NUMBERS)
def test_numpy_of_numbers(name: str, args: tuple[Any, ...]) -> None:
    numpy = pytest.importorskip("numpy")
    assert ask(f"numpy.{name}", *args) == pytest.approx(getattr(numpy, name)(*args))


ARRAYS: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = [
    ("array", ([[1, 2], [3, 4]],), {}), ("array", ([1.5, 2],), {}), ("zeros", ((2, 3),), {}), ("ones", (4,), {}),
    ("arange", (10,), {}), ("arange", (1, 2, 0.5), {}), ("linspace", (0, 1, 5), {}), ("full", ((2,), 7), {}),
    ("cumsum", ([1, 2, 3],), {}), ("random.rand", (2, 3), {}), ("random.normal", (0, 1, (4, 5)), {}),
    ("random.randint", (0, 5), {"size": (3,)}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "args", "kwargs"), ARRAYS)
def test_numpy_arrays(name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    numpy = pytest.importorskip("numpy")
    function = numpy
    for part in name.split("."):
        function = getattr(function, part)
    theirs, ours = function(*args, **kwargs), ask(f"numpy.{name}", *args, **kwargs)
    assert ours.shape == theirs.shape
    assert ours.dtype == str(theirs.dtype)
    if ours.data is not None:
        assert numpy.allclose(ours.data, theirs)


def test_torch_takes_over_arrays() -> None:
    array = ask("numpy.random.normal", 0, 1, (4, 100))
    for path in ("torch.from_numpy", "torch.tensor", "torch.FloatTensor"):
        found = ask(path, array)
        assert type(found) is Tensor
        assert found.shape == (4, 100)
