"""The parameters of rules and layers are torch's: names, order, kinds, defaults."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

import conv_lsp.library  # noqa: F401
from conv_lsp.library import registry
from conv_lsp.library.module import Layer

torch = pytest.importorskip("torch")

# One rule for several overloads, or for a Python function around an operator of the same name.
SEVERAL = {
    "torch.cdist",
    "torch.device",
    "torch.dsplit",
    "torch.hsplit",
    "torch.nn.functional.fractional_max_pool2d",
    "torch.nn.functional.fractional_max_pool3d",
    "torch.randint_like",
    "torch.repeat_interleave",
    "torch.scatter",
    "torch.scatter_add",
    "torch.tensor_split",
    "torch.vsplit",
}


def resolve(path: str) -> Any:
    """torch's own object at a dotted path; None where this version has none."""
    found = torch
    for name in path.split(".")[1:]:
        found = getattr(found, name, None)
    return found


def written(function: Any) -> inspect.Signature | None:
    """The signature of a callable written in Python; None where it hides it behind *args."""
    try:
        found = inspect.signature(function)
    except (TypeError, ValueError):
        return None
    return None if open_ended(found) else found


def open_ended(signature: inspect.Signature) -> bool:
    """Whether it takes whatever comes."""
    return any(p.kind is p.VAR_POSITIONAL for p in signature.parameters.values())


def shape(signature: inspect.Signature, skip: int = 0) -> list[tuple[str, bool, object]]:
    """Each parameter's name, whether it is by keyword only, and its default where that is plain."""
    return [
        (
            p.name,
            p.kind is p.KEYWORD_ONLY,
            p.default if isinstance(p.default, (bool, int, float, str, type(None))) else "",
        )
        for p in list(signature.parameters.values())[skip:]
    ]


def same(ours: list[tuple[str, bool, object]], theirs: list[tuple[str, bool, object]]) -> bool:
    """Whether two lists of parameters are the same; a default that is not plain can be any."""
    plain = [
        (*one[:2], "" if other[2] == "" else one[2])
        for one, other in zip(ours, theirs, strict=False)
    ]
    return len(ours) == len(theirs) and plain == theirs


def required(signature: inspect.Signature, skip: int = 0) -> list[str]:
    """The parameters without a default."""
    parameters = list(signature.parameters.values())[skip:]
    return [p.name for p in parameters if p.default is p.empty and p.kind is not p.VAR_KEYWORD]


def schemas(path: str) -> list[list[str]]:
    """The parameters without a default of each overload of an operator written in C++."""
    package, _, name = path.removeprefix("torch.").rpartition(".")
    prefix = f"{package}_" if package in {"linalg", "special", "fft"} else ""
    operator = getattr(torch.ops.aten, prefix + name, None)
    found = []
    for overload in operator.overloads() if operator else ():
        arguments = getattr(operator, overload)._schema.arguments
        names = [a.name for a in arguments if not a.has_default_value() and not a.is_out]
        found.append(["input" if name == "self" else name for name in names])
    return found


def ops() -> list[str]:
    """Functions that take what torch's do; a rule with *args takes whatever comes."""
    return sorted(
        name
        for name, op in registry.OPS.items()
        if name.startswith("torch.")
        and name not in SEVERAL
        and not open_ended(inspect.signature(op.function))
        and resolve(name) is not None
    )


def layers() -> list[str]:
    return sorted(
        name
        for name, kind in registry.NAMES.items()
        if isinstance(kind, type)
        and issubclass(kind, Layer)
        and not name.rpartition(".")[2].startswith("_")
        and not open_ended(inspect.signature(kind.__init__))
        and resolve(name) is not None
    )


@pytest.mark.parametrize("name", ops())
def test_functions(name: str) -> None:
    ours = inspect.signature(registry.OPS[name].function)
    if theirs := written(resolve(name)):
        assert same(shape(ours, 1), shape(theirs))
    elif overloads := schemas(name):
        # The documentation calls the first one A or x, the schema self.
        assert required(ours, 1)[1:] in [names[1:] for names in overloads]


@pytest.mark.parametrize("name", layers())
def test_layers(name: str) -> None:
    if theirs := written(resolve(name)):
        ours = inspect.signature(registry.NAMES[name].__init__)
        assert same(shape(ours, 2), shape(theirs))
