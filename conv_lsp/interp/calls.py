"""Calling every kind of callable; remembering calls."""

from __future__ import annotations

import ast
import functools
import types
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from conv_lsp.axes import Axis, Source, next_serial, relink
from conv_lsp.dims import Expr
from conv_lsp.findings import RULES
from conv_lsp.interp.absence import exposes
from conv_lsp.interp.contexts import ContextFunction, PendingContext
from conv_lsp.interp.frames import BoundMethod, Frame, Function, NativeInit, spreads
from conv_lsp.interp.machine import DEPTH, Machine, NoKey
from conv_lsp.interp.objects import (
    BoundOp,
    RealMethod,
    attribute_or_unknown,
    describe,
)
from conv_lsp.interp.real import call_real, call_real_method, change_unknowably
from conv_lsp.interp.records import Record, Remembered, Use
from conv_lsp.interp.rules import call_exposed, call_layer, call_library
from conv_lsp.library.asking import ask
from conv_lsp.library.registry import (
    Call,
    Op,
    exposed,
)
from conv_lsp.values import (
    MISSING,
    Class,
    Deque,
    Derived,
    Dict,
    Instance,
    List,
    Module,
    Site,
    Tensor,
    Unknown,
    Value,
)

MAKERS: dict[type, Callable[..., Value]] = {}
"""How a class is called: `construction` says it, which itself calls functions."""


FRAMED: dict[type, Callable[..., Value]] = {}
"""How functions are called that see the names of the code that calls them."""


def call(
    m: Machine,
    function: Value,
    args: Sequence[Value],
    kwargs: Mapping[str, Value],
    site: Site,
    node: ast.Call | None,
    frame: Frame | None = None,
) -> Value:
    """Call any value. `node` is the syntax of the call, if it is written in the code."""
    kind = function.__class__
    if kind is Op:
        return call_library(m, function, args, kwargs, site, node, frame)
    if kind is BoundOp:
        if isinstance(function.function, Op):
            return call_library(
                m, function.function, (function.self, *args), kwargs, site, node, frame, 1
            )
        return call_exposed(m, function, args, kwargs, site, node)
    if kind is Function:
        return call_function(m, function, args, kwargs, site, node, None)
    if kind is BoundMethod:
        return call_bound(m, function, args, kwargs, site, node)
    if isinstance(function, Module):
        return call_module(m, function, args, kwargs, site, node)
    maker = MAKERS.get(kind)
    if maker is not None:
        return maker(m, function, args, kwargs, site, node)
    if kind is Unknown:
        for value in (*args, *kwargs.values()):
            if isinstance(value, List):
                value.birth = 0  # what is not known may have changed it
        exposes(m, (*args, *kwargs.values()))
        if function.lacks is not None:
            path, bound = function.lacks
            return ask(Call(m, site, path), (*bound, *args), kwargs)
        return Unknown(function.why)
    if kind is ContextFunction:
        return PendingContext(function.function, tuple(args), dict(kwargs))
    if kind is RealMethod:
        return call_real_method(m, function, args, kwargs, site)
    framed = FRAMED.get(kind)
    if framed is not None:
        if frame is None:
            return Unknown("names of the code that calls it")
        return framed(m, function, frame, args, kwargs, site)
    if isinstance(function, functools.partial):
        if not isinstance(function.func, (types.FunctionType, types.MethodType)):
            merged = {**function.keywords, **kwargs}
            return call(m, function.func, (*function.args, *args), merged, site, node)
        return function(*args, **kwargs)
    if isinstance(function, type):
        return MAKERS[type](m, function, args, kwargs, site, node)
    if (
        isinstance(function, types.FunctionType)
        and args
        and isinstance(args[0], (Instance, Derived))
    ):
        return call_exposed(m, BoundOp(function, args[0]), args[1:], kwargs, site, node)
    if isinstance(function, (Instance, Derived)):
        found = attribute_or_unknown(m, function, "__call__", site)
        return call(m, found, args, kwargs, site, node)
    if callable(function):
        return call_real(m, function, args, kwargs, site)
    return Unknown(f"{describe(function)} is called, which is no function")


