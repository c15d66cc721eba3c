"""Tables of vectors that are looked up."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.judge import torch
from tests.ops._kinds import DTYPES, FEW, FLAGS, FLOATS, SIZE, SOME, maybe, shaped
from tests.ops.table import draw, layers_together, program, together

INDEX = st.sampled_from([*[torch.int64] * 6, torch.int32, torch.int16, torch.bool, torch.float32])
WHOLE = st.sampled_from([*[torch.int64] * 6, torch.int32, torch.float32])
INDICES = FEW.flatmap(lambda s: shaped(*s, dtype=INDEX))
WEIGHT = st.tuples(SIZE, SIZE).flatmap(lambda s: shaped(*s))
FULL = st.tuples(SOME, SOME).flatmap(lambda s: shaped(*s))
PADDING = maybe(st.integers(-5, 4))
RANK = st.integers(1, 2)
NORMS = st.sampled_from([1.0, 2])

draw(
    "torch.nn.functional.embedding",
    INDICES,
    WEIGHT,
    PADDING,
    max_norm=NORMS,
    scale_grad_by_freq=FLAGS,
)
draw("torch.embedding", WEIGHT, INDICES, padding_idx=st.integers(-1, 2), sparse=FLAGS)
draw("torch.embedding_renorm_", FULL, INDICES, NORMS, NORMS)


@st.composite
def table(draw: Any) -> Any:
    sizes = draw(st.tuples(st.integers(-1, 4), st.integers(-1, 4)))
    return sizes, (draw(INDICES),)


layers_together(
    "torch.nn.Embedding", table(), padding_idx=PADDING, max_norm=NORMS, _weight=WEIGHT, dtype=FLOATS
)


@st.composite
def bags(draw: Any, rank: Any = RANK) -> Any:
    """Indices, a table and offsets; torch does not survive bags of which there are none."""
    shape = [draw(SIZE) for _ in range(draw(rank))]
    indices = draw(shaped(*shape, dtype=WHOLE))
    offsets = torch.zeros(draw(st.integers(2, 4)), dtype=draw(WHOLE))
    given = offsets if draw(st.integers(0, 9)) >= 5 * (len(shape) - 1) else None
    given = None if len(shape) == 2 and draw(FLAGS) else given
    return [indices, torch.zeros(draw(SOME), draw(SOME), dtype=draw(DTYPES)), given]


OPTIONS = {
    "max_norm": NORMS,
    "mode": st.sampled_from(["sum", "mean", "max", "min"]),
    "scale_grad_by_freq": FLAGS,
    "sparse": FLAGS,
    "include_last_offset": FLAGS,
    "padding_idx": PADDING,
}
together("torch.nn.functional.embedding_bag", bags(), **OPTIONS)


@st.composite
def weighed(draw: Any) -> Any:
    indices, table, offsets = draw(bags())
    samples = draw(shaped(*indices.shape))
    return [indices, table, offsets, None, 2, False, draw(OPTIONS["mode"]), False, samples]


together("torch.nn.functional.embedding_bag", weighed())


@st.composite
def bag_layer(draw: Any) -> Any:
    indices, table, offsets = draw(bags())
    return table.shape, (indices, offsets)


layers_together("torch.nn.EmbeddingBag", bag_layer(), dtype=FLOATS, **OPTIONS)
together(
    "torch.embedding_bag",
    bags(st.just(1))
    .filter(lambda b: b[2] is not None and b[0].dim() == 1 and len(b[0]))
    .map(lambda b: [b[1], b[0], b[2]]),
    mode=st.integers(-1, 3),
    sparse=FLAGS,
    include_last_offset=FLAGS,
)
program(
    "torch.nn.Embedding.from_pretrained",
    "nn.Embedding.from_pretrained(torch.zeros({}, {}))(torch.zeros({}, dtype=torch.int64))",
    SIZE,
    SIZE,
    FEW,
)
program(
    "torch.nn.EmbeddingBag.from_pretrained",
    "nn.EmbeddingBag.from_pretrained(torch.zeros({}, 3), mode={})"
    "(torch.zeros({}, {}, dtype=torch.int64))",
    SOME,
    OPTIONS["mode"],
    SIZE,
    SOME,
)
