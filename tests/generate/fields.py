"""What a unit of a rule's result depends on, read from the links that the rule makes.

The rule is called on tensors whose axes are known apart, with typical values for its other
parameters, by their names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from conv_lsp.axes import NO_LINK, Source, field
from conv_lsp.library import registry
from conv_lsp.library.module import Layer
from conv_lsp.library.registry import Op
from conv_lsp.values import Tensor, Unknown
from conv_lsp.windows import GLOBAL, IDENTITY
from tests import opcheck

SHAPES = ((2, 4, 8, 8), (2, 4, 8), (2, 4, 8, 8, 8), (4, 8), (8, 8), (8,), (4, 4), (4, 2))
SHORT = {"torch.nn.functional.": "F.", "torch.nn.": "nn."}
KINDS = ("float32", "int64", "complex64")
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


def plain(*sizes: Any, dtype: str = "float32") -> Tensor:
    """A tensor without links."""
    return Tensor(sizes, dtype=dtype)


def labels(*sizes: Any) -> Tensor:
    return plain(*sizes, dtype="int64")


def mask(x: Tensor) -> Tensor:
    return plain(*x.sizes, dtype="bool")


def row(x: Tensor) -> Tensor:
    """A weight for each channel."""
    return plain(x.sizes[1])


def filters(x: Tensor) -> Tensor:
    """The weight of a transposed convolution."""
    return plain(x.sizes[1], 3, *[3] * (x.rank - 2))


def indexed(x: Tensor) -> list[Any]:
    """A slice for each unit of the first axis."""
    return [x, 0, labels(x.sizes[0]), x]


def convolved(x: Tensor) -> list[Any]:
    return [x, filters(x)]


def together(x: Tensor) -> list[Any]:
    return [[x, x]]


def pair(x: Tensor) -> list[Any]:
    return [x, x]


def halved(x: Tensor) -> list[Any]:
    return [x, 2]


def sized(_: Tensor) -> list[Any]:
    return [2, 2]


def newly(x: Tensor) -> list[Any]:
    return [x, 2, 2]


def sorted_out(x: Tensor) -> list[Any]:
    """A class for each place."""
    return [x, labels(x.sizes[0], *x.sizes[2:])]


CALLS: dict[str, Callable[[Tensor], list[Any]]] = {
    **dict.fromkeys("cat concat concatenate stack hstack vstack row_stack".split(), together),
    **dict.fromkeys("dstack column_stack".split(), together),
    **dict.fromkeys("meshgrid broadcast_tensors".split(), pair),
    **dict.fromkeys("atleast_1d atleast_2d atleast_3d".split(), lambda x: [x]),
    **dict.fromkeys("dsplit hsplit vsplit tensor_split".split(), halved),
    **dict.fromkeys("split_with_sizes unsafe_split_with_sizes".split(), lambda x: [x, [1, 1]]),
    **dict.fromkeys("conv_transpose1d conv_transpose2d conv_transpose3d".split(), convolved),
    **dict.fromkeys("zeros ones empty rand randn".split(), sized),
    **dict.fromkeys("new_zeros new_ones new_empty".split(), newly),
    **dict.fromkeys("index_add index_add_ index_copy index_copy_".split(), indexed),
    **dict.fromkeys(
        "scatter scatter_ scatter_add scatter_add_".split(), lambda x: [x, 0, labels(*x.sizes), x]
    ),
    **dict.fromkeys(
        "scatter_reduce scatter_reduce_".split(), lambda x: [x, 0, labels(*x.sizes), x, "sum"]
    ),
    **dict.fromkeys("index_fill index_fill_".split(), lambda x: [x, 0, labels(2), 1.0]),
    **dict.fromkeys(
        "index_put index_put_".split(), lambda x: [x, [labels(2)], plain(2, *x.sizes[1:])]
    ),
    **dict.fromkeys("masked_fill masked_fill_".split(), lambda x: [x, mask(x), 0.0]),
    **dict.fromkeys("masked_scatter masked_scatter_".split(), lambda x: [x, mask(x), x]),
    **dict.fromkeys("grid_sample".split(), lambda x: [x, plain(x.sizes[0], 5, 5, 2)]),
    **dict.fromkeys("nll_loss NLLLoss NLLLoss2d".split(), sorted_out),
    **dict.fromkeys("multi_margin_loss MultiMarginLoss".split(), sorted_out),
    **dict.fromkeys(
        "multilabel_margin_loss MultiLabelMarginLoss".split(), lambda x: [x, labels(*x.sizes)]
    ),
    **dict.fromkeys(
        "cosine_embedding_loss CosineEmbeddingLoss".split(), lambda x: [x, x, plain(x.sizes[0])]
    ),
    **dict.fromkeys("MaxUnpool1d MaxUnpool2d MaxUnpool3d".split(), lambda x: [x, labels(*x.sizes)]),
    "select_scatter": lambda x: [x, plain(*x.sizes[1:]), 0, 0],
    "diagonal_scatter": lambda x: [x, plain(4)],
    "prelu": lambda x: [x, plain(1)],
    "Tensor.permute": lambda x: [x, *reversed(range(x.rank))],
    "Tensor.reshape": lambda x: [x, -1],
    "Tensor.view": lambda x: [x, -1],
    "Tensor.expand": lambda x: [x, *x.sizes],
    "Tensor.repeat": lambda x: [x, *[2] * x.rank],
    "Tensor.tile": lambda x: [x, 2],
    "Tensor.flip": lambda x: [x, 0],
    "Tensor.where": lambda x: [x, mask(x), x],
    "broadcast_to": lambda x: [x, x.sizes],
    "conv_tbc": lambda x: [x, plain(3, x.sizes[2], 5), plain(5)],
    "F.batch_norm": lambda x: [x, row(x), row(x)],
    "torch.batch_norm": lambda x: [x, None, None, row(x), row(x), False, 0.1, 1e-5, False],
    "torch.instance_norm": lambda x: [x, None, None, None, None, True, 0.1, 1e-5, False],
    "torch.poisson_nll_loss": lambda x: [x, x, True, False, 1e-8, 0],
    "gather": lambda x: [x, 0, labels(*x.sizes)],
    "index_select": lambda x: [x, 1, labels(3)],
    "masked_select": lambda x: [x, mask(x)],
    "Tensor.unfold": lambda x: [x, 1, 2, 1],
    "bmm": lambda x: [x, plain(x.sizes[0], x.sizes[2], 5)],
    "mv": lambda x: [x, plain(x.sizes[1])],
    "full": lambda _: [(2,), 1.0],
    "torch.arange": lambda _: [4],
    "torch.range": lambda _: [0, 4],
    "linspace": lambda _: [0, 1, 4],
    "logspace": lambda _: [0, 1, 4],
}
"""The arguments of rules, or the inputs of layers, for which typical values will not do: by the
short path, or the name alone."""
UNLINKED = frozenset("Tensor.grad Tensor.rot90 torch.rot90 torch.cartesian_prod".split()) | {
    "torch.functional.cartesian_prod",
    "torch.block_diag",
    "torch.functional.block_diag",
}
"""Rules whose result has no links, though its numbers are those of the input."""
MADE: dict[str, list[Any]] = {
    "nn.LocalResponseNorm": [2],
    "nn.CrossMapLRN2d": [2],
    "nn.Unflatten": [1, (2, 2)],
    "nn.Upsample": [None, 2],
    "nn.UpsamplingBilinear2d": [None, 2],
    "nn.UpsamplingNearest2d": [None, 2],
    "nn.FractionalMaxPool2d": [2, 2],
    "nn.FractionalMaxPool3d": [2, 2],
}
"""What layers are made with, where typical values will not do."""
WORDS = ("same", "window", "whole", "moved", "uneven", "nothing")


def seen_of(path: str, value: Any) -> str:
    """The words for a rule or a layer; empty where no typical call of it was found."""
    if path in UNLINKED:
        return ""
    for shape in SHAPES:
        for kind in KINDS:
            for count in (1, 2, 3):
                found = tried(path, value, shape, kind, count)
                if found:
                    return found
    return ""


def short(path: str) -> str:
    """The path with the usual short names of packages."""
    for prefix, word in SHORT.items():
        if path.startswith(prefix):
            return word + path.removeprefix(prefix)
    return path


def tried(path: str, value: Any, shape: tuple[int, ...], dtype: str, count: int) -> str:
    origins = [Source(str(i)) for i in range(len(shape))]
    tensor = Tensor(shape, tuple(origins), dtype=dtype)
    name = short(path)
    given = CALLS.get(name, CALLS.get(name.rpartition(".")[2]))
    try:
        inputs = [tensor] * count if given is None else given(tensor)
        if isinstance(value, Op):
            whole = arguments(value.parameters, tensor, count) if given is None else inputs
            result, findings = opcheck.run(path, *whole)
        elif isinstance(value, type) and issubclass(value, Layer):
            made = registry.parameters_of(registry.exposed(value)["__init__"])
            layer, findings = opcheck.run(path, *MADE.get(name, arguments(made, None, 0)))
            if findings:
                return ""
            result, findings = opcheck.apply(layer, *inputs)
        elif path.startswith("Tensor."):
            result, findings = value(tensor), []
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
