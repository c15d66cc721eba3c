"""What callables take: parameters that need an argument, and what their annotations say."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Sequence

from conv_lsp.dims import Dim, symbol
from conv_lsp.interp.frames import Function
from conv_lsp.library.registry import exposed
from conv_lsp.values import Class, Module, Shape, Unknown, Value

PLAIN_TYPES = frozenset("int float bool str torch.dtype dtype torch.device device".split())
"""Annotations of what is no tensor."""


def needs_arguments(function: Function) -> bool:
    """Whether a function cannot be called without arguments."""
    a = function.code.arguments
    positional = len(a.posonlyargs) + len(a.args)
    return positional > len(function.defaults) or len(a.kwonlyargs) > len(function.keyword_defaults)


def symbolic_arguments(kind: Class) -> tuple[list[Value], dict[str, Value]]:
    """Constructor arguments without a default, as values that have only a name."""
    init = kind.find("__init__")
    if not isinstance(init, Function):
        return [named_unknown(name) for name in required_by_layer(kind.python_type)], {}
    args: list[Value] = [named_unknown(name) for name in required_by_position(init)]
    return args, {name: named_unknown(name) for name in required_by_keyword(init)}


def required_by_position(method: Function) -> list[str]:
    """Parameters after `self` without a default."""
    a = method.code.arguments
    positional = [*a.posonlyargs, *a.args][1:]
    return [p.arg for p in positional[: max(0, len(positional) - len(method.defaults))]]


def required_by_keyword(function: Function) -> list[str]:
    """Parameters that are given by name alone, without a default."""
    defaults = function.keyword_defaults
    return [p.arg for p in function.code.arguments.kwonlyargs if p.arg not in defaults]


def required_by_layer(kind: type) -> list[str]:
    """Parameters of a library layer's constructor that need an argument."""
    constructor = exposed(kind).get("__init__")
    if constructor is None:
        return []
    own = list(inspect.signature(constructor).parameters.values())[2:]
    return [p.name for p in own if p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD]


def named_unknown(name: str) -> Unknown:
    """A parameter that nobody gives a value."""
    return Unknown(f"the parameter {name} has no value here", name=name)


def forward_of(module: Module) -> Function | None:
    """The function of the interpreted code that calling the module runs."""
    if isinstance(module.kind, Class):
        for name in ("__call__", "forward"):
            found = module.kind.find(name)
            if isinstance(found, Function):
                return found
    return None


def forward_parameters(module: Module) -> list[str]:
    """Parameters of a module's forward that need an argument."""
    found = forward_of(module)
    return ["input"] if found is None else required_by_position(found)


def keyword_parameters(module: Module) -> list[str]:
    """Parameters of a module's forward that need an argument by name."""
    found = forward_of(module)
    return [] if found is None else required_by_keyword(found)


def plain_parameters(module: Module) -> set[str]:
    """Parameters of a module's forward that are told to be numbers, texts, dtypes or devices."""
    found = forward_of(module)
    if found is None:
        return set()
    a = found.code.arguments
    annotated = [p for p in (*a.posonlyargs, *a.args) if p.annotation is not None]
    words = {p.arg: ast.unparse(p.annotation).strip("'\"") for p in annotated if p.annotation}
    return {n for n, text in words.items() if text.removesuffix(" | None") in PLAIN_TYPES}


def optional_parameters(module: Module) -> list[str]:
    """Parameters of a module's forward that are None where nothing is given."""
    found = forward_of(module)
    if found is None:
        return []
    a = found.code.arguments
    positional = [*a.posonlyargs, *a.args]
    last = positional[len(positional) - len(found.defaults) :]
    held = {p.arg: d for p, d in zip(last, found.defaults, strict=True)} | found.keyword_defaults
    return [name for name, default in held.items() if default is None]


def sizes_of(shape: Sequence[int | str]) -> Shape:
    """A written shape with symbols for its names."""
    return tuple(symbol(d) if isinstance(d, str) else d for d in shape)


def annotated_shape(function: Function | None, parameter: str) -> Shape | None:
    """The shape of a jaxtyping annotation, as in Float[Tensor, "b 3 h w"], or None."""
    if function is None:
        return None
    a = function.code.arguments
    for p in (*a.posonlyargs, *a.args):
        node = p.annotation
        if p.arg != parameter or not isinstance(node, ast.Subscript):
            continue
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else []
        if len(parts) == 2 and isinstance(parts[1], ast.Constant):
            return shape_of_words(str(parts[1].value))
    return None


def shape_of_words(text: str) -> Shape | None:
    """Sizes of a jaxtyping string of names and numbers; None if it says more than that."""
    sizes: list[Dim] = []
    for word in text.split():
        name = word.rpartition("=")[2]
        if name.isdigit():
            sizes.append(int(name))
        elif name.isidentifier() and name != "_":
            sizes.append(symbol(name))
        else:
            return None
    return tuple(sizes) or None
