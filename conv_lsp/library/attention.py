"""Attention: as a function and as a layer."""

from __future__ import annotations

from conv_lsp.axes import joined, whole
from conv_lsp.dims import Dim, equal, less_equal, proves_unequal
from conv_lsp.findings import (
    ATTENTION_HEADS,
    BROADCAST,
    CALL_ARGUMENTS,
    INPUT_RANK,
    LINEAR_FEATURES,
)
from conv_lsp.library.algebra import broadcast_shapes, pointwise, promote, promote_operands, show
from conv_lsp.library.dtypes import certainly_whole, may_be, want_dtype, want_floats
from conv_lsp.library.layers import build, check_made, optional, weight
from conv_lsp.library.linear import leading
from conv_lsp.library.matrices import contracting
from conv_lsp.library.module import Layer
from conv_lsp.library.registry import Call, models, op
from conv_lsp.values import SCATTERED, UNTYPED, Shape, Tensor, Unknown, Value


@op("torch.nn.functional.scaled_dot_product_attention")
def scaled_dot_product_attention(
    call: Call,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attn_mask: object = None,
    dropout_p: object = 0.0,
    is_causal: object = False,
    scale: object = None,
    enable_gqa: object = False,
) -> Tensor:
    """(*, L, E), (*, S, E), (*, S, V) give (*, L, V)."""
    for at, tensor in (("query", query), ("key", key), ("value", value)):
        if tensor.rank < 2:
            name = "scaled_dot_product_attention()"
            call.fail(INPUT_RANK, at=at, name=name, got=tensor.rank, want="at least 2")
    taker = "scaled_dot_product_attention()"
    want_floats(call, taker, query=query)
    want_dtype(call, taker, query.dtype, key=key, value=value)
    if is_causal is True and attn_mask is not None and not isinstance(attn_mask, Unknown):
        problem = "takes no attn_mask where is_causal is True"
        call.report(CALL_ARGUMENTS, at="attn_mask", name=taker[:-2], problem=problem)
    contracting(call, query.sizes[-1], key.sizes[-1], "key")
    contracting(call, key.sizes[-2], value.sizes[-2], "value")
    batches = [leading(t, 2) for t in (query, key, value)]
    if enable_gqa is True:
        rank = min(t.rank for t in (query, key, value))
        if rank < 3:
            call.fail(INPUT_RANK, at="query", name=f"{taker} with groups", got=rank, want=3)
        batches = [_one_group(call, b, query.sizes[-3]) for b in batches]
    batch = pointwise(call, *batches) if enable_gqa in (True, False) else batches[0]
    scores = (*batch.sizes, query.sizes[-2], key.sizes[-2])
    if isinstance(attn_mask, Tensor) and attn_mask.known:
        broadcast_shapes(call, scores, attn_mask.sizes)
        if not may_be(attn_mask.dtype, "bool", "float32", query.dtype):
            want_dtype(call, taker, "bool", attn_mask=attn_mask)
    features = whole(query.axes[-1], key.axes[-1])
    return Tensor(
        (*batch.sizes, query.sizes[-2], value.sizes[-1]),
        (*batch.axes, query.axes[-2], value.axes[-1]),
        seen=joined(batch.seen, features, whole(key.axes[-2], value.axes[-2])),
        dtype=promote_operands((query, key, value)),
        strides=SCATTERED,
    )


def _one_group(call: Call, batch: Tensor, heads: Dim) -> Tensor:
    """A batch whose heads are repeated to those of the query."""
    own = batch.sizes[-1]
    if isinstance(own, int) and own and equal(heads % own, 0) is False:
        problem = f"{heads} query heads are not a multiple of {own} key heads"
        call.report(CALL_ARGUMENTS, at="key", name="scaled_dot_product_attention", problem=problem)
    return batch.like((*batch.sizes[:-1], heads), batch.axes)


