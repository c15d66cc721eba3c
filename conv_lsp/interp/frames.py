"""Where names live while a function or a file runs."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from conv_lsp.source import NOTE
from conv_lsp.values import MISSING, Class, Site, Value

if TYPE_CHECKING:
    from conv_lsp.interp.namespaces import Namespace
    from conv_lsp.interp.records import Noted, Record
    from conv_lsp.source import Statement


class Code:
    """What is worth knowing of a function's syntax before it runs; made once per definition."""

    __slots__ = (
        "arguments",
        "body",
        "generator",
        "globals",
        "local",
        "name",
        "nonlocals",
        "simple",
    )

    def __init__(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> None:
        self.arguments = node.args
        self.name = getattr(node, "name", "<lambda>")
        self.body: list[ast.stmt] = [] if isinstance(node, ast.Lambda) else node.body
        self.globals: set[str] = set()
        self.nonlocals: set[str] = set()
        self.generator = False
        for inner in own_nodes(node):
            if isinstance(inner, ast.Global):
                self.globals.update(inner.names)
            elif isinstance(inner, ast.Nonlocal):
                self.nonlocals.update(inner.names)
            elif isinstance(inner, (ast.Yield, ast.YieldFrom)):
                self.generator = True
        self.local = not (self.globals or self.nonlocals)
        a = node.args
        self.simple = not (a.vararg or a.kwarg or a.kwonlyargs or a.posonlyargs)


def code_of(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> Code:
    """The code of a definition, kept on its node."""
    code = getattr(node, "conv_lsp_code", None)
    if code is None:
        code = node.conv_lsp_code = Code(node)  # type: ignore[union-attr]
    return code


def forget(node: ast.AST) -> None:
    """Drop what was noted on a node whose insides are not what they were."""
    code: Code | None = getattr(node, "conv_lsp_code", None)
    for name in [n for n in vars(node) if n.startswith(NOTE)]:
        delattr(node, name)
    if code is not None and isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        Code.__init__(code, node)  # functions made of it hold on to it
        node.conv_lsp_code = code  # type: ignore[union-attr]


def own_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a function that belong to itself, not to a function inside it."""
    todo = list(ast.iter_child_nodes(node))
    while todo:
        inner = todo.pop()
        yield inner
        if not isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            todo.extend(ast.iter_child_nodes(inner))


class Function:
    """A function of the interpreted code."""

    __slots__ = (
        "attributes",
        "closure",
        "code",
        "defaults",
        "keyword_defaults",
        "name",
        "namespace",
        "node",
        "owner",
        "statement",
    )

    def __init__(
        self,
        node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda,
        statement: Statement,
        namespace: Namespace,
        closure: Frame | None,
    ) -> None:
        self.node = node
        self.statement = statement
        self.namespace = namespace
        self.closure = closure
        self.code = code_of(node)
        self.name = self.code.name
        self.defaults: list[Value] = []
        self.keyword_defaults: dict[str, Value] = {}
        self.owner: Class | None = None
        self.attributes: dict[str, Value] = {}

    def __repr__(self) -> str:
        return f"<function {self.name}>"


class BoundMethod:
    """A function with its first argument."""

    __slots__ = ("function", "self")

    def __init__(self, function: Value, self_value: Value) -> None:
        self.function = function
        self.self = self_value

    def __repr__(self) -> str:
        return f"<method {getattr(self.function, 'name', '')}>"


class NativeInit:
    """A constructor that no code was written for: run(machine, object, args, kwargs, site)."""

    __slots__ = ("run",)

    def __init__(self, run: Callable[..., None]) -> None:
        self.run = run


class Super:
    """`super()`: attributes of `self` after `owner` in the resolution order."""

    __slots__ = ("owner", "self")

    def __init__(self, owner: Class, self_value: Value) -> None:
        self.owner = owner
        self.self = self_value


class Frame:
    """One running function, class body or file."""

    __slots__ = (
        "at_yield",
        "closure",
        "doubts",
        "facts",
        "function",
        "namespace",
        "record",
        "returned",
        "returns",
        "statement",
        "transparent",
        "variables",
        "yields",
    )

    def __init__(
        self,
        variables: dict[str, Value],
        namespace: Namespace,
        statement: Statement,
        record: Record,
        closure: Frame | None = None,
        function: Function | None = None,
    ) -> None:
        self.variables = variables
        self.namespace = namespace
        self.statement = statement
        self.record = record
        self.facts: list[Noted] = record.facts
        self.closure = closure
        self.function = function
        self.at_yield: Callable[[Value], None] | None = None
        """Runs what stands inside the `with` that this generator makes."""
        self.transparent = False
        """A class body: functions defined in it do not see its variables."""
        self.returned: Value = None
        self.returns: list[tuple[Value, int]] = []
        """Values returned under undecided conditions, each with a mark of the store."""
        self.doubts: list[int] = []
        """Marks of where a loop that is still running may have been left."""
        self.yields: list[Value] = []

    def site(self, node: ast.AST) -> Site:
        """A place in the code that this frame runs; kept on the node."""
        site: Site | None = getattr(node, "conv_lsp_site", None)
        if site is None:
            site = node.conv_lsp_site = Site(self.statement, node)  # type: ignore[attr-defined]
        return site

    def scope_of(self, name: str) -> dict[str, Value]:
        """The variables that an assignment to `name` writes to."""
        function = self.function
        if function is not None:
            code = function.code
            if name in code.globals:
                return self.namespace.variables
            if name in code.nonlocals:
                frame = self.closure
                while frame is not None:
                    if name in frame.variables:
                        return frame.variables
                    frame = frame.closure
        return self.variables

    def find(self, name: str) -> Value:
        """A variable of this frame or of one around it, or MISSING."""
        value = self.variables.get(name, MISSING)
        frame = self.closure
        while value is MISSING and frame is not None:
            value = frame.variables.get(name, MISSING)
            frame = frame.closure
        return value


def spreads(node: ast.AST | None) -> bool:
    """Whether a call passes on arguments that it does not name."""
    return isinstance(node, ast.Call) and (
        any(k.arg is None for k in node.keywords)
        or any(isinstance(a, ast.Starred) for a in node.args)
    )
