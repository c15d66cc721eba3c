"""What each statement does."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any

from conv_lsp.dims import Expr, symbol
from conv_lsp.findings import RULES
from conv_lsp.interp.branches import run_for, run_if, run_match, run_while
from conv_lsp.interp.calls import call
from conv_lsp.interp.classes import define_class
from conv_lsp.interp.contexts import PendingContext, Suppressing
from conv_lsp.interp.expressions import closure_of, evaluate
from conv_lsp.interp.frames import Frame, Function
from conv_lsp.interp.machine import Machine, exception_names
from conv_lsp.interp.namespaces import SHARED, Namespace, run_import, run_import_from
from conv_lsp.interp.objects import (
    BoundOp,
    attribute_or_unknown,
    describe,
    elements,
    set_item,
)
from conv_lsp.interp.operators import binary
from conv_lsp.interp.records import Complaint, sample
from conv_lsp.interp.rules import rebind
from conv_lsp.interp.signals import Enough, Raised, Signal
from conv_lsp.library.registry import exposed
from conv_lsp.values import (
    MISSING,
    Class,
    Dict,
    Given,
    Instance,
    List,
    Module,
    Once,
    Submodules,
    Tensor,
    Unknown,
    Value,
    join,
    method_of,
)


def run_body(m: Machine, function: Function, frame: Frame) -> Value:
    """Run a function; what it returns, joined over all returns that may happen."""
    node = function.node
    note_parameters(m, node.args, frame)
    if isinstance(node, ast.Lambda):
        return evaluate(m, node.body, frame)
    try:
        signal = run_block(m, function.code.body, frame)
    except Enough:
        endless = Once(frame.yields, m.store.born())
        endless.endless = "a generator without an end"
        return endless
    result = frame.returned if signal is Signal.RETURN else None
    if function.code.generator:
        once = Once(frame.yields, m.store.born())
        once.returned = result
        return once
    for value, mark in reversed(frame.returns):
        result = join(value, result, "returned under a condition that is not known")
        m.store.blur(
            mark, "written after a return under a condition that is not known", frame.variables
        )
        m.store.end(mark)
    return result


def note_parameters(m: Machine, arguments: ast.arguments, frame: Frame) -> None:
    """Facts for the parameters that are tensors."""
    for parameter in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
        note(m, parameter, frame.variables.get(parameter.arg), frame)
    if arguments.vararg is not None:
        note(m, arguments.vararg, frame.variables.get(arguments.vararg.arg), frame)


def note(m: Machine, node: ast.AST, value: Value, frame: Frame) -> None:
    """A fact for a name, if its value is a tensor or holds some."""
    if value.__class__ is Tensor:
        frame.facts.append((node, value, not m.undecided))
    elif isinstance(value, NOTED):
        kept = sample(value)
        if kept is not None:
            frame.facts.append((node, kept, not m.undecided))


def run_block(m: Machine, body: Sequence[ast.stmt], frame: Frame) -> Signal | None:
    """Run statements in order until one of them ends the block."""
    for node in body:
        signal = execute(m, node, frame)
        if signal is not None:
            return signal
    return None


def execute(m: Machine, node: ast.stmt, frame: Frame) -> Signal | None:
    """Run one statement."""
    m.step()
    return EXECUTE[node.__class__](m, node, frame)


# -- assignment -------------------------------------------------------------------------------


def assign(m: Machine, target: ast.expr, value: Value, frame: Frame) -> None:
    """Bind a target: a name, an attribute, an item, or a tuple of them."""
    kind = target.__class__
    if kind is ast.Name:
        text = target.id  # type: ignore[attr-defined]
        function = frame.function
        if function is not None and function.code.local:
            m.store.set_item(frame.variables, text, value)
        else:
            m.bind(frame, text, value)
        if isinstance(value, NOTED):
            note(m, target, value, frame)
    elif kind is ast.Attribute:
        owner = evaluate(m, target.value, frame)  # type: ignore[attr-defined]
        set_attribute(m, owner, target.attr, value, frame, target)  # type: ignore[attr-defined]
    elif kind is ast.Tuple or kind is ast.List:
        unpack(m, target.elts, value, frame, target)  # type: ignore[attr-defined]
    elif kind is ast.Subscript:
        owner = evaluate(m, target.value, frame)  # type: ignore[attr-defined]
        index = evaluate(m, target.slice, frame)  # type: ignore[attr-defined]
        set_item(m, owner, index, value, frame.site(target), target)  # type: ignore[arg-type]
    elif kind is ast.Starred:
        assign(m, target.value, value, frame)  # type: ignore[attr-defined]


NOTED = (Tensor, List, tuple, dict)


def set_attribute(
    m: Machine, owner: Value, name: str, value: Value, frame: Frame, node: ast.AST
) -> None:
    """`owner.name = value`, through a property's setter if there is one."""
    if isinstance(value, Module):
        frame.facts.append((node, value, not m.undecided))
    if isinstance(owner, Tensor):
        if name == "data" and isinstance(value, Tensor) and value.shape != owner.shape:
            set_data(m, owner, value, frame, node)
        return
    if isinstance(owner, Namespace):
        owner.own(m, name)  # what binds it in the file must not run later
        m.store.wrote(0, max(m.start, SHARED))
        m.store.set_item(owner.variables, name, value)
        return
    m.assign_attribute(owner, name, value, frame.site(node))


