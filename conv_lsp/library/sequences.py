"""torch.nn.utils.rnn: sequences of different lengths, packed and padded."""

from __future__ import annotations

from collections.abc import Sequence

from conv_lsp.axes import Axis, joined, whole
from conv_lsp.dims import Dim, less_equal, maximum, proves_unequal, unknown_size
from conv_lsp.findings import CALL_ARGUMENTS, INPUT_RANK
from conv_lsp.library.algebra import broadcast_shapes, show
from conv_lsp.library.arguments import OTHER_TYPES
from conv_lsp.library.registry import METHODS, Call, models, op
from conv_lsp.values import SCATTERED, Instance, List, Shape, Tensor, Unknown, Value

PATH = "torch.nn.utils.rnn"


@models(f"{PATH}.PackedSequence")
class Packed(Instance):
    """Sequences of different lengths, one after the other: `data` has a row for every element."""

    __slots__ = ()

    def __init__(
        self,
        call: Call,
        data: Tensor,
        batch_sizes: object = None,
        sorted_indices: object = None,
        unsorted_indices: object = None,
    ) -> None:
        self.__dict__.update(data=data, batch_sizes=batch_sizes)
        self.__dict__.update(sorted_indices=sorted_indices, unsorted_indices=unsorted_indices)
        sizes = batch_sizes.data if isinstance(batch_sizes, Tensor) else None
        first = sizes[0] if isinstance(sizes, list) and sizes else None
        self.__dict__.update(_count=first if isinstance(first, int) else unknown_size())
        self.__dict__.update(_lengths=None, _link=None)

    # -- for the engine -----------------------------------------------------------------------

    @property
    def batch(self) -> Dim:
        """How many sequences there are."""
        return self.__dict__["_count"]  # type: ignore[no-any-return]

    @property
    def data(self) -> Tensor:
        return self.__dict__["data"]  # type: ignore[no-any-return]

    @property
    def lengths(self) -> tuple[int, ...] | None:
        """The lengths of the sequences in their own order, where known."""
        return self.__dict__["_lengths"]  # type: ignore[no-any-return]

    @property
    def link(self) -> Axis | None:
        """What the axis of the sequences goes back to."""
        return self.__dict__["_link"]  # type: ignore[no-any-return]

    def of(self, call: Call, data: Tensor) -> Packed:
        """The same sequences with other elements."""
        made: Packed = call.invoke(Packed, data)
        for name, value in self.__dict__.items():
            if name != "data":
                call.host.set_attribute(made, name, value)
        return made

    def item(self, call: Call, index: object) -> Value:
        """As a tuple of four."""
        names = ("data", "batch_sizes", "sorted_indices", "unsorted_indices")
        if isinstance(index, int) and -4 <= index < 4:
            return self.__dict__[names[index]]
        return Unknown("a part of packed sequences")

    # -- torch's methods ----------------------------------------------------------------------

    def to(self, call: Call, *args: object, **kwargs: object) -> Value:
        return self.of(call, call.invoke(METHODS["to"], self.data, *args, **kwargs))

    def cuda(self, call: Call, *args: object, **kwargs: object) -> Value:
        return self

    cpu = pin_memory = cuda

    def double(self, call: Call) -> Value:
        return self.of(call, self.data.like(dtype="float64"))

    def float(self, call: Call) -> Value:
        return self.of(call, self.data.like(dtype="float32"))

    def half(self, call: Call) -> Value:
        return self.of(call, self.data.like(dtype="float16"))

    def long(self, call: Call) -> Value:
        return self.of(call, self.data.like(dtype="int64"))


def packed(
    call: Call, input: Tensor, batch: int, lengths: tuple[int, ...] | None, in_order: object
) -> Value:
    """The sequences of a padded batch. Of each the elements up to its length are kept."""
    keep = [i for i in range(input.rank) if i not in (0, 1)]
    features, axes = [input.sizes[i] for i in keep], [input.axes[i] for i in keep]
    total = unknown_size() if lengths is None else sum(lengths)
    longest = unknown_size() if lengths is None else max(lengths)
    seen = joined(input.seen, whole(input.axes[1 - batch]))
    data = Tensor((total, *features), (None, *axes), seen=seen, dtype=input.dtype)
    order = None if in_order is True else Tensor((input.sizes[batch],), dtype="int64")
    made = call.invoke(Packed, data, Tensor((longest,), dtype="int64"), order, order)
    call.host.set_attribute(made, "_count", input.sizes[batch])
    call.host.set_attribute(made, "_lengths", lengths)
    call.host.set_attribute(made, "_link", input.axes[batch])
    return made


