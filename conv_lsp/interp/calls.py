"""Calling every kind of callable; remembering calls."""

from __future__ import annotations

import ast
import functools
import re
import types
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from conv_lsp.axes import Axis, Source, next_serial, relink
from conv_lsp.dims import Expr
from conv_lsp.findings import RULES
from conv_lsp.interp.contexts import ContextFunction, PendingContext
from conv_lsp.interp.frames import BoundMethod, Frame, Function, NativeInit, Super
from conv_lsp.interp.machine import DEPTH, LENGTH, Machine, NoKey, exception_names
from conv_lsp.interp.objects import (
    MUTATORS,
    BoundOp,
    RealMethod,
    attribute_or_unknown,
    describe,
)
from conv_lsp.interp.records import Record, Remembered, Use
from conv_lsp.interp.signals import Raised
from conv_lsp.interp.store import NEWBORN
from conv_lsp.library.registry import (
    OPS,
    Call,
    Failed,
    Op,
    apply_method,
    exposed,
    parameters_of,
)
from conv_lsp.values import (
    MISSING,
    Class,
    Dict,
    Instance,
    List,
    Module,
    Site,
    Size,
    Tensor,
    Unknown,
    Value,
)


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
    if kind is Class:
        return construct(m, function, args, kwargs, site, node)
    if kind is Unknown:
        return Unknown(function.why)
    if kind is ContextFunction:
        return PendingContext(function.function, tuple(args), dict(kwargs))
    if kind is RealMethod:
        return call_real_method(m, function, args, kwargs, site)
    if isinstance(function, functools.partial):
        if not isinstance(function.func, (types.FunctionType, types.MethodType)):
            merged = {**function.keywords, **kwargs}
            return call(m, function.func, (*function.args, *args), merged, site, node)
        return function(*args, **kwargs)
    if isinstance(function, type):
        return construct_type(m, function, args, kwargs, site, node)
    if isinstance(function, types.FunctionType) and args and isinstance(args[0], Instance):
        return call_exposed(m, BoundOp(function, args[0]), args[1:], kwargs, site, node)
    if isinstance(function, Instance):
        found = attribute_or_unknown(m, function, "__call__", site)
        return call(m, found, args, kwargs, site, node)
    if callable(function):
        return call_real(m, function, args, kwargs, site)
    return Unknown(f"{describe(function)} is called, which is no function")


# -- the library ------------------------------------------------------------------------------


def call_op(
    m: Machine, path: str, args: Sequence[Value], site: Site, arguments: Mapping[str, object]
) -> Value:
    """Apply a rule that stands for syntax (an operator, indexing)."""
    op = OPS.get(path)
    if op is None:
        return Tensor(Unknown(f"{path} is not modelled"))
    made = Call(m, site, path)
    made.arguments = arguments
    return guarded(m, op, made, args, {})


def call_library(
    m: Machine,
    op: Op,
    args: Sequence[Value],
    kwargs: Mapping[str, Value],
    site: Site,
    node: ast.Call | None,
    frame: Frame | None = None,
    bound: int = 0,
) -> Value:
    """Apply a rule to the arguments of a written call."""
    m.step()
    if op.name in READS_ALL:
        large = too_large(args, kwargs)
        if large is not None:
            return large
    made = Call(m, site, op.name)
    if node is not None:
        made.arguments = argument_nodes(op.parameters.names, node, bound)
    result = guarded(m, op, made, args, kwargs)
    if bound and op.name in RESHAPING and frame is not None and isinstance(args[0], Tensor):
        rebind(m, args[0], result, frame)
    return result


READS_ALL = frozenset(
    f"builtins.{name}" for name in ("str", "repr", "format", "hash", "print", "sorted", "min", "max")
)
"""What looks at every part of its arguments, however deep."""
RESHAPING = frozenset(
    f"torch.Tensor.{name}_"
    for name in ("unsqueeze", "squeeze", "transpose", "t", "swapaxes", "swapdims", "resize", "resize_as")
)


