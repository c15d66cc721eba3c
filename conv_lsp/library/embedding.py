"""Tables of vectors that are looked up by index."""

from __future__ import annotations

from typing import Final, cast

from conv_lsp.axes import whole
from conv_lsp.dims import Dim, proves_unequal, symbol, unknown_size
from conv_lsp.findings import CALL_ARGUMENTS, INPUT_RANK
from conv_lsp.library.algebra import promote, show
from conv_lsp.library.creation import differentiable
from conv_lsp.library.dtypes import want_dtype, want_floats, want_indices
from conv_lsp.library.layers import check_made, expect, parameter, weight
from conv_lsp.library.module import Layer
from conv_lsp.library.registry import OPS, AnyRank, Call, models, op
from conv_lsp.values import Tensor, Unknown, Value


def check_padding(call: Call, name: str, padding_idx: object, rows: Dim) -> None:
    """The row that stands for padding is one of the table."""
    if isinstance(padding_idx, int) and isinstance(rows, int) and not -rows <= padding_idx < rows:
        problem = f"padding_idx {padding_idx} is outside of {rows} rows"
        call.report(CALL_ARGUMENTS, at="padding_idx", name=name, problem=problem)


def check_renormed(call: Call, weight: Tensor, max_norm: object) -> None:
    """Rows that are kept below a norm are vectors of floating point numbers."""
    if max_norm is None or isinstance(max_norm, Unknown):
        return
    if weight.rank != 2:
        call.fail(INPUT_RANK, at="weight", name="the weight", got=weight.rank, want=2)
    want_floats(call, "a norm", weight=weight)


def looked_up(call: Call, input: Tensor, weight: Tensor) -> Tensor:
    """A row of the table for every index."""
    if weight.rank != 2:
        call.fail(INPUT_RANK, at="weight", name="the weight", got=weight.rank, want=2)
    want_indices(call, "embedding()", input=input)
    if weight.sizes[0] == 0 and not any(size == 0 for size in input.sizes):
        problem = "a table without rows has nothing to give"
        call.fail(CALL_ARGUMENTS, at="weight", name="embedding", problem=problem)
    shape = (*input.sizes, weight.sizes[1])
    return Tensor(shape, (*input.axes, None), seen=input.seen, dtype=weight.dtype)


@op("torch.nn.functional.embedding")
def embedding(
    call: Call,
    input: AnyRank,
    weight: Tensor,
    padding_idx: object = None,
    max_norm: object = None,
    norm_type: object = 2.0,
    scale_grad_by_freq: object = False,
    sparse: object = False,
) -> Tensor:
    """(*) indices into a weight of (n, features) give (*, features)."""
    if weight.rank != 2:
        call.fail(INPUT_RANK, at="weight", name="the weight", got=weight.rank, want=2)
    check_padding(call, "embedding", padding_idx, weight.sizes[0])
    check_renormed(call, weight, max_norm)
    if isinstance(input.shape, Unknown):
        call.host.refine(input.shape, (symbol("N"), symbol("L")))
        return Tensor(Unknown(input.shape.why), dtype=weight.dtype)
    return looked_up(call, input, weight)


@op("torch.embedding")
def raw_embedding(
    call: Call,
    weight: Tensor,
    indices: Tensor,
    padding_idx: object = -1,
    scale_grad_by_freq: object = False,
    sparse: object = False,
) -> Tensor:
    """(*) indices into a weight of (n, features) give (*, features)."""
    return looked_up(call, indices, weight)


@op("torch.embedding_renorm_")
def embedding_renorm_(
    call: Call, input: Tensor, indices: Tensor, max_norm: object, norm_type: object
) -> Tensor:
    """The table itself, with some rows scaled."""
    if 0 not in indices.sizes:
        check_renormed(call, input, max_norm)
    want_indices(call, "embedding_renorm_()", indices=indices)
    return input


class Table(Layer):
    """What Embedding and EmbeddingBag share."""

    __slots__ = ()

    num_embeddings: Dim
    embedding_dim: Dim
    weight: Tensor

    def hold(
        self,
        call: Call,
        num_embeddings: Dim,
        embedding_dim: Dim,
        padding_idx: object,
        given: object,
        dtype: object,
        freeze: object = False,
    ) -> None:
        """Set the sizes and the padding, and the weight if none is given."""
        name = type(self).__name__
        sizes = {"num_embeddings": num_embeddings, "embedding_dim": embedding_dim}
        check_made(call, name, dtype, **sizes)
        expect(call, "in", padding_idx=padding_idx)
        expect(call, "Tn", _weight=given)
        check_padding(call, name, padding_idx, num_embeddings)
        if isinstance(padding_idx, int) and padding_idx < 0 and isinstance(num_embeddings, int):
            padding_idx += num_embeddings
        self.num_embeddings = num_embeddings
        self.embedding_dim = embedding_dim
        self.padding_idx = padding_idx
        self.weight = weight(num_embeddings, embedding_dim, dtype=dtype)
        if isinstance(given, Tensor) and given.known:
            wanted = (num_embeddings, embedding_dim)
            if given.rank != 2 or any(map(proves_unequal, given.sizes, wanted)):
                problem = f"takes a weight of {show(wanted)}, not {show(given.shape)}"
                call.fail(CALL_ARGUMENTS, at="_weight", name=name, problem=problem)
            if freeze is False:
                differentiable(call, True, given.dtype)
            self.weight = parameter(given)

    def describe(self) -> str:
        return f"{type(self).__name__}({self.num_embeddings} × {self.embedding_dim})"


