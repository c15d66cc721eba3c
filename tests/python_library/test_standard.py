"""The command line, texts, and what else the standard library gives."""

from __future__ import annotations

import argparse
from typing import Any

import pytest

from conv_lsp.values import List, Tensor, Unknown
from tests.python_library.asking import ask, made, send

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
