"""Run a rule of the library by itself, on plain shapes."""

from __future__ import annotations

from typing import Any

import conv_lsp.library  # noqa: F401
from conv_lsp.findings import Rule
from conv_lsp.library import registry
from conv_lsp.library.module import Layer
from conv_lsp.library.registry import Call, Failed
from conv_lsp.values import MISSING, Instance, Module, Tensor, Unknown


class Refined(Exception):
    """A rule has told the shape of an input of unknown rank."""


class Host:
    """The least that the library asks of an interpreter. Findings are kept as (code, message)."""

    def __init__(self) -> None:
        self.findings: list[tuple[str, str]] = []
        self.refined: list[tuple[Any, ...]] = []
        self.mixed = False
        self.guessing = False

    def invoke(self, function: Any, args: Any, kwargs: Any, site: Any) -> Any:
        return call_value(function, args, kwargs, self)

    def report(self, rule: Rule, site: Any, at: object, words: Any) -> None:
        self.findings.append((rule.code, rule.message.format(**words)))

    def need(self, comparison: object, rule: Rule, site: object) -> None:
        """What is not decided here is not asked for."""

    def settle(self, got: object, want: object) -> None:
        """Nothing restarts here."""

    def refine(self, unknown: Unknown, shape: Any) -> None:
        self.refined.append(tuple(shape))

    def attribute(self, value: Any, name: str, site: Any) -> Any:
        return vars(value).get(name, MISSING)

    def set_attribute(self, value: Any, name: str, new: Any) -> None:
        vars(value)[name] = new

    def elements(self, value: Any, site: Any) -> Any:
        return value.elements() if isinstance(value, Layer) else list(value)

    def truth(self, value: Any) -> bool | None:
        return None if isinstance(value, (Tensor, Unknown)) else bool(value)

    def writes(self, value: Any) -> None: ...

    def new(self, value: Any) -> Any:
        return value


def vars_of(kind: type) -> dict[str, Any]:
    """All members of a class, inherited ones too."""
    return {name: member for base in reversed(kind.__mro__) for name, member in vars(base).items()}


def call_value(function: Any, args: Any, kwargs: Any, host: Host) -> Any:
    """What calling an op, a layer's class, a layer or a Python callable gives."""
    call = Call(host, None)  # type: ignore[arg-type]
    if isinstance(function, registry.Op):
        return function(call, args, kwargs)
    if isinstance(function, type):
        layer: Any = object.__new__(function)
        registry.apply_method(vars_of(function)["__init__"], layer, call, args, kwargs)
        return layer
    if isinstance(function, Module):
        return registry.apply_method(type(function).forward, function, call, args, kwargs)  # type: ignore[attr-defined]
    if isinstance(function, Instance) and callable(function):
        method = registry.exposed(type(function))["__call__"]
        return registry.apply_method(method, function, call, args, kwargs)
    return function(*args, **kwargs)


def run(path: str, *args: Any, **kwargs: Any) -> tuple[Any, list[tuple[str, str]]]:
    """Result and findings of an op, or a new layer; "Tensor.x" is a method."""
    host = Host()
    if path.startswith("Tensor."):
        found: Any = registry.METHODS.get(path[7:]) or registry.PROPERTIES[path[7:]]
    else:
        found = registry.find(path)
    assert found is not MISSING, path
    try:
        return call_value(found, args, kwargs, host), host.findings
    except Failed as failed:
        return Unknown(failed.why), host.findings


def apply(layer: Any, *args: Any, **kwargs: Any) -> tuple[Any, list[tuple[str, str]]]:
    """Result and findings of a layer's forward."""
    host = Host()
    try:
        return call_value(layer, args, kwargs, host), host.findings
    except Failed as failed:
        return Unknown(failed.why), host.findings


def plain(value: Any) -> Any:
    """Shapes (and dtypes) in a result, as nested lists; None for what is no tensor."""
    if isinstance(value, Tensor):
        return "unknown" if isinstance(value.shape, Unknown) else (*value.shape, value.dtype)
    if isinstance(value, (tuple, list)):
        return [plain(v) for v in value]
    return None


def outcome(path: str, *args: Any, **kwargs: Any) -> Any:
    """As `plain`, or "error" where the op complains."""
    value, findings = run(path, *args, **kwargs)
    return "error" if findings else plain(value)