def rebind(m: Machine, old: Tensor, new: Value, frame: Frame) -> None:
    """A method changed a tensor's shape in place: every variable that holds it follows."""
    scope: Frame | None = frame
    while scope is not None:
        for name, value in list(scope.variables.items()):
            if value is old:
                m.store.set_item(scope.variables, name, new)
            elif isinstance(value, Instance):
                for attribute, held in list(value.__dict__.items()):
                    if held is old:
                        m.set_attribute(value, attribute, new)
        scope = scope.closure


def argument_nodes(names: Sequence[str], node: ast.Call, bound: int) -> dict[str, object]:
    """The syntax of each argument by parameter name; a method's `self` is what stands before it."""
    nodes: dict[str, object] = {}
    if bound and names and isinstance(node.func, ast.Attribute):
        nodes[names[0]] = node.func.value
    for name, arg in zip(names[bound:], node.args, strict=False):
        if arg.__class__ is ast.Starred:
            break
        nodes[name] = arg
    for keyword in node.keywords:
        if keyword.arg is not None:
            nodes[keyword.arg] = keyword.value
    return nodes


def guarded(
    m: Machine, op: Op, made: Call, args: Sequence[Value], kwargs: Mapping[str, Value]
) -> Value:
    """Run a rule; what it certainly cannot do is Unknown, and so is what it did not foresee."""
    try:
        return op(made, args, kwargs)
    except Failed as failed:
        return unknown_result(op.returns_tensor, failed.why)
    except (Raised, RecursionError):
        raise
    except (
        TypeError,
        ValueError,
        IndexError,
        KeyError,
        AttributeError,
        ZeroDivisionError,
        AssertionError,
        OverflowError,
    ) as error:
        return unknown_result(op.returns_tensor, internal(m, made, op.name, error))


def unknown_result(tensor: bool, why: str) -> Value:
    """The result of a rule that gave none."""
    return Tensor(Unknown(why)) if tensor else Unknown(why)


def internal(m: Machine, made: Call, name: str, error: Exception) -> str:
    """Record an error of a rule's own; the reason for what is then unknown."""
    problem = f"{name}: {type(error).__name__}: {error}"
    made.report(RULES["internal-error"], error=problem)
    return f"an internal error: {problem}"


def call_exposed(
    m: Machine,
    function: BoundOp,
    args: Sequence[Value],
    kwargs: Mapping[str, Value],
    site: Site,
    node: ast.Call | None,
) -> Value:
    """A method of a library object, `forward` of a layer among them."""
    m.step()
    method, target = function.function, function.self
    if method.__name__ == "forward" and isinstance(target, Module):
        return call_layer(m, target, method, args, kwargs, site, node)
    made = Call(m, site, method.__name__)
    if node is not None:
        made.arguments = argument_nodes(parameters_of(method).names, node, 0)
    return guarded_method(m, method, target, made, args, kwargs)


def guarded_method(
    m: Machine,
    method: Callable[..., Any],
    target: Value,
    made: Call,
    args: Sequence[Value],
    kwargs: Mapping[str, Value],
) -> Value:
    tensor = "Tensor" in str(method.__annotations__.get("return", ""))
    try:
        return apply_method(method, target, made, args, kwargs)
    except AttributeError as error:
        if isinstance(target, Module) and isinstance(target.kind, Class):
            # Its constructor did not run to its end: a class of the user's that is half written.
            return unknown_result(tensor, f"{target.kind.name} is not constructed: {error}")
        return unknown_result(tensor, internal(m, made, method.__qualname__, error))
    except Failed as failed:
        return unknown_result(tensor, failed.why)
    except (Raised, RecursionError):
        raise
    except (
        TypeError,
        ValueError,
        IndexError,
        KeyError,
        ZeroDivisionError,
        AssertionError,
        OverflowError,
    ) as error:
        why = internal(m, made, f"{type(target).__name__}.{method.__name__}", error)
        return unknown_result(tensor, why)