def refuse(call: Call, at: str, name: str, problem: str) -> None:
    call.fail(CALL_ARGUMENTS, at=at, name=name, problem=problem)


def known_lengths(call: Call, name: str, lengths: Value, batch: Dim) -> tuple[int, ...] | None:
    """The numbers in a list or tensor of lengths, one for each sequence; None if not known."""
    values = lengths.data if isinstance(lengths, Tensor) else lengths
    if isinstance(lengths, Tensor) and lengths.known and lengths.rank == 1:
        if proves_unequal(lengths.sizes[0], batch):
            refuse(call, "lengths", name, f"takes {batch} lengths, not {lengths.sizes[0]}")
    if not isinstance(values, (list, tuple)) or (isinstance(values, List) and values.vague):
        return None
    if proves_unequal(len(values), batch):
        refuse(call, "lengths", name, f"takes {batch} lengths, not {len(values)}")
    return tuple(map(int, values)) if all(isinstance(v, (int, float)) for v in values) else None


OTHER_TYPES[f"{PATH}.pack_padded_sequence"] = "input:T lengths:TI"


@op(f"{PATH}.pack_padded_sequence")
def pack_padded_sequence(
    call: Call,
    input: Tensor,
    lengths: object,
    batch_first: object = False,
    enforce_sorted: object = True,
) -> Value:
    """(L, N, *), or (N, L, *) with batch_first: a row for every element of the N sequences."""
    if not isinstance(batch_first, bool):
        return Unknown("batch_first is not known")
    name = "pack_padded_sequence"
    if input.rank < 2:
        call.fail(INPUT_RANK, at="input", name=f"{name}()", got=input.rank, want="at least 2")
    batch = 0 if batch_first else 1
    count = input.sizes[batch]
    if enforce_sorted is not True and isinstance(lengths, (list, tuple)):
        count = min(len(lengths), count) if isinstance(count, int) else count
    values = known_lengths(call, name, lengths, count)
    if values is not None and min(values, default=1) <= 0:
        refuse(call, "lengths", name, f"takes lengths above 0, not {min(values)}")
    if values is not None and enforce_sorted is True and list(values) != sorted(values)[::-1]:
        problem = "takes lengths from the longest on; with enforce_sorted=False it sorts them"
        refuse(call, "lengths", name, problem)
    length = input.sizes[1 - batch]
    if values is not None and not all(less_equal(value, length) for value in values):
        values = None  # torch reads what lies behind
    made = packed(call, input, batch, values or None, enforce_sorted)
    call.host.set_attribute(made, "_count", count)
    return made


@op(f"{PATH}.pad_packed_sequence")
def pad_packed_sequence(
    call: Call,
    sequence: object,
    batch_first: object = False,
    padding_value: object = 0.0,
    total_length: Dim | None = None,
) -> Value:
    """(L, N, *), or (N, L, *) with batch_first, L the longest length; and the lengths."""
    if not isinstance(sequence, Packed) or not isinstance(batch_first, bool):
        return Unknown("the packed sequence is not known")
    lengths = sequence.lengths
    longest: Dim = unknown_size() if lengths is None else max(lengths)
    length = longest if total_length is None else total_length
    if isinstance(length, int) and isinstance(longest, int) and length < longest:
        problem = f"takes a total_length of at least {longest}, not {length}"
        refuse(call, "total_length", "pad_packed_sequence", problem)
    data = sequence.data
    batch, link = sequence.batch, sequence.link
    first = (batch, length) if batch_first else (length, batch)
    links = (link, None) if batch_first else (None, link)
    features = (*first, *data.sizes[1:])
    padded = Tensor(
        features,
        (*links, *data.axes[1:]),
        seen=data.seen,
        dtype=data.dtype,
        strides=SCATTERED if batch_first else None,
    )
    given = None if lengths is None else list(lengths)
    return padded, Tensor((batch,), dtype="int64", data=given)


def tensors_of(call: Call, name: str, sequences: object) -> list[Tensor] | Unknown:
    """The sequences of a list, or of a tensor along its first axis."""
    if isinstance(sequences, Tensor) and sequences.known:
        sequences = call.invoke(METHODS["unbind"], sequences)
    if not isinstance(sequences, (list, tuple)) or (
        isinstance(sequences, List) and sequences.vague
    ):
        return Unknown("the sequences are not known")
    if not sequences:
        refuse(call, "sequences", name, "there are no sequences")
    if not all(isinstance(t, Tensor) and t.known for t in sequences):
        return Unknown("the sequences are not known")
    for tensor in sequences:
        if not tensor.rank:
            call.fail(INPUT_RANK, at="sequences", name=f"{name}()", got=0, want="at least 1")
        written(call, (tensor.sizes[0], *sequences[0].sizes[1:]), tensor.sizes)
    return list(sequences)


