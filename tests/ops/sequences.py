"""Sequences of different lengths, packed and padded."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.ops._kinds import FLAGS, SOME, Text, shaped
from tests.ops.table import draw, program

FALLING = st.sampled_from([[3, 3, 1], [3, 3, 2], [3, 3, 3], [2, 1, 1], [3, 2, 1]])
LENGTHS = FALLING | st.lists(st.integers(0, 3), min_size=1, max_size=4)
FIRST = st.sampled_from(["", ", batch_first=True", ", enforce_sorted=False"])


SHAPES = st.sampled_from([(4, 3, 2), (3, 4, 2), (4, 3), (4,), (4, 3, 2, 2), (4, 3, 5)])
PACKED = "torch.nn.utils.rnn.pack_padded_sequence(torch.zeros({}), {}{})"
OPTIONS = FIRST.map(Text)
program("torch.nn.utils.rnn.pack_padded_sequence", PACKED + ".data", SHAPES, LENGTHS, OPTIONS)
program(
    "torch.nn.utils.rnn.pad_packed_sequence torch.nn.utils.rnn.PackedSequence",
    f"torch.nn.utils.rnn.pad_packed_sequence({PACKED}, {{}}, 0.0, {{}})",
    SHAPES,
    LENGTHS,
    OPTIONS,
    FLAGS,
    st.sampled_from([None, None, 2, 6]),
)
program(
    "torch.nn.LSTM",
    f"packed = {PACKED}\nout, (h, c) = nn.LSTM(2, 4, {{}}, bidirectional={{}})(packed)\n"
    "(torch.nn.utils.rnn.pad_packed_sequence(out, batch_first=True)[0], h, c)",
    st.sampled_from([(4, 3, 2), (3, 4, 2), (4, 3, 5)]),
    FALLING,
    OPTIONS,
    st.integers(1, 2),
    FLAGS,
)
program(
    "torch.nn.utils.rnn.unpack_sequence",
    f"torch.nn.utils.rnn.unpack_sequence({PACKED})",
    SHAPES,
    LENGTHS,
    OPTIONS,
)
program(
    "torch.nn.utils.rnn.unpad_sequence",
    "torch.nn.utils.rnn.unpad_sequence(torch.zeros({}), torch.tensor({}), {})",
    st.sampled_from([(4, 3, 2), (3, 4, 2), (4, 3)]),
    st.lists(st.integers(1, 3), min_size=3, max_size=3),
    FLAGS,
)
SEQUENCES = st.lists(
    st.tuples(SOME, st.sampled_from([2, 2, 2, 1])).flatmap(lambda s: shaped(*s)), max_size=3
)
draw(
    "torch.nn.utils.rnn.pad_sequence",
    SEQUENCES | st.lists(SOME, max_size=3).flatmap(lambda s: shaped(*s)),
    batch_first=FLAGS,
    padding_side=st.sampled_from(["left", "right", "both"]),
)
program(
    "torch.nn.utils.rnn.pack_sequence",
    "torch.nn.utils.rnn.pack_sequence([torch.zeros(n, {}) for n in {}], {}).data",
    SOME,
    LENGTHS,
    FLAGS,
)
program(
    "torch.nn.utils.rnn.invert_permutation",
    "torch.nn.utils.rnn.invert_permutation(torch.arange({}))",
    SOME,
)
