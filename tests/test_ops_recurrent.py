"""Recurrent networks: links, views, and what is not known."""

from __future__ import annotations

from conv_lsp.axes import Source, field
from conv_lsp.dims import symbol
from conv_lsp.values import Tensor, Unknown
from conv_lsp.windows import GLOBAL, IDENTITY
from tests.opcheck import apply, run


def test_output_with_the_batch_first_is_a_transposed_view() -> None:
    layer, _ = run("torch.nn.LSTM", 4, 6, batch_first=True)
    (output, _), _ = apply(layer, Tensor((3, 5, 4)))
    assert run("Tensor.view", output, -1, 6)[1][0][0] == "view-stride"
    assert not run("Tensor.reshape", output, -1, 6)[1]


def test_what_is_not_known() -> None:
    layer, _ = run("torch.nn.LSTM", 4, 6, Unknown("layers"), bidirectional=True)
    (output, (hidden, _)), findings = apply(layer, Tensor((5, symbol("N"), 4)))
    assert not findings
    assert output.shape == (5, symbol("N"), 12)
    assert hidden.shape[1:] == (symbol("N"), 6)
    (output, _), _ = apply(layer, Unknown("input"))
    assert not output.known


def test_steps_see_the_whole_sequence() -> None:
    sequence, batch = Source("L"), Source("N")
    layer, _ = run("torch.nn.GRU", 4, 6)
    (output, hidden), _ = apply(layer, Tensor((5, 3, 4), (sequence, batch, None)))
    assert field(output.axes[0], sequence) == GLOBAL
    assert field(output.axes[1], batch) == IDENTITY
    assert field(hidden.seen, sequence) == GLOBAL


def test_packed_sequences_keep_batch_and_features() -> None:
    packed, _ = run(
        "torch.nn.utils.rnn.pack_padded_sequence", Tensor((3, 5, 4)), Unknown("n"), True
    )
    layer, _ = run("torch.nn.LSTM", 4, 6, batch_first=True, bidirectional=True)
    (output, (hidden, _)), findings = apply(layer, packed)
    assert not findings
    assert hidden.shape == (2, 3, 6)
    (padded, lengths), _ = run("torch.nn.utils.rnn.pad_packed_sequence", output, True)
    assert (padded.shape[0], padded.shape[2]) == (3, 12)
    assert lengths.shape == (3,)
    (padded, _), _ = run("torch.nn.utils.rnn.pad_packed_sequence", output, total_length=5)
    assert padded.shape == (5, 3, 12)


def test_what_a_layer_says_of_itself() -> None:
    layer, _ = run("torch.nn.LSTM", 4, 6, 2, bidirectional=True)
    assert layer.describe() == "LSTM(4 → 6, 2 layers, bidirectional)"
    assert run("torch.nn.GRUCell", 4, 6)[0].describe() == "GRUCell(4 → 6)"
