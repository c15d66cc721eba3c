"""What the library says of Python, its standard library, containers and training code.

The judge is Python itself, torch or numpy, wherever the arguments are known.
"""

from __future__ import annotations

import argparse
import builtins
import collections
import copy
import itertools
import math
import operator
import re
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conv_lsp.dims import Expr, symbol
from conv_lsp.library import registry
from conv_lsp.library.images import image
from conv_lsp.library.numpy_basics import Array
from conv_lsp.library.registry import Call, Failed, Op
from conv_lsp.values import MISSING, Dict, Instance, List, Tensor, Unknown, kind_of
from tests import opcheck

H, W = symbol("H"), symbol("W")
WHY = Unknown("not known")
NAMED = Unknown("a parameter", name="width")


class Host(opcheck.Host):
    """As much of an interpreter as these rules ask for: attributes, elements, truth."""

    def invoke(self, function: Any, args: Any, kwargs: Any, site: Any) -> Any:
        if isinstance(function, Unknown):
            return function
        if isinstance(function, tuple):
            method, target = function
            return registry.apply_method(method, target, Call(self, None), args, kwargs)  # type: ignore[arg-type]
        if isinstance(function, Instance) and "__call__" in registry.exposed(type(function)):
            return self.invoke(
                (registry.exposed(type(function))["__call__"], function), args, kwargs, site
            )
        if isinstance(function, type) and issubclass(function, Instance):
            made = function.__new__(function)
            Instance.__init__(made)
            init = registry.exposed(function).get("__init__")
            if init is not None:
                registry.apply_method(init, made, Call(self, None), args, kwargs)  # type: ignore[arg-type]
            return made
        if isinstance(function, type):
            op = registry.OPS.get(f"builtins.{function.__name__}", function)
            return opcheck.call_value(op, args, kwargs, self)
        return opcheck.call_value(function, args, kwargs, self)

    def attribute(self, value: Any, name: str, site: Any) -> Any:
        if not isinstance(value, Instance):
            return MISSING
        if name in value.__dict__:
            return value.__dict__[name]
        method = registry.exposed(type(value)).get(name)
        return MISSING if method is None else (method, value)

    def elements(self, value: Any, site: Any) -> Any:
        if isinstance(value, Unknown):
            return value
        if getattr(value, "vague", "") and isinstance(value, (List, Dict)):
            return Unknown(value.vague)
        if isinstance(value, Instance):
            method = registry.exposed(type(value)).get("iterate")
            if method is not None:
                return self.invoke((method, value), (), {}, site)
            inner = getattr(value, "elements", None)
            held = inner() if inner is not None else None
            return Unknown("an object") if held is None else held
        return (
            list(value) if isinstance(value, collections.abc.Iterable) else Unknown("no iterable")
        )

    def truth(self, value: Any) -> bool | None:
        return None if isinstance(value, (Tensor, Unknown, Expr)) else bool(value)


def ask(path: str, *args: Any, **kwargs: Any) -> Any:
    """What a function of the library gives; the exception's name where it certainly raises."""
    host = Host()
    try:
        return host.invoke(registry.find(path), args, kwargs, None)
    except Failed as failed:
        return failed.why.partition("raises ")[2].partition(":")[0]


def ask_op(path: str, *args: Any, **kwargs: Any) -> Any:
    """As `ask`, for the rule behind a type of Python."""
    host = Host()
    try:
        return host.invoke(registry.OPS[path], args, kwargs, None)
    except Failed as failed:
        return failed.why.partition("raises ")[2].partition(":")[0]


def send(target: Instance, name: str, *args: Any, **kwargs: Any) -> Any:
    """What a method of a library object gives; the exception's name where it certainly raises."""
    host = Host()
    try:
        return host.invoke((registry.exposed(type(target))[name], target), args, kwargs, None)
    except Failed as failed:
        return failed.why.partition("raises ")[2].partition(":")[0]


def made(path: str, *args: Any, **kwargs: Any) -> Any:
    """A new object of the library."""
    return Host().invoke(registry.find(path), args, kwargs, None)