STARRED: Final = "*"
"""The name under which arguments are given that `*args` and `**kwargs` take and nobody knows."""


def call_unknowably(
    m: Machine, function: Value, why: Unknown, leading: Sequence[Value], site: Site
) -> Value:
    """A call of which only the leading arguments are known: what it changes is not known after it."""
    if isinstance(function, RealMethod):
        change_unknowably(m, function, why.why)
    elif isinstance(function, (Function, BoundMethod)):
        plain = function.function if isinstance(function, BoundMethod) else function
        if isinstance(plain, Function):
            names = [a.arg for a in (*plain.node.args.posonlyargs, *plain.node.args.args)]
            words = [a.arg for a in plain.node.args.kwonlyargs]
            names = names[isinstance(function, BoundMethod) :]
            args = [*leading[: len(names)], *(Unknown(why.why) for _ in names[len(leading) :])]
            kwargs = {w: Unknown(why.why) for w in (*words, STARRED)}
            call(m, function, args, kwargs, site, None)
    else:
        exposes(m, (function, *leading))
    return why


def call_module(
    m: Machine,
    module: Module,
    args: Sequence[Value],
    kwargs: Mapping[str, Value],
    site: Site,
    node: ast.Call | None,
) -> Value:
    """`module(...)`: its forward. The inputs of an outermost module are where fields begin."""
    if m.inside:
        return call_with_hooks(m, module, args, kwargs, site, node)
    m.inside = True
    try:
        args = [sourced(a) for a in args]
        kwargs = {k: sourced(v) for k, v in kwargs.items()}
        return call_with_hooks(m, module, args, kwargs, site, node)
    finally:
        m.inside = False


def call_with_hooks(
    m: Machine,
    module: Module,
    args: Sequence[Value],
    kwargs: Mapping[str, Value],
    site: Site,
    node: ast.Call | None,
) -> Value:
    """A module's forward between its hooks, whose results replace arguments and output."""
    for hook in module.hooks("_forward_pre_hooks"):
        result = call(m, hook, (module, tuple(args)), {}, site, None)
        if result is not None and not isinstance(result, Unknown):
            args = result if isinstance(result, tuple) else (result,)
    output = call_forward(m, module, args, kwargs, site, node)
    for hook in module.hooks("_forward_hooks"):
        result = call(m, hook, (module, tuple(args), output), {}, site, None)
        if result is not None and not isinstance(result, Unknown):
            output = result
    return output


def sourced(value: Value) -> Value:
    """A tensor without links as a network's input: its spatial axes are sources of fields."""
    if value.__class__ is not Tensor or not value.known or value.rank < 3:
        return value
    if value.seen is not None or any(a is not None for a in value.axes):
        return value
    return with_sources(value)


SPATIAL = ("T", "D", "H", "W")
"""What the axes after batch and channels are called, counted from the last."""


def with_sources(value: Tensor) -> Tensor:
    """The tensor with its axes after batch and channels as the beginnings of receptive fields."""
    rank = value.rank
    if rank < 3:
        return value
    names = ("L",) if rank == 3 else SPATIAL[-(rank - 2) :]
    axes = (None, None, *map(Source, names, value.sizes[2:]), *[None] * (rank - 2 - len(names)))
    return Tensor(
        value.shape,
        axes,
        dtype=value.dtype,
        strides=value.strides,
        data=value.data,
        kind=value.kind,
    )


def call_forward(
    m: Machine,
    module: Module,
    args: Sequence[Value],
    kwargs: Mapping[str, Value],
    site: Site,
    node: ast.Call | None,
) -> Value:
    kind = module.kind
    own = module.__dict__.get("forward", MISSING)
    if own is not MISSING:
        return call(m, own, args, kwargs, site, node)
    if isinstance(kind, Class):
        for name in ("__call__", "forward"):
            found = kind.find(name)
            if isinstance(found, Function):
                return call_function(m, found, (module, *args), kwargs, site, node, module)
    method = exposed(type(module)).get("forward")
    if method is None:
        return Unknown(f"{describe(module)} has no forward")
    return call_layer(m, module, method, args, kwargs, site, node)


