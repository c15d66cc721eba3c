"""Applying the rules of the library to written calls."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from conv_lsp.findings import RULES
from conv_lsp.interp.frames import Frame, spreads
from conv_lsp.interp.machine import Machine, exception_names
from conv_lsp.interp.objects import (
    BoundOp,
)
from conv_lsp.interp.real import too_large
from conv_lsp.interp.records import Use
from conv_lsp.interp.signals import Raised
from conv_lsp.library.registry import (
    OPS,
    Call,
    Failed,
    Op,
    apply_method,
    parameters_of,
)
from conv_lsp.values import (
    Class,
    Instance,
    Module,
    Site,
    Tensor,
    Unknown,
    Value,
)


def call_op(
    m: Machine, path: str, args: Sequence[Value], site: Site, arguments: Mapping[str, object]
) -> Value:
    """Apply a rule that stands for syntax (an operator, indexing)."""
    op = OPS.get(path)
    if op is None:
        return Tensor(Unknown(f"{path} is not modelled"))
    made = Call(m, site, path)
    made.arguments = arguments
    return guarded(m, op, made, args, {})


def call_library(
    m: Machine,
    op: Op,
    args: Sequence[Value],
    kwargs: Mapping[str, Value],
    site: Site,
    node: ast.Call | None,
    frame: Frame | None = None,
    bound: int = 0,
) -> Value:
    """Apply a rule to the arguments of a written call."""
    m.step()
    if op.name in READS_ALL:
        large = too_large(args, kwargs)
        if large is not None:
            return large
    made = Call(m, site, op.name)
    made.lenient = m.guessing and spreads(node)
    if node is not None:
        made.arguments = argument_nodes(op.parameters.names, node, bound)
    result = guarded(m, op, made, args, kwargs)
    if bound and op.name in RESHAPING and frame is not None and isinstance(args[0], Tensor):
        rebind(m, args[0], result, frame)
    return result


FAULTS = (
    TypeError,
    ValueError,
    LookupError,
    AttributeError,
    ArithmeticError,
    AssertionError,
)
"""What a rule that did not foresee its arguments may raise: a fault of its own, not of the code."""
READS_ALL = frozenset(
    f"builtins.{name}"
    for name in ("str", "repr", "format", "hash", "print", "sorted", "min", "max")
)
"""What looks at every part of its arguments, however deep."""


RESHAPING = frozenset(
    f"torch.Tensor.{name}_"
    for name in (
        "unsqueeze",
        "squeeze",
        "transpose",
        "t",
        "swapaxes",
        "swapdims",
        "resize",
        "resize_as",
        "set",
    )
)


def rebind(m: Machine, old: Tensor, new: Value, frame: Frame) -> None:
    """A method changed a tensor's shape in place: every variable that holds it follows."""
    scope: Frame | None = frame
    while scope is not None:
        for name, value in list(scope.variables.items()):
            if value is old:
                m.store.set_item(scope.variables, name, new)
            elif isinstance(value, Instance):
                for attribute, held in list(value.__dict__.items()):
                    if held is old:
                        m.set_attribute(value, attribute, new)
        scope = scope.closure


def argument_nodes(names: Sequence[str], node: ast.Call, bound: int) -> dict[str, object]:
    """The syntax of each argument by parameter name; a method's `self` is what stands before it."""
    nodes: dict[str, object] = {}
    if bound and names and isinstance(node.func, ast.Attribute):
        nodes[names[0]] = node.func.value
    for name, arg in zip(names[bound:], node.args, strict=False):
        if arg.__class__ is ast.Starred:
            break
        nodes[name] = arg
    for keyword in node.keywords:
        if keyword.arg is not None:
            nodes[keyword.arg] = keyword.value
    return nodes


def guarded(
    m: Machine, op: Op, made: Call, args: Sequence[Value], kwargs: Mapping[str, Value]
) -> Value:
    """Run a rule; what it certainly cannot do is Unknown, and so is what it did not foresee."""
    try:
        result = op(made, args, kwargs)
        if result.__class__ is Unknown and result.truth is not None:
            return Unknown(result.why)  # an argument given back: what it was is not what comes out
        return result
    except Failed as failed:
        if failed.ends:
            raise Raised(exception_names(failed.ends), failed.why, made.site) from None
        return unknown_result(op.returns_tensor, failed.why)
    except (Raised, RecursionError):
        raise
    except FAULTS as error:
        return unknown_result(op.returns_tensor, internal(m, made, op.name, error))


def unknown_result(tensor: bool, why: str) -> Value:
    """The result of a rule that gave none."""
    return Tensor(Unknown(why)) if tensor else Unknown(why)


def internal(m: Machine, made: Call, name: str, error: Exception) -> str:
    """Record an error of a rule's own; the reason for what is then unknown."""
    problem = f"{name}: {type(error).__name__}: {error}"
    made.report(RULES["internal-error"], error=problem)
    return f"an internal error: {problem}"


def call_exposed(
    m: Machine,
    function: BoundOp,
    args: Sequence[Value],
    kwargs: Mapping[str, Value],
    site: Site,
    node: ast.Call | None,
) -> Value:
    """A method of a library object, `forward` of a layer among them."""
    m.step()
    method, target = function.function, function.self
    if method.__name__ == "forward" and isinstance(target, Module):
        return call_layer(m, target, method, args, kwargs, site, node)
    made = Call(m, site, method.__name__)
    made.lenient = m.guessing and spreads(node)
    if node is not None:
        made.arguments = argument_nodes(parameters_of(method).names, node, 0)
    return guarded_method(m, method, target, made, args, kwargs)


def guarded_method(
    m: Machine,
    method: Callable[..., Any],
    target: Value,
    made: Call,
    args: Sequence[Value],
    kwargs: Mapping[str, Value],
) -> Value:
    tensor = "Tensor" in str(method.__annotations__.get("return", ""))
    try:
        return apply_method(method, target, made, args, kwargs)
    except AttributeError as error:
        if isinstance(target, Module) and isinstance(target.kind, Class):
            # Its constructor did not run to its end: a class of the user's that is half written.
            return unknown_result(tensor, f"{target.kind.name} is not constructed: {error}")
        return unknown_result(tensor, internal(m, made, method.__qualname__, error))
    except Failed as failed:
        return unknown_result(tensor, failed.why)
    except (Raised, RecursionError):
        raise
    except FAULTS as error:
        why = internal(m, made, f"{type(target).__name__}.{method.__name__}", error)
        return unknown_result(tensor, why)


def call_layer(
    m: Machine,
    module: Module,
    method: Callable[..., Any],
    args: Sequence[Value],
    kwargs: Mapping[str, Value],
    site: Site,
    node: ast.Call | None,
) -> Value:
    """A layer of the library on its input: leaves a use without a record of its own."""
    made = Call(m, site, type(module).__name__)
    if node is not None:
        made.arguments = argument_nodes(parameters_of(method).names, node, 0)
    record = m.record
    assert record is not None
    use = Use(
        site,
        None,
        module,
        (*args, *kwargs.values()),
        None,
        not m.undecided,
        None,
        len(record.facts),
    )
    use.named = kwargs or None
    record.uses.append(use)
    outer, m.layer = m.layer, module
    try:
        use.output = guarded_method(m, method, module, made, args, kwargs)
    finally:
        m.layer = outer
    return use.output