def real(function: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
    """What Python gives; a list for an iterator, the exception's name where it raises."""
    try:
        found = function(*copy.deepcopy(list(args)), **kwargs)
    except Exception as error:
        return type(error).__name__
    return list(found) if isinstance(found, collections.abc.Iterator) else found


# -- on known values Python is the judge ------------------------------------------------------

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


# -- sizes ------------------------------------------------------------------------------------

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


# -- classes ----------------------------------------------------------------------------------

CONV = made("torch.nn.Conv2d", 3, 4, 3)
X = Tensor((2, 3, 8, 8))
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


# -- functions of functions -------------------------------------------------------------------


def _double(call: Call, x: object) -> Any:
    return Unknown(x.why) if isinstance(x, Unknown) else x * 2  # type: ignore[operator]


def _square(call: Call, x: Any) -> Any:
    return x * x


def _one(call: Call, x: object) -> Any:
    return 1


def _make(call: Call) -> Any:
    return H


DOUBLE = Op("double", _double)


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


# -- containers: torch is the judge -----------------------------------------------------------

STEPS = st.lists(
    st.one_of(
        st.just(("append",)),
        st.tuples(st.just("insert"), st.integers(0, 3)),
        st.tuples(st.just("pop"), st.integers(-3, 3)),
        st.tuples(st.just("delete"), st.integers(-3, 3)),
        st.tuples(st.just("set"), st.integers(-3, 3)),
        st.tuples(st.just("extend"), st.integers(0, 2)),
        st.tuples(st.just("slice"), st.integers(-2, 2), st.integers(-2, 3)),
        st.tuples(st.just("add"), st.integers(0, 2)),
    ),
    max_size=6,
)


class Pair:
    """One container in torch and in the library, whose members have numbers."""

    def __init__(self, name: str) -> None:
        self.torch = pytest.importorskip("torch")
        self.name = name
        self.theirs = getattr(self.torch.nn, name)()
        self.ours = made(f"torch.nn.{name}")
        self.number = 0

    def member(self) -> tuple[Any, Any]:
        self.number += 1
        return (
            self.torch.nn.Linear(self.number, 1),
            made("torch.nn.Linear", self.number, 1),
        )

    def members(self, count: int) -> tuple[list[Any], list[Any]]:
        both = [self.member() for _ in range(count)]
        return [t for t, _ in both], [o for _, o in both]

    def do(self, step: tuple[Any, ...]) -> None:
        """The same step on both; an IndexError on one must be one on the other."""
        word, *numbers = step
        theirs, ours = self.members(numbers[0] if word in {"extend", "add"} else 1)
        getattr(self, f"_{word}")(theirs, ours, *numbers)

    def _append(self, theirs: list[Any], ours: list[Any]) -> None:
        self.theirs.append(theirs[0])
        send(self.ours, "append", ours[0])

    def _insert(self, theirs: list[Any], ours: list[Any], at: int) -> None:
        if at <= len(self.theirs):
            self.theirs.insert(at, theirs[0])
            send(self.ours, "insert", at, ours[0])

    def _extend(self, theirs: list[Any], ours: list[Any], count: int) -> None:
        self.theirs.extend(theirs)
        send(self.ours, "extend", ours)

    def _pop(self, theirs: list[Any], ours: list[Any], at: int) -> None:
        found = real(self.theirs.pop, [at], {})
        assert (found == "IndexError") == (send(self.ours, "pop", at) == "IndexError")

    def _delete(self, theirs: list[Any], ours: list[Any], at: int) -> None:
        found = real(self.theirs.__delitem__, [at], {})
        assert (found == "IndexError") == (send(self.ours, "delete_item", at) == "IndexError")

    def _set(self, theirs: list[Any], ours: list[Any], at: int) -> None:
        found = real(lambda i: self.theirs.__setitem__(i, theirs[0]), [at], {})
        assert (found == "IndexError") == (send(self.ours, "set_item", at, ours[0]) == "IndexError")

    def _slice(self, theirs: list[Any], ours: list[Any], start: int, stop: int) -> None:
        self.theirs = self.theirs[start:stop]
        self.ours = send(self.ours, "item", slice(start, stop))

    def _add(self, theirs: list[Any], ours: list[Any], count: int) -> None:
        kind, path = getattr(self.torch.nn, self.name), f"torch.nn.{self.name}"
        star = self.name == "Sequential"
        self.theirs = self.theirs + (kind(*theirs) if star else theirs)
        self.ours = send(self.ours, "__add__", made(path, *ours) if star else ours)

    def compare(self) -> None:
        theirs = [(name, m.in_features) for name, m in self.theirs.named_children()]
        ours = [(name, m.__dict__["in_features"]) for name, m in self.ours.submodules()]
        assert ours == theirs


@pytest.mark.parametrize("name", ["ModuleList", "Sequential"])
@given(steps=STEPS)
@settings(derandomize=True, deadline=None, max_examples=60)
def test_containers_change_as_torchs(name: str, steps: list[tuple[Any, ...]]) -> None:
    pair = Pair(name)
    for step in steps:
        pair.do(step)
        pair.compare()


def test_module_dict() -> None:
    held = made("torch.nn.ModuleDict", {"a": CONV})
    send(held, "set_item", "b", CONV)
    send(held, "update", [("c", CONV)])
    assert held.elements() == ["a", "b", "c"] == send(held, "keys")
    assert send(held, "pop", "a") is CONV
    assert send(held, "items") == [("b", CONV), ("c", CONV)]
    assert send(held, "item", "z") == "KeyError"


def test_sequential_of_a_dict_runs_in_order() -> None:
    first, second = made("torch.nn.Conv2d", 3, 5, 3), made("torch.nn.Conv2d", 5, 7, 1)
    net = made("torch.nn.Sequential", collections.OrderedDict(a=first, b=second))
    assert Host().invoke(net, (X,), {}, None).shape == (2, 7, 6, 6)
    assert send(net, "item", 1) is second


NOT_KNOWN = [
    ("torch.nn.Sequential", (WHY,)),
    ("torch.nn.ModuleList", (WHY,)),
    ("torch.nn.ModuleDict", (WHY,)),
]


@pytest.mark.parametrize(("path", "args"), NOT_KNOWN)
def test_containers_do_not_pretend(path: str, args: tuple[Any, ...]) -> None:
    held = made(path, *args)
    assert held.elements() is None
    assert isinstance(send(held, "item", 0), Unknown)


def test_an_unknown_attribute_may_be_a_member() -> None:
    net = made("torch.nn.Sequential", CONV)
    net.__dict__["rate"] = Unknown("a parameter", name="rate")
    assert net.elements() == [CONV]
    net.__dict__["last"] = WHY
    assert net.elements() is None
    assert isinstance(Host().invoke(net, (X,), {}, None).shape, Unknown)


@pytest.mark.parametrize("member", [3, [CONV], (CONV,), X, "conv"])
def test_members_must_be_modules(member: Any) -> None:
    torch = pytest.importorskip("torch")
    theirs = {3: 3, "conv": "conv"}.get(
        member if isinstance(member, (int, str)) else "", [torch.nn.ReLU()]
    )
    assert (
        ask("torch.nn.Sequential", member) == real(torch.nn.Sequential, [theirs], {}) == "TypeError"
    )


def test_parallel_modules_pass_through() -> None:
    assert Host().invoke(made("torch.nn.DataParallel", CONV), (X,), {}, None).shape == (2, 4, 6, 6)
    assert ask("torch.compile", CONV) is CONV
    assert ask("torch.jit.script", CONV) is CONV


# -- torch around the tensors -----------------------------------------------------------------


@pytest.mark.parametrize("name", ["float16", "bfloat16", "float32", "float64"])
def test_finfo(name: str) -> None:
    torch = pytest.importorskip("torch")
    theirs = torch.finfo(getattr(torch, name))
    ours = made("torch.finfo", registry.find(f"torch.{name}")).__dict__
    for field in ("bits", "eps", "max", "min", "tiny", "smallest_normal", "resolution"):
        assert ours[field] == getattr(theirs, field)


@pytest.mark.parametrize("name", ["uint8", "int8", "int16", "int32", "int64"])
def test_iinfo(name: str) -> None:
    torch = pytest.importorskip("torch")
    theirs = torch.iinfo(getattr(torch, name))
    ours = made("torch.iinfo", registry.find(f"torch.{name}")).__dict__
    assert [ours[f] for f in ("bits", "min", "max")] == [theirs.bits, theirs.min, theirs.max]


def test_functions_that_torch_calls() -> None:
    assert ask("torch.utils.checkpoint.checkpoint", CONV, X, use_reentrant=False).shape == (
        2,
        4,
        6,
        6,
    )
    net = made("torch.nn.Sequential", CONV, made("torch.nn.ReLU"))
    assert ask("torch.utils.checkpoint.checkpoint_sequential", net, 2, X).shape == (2, 4, 6, 6)
    assert ask("torch.no_grad", DOUBLE) is DOUBLE
    assert ask("torch._assert", False, "no") == "AssertionError"
    assert ask("torch._assert", WHY, "no") is None


@pytest.mark.parametrize("value", [3, (1, 2), [4, 5, 6]])
def test_ntuples(value: Any) -> None:
    utils = pytest.importorskip("torch.nn.modules.utils")
    assert ask(
        "torch.nn.modules.utils._pair", List(value) if isinstance(value, list) else value
    ) == utils._pair(value)


@pytest.mark.parametrize("path", ["torch.nn.modules.conv.Conv2d", "torch.nn.modules.linear.Linear"])
def test_the_files_behind_torch_nn(path: str) -> None:
    assert registry.find(path) is registry.find(f"torch.nn.{path.rpartition('.')[2]}")
    assert path.rpartition(".")[0] in registry.packages()


# -- numpy ------------------------------------------------------------------------------------

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


# -- the command line, texts ------------------------------------------------------------------

ARGUMENTS: list[tuple[tuple[str, ...], dict[str, Any]]] = [
    (("--batch-size", "-b"), {"type": int, "default": 64}),
    (("--lr",), {"type": float, "default": "0.1"}),
    (("--cuda",), {"action": "store_true"}),
    (("--no-bias",), {"action": "store_false", "dest": "bias"}),
    (("-v",), {"action": "count", "default": 0}),
    (("--name",), {}),
    (("files",), {"nargs": "*"}),
    (("out",), {"nargs": "?", "default": "x"}),
    (("--hidden",), {"default": argparse.SUPPRESS}),
    (("--sizes",), {"nargs": "+", "type": int, "default": [1, 2]}),
]


def test_parsers_give_defaults() -> None:
    theirs, ours = argparse.ArgumentParser(), made("argparse.ArgumentParser", description="x")
    for flags, options in ARGUMENTS:
        theirs.add_argument(*flags, **options)
        send(send(ours, "add_argument_group", "g"), "add_argument", *flags, **options)
    theirs.set_defaults(model="net")
    send(ours, "set_defaults", model="net")
    assert send(ours, "parse_args").__dict__ == vars(theirs.parse_args([]))
    assert send(ours, "parse_known_args")[1] == []


def test_what_must_be_given_is_unknown() -> None:
    parser = made("argparse.ArgumentParser")
    send(parser, "add_argument", "--width", type=int, required=True)
    send(parser, "add_argument", "data")
    found = send(parser, "parse_args").__dict__
    assert str(found["width"].size()) == "width"
    assert isinstance(found["data"], Unknown)
    assert not found["data"].name
    assert isinstance(send(parser, "parse_args", ["--width", "3"]).__dict__["width"], Unknown)


@pytest.mark.parametrize("pattern", [r"(a+)+$", r"(a*)*b", r"(?:a|aa)+?(b+)*c", "a*a*a*a*b"])
def test_searches_that_may_take_long(pattern: str) -> None:
    assert isinstance(ask("re.match", pattern, "a" * 1000), Unknown)


def test_matches() -> None:
    found = ask("re.match", r"(?P<kind>[a-z])(\d+)", "b42")
    assert send(found, "group", 2) == "42"
    assert send(found, "groupdict") == {"kind": "b"}
    assert send(found, "group", 7) == "IndexError"
    assert ask("re.search", "x", "abc") is None
    assert send(ask("re.compile", r"\d"), "findall", "a1b2") == ["1", "2"]


def test_json() -> None:
    assert ask("json.loads", '{"a": [1, {"b": null}]}') == {"a": [1, {"b": None}]}
    assert isinstance(ask("json.loads", "{"), Unknown)


def test_the_world_outside() -> None:
    assert isinstance(ask("time.time"), Unknown)
    assert isinstance(ask("os.getcwd"), Unknown)
    assert ask("os.path.join", "a", "b") == "a/b"
    assert ask("os.getenv", "HOME_OF_NOTHING", "x") == "x"
    assert isinstance(ask("os.getenv", "HOME"), Unknown)
    assert isinstance(ask("random.choice", [1, 2]), Unknown)
    assert ask("random.choice", [3, 3]) == 3
    drawn = ask("random.sample", [Tensor((2, 4)), Tensor((3, 4))], 2)
    assert [t.shape[1] for t in drawn] == [4, 4]
    assert drawn[0].shape[0] != drawn[1].shape[0]
    assert ask("builtins.Deque", [1, 2, 3], 2) == [2, 3]
    assert isinstance(ask("builtins.Deque", [], Unknown("a bound")), Unknown)
    values = List([1, 2])
    ask("random.shuffle", values)
    assert values.vague


# -- training ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "item", [(1, 2.0), {"a": 1}, [3, (4,)], 1.5], ids=["tuple", "dict", "nested", "float"]
)
def test_collated_as_torch_does(item: Any) -> None:
    data = pytest.importorskip("torch.utils.data")
    torch = pytest.importorskip("torch")

    def shapes(value: Any) -> Any:
        if isinstance(value, Tensor):
            return (*value.sizes, value.dtype)
        if isinstance(value, torch.Tensor):
            return (*value.shape, str(value.dtype).removeprefix("torch."))
        if isinstance(value, dict):
            return {k: shapes(v) for k, v in value.items()}
        return [shapes(v) for v in value]

    ours = ask("torch.utils.data.default_collate", [item] * 3)
    assert shapes(ours) == shapes(data.default_collate([item] * 3))