def call_bound(
    m: Machine,
    method: BoundMethod,
    args: Sequence[Value],
    kwargs: Mapping[str, Value],
    site: Site,
    node: ast.Call | None,
) -> Value:
    function = method.function
    if function.__class__ is NativeInit:
        function.run(m, method.self, args, kwargs, site)
        return None
    if function.__class__ is Function:
        module = (
            method.self if isinstance(method.self, Module) and function.name == "forward" else None
        )
        return call_function(m, function, (method.self, *args), kwargs, site, node, module)
    return call(m, function, (method.self, *args), kwargs, site, node)


def call_function(
    m: Machine,
    function: Function,
    args: Sequence[Value],
    kwargs: Mapping[str, Value],
    site: Site,
    node: ast.Call | None,
    module: Module | None,
) -> Value:
    """Run a function of the interpreted code, or reuse the record of an equal call."""
    m.step(CALL_STEPS)
    variables = bind_arguments(m, function, args, kwargs, site)
    if isinstance(variables, Unknown):
        return variables
    key: object = None
    links: dict[Axis, int] = {}
    if works_on_tensors(args) and function.closure is None and not function.code.generator:
        key = call_key(m, function, variables.values(), links)
        found = m.memo.get(key) if key is not None else None
        if found is not None:
            return reuse(m, found, links, site, module, args, kwargs)
    return run(m, function, variables, args, kwargs, site, module, key, links)


def works_on_tensors(args: Sequence[Value]) -> bool:
    """Whether a call is worth a key: one that only builds things is not."""
    return any(a.__class__ is Tensor or isinstance(a, (tuple, List)) for a in args)


def call_key(
    m: Machine, function: Function, values: Iterable[Value], links: dict[Axis, int]
) -> object:
    """Of a call: its code, everything it can read, and its arguments' shapes; None for no key."""
    try:
        parts = tuple([m.key(v, links) for v in values])
    except NoKey:
        return None
    return (id(function.node), id(function.namespace), m.store.world, parts)


def reuse(
    m: Machine,
    found: Remembered,
    links: dict[Axis, int],
    site: Site,
    module: Module | None,
    args: Sequence[Value],
    kwargs: Mapping[str, Value],
) -> Value:
    """An equal call ran before: share its record, with the links of these arguments."""
    m.reach(*found.code)
    mapping: dict[Axis, Axis | None] = dict(zip(found.axes, links, strict=True))
    if all(a is b for a, b in mapping.items()):
        mapping = {}
    memo: dict[Any, Any] = {}
    result = (
        translated(m, found.result, mapping, found.record.start, memo)
        if mapping
        else again(m, found.result)
    )
    record = m.record
    assert record is not None
    record.uses.append(
        Use(
            site,
            found.record,
            module,
            tuple(args),
            result,
            not m.undecided,
            mapping or None,
            len(record.facts),
            tuple([(a, b) for a, b in zip(found.inputs, args, strict=False) if stands_for(a, b)]),
            named=kwargs or None,
            caught=bool(m.catching or m.tolerated),
            relinked=memo,  # so that what is read in this use leads to the very axes of `result`
        )
    )
    return result


def stands_for(recorded: Value, now: Value) -> bool:
    """Whether an argument of an equal call is a module in the place of another."""
    return recorded is not now and isinstance(recorded, Module) and isinstance(now, Module)


def again(m: Machine, value: Value) -> Value:
    """The result of a remembered call once more: containers are new ones."""
    if isinstance(value, List):
        return m.list([again(m, v) for v in value])
    if isinstance(value, Dict):
        return Dict(((k, again(m, v)) for k, v in value.items()), m.store.born())
    return value


