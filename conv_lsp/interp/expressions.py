"""What each expression gives."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from conv_lsp.interp.calls import call, call_unknowably
from conv_lsp.interp.frames import BoundMethod, Frame, Function, Super
from conv_lsp.interp.machine import Machine
from conv_lsp.interp.namespaces import Names, Package
from conv_lsp.interp.objects import (
    BoundOp,
    RealMethod,
    attribute_or_unknown,
    elements,
    item,
    set_real_item,
)
from conv_lsp.interp.operators import WIDE, binary, comparison, negation, raise_or_unknown
from conv_lsp.interp.records import sample
from conv_lsp.interp.rules import call_op
from conv_lsp.interp.signals import Enough
from conv_lsp.library.registry import OPS, Op
from conv_lsp.values import (
    MISSING,
    Class,
    Derived,
    Dict,
    Instance,
    List,
    Module,
    Once,
    Size,
    Tensor,
    Unknown,
    Value,
    implied_by,
    join,
    method_of,
    twins,
)

CONTAINERS = (List, tuple, dict)


UNNOTED = frozenset(
    (
        *(int, str, bool, float, type(None), type),
        *(Op, Package, Class, Function, BoundMethod, BoundOp, RealMethod, Names),
    )
)
"""Types of values that leave no fact."""


def evaluate(m: Machine, node: ast.expr, frame: Frame) -> Value:
    """The value of an expression; notes it if it is a tensor, a module, or holds tensors."""
    value = EVALUATE[node.__class__](m, node, frame)
    kind = value.__class__
    if kind in UNNOTED:
        return value
    if kind is Tensor:
        frame.facts.append((node, value, not m.undecided))
    elif isinstance(value, CONTAINERS):
        if value:
            kept = sample(value)
            if kept is not None:
                frame.facts.append((node, kept, not m.undecided))
    elif node.__class__ is ast.Call and isinstance(value, (Module, Unknown)):
        frame.facts.append((node, value, not m.undecided))
    return value


def constant(m: Machine, node: ast.Constant, frame: Frame) -> Value:
    return node.value


def name(m: Machine, node: ast.Name, frame: Frame) -> Value:
    text = node.id
    value = frame.variables.get(text, MISSING)
    if value is not MISSING:
        return value
    if frame.closure is not None:
        value = frame.find(text)
        if value is not MISSING:
            return value
    elif frame.function is None:
        value = frame.namespace.get(m, text)
        return Unknown(f"name '{text}' is not defined") if value is MISSING else value
    value = frame.namespace.read(m, text)
    return Unknown(f"name '{text}' is not defined") if value is MISSING else value


def attribute(m: Machine, node: ast.Attribute, frame: Frame) -> Value:
    value = evaluate(m, node.value, frame)
    if value.__class__ is Unknown:
        return Unknown(value.why)
    return attribute_or_unknown(m, value, node.attr, frame.site(node))


def subscript(m: Machine, node: ast.Subscript, frame: Frame) -> Value:
    value = evaluate(m, node.value, frame)
    index = evaluate(m, node.slice, frame)
    return item(m, value, index, frame.site(node), node)


def slice_(m: Machine, node: ast.Slice, frame: Frame) -> Value:
    bounds = [
        None if part is None else evaluate(m, part, frame)
        for part in (node.lower, node.upper, node.step)
    ]
    return slice(*bounds)


def items(m: Machine, nodes: list[ast.expr], frame: Frame) -> list[Value] | Unknown:
    """Evaluated elements of a display or arguments of a call, with stars spread out."""
    values: list[Value] = []
    for node in nodes:
        if node.__class__ is ast.Starred:
            spread = elements(m, evaluate(m, node.value, frame), frame.site(node))
            if isinstance(spread, Unknown):
                return Unknown(spread.why)
            values.extend(spread)
        else:
            values.append(evaluate(m, node, frame))
    return values


def tuple_(m: Machine, node: ast.Tuple, frame: Frame) -> Value:
    values = items(m, node.elts, frame)
    return values if isinstance(values, Unknown) else tuple(values)


def list_(m: Machine, node: ast.List, frame: Frame) -> Value:
    values = items(m, node.elts, frame)
    if isinstance(values, Unknown):
        vague = m.list(())
        vague.vague = values.why
        return vague
    return m.list(values)


def set_(m: Machine, node: ast.Set, frame: Frame) -> Value:
    values = items(m, node.elts, frame)
    if isinstance(values, Unknown):
        return values
    if twins(values):
        return Unknown("which of the objects are equal")
    try:
        return set(values)
    except TypeError as error:
        return Unknown(str(error))


def dict_(m: Machine, node: ast.Dict, frame: Frame) -> Value:
    made = Dict((), m.store.born())
    for key_node, value_node in zip(node.keys, node.values, strict=True):
        value = evaluate(m, value_node, frame)
        if key_node is None:
            if isinstance(value, dict):
                made.update(value)
                made.vague = made.vague or getattr(value, "vague", "")
            else:
                made.vague = value.why if isinstance(value, Unknown) else "** of no dict"
            continue
        key = evaluate(m, key_node, frame)
        if isinstance(key, Instance):
            set_real_item(m, made, key, value, frame.site(key_node))
            continue
        try:
            made[key] = value
        except TypeError as error:
            made.vague = str(error)
    return made


def joined_string(m: Machine, node: ast.JoinedStr, frame: Frame) -> Value:
    parts: list[str] = []
    for part in node.values:
        value = (
            evaluate(m, part.value, frame)
            if isinstance(part, ast.FormattedValue)
            else evaluate(m, part, frame)
        )
        if isinstance(value, (Instance, Derived, List, Size)) and isinstance(
            part, ast.FormattedValue
        ):
            word = "repr" if part.conversion == ord("r") else "str"
            value = call(m, OPS[f"builtins.{word}"], (value,), {}, frame.site(node), None)
            part = ast.FormattedValue(part.value, -1, part.format_spec)
        if not isinstance(value, (str, int, float, bool, type(None), tuple)):
            return Unknown("a string of what is not known")
        if isinstance(part, ast.FormattedValue):
            spec = evaluate(m, part.format_spec, frame) if part.format_spec else ""
            if part.conversion == ord("r"):
                value = repr(value)
            try:
                if not isinstance(spec, str) or WIDE.search(spec):
                    return Unknown("a format that is not known")
                value = format(value, spec)
            except (ValueError, TypeError) as error:
                return Unknown(str(error))
        parts.append(str(value))
    return "".join(parts)


def binop(m: Machine, node: ast.BinOp, frame: Frame) -> Value:
    left = evaluate(m, node.left, frame)
    right = evaluate(m, node.right, frame)
    return binary(m, node.op.__class__, left, right, node, frame)


def unaryop(m: Machine, node: ast.UnaryOp, frame: Frame) -> Value:
    value = evaluate(m, node.operand, frame)
    if node.op.__class__ is ast.Not:
        return negation(m, value)
    if value.__class__ is Tensor:
        word = {ast.USub: "neg", ast.UAdd: "pos", ast.Invert: "invert"}[node.op.__class__]
        return call_op(m, f"operator.{word}", (value,), frame.site(node), {})
    if isinstance(value, Unknown):
        if value.name and node.op.__class__ is ast.USub:
            return -value.size()
        return Unknown(value.why)
    if isinstance(value, (Instance, Derived)):
        own = method_of(value, UNARY[node.op.__class__])
        if isinstance(own, Function):
            return call(m, own, (value,), {}, frame.site(node), None)
        if isinstance(value, Instance):
            return Unknown("the sign of an object")
    if isinstance(value, Tensor) and node.op.__class__ is ast.USub:
        return call_op(m, "array.neg", (value,), frame.site(node), {})
    try:
        if node.op.__class__ is ast.USub:
            return -value
        return +value if node.op.__class__ is ast.UAdd else ~value
    except Exception as error:
        return raise_or_unknown(m, error, node, frame)


UNARY = {ast.USub: "__neg__", ast.UAdd: "__pos__", ast.Invert: "__invert__"}


def boolop(m: Machine, node: ast.BoolOp, frame: Frame) -> Value:
    wanted = node.op.__class__ is ast.Or
    value: Value = None
    for i, part in enumerate(node.values):
        value = evaluate(m, part, frame)
        truth = m.truth(value)
        if truth is wanted:
            return value
        if truth is None and i + 1 < len(node.values):
            return _undecided_rest(m, value, node.values[i + 1 :], wanted, frame)
    return value


def _undecided_rest(
    m: Machine, value: Value, rest: list[ast.expr], wanted: bool, frame: Frame
) -> Value:
    """The operands after one that is not known: one of them may still decide whether the whole is
    true. Of `width or 64` nothing else is known.
    """
    why = reason(value)
    mark = m.store.begin()
    decided = False
    told = [*implied_by(value)[wanted]]
    with m.maybe():
        for part in rest:
            other = evaluate(m, part, frame)
            if m.truth(other) is wanted:
                decided = True
                break
            told += implied_by(other)[wanted]
    m.store.blur(mark, why, frame.variables)
    m.store.end(mark)
    result = Unknown(why)
    result.truth = wanted if decided else None
    # Where all of `a and b` is true, so are both; where it is false, nothing is told of either.
    result.implied = ((), tuple(told)) if wanted else (tuple(told), ())
    return result


def reason(condition: Value) -> str:
    """Why a condition is not decided."""
    return condition.why if isinstance(condition, Unknown) else "a condition on tensor values"


def ifexp(m: Machine, node: ast.IfExp, frame: Frame) -> Value:
    condition = evaluate(m, node.test, frame)
    truth = m.truth(condition)
    if truth is None and isinstance(condition, Unknown):
        truth = condition.usual
    if truth is not None:
        return evaluate(m, node.body if truth else node.orelse, frame)
    why = reason(condition)
    store = m.store
    mark = store.begin()
    with m.maybe():
        one = evaluate(m, node.body, frame)
        changed = store.rollback(mark)
        other = evaluate(m, node.orelse, frame)
        after = store.rollback(mark)
    store.merge(changed, after, why, frame.variables)
    store.end(mark)
    return join(one, other, why)


def compare(m: Machine, node: ast.Compare, frame: Frame) -> Value:
    left = evaluate(m, node.left, frame)
    result: Value = True
    for op, right_node in zip(node.ops, node.comparators, strict=True):
        right = evaluate(m, right_node, frame)
        result = comparison(m, op.__class__, left, right, node, frame)
        if result is False or len(node.ops) == 1:
            return result
        if result is not True:
            chained = Unknown(result.why if isinstance(result, Unknown) else "a chained comparison")
            chained.implied = implied_by(result)[0], ()
            return chained
        left = right
    return result


def call_(m: Machine, node: ast.Call, frame: Frame) -> Value:
    function = evaluate(m, node.func, frame)
    if function is super and not node.args:
        return zero_argument_super(frame)
    if node.args and node.args[0].__class__ is ast.GeneratorExp:
        word = getattr(function, "name", "")
        settling = SETTLING.get(word)
        if settling is not None and len(node.args) == 1:
            return settled(m, node.args[0], settling, frame)
        if word == "builtins.next":
            return first_element(m, node, node.args[0], frame)
    args = items(m, node.args, frame)
    if function is super and isinstance(args, list) and len(args) == 2:
        return Super(args[0], args[1])
    kwargs: dict[str, Value] = {}
    for keyword in node.keywords:
        value = evaluate(m, keyword.value, frame)
        if keyword.arg is not None:
            kwargs[keyword.arg] = value
        elif isinstance(value, dict) and not getattr(value, "vague", ""):
            kwargs.update(value)
        elif isinstance(args, list):
            args = value if isinstance(value, Unknown) else Unknown("keyword arguments not known")
    if isinstance(args, Unknown):
        return call_unknowably(m, function, args, leading(m, node, frame), frame.site(node))
    return call(m, function, args, kwargs, frame.site(node), node, frame)


def leading(m: Machine, node: ast.Call, frame: Frame) -> list[Value]:
    """The names among a call's arguments before the first star, evaluated once more."""
    found: list[Value] = []
    for argument in node.args:
        if isinstance(argument, ast.Starred):
            break
        plain = isinstance(argument, (ast.Name, ast.Constant))
        found.append(evaluate(m, argument, frame) if plain else Unknown("an argument"))
    return found


