"""Calling every kind of callable."""

from __future__ import annotations

import ast
import functools
import types
from collections.abc import Callable, Mapping, Sequence

from conv_lsp.axes import Axis, next_serial
from conv_lsp.interp.absence import exposes
from conv_lsp.interp.arguments import STARRED, bind_arguments
from conv_lsp.interp.contexts import ContextFunction, PendingContext
from conv_lsp.interp.frames import BoundMethod, Frame, Function, NativeInit
from conv_lsp.interp.inputs import sourced
from conv_lsp.interp.machine import DEPTH, Machine
from conv_lsp.interp.objects import BoundOp, RealMethod, attribute_or_unknown, describe
from conv_lsp.interp.real import call_real, call_real_method, change_unknowably
from conv_lsp.interp.records import Record, Remembered, Use
from conv_lsp.interp.remembering import again, call_key, rememberable, reuse, works_on_tensors
from conv_lsp.interp.rules import call_exposed, call_layer, call_library
from conv_lsp.library.asking import ask
from conv_lsp.library.registry import Call, Op, exposed
from conv_lsp.values import MISSING, Class, Derived, Instance, List, Module, Site, Unknown, Value

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


RECURSIONS = 4
"""Calls of a function inside itself, each under a condition that is not known, past which one is
unknown: their number would grow with every level.
"""

DOUBTFUL = 20_000
"""Steps that a call may take which is made under a condition that is not known."""

CALL_STEPS = 8
"""What calling a function costs, in simple statements."""