def call_layer(
    m: Machine,
    module: Module,
    method: Callable[..., Any],
    args: Sequence[Value],
    kwargs: Mapping[str, Value],
    site: Site,
    node: ast.Call | None,
) -> Value:
    """A layer of the library on its input: leaves a use without a record of its own."""
    made = Call(m, site, type(module).__name__)
    if node is not None:
        made.arguments = argument_nodes(parameters_of(method).names, node, 0)
    record = m.record
    assert record is not None
    use = Use(
        site,
        None,
        module,
        (*args, *kwargs.values()),
        None,
        not m.undecided,
        None,
        len(record.facts),
    )
    record.uses.append(use)
    outer, m.layer = m.layer, module
    try:
        use.output = guarded_method(m, method, module, made, args, kwargs)
    finally:
        m.layer = outer
    return use.output


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
    for hook in module.__dict__.get("_forward_pre_hooks", ()):
        result = call(m, hook, (module, tuple(args)), {}, site, None)
        if result is not None and not isinstance(result, Unknown):
            args = result if isinstance(result, tuple) else (result,)
    output = call_forward(m, module, args, kwargs, site, node)
    for hook in module.__dict__.get("_forward_hooks", ()):
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
    axes = (None, None, *map(Source, names), *[None] * (rank - 2 - len(names)))
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


# -- functions of the interpreted code --------------------------------------------------------


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
            return reuse(m, found, links, site, module, args)
    return run(m, function, variables, args, site, module, key, links)


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
) -> Value:
    """An equal call ran before: share its record, with the links of these arguments."""
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
        )
    )
    return result


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
        return Tensor(
            value.shape,
            axes,
            seen=None if value.seen is None else relink(value.seen, mapping, since, memo),
            dtype=value.dtype,
            strides=value.strides,
            data=value.data,
            kind=value.kind,
        )
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
    site: Site,
    module: Module | None,
    key: object,
    links: dict[Axis, int],
) -> Value:
    """Run a function's body in a record of its own."""
    from conv_lsp.interp.statements import run_body

    if m.depth >= DEPTH:
        return Unknown(f"stopped after {DEPTH} calls inside calls")
    store = m.store
    outer_record, outer_start, outer_oldest = m.record, m.start, store.oldest
    outer_layer, outer_undecided, outer_certain = m.layer, m.undecided, m.certain
    record = Record(function.statement, function.name, next_serial(), module)
    assert outer_record is not None
    use = Use(
        site, record, module, tuple(args), None, not m.undecided, None, len(outer_record.facts)
    )
    outer_record.uses.append(use)
    m.record, m.start, m.layer = record, store.born(), None
    m.certain, m.undecided = outer_certain and not outer_undecided, 0
    store.oldest = store.clock + 1
    m.depth += 1
    m.reached.add(id(function.node))
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
        m.depth -= 1
    use.output = result
    if key is not None and pure and rememberable(result):
        m.memo[key] = Remembered(record, tuple(links), again(m, result))
    return result


def rememberable(value: Value) -> bool:
    """Whether a result can be handed out again."""
    if value.__class__ is Tensor or value is None or isinstance(value, (int, float, str, Expr)):
        return True
    if isinstance(value, (List, Dict)) and value.vague:
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
        else:
            return bad_call(m, function, site, f"argument '{name}' is missing")
    for parameter in a.kwonlyargs:
        name = parameter.arg
        if name in left:
            variables[name] = left.pop(name)
        elif name in function.keyword_defaults:
            variables[name] = function.keyword_defaults[name]
        else:
            return bad_call(m, function, site, f"argument '{name}' is missing")
    if a.kwarg is not None:
        variables[a.kwarg.arg] = Dict(left.items(), m.store.born())
    elif left:
        return bad_call(m, function, site, f"there is no argument '{next(iter(left))}'")
    return variables


def bad_call(
    m: Machine, function: Function, site: Site, problem: str, keyword: str = ""
) -> Unknown:
    """Complain about a call that Python itself rejects; at a keyword, if one is to blame."""
    name = function.name
    if function.owner is not None:
        owner = function.owner.name
        name = owner if name == "__init__" else f"{owner}.{name}"
    given = getattr(site.node, "keywords", ())
    at = next((k.value for k in given if keyword and k.arg == keyword), None)
    m.report(RULES["call-arguments"], site, at, {"name": name, "problem": problem})
    return Unknown(f"{name}: {problem}")


# -- construction -----------------------------------------------------------------------------


