"""Transformer layers, and the stacks made of them."""

from __future__ import annotations

from conv_lsp.axes import joined
from conv_lsp.dims import Dim, proves_unequal, unknown_size
from conv_lsp.findings import BROADCAST, CALL_ARGUMENTS, LINEAR_FEATURES
from conv_lsp.library.algebra import show
from conv_lsp.library.attention import MultiheadAttention, check_heads
from conv_lsp.library.dtypes import dtype_name
from conv_lsp.library.layers import build, check_made, expect
from conv_lsp.library.module import Layer
from conv_lsp.library.raising import known_device
from conv_lsp.library.registry import Call, models, op, size_of
from conv_lsp.values import Module, Tensor, Unknown, Value

NORM = "torch.nn.LayerNorm"
LINEAR = "torch.nn.Linear"


def residual(input: Tensor, attended: Tensor) -> Tensor:
    """Their sum after a norm; the shape is the declared one, whatever the input was."""
    axes = tuple(map(joined, input.axes, attended.axes))
    seen = joined(input.seen, attended.seen)
    return Tensor(attended.sizes, axes, seen=seen, dtype=attended.dtype)


class TransformerLayer(Layer):
    """What the layers of encoder and decoder share: attention, two linear layers, norms."""

    __slots__ = ()

    self_attn: MultiheadAttention

    def stock(
        self,
        call: Call,
        attentions: tuple[str, ...],
        d_model: Dim,
        nhead: Dim,
        dim_feedforward: Dim,
        dropout: object,
        layer_norm_eps: object,
        batch_first: object,
        bias: object,
        activation: object,
        dtype: object,
    ) -> None:
        """Make the layers inside; there is a norm and a dropout for each attention, and one more."""
        plain = isinstance(activation, (str, bool, int, float, list, tuple, dict, type(None)))
        if plain and activation not in ("relu", "gelu"):
            problem = f"activation {activation!r} is neither 'relu' nor 'gelu'"
            call.fail(CALL_ARGUMENTS, at="activation", name=type(self).__name__, problem=problem)
        check_heads(call, d_model, nhead, "nhead")
        expect(call, "f", layer_norm_eps=layer_norm_eps)
        made: dict[str, Value] = {}
        for name in attentions:
            made[name] = build(
                call,
                MultiheadAttention.path,
                d_model,
                nhead,
                dropout,
                bias=bias,
                batch_first=batch_first,
                dtype=dtype,
            )
        made["linear1"] = build(call, LINEAR, d_model, dim_feedforward, bias, dtype=dtype)
        made["dropout"] = build(call, "torch.nn.Dropout", dropout)
        made["linear2"] = build(call, LINEAR, dim_feedforward, d_model, bias, dtype=dtype)
        for i in range(1, len(attentions) + 2):
            made[f"norm{i}"] = build(call, NORM, d_model, layer_norm_eps, bias=bias, dtype=dtype)
        for i in range(1, len(attentions) + 2):
            made[f"dropout{i}"] = build(call, "torch.nn.Dropout", dropout)
        self.__dict__.update(made)

    def describe(self) -> str:
        attention = self.self_attn
        return f"{type(self).__name__}({attention.embed_dim}, {attention.num_heads} heads)"


@models("torch.nn.TransformerEncoderLayer")
class TransformerEncoderLayer(TransformerLayer):
    """The shape of the input."""

    def __init__(
        self,
        call: Call,
        d_model: Dim,
        nhead: Dim,
        dim_feedforward: Dim = 2048,
        dropout: object = 0.1,
        activation: object = "relu",
        layer_norm_eps: object = 1e-5,
        batch_first: object = False,
        norm_first: object = False,
        bias: object = True,
        device: object = None,
        dtype: object = None,
    ) -> None:
        super().__init__(call)
        self.stock(
            call,
            ("self_attn",),
            d_model,
            nhead,
            dim_feedforward,
            dropout,
            layer_norm_eps,
            batch_first,
            bias,
            activation,
            dtype,
        )
        self.norm_first = norm_first
        self.activation = activation

    def forward(
        self,
        call: Call,
        src: Tensor,
        src_mask: object = None,
        src_key_padding_mask: object = None,
        is_causal: object = False,
    ) -> Tensor:
        attended, _ = self.self_attn.forward(
            call, src, src, src, src_key_padding_mask, False, src_mask
        )
        return residual(src, attended)