def set_data(m: Machine, owner: Tensor, value: Tensor, frame: Frame, node: ast.AST) -> None:
    """`module.weight.data = value`: the tensor that stands there has other sizes from now on."""
    new = value.like()
    new.kind = owner.kind
    rebind(m, owner, new, frame)
    if isinstance(node, ast.Attribute) and isinstance(node.value, (ast.Name, ast.Attribute)):
        assign(m, node.value, new, frame)


def unpack(m: Machine, targets: list[ast.expr], value: Value, frame: Frame, node: ast.AST) -> None:
    """`a, b, *rest = value`."""
    if isinstance(value, Unknown) and value.parameter:
        refine_by_names(m, targets, value)
    held = elements(m, value, frame.site(node))
    if isinstance(held, Unknown):
        for target in targets:
            assign(m, target, Unknown(held.why), frame)
        return
    star = next((i for i, t in enumerate(targets) if isinstance(t, ast.Starred)), None)
    fits = len(held) == len(targets) if star is None else len(held) >= len(targets) - 1
    if not fits:
        if not isinstance(value, Given):
            words = {"got": len(held), "want": len(targets) - (star is not None)}
            m.report(RULES["unpack-count"], frame.site(node), None, words)
        for target in targets:
            assign(m, target, Unknown(f"{len(held)} values for {len(targets)} names"), frame)
        return
    if star is None:
        for target, part in zip(targets, held, strict=True):
            assign(m, target, part, frame)
        return
    after = len(targets) - star - 1
    for target, part in zip(targets[:star], held[:star], strict=True):
        assign(m, target, part, frame)
    assign(m, targets[star], m.list(held[star : len(held) - after]), frame)
    for target, part in zip(targets[star + 1 :], held[len(held) - after :], strict=True):
        assign(m, target, part, frame)


def refine_by_names(m: Machine, targets: list[ast.expr], value: Unknown) -> None:
    """`b, c, h, w = x.shape` tells the rank of an input, and its user's names."""
    names = [t.id if isinstance(t, ast.Name) else "" for t in targets]
    if any(isinstance(t, ast.Starred) for t in targets):
        return
    used: set[str] = set()
    shape = []
    for i, name in enumerate(names):
        text = name if name.strip("_") and name not in used else f"d{i}"
        used.add(text)
        shape.append(symbol(text))
    m.refine(value, shape, sure=True)


def run_assign(m: Machine, node: ast.Assign, frame: Frame) -> None:
    value = evaluate(m, node.value, frame)
    for target in node.targets:
        assign(m, target, value, frame)


def run_ann_assign(m: Machine, node: ast.AnnAssign, frame: Frame) -> None:
    if frame.transparent and isinstance(node.target, ast.Name):
        annotations = frame.variables.setdefault("__annotations__", Dict())
        if isinstance(annotations, dict):
            annotations[node.target.id] = node.annotation
    if node.value is not None:
        assign(m, node.target, evaluate(m, node.value, frame), frame)


