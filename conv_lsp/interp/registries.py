"""Containers that files share, and what puts a key into them.

Of files outside the one that is analysed only the statements run whose names are asked for. A
registry is filled by statements whose names nobody asks for: a decorated function, a bare call. So
when a key is missing in a container that belongs to a file, the statements that mention the key
run, in all files that its package imports.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from conv_lsp.interp.namespaces import Namespace, import_module
from conv_lsp.values import Class, Instance, Unknown, Value

if TYPE_CHECKING:
    from conv_lsp.interp.machine import Machine
    from conv_lsp.source import Statement

FILES = 1_000
"""Files of a package that are looked through for a key."""
SPEAKERS = 24
"""Statements that may speak of a key for it to be one that is registered."""
LOOK_STEPS = 5
"""What looking for a key in a file costs, in simple statements."""
FILE_STEPS = 100
"""What finding out costs which files a file imports."""
IMPORT = re.compile(
    r"^[ \t]*(?:from[ \t]+(\.*[\w.]*)[ \t]+import[ \t]+(\([^)]*\)|[^\n]*)|import[ \t]+([^\n]*))",
    re.MULTILINE,
)
WRITES = r"(?:\[[^\]\n]*\][ \t]*=(?!=)|\.(?:update|setdefault|add|append|extend|insert)\()"


def missing(m: Machine, container: Value, key: Value, *, needed: bool = False) -> Unknown | None:
    """A key is not in a container: run what may put it there.

    needed: the code takes the key for granted, so it is looked for also while files are loaded.
    Gives why it stays open whether the key is there, if so.
    """
    home = m.shared.get(id(container))
    if home is None or not isinstance(key, str) or not key or (m.loading and not needed):
        return None
    if not needed and not is_open(*home):
        return None
    top = home[0].name.partition(".")[0]
    mentioned = m.looked.get((top, key))
    if mentioned is None:
        mentioned = m.looked[top, key] = look(m, top, key)
    if mentioned or key in container or not is_open(*home):
        return None
    return Unknown(f"'{key}' is registered by nothing that is followed")


def look(m: Machine, top: str, key: str) -> bool:
    """Run the statements of a package that speak of a key; whether there are some.

    None runs of a key that is a common word: what many speak of they do not register.
    """
    found: list[tuple[Namespace, int]] = []
    for namespace in family(m, top):
        m.step(LOOK_STEPS)
        text = namespace.source.text
        if key in text and (f"def {key}(" in text or spoken(text, key)):
            places = enumerate(namespace.source.statements)
            found += [(namespace, at) for at, statement in places if mentions(statement, key)]
            if len(found) > SPEAKERS:
                return False
    for namespace, at in found:
        namespace.run(m, at)
    return bool(found)


def share(m: Machine, namespace: Namespace, name: str) -> None:
    """Remember the containers that a statement of a file has bound to a name."""
    value = namespace.variables.get(name)
    if isinstance(value, (dict, set)):
        m.shared[id(value)] = (namespace, name, value)
        return
    if isinstance(value, (Instance, Class)):
        held = value.attributes if isinstance(value, Class) else value.__dict__
        for attribute, part in held.items():
            if isinstance(part, (dict, set)):
                m.shared[id(part)] = (namespace, attribute, part)


def is_open(namespace: Namespace, name: str, container: Value) -> bool:
    """Whether a function writes to the container, so that what it holds depends on its callers."""
    text = namespace.source.text
    return any(
        text[text.rfind("\n", 0, found.start()) + 1 : found.start()].startswith((" ", "\t"))
        for found in re.finditer(rf"{re.escape(name)}{WRITES}", text)
    )


def mentions(statement: Statement, key: str) -> bool:
    """Whether a statement does more than bind names, and speaks of the key."""
    node, text = statement.node, statement.text
    if key not in text:
        return False
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        if not node.decorator_list:
            return False
        return node.name == key or spoken(text.partition("def ")[0], key)
    if isinstance(node, ast.ClassDef):
        return node.name == key or spoken(text, key)
    if isinstance(node, ast.Assign):
        plain = all(isinstance(t, (ast.Name, ast.Tuple)) for t in node.targets)
        return not plain and spoken(text, key)
    told = (ast.Expr, ast.For, ast.If, ast.Try, ast.With)
    return isinstance(node, told) and not is_text(node) and spoken(text, key)


def is_text(node: ast.stmt) -> bool:
    """Whether a statement is a docstring."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def spoken(text: str, key: str) -> bool:
    """Whether the key stands in a text as a whole string or as a name."""
    if f"'{key}'" in text or f'"{key}"' in text:
        return True
    start = text.find(key)
    while start >= 0:
        around = text[start - 1 : start] + text[start + len(key) : start + len(key) + 1]
        if not any(c.isalnum() or c in "_.'\"" for c in around):
            return True
        start = text.find(key, start + 1)
    return False


def family(m: Machine, top: str) -> list[Namespace]:
    """The files of a package that are imported by those that have been met."""
    found = {n: s for n, s in m.namespaces.items() if is_file_of(s, n, top)}
    count = len(found)
    known = m.families.get(top)
    if known is not None and known[0] == count:
        return known[1]
    todo = list(found.values())
    while todo and len(found) < FILES:
        namespace = todo.pop()
        m.step(FILE_STEPS)
        for name in (*imports(namespace), namespace.name.rpartition(".")[0]):
            if name in found or name.partition(".")[0] != top:
                continue
            other = import_module(m, name)
            if isinstance(other, Namespace):
                found[name] = other
                todo.append(other)
    m.families[top] = (len(found), list(found.values()))
    return m.families[top][1]


def is_file_of(value: Value, name: str, top: str) -> bool:
    return isinstance(value, Namespace) and name.partition(".")[0] == top and name == value.name


def imports(namespace: Namespace) -> Iterator[str]:
    """Absolute names of what a file may import: modules, and names that may be modules."""
    for match in IMPORT.finditer(namespace.source.text):
        origin, names, plain = match.groups()
        if plain is not None:
            yield from (part.split()[0] for part in plain.split(",") if part.strip())
            continue
        dots = len(origin) - len(origin.lstrip("."))
        parts = namespace.package.split(".") if dots else []
        parts = parts[: len(parts) - (dots - 1)] if dots else parts
        base = ".".join([*parts, *filter(None, [origin[dots:]])])
        yield base
        if dots and not origin[dots:]:
            for part in names.strip("()").split(","):
                words = part.split()
                if words:
                    yield f"{base}.{words[0]}"