SETTLING = {"builtins.any": True, "builtins.all": False}
"""Functions that take elements until one of them is so."""


def settled(m: Machine, node: ast.GeneratorExp, settling: bool, frame: Frame) -> Value:
    """`any(...)`, `all(...)`: the turns after one that decides do not run; those after one that is
    not decided may not.
    """
    undecided = m.undecided
    unknown: list[Value] = []

    def take(inner: Frame) -> None:
        value = evaluate(m, node.elt, inner)
        truth = m.truth(value)
        if truth is settling:
            raise Enough
        if truth is None:
            if not unknown:
                m.undecided += 1
            unknown.append(value)

    try:
        vague = comprehension(m, node.generators, frame, take)
    except Enough:
        return settling
    finally:
        m.undecided = undecided
    if vague is not None:
        return Unknown(vague.why)
    return Unknown(reason(unknown[0])) if unknown else not settling


def first_element(m: Machine, node: ast.Call, given: ast.GeneratorExp, frame: Frame) -> Value:
    """`next(... for ...)`: the turns after the first that gives something do not run."""
    default = [evaluate(m, part, frame) for part in node.args[1:]]
    doubts: list[Unknown] = []
    found: list[Value] = []

    def take(inner: Frame) -> None:
        found.append(evaluate(m, given.elt, inner))
        if not doubts:
            raise Enough

    try:
        comprehension(m, given.generators, frame, take, doubts)
    except Enough:
        return found[0]
    if doubts:
        return Unknown(doubts[0].why)
    once = m.list(())
    return (
        default[0]
        if default
        else call(m, OPS["builtins.next"], (once,), {}, frame.site(node), node)
    )