def construct(
    m: Machine,
    kind: Class,
    args: Sequence[Value],
    kwargs: Mapping[str, Value],
    site: Site,
    node: ast.Call | None,
) -> Value:
    """An instance of a class of the interpreted code."""
    maker = kind.extra.get("make")
    if maker is not None:
        return maker(m, args, kwargs, site)
    python_type = kind.python_type
    if not issubclass(python_type, Instance):
        if issubclass(python_type, (list, dict, tuple, str, int)) and python_type is not object:
            return Unknown(f"{kind.name} derives from {python_type.__name__}")
        python_type = Instance
    init = kind.find("__init__")
    if isinstance(init, Function) and init.closure is None:
        return construct_once(m, kind, python_type, init, args, kwargs, site)
    made = blank(m, python_type, kind, site)
    if isinstance(init, Function):
        call_function(m, init, (made, *args), kwargs, site, node, None)
    elif isinstance(init, NativeInit):
        init.run(m, made, args, kwargs, site)
    elif isinstance(init, types.FunctionType) and issubclass(python_type, Module):
        call_exposed(m, BoundOp(init, made), args, kwargs, site, node)
    elif "args" not in made.__dict__ and any(
        isinstance(b, type) and issubclass(b, BaseException) for b in kind.mro
    ):
        made.__dict__["args"] = tuple(args)
    return made


CALL_STEPS = 8
"""What calling a function costs, in simple statements."""


def blank(m: Machine, python_type: type, kind: Class | type, site: Site) -> Instance:
    """An object before its constructor has run."""
    made: Instance = object.__new__(python_type)
    Instance.__init__(made)
    made.kind = kind
    made.birth = m.store.born()
    made.made = site
    return made


def construct_once(
    m: Machine,
    kind: Class,
    python_type: type,
    init: Function,
    args: Sequence[Value],
    kwargs: Mapping[str, Value],
    site: Site,
) -> Value:
    """Run a constructor, or copy what an equal call of it has made."""
    values = (*args, *kwargs, *kwargs.values(), len(args))
    key = call_key(m, init, values, {})
    if key is not None:
        key = (id(kind), key)
        found = m.memo.get(key)
        if found is not None:
            return copy_of(m, found, site)
    made = blank(m, python_type, kind, site)
    birth, made.birth = made.birth, NEWBORN
    store = m.store
    outer, store.oldest = store.oldest, NEWBORN
    try:
        call_function(m, init, (made, *args), kwargs, site, None, None)
        pure = store.oldest > birth
    finally:
        made.birth = birth
        store.oldest = min(outer, store.oldest)
    record = m.record
    if key is not None and pure and record is not None and record.uses and not store.marks:
        # Under a mark the object may be undone; then it could not be copied any more.
        inner = record.uses[-1].record
        if inner is not None and copyable(made, birth, {}):
            m.memo[key] = Remembered(inner, (), made)
    return made


def copyable(value: Value, since: int, seen: dict[int, bool]) -> bool:
    """Whether an object and all that was made with it can be copied part by part."""
    if isinstance(value, (Instance, List, Dict)) and id(value) in seen:
        return True
    if isinstance(value, Instance):
        seen[id(value)] = True
        return value.birth < since or all(copyable(v, since, seen) for v in value.__dict__.values())
    if isinstance(value, (List, tuple)):
        seen[id(value)] = True
        return all(copyable(v, since, seen) for v in value)
    if isinstance(value, Dict):
        seen[id(value)] = True
        return all(copyable(v, since, seen) for v in value.values())
    if value.__class__ is Tensor or isinstance(value, (Class, type, Op)) or value is None:
        return True
    if isinstance(value, Function):
        return value.closure is None
    return isinstance(value, (int, float, str, Expr, bytes, Unknown, Size))


def copy_of(m: Machine, found: Remembered, site: Site) -> Value:
    """One more object like one that was constructed before; the record is shared."""
    original: Instance = found.result
    made = duplicate(m, original, original.birth, {})
    made.made = site
    record = m.record
    assert record is not None
    use = Use(site, found.record, None, (), None, not m.undecided)
    use.copies = (original, made)
    use.fact_at = len(record.facts)
    record.uses.append(use)
    return made


