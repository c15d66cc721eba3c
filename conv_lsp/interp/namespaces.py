"""Files as modules: names resolved lazily, imports inside and outside of what is modelled."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Collection
from typing import TYPE_CHECKING

from conv_lsp.interp.frames import Frame, Function
from conv_lsp.interp.records import Record
from conv_lsp.interp.signals import Raised
from conv_lsp.interp.store import escape
from conv_lsp.library.asking import lacking
from conv_lsp.library.registry import (
    COMPILED,
    STAND_INS,
    UNREADABLE,
    declared,
    find,
    packages,
    stands_in,
)
from conv_lsp.source.binding import CALLS, DECORATES, IMPORTS, WRITES
from conv_lsp.values import MISSING, Dict, Instance, List, Site, Unknown, Value

if TYPE_CHECKING:
    from conv_lsp.interp.machine import Machine
    from conv_lsp.source import Source, Statement

BUILTINS = "builtins."
FILE_STEPS = 200
"""What looking for a file costs, in simple statements."""
MUTABLE = (List, Dict)
SHARED = 1
"""Where a statement's own calls start: only what functions share, which counts as born at 0, is older."""

DYNAMIC = re.compile(r"\b(?:globals|vars|locals|setattr|exec|__getattr__|modules)\b|import \*")
"""What may give a module names that its statements do not show."""


class Package:
    """A module of a modelled library; its names come from the registry."""

    __slots__ = ("_found", "path")

    def __init__(self, path: str) -> None:
        self.path = path
        self._found: dict[str, Value] = {}

    def member(self, m: Machine, name: str) -> Value:
        """As `get`; what is not modelled may still have a source (torchvision.models)."""
        if f"{self.path}.{name}" in STAND_INS:
            return import_module(m, f"{self.path}.{name}")
        found = self.get(name)
        if not isinstance(found, Unknown):
            return found
        other = import_module(m, f"{self.path}.{name}")
        if isinstance(other, Unknown):
            own = written(m, self.path)
            other = MISSING if own is None else own.own(m, name)
        return found if other is MISSING or isinstance(other, Unknown) else other

    own = member

    def get(self, name: str) -> Value:
        """The value at `path.name`; what is not modelled is Unknown."""
        found = self._found.get(name, MISSING)
        if found is not MISSING:
            return found
        path = f"{self.path}.{name}"
        found = find(path)
        if found is not MISSING:
            self._found[name] = found
            return found
        if path in packages():
            return Package(path)
        if name == "__name__":
            return self.path
        return lacking(path)


class Names(dict[str, Value]):
    """The variables of a module."""

    __slots__ = ()