def written(call: Call, place: Shape, sequence: Shape) -> None:
    """A sequence goes where elements of the first one's shape are; smaller ones are spread."""
    if len(place) != len(sequence) or any(map(proves_unequal, place, sequence)):
        if broadcast_shapes(call, place, sequence) != place:
            problem = f"{show(sequence)} does not fit into {show(place)}"
            refuse(call, "sequences", "pad_sequence", problem)


OTHER_TYPES[f"{PATH}.pad_sequence"] = "sequences:TL batch_first:b padding_value:f padding_side:s"


@op(f"{PATH}.pad_sequence")
def pad_sequence(
    call: Call,
    sequences: object,
    batch_first: object = False,
    padding_value: object = 0.0,
    padding_side: object = "right",
) -> Tensor:
    """(L, N, *), or (N, L, *) with batch_first, L the longest length."""
    if isinstance(padding_side, str) and padding_side not in ("left", "right"):
        problem = f"padding_side {padding_side!r} is neither 'left' nor 'right'"
        refuse(call, "padding_side", "pad_sequence", problem)
    tensors = tensors_of(call, "pad_sequence", sequences)
    if isinstance(tensors, Unknown) or not isinstance(batch_first, bool):
        return Tensor(tensors if isinstance(tensors, Unknown) else Unknown("batch_first"))
    length = maximum(*(t.sizes[0] for t in tensors))
    first = (len(tensors), length) if batch_first else (length, len(tensors))
    head = tensors[0]
    axes = (None, None, *head.axes[1:])
    return Tensor((*first, *head.sizes[1:]), axes, seen=head.seen, dtype=head.dtype)


OTHER_TYPES[f"{PATH}.pack_sequence"] = "sequences:L"


@op(f"{PATH}.pack_sequence")
def pack_sequence(call: Call, sequences: object, enforce_sorted: object = True) -> Value:
    """A row for every element of the sequences of a list."""
    tensors = tensors_of(call, "pack_sequence", sequences)
    if isinstance(tensors, Unknown):
        return tensors
    padded = pad_sequence(call, sequences)
    sizes: Sequence[Dim] = [t.sizes[0] for t in tensors]
    lengths = list(sizes) if all(isinstance(s, int) for s in sizes) else Unknown("lengths")
    if isinstance(lengths, Unknown):
        return packed(call, padded, 1, None, enforce_sorted)
    return pack_padded_sequence(call, padded, lengths, False, enforce_sorted)


OTHER_TYPES[f"{PATH}.unpad_sequence"] = "padded_sequences:T lengths:T"


@op(f"{PATH}.unpad_sequence")
def unpad_sequence(
    call: Call, padded_sequences: Tensor, lengths: object, batch_first: object = False
) -> Value:
    """The sequences of a padded batch, each with its own length."""
    if not isinstance(batch_first, bool) or padded_sequences.rank < 2:
        return Unknown("the padded sequences are not known")
    count = padded_sequences.sizes[0 if batch_first else 1]
    if not isinstance(count, int):
        return Unknown("the number of sequences is not known")
    values = known_lengths(call, "unpad_sequence", lengths, count)
    rest = padded_sequences.sizes[2:]
    made = [
        Tensor((unknown_size() if values is None else values[i], *rest), seen=padded_sequences.seen)
        for i in range(count)
    ]
    return call.host.new(List([t.like(dtype=padded_sequences.dtype) for t in made]))


@op(f"{PATH}.unpack_sequence")
def unpack_sequence(call: Call, packed_sequences: object) -> Value:
    """The sequences, each with its own length."""
    if not isinstance(packed_sequences, Packed):
        return Unknown("the packed sequence is not known")
    padded, lengths = pad_packed_sequence(call, packed_sequences, True)
    return unpad_sequence(call, padded, lengths, True)


@op(f"{PATH}.invert_permutation")
def invert_permutation(call: Call, permutation: object) -> Value:
    """As long as the permutation; None for None."""
    if isinstance(permutation, Tensor):
        return Tensor(permutation.shape, dtype=permutation.dtype)
    return None if permutation is None else Unknown("the permutation is not known")
