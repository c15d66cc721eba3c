"""A module is called on inputs that nobody has given."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from conv_lsp.dims import Dim, substitute
from conv_lsp.entry.parameters import (
    annotated_shape,
    forward_of,
    forward_parameters,
    keyword_parameters,
    named_unknown,
    optional_parameters,
    plain_parameters,
)
from conv_lsp.entry.refining import (
    Inputs,
    believing,
    complaint_keys,
    complaints_in,
    keep_complaints,
    refining,
)
from conv_lsp.entry.runs import Run
from conv_lsp.interp.calls import call
from conv_lsp.interp.inputs import with_sources
from conv_lsp.interp.machine import GUESSED, Machine
from conv_lsp.interp.records import Record, needs_of
from conv_lsp.interp.signals import Raised, Refined, Settled, Stopped
from conv_lsp.values import UNTYPED, Module, Shape, Site, Tensor, Unknown, Value

SOLVED = frozenset(("linear-features", "matmul-sizes", "reshape-count"))
"""Rules whose conditions may tell the size of an input."""


def guess_forward(
    m: Machine, module: Module, site: Site, inputs: Inputs, run: Run, *, train: bool = False
) -> Value:
    """Call a module on inputs of which only what has been learnt is known."""
    if not train:
        call(m, m.attribute(module, "eval", site), (), {}, site, None)
    parameters = forward_parameters(module)
    for name in parameters:
        shape = inputs.get(name) or annotated_shape(forward_of(module), name)
        if shape is not None:
            inputs = {**inputs, name: shape}

    named = keyword_parameters(module)
    plain = plain_parameters(module)
    given: dict[str, Value] = {}

    def work(learnt: Inputs) -> Value:
        m.guessing = True
        kwargs = {n: named_unknown(n) for n in named} | given
        args = [named_unknown(n) if n in plain else guessed_input(m, learnt, n) for n in parameters]
        return call(m, module, args, kwargs, site, None)

    record = m.record
    assert record is not None
    held = len(record.uses)
    result = refining(m, work, inputs)
    if not inputs and not any(complaints_in(record)):  # symbols that are asked for stay
        result = solving(m, record, held, work, run, parameters, result)
    optional = optional_parameters(module)
    if optional and any(complaints_in(record)):
        # Whoever calls it may give these: what is wrong only without them proves nothing.
        given |= {n: Unknown(f"what {n} is given is not known") for n in optional}
        kept = list(record.uses)
        record.uses.clear()
        refining(m, work, inputs)
        after = complaint_keys(record)
        record.uses[:] = kept
        keep_complaints(record, after)
    return result


def solving(
    m: Machine,
    record: Record,
    held: int,
    work: Callable[[Inputs], Value],
    run: Run,
    parameters: Sequence[str],
    result: Value,
) -> Value:
    """Call a module again on numbers, where a flatten before a linear layer tells the size of its
    input; they prove nothing, so that where they lead to complaints the symbols stay.

    held: how many uses the record had before the call that gave `result`.
    """
    if SOLVED.isdisjoint([rule.code for _, _, rule in needs_of(record)]):
        return result
    from conv_lsp.contract import inferred  # which few entries need

    outer = record.uses[-1]
    given = dict(zip(reversed(parameters), reversed(outer.inputs), strict=False))
    shapes = {n: v.sizes for n, v in given.items() if isinstance(v, Tensor) and v.known}
    found = inferred(record, list(shapes.values()))
    if found is None:
        return result
    sizes: dict[str, Dim] = dict.fromkeys(found.names, found.size)
    inputs = {name: tuple(substitute(d, sizes) for d in shape) for name, shape in shapes.items()}
    kept = record.uses[held:]
    del record.uses[held:]
    solved, _ = believing(m, record, GUESSED, work, inputs)
    if any(complaints_in(record)):
        record.uses[held:] = kept
        return result
    run.inferred = found
    return solved


def own_effect(m: Machine, layer: Module, record: Record) -> tuple[Tensor, Value] | None:
    """What a layer that nothing calls does to an input of the shape that it takes.

    None where it does not tell what it takes.
    """
    assert layer.made is not None
    site = layer.made
    shape: Shape | None = None
    for _ in range(2):
        m.rest()
        m.record, m.refinable = record, GUESSED
        given = guessed_input(m, {} if shape is None else {"input": shape}, "input")
        try:
            output = call(m, layer, (given,), {}, site, None)
        except Refined as refined:
            shape = refined.shape
        except (Raised, Stopped, Settled, RecursionError):
            return None
        else:
            return (given, output) if shape is not None else None
    return None


def guessed_input(m: Machine, inputs: Inputs, parameter: str) -> Tensor:
    """An input of which only what has been learnt is known."""
    shape = inputs.get(parameter)
    if shape is None:
        why = f"the input {parameter} has no known shape"
        return Tensor(Unknown(why, parameter=parameter))
    m.inputs.update(str(d) for d in shape if not isinstance(d, int))
    return with_sources(Tensor(shape, dtype=UNTYPED))


def apply(m: Machine, value: Value, inputs: Sequence[Value], site: Site, *, train: bool) -> Value:
    """Call what an entry gave: a module in eval mode unless training is asked for."""
    if isinstance(value, Module) and not train:
        call(m, m.attribute(value, "eval", site), (), {}, site, None)
    return call(m, value, inputs, {}, site, None)