class Namespace:
    """The names of one file. A lazy one runs only the statements that bind what is asked."""

    def __init__(self, name: str, source: Source, *, package: bool, lazy: bool) -> None:
        self.name = name
        self.source = source
        self.package = name if package else name.rpartition(".")[0]
        self.variables: dict[str, Value] = Names(
            {"__name__": name, "__file__": source.path, "__doc__": None}
        )
        self.functions: list[Function] = []
        """Functions defined by statements that ran, decorated or not."""
        self.asked: set[str] = set()
        """Names that functions have read: what they gave may depend on them."""
        self._waiting: dict[str, list[int]] | None = None
        self._stars: list[int] = []
        self._ran: set[int] = set()
        self._lazy = lazy
        self._public: Collection[str] | None = None
        self._origins_of: dict[int, list[Value]] = {}
        self._sought: set[str] = set()
        self.late: list[Namespace] = []
        """Where an `import *` that ran leads: it may give more than was known then."""

    @property
    def idle(self) -> bool:
        """Whether none of its statements has run."""
        return not self._ran

    def defined(self, function: Function) -> None:
        """Remember a function under its definition, whatever decorators make of its name."""
        if function.closure is None:
            self.functions.append(function)

    def get(self, m: Machine, name: str) -> Value:
        """A name of the module, or of Python itself, or MISSING."""
        value = self.own(m, name)
        return builtin(name) if value is MISSING else value

    def read(self, m: Machine, name: str) -> Value:
        """As `get`, for a function."""
        value = self.member(m, name)
        return builtin(name) if value is MISSING else value

    def member(self, m: Machine, name: str) -> Value:
        """As `own`, for whom a later write to the value changes what it does."""
        self.asked.add(name)
        value = self.own(m, name)
        if value.__class__ in MUTABLE or isinstance(value, Instance):
            escape((value,))
        return value

    def own(self, m: Machine, name: str) -> Value:
        """A name of the module, or MISSING."""
        value = self.variables.get(name, MISSING)
        if value is not MISSING:
            return value
        if self._lazy:
            return self._on_demand(m, name)
        for origin in reversed(self.late):
            value = origin.exported(m, name)
            if value is not MISSING:
                self.variables[name] = value
                break
        return value

    def _on_demand(self, m: Machine, name: str) -> Value:
        """Run what binds the name."""
        waiting = self._waiting
        if waiting is None:
            waiting = self._waiting = self._index()
        binders = waiting.get(name, ())
        value = self._from_stars(m, name, binders[-1] if binders else -1)
        if value is MISSING:
            for at in binders:
                self.run(m, at)
            value = self.variables.get(name, MISSING)
        if value is MISSING and binders:
            value = self._from_stars(m, name, -1)
        if value is MISSING and not name.startswith("__"):
            value = submodule(m, self, name)
        if value is MISSING:
            value = self._from_stars(m, name, -1, for_tools=True)
        if value is MISSING:
            getter = waiting.get("__getattr__")
            if getter:
                return Unknown(f"{self.name}.{name} is made on demand")
        return value

    def names(self, m: Machine) -> Collection[str]:
        """What `import *` gives: `__all__`, or all that is public, also by other star imports."""
        if self._public is not None:
            return self._public
        found: dict[str, None] = {}
        seen, todo = {self}, [self]
        while todo:
            m.step()
            space = todo.pop()
            listed = space.own(m, "__all__")
            if isinstance(listed, (list, tuple)) and all(isinstance(n, str) for n in listed):
                found.update(dict.fromkeys(listed))
                continue
            bound = space.variables if space._waiting is None else space._waiting
            found.update((name, None) for name in bound if not name.startswith("_"))
            for origin in (o for at in space._stars for o in space._origins(m, at)):
                if isinstance(origin, Namespace) and origin not in seen:
                    seen.add(origin)
                    todo.append(origin)
        if self._waiting is not None and "__all__" not in self._waiting:
            self._public = found
        return found

    def exported(self, m: Machine, name: str) -> Value:
        """What `import *` gives under a name, or MISSING.

        The decorator of a function may be what adds its name to `__all__`.
        """
        if name in self.names(m):
            return self.own(m, name)
        if self._waiting is None:
            return MISSING
        if name in self._waiting:
            value = self.own(m, name)
            return value if name in self.names(m) else MISSING
        value = self._from_stars(m, name, -1)
        return value if value is MISSING or self.own(m, "__all__") is MISSING else MISSING

    def all_names(self, m: Machine) -> dict[str, Value]:
        """What the module holds once all its statements have run."""
        if self._lazy:
            for at in range(len(self.source.statements)):
                self.run(m, at)
        return self.variables

    def run(self, m: Machine, at: int) -> None:
        """Run one of its top-level statements, once: under whatever condition its name is asked
        for, the file was imported before.
        """
        if at in self._ran:
            return
        self._ran.add(at)
        from conv_lsp.interp.registries import share

        statement = self.source.statements[at]
        doubt, m.doubt = m.doubt, 0
        log = m.store.aside()
        m.loading += 1
        try:
            run_statement(m, self, statement)
        finally:
            m.loading -= 1
            m.store.back(log)
            m.doubt = doubt
        for name in statement.names:
            share(m, self, name)

    def _index(self) -> dict[str, list[int]]:
        """For each name the statements that bind it or may write into its value: by a decorator
        of its own, or by a call of a function of this file.
        """
        waiting: dict[str, list[int]] = {}
        decorated: dict[str, list[int]] = {}
        for at, statement in enumerate(self.source.statements):
            for name in statement.names:
                if name == "*":
                    self._stars.append(at)
                elif name.startswith(DECORATES):
                    decorated.setdefault(name[len(DECORATES) :], []).append(at)
                else:
                    waiting.setdefault(name, []).append(at)
        for name, places in decorated.items():
            binders = waiting.get(name, ())
            if binders and IMPORTS + name not in waiting:
                waiting[name] = sorted({*binders, *places})
        for name, places in list(waiting.items()):
            if name.startswith(CALLS):
                prefix = f"{WRITES}{name[len(CALLS) :]} "
                for written in [n[len(prefix) :] for n in waiting if n.startswith(prefix)]:
                    waiting[written] = sorted({*waiting.get(written, ()), *places})
        return waiting

    def _from_stars(self, m: Machine, name: str, after: int, *, for_tools: bool = False) -> Value:
        """A name that star imports below the statement `after` bind; the last of them counts.

        for_tools: of those under `if TYPE_CHECKING:`, where a module makes its names on demand.
        """
        if name.startswith("__") or name in self._sought:
            return MISSING
        self._sought.add(name)  # stars may lead round in a circle
        try:
            for at in reversed(self._stars):
                if at < after:
                    break
                if for_types(self.source.statements[at].node) is not for_tools:
                    continue
                for origin in self._origins(m, at):
                    found = from_star(m, origin, name)
                    if found is not MISSING:
                        self.variables[name] = found
                        return found
            return MISSING
        finally:
            self._sought.remove(name)

    def _origins(self, m: Machine, at: int) -> list[Value]:
        """The modules whose names a statement imports with a star, the last first."""
        found = self._origins_of.get(at)
        if found is None:
            nodes = ast.walk(self.source.statements[at].node)
            stars = [n for n in nodes if isinstance(n, ast.ImportFrom) and n.names[0].name == "*"]
            found = [import_module(m, absolute(self, node)) for node in reversed(stars)]
            self._origins_of[at] = found
        return found


