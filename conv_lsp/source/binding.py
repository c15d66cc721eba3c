"""What a top-level statement binds, as its text says."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def bound_names(node: ast.AST) -> Iterator[str]:
    """Names that a top-level statement binds, or into whose value it writes."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield node.name
        return
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        for alias in node.names:
            yield alias.asname or (
                alias.name if isinstance(node, ast.ImportFrom) else alias.name.partition(".")[0]
            )
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


def root_name(node: ast.AST) -> str:
    """The variable at the left end of `a.b[c].d`."""
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Call)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""