@models("torch.nn.MultiheadAttention")
class MultiheadAttention(Layer):
    """(L, N, E), (S, N, kdim) and (S, N, vdim) give (L, N, E), and if they are asked for the weights
    (N, L, S), the mean of the heads; with batch_first N stands first.
    """

    embed_dim: Dim
    kdim: Dim
    vdim: Dim

    def __init__(
        self,
        call: Call,
        embed_dim: Dim,
        num_heads: Dim,
        dropout: object = 0.0,
        bias: object = True,
        add_bias_kv: object = False,
        add_zero_attn: object = False,
        kdim: Dim | None = None,
        vdim: Dim | None = None,
        batch_first: object = False,
        device: object = None,
        dtype: object = None,
    ) -> None:
        super().__init__(call)
        check_heads(call, embed_dim, num_heads)
        check_made(call, "MultiheadAttention", dtype)
        self.embed_dim = embed_dim
        self.num_heads = num_heads
        self.head_dim = embed_dim // num_heads
        self.kdim = embed_dim if kdim is None else kdim
        self.vdim = embed_dim if vdim is None else vdim
        self.dropout = dropout
        self.batch_first = batch_first
        self.add_zero_attn = add_zero_attn
        self._qkv_same_embed_dim = self.kdim == embed_dim and self.vdim == embed_dim
        one = self._qkv_same_embed_dim
        self.q_proj_weight = None if one else weight(embed_dim, embed_dim, dtype=dtype)
        self.k_proj_weight = None if one else weight(embed_dim, self.kdim, dtype=dtype)
        self.v_proj_weight = None if one else weight(embed_dim, self.vdim, dtype=dtype)
        self.in_proj_weight = weight(3 * embed_dim, embed_dim, dtype=dtype) if one else None
        self.in_proj_bias = optional((3 * embed_dim,), bias, dtype)
        path = "torch.nn.modules.linear.NonDynamicallyQuantizableLinear"
        self.out_proj = build(call, path, embed_dim, embed_dim, bias=bias, dtype=dtype)
        self.bias_k = optional((1, 1, embed_dim), add_bias_kv, dtype)
        self.bias_v = optional((1, 1, embed_dim), add_bias_kv, dtype)

    def describe(self) -> str:
        return f"MultiheadAttention({self.embed_dim}, {self.num_heads} heads)"

    def forward(
        self,
        call: Call,
        query: Tensor,
        key: Tensor,
        value: Tensor,
        key_padding_mask: object = None,
        need_weights: object = True,
        attn_mask: object = None,
        average_attn_weights: object = True,
        is_causal: object = False,
    ) -> tuple[Tensor, Value]:
        """(L, N, E), or (N, L, E) with batch_first, or (L, E); and the weights of the keys."""
        if isinstance(self.batch_first, Unknown) and query.rank == 3:
            unknown = Tensor(query.sizes, query.axes, dtype=query.dtype, strides=SCATTERED)
            return unknown, self.batch_first
        inputs = self._inputs(call, query, key, value)
        dtype = self._check_types(call, query, key, value)
        self._check_masks(call, *inputs, key_padding_mask, attn_mask)
        masks = {"attn_mask": attn_mask, "key_padding_mask": key_padding_mask}
        self._check_added(call, dtype, need_weights, **masks)
        if is_causal is True and attn_mask is None:
            problem = "takes an attn_mask where is_causal is True"
            call.fail(CALL_ARGUMENTS, at="is_causal", name="MultiheadAttention", problem=problem)
        output = self._output(query, key, value, dtype)
        if isinstance(need_weights, Unknown) or isinstance(average_attn_weights, Unknown):
            return output, Unknown("need_weights is not known")
        if not need_weights:
            return output, None
        weights = self._weights(*inputs, average_attn_weights)
        return output, weights.like(dtype=dtype)

    def _places(self, query: Tensor) -> tuple[int, int | None]:
        """The axes of the sequence and of the batch."""
        if query.rank == 2:
            return 0, None
        return (1, 0) if self.batch_first else (0, 1)

    def _inputs(
        self, call: Call, query: Tensor, key: Tensor, value: Tensor
    ) -> tuple[Dim | None, Dim, Dim]:
        """Sizes of the batch, of the queries and of the keys; complains about what torch refuses."""
        if query.rank not in (2, 3):
            call.fail(INPUT_RANK, at="query", name="attention", got=query.rank, want="2 or 3")
        for at, tensor in (("key", key), ("value", value)):
            if tensor.rank != query.rank:
                call.fail(INPUT_RANK, at=at, name="it", got=tensor.rank, want=query.rank)
        wanted = (self.embed_dim, self.kdim, self.vdim)
        for at, tensor, want in zip(
            ("query", "key", "value"), (query, key, value), wanted, strict=True
        ):
            if proves_unequal(tensor.sizes[-1], want):
                call.report(LINEAR_FEATURES, at=at, got=tensor.sizes[-1], want=want)
                break  # it is often the same tensor three times
        sequence, batch = self._places(query)
        self._same(call, key, value, sequence, "value")
        if batch is not None:
            self._same(call, query, key, batch, "key")
            self._same(call, key, value, batch, "value")
        size = None if batch is None else query.sizes[batch]
        return size, query.sizes[sequence], key.sizes[sequence]

    @staticmethod
    def _same(call: Call, a: Tensor, b: Tensor, dim: int, at: str) -> None:
        if call.differ(BROADCAST, a.sizes[dim], b.sizes[dim]):
            shapes = f"{show(a.shape)} and {show(b.shape)}"
            call.report(BROADCAST, at=at, a=a.sizes[dim], b=b.sizes[dim], dim=dim, shapes=shapes)

    def _check_types(self, call: Call, query: Tensor, key: Tensor, value: Tensor) -> str:
        """The dtype of the result: that of the inputs and of the weights."""
        given = self.in_proj_weight or self.q_proj_weight
        dtype = given.dtype if isinstance(given, Tensor) else UNTYPED
        want_dtype(call, "attention", dtype, query=query, key=key, value=value)
        return promote(dtype, query.dtype, key.dtype, value.dtype)

    def _check_masks(
        self,
        call: Call,
        batch: Dim | None,
        queries: Dim,
        keys: Dim,
        padding: object,
        mask: object,
    ) -> None:
        """(N, S) for the keys to leave out; (L, S) or (N·heads, L, S) for the pairs."""
        if isinstance(padding, Tensor) and padding.known:
            wanted: Shape = (keys,) if batch is None else (batch, keys)
            _shaped(call, padding, wanted, "key_padding_mask")
        if isinstance(mask, Tensor) and mask.known:
            heads = self.num_heads if batch is None else batch * self.num_heads
            wanted = (queries, keys) if mask.rank == 2 else (heads, queries, keys)
            _shaped(call, mask, wanted, "attn_mask")

    @staticmethod
    def _check_added(call: Call, dtype: str, weights: object, **masks: object) -> None:
        """What is added to the scores: booleans become numbers of their type."""
        kinds = []
        for at, mask in masks.items():
            if isinstance(mask, Tensor):
                if certainly_whole(mask.dtype) and mask.dtype != "bool":
                    want_dtype(call, "attention", "bool", **{at: mask})
                    return
                kinds.append(dtype if mask.dtype == "bool" else mask.dtype)
        together = promote(*kinds) if kinds else dtype
        if weights is True or together != "float32":
            want_dtype(call, "attention", dtype, attn_mask=Tensor((), dtype=together))

    def _output(self, query: Tensor, key: Tensor, value: Tensor, dtype: str) -> Tensor:
        sequence, batch = self._places(query)
        axes = [whole(query.axes[-1])] * query.rank
        axes[sequence] = query.axes[sequence]
        shape = [*query.sizes[:-1], self.embed_dim]
        if batch is not None:
            axes[batch] = joined(query.axes[batch], key.axes[batch], value.axes[batch])
        attended = whole(key.axes[sequence], value.axes[sequence])
        features = whole(key.axes[-1], value.axes[-1])
        return Tensor(
            tuple(shape),
            tuple(axes),
            seen=joined(query.seen, key.seen, value.seen, attended, features),
            dtype=dtype,
            strides=SCATTERED if batch == 0 else None,
        )

    def _weights(self, batch: Dim | None, queries: Dim, keys: Dim, averaged: object) -> Tensor:
        if isinstance(self.bias_k, Tensor):
            keys = keys + 1
        if self.add_zero_attn:
            keys = keys + 1
        heads: Shape = () if averaged else (self.num_heads,)
        return Tensor((*(() if batch is None else (batch,)), *heads, queries, keys))


