"""Operators and comparisons of values."""

from __future__ import annotations

import ast
import operator
import re
import types
from collections.abc import Callable
from typing import Any

from conv_lsp.dims import Dim, Expr, Relation, divide_exactly, equal, less, less_equal, opposite
from conv_lsp.findings import RULES
from conv_lsp.interp.calls import call
from conv_lsp.interp.frames import Frame, Function
from conv_lsp.interp.machine import LENGTH, Machine
from conv_lsp.interp.namespaces import NamesOf
from conv_lsp.interp.objects import BoundOp, elements, equal_key
from conv_lsp.interp.real import weight
from conv_lsp.interp.registries import missing
from conv_lsp.interp.rules import call_op
from conv_lsp.interp.signals import Raised
from conv_lsp.library.registry import exposed, forget
from conv_lsp.values import (
    MISSING,
    NOTHING_IMPLIED,
    UNTYPED,
    Derived,
    Dict,
    Implied,
    Instance,
    List,
    Site,
    Tensor,
    Unknown,
    Value,
    implied_by,
    method_of,
    same,
)

WIDE = re.compile(r"\*|\d{4}")
"""In a format: a width that may be large."""


BITS = 4096
"""Size of an integer, past which it is unknown."""


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
            a = operand(a) if ka is Unknown else a
            b = operand(b) if kb is Unknown else b
        written = inplace and (ka is Tensor or ka is List)
        return call_op(
            m,
            f"operator.i{word.rstrip('_')}" if written else f"operator.{word}",
            (a, b),
            frame.site(node),
            operands(node),
        )
    if isinstance(a, Tensor) or isinstance(b, Tensor):
        result = call_op(m, f"array.{word}", (a, b), frame.site(node), {})
        if inplace and isinstance(a, Tensor):
            forget(a)
        return result
    if isinstance(a, (Unknown, Expr)) or isinstance(b, (Unknown, Expr)):
        size = sizes(op, function, a, b)
        if size.__class__ is Unknown:
            size.number = is_number(a) and is_number(b)
        return size
    if isinstance(a, Instance) or isinstance(b, Instance):
        return overloaded(m, word, a, b, node, frame, inplace)
    if (isinstance(a, Derived) or isinstance(b, Derived)) and has_operator(word, a, b):
        return overloaded(m, word, a, b, node, frame, inplace)
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
    if isinstance(value, dict) and not getattr(value, "vague", ""):
        parts = tuple(value.values())
    if isinstance(value, Derived):
        return False
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


def operand(value: Unknown) -> Tensor:
    """What is not known beside a tensor: one of unknown shape, or a number."""
    if value.number:
        return Tensor((), dtype=UNTYPED, kind="number")
    return Tensor(value)


def is_number(value: Value) -> bool:
    """Whether it is certainly a plain number, known or not."""
    if isinstance(value, Unknown):
        return value.number or bool(value.name)
    return isinstance(value, (int, float, Expr))


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


def has_operator(word: str, a: Value, b: Value) -> bool:
    """Whether the class of an operand, which derives from a real type, has the operator."""
    word = word.rstrip("_")
    found = (
        method_of(a, f"__{word}__"),
        method_of(a, f"__i{word}__"),
        method_of(b, f"__r{word}__"),
    )
    return any(isinstance(method, Function) for method in found)


def overloaded(
    m: Machine, word: str, a: Value, b: Value, node: ast.AST, frame: Frame, inplace: bool
) -> Value:
    """An operator of a class of the interpreted code."""
    word = word.rstrip("_")
    ways = [(a, b, f"__{word}__"), (b, a, f"__r{word}__")]
    if inplace:
        ways.insert(0, (a, b, f"__i{word}__"))
    for value, other, method in ways:
        found = method_of(value, method)
        if isinstance(found, Function):
            result = call(m, found, (value, other), {}, frame.site(node), None)
            if result is not NotImplemented:
                return result
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
    if kind == "ZeroDivisionError":
        m.report(RULES["always-raises"], frame.site(node), None, {"error": f"{kind}: {error}"})
    return Unknown(f"{kind}: {error}")