def for_types(node: ast.stmt) -> bool:
    """Whether a statement is `if TYPE_CHECKING:`, whose body only tools read."""
    return isinstance(node, ast.If) and "TYPE_CHECKING" in (
        getattr(node.test, "id", ""),
        getattr(node.test, "attr", ""),
    )


def from_star(m: Machine, origin: Value, name: str) -> Value:
    """What `from origin import *` binds to a name, or MISSING."""
    if isinstance(origin, Namespace):
        return origin.exported(m, name)
    if isinstance(origin, Package):
        value = origin.get(name)
        return MISSING if isinstance(value, Unknown) or name.startswith("_") else value
    return MISSING


class NamesOf:
    """`module.__dict__`."""

    __slots__ = ("module",)

    def __init__(self, module: Namespace | Package) -> None:
        self.module = module

    def item(self, m: Machine, name: Value) -> Value:
        """A name, or MISSING."""
        if not isinstance(name, str):
            return Unknown("a name that is not known")
        return self.module.own(m, name)

    def known(self, m: Machine) -> dict[str, Value] | Unknown:
        """All names, of a module that has a source."""
        if isinstance(self.module, Package):
            return Unknown(f"the names of {self.module.path}")
        return self.module.all_names(m)


def builtin(name: str) -> Value:
    """A name of Python itself: types are the real ones."""
    return find(BUILTINS + name)


def run_statement(m: Machine, namespace: Namespace, statement: Statement) -> Raised | None:
    """Run a top-level statement in a record of its own; what it raises, if it does.

    What it does stays done, under whatever undecided condition it was asked for: a module runs once.
    """
    from conv_lsp.interp.statements import execute

    node = statement.node
    record = Record(statement, "<module>", 0)
    m.roots.append(record)
    outer, start, layer, undecided = m.record, m.start, m.layer, m.undecided
    catching, m.catching = m.catching, []
    m.record, m.layer, m.undecided = record, None, 0
    m.start = m.start or SHARED
    store = m.store
    log, marks = store.log, store.marks
    store.log, store.marks = [], 0
    frame = Frame(namespace.variables, namespace, statement, record)
    try:
        execute(m, node, frame)
    except Raised as raised:
        for name in filter(str.isidentifier, statement.names):
            namespace.variables.setdefault(name, Unknown(raised.message))
        return raised
    finally:
        store.log, store.marks = log, marks
        m.record, m.start, m.layer = outer, start, layer
        m.undecided, m.catching = undecided, catching
    return None


# -- imports ----------------------------------------------------------------------------------


def absolute(namespace: Namespace, node: ast.ImportFrom) -> str:
    """The absolute name of the module that a from-import names."""
    if not node.level:
        return node.module or ""
    parts = namespace.package.split(".") if namespace.package else []
    if parts and node.level > len(parts):
        return "." * node.level + (node.module or "")  # out of the package: nowhere
    parts = parts[: len(parts) - (node.level - 1)]
    return ".".join([*parts, node.module] if node.module else parts)


def import_module(m: Machine, name: str) -> Value:
    """A module by its absolute name: a modelled one, one with a source, or Unknown."""
    found = m.namespaces.get(name)
    if found is None:
        found = m.namespaces[name] = find_module(m, name)
    return found


