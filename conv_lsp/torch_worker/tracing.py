"""Runs a file of the user's and notes the shape of every tensor in it, by its place.

    python tracing.py < request > answer

The request is a JSON object: `path` and `text` of the file, `name` and `root` (its module's name, and
the directory that is searched for modules), `main` (whether to run it as a script), `calls` (what to
evaluate in its namespace then, each `{"run": expression, "inputs": [[shape, ...], ...]}` with
alternatives of inputs, tried in order), `train`, `device`, `seconds`. The answer has `places`
(line, column, end line, end column, as in `ast`), `seen` (for each place its distinct shapes),
`chosen` (for each call the alternative that ran), and what was raised.

The user's code is executed. Whoever starts this has been told so.
"""

from __future__ import annotations

import ast
import builtins
import importlib
import importlib.abc
import importlib.machinery
import json
import os
import sys
import threading
import types
from collections.abc import Iterable, Sequence
from typing import Any

SEEN = "__conv_lsp_seen__"
MAX_SHAPES = 64
MAX_PARTS = 64
MAX_DEPTH = 4
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
UNWRAPPED = (
    ast.Constant,
    ast.Starred,
    ast.Slice,
    ast.Lambda,
    ast.JoinedStr,
    ast.FormattedValue,
    ast.GeneratorExp,
)


class Places(ast.NodeTransformer):
    """Puts a note around every expression, and behind every name that is bound."""

    def __init__(self) -> None:
        self.places: list[tuple[int, int, int, int]] = []

    def noted(self, node: Any, value: ast.expr) -> ast.Call:
        """`seen(number, value)`, for the place of a node."""
        end = node.end_lineno, node.end_col_offset
        if isinstance(node, ast.arg):
            end = node.lineno, node.col_offset + len(node.arg.encode())
        self.places.append((node.lineno, node.col_offset, *end))
        number = ast.Constant(len(self.places) - 1)
        call = ast.Call(ast.Name(SEEN, ast.Load()), [number, value], [])
        return ast.fix_missing_locations(ast.copy_location(call, value))

    def visit(self, node: ast.AST) -> Any:
        visited = super().visit(node)
        if not isinstance(node, ast.expr) or isinstance(node, UNWRAPPED):
            return visited
        if not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
            return visited
        if isinstance(node, ast.Tuple) and any(isinstance(e, ast.Slice) for e in node.elts):
            return visited  # an index
        return self.noted(node, visited)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        func = node.func
        if isinstance(func, ast.Attribute):
            func.value = self.visit(func.value)
        elif not isinstance(func, ast.Name):
            node.func = self.visit(func)
        node.args = [self.visit(a) for a in node.args]
        for keyword in node.keywords:
            keyword.value = self.visit(keyword.value)
        return node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        return node

    def visit_match_case(self, node: Any) -> ast.AST:
        if node.guard is not None:
            node.guard = self.visit(node.guard)
        node.body = self.block(node.body)
        return node

    def visit_AugAssign(self, node: ast.AugAssign) -> Any:
        node.value = self.visit(node.value)
        return [node, *self.names([node.target])]

    def visit_AnnAssign(self, node: ast.AnnAssign) -> Any:
        if node.value is None:
            return node
        node.value = self.visit(node.value)
        return [node, *self.names([node.target])]

    def visit_Assign(self, node: ast.Assign) -> Any:
        node.value = self.visit(node.value)
        node.targets = [self.visit(target) for target in node.targets]
        return [node, *self.names(node.targets)]

    def visit_For(self, node: ast.For) -> ast.AST:
        names = self.names([node.target])
        self.generic_visit(node)
        node.body = [*names, *node.body]
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return self.function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return self.function(node)

    def function(self, node: Any) -> ast.AST:
        """A function: its parameters are seen where it begins."""
        given = node.args
        given.defaults = [self.visit(d) for d in given.defaults]
        given.kw_defaults = [d if d is None else self.visit(d) for d in given.kw_defaults]
        every = (*given.posonlyargs, *given.args, given.vararg, *given.kwonlyargs)
        notes = [
            self.statement(self.noted(a, ast.copy_location(ast.Name(a.arg, ast.Load()), a)))
            for a in every
            if a is not None
        ]
        first = 1 if ast.get_docstring(node, clean=False) is not None else 0
        node.body = [*node.body[:first], *notes, *self.block(node.body[first:])]
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        node.body = self.block(node.body)
        return node

    def block(self, body: Iterable[ast.stmt]) -> list[ast.stmt]:
        """Statements, one of which may become several."""
        made: list[ast.stmt] = []
        for statement in body:
            visited = self.visit(statement)
            made += visited if isinstance(visited, list) else [visited]
        return made

    def names(self, targets: Iterable[ast.AST]) -> list[ast.stmt]:
        """Notes of the names that are bound."""
        found = [n for t in targets for n in plain_names(t)]
        return [
            self.statement(self.noted(n, ast.copy_location(ast.Name(n.id, ast.Load()), n)))
            for n in found
        ]

    @staticmethod
    def statement(call: ast.Call) -> ast.stmt:
        return ast.copy_location(ast.Expr(call), call)


def plain_names(target: ast.AST) -> list[ast.Name]:
    """The variables of an assignment's target."""
    if isinstance(target, ast.Name):
        return [target]
    if isinstance(target, ast.Starred):
        return plain_names(target.value)
    if isinstance(target, (ast.Tuple, ast.List)):
        return [n for e in target.elts for n in plain_names(e)]
    return []