@models("torch.nn.Embedding")
class Embedding(Table):
    """(*) indices give (*, embedding_dim)."""

    def __init__(
        self,
        call: Call,
        num_embeddings: Dim,
        embedding_dim: Dim,
        padding_idx: object = None,
        max_norm: object = None,
        norm_type: object = 2.0,
        scale_grad_by_freq: object = False,
        sparse: object = False,
        _weight: object = None,
        _freeze: object = False,
        device: object = None,
        dtype: object = None,
    ) -> None:
        super().__init__(call)
        self.max_norm = max_norm
        self.scale_grad_by_freq = scale_grad_by_freq
        self.sparse = sparse
        self.hold(call, num_embeddings, embedding_dim, padding_idx, _weight, dtype, _freeze)

    def forward(self, call: Call, input: AnyRank) -> Tensor:
        options = ("padding_idx", "max_norm", "scale_grad_by_freq", "sparse")
        own = {name: self.__dict__.get(name) for name in options}
        return cast("Tensor", OPS["torch.nn.functional.embedding"](call, (input, self.weight), own))


@op("torch.nn.Embedding.from_pretrained")
def from_pretrained(
    call: Call,
    embeddings: Tensor,
    freeze: object = True,
    padding_idx: object = None,
    max_norm: object = None,
    norm_type: object = 2.0,
    scale_grad_by_freq: object = False,
    sparse: object = False,
) -> Value:
    """A layer whose weight is given."""
    if embeddings.rank != 2:
        call.fail(INPUT_RANK, at="embeddings", name="it", got=embeddings.rank, want=2)
    own = {"_weight": embeddings, "_freeze": freeze}
    return call.invoke(Embedding, *embeddings.sizes, padding_idx, max_norm, **own)


MODES: Final = ("sum", "mean", "max")


def bags(
    call: Call,
    input: Tensor,
    weight: Tensor,
    offsets: Tensor | None,
    last: object,
    samples: object,
) -> Tensor:
    """One row for each bag of indices."""
    if input.rank not in (1, 2):
        call.fail(INPUT_RANK, at="input", name="embedding_bag()", got=input.rank, want="1 or 2")
    if weight.rank != 2:
        call.fail(INPUT_RANK, at="weight", name="the weight", got=weight.rank, want=2)
    want_indices(call, "embedding_bag()", input=input, offsets=offsets)
    want_floats(call, "embedding_bag()", weight=weight)
    want_dtype(call, "embedding_bag()", weight.dtype, per_sample_weights=samples)
    features = weight.sizes[-1]
    if input.rank == 2:
        return rows_of_bags(call, input, features, offsets, weight.dtype)
    if offsets is None or offsets.rank != 1:
        problem = "takes a vector of offsets for a vector of indices"
        call.fail(CALL_ARGUMENTS, at="offsets", name="embedding_bag", problem=problem)
    count = offsets.sizes[0]
    if isinstance(last, Unknown):
        return Tensor(last)
    if last:
        if count == 0:
            problem = "takes at least one offset, of which the last is the end"
            call.fail(CALL_ARGUMENTS, at="offsets", name="embedding_bag", problem=problem)
        count = count - 1
    return Tensor((count, features), seen=whole(input.seen, *input.axes), dtype=weight.dtype)


def rows_of_bags(
    call: Call, input: Tensor, features: Dim, offsets: Tensor | None, dtype: str
) -> Tensor:
    """Every row of the input is a bag."""
    problem = ""
    if offsets is not None:
        problem = "takes no offsets for bags in rows"
    elif input.sizes[1] == 0:
        problem = "the bags have no indices"
    if problem:
        call.fail(CALL_ARGUMENTS, at="offsets", name="embedding_bag", problem=problem)
    seen = whole(input.seen, input.axes[1])
    return Tensor((input.sizes[0], features), (input.axes[0], None), seen=seen, dtype=dtype)