def batches(*args: Any, **kwargs: Any) -> list[Any]:
    found = Host().elements(made("torch.utils.data.DataLoader", *args, **kwargs), None)
    assert isinstance(found, list)
    return found


def test_loaders_give_a_full_and_a_last_batch() -> None:
    data = made(
        "torch.utils.data.TensorDataset", Tensor((10, 3, 8, 8)), Tensor((10,), dtype="int64")
    )
    assert [b[0].shape for b in batches(data, 4)] == [(4, 3, 8, 8), (2, 3, 8, 8)]
    assert [b[1].shape for b in batches(data, 4, drop_last=True)] == [(4,)]
    assert [b[0].shape for b in batches(data, batch_size=H)] == [(H, 3, 8, 8)]
    loader = made("torch.utils.data.DataLoader", data, 4)
    assert ask("builtins.len", loader) == 3
    parts = ask("torch.utils.data.random_split", data, [7, 3])
    assert [ask("builtins.len", p) for p in parts] == [7, 3]


T = "torchvision.transforms."
PIPELINES: list[tuple[tuple[int, int, int], list[tuple[Any, ...]], tuple[Any, ...]]] = [
    ((3, 32, 32), [("Resize", 70), ("RandomCrop", 64), ("ToTensor",)], (3, 64, 64)),
    ((3, 100, 50), [("Resize", 25), ("ToTensor",)], (3, 50, 25)),
    ((3, 50, 101), [("Resize", 25), ("ToTensor",)], (3, 25, 50)),
    ((3, 50, 100), [("Resize", (20, 30)), ("ToTensor",), ("Normalize", (0.5,) * 3, (0.5,) * 3)], (3, 20, 30)),
    ((3, 9, 8), [("Grayscale",), ("RandomHorizontalFlip",), ("ToTensor",)], (1, 9, 8)),
    ((1, 28, 28), [("ToTensor",), ("Pad", 2)], (1, 32, 32)),
    ((1, 28, 28), [("Pad", (1, 2)), ("ToTensor",)], (1, 32, 30)),
    ((1, 28, 28), [("Pad", (1, 2, 3, 4)), ("ToTensor",)], (1, 34, 32)),
    ((3, 40, 60), [("CenterCrop", 24), ("ColorJitter", 0.1), ("ToTensor",)], (3, 24, 24)),
]  # fmt: skip