COMPARE: dict[type[ast.cmpop], tuple[str, Callable[[Any, Any], Any]]] = {
    ast.Eq: ("eq", operator.eq),
    ast.NotEq: ("ne", operator.ne),
    ast.Lt: ("lt", operator.lt),
    ast.LtE: ("le", operator.le),
    ast.Gt: ("gt", operator.gt),
    ast.GtE: ("ge", operator.ge),
}


def negation(m: Machine, value: Value) -> Value:
    """`not value`"""
    truth = m.truth(value)
    if truth is not None:
        return not truth
    if isinstance(value, Unknown):
        if value.usual is None and value.implied is NOTHING_IMPLIED:
            return value
        result = Unknown(value.why)
        result.usual = None if value.usual is None else not value.usual
    else:
        result = Unknown("a condition on tensor values")
    result.implied = implied_by(value)[::-1]
    return result


def comparison(
    m: Machine, op: type[ast.cmpop], a: Value, b: Value, node: ast.AST, frame: Frame
) -> Value:
    """`a op b`: True, False, a tensor, or Unknown."""
    if op is ast.Is or op is ast.IsNot:
        same_object = identical(a, b)
        if same_object is None:
            known = next((v for v in (a, b) if isinstance(v, Unknown)), None)
            why = known.why if known is not None else "whether a backward pass has left a gradient"
            return Unknown(why)
        return same_object is (op is ast.Is)
    if op is ast.In or op is ast.NotIn:
        asked = exposed(type(b)).get("contains") if isinstance(b, Instance) else None
        if asked is not None:
            found = call(m, BoundOp(asked, b), (a,), {}, frame.site(node), None)
            return found if op is ast.In else negation(m, found)
        inside = contains(m, b, a, frame.site(node))
        if inside is None:
            return Unknown("membership of what is not known")
        return inside is (op is ast.In)
    word, function = COMPARE[op]
    if a.__class__ is int and b.__class__ is int:
        return function(a, b)
    if a.__class__ is Tensor or b.__class__ is Tensor:
        return tensor_comparison(m, word, a, b, node, frame)
    if isinstance(a, (Instance, Derived)) or isinstance(b, (Instance, Derived)):
        found = compared(m, word, a, b, frame.site(node))
        if found is not MISSING:
            return found
        if isinstance(a, Instance) or isinstance(b, Instance):
            return instance_comparison(m, word, a, b)
    if isinstance(a, Tensor) or isinstance(b, Tensor):
        return call_op(m, f"array.{word}", (a, b), frame.site(node), {})
    decided = three_valued(op, a, b)
    if decided is not None:
        return decided
    known = next((v for v in (a, b) if isinstance(v, Unknown)), None)
    result = Unknown(known.why if known is not None else f"whether {text(a)} {SIGNS[op]} {text(b)}")
    if known is None:
        result.implied = implied(op, a, b)
    return result


def implied(op: type[ast.cmpop], a: Value, b: Value) -> Implied:
    """What a comparison says of sizes where it is true, and where it is false."""
    if op is ast.NotEq:
        return implied(ast.Eq, a, b)[::-1]
    if op is ast.Gt or op is ast.GtE:
        return implied(ast.Lt if op is ast.Gt else ast.LtE, b, a)
    if op is ast.Eq and isinstance(a, (tuple, list)) and isinstance(b, (tuple, list)):
        vague = any(getattr(v, "vague", "") for v in (a, b))
        if vague or len(a) != len(b) or len(a) > COMPARED:
            return NOTHING_IMPLIED
        parts = [implied(ast.Eq, x, y) for x, y in zip(a, b, strict=True) if x is not y]
        return tuple(c for true, _ in parts for c in true), ()
    if not isinstance(a, (int, Expr)) or not isinstance(b, (int, Expr)):
        return NOTHING_IMPLIED
    relation: Relation = "==" if op is ast.Eq else "<" if op is ast.Lt else "<="
    return ((relation, a, b),), (opposite((relation, a, b)),)


