"""What a unit of a rule's result depends on, read from the links that the rule makes.

The rule is called on tensors whose axes are known apart, with typical values for its other
parameters, by their names.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from conv_lsp.axes import NO_LINK, Source, field
from conv_lsp.library import registry
from conv_lsp.library.module import Layer
from conv_lsp.library.registry import Op
from conv_lsp.values import Tensor, Unknown
from conv_lsp.windows import GLOBAL, IDENTITY
from tests import opcheck

SHAPES = ((2, 4, 8, 8), (2, 4, 8), (2, 4, 8, 8, 8), (4, 8), (8, 8), (8,), (4, 4))
TYPICAL: dict[str, Any] = {
    "kernel_size": 3,
    "dim": 1,
    "dim0": 1,
    "dim1": 0,
    "dims": (1, 0),
    "dim_arange": 1,
    "axis": 1,
    "start_dim": 0,
    "k": 2,
    "n": 2,
    "num_features": 4,
    "num_channels": 4,
    "num_groups": 2,
    "groups": 2,
    "in_channels": 4,
    "out_channels": 4,
    "in_features": 8,
    "out_features": 3,
    "normalized_shape": (8,),
    "padding": 1,
    "pad": (1, 1),
    "output_size": 2,
    "upscale_factor": 2,
    "downscale_factor": 2,
    "scale_factor": 2,
    "chunks": 2,
    "sections": 2,
    "indices_or_sections": 2,
    "split_size": 2,
    "split_size_or_sections": 2,
    "shifts": 1,
    "repeats": 2,
    "size": (2, 4),
    "shape": (-1,),
    "sizes": (2, 2),
    "diagonal": 0,
    "p": 0.5,
    "norm_type": 2.0,
    "input_size": 8,
    "hidden_size": 4,
    "embed_dim": 8,
    "num_heads": 2,
    "d_model": 8,
    "nhead": 2,
    "num_embeddings": 10,
    "embedding_dim": 4,
    "start": 0,
    "length": 2,
    "index": 0,
    "step": 1,
    "value": 1.0,
    "threshold": 0.5,
    "fill_value": 1.0,
    "min": 0.0,
    "max": 1.0,
    "exponent": 2.0,
    "block_size": 2,
    "lambd": 0.5,
    "negative_slope": 0.1,
    "correction": 1,
    "q": 0.5,
    "divisor": 2,
    "dtype": None,
}
WORDS = ("same", "window", "whole", "moved", "uneven", "nothing")


def seen_of(path: str, value: Any) -> str:
    """The words for a rule or a layer; empty where no typical call of it was found."""
    for shape in SHAPES:
        for kind in ("float32", "int64"):
            for count in (1, 2, 3):
                found = tried(path, value, shape, kind, count)
                if found:
                    return found
    return ""


def tried(path: str, value: Any, shape: tuple[int, ...], dtype: str, count: int) -> str:
    origins = [Source(str(i)) for i in range(len(shape))]
    tensor = Tensor(shape, tuple(origins), dtype=dtype)
    try:
        if isinstance(value, Op):
            result, findings = opcheck.run(path, *arguments(value.parameters, tensor, count))
        elif isinstance(value, type) and issubclass(value, Layer):
            made = registry.exposed(value)["__init__"]
            layer, findings = opcheck.run(path, *arguments(registry.parameters_of(made), None, 0))
            if findings:
                return ""
            result, findings = opcheck.apply(layer, *[tensor] * count)
        else:
            return ""
    except Exception:  # a typical value that this parameter does not take
        return ""
    if findings:
        return ""
    outputs = [t for t in tensors(result) if not isinstance(t.shape, Unknown)]
    return ", ".join(sorted(words(outputs, origins), key=WORDS.index)) if outputs else ""


def arguments(parameters: Any, tensor: Tensor | None, count: int) -> list[Any]:
    """Typical values for the parameters that have no default; tensors for the first ones."""
    made: list[Any] = []
    for name in parameters.names:
        if name not in parameters.required and len(made) >= count:
            break
        if len(made) < count:
            made.append(tensor)
        elif name in TYPICAL:
            made.append(TYPICAL[name])
        else:
            made.append(2)
    return made


def tensors(value: Any) -> Iterator[Tensor]:
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, (tuple, list)):
        for part in value:
            yield from tensors(part)


def words(outputs: list[Tensor], origins: list[Source]) -> set[str]:
    """How the axes of the results depend on those of the input."""
    found = set()
    for output in outputs:
        for at, origin in enumerate(origins):
            for place, link in enumerate(output.axes):
                found.add(word(field(link, origin), in_place=place == at))
            if field(output.seen, origin) is not NO_LINK:
                found.add(word(field(output.seen, origin), in_place=False))
    found.discard("")
    return found or {"nothing"}


def word(reading: Any, *, in_place: bool) -> str:
    if reading is NO_LINK:
        return ""
    if reading is None:
        return "uneven"
    if reading is GLOBAL:
        return "whole"
    if reading == IDENTITY:
        return "same" if in_place else "moved"
    return "moved" if reading.size == 1 else "window"