@pytest.mark.parametrize(("size", "steps", "shape"), PIPELINES)
def test_transforms(
    size: tuple[int, int, int], steps: list[tuple[Any, ...]], shape: tuple[Any, ...]
) -> None:
    pipeline = made(T + "Compose", [made(T + name, *args) for name, *args in steps])
    assert Host().invoke(pipeline, (image(*size),), {}, None).shape == shape


def test_a_crop_tells_the_size_of_what_is_not_known() -> None:
    steps = [made(T + "Resize", 256), made(T + "CenterCrop", 224), made(T + "ToTensor")]
    channels, *sizes = Host().invoke(made(T + "Compose", steps), (WHY,), {}, None).shape
    assert sizes == [224, 224]
    assert isinstance(channels, Expr)


def test_data_sets_of_torchvision() -> None:
    data = made("torchvision.datasets.MNIST", "data", train=False, transform=made(T + "ToTensor"))
    (images, labels), (last, _) = batches(data, batch_size=128)
    assert images.shape == (128, 1, 28, 28)
    assert (labels.shape, labels.dtype) == ((128,), "int64")
    assert last.shape[0] == 10_000 % 128
    positional = made("torchvision.datasets.CIFAR10", "data", True, made(T + "ToTensor"))
    assert batches(positional, 1000)[0][0].shape == (1000, 3, 32, 32)