def zero_argument_super(frame: Frame) -> Value:
    inner: Frame | None = frame
    while inner is not None:
        function = inner.function
        if function is not None and function.owner is not None and function.code.arguments.args:
            first = function.code.arguments.args[0].arg
            return Super(function.owner, inner.variables.get(first))
        inner = inner.closure
    return Unknown("super() outside of a method")


def lambda_(m: Machine, node: ast.Lambda, frame: Frame) -> Value:
    function = Function(node, frame.statement, frame.namespace, closure_of(frame))
    function.defaults = [evaluate(m, d, frame) for d in node.args.defaults]
    for arg, default in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True):
        if default is not None:
            function.keyword_defaults[arg.arg] = evaluate(m, default, frame)
    return function


def closure_of(frame: Frame) -> Frame | None:
    """The frame whose variables a function defined here sees: none at the top of a file."""
    if frame.transparent:
        return frame.closure
    return None if frame.variables is frame.namespace.variables else frame


def named(m: Machine, node: ast.NamedExpr, frame: Frame) -> Value:
    value = evaluate(m, node.value, frame)
    m.bind(frame, node.target.id, value)
    return value


def comprehension(
    m: Machine,
    generators: list[ast.comprehension],
    frame: Frame,
    emit: Callable[[Frame], None],
    doubts: list[Unknown] | None = None,
) -> Unknown | None:
    """Run the clauses and `emit` for each combination; why not, if that is not known.

    doubts: gets the reasons as they come up.
    """
    from conv_lsp.interp.statements import assign

    inner = Frame({}, frame.namespace, frame.statement, frame.record, frame)
    vague: list[Unknown] = [] if doubts is None else doubts

    def clause(at: int) -> None:
        if at == len(generators):
            emit(inner)
            return
        g = generators[at]
        held = elements(m, evaluate(m, g.iter, inner if at else frame), frame.site(g.iter))
        if isinstance(held, Unknown):
            vague.append(held)
            return
        for value in held:
            m.step()
            assign(m, g.target, value, inner)
            keep: bool | None = True
            for condition in g.ifs:
                truth = m.truth(evaluate(m, condition, inner))
                if truth is not True:
                    keep = truth
                    break
            if keep is None:
                vague.append(Unknown("a comprehension's condition is not known"))
            elif keep:
                clause(at + 1)

    clause(0)
    return vague[0] if vague else None


