"""Flattening that takes the batch with it."""

from __future__ import annotations

from collections.abc import Iterator

from conv_lsp.advice.remarks import Remark
from conv_lsp.advice.slides import Network, called_name
from conv_lsp.dims import equal, product
from conv_lsp.findings import RULES
from conv_lsp.library.convolution_layers import ConvNd
from conv_lsp.library.linear import Linear
from conv_lsp.library.pooling import Pool
from conv_lsp.library.shaping import Flatten
from conv_lsp.source import Span
from conv_lsp.values import Module, Tensor

RULE = RULES["flatten-unbatched"]
FLATTENING = frozenset(("flatten", "view", "reshape", "ravel"))


def flatten_unbatched(network: Network) -> Iterator[Remark]:
    """Batches that become one vector, which a linear layer or whoever called the model is given."""
    roots = {id(module) for _, module, _ in network.analysis.roots}
    ends = {id(e.output) for e in network.calls if id(e.module) in roots}
    ends |= {id(v) for e in network.layers if isinstance(e.module, Linear) for v in e.inputs}
    batched = _batched(network)
    for span, path, root, given, made in (*_layers(network), *_calls(network)):
        if id(made) not in ends or not made.known or made.rank != 1 or not given.known:
            continue
        one = equal(product(given.sizes[1:]), 1)
        if given.rank in batched.get(id(root), ()) and one is False:
            yield Remark(RULE, span, path, {"shape": _text(given), "flat": _text(made)})


_Flattened = tuple[Span, str, Module | None, Tensor, Tensor]
"""Where, the path there, the model's root, what is flattened, what it becomes."""


def _batched(network: Network) -> dict[int, set[int]]:
    """Ranks of batches of images, by the root module: where its layers take those and no others."""
    with_batch: dict[int, set[int]] = {}
    without: dict[int, set[int]] = {}
    for event in network.layers:
        if isinstance(event.module, (ConvNd, Pool)):
            for value in event.inputs:
                if isinstance(value, Tensor) and value.known:
                    spare = value.rank - event.module.SPATIAL
                    ranks = with_batch if spare == 2 else without
                    ranks.setdefault(id(event.context.root), set()).add(value.rank)
    return {root: ranks - without.get(root, set()) for root, ranks in with_batch.items()}


def _layers(network: Network) -> Iterator[_Flattened]:
    for event in network.layers:
        if isinstance(event.module, Flatten):
            span, made = network.place(event.module), event.output
            given = next((v for v in event.inputs if isinstance(v, Tensor)), None)
            if span is not None and given is not None and isinstance(made, Tensor):
                yield span, event.path, event.context.root, given, made


def _calls(network: Network) -> Iterator[_Flattened]:
    for fact in list(network.by_node.values()):
        if called_name(fact.node) not in FLATTENING or id(fact.node) in network.own_calls:
            continue
        given = network.argument(fact)
        if given is None or not fact.certain or not fact.current or len(fact.readings) != 1:
            continue
        context, made = fact.readings[0].context, fact.readings[0].value
        if isinstance(made, Tensor) and not context.building:
            yield fact.span, context.path, context.root, given, made


def _text(tensor: Tensor) -> str:
    sizes = ", ".join(map(str, tensor.sizes))
    return f"({sizes},)" if tensor.rank == 1 else f"({sizes})"