def duplicate(m: Machine, value: Value, since: int, made: dict[int, Value]) -> Value:
    """A copy of what is as young as `since`; older parts are shared."""
    known = made.get(id(value))
    if known is not None:
        return known
    if isinstance(value, Instance):
        if value.birth < since:
            return value
        copy: Value = value.__class__.__new__(value.__class__)
        Instance.__init__(copy)
        copy.kind, copy.made, copy.birth = value.kind, value.made, m.store.born()
        made[id(value)] = copy
        attributes = copy.__dict__
        for name, part in value.__dict__.items():
            kind = part.__class__
            plain = kind is int or kind is Tensor or kind is bool or part is None
            attributes[name] = part if plain else duplicate(m, part, since, made)
        return copy
    if isinstance(value, List):
        copy = made[id(value)] = List((), m.store.born())
        copy.extend([duplicate(m, v, since, made) for v in value])
        copy.vague = value.vague
        return copy
    if isinstance(value, Dict):
        copy = made[id(value)] = Dict((), m.store.born())
        copy.update({k: duplicate(m, v, since, made) for k, v in value.items()})
        copy.vague = value.vague
        return copy
    if value.__class__ is tuple and any(isinstance(v, (Instance, List, Dict, tuple)) for v in value):
        return tuple([duplicate(m, v, since, made) for v in value])
    return value


def construct_type(
    m: Machine,
    kind: type,
    args: Sequence[Value],
    kwargs: Mapping[str, Value],
    site: Site,
    node: ast.Call | None,
) -> Value:
    """A layer of the library, or an object of a real Python type."""
    if issubclass(kind, Instance):
        made = blank(m, kind, kind, site)
        init = exposed(kind).get("__init__")
        if init is not None:
            m.step()
            call_made = Call(m, site, kind.__name__)
            if node is not None:
                call_made.arguments = argument_nodes(parameters_of(init).names, node, 0)
            outer, m.layer = m.layer, None
            try:
                apply_method(init, made, call_made, args, kwargs)
            except Failed as failed:
                return Unknown(f"{kind.__name__}: {failed.why}")
            except (Raised, RecursionError):
                raise
            except (
                TypeError,
                ValueError,
                IndexError,
                KeyError,
                AttributeError,
                ZeroDivisionError,
                AssertionError,
                OverflowError,
            ) as error:
                return Unknown(internal(m, call_made, kind.__name__, error))
            finally:
                m.layer = outer
        return made
    op = OPS.get(f"builtins.{kind.__name__}")
    if op is not None:
        return call_library(m, op, args, kwargs, site, node)
    return call_real(m, kind, args, kwargs, site)


# -- real Python ------------------------------------------------------------------------------


def weight(value: Value) -> int:
    """How many parts a value has, with all inside; counting stops past LENGTH."""
    if not isinstance(value, (list, tuple, dict, set, range)):
        return 1
    count = 0
    todo = [value]
    while todo and count <= LENGTH:
        part = todo.pop()
        count += len(part)
        if count <= LENGTH and not isinstance(part, range):
            held = part.values() if isinstance(part, dict) else part
            todo.extend(v for v in held if isinstance(v, (list, tuple, dict, set, range)))
    return count


def too_large(args: Sequence[Value], kwargs: Mapping[str, Value]) -> Unknown | None:
    """Why arguments cannot be given to a real Python function, if they have too many parts."""
    if any(weight(v) > LENGTH for v in args) or any(weight(v) > LENGTH for v in kwargs.values()):
        return Unknown(f"stopped: a value of more than {LENGTH:,} parts")
    return None


def abstract(value: Value, depth: int = 0) -> Unknown | None:
    """Why a value cannot be given to a real Python function, if so."""
    if isinstance(value, Unknown):
        return Unknown(value.why)
    if isinstance(value, (Tensor, Expr, Instance, Function, BoundMethod, Class, Super)):
        return Unknown(f"{describe(value)} given to a function that takes known values")
    if isinstance(value, (List, Dict)) and value.vague:
        return Unknown(value.vague)
    if depth < 4 and isinstance(value, (tuple, list, dict, set)):
        for part in value.values() if isinstance(value, dict) else value:
            found = abstract(part, depth + 1)
            if found is not None:
                return found
    return None