def translated(
    m: Machine, value: Value, mapping: Mapping[Axis, Axis | None], since: int, memo: dict[Any, Any]
) -> Value:
    """A remembered result with its links leading to other arguments."""
    if isinstance(value, Tensor):
        axes = tuple([None if a is None else relink(a, mapping, since, memo) for a in value.axes])
        made = Tensor(
            value.shape,
            axes,
            seen=None if value.seen is None else relink(value.seen, mapping, since, memo),
            dtype=value.dtype,
            strides=value.strides,
            data=value.data,
            kind=value.kind,
        )
        made.witness = value.witness
        return made
    if isinstance(value, List):
        return m.list([translated(m, v, mapping, since, memo) for v in value])
    if isinstance(value, tuple):
        parts = [translated(m, v, mapping, since, memo) for v in value]
        return type(value)(*parts) if hasattr(value, "_fields") else type(value)(parts)
    if isinstance(value, Dict):
        return Dict(
            ((k, translated(m, v, mapping, since, memo)) for k, v in value.items()), m.store.born()
        )
    return value


def run(
    m: Machine,
    function: Function,
    variables: dict[str, Value],
    args: Sequence[Value],
    kwargs: Mapping[str, Value],
    site: Site,
    module: Module | None,
    key: object,
    links: dict[Axis, int],
) -> Value:
    """Run a function's body in a record of its own."""
    from conv_lsp.interp.statements import run_body

    if m.depth >= DEPTH:
        exposes(m, variables.values())
        return Unknown(f"stopped after {DEPTH} calls inside calls")
    doubt = m.doubt + m.undecided
    if doubt and too_doubtful(m, function):
        exposes(m, variables.values())
        return Unknown(f"stopped after {DOUBTFUL:,} steps under a condition that is not known")
    code = id(function.node)
    if function.statement.path in m.internals and not m.is_internal:
        exposes(m, variables.values())
    if m.undecided:
        if m.doubtful.get(code, 0) >= RECURSIONS:
            exposes(m, variables.values())
            return Unknown(f"stopped: {function.name} calls itself under unknown conditions")
        m.doubtful[code] = m.doubtful.get(code, 0) + 1
    store = m.store
    outer_record, outer_start, outer_oldest = m.record, m.start, store.oldest
    outer_layer, outer_undecided, outer_certain = m.layer, m.undecided, m.certain
    record = Record(function.statement, function.name, next_serial(), module)
    assert outer_record is not None
    use = Use(
        site, record, module, tuple(args), None, not m.undecided, None, len(outer_record.facts)
    )
    use.named = kwargs or None
    outer_record.uses.append(use)
    m.record, m.start, m.layer = record, store.born(), None
    m.certain, m.undecided = outer_certain and not outer_undecided, 0
    m.doubt = doubt
    store.oldest = store.clock + 1
    m.depth += 1
    ran = len(m.trail)
    m.reach(id(function.node))
    frame = Frame(
        variables, function.namespace, function.statement, record, function.closure, function
    )
    frame.at_yield, m.at_yield = m.at_yield, None
    finished = False
    try:
        result = run_body(m, function, frame)
        finished = True
    finally:
        pure = finished and store.oldest >= m.start
        store.oldest = min(outer_oldest, store.oldest)
        m.record, m.start, m.layer = outer_record, outer_start, outer_layer
        m.certain, m.undecided = outer_certain, outer_undecided
        m.doubt = doubt - outer_undecided
        m.depth -= 1
        if outer_undecided:
            m.doubtful[code] -= 1
    use.output = result
    if key is not None and pure and rememberable(result):
        m.memo[key] = Remembered(
            record,
            tuple(links),
            again(m, result),
            tuple(args),
            code=m.ran_since(ran),
            world=store.world,
        )
    return result


def too_doubtful(m: Machine, function: Function) -> bool:
    """Whether a call under conditions that are not known has cost too much, now or before."""
    node = id(function.node)
    if node in m.costly:
        return True
    if not m.doubt:
        m.limit = m.steps + DOUBTFUL
    elif m.steps > m.limit:
        m.costly.add(node)
        return True
    return False


