"""Embeddings, attention and transformers against CPU torch."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conv_lsp.axes import Source, field
from conv_lsp.dims import symbol
from conv_lsp.values import Tensor, Unknown
from conv_lsp.windows import GLOBAL, IDENTITY
from tests.judge import SETTINGS, agree, agree_layer, torch
from tests.opcheck import Host, apply, call_value, run

F = torch.nn.functional
FEW = settings(SETTINGS, max_examples=40)
FLAGS = st.booleans()
ones = torch.ones


def indices(*shape: int) -> Any:
    return torch.zeros(shape, dtype=torch.int64)


# -- embeddings -------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (2, 3, 4), (0,)])
def test_embedding(shape: tuple[int, ...]) -> None:
    agree_layer("torch.nn.Embedding", (10, 4), indices(*shape))
    for weight in (ones(10, 4), ones(10), ones(2, 3, 4)):
        agree("torch.nn.functional.embedding", F.embedding, indices(*shape), weight)


@pytest.mark.parametrize("index", [0, 9, 10, -10, -11])
def test_padding_index(index: int) -> None:
    agree_layer("torch.nn.Embedding", (10, 4, index), indices(3))


def test_embedding_bag() -> None:
    offsets = torch.tensor([0, 3])
    for inputs in (
        (indices(2, 3),),
        (indices(6), offsets),
        (indices(6),),
        (indices(2, 3), offsets),
    ):
        agree_layer("torch.nn.EmbeddingBag", (10, 4), *inputs)
    agree_layer("torch.nn.EmbeddingBag", (10, 4), indices(2, 3, 4))
    last = torch.tensor([0, 3, 6])
    agree_layer("torch.nn.EmbeddingBag", (10, 4), indices(6), last, include_last_offset=True)
    agree("torch.nn.functional.embedding_bag", F.embedding_bag, indices(2, 3), ones(10, 4))


def test_from_pretrained() -> None:
    layer, _ = run("torch.nn.Embedding.from_pretrained", Tensor((10, 4)))
    assert apply(layer, Tensor((2, 3), dtype="int64"))[0].shape == (2, 3, 4)
    assert run("torch.nn.Embedding.from_pretrained", Tensor((10,)))[1]


def test_indices_of_unknown_rank() -> None:
    layer, _ = run("torch.nn.Embedding", 10, 4)
    host = Host()
    assert isinstance(call_value(layer, (Tensor(Unknown("x")),), {}, host).shape, Unknown)
    assert host.refined == [(symbol("N"), symbol("L"))]


# -- scaled dot product -----------------------------------------------------------------------


@st.composite
def heads(draw: Any) -> Any:
    """Query, key and value that mostly fit."""
    b, h, n, s, e, v = (draw(st.integers(1, 4)) for _ in range(6))
    made = []
    for rows, features in ((n, e), (s, e), (s, v)):
        shape = [b, h, rows, features]
        if not draw(st.integers(0, 4)):
            place = draw(st.integers(0, 3))
            shape[place] = draw(st.sampled_from([1, 2, shape[place]]))
        made.append(ones(shape[draw(st.sampled_from([0, 0, 0, 1, 2])) :]))
    return made


def test_scaled_dot_product_attention() -> None:
    path, function = (
        "torch.nn.functional.scaled_dot_product_attention",
        F.scaled_dot_product_attention,
    )

    @SETTINGS
    @given(heads())
    def check(made: Any) -> None:
        agree(path, function, *made)
        if made[0].dim() == made[1].dim() == made[2].dim() == 4:
            agree(path, function, *made, is_causal=True)

    check()
    query, key = ones(2, 4, 5, 8), ones(2, 2, 7, 8)
    agree(path, function, query, key, key)
    agree(path, function, query, key, key, enable_gqa=True)
    three = ones(2, 3, 7, 8)
    agree(path, function, query, three, three, enable_gqa=True)
    whole = ones(2, 4, 7, 8)
    for mask in ((5, 7), (1, 7), (5, 6), (2, 1, 5, 7), (3, 1, 5, 7)):
        agree(path, function, query, whole, whole, attn_mask=ones(mask))
    agree(path, function, ones(8), ones(7, 8), ones(7, 8))


# -- multi-head attention ---------------------------------------------------------------------

MHA = "torch.nn.MultiheadAttention"


@pytest.mark.parametrize(
    "shapes",
    [
        ((5, 3, 8), (5, 3, 8), (5, 3, 8)),
        ((5, 3, 8), (7, 3, 8), (7, 3, 8)),
        ((5, 8), (7, 8), (7, 8)),
        ((5, 3, 6), (5, 3, 6), (5, 3, 6)),
        ((5, 3, 8), (5, 3, 6), (5, 3, 6)),
        ((5, 3, 8), (7, 3, 8), (6, 3, 8)),
        ((5, 3, 8), (7, 2, 8), (7, 2, 8)),
        ((5, 3, 8), (7, 8), (7, 8)),
        ((5, 3, 8, 1), (7, 3, 8), (7, 3, 8)),
        ((8,), (7, 8), (7, 8)),
    ],
)
@pytest.mark.parametrize("first", [False, True])
def test_multihead_attention(shapes: Any, first: bool) -> None:
    made = [ones(shape) for shape in shapes]
    agree_layer(MHA, (8, 2), *made, batch_first=first)
    agree_layer(MHA, (8, 4), *made, bias=False, add_bias_kv=True, add_zero_attn=True)


@pytest.mark.parametrize(("size", "heads_"), [(8, 3), (0, 2), (8, 0), (8, 8)])
def test_heads_divide(size: int, heads_: int) -> None:
    agree_layer(MHA, (size, heads_), *[ones(5, 3, 8)] * 3)


def test_other_sizes_of_keys_and_values() -> None:
    for key, value in ((6, 4), (5, 4), (6, 8)):
        made = ones(5, 3, 8), ones(7, 3, key), ones(7, 3, value)
        agree_layer(MHA, (8, 2), *made, kdim=6, vdim=4)


def test_masks_and_weights() -> None:
    for batched in (True, False):
        query, key = (ones(5, 3, 8), ones(7, 3, 8)) if batched else (ones(5, 8), ones(7, 8))
        for padding in (None, (3, 7), (7,), (3, 5)):
            for mask in (None, (5, 7), (5, 5), (6, 5, 7), (2, 5, 7), (3, 5, 7)):
                for need in (True, False):
                    made = [None if m is None else ones(m).bool() for m in (padding, mask)]
                    inputs = query, key, key, made[0], need, made[1], False
                    agree_layer(MHA, (8, 2), *inputs)


def test_one_mistake_gives_one_message() -> None:
    layer, _ = run(MHA, 8, 2)
    wrong = Tensor((5, 3, 6))
    (output, _), findings = apply(layer, wrong, wrong, wrong)
    assert [code for code, _ in findings] == ["linear-features"]
    assert output.shape == (5, 3, 8)


def test_attention_sees_all_keys() -> None:
    queries, keys = Source("L"), Source("S")
    layer, _ = run(MHA, 8, 2, batch_first=True)
    query, key = (Tensor((1, 5, 8), (None, source, None)) for source in (queries, keys))
    (output, _), _ = apply(layer, query, key, key)
    assert field(output.axes[1], queries) == IDENTITY
    assert field(output.seen, keys) == GLOBAL


# -- transformers -----------------------------------------------------------------------------


@pytest.mark.parametrize("first", [False, True])
@pytest.mark.parametrize("shape", [(5, 3, 8), (5, 8), (5, 3, 6), (5, 3, 2, 8)])
def test_layers(shape: tuple[int, ...], first: bool) -> None:
    source, memory = ones(shape), ones(*shape[:-1], 8)
    options = {"dim_feedforward": 16, "batch_first": first}
    agree_layer("torch.nn.TransformerEncoderLayer", (8, 2), source, **options)
    agree_layer("torch.nn.TransformerDecoderLayer", (8, 2), memory, source, **options)
    agree_layer("torch.nn.TransformerDecoderLayer", (8, 2), source, memory, **options)


@pytest.mark.filterwarnings("ignore")
def test_transformer() -> None:
    for source, target in (
        ((5, 3, 8), (7, 3, 8)),
        ((5, 3, 8), (7, 2, 8)),
        ((5, 3, 6), (7, 3, 6)),
        ((5, 8), (7, 8)),
    ):
        agree_layer("torch.nn.Transformer", (8, 2, 2, 1, 16), ones(source), ones(target))
    options = {"batch_first": True, "norm_first": True, "bias": False}
    agree_layer("torch.nn.Transformer", (8, 2, 1, 1, 16), ones(3, 5, 8), ones(3, 7, 8), **options)
    agree_layer("torch.nn.TransformerEncoderLayer", (8, 3), ones(5, 3, 8))


def test_stacks_have_copies_of_their_layer() -> None:
    inner, _ = run("torch.nn.TransformerEncoderLayer", 8, 2, 16)
    stack, _ = run("torch.nn.TransformerEncoder", inner, 3)
    judge = torch.nn.TransformerEncoderLayer(8, 2, 16)
    wanted = sum(p.numel() for p in judge.parameters())
    count = sum(module.parameter_count() for _, module in stack.tree())
    assert count == 3 * wanted
    assert apply(stack, Tensor((5, 3, 8)))[0].shape == (5, 3, 8)
    vague, _ = run("torch.nn.TransformerEncoder", inner, Unknown("depth"))
    assert not apply(vague, Tensor((5, 3, 8)))[0].known


def test_mask_of_a_sequence() -> None:
    result, _ = run("torch.nn.Transformer.generate_square_subsequent_mask", 5)
    assert result.shape == (5, 5)
