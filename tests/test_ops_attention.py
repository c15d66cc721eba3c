"""Embeddings, attention and transformers: what the draws of `tests/ops` do not say."""

from __future__ import annotations

from conv_lsp.axes import Source, field
from conv_lsp.dims import symbol
from conv_lsp.values import Tensor, Unknown
from conv_lsp.windows import GLOBAL, IDENTITY
from tests.judge import torch
from tests.opcheck import Host, apply, call_value, run

MHA = "torch.nn.MultiheadAttention"


def test_indices_of_unknown_rank() -> None:
    layer, _ = run("torch.nn.Embedding", 10, 4)
    host = Host()
    assert isinstance(call_value(layer, (Tensor(Unknown("x")),), {}, host).shape, Unknown)
    assert host.refined == [(symbol("N"), symbol("L"))]


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
