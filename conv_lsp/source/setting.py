"""Where a text may give an attribute of a name to an object."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from conv_lsp.source.statements import Statement
    from conv_lsp.source.version import Source


def may_set(source: Source, name: str, kinds: Collection[str]) -> bool:
    """Whether some line, run or not, may give `name` to an object of these classes.

    Methods of other classes that set it on their own object do not.
    """
    word = re.compile(rf"\b{re.escape(name)}\b")
    return any(sets(s, name, kinds) for s in source.statements if word.search(s.text))


def is_derived_from(source: Source, name: str) -> bool:
    """Whether a class of the file names another one among its bases."""
    return any(
        isinstance(node, ast.ClassDef) and name in map(last_word, node.bases)
        for statement in source.statements
        if name in statement.text
        for node in ast.walk(statement.node)
    )


def last_word(node: ast.expr) -> str:
    """The name of a class as it is written among bases."""
    while isinstance(node, ast.Subscript):
        node = node.value
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def sets(statement: Statement, name: str, kinds: Collection[str]) -> bool:
    """The same for one statement, whose text has the word."""
    if statement.stale or statement.broken:
        return True
    return any(
        is_word(node, name) or (is_stored(node, name) and id(node) not in foreign)
        for foreign in [of_others(statement.node, kinds)]
        for node in ast.walk(statement.node)
    )


def is_word(node: ast.AST, name: str) -> bool:
    """Whether it is a text that is the name, or gives the name in a call: `update(name=...)`."""
    if isinstance(node, ast.keyword):
        return node.arg == name
    return isinstance(node, ast.Constant) and node.value == name


def is_stored(node: ast.AST, name: str) -> bool:
    """Whether it is an attribute of that name that is set, deleted or declared."""
    return isinstance(node, ast.Attribute) and node.attr == name and not is_read(node)


def is_read(node: ast.Attribute) -> bool:
    return isinstance(node.ctx, ast.Load)


def of_others(node: ast.AST, kinds: Collection[str]) -> set[int]:
    """The attributes of `self` in the methods of classes that are not among these."""
    found: set[int] = set()
    for held in ast.walk(node):
        if isinstance(held, ast.ClassDef) and held.name not in kinds:
            for method in held.body:
                if isinstance(method, ast.FunctionDef) and method.args.args:
                    found |= attributes_of(method, method.args.args[0].arg)
    return found


def attributes_of(method: ast.FunctionDef, variable: str) -> set[int]:
    """The attributes of a variable that a function speaks of."""
    return {
        id(node)
        for node in ast.walk(method)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == variable
    }