def run_aug_assign(m: Machine, node: ast.AugAssign, frame: Frame) -> None:
    target = node.target
    if isinstance(target, ast.Name):
        old = frame.scope_of(target.id).get(target.id, MISSING)
        old = frame.find(target.id) if old is MISSING else old
        old = frame.namespace.get(m, target.id) if old is MISSING else old
        if old is MISSING:
            old = Unknown(f"name '{target.id}' is not defined")
    else:
        old = evaluate(m, target, frame)
    value = evaluate(m, node.value, frame)
    if isinstance(old, list) and isinstance(node.op, ast.Add):
        new = extend_in_place(m, old, value, frame, node)
    else:
        new = binary(m, node.op.__class__, old, value, node, frame, inplace=True)
    assign(m, target, new, frame)


def extend_in_place(
    m: Machine, old: list[Value], value: Value, frame: Frame, node: ast.AST
) -> Value:
    """`layers += [...]` changes the list itself."""
    held = elements(m, value, frame.site(node))
    m.writes(old)
    if isinstance(held, Unknown):
        if isinstance(old, List):
            old.vague = held.why
    else:
        old.extend(held)
    return old


# -- definitions ------------------------------------------------------------------------------


def run_function_def(
    m: Machine, node: ast.FunctionDef | ast.AsyncFunctionDef, frame: Frame
) -> None:
    function = Function(node, frame.statement, frame.namespace, closure_of(frame))
    a = node.args
    function.defaults = [evaluate(m, d, frame) for d in a.defaults]
    for arg, default in zip(a.kwonlyargs, a.kw_defaults, strict=True):
        if default is not None:
            function.keyword_defaults[arg.arg] = evaluate(m, default, frame)
    frame.namespace.defined(function)
    if frame.transparent:
        owner = frame.variables.get("__qualname__")
        function.attributes["__qualname__"] = f"{owner}.{function.name}"
    value: Value = function
    for decorator_node in reversed(node.decorator_list):
        decorator = evaluate(m, decorator_node, frame)
        value = call(m, decorator, (value,), {}, frame.site(decorator_node), None)
    m.bind(frame, node.name, value)


def run_class_def(m: Machine, node: ast.ClassDef, frame: Frame) -> None:
    value = define_class(m, node, frame)
    m.bind(frame, node.name, value)


# -- leaving ----------------------------------------------------------------------------------


def run_return(m: Machine, node: ast.Return, frame: Frame) -> Signal:
    frame.returned = None if node.value is None else evaluate(m, node.value, frame)
    return Signal.RETURN


def run_raise(m: Machine, node: ast.Raise, frame: Frame) -> None:
    value = None if node.exc is None else evaluate(m, node.exc, frame)
    names, message = exception_of(value)
    site = frame.site(node)
    if not any(m.catches(name) for name in names) and "NotImplementedError" not in names:
        rule = RULES["always-raises"]
        words = {"error": f"{names[0]}: {message}" if message != names[0] else message}
        frame.record.complaints.append(
            Complaint(rule, site, None, rule.message.format(**words), m.sure_to_raise, raised=True)
        )
    raise Raised(names, message, frame.site(node), value)


def exception_of(value: Value) -> tuple[tuple[str, ...], str]:
    """The class names and the message of an exception value."""
    kind = value
    message = ""
    if isinstance(value, BaseException):
        kind = type(value)
        message = str(value)
    elif isinstance(value, Instance):
        kind = value.kind
        args = value.__dict__.get("args", ())
        message = (
            str(args[0]) if isinstance(args, tuple) and args and isinstance(args[0], str) else ""
        )
    if isinstance(kind, Class):
        names = [k.name if isinstance(k, Class) else k.__name__ for k in kind.mro]
        return tuple(names), message or kind.name
    if isinstance(kind, type):
        return tuple(k.__name__ for k in kind.__mro__), message or kind.__name__
    return exception_names("Exception"), "an exception"


def run_assert(m: Machine, node: ast.Assert, frame: Frame) -> None:
    tested = evaluate(m, node.test, frame)
    truth = m.truth(tested)
    if truth is None:
        learn_equality(m, node.test, frame)
        m.learn(tested, True, ("AssertionError",), frame.site(node))
    if truth is False:
        message = evaluate(m, node.msg, frame) if node.msg is not None else ""
        words = message if isinstance(message, str) and message else ast.unparse(node.test)
        if not m.catches("AssertionError"):
            rule = RULES["always-raises"]
            said = rule.message.format(error=f"AssertionError: {words}")
            frame.record.complaints.append(
                Complaint(rule, frame.site(node), None, said, m.sure_to_raise, raised=True)
            )
        raise Raised(exception_names("AssertionError"), words, frame.site(node))