@op("torch.nn.functional.embedding_bag")
def embedding_bag(
    call: Call,
    input: Tensor,
    weight: Tensor,
    offsets: Tensor | None = None,
    max_norm: object = None,
    norm_type: object = 2,
    scale_grad_by_freq: object = False,
    mode: object = "mean",
    sparse: object = False,
    per_sample_weights: object = None,
    include_last_offset: object = False,
    padding_idx: object = None,
) -> Tensor:
    """Bags of indices: the rows of a matrix, or what lies between the offsets of a vector."""
    samples = per_sample_weights
    if isinstance(samples, Tensor) and samples.known:
        if samples.rank != input.rank or any(map(proves_unequal, samples.sizes, input.sizes)):
            problem = f"takes a weight for each of {show(input.shape)}, not {show(samples.shape)}"
            call.fail(CALL_ARGUMENTS, at="per_sample_weights", name="it", problem=problem)
    check_mode(call, mode, sparse, scale_grad_by_freq, samples)
    made = bags(call, input, weight, offsets, include_last_offset, samples)
    check_padding(call, "embedding_bag", padding_idx, weight.sizes[0])
    check_renormed(call, weight, max_norm)
    return made


def check_mode(call: Call, mode: object, sparse: object, scaled: object, samples: object) -> None:
    """What can be said together with the way in which bags are joined."""
    problem = ""
    if isinstance(mode, Unknown):
        return
    if mode not in MODES:
        problem = f"mode {mode!r} is none of 'sum', 'mean' and 'max'"
    elif mode == "max" and (sparse is True or scaled is True):
        problem = "mode 'max' has no sparse or scaled gradients"
    elif mode != "sum" and isinstance(samples, Tensor):
        problem = f"weights for samples go with mode 'sum', not '{mode}'"
    if problem:
        call.fail(CALL_ARGUMENTS, at="mode", name="embedding_bag", problem=problem)


@op("torch.embedding_bag")
def raw_embedding_bag(
    call: Call,
    weight: Tensor,
    indices: Tensor,
    offsets: Tensor,
    scale_grad_by_freq: object = False,
    mode: int = 0,
    sparse: object = False,
    per_sample_weights: object = None,
    include_last_offset: object = False,
    padding_idx: object = None,
) -> Value:
    """The bags, and for gradients: each index's bag, the sizes of the bags, where the maxima are."""
    if mode not in range(len(MODES)):
        problem = f"mode {mode} is none of 0 (sum), 1 (mean) and 2 (max)"
        call.fail(CALL_ARGUMENTS, at="mode", name="embedding_bag", problem=problem)
    if not indices.rank:
        call.fail(INPUT_RANK, at="indices", name="embedding_bag()", got=0, want=1)
    if indices.rank != 1:
        return Unknown("bags of indices in rows")
    check_mode(call, MODES[mode], False, False, per_sample_weights)
    made = bags(call, indices, weight, offsets, include_last_offset, per_sample_weights)
    kind = promote(indices.dtype, offsets.dtype)
    each = [Tensor((unknown_size(),), dtype=kind) for _ in range(3)]
    if mode == MODES.index("max") and made.known:
        each[2] = Tensor(made.sizes, dtype=kind)
    return (made, *each)


@models("torch.nn.EmbeddingBag")
class EmbeddingBag(Table):
    """(N, L) indices, or (L,) with the offsets of N bags, give (N, embedding_dim)."""

    def __init__(
        self,
        call: Call,
        num_embeddings: Dim,
        embedding_dim: Dim,
        max_norm: object = None,
        norm_type: object = 2.0,
        scale_grad_by_freq: object = False,
        mode: object = "mean",
        sparse: object = False,
        _weight: object = None,
        include_last_offset: object = False,
        padding_idx: object = None,
        device: object = None,
        dtype: object = None,
    ) -> None:
        super().__init__(call)
        self.max_norm = max_norm
        self.scale_grad_by_freq = scale_grad_by_freq
        self.mode = mode
        self.sparse = sparse
        self.include_last_offset = include_last_offset
        self.hold(call, num_embeddings, embedding_dim, padding_idx, _weight, dtype)

    def forward(
        self,
        call: Call,
        input: Tensor,
        offsets: Tensor | None = None,
        per_sample_weights: object = None,
    ) -> Tensor:
        options = ("max_norm", "scale_grad_by_freq", "mode", "sparse", "include_last_offset")
        own = {name: self.__dict__[name] for name in (*options, "padding_idx")}
        own["per_sample_weights"] = per_sample_weights
        rule = OPS["torch.nn.functional.embedding_bag"]
        return cast("Tensor", rule(call, (input, self.weight, offsets), own))


@op("torch.nn.EmbeddingBag.from_pretrained")
def bag_from_pretrained(
    call: Call,
    embeddings: Tensor,
    freeze: object = True,
    max_norm: object = None,
    norm_type: object = 2.0,
    scale_grad_by_freq: object = False,
    mode: object = "mean",
    sparse: object = False,
    include_last_offset: object = False,
    padding_idx: object = None,
) -> Value:
    """A layer whose weight is given."""
    if embeddings.rank != 2:
        call.fail(INPUT_RANK, at="embeddings", name="it", got=embeddings.rank, want=2)
    options = (max_norm, norm_type, scale_grad_by_freq, mode, sparse, embeddings)
    return call.invoke(EmbeddingBag, *embeddings.sizes, *options, include_last_offset, padding_idx)
