"""Code that asks for its own names: `eval`, `globals`, `locals`, `vars`, `sys.modules`."""

from __future__ import annotations

import ast
import functools
from collections.abc import Callable, Mapping, Sequence

from conv_lsp.interp.absence import exposes
from conv_lsp.interp.calls import FRAMED
from conv_lsp.interp.expressions import evaluate
from conv_lsp.interp.frames import Frame, Function
from conv_lsp.interp.machine import Machine, exception_names
from conv_lsp.interp.namespaces import (
    Names,
    NamesOf,
    Namespace,
    Package,
    import_module,
)
from conv_lsp.interp.objects import SPECIAL_ATTRIBUTES, SPECIAL_ITEMS
from conv_lsp.interp.records import Record
from conv_lsp.interp.signals import Raised
from conv_lsp.interp.statements import run_block
from conv_lsp.library.registry import NAMES, Call, op
from conv_lsp.values import MISSING, Dict, Instance, Site, Unknown, Value

TEXT = 2_000
"""Characters of a text that is evaluated."""


class FrameFunction:
    """A function of Python that sees the names of the code that calls it."""

    __slots__ = ("run",)

    def __init__(self, run: Callable[..., Value]) -> None:
        self.run = run


def run_eval(
    m: Machine, frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], site: Site
) -> Value:
    """`eval(text)`: the engine's own evaluation of the text. What it meets leaves no facts."""
    text = args[0] if args else None
    if not isinstance(text, str):
        return Unknown(text.why if isinstance(text, Unknown) else "eval() of what is no text")
    if len(text) > TEXT:
        return Unknown(f"stopped: a text of more than {TEXT:,} characters is evaluated")
    m.step(len(text))
    try:
        node = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return raised(m, "SyntaxError", f"invalid syntax: {text}", site)
    for inner in ast.walk(node):
        ast.copy_location(inner, site.node)
        ast.fix_missing_locations(inner)
    scratch = Record(frame.statement, "<eval>", frame.record.start)
    variables = frame.variables
    for given in (*args[1:3], *kwargs.values()):
        if isinstance(given, dict) and not getattr(given, "vague", ""):
            variables = {**variables, **given}
        elif given is not None:
            return Unknown("eval() in names that are not known")
    inside = Frame(
        variables, frame.namespace, frame.statement, scratch, frame.closure, frame.function
    )
    missing = next((n for n in free_names(node) if absent(m, inside, n)), None)
    if missing is not None:
        return raised(m, "NameError", f"name '{missing}' is not defined", site)
    return evaluate(m, node, inside)


def run_exec(
    m: Machine, frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], site: Site
) -> Value:
    """`exec(text)`: the statements of the text. What they meet leaves no facts.

    What is not known may have set attributes of all that the code around can reach.
    """
    body = statements_of(args[0] if len(args) == 1 and not kwargs else None)
    if body is None:
        exposes(m, frame.variables.values())
        return Unknown("exec() of what is not known")
    m.step(sum(1 for node in body for _ in ast.walk(node)))
    for node in body:
        for inner in ast.walk(node):
            ast.copy_location(inner, site.node)
            ast.fix_missing_locations(inner)
    scratch = Record(frame.statement, "<exec>", frame.record.start)
    # A function's own variables stay as they are.
    variables = frame.variables if frame.function is None else dict(frame.variables)
    inside = Frame(
        variables, frame.namespace, frame.statement, scratch, frame.closure, frame.function
    )
    run_block(m, body, inside)
    return None


def statements_of(text: Value) -> list[ast.stmt] | None:
    """The statements of a text, if it is one that is known and not long."""
    if not isinstance(text, str) or len(text) > TEXT:
        return None
    try:
        return ast.parse(text.strip()).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def free_names(node: ast.expr) -> list[str]:
    """Names that an expression reads and does not bind itself."""
    names = [n for n in ast.walk(node) if isinstance(n, ast.Name)]
    bound = {n.id for n in names if isinstance(n.ctx, ast.Store)}
    bound.update(n.arg for n in ast.walk(node) if isinstance(n, ast.arg))
    return [n.id for n in names if n.id not in bound]


def absent(m: Machine, frame: Frame, name: str) -> bool:
    return frame.find(name) is MISSING and frame.namespace.get(m, name) is MISSING


def raised(m: Machine, kind: str, message: str, site: Site) -> Value:
    """An exception where the code catches it, else what is not known."""
    if m.catches(kind):
        raise Raised(exception_names(kind), message, site)
    return Unknown(f"{kind}: {message}")


def run_globals(
    m: Machine, frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], site: Site
) -> Value:
    """`globals()`"""
    return frame.namespace.all_names(m)


