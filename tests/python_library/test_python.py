"""What the library says of Python itself: on known values Python is the judge."""

from __future__ import annotations

import builtins
import collections
import itertools
import math
import operator
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conv_lsp.dims import symbol
from conv_lsp.library import registry
from conv_lsp.library.numpy_basics import Array
from conv_lsp.library.registry import Call, Op
from conv_lsp.values import Dict, List, Unknown, kind_of
from tests.python_library.asking import (
    CONV,
    DOUBLE,
    NAMED,
    WHY,
    H,
    Host,
    W,
    X,
    ask,
    ask_op,
    made,
    real,
)

BUILTINS: list[tuple[Any, ...]] = [
    (len, [1, 2]), (len, "abc"), (len, {1: 2}), (len, 3), (len, None),
    (range, 3), (range, 1, 10, 4), (range, 1.5), (range, 1, 2, 0),
    (enumerate, "ab", 1), (zip, [1, 2], "abc"), (zip,), (reversed, [1, 2, 3]),
    (sorted, [3, 1, 2]), (sorted, [(1, "b"), (0, "c")]), (sorted, [1, "a"]),
    (any, [0, 1]), (any, []), (all, [1, 0]), (all, []),
    (list, "abc"), (tuple, [1, 2]), (set, [1, 1, 2]), (set, [[1]]), (frozenset, "aab"),
    (dict, [(1, 2), ("a", 3)]), (dict, {"a": 1}), (slice, 1, None, 2),
    (int, "12"), (int, "ff", 16), (int, 3.9), (int, "abc"), (int, True), (int, float("inf")),
    (float, "1.5"), (float, 2), (float, "x"), (bool, ""), (bool, [0]),
    (abs, -3), (abs, -2.5), (round, 2.5), (round, 2.567, 1), (divmod, 7, 2), (divmod, 7, 0),
    (pow, 2, 10), (pow, 2, 10, 7), (sum, [1, 2, 3]), (sum, [[1], [2]], []), (sum, [1, "a"]),
    (max, 1, 3, 2), (max, [1.5, 0.5]), (min, "b", "a"), (min, [(1, 2), (1, 1)]),
    (str, 1.5), (str, [1, "a"]), (repr, "a"), (chr, 65), (ord, "A"), (bin, 5), (hex, 255),
    (isinstance, 1, int), (isinstance, True, (str, int)), (isinstance, "a", collections.abc.Sized),
    (issubclass, bool, int), (issubclass, int, (str, float)), (callable, len), (callable, 3),
]  # fmt: skip


@pytest.mark.parametrize("case", BUILTINS, ids=lambda c: f"{c[0].__name__}{c[1:]}")
def test_builtins_are_pythons(case: tuple[Any, ...]) -> None:
    function, *args = case
    path = f"builtins.{function.__name__}"
    ours = ask_op(path, *args) if path in registry.OPS else ask(path, *args)
    theirs = real(function, args, {})
    assert ours == theirs
    assert isinstance(ours, type(theirs)) or isinstance(theirs, (list, dict))


STANDARD: list[tuple[str, Callable[..., Any], tuple[Any, ...]]] = [
    *((f"math.{n}", getattr(math, n), (v,)) for n in ("sqrt", "log2", "exp", "floor", "ceil", "trunc")
      for v in (2, 0.25, -1.5)),
    ("math.log", math.log, (8, 2)), ("math.gcd", math.gcd, (12, 18)), ("math.hypot", math.hypot, (3, 4)),
    ("math.prod", math.prod, ([2, 3.5],)), ("math.prod", math.prod, ([2, 3],)),
    ("math.factorial", math.factorial, (6,)), ("math.comb", math.comb, (5, 2)),
    ("math.isclose", math.isclose, (1.0, 1.0)), ("math.fsum", math.fsum, ([0.1, 0.2],)),
    *((f"operator.{n}", getattr(operator, n), (7, 2)) for n in
      ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "eq", "lt", "ge", "and_")),
    ("operator.neg", operator.neg, (3,)), ("operator.index", operator.index, (1.5,)),
    ("itertools.chain", itertools.chain, ([1], "ab")),
    ("itertools.product", itertools.product, ([1, 2], "ab")),
    ("itertools.zip_longest", itertools.zip_longest, ([1], "ab")),
    ("itertools.pairwise", itertools.pairwise, ([1, 2, 3],)),
    ("itertools.combinations", itertools.combinations, (range(4), 2)),
    ("itertools.permutations", itertools.permutations, ("abc",)),
    ("itertools.accumulate", itertools.accumulate, ([1, 2, 3],)),
    ("itertools.islice", itertools.islice, (range(10), 2, 8, 3)),
    ("itertools.repeat", itertools.repeat, ("a", 3)),
    ("itertools.chain.from_iterable", itertools.chain.from_iterable, ([[1], [2, 3]],)),
    ("re.split", re.split, (r"(\d+)", "r1_k3")), ("re.sub", re.sub, (r"\d", "n", "a1b2")),
    ("re.findall", re.findall, (r"k(\d)", "k3_k5")), ("re.escape", re.escape, ("a.b",)),
]  # fmt: skip


