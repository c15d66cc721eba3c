"""Tables of vectors that are looked up by index."""

from __future__ import annotations

from conv_lsp.axes import whole
from conv_lsp.dims import Dim, symbol
from conv_lsp.findings import CALL_ARGUMENTS, INPUT_RANK
from conv_lsp.library.layers import parameter
from conv_lsp.library.module import Layer
from conv_lsp.library.registry import AnyRank, Call, models, op
from conv_lsp.values import Tensor, Unknown, Value


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
    if isinstance(input.shape, Unknown):
        call.host.refine(input.shape, (symbol("N"), symbol("L")))
        return Tensor(Unknown(input.shape.why), dtype=weight.dtype)
    return input.like((*input.sizes, weight.sizes[1]), (*input.axes, None), dtype=weight.dtype)


class Table(Layer):
    """What Embedding and EmbeddingBag share."""

    __slots__ = ()

    num_embeddings: Dim
    embedding_dim: Dim

    def hold(self, num_embeddings: Dim, embedding_dim: Dim, weight: object) -> None:
        """Set the sizes, and the weight if none is given."""
        self.num_embeddings = num_embeddings
        self.embedding_dim = embedding_dim
        given = weight if isinstance(weight, Tensor) else Tensor((num_embeddings, embedding_dim))
        self.weight = parameter(given)

    def describe(self) -> str:
        return f"{type(self).__name__}({self.num_embeddings} × {self.embedding_dim})"


@models("torch.nn.Embedding")
class Embedding(Table):
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
        if isinstance(padding_idx, int) and isinstance(num_embeddings, int):
            if not -num_embeddings <= padding_idx < num_embeddings:
                problem = f"padding_idx {padding_idx} is outside of {num_embeddings} rows"
                call.report(CALL_ARGUMENTS, at="padding_idx", name="Embedding", problem=problem)
            elif padding_idx < 0:
                padding_idx += num_embeddings
        self.padding_idx = padding_idx
        self.hold(num_embeddings, embedding_dim, _weight)

    def forward(self, call: Call, input: AnyRank) -> Tensor:
        return embedding(call, input, self.weight)


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
    if embeddings.rank != 2:
        call.fail(INPUT_RANK, at="embeddings", name="it", got=embeddings.rank, want=2)
    return call.invoke(Embedding, *embeddings.sizes, padding_idx, _weight=embeddings)


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
    if input.rank not in (1, 2):
        call.fail(INPUT_RANK, at="input", name="embedding_bag()", got=input.rank, want="1 or 2")
    features = weight.sizes[-1]
    if input.rank == 2:
        if offsets is not None:
            problem = "takes no offsets for bags in rows"
            call.fail(CALL_ARGUMENTS, at="offsets", name="embedding_bag", problem=problem)
        seen = whole(input.axes[1])
        return input.like(
            (input.sizes[0], features), (input.axes[0], None), seen=seen, dtype=weight.dtype
        )
    if offsets is None or offsets.rank != 1:
        problem = "takes a vector of offsets for a vector of indices"
        call.fail(CALL_ARGUMENTS, at="offsets", name="embedding_bag", problem=problem)
    bags = offsets.sizes[0]
    if isinstance(include_last_offset, Unknown):
        return Tensor(include_last_offset)
    if include_last_offset:
        bags = bags - 1
    return Tensor((bags, features), seen=whole(input.seen, *input.axes), dtype=weight.dtype)


@models("torch.nn.EmbeddingBag")
class EmbeddingBag(Table):
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
        self.mode = mode
        self.include_last_offset = include_last_offset
        self.hold(num_embeddings, embedding_dim, _weight)

    def forward(
        self,
        call: Call,
        input: Tensor,
        offsets: Tensor | None = None,
        per_sample_weights: object = None,
    ) -> Tensor:
        last = self.include_last_offset
        return embedding_bag(call, input, self.weight, offsets, include_last_offset=last)
