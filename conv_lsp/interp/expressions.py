"""What each expression gives."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable
from typing import Any

from conv_lsp.dims import Dim, Expr, divide_exactly, equal, less, less_equal
from conv_lsp.interp.calls import call, call_op, weight
from conv_lsp.interp.frames import BoundMethod, Frame, Function, Super
from conv_lsp.interp.machine import LENGTH, Machine
from conv_lsp.interp.namespaces import Package
from conv_lsp.interp.objects import BoundOp, RealMethod, attribute_or_unknown, elements, item
from conv_lsp.interp.records import sample
from conv_lsp.interp.signals import Raised
from conv_lsp.library.registry import Op, exposed
from conv_lsp.values import (
    MISSING,
    Class,
    Dict,
    Instance,
    List,
    Module,
    Once,
    Tensor,
    Unknown,
    Value,
    join,
    same,
)

CONTAINERS = (List, tuple, dict)
UNNOTED = frozenset(
    (int, str, bool, float, type(None), type, Op, Package, Class)
    + (Function, BoundMethod, BoundOp, RealMethod)
)
"""Types of values that leave no fact."""
WIDE = re.compile(r"\*|\d{4}")
"""In a format: a width that may be large."""
BITS = 4096
"""Size of an integer, past which it is unknown."""


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


# -- names and constants ----------------------------------------------------------------------


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
    value = frame.namespace.get(m, text)
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


# -- displays ---------------------------------------------------------------------------------


def items(m: Machine, nodes: list[ast.expr], frame: Frame) -> list[Value] | Unknown:
    """Evaluated elements of a display or arguments of a call, with stars spread out."""
    values: list[Value] = []
    for node in nodes:
        if node.__class__ is ast.Starred:
            spread = elements(m, evaluate(m, node.value, frame), frame.site(node))
            if isinstance(spread, Unknown):
                return spread
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


# -- operators --------------------------------------------------------------------------------

BINARY: dict[type[ast.operator], tuple[str, Callable[[Any, Any], Any]]] = {
    ast.Add: ("add", operator.add),
    ast.Sub: ("sub", operator.sub),
    ast.Mult: ("mul", operator.mul),
    ast.Div: ("truediv", operator.truediv),
    ast.FloorDiv: ("floordiv", operator.floordiv),
    ast.Mod: ("mod", operator.mod),
    ast.Pow: ("pow", operator.pow),
    ast.MatMult: ("matmul", operator.matmul),
    ast.BitAnd: ("and_", operator.and_),
    ast.BitOr: ("or_", operator.or_),
    ast.BitXor: ("xor", operator.xor),
    ast.LShift: ("lshift", operator.lshift),
    ast.RShift: ("rshift", operator.rshift),
}
NUMBERS = (int, float, bool, complex)


def binop(m: Machine, node: ast.BinOp, frame: Frame) -> Value:
    left = evaluate(m, node.left, frame)
    right = evaluate(m, node.right, frame)
    return binary(m, node.op.__class__, left, right, node, frame)


def binary(
    m: Machine,
    op: type[ast.operator],
    a: Value,
    b: Value,
    node: ast.AST,
    frame: Frame,
    inplace: bool = False,
) -> Value:
    """`a op b`, for numbers, sizes, sequences, tensors, objects with methods."""
    word, function = BINARY[op]
    ka, kb = a.__class__, b.__class__
    if ka is int and kb is int:
        return integers(m, op, function, a, b, node, frame)
    if ka is Tensor or kb is Tensor:
        if Unknown in (ka, kb) and Tensor in (ka, kb):
            a = Tensor(a) if ka is Unknown else a
            b = Tensor(b) if kb is Unknown else b
        return call_op(
            m,
            f"operator.{'i' if inplace and ka is Tensor else ''}{word.rstrip('_') if inplace and ka is Tensor else word}",
            (a, b),
            frame.site(node),
            operands(node),
        )
    if isinstance(a, (Unknown, Expr)) or isinstance(b, (Unknown, Expr)):
        return sizes(op, function, a, b)
    if isinstance(a, Instance) or isinstance(b, Instance):
        return overloaded(m, word, a, b, node, frame)
    if isinstance(a, (List, Dict)) and a.vague:
        return Unknown(a.vague)
    if isinstance(b, (List, Dict)) and b.vague:
        return Unknown(b.vague)
    if op is ast.Mult and not (isinstance(a, NUMBERS) and isinstance(b, NUMBERS)):
        count = b if isinstance(b, int) else a
        held = a if isinstance(b, int) else b
        if isinstance(count, int) and hasattr(held, "__len__") and len(held) * count > LENGTH:
            return Unknown(f"stopped: a sequence of more than {LENGTH:,} elements")
    if (
        op is ast.Add
        and hasattr(a, "__len__")
        and hasattr(b, "__len__")
        and len(a) + len(b) > LENGTH
    ):
        return Unknown(f"stopped: a sequence of more than {LENGTH:,} elements")
    if op is ast.Pow and isinstance(a, NUMBERS) and isinstance(b, NUMBERS):
        return power(a, b)
    if op is ast.Mod and isinstance(a, str) and (WIDE.search(a) or not printable(b)):
        return Unknown("a string of what is not known")
    try:
        result = function(a, b)
    except Exception as error:  # any error of a user's operands
        return raise_or_unknown(m, error, node, frame)
    return m.list(result) if result.__class__ in (list, List) else result


def operands(node: ast.AST) -> dict[str, object]:
    """The syntax of the operands, for findings about one of them."""
    if isinstance(node, ast.BinOp):
        return {"input": node.left, "self": node.left, "other": node.right}
    if isinstance(node, ast.AugAssign):
        return {"input": node.target, "self": node.target, "other": node.value}
    return {}


def printable(value: Value) -> bool:
    """Whether formatting the value shows nothing that is not known."""
    parts = value if isinstance(value, tuple) else (value,)
    return all(isinstance(p, (str, int, float, bool, type(None))) for p in parts)


def integers(
    m: Machine,
    op: type[ast.operator],
    function: Callable[[Any, Any], Any],
    a: int,
    b: int,
    node: ast.AST,
    frame: Frame,
) -> Value:
    """Arithmetic of plain integers, bounded."""
    if op is ast.Pow:
        return power(a, b)
    if op is ast.LShift and (b > BITS or a.bit_length() + b > BITS):
        return Unknown(f"stopped: an integer of more than {BITS:,} bits")
    try:
        value = function(a, b)
    except Exception as error:
        return raise_or_unknown(m, error, node, frame)
    if value.__class__ is int and value.bit_length() > BITS:
        return Unknown(f"stopped: an integer of more than {BITS:,} bits")
    return value


def power(a: Any, b: Any) -> Value:
    """`a ** b`, bounded."""
    if isinstance(a, int) and isinstance(b, int) and b > 0 and a.bit_length() * b > BITS:
        return Unknown(f"stopped: an integer of more than {BITS:,} bits")
    try:
        return a**b
    except (ArithmeticError, ValueError) as error:
        return Unknown(str(error))


def sizes(op: type[ast.operator], function: Callable[[Any, Any], Any], a: Value, b: Value) -> Value:
    """Arithmetic in which a symbolic size, or what is not known, takes part."""
    for value in (a, b):
        if isinstance(value, Unknown) and not value.name:
            return Unknown(value.why)
    x: Dim | float = a.size() if isinstance(a, Unknown) else a
    y: Dim | float = b.size() if isinstance(b, Unknown) else b
    if not isinstance(x, (int, Expr)) or not isinstance(y, (int, Expr)):
        return Unknown(f"arithmetic of the size {x if isinstance(x, Expr) else y}")
    if op is ast.Div:
        exact = divide_exactly(x, y)
        return Unknown(f"the value of {x} / {y}") if exact is None else exact
    if op is ast.Pow and isinstance(y, int) and 0 <= y <= 8:
        result: Dim = 1
        for _ in range(y):
            result = result * x
        return result
    if op in (ast.Add, ast.Sub, ast.Mult, ast.FloorDiv, ast.Mod):
        try:
            return function(x, y)
        except ZeroDivisionError as error:
            return Unknown(str(error))
    return Unknown(f"the value of {x} and {y}")


def overloaded(m: Machine, word: str, a: Value, b: Value, node: ast.AST, frame: Frame) -> Value:
    """An operator of a class of the interpreted code."""
    word = word.rstrip("_")
    for value, other, method in ((a, b, f"__{word}__"), (b, a, f"__r{word}__")):
        if isinstance(value, Instance) and isinstance(value.kind, Class):
            found = value.kind.find(method)
            if isinstance(found, Function):
                return call(m, found, (value, other), {}, frame.site(node), None)
    for value, other, method in ((a, b, f"__{word}__"), (b, a, f"__r{word}__")):
        if isinstance(value, Instance) and method in exposed(type(value)):
            bound = BoundOp(exposed(type(value))[method], value)
            return call(m, bound, (other,), {}, frame.site(node), None)
    return Unknown(f"the operator {word} of an object")


def raise_or_unknown(m: Machine, error: Exception, node: ast.AST, frame: Frame) -> Value:
    """A Python error in interpreted code: raised where it is caught, else a value not known."""
    kind = type(error).__name__
    if m.catches(kind):
        from conv_lsp.interp.machine import exception_names

        raise Raised(exception_names(kind), str(error), frame.site(node))
    return Unknown(f"{kind}: {error}")


def unaryop(m: Machine, node: ast.UnaryOp, frame: Frame) -> Value:
    value = evaluate(m, node.operand, frame)
    if node.op.__class__ is ast.Not:
        truth = m.truth(value)
        if truth is None:
            return value if isinstance(value, Unknown) else Unknown("a condition on tensor values")
        return not truth
    if value.__class__ is Tensor:
        word = {ast.USub: "neg", ast.UAdd: "pos", ast.Invert: "invert"}[node.op.__class__]
        return call_op(m, f"operator.{word}", (value,), frame.site(node), {})
    if isinstance(value, Unknown):
        if value.name and node.op.__class__ is ast.USub:
            return -value.size()
        return Unknown(value.why)
    try:
        if node.op.__class__ is ast.USub:
            return -value
        return +value if node.op.__class__ is ast.UAdd else ~value
    except Exception as error:
        return raise_or_unknown(m, error, node, frame)


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
    """The operands after one that is not known: one of them may still decide the outcome."""
    why = reason(value)
    mark = m.store.begin()
    decided = False
    with m.maybe():
        for part in rest:
            if m.truth(evaluate(m, part, frame)) is wanted:
                decided = True
                break
    m.store.blur(mark, why, frame.variables)
    m.store.end(mark)
    return wanted if decided else Unknown(why)


def reason(condition: Value) -> str:
    """Why a condition is not decided."""
    return condition.why if isinstance(condition, Unknown) else "a condition on tensor values"


def ifexp(m: Machine, node: ast.IfExp, frame: Frame) -> Value:
    condition = evaluate(m, node.test, frame)
    truth = m.truth(condition)
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


# -- comparison -------------------------------------------------------------------------------

COMPARE: dict[type[ast.cmpop], tuple[str, Callable[[Any, Any], Any]]] = {
    ast.Eq: ("eq", operator.eq),
    ast.NotEq: ("ne", operator.ne),
    ast.Lt: ("lt", operator.lt),
    ast.LtE: ("le", operator.le),
    ast.Gt: ("gt", operator.gt),
    ast.GtE: ("ge", operator.ge),
}


def compare(m: Machine, node: ast.Compare, frame: Frame) -> Value:
    left = evaluate(m, node.left, frame)
    result: Value = True
    for op, right_node in zip(node.ops, node.comparators, strict=True):
        right = evaluate(m, right_node, frame)
        result = comparison(m, op.__class__, left, right, node, frame)
        if result is False or len(node.ops) == 1:
            return result
        if result is not True:
            return result if isinstance(result, Unknown) else Unknown("a chained comparison")
        left = right
    return result


def comparison(
    m: Machine, op: type[ast.cmpop], a: Value, b: Value, node: ast.AST, frame: Frame
) -> Value:
    """`a op b`: True, False, a tensor, or Unknown."""
    if op is ast.Is or op is ast.IsNot:
        same_object = identical(a, b)
        if same_object is None:
            return a if isinstance(a, Unknown) else b
        return same_object is (op is ast.Is)
    if op is ast.In or op is ast.NotIn:
        inside = contains(m, b, a, frame.site(node))
        if inside is None:
            return Unknown("membership of what is not known")
        return inside is (op is ast.In)
    word, function = COMPARE[op]
    if a.__class__ is int and b.__class__ is int:
        return function(a, b)
    if a.__class__ is Tensor or b.__class__ is Tensor:
        return tensor_comparison(m, word, a, b, node, frame)
    if isinstance(a, Instance) or isinstance(b, Instance):
        return instance_comparison(m, word, a, b, node, frame)
    decided = three_valued(op, a, b)
    if decided is not None:
        return decided
    if isinstance(a, Unknown):
        return a
    return b if isinstance(b, Unknown) else Unknown(f"whether {text(a)} {SIGNS[op]} {text(b)}")


SIGNS = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}


def text(value: Value) -> str:
    """A value as a reason names it."""
    shown = str(value) if isinstance(value, (int, float, str, Expr, tuple)) else "a value"
    return shown if len(shown) <= 40 else shown[:37] + "..."


def tensor_comparison(
    m: Machine, word: str, a: Value, b: Value, node: ast.AST, frame: Frame
) -> Value:
    if word in ("eq", "ne") and (
        a is None or b is None or isinstance(a, str) or isinstance(b, str)
    ):
        return word == "ne"
    a = Tensor(a) if isinstance(a, Unknown) else a
    b = Tensor(b) if isinstance(b, Unknown) else b
    return call_op(m, f"operator.{word}", (a, b), frame.site(node), {})


def instance_comparison(
    m: Machine, word: str, a: Value, b: Value, node: ast.AST, frame: Frame
) -> Value:
    if isinstance(a, Instance) and isinstance(a.kind, Class):
        found = a.kind.find(f"__{word}__")
        if isinstance(found, Function):
            return call(m, found, (a, b), {}, frame.site(node), None)
        if found is not MISSING and found is not object.__dict__.get(f"__{word}__"):
            return Unknown("a comparison of objects")
    if isinstance(a, Unknown) or isinstance(b, Unknown):
        return a if isinstance(a, Unknown) else b
    if word in ("eq", "ne"):
        return (a is b) is (word == "eq")
    return Unknown("a comparison of objects")


def three_valued(op: type[ast.cmpop], a: Value, b: Value) -> bool | None:
    """Comparison of numbers, sizes and containers of them; None where undecided."""
    if op is ast.NotEq:
        verdict = three_valued(ast.Eq, a, b)
        return None if verdict is None else not verdict
    if op is ast.Gt or op is ast.GtE:
        return three_valued(ast.Lt if op is ast.Gt else ast.LtE, b, a)
    if isinstance(a, Unknown) and isinstance(b, Unknown) and a is b and op is ast.Eq:
        return True
    a = a.size() if isinstance(a, Unknown) and a.name and isinstance(b, (int, Expr)) else a
    b = b.size() if isinstance(b, Unknown) and b.name and isinstance(a, (int, Expr)) else b
    if isinstance(a, Unknown) or isinstance(b, Unknown):
        return None
    if isinstance(a, Expr) or isinstance(b, Expr):
        if not isinstance(a, (int, Expr)) or not isinstance(b, (int, Expr)):
            return (
                False
                if op is ast.Eq and not isinstance(a if isinstance(b, Expr) else b, float)
                else None
            )
        if op is ast.Eq:
            return equal(a, b)
        return less(a, b) if op is ast.Lt else less_equal(a, b)
    if isinstance(a, (tuple, list)) and isinstance(b, (tuple, list)):
        return _sequences(op, a, b)
    if any(getattr(v, "vague", "") for v in (a, b)):
        return None
    if isinstance(a, dict) and isinstance(b, dict) and op is ast.Eq:
        return True if same(a, b) else None
    try:
        return bool(COMPARE[op][1](a, b))
    except Exception:  # a comparison that Python does not know
        return None


def _sequences(op: type[ast.cmpop], a: Any, b: Any) -> bool | None:
    if weight(a) > LENGTH or weight(b) > LENGTH:
        return None
    if getattr(a, "vague", "") or getattr(b, "vague", ""):
        return None
    if op is not ast.Eq:
        plain = all(isinstance(v, (int, float, str)) for v in (*a, *b))
        return bool(COMPARE[op][1](list(a), list(b))) if plain else None
    if isinstance(a, list) != isinstance(b, list) or len(a) != len(b):
        return False
    verdicts = [three_valued(ast.Eq, x, y) for x, y in zip(a, b, strict=True)]
    if False in verdicts:
        return False
    return None if None in verdicts else True


def identical(a: Value, b: Value) -> bool | None:
    """`a is b`, None where not known."""
    if isinstance(a, Unknown) or isinstance(b, Unknown):
        return True if a is b else None
    if isinstance(a, (bool, int, str, float)) and type(a) is type(b):
        return bool(a == b)
    if b is None and isinstance(a, Tensor) and a.kind == "gradient":
        return None  # there is one only after a backward pass
    return a is b


def contains(m: Machine, container: Value, value: Value, site: Any) -> bool | None:
    """`value in container`, None where not known."""
    if isinstance(value, Unknown) or isinstance(container, Unknown):
        return None
    if getattr(container, "vague", ""):
        return None
    if isinstance(container, str):
        return value in container if isinstance(value, str) else None
    if isinstance(container, (dict, set, frozenset, range)):
        try:
            return value in container
        except TypeError:
            return None
    if isinstance(container, Instance) and isinstance(container.kind, Class):
        found = container.kind.find("__contains__")
        if isinstance(found, Function):
            return m.truth(call(m, found, (container, value), {}, site, None))
    held = elements(m, container, site)
    if isinstance(held, Unknown):
        return None
    verdicts = [
        True
        if v is value
        else three_valued(ast.Eq, v, value)
        if not isinstance(v, (Tensor, Instance))
        else False
        for v in held
    ]
    if True in verdicts:
        return True
    return None if None in verdicts else False


# -- calls, functions, comprehensions ---------------------------------------------------------


def call_(m: Machine, node: ast.Call, frame: Frame) -> Value:
    function = evaluate(m, node.func, frame)
    if function is super and not node.args:
        return zero_argument_super(frame)
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
        return args
    return call(m, function, args, kwargs, frame.site(node), node, frame)


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
    m.store.set_item(frame.scope_of(node.target.id), node.target.id, value)
    return value


def comprehension(
    m: Machine, generators: list[ast.comprehension], frame: Frame, emit: Callable[[Frame], None]
) -> Unknown | None:
    """Run the clauses and `emit` for each combination; why not, if that is not known."""
    from conv_lsp.interp.statements import assign

    inner = Frame({}, frame.namespace, frame.statement, frame.record, frame)
    vague: list[Unknown] = []

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
        return set(made) if vague is None else vague
    except TypeError as error:
        return Unknown(str(error))


def dict_comprehension(m: Machine, node: ast.DictComp, frame: Frame) -> Value:
    made = Dict((), m.store.born())

    def emit(inner: Frame) -> None:
        key = evaluate(m, node.key, inner)
        value = evaluate(m, node.value, inner)
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
    return None


def yield_from(m: Machine, node: ast.YieldFrom, frame: Frame) -> Value:
    held = elements(m, evaluate(m, node.value, frame), frame.site(node))
    if isinstance(held, Unknown):
        return held
    frame.yields.extend(held)
    return None


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