def test_summaries_run_the_network() -> None:
    seen: list[Any] = []

    def run(call: Call, x: Any) -> None:
        seen.append(x.shape)

    net = Op("net", run)
    ask("torchsummary.summary", net, (3, 8, 8))
    ask("torchinfo.summary", net, input_size=(1, 3, 8, 8))
    ask("thop.profile", net, inputs=(X,))
    assert seen == [(2, 3, 8, 8), (1, 3, 8, 8), (2, 3, 8, 8)]


def test_optimisers_keep_their_groups() -> None:
    held = made("torch.optim.SGD", [{"params": [X], "lr": 1.0}, {"params": []}], lr=0.1)
    assert [g["lr"] for g in held.__dict__["param_groups"]] == [1.0, 0.1]
    assert send(held, "step") is None


def test_progress_bars_iterate() -> None:
    assert Host().elements(made("tqdm.tqdm", [1, 2]), None) == [1, 2]


# -- distributions ----------------------------------------------------------------------------

DISTRIBUTIONS: list[tuple[str, tuple[tuple[int, ...], ...]]] = [
    ("Normal", ((2, 3), (3,))),
    ("Uniform", ((4,), (4,))),
    ("Bernoulli", ((2, 3),)),
    ("Categorical", ((2, 5),)),
]


@pytest.mark.parametrize(("name", "shapes"), DISTRIBUTIONS)
@pytest.mark.parametrize("size", [(), (7,)])
def test_samples(name: str, shapes: tuple[tuple[int, ...], ...], size: tuple[int, ...]) -> None:
    torch = pytest.importorskip("torch")
    values = [torch.full(s, 0.2 + i) for i, s in enumerate(shapes)]
    theirs = getattr(torch.distributions, name)(*values)
    ours = made(f"torch.distributions.{name}", *[Tensor(s) for s in shapes])
    sample, taken = theirs.sample(size), send(ours, "sample", size)
    assert taken.shape == sample.shape
    assert send(ours, "log_prob", taken).shape == theirs.log_prob(sample).shape
