"""Advice that compares what units see with the size of the network's input."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from conv_lsp.advice.remarks import Remark
from conv_lsp.advice.slides import Network, Slide, called_name
from conv_lsp.analysis import Context, Event
from conv_lsp.axes import NO_LINK, Axis, Source, field_minimum, gathered, is_whole
from conv_lsp.axes import field as field_of
from conv_lsp.findings import RULES
from conv_lsp.library.pooling import Pool
from conv_lsp.source import Span
from conv_lsp.values import Module, Tensor, Value
from conv_lsp.windows import GLOBAL, Field

SMALL = RULES["receptive-field-small"]
BEYOND = RULES["beyond-receptive-field"]


@dataclass(frozen=True, slots=True)
class Classifier:
    """One call of a model whose output sees all of its one image.

    sizes: of the image's axes. output: all that the output sees.
    """

    call: Event
    sizes: dict[Source, int]
    output: Axis

    @property
    def model(self) -> Module:
        """What is called; layers below it have it for their root."""
        return self.call.module


def classifiers(network: Network) -> Iterator[Classifier]:
    """Models that answer for an image as a whole; of others it is not known how much is enough."""
    roots = {id(module) for _, module, _ in network.analysis.roots}
    for call in network.calls:
        if id(call.module) in roots and call.module is call.context.root:
            sizes = image_sizes(call.inputs)
            output = seen(call.output, call.context.parent or call.context)
            if output is not None and sizes and all(field_of(output, s) is GLOBAL for s in sizes):
                yield Classifier(call, sizes, output)


def image_sizes(inputs: Sequence[Value]) -> dict[Source, int]:
    """The sizes of the axes where fields begin; empty where not all are known."""
    sizes: dict[Source, int] = {}
    for value in inputs:
        if isinstance(value, Tensor) and value.known:
            for axis, size in zip(value.axes, value.sizes, strict=True):
                if isinstance(axis, Source):
                    if not isinstance(size, int):
                        return {}
                    sizes[axis] = size
    return sizes


def seen(value: Value, context: Context) -> Axis | None:
    """All that a tensor sees, as it is in the whole network."""
    if not isinstance(value, Tensor) or not value.known:
        return None
    return context.axis(gathered(*value.axes, seen=value.seen))


# -- the border layer ---------------------------------------------------------------------------


def beyond_receptive_field(network: Network) -> Iterator[Remark]:
    """The first convolution all of whose inputs see the whole image already, by their smallest path.

    Richter et al., "(Input) Size Matters for CNN Classifiers" (ICANN 2021), call it the border
    layer; it and those behind it do not improve a classifier. Kernels of 1 integrate nothing and
    are passed over, and so are models with attention or squeeze-excitation, which see everything.
    """
    for classifier in classifiers(network):
        beyond = [
            (slide, before)
            for slide in network.slides
            if slide.convolves and slide.root is classifier.model
            if any(w.kernel != 1 for w, _ in slide.windows)
            if (before := border(slide, classifier.sizes)) is not None
        ]
        if beyond:
            slide, before = beyond[0]
            later = len(beyond) - 1
            plural = "s" if later > 1 else ""
            layers = f"it and {later} later convolution{plural} see" if later else "it sees"
            words = {
                "field": times(before),
                "size": times(classifier.sizes.values()),
                "layers": layers,
            }
            yield Remark(BEYOND, slide.span, slide.path, words)


def border(slide: Slide, sizes: dict[Source, int]) -> list[int] | None:
    """What the input of a convolution sees, if that is the whole image along every axis."""
    if slide.input is None:
        return None
    before = smallest(seen(slide.input, slide.context), sizes)
    after = smallest(seen(slide.output, slide.context), sizes)
    if before is None or after is None:
        return None
    whole = all(b >= n for b, n in zip(before, sizes.values(), strict=True))
    wider = all(a > n for a, n in zip(after, sizes.values(), strict=True))
    return before if whole and wider else None


def smallest(axis: Axis | None, sizes: dict[Source, int]) -> list[int] | None:
    """The size of the smallest path on each axis of the image; None where a path sees all of it."""
    found = []
    for source in sizes:
        most, least = field_of(axis, source), field_minimum(axis, source)
        if not isinstance(most, Field) or not isinstance(least, Field):
            return None
        found.append(least.size)
    return found


# -- the head -------------------------------------------------------------------------------------


def receptive_field_small(network: Network) -> Iterator[Remark]:
    """Classifiers that pool units of which none sees the whole image.

    Araujo et al., "Computing Receptive Fields of Convolutional Neural Networks" (Distill, 2019):
    a large field is necessary for high accuracy, though it is not enough. What is flattened into a
    linear layer sees everything and is passed over.
    """
    for classifier in classifiers(network):
        found = [pooled(classifier.output, source) for source in classifier.sizes]
        fields = [size for size in found if size is not None]
        sizes = list(classifier.sizes.values())
        if len(fields) < len(found) or max(fields, default=1) == 1:
            continue  # kernels of 1 alone are meant for what has no neighbours, as sets of points
        if any(field < n for field, n in zip(fields, sizes, strict=True)):
            place = head(network, classifier)
            if place is not None:
                words = {"field": times(fields), "size": times(sizes)}
                yield Remark(SMALL, *place, words)


def pooled(output: Axis, source: Source) -> int | None:
    """What the units see that are pooled into the output; None where there is more to it."""
    largest = 0
    pending, met = [output], {output}
    while pending:
        node = pending.pop()
        for part in node.parts:
            reading = field_of(part, source)
            if isinstance(reading, Field) and is_whole(node):
                largest = max(largest, reading.size)
            elif reading is GLOBAL:
                if part not in met:
                    met.add(part)
                    pending.append(part)
            elif reading is not NO_LINK:
                return None
    return largest


POOLING = frozenset(("mean", "amax", "sum", "logsumexp")) | {
    f"adaptive_{kind}_pool{n}d" for kind in ("avg", "max") for n in (1, 2, 3)
}
"""Functions that treat all positions alike, by their last name."""


def head(network: Network, classifier: Classifier) -> tuple[Span, str] | None:
    """Where the units are pooled; None if that is not the user's, or not by pooling."""
    for event in network.layers:
        outer = event.context.parent or event.context
        given = next((v for v in event.inputs if isinstance(v, Tensor)), None)
        if event.context.root is classifier.model and pools(given, event.output, outer, classifier):
            span = network.place(event.module)
            alike = isinstance(event.module, Pool)
            return (span, event.path) if alike and span is not None else None
    for fact in network.by_node.values():
        reading = fact.running[0] if called_name(fact.node) in POOLING and fact.current else None
        if reading is not None and reading.context.root is classifier.model:
            given = network.argument(fact)
            if pools(given, reading.value, reading.context, classifier):
                return fact.span, reading.context.path
    return None


def pools(given: Tensor | None, made: Value, context: Context, classifier: Classifier) -> bool:
    """Whether what came in saw a part of the image, and what comes out sees all of it."""
    before, after = seen(given, context), seen(made, context)
    return all(
        isinstance(field_of(before, s), Field) and field_of(after, s) is GLOBAL
        for s in classifier.sizes
    )


def times(sizes: Iterable[int]) -> str:
    """224×224."""
    return "×".join(map(str, sizes))
