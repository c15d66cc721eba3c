"""Attention, as a function and as a layer, and transformers."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.judge import torch
from tests.ops._kinds import DTYPES, FLAGS, FLOATS, maybe, mostly, shaped
from tests.ops.table import draw, layers_together, program, together

SIZE = st.integers(1, 3)
MASKS = st.sampled_from([torch.bool] * 4 + [torch.float32] * 3 + [torch.float64, torch.int64])


@st.composite
def heads(draw: Any) -> Any:
    """Query, key and value that mostly fit, and a mask."""
    n, s, e, v = (draw(SIZE) for _ in range(4))
    batch = draw(st.lists(SIZE, max_size=3))
    dtype = draw(DTYPES)
    made = []
    for rows, features in ((n, e), (s, e), (s, v)):
        few = batch[draw(st.sampled_from([0, 0, 0, 0, 1])) :]
        shape = [draw(mostly(size)) for size in (*few, rows, features)]
        kind = dtype if draw(st.integers(0, 9)) < 9 else draw(DTYPES)
        made.append(torch.zeros(shape, dtype=kind))
    mask = draw(maybe(shaped(*batch, n, s, dtype=MASKS) | shaped(n, s, dtype=MASKS)))
    return [*made, mask]


together(
    "torch.nn.functional.scaled_dot_product_attention",
    heads(),
    is_causal=FLAGS,
    enable_gqa=FLAGS,
    dropout_p=st.sampled_from([0.0, 0.5]),
    scale=st.sampled_from([None, 0.5]),
)


@st.composite
def grouped(draw: Any) -> Any:
    """Fewer heads of keys than of queries."""
    few, times = draw(SIZE), draw(SIZE)
    shapes = [(2, few * times, 3, 4), (2, draw(mostly(few)), 5, 4)]
    query, key = (torch.zeros(shape) for shape in shapes)
    return [query, key, key]


together("torch.nn.functional.scaled_dot_product_attention", grouped(), enable_gqa=st.just(True))


@st.composite
def multihead(draw: Any) -> Any:
    """Sizes, options, and inputs that mostly fit, with masks."""
    count, each = draw(SIZE), draw(SIZE)
    size = count * each if draw(st.integers(0, 9)) < 9 else draw(st.integers(-1, 5))
    key, value = (draw(st.sampled_from([None, None, 2, 3])) for _ in range(2))
    more, zero, first = draw(FLAGS), draw(FLAGS), draw(FLAGS)
    made = (size, count, 0.0, draw(FLAGS), more, zero, key, value, first)
    batch, queries, keys = draw(SIZE), draw(SIZE), draw(SIZE)
    batched = draw(st.integers(0, 3)) < 3
    widths = [max(w if w is not None else size, 0) for w in (size, key, value)]
    inputs = []
    for rows, width in zip((queries, keys, keys), widths, strict=True):
        shape = [batch, rows] if first else [rows, batch]
        inputs.append(draw(shaped(*(shape if batched else [rows]), width)))
    padding = draw(maybe(shaped(*([batch] * batched), keys, dtype=MASKS)))
    several = [(queries, keys), (count * batch if batched else count, queries, keys)]
    mask = draw(maybe(st.sampled_from(several).flatmap(lambda s: shaped(*s, dtype=MASKS))))
    rest = (padding, draw(FLAGS), mask, draw(FLAGS), draw(st.integers(0, 5)) == 5)
    return made, (*inputs, *rest)


layers_together("torch.nn.MultiheadAttention", multihead(), dtype=FLOATS)

WIDTHS = st.sampled_from([(4, 2), (6, 3), (4, 4), (4, 3), (0, 2), (4, 0)])
OPTIONS = {
    "dropout": st.sampled_from([0.0, 0.5]),
    "activation": st.sampled_from(["relu", "gelu", "tanh"]),
    "norm_first": FLAGS,
    "bias": FLAGS,
    "dtype": FLOATS,
}


@st.composite
def transformed(draw: Any, decodes: bool) -> Any:
    """A layer's sizes, with sequences and masks."""
    width, count = draw(WIDTHS)
    first = draw(FLAGS)
    batch, length, memory = draw(SIZE), draw(SIZE), draw(SIZE)
    batched = draw(st.integers(0, 3)) < 3
    lengths = (length, memory) if decodes else (length,)
    inputs = []
    for rows in lengths:
        shape = ([batch, rows] if first else [rows, batch]) if batched else [rows]
        inputs.append(draw(shaped(*shape, width)))
    masks = [draw(maybe(shaped(length, rows, dtype=MASKS))) for rows in lengths]
    padding = [draw(maybe(shaped(*([batch] * batched), rows, dtype=MASKS))) for rows in lengths]
    made = (width, count, draw(SIZE), 0.0, "relu", 1e-5, first)
    return made, (*inputs, *masks, *padding)


del OPTIONS["dropout"], OPTIONS["activation"]
layers_together("torch.nn.TransformerEncoderLayer", transformed(False), **OPTIONS)
layers_together("torch.nn.TransformerDecoderLayer", transformed(True), **OPTIONS)
ACTIVATIONS = st.sampled_from(["relu", "gelu", "tanh"])
layers_together(
    "torch.nn.TransformerEncoderLayer torch.nn.TransformerDecoderLayer",
    st.tuples(WIDTHS, ACTIVATIONS).map(
        lambda d: ((*d[0], 2, 0.1, d[1]), (torch.zeros(3, 2, d[0][0]),) * 2)
    ),
)


@st.composite
def whole(draw: Any) -> Any:
    """An encoder and a decoder, with source and target."""
    width, count = draw(WIDTHS)
    first = draw(FLAGS)
    batch, *lengths = (draw(SIZE) for _ in range(3))
    shapes = [[batch, rows] if first else [rows, batch] for rows in lengths]
    inputs = [draw(shaped(*shape, width)) for shape in shapes]
    made = (width, count, draw(st.integers(1, 2)), 1, 2, 0.0, "relu", None, None, 1e-5, first)
    return made, inputs


layers_together("torch.nn.Transformer", whole(), norm_first=FLAGS, bias=FLAGS)
draw("torch.nn.Transformer.generate_square_subsequent_mask", st.integers(-1, 4), dtype=FLOATS)
draw("torch.nn.modules.transformer._generate_square_subsequent_mask", st.integers(-1, 4))
SEQUENCE = st.tuples(SIZE, SIZE, st.sampled_from([4, 4, 3])).map(list)
program(
    "torch.nn.TransformerEncoder",
    "nn.TransformerEncoder(nn.TransformerEncoderLayer(4, 2, 3), {}, enable_nested_tensor=False)"
    "(torch.zeros({}), mask=torch.zeros({}))",
    st.integers(0, 2),
    SEQUENCE,
    st.lists(SIZE, min_size=2, max_size=2),
)
program(
    "torch.nn.TransformerDecoder",
    "nn.TransformerDecoder(nn.TransformerDecoderLayer(4, 2, 3), {}, nn.LayerNorm(4))"
    "(torch.zeros({}), torch.zeros({}))",
    st.integers(0, 2),
    SEQUENCE,
    SEQUENCE,
)