def find_module(m: Machine, name: str) -> Value:
    """A module that this analysis has not met yet."""
    modelled = name in packages() or find(name) is not MISSING
    if modelled and not stands_in(name):
        return Package(name)
    m.step(FILE_STEPS)
    top = name.partition(".")[0]
    source = m.lookups[name] = None if top in UNREADABLE else m.files.find(name)
    if source is not None:
        return from_source(m, name, source)
    if modelled:
        return Package(name)
    if top in packages() or top in sys.stdlib_module_names:
        return Unknown(f"{name} is not modelled")
    return Unknown(f"the module {name} is not found")


def written(m: Machine, name: str) -> Namespace | None:
    """The source of a module that is modelled in part, where it is installed."""
    key = f"{name} (source)"
    found = m.namespaces.get(key, MISSING)
    if found is MISSING:
        source = m.lookups[name] = m.files.find(name)
        found = None if source is None else from_source(m, name, source)
        m.namespaces[key] = found
    return found if isinstance(found, Namespace) else None


def from_source(m: Machine, name: str, source: Source) -> Namespace:
    """A module whose statements run as its names are asked for."""
    if name.partition(".")[0] in COMPILED:
        m.internals.add(source.path)
    return Namespace(name, source, package=m.files.is_package(name), lazy=True)


def submodule(m: Machine, namespace: Namespace, name: str) -> Value:
    """A file of a package as its attribute."""
    if namespace.package != namespace.name:
        return MISSING
    found = import_module(m, f"{namespace.name}.{name}")
    return MISSING if isinstance(found, Unknown) else found


def run_import(m: Machine, node: ast.Import, frame: Frame) -> None:
    for alias in node.names:
        name = alias.name
        found = import_module(m, name)
        missing_module(m, found, frame.site(node))
        if alias.asname:
            m.bind(frame, alias.asname, found)
        else:
            top = name.partition(".")[0]
            value = found if top == name else import_module(m, top)
            m.bind(frame, top, value)


def missing_module(m: Machine, found: Value, site: Site) -> None:
    """A module that is not found raises where the code is prepared for that."""
    if isinstance(found, Unknown) and "not found" in found.why and m.catches("ModuleNotFoundError"):
        from conv_lsp.interp.machine import exception_names

        raise Raised(exception_names("ModuleNotFoundError"), found.why, site)


def missing_name(m: Machine, origin: Value, found: Value, node: ast.stmt, frame: Frame) -> None:
    """A name that a file does not have raises where the code is prepared for that."""
    if (
        isinstance(found, Unknown)
        and isinstance(origin, Namespace)
        and found.why.startswith(f"{origin.name} has no name")
        and m.catches("ImportError")
        and not DYNAMIC.search(origin.source.text)
    ):
        from conv_lsp.interp.machine import exception_names

        raise Raised(exception_names("ImportError"), found.why, frame.site(node))


def run_import_from(m: Machine, node: ast.ImportFrom, frame: Frame) -> None:
    name = absolute(frame.namespace, node)
    if name == "__future__":
        return
    origin = import_module(m, name)
    missing_module(m, origin, frame.site(node))
    for alias in node.names:
        if alias.name == "*":
            import_star(m, origin, frame)
            continue
        value = imported(m, origin, name, alias.name)
        missing_name(m, origin, value, node, frame)
        target = alias.asname or alias.name
        m.bind(frame, target, value)


def imported(m: Machine, origin: Value, module: str, name: str) -> Value:
    """What `from module import name` binds."""
    if isinstance(origin, Package):
        return origin.member(m, name)
    if isinstance(origin, Namespace):
        value = origin.own(m, name)
        if value is not MISSING:
            return value
        found = import_module(m, f"{module}.{name}")
        return Unknown(f"{module} has no name '{name}'") if isinstance(found, Unknown) else found
    return origin if module else import_module(m, name)  # beside a file that is in no package


def import_star(m: Machine, origin: Value, frame: Frame) -> None:
    if isinstance(origin, Namespace):
        frame.namespace.late.append(origin)
        for name in origin.names(m):
            value = origin.own(m, name)
            if value is not MISSING:
                m.bind(frame, name, value)
    elif isinstance(origin, Package):
        prefix = origin.path + "."
        for path in dict.fromkeys(declared()):
            if path.startswith(prefix) and "." not in path[len(prefix) :]:
                m.bind(frame, path[len(prefix) :], origin.get(path[len(prefix) :]))
