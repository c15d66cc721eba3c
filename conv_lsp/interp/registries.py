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
from typing import TYPE_CHECKING, NamedTuple

from conv_lsp.interp.namespaces import Namespace, import_module
from conv_lsp.values import Class, Instance, Module, Unknown, Value

if TYPE_CHECKING:
    from conv_lsp.interp.machine import Machine
    from conv_lsp.source import Statement

FILES = 500
"""Files of a package that are looked through for a key; of a larger one none."""
TOO_MANY = -1
IMPORT = re.compile(
    r"^[ \t]*(?:from[ \t]+(\.*[\w.]*)[ \t]+import[ \t]+(\([^)]*\)|[^\n]*)|import[ \t]+([^\n]*))",
    re.MULTILINE,
)
DEFINITION = re.compile(r"^(?:async +)?(?:def|class) +(\w+)", re.MULTILINE)
WRITES = r"(?:\[[^\]\n]*\][ \t]*=(?!=)|\.(?:update|setdefault|add|append|extend|insert)\()"


class Home(NamedTuple):
    """Where a container belongs: the variable of a file, or an attribute of what that holds.

    writers: names by which code gets at the container to write into it.
    """

    namespace: Namespace
    container: Value
    writers: frozenset[str]
    is_open: bool


def missing(m: Machine, container: Value, key: Value, *, needed: bool = False) -> Unknown | None:
    """A key is not in a container: run what may put it there.

    needed: the code takes the key for granted, so it is looked for also while files are loaded.
    Gives why it stays open whether the key is there, if so.
    """
    home = m.shared.get(id(container))
    if home is None or not isinstance(key, str) or not key or (m.loading and not needed):
        return None
    asked = (id(container), key)
    mentioned = m.looked.get(asked)
    if mentioned is None:
        mentioned = m.looked[asked] = look(m, home, key)
    if mentioned or key in container or not home.is_open:
        return None
    return Unknown(f"'{key}' is registered by nothing that is followed")


def look(m: Machine, home: Home, key: str) -> bool:
    """Run the statements that may put a key into a container; whether there are some."""
    found = False
    own = home.namespace
    others = family(m, own.name.partition(".")[0]) if home.is_open else ()
    for namespace in (own, *others):
        if namespace.source.path == m.script.source.path:
            continue  # it runs whole, and would register all once more
        text = namespace.source.text
        if key not in text or not (namespace is own or any(w in text for w in home.writers)):
            continue
        if f"def {key}(" not in text and f"class {key}" not in text and not spoken(text, key):
            continue
        for at, statement in enumerate(namespace.source.statements):
            near = namespace is own or any(w in statement.text for w in home.writers)
            if near and mentions(statement, key):
                found = True
                namespace.run(m, at)
    return found


def share(m: Machine, namespace: Namespace, name: str) -> None:
    """Remember the containers that a statement of a file has bound to a name."""
    value = namespace.variables.get(name)
    if isinstance(value, (dict, set)):
        if id(value) not in m.shared:
            writers = writers_of(namespace, name)
            home = Home(namespace, value, writers | {name}, bool(writers))
            m.shared[id(value)] = home
        return
    kind = value.kind if isinstance(value, Instance) else value
    if not isinstance(kind, Class) or isinstance(value, Module):
        return
    held = value.attributes if isinstance(value, Class) else value.__dict__
    for attribute, part in held.items():
        if isinstance(part, (dict, set)) and id(part) not in m.shared:
            is_open = any(
                re.search(rf"\b{re.escape(attribute)}{WRITES}", base.site.statement.text)
                for base in kind.mro
                if isinstance(base, Class) and base.site is not None
            )
            m.shared[id(part)] = Home(namespace, part, frozenset((name,)), is_open)


def writers_of(namespace: Namespace, name: str) -> frozenset[str]:
    """Functions and classes of a file that write into a variable of it, and those that use them."""
    text = namespace.source.text
    write = re.compile(rf"\b{re.escape(name)}{WRITES}")
    found: set[str] = set()
    for match in write.finditer(text):
        start = text.rfind("\n", 0, match.start()) + 1
        if text[start : match.start()].startswith((" ", "\t")):
            above = DEFINITION.findall(text, 0, start)
            found.update(above[-1:])
    if found:
        parts = DEFINITION.split(text)
        for defined, body in zip(parts[1::2], parts[2::2], strict=True):
            if any(re.search(rf"\b{w}\b", body) for w in found):
                found.add(defined)
    return frozenset(found)


def mentions(statement: Statement, key: str) -> bool:
    """Whether a statement does more than bind names, and speaks of the key."""
    text = statement.text
    if key not in text:
        return False
    node = statement.node
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        if not node.decorator_list:
            return False
        above = "\n".join(text.split("\n")[: node.lineno - 1])
        return node.name == key or spoken(above, key)
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
    if known is not None and known[0] in (count, TOO_MANY):
        return known[1]
    todo = list(found.values())
    while todo and len(found) <= FILES:
        namespace = todo.pop()
        for name in (*imports(namespace), namespace.name.rpartition(".")[0]):
            if name in found or name.partition(".")[0] != top:
                continue
            other = import_module(m, name)
            if isinstance(other, Namespace):
                found[name] = other
                todo.append(other)
    if len(found) > FILES:
        found.clear()
    m.families[top] = (len(found) or TOO_MANY, list(found.values()))
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