def learn_equality(m: Machine, test: ast.expr, frame: Frame) -> None:
    """`assert x.shape[1] == 3` tells a size of an input."""
    if isinstance(test, ast.Compare) and [type(op) for op in test.ops] == [ast.Eq]:
        got, want = evaluate(m, test.left, frame), evaluate(m, test.comparators[0], frame)
        if isinstance(got, (int, Expr)) and isinstance(want, (int, Expr)):
            m.settle(got, want)


def run_delete(m: Machine, node: ast.Delete, frame: Frame) -> None:
    for target in node.targets:
        if isinstance(target, ast.Name):
            m.store.delete(frame.scope_of(target.id), target.id)
        elif isinstance(target, ast.Attribute):
            owner = evaluate(m, target.value, frame)
            own = method_of(owner, "__delattr__")
            if isinstance(own, Function):
                call(m, own, (owner, target.attr), {}, frame.site(target), None)
            elif isinstance(owner, Instance):
                m.store.delete(owner.__dict__, target.attr)
                m.store.wrote(owner.birth, m.start)
                m.store.epoch += 1
                owner.plain_key = None
        elif isinstance(target, ast.Subscript):
            delete_item(m, target, frame)


def delete_item(m: Machine, target: ast.Subscript, frame: Frame) -> None:
    owner = evaluate(m, target.value, frame)
    index = evaluate(m, target.slice, frame)
    own = method_of(owner, "__delitem__")
    if isinstance(own, Function):
        call(m, own, (owner, index), {}, frame.site(target), None)
    elif isinstance(owner, Submodules):
        if isinstance(index, str):
            m.set_attribute(owner.owner, index, MISSING)
    elif isinstance(owner, (list, dict)):
        m.writes(owner)
        try:
            del owner[index]
        except Exception:  # the index is not known, or there is none
            if isinstance(owner, (List, Dict)):
                owner.vague = "an element whose index is not known was deleted"
    elif isinstance(owner, Instance):
        method = exposed(type(owner)).get("delete_item")
        if method is not None:
            call(m, BoundOp(method, owner), (index,), {}, frame.site(target), None)


# -- with and try -----------------------------------------------------------------------------


def run_with(m: Machine, node: ast.With | ast.AsyncWith, frame: Frame) -> Signal | None:
    return with_items(m, node.items, node, frame)


def with_items(
    m: Machine, items: Sequence[ast.withitem], node: ast.With | ast.AsyncWith, frame: Frame
) -> Signal | None:
    """Enter the managers one inside the other, and run the body in the innermost."""
    if not items:
        return run_block(m, node.body, frame)
    part = items[0]
    manager = evaluate(m, part.context_expr, frame)

    def inside(entered: Value) -> Signal | None:
        if part.optional_vars is not None:
            assign(m, part.optional_vars, entered, frame)
        return with_items(m, items[1:], node, frame)

    if isinstance(manager, PendingContext):
        return manager.run(m, inside, frame.site(node))
    if isinstance(manager, Suppressing):
        try:
            with m.handling(manager.names):
                return inside(None)
        except Raised as raised:
            if manager.names.isdisjoint(raised.names):
                raise
            return None
    if isinstance(manager, Unknown):
        m.tolerated += 1
        try:
            return inside(Unknown(manager.why))
        finally:
            m.tolerated -= 1
    leave = user_method(manager, "__exit__")
    if leave is None:
        return inside(enter(m, manager, frame, part.context_expr))
    try:
        with m.handling(frozenset(("BaseException",))):
            signal = inside(enter(m, manager, frame, part.context_expr))
    except Raised as raised:
        kind = Unknown(f"the class of {raised.names[0]}")
        value = raised.value if raised.value is not None else Unknown(raised.message)
        args = (manager, kind, value, None)
        if m.truth(call(m, leave, args, {}, frame.site(node), None)) is False:
            raise
        return None
    call(m, leave, (manager, None, None, None), {}, frame.site(node), None)
    return signal