def rememberable(value: Value) -> bool:
    """Whether a result can be handed out again."""
    if value.__class__ is Tensor or value is None or isinstance(value, (int, float, str, Expr)):
        return True
    if isinstance(value, (List, Dict)) and (value.vague or isinstance(value, (Derived, Deque))):
        return False
    if isinstance(value, (tuple, List)):
        return all(map(rememberable, value))
    return isinstance(value, Dict) and all(map(rememberable, value.values()))


def bind_arguments(
    m: Machine, function: Function, args: Sequence[Value], kwargs: Mapping[str, Value], site: Site
) -> dict[str, Value] | Unknown:
    """A function's variables at its start, or Unknown after a complaint about the call."""
    code = function.code
    a = code.arguments
    names = a.args
    count = len(names)
    if code.simple and not kwargs and len(args) == count:
        return {p.arg: v for p, v in zip(names, args, strict=True)}
    positional = [*a.posonlyargs, *a.args]
    variables: dict[str, Value] = {}
    for parameter, value in zip(positional, args, strict=False):
        variables[parameter.arg] = value
    if len(args) > len(positional):
        if a.vararg is None:
            return bad_call(
                m,
                function,
                site,
                f"takes {len(positional)} positional arguments, {len(args)} are given",
            )
        variables[a.vararg.arg] = tuple(args[len(positional) :])
    elif a.vararg is not None:
        variables[a.vararg.arg] = ()
    left = dict(kwargs)
    doubt = left.pop(STARRED, None)
    if isinstance(doubt, Unknown) and a.vararg is not None:
        variables[a.vararg.arg] = doubt
    if left and a.kwarg is None:
        known = {p.arg for p in (*positional, *a.kwonlyargs)}
        other = next((n for n in left if n not in known), None)
        if other is not None:
            return bad_call(m, function, site, f"there is no argument '{other}'", other)
    first_default = len(positional) - len(function.defaults)
    for i, parameter in enumerate(positional):
        name = parameter.arg
        if i < len(args):
            if name in left and a.kwarg is None:
                return bad_call(m, function, site, f"argument '{name}' is given twice")
        elif name in left:
            variables[name] = left.pop(name)
        elif i >= first_default:
            variables[name] = function.defaults[i - first_default]
        elif m.guessing and spreads(site.node):
            variables[name] = Unknown(f"the parameter {name} has no value here", name=name)
        else:
            return bad_call(m, function, site, f"argument '{name}' is missing")
    for parameter in a.kwonlyargs:
        name = parameter.arg
        if name in left:
            variables[name] = left.pop(name)
        elif name in function.keyword_defaults:
            variables[name] = function.keyword_defaults[name]
        elif m.guessing and spreads(site.node):
            variables[name] = Unknown(f"the parameter {name} has no value here", name=name)
        else:
            return bad_call(m, function, site, f"argument '{name}' is missing")
    if a.kwarg is not None:
        rest = variables[a.kwarg.arg] = Dict(left.items(), m.store.born())
        if isinstance(doubt, Unknown):
            rest.vague = doubt.why
    elif left:
        return bad_call(m, function, site, f"there is no argument '{next(iter(left))}'")
    return variables


def bad_call(
    m: Machine, function: Function, site: Site, problem: str, keyword: str = ""
) -> Unknown:
    """Complain about a call that Python itself rejects; at a keyword, if one is to blame."""
    name = function.name
    if function.statement.path in m.internals:
        return Unknown(f"{name}: {problem}")
    if function.owner is not None:
        owner = function.owner.name
        name = owner if name == "__init__" else f"{owner}.{name}"
    given = getattr(site.node, "keywords", ())
    at = next((k.value for k in given if keyword and k.arg == keyword), None)
    m.report(RULES["call-arguments"], site, at, {"name": name, "problem": problem})
    return Unknown(f"{name}: {problem}")


RECURSIONS = 4
"""Calls of a function inside itself, each under a condition that is not known, past which one is
unknown: their number would grow with every level.
"""
DOUBTFUL = 20_000
"""Steps that a call may take which is made under a condition that is not known."""
CALL_STEPS = 8
"""What calling a function costs, in simple statements."""