COMPARED = 8
"""Elements of sequences whose comparison says something of each."""
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
    a = operand(a) if isinstance(a, Unknown) else a
    b = operand(b) if isinstance(b, Unknown) else b
    return call_op(m, f"operator.{word}", (a, b), frame.site(node), {})


REFLECTED = {"eq": "eq", "ne": "ne", "lt": "gt", "le": "ge", "gt": "lt", "ge": "le"}


def compared(m: Machine, word: str, a: Value, b: Value, site: Site) -> Value:
    """What a method of one of the two classes says of a comparison; MISSING where there is none."""
    for value, other, name in ((a, b, word), (b, a, REFLECTED[word])):
        found = method_of(value, f"__{name}__")
        if isinstance(found, (Function, types.FunctionType)):
            result = m.invoke(found, (value, other), {}, site)
            if result is not NotImplemented:
                return result
    if word == "ne":
        equal_ = compared(m, "eq", a, b, site)
        truth = None if equal_ is MISSING else m.truth(equal_)
        return equal_ if truth is None else not truth
    return MISSING


def instance_comparison(m: Machine, word: str, a: Value, b: Value) -> Value:
    """Of objects whose classes say nothing about it."""
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
        return _in_order(op, a, b)
    if isinstance(a, list) != isinstance(b, list) or len(a) != len(b):
        return False
    verdicts = [three_valued(ast.Eq, x, y) for x, y in zip(a, b, strict=True)]
    if False in verdicts:
        return False
    return None if None in verdicts else True


def _in_order(op: type[ast.cmpop], a: Any, b: Any) -> bool | None:
    """Whether a sequence is before another one: the first elements that differ say so."""
    for x, y in zip(a, b, strict=False):
        verdict = three_valued(ast.Eq, x, y)
        if verdict is not True:
            return None if verdict is None else three_valued(op, x, y)
    return bool(COMPARE[op][1](len(a), len(b)))


def identical(a: Value, b: Value) -> bool | None:
    """`a is b`, None where not known."""
    if isinstance(a, Unknown) or isinstance(b, Unknown):
        return True if a is b else None
    if isinstance(a, (bool, int, str, float)) and type(a) is type(b):
        return bool(a == b)
    if b is None and isinstance(a, Tensor) and a.kind == "gradient":
        return None  # there is one only after a backward pass
    return a is b


def equal_objects(m: Machine, a: Value, b: Value, site: Site) -> bool | None:
    """Whether a tensor or an object equals a value."""
    found = MISSING if isinstance(a, Tensor) else compared(m, "eq", a, b, site)
    return False if found is MISSING else m.truth(found)


def doubtful(values: set[Value] | frozenset[Value]) -> bool:
    """Whether there is an element that is not known among them."""
    return any(isinstance(v, Unknown) for v in values)


def contains(m: Machine, container: Value, value: Value, site: Any) -> bool | None:
    """`value in container`, None where not known."""
    if isinstance(value, Unknown) or isinstance(container, Unknown):
        return None
    if getattr(container, "vague", ""):
        return None
    if isinstance(container, NamesOf):
        return container.item(m, value) is not MISSING
    if isinstance(container, (Instance, Derived)):
        own = method_of(container, "__contains__")
        if isinstance(own, Function):
            return m.truth(call(m, own, (container, value), {}, site, None))
    if isinstance(container, str):
        return value in container if isinstance(value, str) else None
    if isinstance(container, (dict, set, frozenset, range)):
        if isinstance(value, Instance) and not isinstance(container, range):
            key = value if value in container else equal_key(m, container, value, site)
            return None if isinstance(key, Unknown) else key is not MISSING
        try:
            if value in container:
                return True
            if isinstance(container, (set, frozenset)) and doubtful(container):
                return None
            open_ = id(container) in m.shared and missing(m, container, value)
            return None if open_ else value in container
        except TypeError:
            return None
    held = elements(m, container, site)
    if isinstance(held, Unknown):
        return None
    verdicts = [
        True
        if v is value
        else three_valued(ast.Eq, v, value)
        if not isinstance(v, (Tensor, Instance))
        else equal_objects(m, v, value, site)
        for v in held
    ]
    if True in verdicts:
        return True
    return None if None in verdicts else False