def call_real(
    m: Machine,
    function: Callable[..., Any],
    args: Sequence[Value],
    kwargs: Mapping[str, Value],
    site: Site,
) -> Value:
    """Call a pure function of Python's own on known values."""
    m.step()
    large = too_large(args, kwargs)
    if large is not None:
        return large
    if not getattr(function, "takes_abstract", False) and not (
        isinstance(function, type)
        and issubclass(function, (tuple, property, staticmethod, classmethod))
    ):
        for value in (*args, *kwargs.values()):
            why = abstract(value)
            if why is not None:
                return why
    try:
        return adopted(m, function(*args, **kwargs))
    except Exception as error:
        return failure(m, error, site)


def adopted(m: Machine, value: Value) -> Value:
    """A result of real Python as a value: lists and dicts get a birth."""
    if value.__class__ is list:
        return m.list(value)
    if value.__class__ is dict:
        return Dict(value.items(), m.store.born())
    return value


def failure(m: Machine, error: Exception, site: Site) -> Value:
    """A real function raised: so does the code, where it catches that."""
    name = type(error).__name__
    if m.catches(name):
        raise Raised(exception_names(name), str(error), site)
    return Unknown(f"{name}: {error}")


def call_real_method(
    m: Machine, method: RealMethod, args: Sequence[Value], kwargs: Mapping[str, Value], site: Site
) -> Value:
    """A method of a known list, dict, str ..."""
    m.step()
    target, name = method.self, method.name
    large = too_large(args, kwargs)
    if large is not None:
        return large
    if isinstance(target, (list, dict, set)):
        return container_method(m, target, name, args, kwargs, site)
    if not isinstance(target, (tuple, type, property)):
        for value in (*args, *kwargs.values()):
            why = abstract(value)
            if why is not None:
                return why
    if isinstance(target, str) and too_long(target, name, args):
        return Unknown(f"stopped: a string of more than {LENGTH:,} characters")
    try:
        return adopted(m, getattr(target, name)(*args, **kwargs))
    except Exception as error:
        return failure(m, error, site)


def too_long(target: str, name: str, args: Sequence[Value]) -> bool:
    """Whether a method of a string may give one that is too long."""
    if name == "format":
        return bool(re.search(r"\d{4}", target))
    return len(target) > LENGTH or any(isinstance(a, int) and a > LENGTH for a in args)


def container_method(
    m: Machine,
    target: Any,
    name: str,
    args: Sequence[Value],
    kwargs: Mapping[str, Value],
    site: Site,
) -> Value:
    """Methods of lists, dicts and sets; the ones that change them are logged."""
    kind = list if isinstance(target, list) else dict if isinstance(target, dict) else set
    vague = getattr(target, "vague", "")
    if name in MUTATORS[kind]:
        m.writes(target)
        if kind is list and name == "extend" and args:
            held = m.elements(args[0], site)
            if isinstance(held, Unknown):
                if isinstance(target, List):
                    target.vague = held.why
                return None
            args = (held,)
        if kind is list and name == "sort":
            return sort_in_place(m, target, kwargs, site)
        if vague and name not in ("append", "update", "add", "clear"):
            return Unknown(vague)
        if any(isinstance(a, Unknown) for a in args) and name in (
            "pop",
            "insert",
            "remove",
            "update",
            "setdefault",
        ):
            if isinstance(target, (List, Dict)) and isinstance(args[0], Unknown):
                target.vague = args[0].why
                return args[0]
        if len(target) > LENGTH:
            return Unknown(f"stopped: more than {LENGTH:,} elements")
    elif vague:
        return Unknown(vague)
    elif args and isinstance(args[0], Unknown) and name in ("get", "index", "count"):
        return args[0]
    try:
        return adopted(m, getattr(target, name)(*args, **kwargs))
    except Exception as error:
        return failure(m, error, site)


def sort_in_place(
    m: Machine, target: list[Value], kwargs: Mapping[str, Value], site: Site
) -> Value:
    """`list.sort`, by the rule for `sorted`."""
    result = call(m, OPS["builtins.sorted"], (target,), kwargs, site, None)
    if isinstance(result, list):
        target[:] = result
    elif isinstance(target, List):
        target.vague = result.why if isinstance(result, Unknown) else "sorted by what is not known"
    return None
