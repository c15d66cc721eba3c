"""Containers of modules and parameters do what those of torch do."""

from __future__ import annotations

import collections
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conv_lsp.values import Unknown
from tests.python_library.asking import CONV, WHY, Host, X, ask, made, real, send

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
