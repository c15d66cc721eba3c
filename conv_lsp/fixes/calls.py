"""Arguments of a call: found by the parameter's name, changed or added."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Sequence

from conv_lsp.fixes.fix import Edit
from conv_lsp.fixes.scene import Place
from conv_lsp.library import registry
from conv_lsp.library.module import Layer
from conv_lsp.library.registry import Op
from conv_lsp.source import Span
from conv_lsp.values import Module


def parameters_of(layer: Module) -> list[str]:
    """The parameters of torch's own layer, in order; empty for a class of the user."""
    if layer.kind is not type(layer) or not isinstance(layer, Layer):
        return []
    return names_of(type(layer).__init__)


def names_of(function: object) -> list[str]:
    """Parameters that can be given by position, without `self` and `call`."""
    if not callable(function):
        return []
    every = inspect.signature(function).parameters.values()
    usual = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.POSITIONAL_ONLY)
    return [p.name for p in every if p.kind in usual and p.name not in ("self", "call")]


def called(call: ast.Call) -> str:
    """The last part of the name of what is called."""
    func = call.func
    return func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")


def known_parameters(call: ast.Call) -> list[str]:
    """The parameters of the library's layer or function of this name, in order.

    A method's first parameter is the tensor that it is called on.
    """
    name = called(call)
    for path in (f"torch.nn.{name}", f"torch.nn.functional.{name}", f"torch.{name}"):
        found = registry.OPS.get(path) or registry.NAMES.get(path)
        if isinstance(found, Op):
            return [*found.parameters.names, *found.parameters.keyword_only]
        if isinstance(found, type) and issubclass(found, Layer):
            every = inspect.signature(found.__init__).parameters
            return [name for name in every if name not in ("self", "call")]
    return []


def argument(call: Place, name: str, names: Sequence[str]) -> Place | None:
    """The expression given for a parameter; None if it is not given, or not to be told."""
    node = call.node
    assert isinstance(node, ast.Call)
    for keyword in node.keywords:
        if keyword.arg == name:
            return call.of(keyword.value)
    if name not in names or is_spread(node):
        return None
    at = names.index(name)
    return call.of(node.args[at]) if at < len(node.args) else None


def is_spread(call: ast.Call) -> bool:
    """Whether `*` or `**` gives arguments that are not written."""
    return any(isinstance(a, ast.Starred) for a in call.args) or any(
        k.arg is None for k in call.keywords
    )


def set_argument(call: Place, name: str, names: Sequence[str], text: str) -> Edit | None:
    """The edit that gives a parameter another value; None where it may be given by `*` or `**`."""
    given = argument(call, name, names)
    if given is not None:
        return given.replaced(text)
    node = call.node
    assert isinstance(node, ast.Call)
    if is_spread(node):
        return None
    return added(call, f"{name}={text}")


def added(call: Place, text: str) -> Edit:
    """The edit that adds one more argument at the end of a call."""
    node = call.node
    assert isinstance(node, ast.Call)
    whole = call.span
    given = [call.of(a).span for a in (*node.args, *(k.value for k in node.keywords))]
    if not given:
        col = whole.end_col - 1
        return Span(whole.path, whole.end_line, col, whole.end_line, col), text
    line, col, comma = end_of_arguments(call, max((s.end_line, s.end_col) for s in given))
    return Span(whole.path, line, col, line, col), f" {text}" if comma else f", {text}"


def end_of_arguments(call: Place, after: tuple[int, int]) -> tuple[int, int, bool]:
    """Where a call's arguments end, brackets around the last one and a comma after it included."""
    whole = call.span
    line, col = after
    place, comma = after, False
    while (line, col) < (whole.end_line, whole.end_col - 1):
        text = call.page.source.line_text(line).encode("utf-8", "surrogatepass")
        char = text[col : col + 1]
        if char in (b"", b"#"):
            line, col = line + 1, 0
            continue
        col += 1
        if char in (b")", b","):
            place, comma = (line, col), char == b","
    return *place, comma