def user_method(value: Value, name: str) -> Function | None:
    """A method that the interpreted code itself defines."""
    found = method_of(value, name)
    return found if isinstance(found, Function) else None


def enter(m: Machine, manager: Value, frame: Frame, node: ast.AST) -> Value:
    """What `with manager as x` gives to x."""
    found = user_method(manager, "__enter__")
    if found is not None:
        return call(m, found, (manager,), {}, frame.site(node), None)
    if isinstance(manager, Instance):
        method = exposed(type(manager)).get("enter")
        if method is not None:
            return call(
                m,
                attribute_or_unknown(m, manager, "enter", frame.site(node)),
                (),
                {},
                frame.site(node),
                None,
            )
        return manager
    if isinstance(manager, list):
        return manager[0] if manager else None
    return (
        manager if isinstance(manager, Unknown) else Unknown(f"the context of {describe(manager)}")
    )


def run_try(m: Machine, node: ast.Try, frame: Frame) -> Signal | None:
    caught = [(handler, handled(m, handler, frame)) for handler in node.handlers]
    names = frozenset(n for _, some in caught for n in some)
    signal: Signal | None = None
    try:
        with m.handling(names):
            signal = run_block(m, node.body, frame)
        if signal is None:
            signal = run_block(m, node.orelse, frame)
    except Raised as raised:
        for handler, some in caught:
            if not some.isdisjoint(raised.names):
                signal = run_handler(m, handler, raised, frame)
                break
        else:
            run_block(m, node.finalbody, frame)
            raise
    final = run_block(m, node.finalbody, frame)
    return final or signal


def handled(m: Machine, handler: ast.ExceptHandler, frame: Frame) -> frozenset[str]:
    """The names of the exceptions that a handler takes."""
    if handler.type is None:
        return frozenset(("BaseException",))
    value = evaluate(m, handler.type, frame)
    names = set()
    for kind in value if isinstance(value, tuple) else (value,):
        if isinstance(kind, Class):
            names.add(kind.name)
        elif isinstance(kind, type):
            names.add(kind.__name__)
        else:
            names.add("Exception")
    return frozenset(names)


def run_handler(
    m: Machine, handler: ast.ExceptHandler, raised: Raised, frame: Frame
) -> Signal | None:
    if handler.name:
        value = raised.value if raised.value is not None else Unknown(raised.message)
        m.bind(frame, handler.name, value)
    return run_block(m, handler.body, frame)


# -- the rest ---------------------------------------------------------------------------------


def run_expr(m: Machine, node: ast.Expr, frame: Frame) -> None:
    if node.value.__class__ is not ast.Constant:
        evaluate(m, node.value, frame)


def run_nothing(m: Machine, node: ast.stmt, frame: Frame) -> None:
    return None


def run_break(m: Machine, node: ast.Break, frame: Frame) -> Signal:
    return Signal.BREAK


def run_continue(m: Machine, node: ast.Continue, frame: Frame) -> Signal:
    return Signal.CONTINUE


EXECUTE: dict[type[ast.AST], Callable[[Machine, Any, Frame], Signal | None]] = {
    ast.Assign: run_assign,
    ast.AnnAssign: run_ann_assign,
    ast.AugAssign: run_aug_assign,
    ast.Expr: run_expr,
    ast.Return: run_return,
    ast.If: run_if,
    ast.For: run_for,
    ast.AsyncFor: run_for,
    ast.While: run_while,
    ast.FunctionDef: run_function_def,
    ast.AsyncFunctionDef: run_function_def,
    ast.ClassDef: run_class_def,
    ast.Import: run_import,
    ast.ImportFrom: run_import_from,
    ast.Raise: run_raise,
    ast.Assert: run_assert,
    ast.With: run_with,
    ast.AsyncWith: run_with,
    ast.Try: run_try,
    ast.Delete: run_delete,
    ast.Match: run_match,
    ast.Pass: run_nothing,
    ast.Global: run_nothing,
    ast.Nonlocal: run_nothing,
    ast.Break: run_break,
    ast.Continue: run_continue,
}
for _name, _run in (("TryStar", run_try), ("TypeAlias", run_nothing)):
    if hasattr(ast, _name):
        EXECUTE[getattr(ast, _name)] = _run
