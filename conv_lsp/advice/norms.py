"""A bias that the normalisation after it takes away again."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from conv_lsp.advice.remarks import Remark
from conv_lsp.advice.slides import Network
from conv_lsp.analysis import Event
from conv_lsp.findings import RULES
from conv_lsp.library.convolution_layers import ConvNd
from conv_lsp.library.linear import Linear
from conv_lsp.library.normalization import BatchNorm, InstanceNorm
from conv_lsp.values import Module, Tensor, Value

RULE = RULES["bias-before-norm"]


def bias_before_norm(network: Network) -> Iterator[Remark]:
    """Convolutions and linear layers whose output goes into a batch or instance norm alone.

    The norm subtracts the mean of each channel, and with it whatever the bias added (Ioffe and
    Szegedy, 2015, section 3.2); its own bias takes the place.
    """
    norms = _norms_by_output(network)
    if not norms:
        return
    calls: dict[int, list[Event]] = {}
    for event in network.layers:
        if _bias(event.module) is not None:
            calls.setdefault(id(event.module), []).append(event)
    made: dict[tuple[str, int], list[tuple[Event, Event, int]]] = {}
    for events in calls.values():
        found = [norm for event in events if (norm := norms.get(id(event.output))) is not None]
        count, span = _bias(events[0].module), network.place(events[0].module)
        if len(found) == len(events) and count is not None and span is not None:
            made.setdefault((span.path, span.line), []).append((events[0], found[0], count))
    for here in made.values():
        model = here[0][0].context.root
        total = sum(count for maker, _, count in here if maker.context.root is model)
        for maker, norm, _ in here:
            span = network.place(maker.module)
            if span is not None:
                words = {"norm": type(norm.module).__name__, "count": total}
                yield Remark(RULE, span, maker.path, words)


def _bias(module: Module) -> int | None:
    """Elements of the bias of a layer whose outputs are by channel, None if it has none."""
    bias = module.__dict__.get("bias") if isinstance(module, (ConvNd, Linear)) else None
    if isinstance(bias, Tensor) and bias.known and isinstance(bias.sizes[0], int):
        return bias.sizes[0]
    return None


def _norms_by_output(network: Network) -> dict[int, Event]:
    """Norms by the identity of the tensor that they take, of tensors that nothing else takes."""
    makers: dict[int, list[Event]] = {}
    takers: dict[int, list[Event]] = {}
    for event in network.layers:
        if _bias(event.module) is not None:
            makers.setdefault(id(event.output), []).append(event)
        for value in event.inputs:
            takers.setdefault(id(value), []).append(event)
    pairs = {
        made: (events[0], takers[made][0])
        for made, events in makers.items()
        if len(events) == len(takers.get(made, ()))
        and len({id(e.context.use) for e in takers[made]}) == 1
        and _cancels(events[0], takers[made][0])
    }
    uses = _uses(network, set(pairs)) if pairs else {}
    return {made: norm for made, (_, norm) in pairs.items() if uses.get(made, 0) <= 1}


def _cancels(maker: Event, norm: Event) -> bool:
    """Whether the norm's channels are those that the bias was added to."""
    made = maker.output
    if not isinstance(norm.module, (BatchNorm, InstanceNorm)) or not isinstance(made, Tensor):
        return False
    if "_forward_hooks" in maker.module.__dict__:
        return False
    if isinstance(maker.module, ConvNd):
        return made.known and made.rank == maker.module.SPATIAL + 2
    return made.known and made.rank == 2


def _uses(network: Network, made: set[int]) -> dict[int, int]:
    """How many names, items and attributes hold one of the tensors where they are read."""
    found: dict[int, set[int]] = {}
    for record in network.records:
        for node, value, _ in record.facts:
            if isinstance(node, ast.Attribute) or (
                isinstance(node, (ast.Name, ast.Subscript)) and isinstance(node.ctx, ast.Load)
            ):
                for tensor in _tensors(value):
                    if id(tensor) in made:
                        found.setdefault(id(tensor), set()).add(id(node))
    return {tensor: len(nodes) for tensor, nodes in found.items()}


def _tensors(value: Value) -> Iterator[Tensor]:
    """A tensor, or those in nested tuples, as facts keep containers."""
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _tensors(part)
