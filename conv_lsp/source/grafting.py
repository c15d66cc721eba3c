"""Keeping a statement's nodes through an edit inside one of its functions.

What an interpreter has made of a statement hangs on its nodes. After an edit in one method, the
nodes of all others stay the same objects, and so does the method's own: only its body is new.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from conv_lsp.source.statements import Statement, common_lines

Block: TypeAlias = "ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef"
BLOCKS = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
NOTE = "conv_lsp_"
"""How the names of attributes begin that the engine notes on nodes for itself."""
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


@dataclass(slots=True)
class Graft:
    """What an edit has changed.

    touched: nodes around the edit, outermost first, whose insides are not what they were.
    functions: the function whose code is another, and all that were defined in it before.
    discarded: the nodes that were taken out.
    """

    touched: list[ast.stmt] = field(default_factory=list)
    functions: list[ast.AST] = field(default_factory=list)
    discarded: list[ast.stmt] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Edit:
    """Lines that two texts share at the top, and where the rest that they share begins in each."""

    top: int
    old_end: int
    new_end: int

    @property
    def added(self) -> int:
        return self.new_end - self.old_end


def graft(kept: Statement, new: Statement) -> Graft | None:
    """Let `kept` stand for the text of `new`, keeping its nodes outside of one function's body.

    None, and nothing is changed, if the edit is not inside one function or between statements.
    """
    old_lines, new_lines = kept.text.split("\n"), new.text.split("\n")
    top = common_lines(old_lines, new_lines)
    bottom = common_lines(old_lines[top:][::-1], new_lines[top:][::-1])
    edit = _Edit(top, len(old_lines) - bottom, len(new_lines) - bottom)
    if kept.broken or new.broken:
        return None
    path = _around(kept, kept.node, new.node, edit)
    if path is None:
        return None
    made = Graft()
    old, now, replaced = path[-1]
    space = kept.shift(edit.top, edit.old_end, edit.new_end, len(new_lines))
    if replaced:
        _replace(old, now, space, made)
    elif not isinstance(old, BLOCKS):
        _move(old, now, space)
    for outer, there, _ in path:
        made.touched.append(outer)
        outer.end_lineno = (there.end_lineno or there.lineno) + space
        outer.end_col_offset = there.end_col_offset
    kept.text = new.text
    return made


def _around(
    kept: Statement, old: ast.stmt, new: ast.stmt, edit: _Edit
) -> list[tuple[ast.stmt, ast.stmt, bool]] | None:
    """The nodes around the edit, old and new, outermost first, each with whether its code is another:
    it is in a function, the last one here, or nowhere. None if there is more to it.
    """
    if type(old) is not type(new):
        return None
    if not isinstance(old, BLOCKS):
        return [(old, new, False)] if same_code(old, new) else None
    assert isinstance(new, BLOCKS)
    if kept.present(_header_end(old)) > edit.top or not _same_header(old, new):
        return None
    found = _among(kept, old.body, new.body, edit)
    if found == []:
        return [(old, new, False)]
    below = None if found is None else _around(kept, *found[0], edit)
    if below is not None and not below[-1][2]:
        return [(old, new, False), *below]
    if not isinstance(old, ast.ClassDef):
        return [(old, new, True)]
    return None if below is None else [(old, new, False), *below]


def _same_header(old: Block, new: Block) -> bool:
    """Whether two definitions differ at most in their bodies."""
    return all(
        same_code(getattr(old, name), getattr(new, name)) for name in old._fields if name != "body"
    )


def _header_end(node: Block) -> int:
    """The last line of what stands before a definition's body."""
    parts: list[ast.AST] = [*node.decorator_list]
    if isinstance(node, ast.ClassDef):
        parts += [*node.bases, *node.keywords]
    else:
        parts += [n for n in ast.walk(node.args) if isinstance(n, (ast.arg, ast.expr))]
        parts += [node.returns] if node.returns is not None else []
    return max([node.lineno, *(getattr(p, "end_lineno", 0) for p in parts)])


def same_code(one: object, other: object) -> bool:
    """Whether two pieces of syntax are the same but for where they stand."""
    todo = [(one, other)]
    while todo:
        a, b = todo.pop()
        if a.__class__ is not b.__class__:
            return False
        if isinstance(a, ast.AST):
            todo.extend([(getattr(a, n, None), getattr(b, n, None)) for n in a._fields])
        elif isinstance(a, list):
            assert isinstance(b, list)
            if len(a) != len(b):
                return False
            todo.extend(zip(a, b, strict=True))
        elif a is not b and repr(a) != repr(b):  # 0.0 and -0.0 are equal, and not the same
            return False
    return True


def _among(
    kept: Statement, olds: list[ast.stmt], news: list[ast.stmt], edit: _Edit
) -> list[tuple[ast.stmt, ast.stmt]] | None:
    """Of the statements of a class the one that the edit is in, old and new, if it is in one; None
    if the others do not stand where they stood.
    """
    if len(olds) != len(news):
        return None
    found: list[tuple[ast.stmt, ast.stmt]] = []
    for old, new in zip(olds, news, strict=True):
        if type(old) is not type(new):
            return None
        start, end = kept.present(_start(old)), kept.present(old.end_lineno or 0)
        there = _start(new), new.end_lineno or 0
        if end <= edit.top and there == (start, end):
            continue
        if start > edit.old_end and there == (start + edit.added, end + edit.added):
            continue
        if there != (start, end + edit.added):
            return None
        found.append((old, new))
    return found if len(found) <= 1 else None


def _replace(old: ast.stmt, new: ast.stmt, space: int, made: Graft) -> None:
    """Give a function another body: copies, since the new statement may serve others as it is."""
    assert isinstance(old, (ast.FunctionDef, ast.AsyncFunctionDef))
    assert isinstance(new, (ast.FunctionDef, ast.AsyncFunctionDef))
    made.functions.append(old)
    for statement in old.body:
        made.functions.extend(n for n in ast.walk(statement) if isinstance(n, FUNCTIONS))
    made.discarded.extend(old.body)
    old.body = [_copied(statement, space) for statement in new.body]


def _copied(node: Any, space: int) -> Any:
    """A node and all below it, so many lines further down."""
    held = node.__dict__
    if not held:
        return node
    made = node.__class__()
    copy = made.__dict__
    for name, value in held.items():
        if value.__class__ is list:
            value = [_copied(v, space) if isinstance(v, ast.AST) else v for v in value]
        elif isinstance(value, ast.AST):
            value = _copied(value, space)
        elif name == "lineno" or name == "end_lineno":
            value = None if value is None else value + space
        elif name.startswith(NOTE):
            continue
        copy[name] = value
    return made


def _move(old: ast.stmt, new: ast.stmt, space: int) -> None:
    """Give a statement that has the code of `new` its places."""
    for a, b in zip(ast.walk(old), ast.walk(new), strict=True):
        there = b.__dict__
        if "lineno" in there:
            for name in ("lineno", "end_lineno"):
                a.__dict__[name] = (there.get(name) or there["lineno"]) + space
            for name in ("col_offset", "end_col_offset"):
                a.__dict__[name] = there.get(name)


def _start(node: ast.stmt) -> int:
    """The first line of a statement with its decorators."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(d.lineno for d in decorators)])