def check_heads(call: Call, embed_dim: Dim, num_heads: Dim, at: str = "num_heads") -> None:
    """Every head takes as many features; `at` is the parameter that says how many heads."""
    check_made(call, "attention", None, embed_dim=embed_dim, **{at: num_heads})
    if less_equal(embed_dim, 0) or less_equal(num_heads, 0):
        problem = f"takes sizes above 0, not embed_dim {embed_dim} and num_heads {num_heads}"
        call.fail(CALL_ARGUMENTS, at=at, name="MultiheadAttention", problem=problem)
    if equal(embed_dim % num_heads, 0) is False:
        call.fail(ATTENTION_HEADS, at=at, embed=embed_dim, heads=num_heads)


def _shaped(call: Call, mask: Tensor, wanted: Shape, at: str) -> None:
    """A mask has exactly the shape that is wanted."""
    if mask.rank != len(wanted):
        call.report(INPUT_RANK, at=at, name=at, got=mask.rank, want=len(wanted))
        return
    for dim, (a, b) in enumerate(zip(mask.sizes, wanted, strict=True)):
        if call.differ(BROADCAST, a, b):
            shapes = f"{show(mask.shape)} and {show(wanted)}"
            call.report(BROADCAST, at=at, a=a, b=b, dim=dim, shapes=shapes)
            return