@pytest.mark.parametrize(("path", "function", "args"), STANDARD)
def test_standard_library_is_pythons(
    path: str, function: Callable[..., Any], args: tuple[Any, ...]
) -> None:
    assert ask(path, *args) == real(function, args, {})


@given(
    st.sampled_from(["min", "max", "sum", "sorted", "any", "all", "list", "enumerate", "reversed"]),
    st.lists(st.integers(-5, 5), min_size=1, max_size=5),
)
@settings(derandomize=True, deadline=None)
def test_builtins_of_lists(name: str, values: list[int]) -> None:
    assert ask_op(f"builtins.{name}", List(values)) == real(getattr(builtins, name), [values], {})


SIZES: list[tuple[str, tuple[Any, ...], str]] = [
    ("builtins.int", (H // 2,), "H//2"), ("builtins.float", (H,), "H"), ("builtins.round", (H,), "H"),
    ("builtins.abs", (H - 1,), "H - 1"), ("builtins.max", (H, 0), "H"), ("builtins.min", (H, 32), "min(H, 32)"),
    ("builtins.sum", ([H, W, 1],), "H + W + 1"), ("builtins.divmod", (H, 2), "(H//2, H%2)"),
    ("builtins.pow", (H, 2), "H*H"), ("builtins.int", (NAMED,), "width"), ("builtins.max", (NAMED, 0), "width"),
    ("math.prod", ([H, W],), "H*W"), ("math.ceil", (H,), "H"), ("numpy.prod", ((H, 2),), "2*H"),
    ("operator.mul", (H, 2), "2*H"), ("operator.sub", (NAMED, 1), "width - 1"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "args", "text"), SIZES)
def test_sizes_stay_exact(path: str, args: tuple[Any, ...], text: str) -> None:
    found = (
        ask_op(path, *args) if path in registry.OPS and path.startswith("b") else ask(path, *args)
    )
    names = {"H": H, "W": W, "width": symbol("width"), "min": lambda *a: ask_op("builtins.min", *a)}
    shown = found.size() if isinstance(found, Unknown) else found
    assert shown == eval(text, names)


UNDECIDED = [
    ("range", (H,)), ("len", (WHY,)), ("sorted", ([H, 1],)), ("any", ([WHY, 0],)), ("all", ([WHY, 1],)),
    ("bool", (H,)), ("max", (WHY, 1)), ("sum", ([WHY, 1],)), ("isinstance", (WHY, int)), ("set", ([H, W],)),
    ("abs", (H - W,)), ("int", (WHY,)), ("getattr", (WHY, "a")), ("list", (WHY,)), ("zip", ([1], WHY)),
    ("hash", (1,)), ("input", ()), ("str", (H,)), ("enumerate", (NAMED,)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "args"), UNDECIDED)
def test_what_is_not_known_stays_unknown(name: str, args: tuple[Any, ...]) -> None:
    found = ask_op(f"builtins.{name}", *args)
    assert isinstance(found, Unknown)
    assert not found.name


def test_vague_lists_have_no_length() -> None:
    vague = List([1, 2])
    vague.vague = "filled under a condition"
    for name in ("len", "list", "sum", "max", "sorted", "tuple", "enumerate"):
        assert isinstance(ask_op(f"builtins.{name}", vague), Unknown)


@pytest.mark.parametrize(("iterable", "settled"), [([WHY, 1], True), ([0, WHY], None)])
def test_one_element_decides(iterable: list[Any], settled: bool | None) -> None:
    found = ask_op("builtins.any", iterable)
    assert isinstance(found, Unknown) if settled is None else found is settled


def test_bounds_of_collections() -> None:
    assert isinstance(ask_op("builtins.list", range(10**12)), Unknown)
    assert ask_op("builtins.range", 10**12) == range(10**12)
    assert isinstance(ask("itertools.product", range(1000), range(1000)), Unknown)
    assert isinstance(ask("math.factorial", 10**9), Unknown)
    assert isinstance(ask_op("builtins.pow", 10, 10**9), Unknown)


def test_what_is_made_of_parameters_may_be_incomplete() -> None:
    for path in ("builtins.max", "builtins.min", "builtins.next"):
        assert isinstance(ask_op(path, List()), Unknown)


def test_next_moves_on() -> None:
    cursor = ask("builtins.iter", [1, 2])
    assert [ask("builtins.next", cursor), ask("builtins.next", cursor)] == [1, 2]
    assert ask("builtins.next", cursor) == "StopIteration"
    assert ask("builtins.next", cursor, "end") == "end"
    counter = ask("itertools.count", 5)
    assert [ask("builtins.next", counter), ask("builtins.next", counter)] == [5, 6]
    assert ask_op("builtins.zip", ask("itertools.count"), "ab") == [(0, "a"), (1, "b")]


KINDS: list[tuple[Any, str, bool | None]] = [
    (X, "torch.Tensor", True), (X, "torch.LongTensor", False), (X, "torch.nn.Parameter", False),
    (CONV, "torch.nn.Module", True), (CONV, "torch.nn.Conv2d", True), (CONV, "torch.nn.Linear", False),
    (H, "builtins.int", True), (H, "builtins.float", False), (H, "numbers.Number", True),
    (List(), "typing.List", True), (Dict(), "collections.abc.Mapping", True), ((1,), "typing.Sequence", True),
    (X, "collections.abc.Iterable", True), (X, "collections.abc.Sequence", False),
    (Array((2,)), "torch.Tensor", False), (Array((2,)), "numpy.ndarray", True), (X, "numpy.ndarray", False),
    (1, "numpy.integer", False), (1, "typing.Any", None), (WHY, "builtins.int", None),
    (3, "torch.Tensor", False), (None, "torch.nn.Module", False),
]  # fmt: skip


@pytest.mark.parametrize(("value", "path", "verdict"), KINDS)
def test_isinstance(value: Any, path: str, verdict: bool | None) -> None:
    found = ask_op("builtins.isinstance", value, registry.find(path))
    assert isinstance(found, Unknown) if verdict is None else found is verdict


def _square(call: Call, x: Any) -> Any:
    return x * x


def _one(call: Call, x: object) -> Any:
    return 1


def _make(call: Call) -> Any:
    return H


def test_functions_are_called() -> None:
    assert ask_op("builtins.map", DOUBLE, [1, 2]) == [2, 4]
    assert ask_op("builtins.sorted", [3, -4], key=Op("k", _square), reverse=True) == [
        -4,
        3,
    ]
    assert ask_op("builtins.max", [H, W], key=Op("k", _one)) is H
    assert ask("functools.reduce", registry.find("operator.mul"), [H, 2, 3]) == 6 * H
    assert ask("itertools.starmap", registry.find("operator.add"), [(1, 2)]) == [3]
    assert isinstance(ask_op("builtins.filter", DOUBLE, [WHY]), Unknown)


def test_partial_keeps_what_it_is_given() -> None:
    half = made("functools.partial", registry.find("torch.nn.Conv2d"), 3, kernel_size=1)
    layer = made("functools.partial", half, bias=False)
    assert layer.__dict__["args"] == (3,)
    assert Host().invoke(layer, (8,), {}, None).__dict__["out_channels"] == 8


def test_default_factory_is_called() -> None:
    held = ask_op("builtins.defaultdict", Op("make", _make))
    assert Host().invoke(held.default_factory, (), {}, None) is H


def test_deep_copies_are_new_and_keep_what_is_shared() -> None:
    shared = List([1])
    tree = made("torch.nn.Sequential", CONV, CONV)
    tree.__dict__["extra"] = (shared, shared)
    other = ask("copy.deepcopy", tree)
    first, second = other.elements()
    assert first is second
    assert first is not CONV
    assert kind_of(first) is kind_of(CONV)
    assert first.__dict__["weight"] is not CONV.__dict__["weight"]
    assert first.__dict__["weight"].kind == "parameter"
    one, two = other.__dict__["extra"]
    assert one is two
    assert one == shared
    assert one is not shared