class Trace:
    """What has been seen, by the number of the place."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self.places: list[tuple[int, int, int, int]] = []
        self.seen: dict[int, list[Any]] = {}

    def code(self) -> types.CodeType:
        """The file with its notes."""
        tree = ast.parse(self.text, self.path)
        made = Places()
        tree.body = made.block(tree.body)
        self.places = made.places
        return compile(ast.fix_missing_locations(tree), self.path, "exec")

    def note(self, number: int, value: Any) -> Any:
        """Called by the running code with every value; gives it back."""
        try:
            shape = shape_of(value)
            if shape is not None:
                known = self.seen.setdefault(number, [])
                if shape not in known and len(known) < MAX_SHAPES:
                    known.append(shape)
        except Exception:  # noqa: S110  what cannot be looked at is not seen
            pass
        return value


def shape_of(value: Any, depth: int = 0) -> Any:
    """The sizes of a tensor; those of a container's, with None for what is none; None without any."""
    torch = sys.modules.get("torch")
    if torch is None:
        return None
    if isinstance(value, torch.Tensor):
        return [int(d) for d in value.shape]
    if isinstance(value, (tuple, list, dict)) and 0 < len(value) <= MAX_PARTS and depth < MAX_DEPTH:
        parts = value.values() if isinstance(value, dict) else value
        shapes = [shape_of(part, depth + 1) for part in parts]
        return shapes if any(s is not None for s in shapes) else None
    return None


class Finder(importlib.abc.MetaPathFinder):
    """Loads the one file with its notes, whatever it is imported as."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace

    def find_spec(self, name: str, path: Sequence[str] | None, target: Any = None) -> Any:
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is None or not spec.origin or not spec.has_location:
            return None
        if os.path.realpath(spec.origin) != os.path.realpath(self.trace.path):
            return None
        spec.loader = Loader(name, spec.origin, self.trace)
        return spec


class Loader(importlib.machinery.SourceFileLoader):
    def __init__(self, name: str, path: str, trace: Trace) -> None:
        super().__init__(name, path)
        self.trace = trace

    def get_code(self, fullname: str) -> types.CodeType:  # noqa: ARG002  as its base has it
        return self.trace.code()


def run(request: dict[str, Any], trace: Trace, chosen: list[int]) -> None:
    """Run what was asked for. Whatever the user's code raises goes through."""
    sys.argv = [trace.path]
    sys.path[0] = request["root"]
    setattr(builtins, SEEN, trace.note)
    sys.meta_path.insert(0, Finder(trace))
    import torch

    if request["main"]:
        module = types.ModuleType("__main__")
        module.__file__ = trace.path
        module.__package__ = request["name"].rpartition(".")[0] or None
        sys.modules["__main__"] = module
        exec(trace.code(), module.__dict__)  # noqa: S102
    else:
        module = importlib.import_module(request["name"])
    for call in request["calls"]:
        number = evaluate(torch, module, call, request)
        chosen.append(number)  # those that ran are told if a later one fails


def evaluate(torch: Any, module: Any, call: dict[str, Any], request: dict[str, Any]) -> int:
    """Evaluate an expression and call what it gives; which of the alternatives did not fail."""
    alternatives = call["inputs"] or [None]
    for number, shapes in enumerate(alternatives):
        try:
            with torch.no_grad(), torch.device(request["device"]):
                value = eval(call["run"], module.__dict__)  # noqa: S307
                if isinstance(value, torch.nn.Module) and not request["train"]:
                    value.eval()
                if shapes is not None and callable(value):
                    value(*(torch.rand(shape) for shape in shapes))
            return number
        except Exception:
            if number == len(alternatives) - 1:
                raise
    return 0


def raised_at(trace: Trace, error: BaseException) -> int:
    """The line of the file in which it was raised; 0 for none."""
    at, line = error.__traceback__, 0
    while at is not None:
        if at.tb_frame.f_code.co_filename == trace.path:
            line = at.tb_lineno
        at = at.tb_next
    return line


def main() -> None:
    """One request, one answer."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what the code prints is not our answer
    request = json.loads(sys.stdin.buffer.read())
    sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115  to the end of the process
    trace = Trace(request["path"], request["text"])
    chosen: list[int] = []
    answered = threading.Lock()

    def answer(raised: str, line: int) -> None:
        if not answered.acquire(blocking=False):
            return
        torch = sys.modules.get("torch")
        row = {
            "torch": str(getattr(torch, "__version__", "")),
            "places": trace.places,
            "seen": sorted(dict(trace.seen).items()),
            "chosen": chosen,
            "raised": raised,
            "line": line,
        }
        out.write(json.dumps(row).encode() + b"\n")
        out.flush()
        os._exit(0)

    def stop() -> None:
        answer(f"stopped after {request['seconds']:g} s", 0)

    timer = threading.Timer(request["seconds"], stop)
    timer.daemon = True
    timer.start()
    try:
        run(request, trace, chosen)
    except SystemExit:
        answer("", 0)
    except BaseException as error:  # the user's code may raise anything
        words = str(error).strip().splitlines()
        answer(
            f"{type(error).__name__}: {words[0] if words else ''}"[:300], raised_at(trace, error)
        )
    answer("", 0)


if __name__ == "__main__":
    main()