@models("torch.nn.TransformerDecoderLayer")
class TransformerDecoderLayer(TransformerLayer):
    """The shape of the target."""

    multihead_attn: MultiheadAttention

    def __init__(
        self,
        call: Call,
        d_model: Dim,
        nhead: Dim,
        dim_feedforward: Dim = 2048,
        dropout: object = 0.1,
        activation: object = "relu",
        layer_norm_eps: object = 1e-5,
        batch_first: object = False,
        norm_first: object = False,
        bias: object = True,
        device: object = None,
        dtype: object = None,
    ) -> None:
        super().__init__(call)
        self.stock(
            call,
            ("self_attn", "multihead_attn"),
            d_model,
            nhead,
            dim_feedforward,
            dropout,
            layer_norm_eps,
            batch_first,
            bias,
            activation,
            dtype,
        )
        self.norm_first = norm_first
        self.activation = activation

    def forward(
        self,
        call: Call,
        tgt: Tensor,
        memory: Tensor,
        tgt_mask: object = None,
        memory_mask: object = None,
        tgt_key_padding_mask: object = None,
        memory_key_padding_mask: object = None,
        tgt_is_causal: object = False,
        memory_is_causal: object = False,
    ) -> Tensor:
        attended, _ = self.self_attn.forward(
            call, tgt, tgt, tgt, tgt_key_padding_mask, False, tgt_mask
        )
        hidden = residual(tgt, attended)
        attended, _ = self.multihead_attn.forward(
            call, hidden, memory, memory, memory_key_padding_mask, False, memory_mask
        )
        return residual(hidden, attended)


def copied(module: Module, memo: dict[int, Module] | None = None) -> Module:
    """A deep copy, as the stacks make of their layer."""
    memo = {} if memo is None else memo
    if id(module) in memo:
        return memo[id(module)]
    new = memo[id(module)] = module.__class__.__new__(module.__class__)
    Module.__init__(new)
    new.kind, new.birth, new.made = module.kind, module.birth, module.made
    for name, value in module.__dict__.items():
        new.__dict__[name] = copied(value, memo) if isinstance(value, Module) else value
    return new


class Stack(Layer):
    """Copies of a layer, one after the other, and a norm."""

    __slots__ = ()

    layers: Value

    def stock(self, call: Call, layer: Value, num_layers: object, norm: Value) -> None:
        """Make the copies. A number that is not known leaves the list unknown."""
        expect(call, "i", num_layers=num_layers)
        self.num_layers = num_layers
        self.norm = norm
        if isinstance(layer, Module) and isinstance(num_layers, int):
            copies = [copied(layer) for _ in range(min(num_layers, 256))]
            self.layers = build(call, "torch.nn.ModuleList", copies)
        else:
            self.layers = Unknown("the number of layers is not known")

    def describe(self) -> str:
        return f"{type(self).__name__} of {self.num_layers}"

    def run(self, call: Call, input: Tensor, *args: Value, **kwargs: Value) -> Value:
        """Call the copies in turn."""
        if isinstance(self.layers, Unknown):
            return Tensor(self.layers)
        result: Value = input
        if self.num_layers == 0:
            name = type(self).__name__
            call.fail(CALL_ARGUMENTS, name=name, problem="there are no layers to call")
        for layer in call.host.elements(self.layers, call.site):  # type: ignore[union-attr]
            result = call.invoke(layer, result, *args, **kwargs)
        return result if self.norm is None else call.invoke(self.norm, result)


@models("torch.nn.TransformerEncoder")
class TransformerEncoder(Stack):
    """The shape of the input."""

    def __init__(
        self,
        call: Call,
        encoder_layer: object,
        num_layers: object,
        norm: object = None,
        enable_nested_tensor: object = True,
        mask_check: object = True,
    ) -> None:
        super().__init__(call)
        self.stock(call, encoder_layer, num_layers, norm)

    def forward(
        self,
        call: Call,
        src: Tensor,
        mask: object = None,
        src_key_padding_mask: object = None,
        is_causal: object = None,
    ) -> Value:
        return self.run(call, src, src_mask=mask, src_key_padding_mask=src_key_padding_mask)


