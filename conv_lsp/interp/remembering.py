"""Calls that are remembered: what makes two equal, and the result of the first given to the second."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from conv_lsp.axes import Axis, relink
from conv_lsp.dims import Expr
from conv_lsp.interp.frames import Function
from conv_lsp.interp.machine import Machine, NoKey
from conv_lsp.interp.records import Remembered, Use
from conv_lsp.values import Deque, Derived, Dict, List, Module, Site, Tensor, Value


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


def rememberable(value: Value) -> bool:
    """Whether a result can be handed out again."""
    if value.__class__ is Tensor or value is None or isinstance(value, (int, float, str, Expr)):
        return True
    if isinstance(value, (List, Dict)) and (value.vague or isinstance(value, (Derived, Deque))):
        return False
    if isinstance(value, (tuple, List)):
        return all(map(rememberable, value))
    return isinstance(value, Dict) and all(map(rememberable, value.values()))