def run_locals(
    m: Machine, frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], site: Site
) -> Value:
    """`locals()`: of a function, a copy."""
    if frame.function is None and not frame.transparent:
        return frame.namespace.all_names(m)
    known = frame.variables
    if frame.function is not None and uses_super(frame.function):
        known = {**known, "__class__": frame.function.owner}
    return Names(known)


def uses_super(function: Function) -> bool:
    """Whether a method has the hidden variable `__class__`."""
    names = (n for n in ast.walk(function.node) if isinstance(n, ast.Name))
    return function.owner is not None and any(n.id in ("super", "__class__") for n in names)


def run_vars(
    m: Machine, frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], site: Site
) -> Value:
    """`vars()`, `vars(object)`"""
    if not args:
        return run_locals(m, frame, args, kwargs, site)
    found = m.attribute(args[0], "__dict__", site)
    return Unknown("vars() of what is not known") if found is MISSING else found


def run_dir(
    m: Machine, frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], site: Site
) -> Value:
    """`dir()`: of modules with a source, and of the running code."""
    if not args:
        names = run_locals(m, frame, args, kwargs, site)
    elif isinstance(args[0], Namespace):
        names = args[0].all_names(m)
    elif isinstance(args[0], (Package, Instance)):
        return ToAsk(args[0])
    else:
        return Unknown("the names of an object")
    return m.list(sorted(n for n in names if isinstance(n, str)))


class ToAsk(Instance):
    """What `dir()` gives of what does not list its names: it can be asked for one."""

    __slots__ = ("owner",)

    def __init__(self, owner: Value) -> None:
        super().__init__()
        self.owner = owner

    def contains(self, call: Call, name: object) -> Value:
        found = call.host.attribute(self.owner, name, call.site) if isinstance(name, str) else None
        return found if isinstance(found, Unknown) else found is not MISSING


def call_framed(
    m: Machine,
    function: FrameFunction,
    frame: Frame,
    args: Sequence[Value],
    kwargs: Mapping[str, Value],
    site: Site,
) -> Value:
    return function.run(m, frame, args, kwargs, site)


FRAMED[FrameFunction] = call_framed

for _name, _run in {
    "eval": run_eval,
    "exec": run_exec,
    "globals": run_globals,
    "locals": run_locals,
    "vars": run_vars,
    "dir": run_dir,
}.items():
    NAMES[f"builtins.{_name}"] = FrameFunction(_run)


@op("ast.literal_eval")
def literal_eval(call: Call, node_or_string: object) -> Value:
    """The value that a known text writes."""
    text = node_or_string
    host = call.host
    if not isinstance(text, str) or len(text) > TEXT or not isinstance(host, Machine):
        return Unknown(text.why if isinstance(text, Unknown) else "a text that is not known")
    try:
        return literal(host, ast.literal_eval(text))
    except (ValueError, SyntaxError, RecursionError, MemoryError) as error:
        return raised(host, "ValueError", str(error), call.site)


def literal(m: Machine, value: Value) -> Value:
    """Real containers as those of the interpreted code."""
    if isinstance(value, list):
        return m.list([literal(m, v) for v in value])
    if isinstance(value, dict):
        return Dict(((k, literal(m, v)) for k, v in value.items()), m.store.born())
    return tuple([literal(m, v) for v in value]) if isinstance(value, tuple) else value


# -- modules ----------------------------------------------------------------------------------


class Modules:
    """`sys.modules`"""


NAMES["sys.modules"] = Modules()


def module_named(m: Machine, name: Value) -> Value:
    """An imported module, as `sys.modules[name]` gives it."""
    if not isinstance(name, str):
        return Unknown("a module whose name is not known")
    if m.script is not None and name == m.script.name:
        return m.script
    return import_module(m, name)


def names_item(m: Machine, value: Value, index: Value, site: Site) -> Value:
    """`module.__dict__[name]`, `sys.modules[name]`."""
    found = module_named(m, index) if isinstance(value, Modules) else value.item(m, index)
    if found is MISSING:
        return raised(m, "KeyError", repr(index), site)
    return found


def names_attribute(m: Machine, value: NamesOf, name: str) -> Value:
    """The methods of a module's `__dict__`."""
    if name == "get":
        return functools.partial(names_get, m, value)
    if name in ("items", "keys", "values"):
        return functools.partial(names_view, m, value, name)
    return MISSING


def names_get(m: Machine, value: NamesOf, key: Value, default: Value = None) -> Value:
    found = value.item(m, key)
    return default if found is MISSING else found


SPECIAL_ITEMS[NamesOf] = SPECIAL_ITEMS[Modules] = names_item
SPECIAL_ATTRIBUTES[NamesOf] = names_attribute


def names_view(m: Machine, value: NamesOf, name: str) -> Value:
    held = value.known(m)
    return held if isinstance(held, Unknown) else m.list(list(getattr(held, name)()))