@models("torch.nn.TransformerDecoder")
class TransformerDecoder(Stack):
    """The shape of the target."""

    def __init__(
        self, call: Call, decoder_layer: object, num_layers: object, norm: object = None
    ) -> None:
        super().__init__(call)
        self.stock(call, decoder_layer, num_layers, norm)

    def forward(
        self,
        call: Call,
        tgt: Tensor,
        memory: Tensor,
        tgt_mask: object = None,
        memory_mask: object = None,
        tgt_key_padding_mask: object = None,
        memory_key_padding_mask: object = None,
        tgt_is_causal: object = None,
        memory_is_causal: object = False,
    ) -> Value:
        return self.run(
            call,
            tgt,
            memory,
            tgt_mask=tgt_mask,
            memory_mask=memory_mask,
            tgt_key_padding_mask=tgt_key_padding_mask,
            memory_key_padding_mask=memory_key_padding_mask,
        )


@models("torch.nn.Transformer")
class Transformer(Layer):
    """The shape of the target: an encoder and a decoder."""

    def __init__(
        self,
        call: Call,
        d_model: Dim = 512,
        nhead: Dim = 8,
        num_encoder_layers: object = 6,
        num_decoder_layers: object = 6,
        dim_feedforward: Dim = 2048,
        dropout: object = 0.1,
        activation: object = "relu",
        custom_encoder: object = None,
        custom_decoder: object = None,
        layer_norm_eps: object = 1e-5,
        batch_first: object = False,
        norm_first: object = False,
        bias: object = True,
        device: object = None,
        dtype: object = None,
    ) -> None:
        super().__init__(call)
        options = (dim_feedforward, dropout, activation, layer_norm_eps)
        more = (batch_first, norm_first, bias, None, dtype)
        self.encoder: Value = custom_encoder
        self.decoder: Value = custom_decoder
        if custom_encoder is None:
            inner = build(call, TransformerEncoderLayer.path, d_model, nhead, *options, *more)
            norm = build(call, NORM, d_model, layer_norm_eps, bias=bias, dtype=dtype)
            self.encoder = build(call, TransformerEncoder.path, inner, num_encoder_layers, norm)
        if custom_decoder is None:
            inner = build(call, TransformerDecoderLayer.path, d_model, nhead, *options, *more)
            norm = build(call, NORM, d_model, layer_norm_eps, bias=bias, dtype=dtype)
            self.decoder = build(call, TransformerDecoder.path, inner, num_decoder_layers, norm)
        self.d_model = d_model
        self.nhead = nhead
        self.batch_first = batch_first

    def describe(self) -> str:
        return f"Transformer({self.d_model}, {self.nhead} heads)"

    def forward(
        self,
        call: Call,
        src: Tensor,
        tgt: Tensor,
        src_mask: object = None,
        tgt_mask: object = None,
        memory_mask: object = None,
        src_key_padding_mask: object = None,
        tgt_key_padding_mask: object = None,
        memory_key_padding_mask: object = None,
        src_is_causal: object = None,
        tgt_is_causal: object = None,
        memory_is_causal: object = False,
    ) -> Value:
        if src.rank == 3 and tgt.rank == 3 and isinstance(self.batch_first, bool):
            batch = 0 if self.batch_first else 1
            a, b = src.sizes[batch], tgt.sizes[batch]
            if proves_unequal(a, b):
                shapes = f"{show(src.shape)} and {show(tgt.shape)}"
                call.fail(BROADCAST, at="tgt", a=a, b=b, dim=batch, shapes=shapes)
        for at, tensor in (("src", src), ("tgt", tgt)):
            if tensor.rank:
                call.require_equal(LINEAR_FEATURES, tensor.sizes[-1], self.d_model, at=at)
        memory = call.invoke(
            self.encoder, src, mask=src_mask, src_key_padding_mask=src_key_padding_mask
        )
        return call.invoke(
            self.decoder,
            tgt,
            memory,
            tgt_mask=tgt_mask,
            memory_mask=memory_mask,
            tgt_key_padding_mask=tgt_key_padding_mask,
            memory_key_padding_mask=memory_key_padding_mask,
        )


@op(
    "torch.nn.Transformer.generate_square_subsequent_mask",
    "torch.nn.modules.transformer._generate_square_subsequent_mask",
)
def generate_square_subsequent_mask(
    call: Call, sz: object, device: object = None, dtype: object = None
) -> Tensor:
    """(sz, sz): 0 for what a step may see, minus infinity above."""
    expect(call, "i", sz=sz)
    expect(call, "sin", device=device)
    expect(call, "dn", dtype=dtype)
    size = size_of(sz)
    size = unknown_size() if size is None else size
    check_made(call, "generate_square_subsequent_mask", None, sz=size)
    known_device(call, device, "generate_square_subsequent_mask")
    return Tensor((size, size), dtype=dtype_name(dtype, "float32"))
