"""torch.nn.utils.rnn: sequences of different lengths, packed and padded."""

from __future__ import annotations

from dataclasses import dataclass

from conv_lsp.axes import Axis, joined, whole
from conv_lsp.dims import Dim, maximum, unknown_size
from conv_lsp.findings import INPUT_RANK
from conv_lsp.library.registry import Call, op
from conv_lsp.values import SCATTERED, List, Tensor, Unknown, Value


@dataclass(frozen=True, slots=True)
class Packed:
    """torch.nn.utils.rnn.PackedSequence: sequences of different lengths, one after the other."""

    batch: Dim
    features: tuple[Dim, ...]
    axes: tuple[Axis | None, ...]
    seen: Axis | None


@op("torch.nn.utils.rnn.pack_padded_sequence")
def pack_padded_sequence(
    call: Call,
    input: Tensor,
    lengths: object,
    batch_first: object = False,
    enforce_sorted: object = True,
) -> Value:
    if not isinstance(batch_first, bool):
        return Unknown("batch_first is not known")
    if input.rank < 2:
        name = "pack_padded_sequence()"
        call.fail(INPUT_RANK, at="input", name=name, got=input.rank, want="at least 2")
    batch = 0 if batch_first else 1
    seen = joined(input.seen, whole(input.axes[1 - batch]))
    return Packed(input.sizes[batch], input.sizes[2:], (input.axes[batch], *input.axes[2:]), seen)


@op("torch.nn.utils.rnn.pad_packed_sequence")
def pad_packed_sequence(
    call: Call,
    sequence: object,
    batch_first: object = False,
    padding_value: object = 0.0,
    total_length: Dim | None = None,
) -> Value:
    """The longest sequence's length is not known, since lengths are data."""
    if not isinstance(sequence, Packed) or not isinstance(batch_first, bool):
        return Unknown("the packed sequence is not known")
    length = unknown_size() if total_length is None else total_length
    batch, link = sequence.batch, sequence.axes[0]
    first = (batch, length) if batch_first else (length, batch)
    links = (link, None) if batch_first else (None, link)
    padded = Tensor(
        (*first, *sequence.features),
        (*links, *sequence.axes[1:]),
        seen=sequence.seen,
        strides=SCATTERED,
    )
    return padded, Tensor((sequence.batch,), dtype="int64")


@op("torch.nn.utils.rnn.pad_sequence")
def pad_sequence(
    call: Call,
    sequences: object,
    batch_first: object = False,
    padding_value: object = 0.0,
    padding_side: object = "right",
) -> Tensor:
    """Stacked with the longest one's length."""
    parts = list(sequences) if isinstance(sequences, (list, tuple)) else []
    tensors = [t for t in parts if isinstance(t, Tensor) and t.known and t.rank]
    if not tensors or len(tensors) < len(parts) or not isinstance(batch_first, bool):
        return Tensor(Unknown("the sequences are not known"))
    if isinstance(sequences, List) and sequences.vague:
        return Tensor(Unknown("the number of sequences is not known"))
    length = maximum(*(t.sizes[0] for t in tensors))
    first = (len(tensors), length) if batch_first else (length, len(tensors))
    return tensors[0].like((*first, *tensors[0].sizes[1:]), (None, None, *tensors[0].axes[1:]))
