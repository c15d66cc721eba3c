"""The parameters of rules and layers are torch's: names, order, which of them may be left out."""

from __future__ import annotations

import inspect
from inspect import Parameter
from typing import Any

import pytest

import conv_lsp.library  # noqa: F401
from conv_lsp.library.module import Layer
from conv_lsp.library.registry import METHODS, NAMES, OPS, Op, parameters_of

torch = pytest.importorskip("torch")

# What decides nothing about shapes, and what older or internal forms add.
IGNORED = {"out", "names", "generator", "layout", "memory_format", "pin_memory", "async_error"}
DECLARED = torch.overrides.get_testing_overrides()


def resolve(path: str) -> Any:
    """torch's object at a dotted path, or None."""
    found = torch
    for name in path.split(".")[1:]:
        found = getattr(found, name, None)
    return found


def known(function: Any) -> inspect.Signature | None:
    """torch's signature: Python's own, or the one that torch keeps for its tests."""
    if inspect.isfunction(function):
        return inspect.signature(function)
    declared = DECLARED.get(function)
    return inspect.signature(declared) if inspect.isfunction(declared) else None


def variadic(signature: inspect.Signature) -> bool:
    kinds = {p.kind for p in signature.parameters.values()}
    return bool(kinds & {Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD})


LAYERS = sorted(
    path
    for path, kind in NAMES.items()
    if path.startswith("torch.nn.") and isinstance(kind, type) and issubclass(kind, Layer)
)


@pytest.mark.parametrize("path", LAYERS)
def test_layers(path: str) -> None:
    wanted = inspect.signature(resolve(path).__init__)
    if variadic(wanted):
        return
    ours = parameters_of(members(NAMES[path])["__init__"])
    theirs = list(wanted.parameters.values())[1:]
    assert [*ours.names, *ours.keyword_only] == [p.name for p in theirs]
    assert ours.required == [p.name for p in theirs if p.default is p.empty]
    for p in theirs:
        default = ours.defaults.get(p.name, Parameter.empty)
        assert default == p.default or callable(p.default), p.name


@pytest.mark.parametrize("path", LAYERS)
def test_forward(path: str) -> None:
    wanted = inspect.signature(resolve(path).forward)
    if variadic(wanted):
        return
    ours = parameters_of(members(NAMES[path])["forward"])
    theirs = [p for p in wanted.parameters.values() if p.name != "self"]
    assert [*ours.names, *ours.keyword_only] == [p.name for p in theirs]


def members(kind: type) -> dict[str, Any]:
    return {name: member for base in reversed(kind.__mro__) for name, member in vars(base).items()}


PYTHON = sorted(p for p in OPS if p.startswith("torch.") and inspect.isfunction(resolve(p)))
BUILTIN = sorted(p for p in OPS if p.startswith("torch.") and resolve(p) in DECLARED)


@pytest.mark.parametrize("path", PYTHON)
def test_functions(path: str) -> None:
    """Those that torch writes in Python have a signature to compare with."""
    wanted = inspect.signature(resolve(path))
    ours = OPS[path].parameters
    if variadic(wanted) or ours.star:
        return
    theirs = [p for p in wanted.parameters.values() if p.name not in IGNORED]
    mine = [n for n in (*ours.names, *ours.keyword_only) if n not in IGNORED]
    assert mine == [p.name for p in theirs]
    assert set(ours.required) == {p.name for p in theirs if p.default is p.empty}


@pytest.mark.parametrize("path", [p for p in BUILTIN if p not in PYTHON])
def test_builtin_functions(path: str) -> None:
    """Of the others torch's tests know some names: those we share stand in the same order."""
    ordered(OPS[path], known(resolve(path)))


@pytest.mark.parametrize("name", sorted(n for n in METHODS if hasattr(torch.Tensor, n)))
def test_methods(name: str) -> None:
    ordered(METHODS[name], known(getattr(torch.Tensor, name)))


def ordered(op: Op, signature: inspect.Signature | None) -> None:
    if signature is None or variadic(signature) or op.parameters.star:
        return
    theirs = [p.name for p in signature.parameters.values() if p.name not in IGNORED]
    ours = op.parameters.names[1:]
    assert [n for n in theirs if n in ours] == [n for n in ours if n in theirs]


def test_every_path_is_one_of_torch() -> None:
    missing = [p for p in (*OPS, *LAYERS) if p.startswith("torch.") and resolve(p) is None]
    assert not missing


def test_every_method_is_one_of_torch() -> None:
    assert not [name for name in METHODS if not hasattr(torch.Tensor, name)]