def list_comprehension(m: Machine, node: ast.ListComp | ast.GeneratorExp, frame: Frame) -> List:
    made: list[Value] = []
    vague = comprehension(
        m, node.generators, frame, lambda inner: made.append(evaluate(m, node.elt, inner))
    )
    result = m.list(made)
    if vague is not None:
        result.vague = vague.why
    return result


def generator(m: Machine, node: ast.GeneratorExp, frame: Frame) -> Value:
    made = list_comprehension(m, node, frame)
    once = Once(made, made.birth)
    once.vague = made.vague
    return once


def set_comprehension(m: Machine, node: ast.SetComp, frame: Frame) -> Value:
    made: list[Value] = []
    vague = comprehension(
        m, node.generators, frame, lambda inner: made.append(evaluate(m, node.elt, inner))
    )
    try:
        if twins(made):
            return Unknown("which of the objects are equal")
        return set(made) if vague is None else vague
    except TypeError as error:
        return Unknown(str(error))


def dict_comprehension(m: Machine, node: ast.DictComp, frame: Frame) -> Value:
    made = Dict((), m.store.born())

    def emit(inner: Frame) -> None:
        key = evaluate(m, node.key, inner)
        value = evaluate(m, node.value, inner)
        if isinstance(key, Instance):
            set_real_item(m, made, key, value, frame.site(node.key))
            return
        try:
            made[key] = value
        except TypeError as error:
            made.vague = str(error)

    vague = comprehension(m, node.generators, frame, emit)
    if vague is not None:
        made.vague = vague.why
    return made


