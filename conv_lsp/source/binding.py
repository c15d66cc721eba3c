"""What a top-level statement binds, as its text says."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


DECORATES = "_@"
"""Before a name: a method of its value decorates a definition, and may write into it."""
IMPORTS = "_<"
"""Before a name: an import binds it."""
CALLS = "_()"
"""Before a name: a statement calls it, and does nothing with what it gives."""
WRITES = "_>"
"""Before `function name`: the function writes into the value of the name."""


def bound_names(node: ast.AST) -> Iterator[str]:
    """Names that a top-level statement binds, or into whose value it writes; and, marked, what it
    takes to find out what else does.
    """
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield node.name
        for decorator in node.decorator_list:
            called = decorator.func if isinstance(decorator, ast.Call) else decorator
            if isinstance(called, ast.Attribute):
                yield DECORATES + root_name(called)
        if not isinstance(node, ast.ClassDef):
            arguments = {a.arg for a in (*node.args.args, *node.args.kwonlyargs)}
            written = {n for s in node.body for n in written_names(s)} - arguments
            yield from (f"{WRITES}{node.name} {n}" for n in sorted(written) if n)
        return
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        called = node.value.func
        if isinstance(called, ast.Name):
            yield CALLS + called.id
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        for alias in node.names:
            name = alias.asname or (
                alias.name if isinstance(node, ast.ImportFrom) else alias.name.partition(".")[0]
            )
            yield name
            yield IMPORTS + name
        return
    todo: list[ast.AST] = [node]
    while todo:
        inner = todo.pop()
        if isinstance(
            inner, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
        ):
            yield from bound_names(inner)
            continue
        if isinstance(inner, ast.Lambda):
            continue
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
            yield inner.id
        elif isinstance(inner, (ast.Subscript, ast.Attribute)) and isinstance(inner.ctx, ast.Store):
            yield root_name(inner)
        elif isinstance(inner, ast.Call) and isinstance(inner.func, ast.Attribute):
            yield root_name(inner.func)
        todo.extend(ast.iter_child_nodes(inner))


def written_names(node: ast.AST) -> Iterator[str]:
    """Names into whose values a statement of a function writes."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Subscript) and isinstance(inner.ctx, ast.Store):
            yield root_name(inner)
        elif isinstance(inner, ast.Call) and isinstance(inner.func, ast.Attribute):
            yield root_name(inner.func)


def root_name(node: ast.AST) -> str:
    """The variable at the left end of `a.b[c].d`."""
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Call)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""
