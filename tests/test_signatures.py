"""The parameters of rules and layers are torch's: names, order, which of them may be left out."""

from __future__ import annotations

import contextlib
import importlib
import inspect
from inspect import Parameter
from typing import Any

import pytest

from conv_lsp.library.loading import load_all
from conv_lsp.library.module import Layer
from conv_lsp.library.registry import METHODS, NAMES, OPS, Op, parameters_of

torch = pytest.importorskip("torch")

load_all()

# Where torch's own two forms of a function differ in words, and the rule has the words of one.
OTHER_WORDS = {
    "torch.binary_cross_entropy_with_logits": "torch tests the words of torch.nn.functional",
    "torch.instance_norm": "as torch.nn.functional.instance_norm",
    "torch.from_dlpack": "takes an array of any library",
    "torch.utils.dlpack.from_dlpack": "takes an array of any library",
}
# Layers whose forward has other words than the layers of its family.
OTHER_INPUTS = {"PoissonNLLLoss": "log_input", "RMSNorm": "x"}
# Gone from torch, and still met in code.
REMOVED = {
    "torch.is_deterministic",
    "torch.nn.parallel.distributed.no_sync",
    "torch.onnx.dynamo_export",
    "torch.set_deterministic",
}
REMOVED_METHODS = {"__copy__", "refine_names", "rename", "retain_grad_"}
# What decides nothing about shapes, and what older or internal forms add.
IGNORED = {"out", "names", "generator", "layout", "memory_format", "pin_memory", "async_error"}
DECLARED = torch.overrides.get_testing_overrides()


def resolve(path: str) -> Any:
    """torch's object at a dotted path, or None."""
    found, done = torch, "torch"
    for name in path.split(".")[1:]:
        done = f"{done}.{name}"
        inner = getattr(found, name, None)
        if inner is None and inspect.ismodule(found):
            with contextlib.suppress(ImportError):
                inner = importlib.import_module(done)
        found = inner
    return found


def known(function: Any) -> inspect.Signature | None:
    """torch's signature: the one that it keeps for its tests."""
    declared = DECLARED.get(function)
    return inspect.signature(declared) if inspect.isfunction(declared) else None


def variadic(signature: inspect.Signature) -> bool:
    kinds = {p.kind for p in signature.parameters.values()}
    return bool(kinds & {Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD})


def members(kind: type) -> dict[str, Any]:
    return {name: member for base in reversed(kind.__mro__) for name, member in vars(base).items()}


LAYERS = sorted(
    path
    for path, kind in NAMES.items()
    if path.startswith("torch.nn.")
    and "._" not in path
    and isinstance(kind, type)
    and issubclass(kind, Layer)
)


@pytest.mark.parametrize("path", LAYERS)
def test_layers(path: str) -> None:
    wanted = inspect.signature(resolve(path).__init__)
    if variadic(wanted):
        return
    ours = parameters_of(members(NAMES[path])["__init__"])
    if ours.star or ours.star_star:
        return
    theirs = list(wanted.parameters.values())[1:]
    assert [*ours.names, *ours.keyword_only] == [p.name for p in theirs]
    assert ours.required == [p.name for p in theirs if p.default is p.empty]
    for p in theirs:
        default = ours.defaults.get(p.name, Parameter.empty)
        assert default == p.default or callable(p.default), p.name


@pytest.mark.parametrize("path", [p for p in LAYERS if "forward" in members(NAMES[p])])
def test_forward(path: str) -> None:
    wanted = inspect.signature(resolve(path).forward)
    if variadic(wanted):
        return
    ours = parameters_of(members(NAMES[path])["forward"])
    own = {OTHER_INPUTS.get(path.rpartition(".")[2], "input"): "input"}
    theirs = [own.get(name, name) for name in wanted.parameters if name != "self"]
    assert [*ours.names, *ours.keyword_only] == theirs


PYTHON = sorted(
    p for p in OPS if p.startswith("torch.") and "._" not in p and inspect.isfunction(resolve(p))
)
BUILTIN = sorted(p for p in OPS if p.startswith("torch.") and resolve(p) in DECLARED)


@pytest.mark.parametrize("path", PYTHON)
def test_functions(path: str) -> None:
    """Those that torch writes in Python have a signature to compare with."""
    wanted = inspect.signature(resolve(path))
    ours = OPS[path].parameters
    if variadic(wanted) or ours.star or path in OTHER_WORDS:
        return
    theirs = [p for p in wanted.parameters.values() if p.name not in IGNORED]
    mine = [n for n in (*ours.names, *ours.keyword_only) if n not in IGNORED]
    assert mine == [p.name for p in theirs]
    assert set(ours.required) == {p.name for p in theirs if p.default is p.empty}


def test_builtin_functions() -> None:
    """Of the others torch's tests know some names: those we share stand in the same order."""
    wrong = [p for p in BUILTIN if p not in PYTHON and not ordered(OPS[p], known(resolve(p)))]
    assert not wrong


def test_methods() -> None:
    wrong = [
        name
        for name, op in METHODS.items()
        if not ordered(op, known(getattr(torch.Tensor, name, None)))
    ]
    assert not wrong


def ordered(op: Op, signature: inspect.Signature | None) -> bool:
    if signature is None or op.name in OTHER_WORDS or variadic(signature) or op.parameters.star:
        return True
    theirs = [p.name for p in signature.parameters.values() if p.name not in IGNORED]
    ours = op.parameters.names[1:]
    return [n for n in theirs if n in ours] == [n for n in ours if n in theirs]


def test_every_path_is_one_of_torch() -> None:
    # torch.ops has what other packages register there.
    paths = [p for p in (*OPS, *LAYERS) if not p.startswith("torch.ops.")]
    missing = [p for p in paths if p.startswith("torch.") and resolve(p) is None]
    assert set(missing) <= REMOVED


def test_every_method_is_one_of_torch() -> None:
    missing = {name for name in METHODS if not hasattr(torch.Tensor, name)}
    assert missing <= REMOVED_METHODS