def yield_(m: Machine, node: ast.Yield, frame: Frame) -> Value:
    value = None if node.value is None else evaluate(m, node.value, frame)
    m.step()
    if frame.at_yield is not None:
        frame.at_yield(value)
    else:
        frame.yields.append(value)
        if len(frame.yields) >= YIELDS:
            raise Enough
    return None


YIELDS = 2_000
"""Elements of a generator, past which it is not run any further."""


def yield_from(m: Machine, node: ast.YieldFrom, frame: Frame) -> Value:
    inner = evaluate(m, node.value, frame)
    if isinstance(inner, Once) and inner.endless:
        frame.yields.extend(inner)
        raise Enough
    held = elements(m, inner, frame.site(node))
    if isinstance(held, Unknown):
        return held
    frame.yields.extend(held)
    return inner.returned if isinstance(inner, Once) else None


def starred(m: Machine, node: ast.Starred, frame: Frame) -> Value:
    return evaluate(m, node.value, frame)


def await_(m: Machine, node: ast.Await, frame: Frame) -> Value:
    return evaluate(m, node.value, frame)


EVALUATE: dict[type[ast.AST], Callable[[Machine, Any, Frame], Value]] = {
    ast.Constant: constant,
    ast.Name: name,
    ast.Attribute: attribute,
    ast.Subscript: subscript,
    ast.Slice: slice_,
    ast.Tuple: tuple_,
    ast.List: list_,
    ast.Set: set_,
    ast.Dict: dict_,
    ast.JoinedStr: joined_string,
    ast.BinOp: binop,
    ast.UnaryOp: unaryop,
    ast.BoolOp: boolop,
    ast.IfExp: ifexp,
    ast.Compare: compare,
    ast.Call: call_,
    ast.Lambda: lambda_,
    ast.NamedExpr: named,
    ast.ListComp: list_comprehension,
    ast.GeneratorExp: generator,
    ast.SetComp: set_comprehension,
    ast.DictComp: dict_comprehension,
    ast.Yield: yield_,
    ast.YieldFrom: yield_from,
    ast.Starred: starred,
    ast.Await: await_,
}
