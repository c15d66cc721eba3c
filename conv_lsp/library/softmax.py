"""Softmax and its kin: as functions, methods and layers."""

from __future__ import annotations

from collections.abc import Iterable

from conv_lsp.axes import whole
from conv_lsp.findings import INPUT_RANK
from conv_lsp.library.algebra import is_floating
from conv_lsp.library.dtypes import DTYPES, dtype_name
from conv_lsp.library.layers import expect
from conv_lsp.library.module import Layer
from conv_lsp.library.raising import floating, refusal, refuse
from conv_lsp.library.registry import OPS, Call, method, op
from conv_lsp.library.tables import layer
from conv_lsp.values import Tensor, Unknown, Value


def mixed(input: Tensor, axes: Iterable[int], dtype: str = "") -> Tensor:
    """The same shape; along these axes every element depends on the whole of them."""
    links = list(input.axes)
    for axis in axes:
        links[axis] = whole(links[axis])
    return input.like(axes=tuple(links), dtype=dtype or None)


@op("torch.softmax", "torch.log_softmax", "torch.special.softmax", "torch.special.log_softmax")
@method("softmax", "log_softmax")
def softmax(call: Call, input: Tensor, dim: int, dtype: object = None) -> Tensor:
    """The shape of the input, in a dtype if one is asked for."""
    axis = call.axis(input.rank, dim)
    result = mixed(input, [axis] if input.rank else [], dtype_name(dtype, input.dtype))
    result.strides = None
    if not isinstance(dtype, Unknown) and 0 not in input.sizes:
        floating(call, result)
    return result


@op("torch.nn.functional.softmax", "torch.nn.functional.log_softmax")
def softmax_function(
    call: Call,
    input: Tensor,
    dim: int | None = None,
    _stacklevel: object = 3,
    dtype: object = None,
) -> Tensor:
    """Without `dim` torch still takes 0 for a rank of 0, 1 and 3, else 1."""
    if dim is None:
        expect(call, "i", _stacklevel=_stacklevel)
        dim = 0 if input.rank in (0, 1, 3) else 1
    return softmax(call, input, dim, dtype)


@op("torch.nn.functional.softmin")
def softmin(
    call: Call,
    input: Tensor,
    dim: int | None = None,
    _stacklevel: object = 3,
    dtype: object = None,
) -> Tensor:
    """The softmax of the negative, which truth values do not have."""
    refuse(call, input, ["bool"])
    return softmax_function(call, input, dim, _stacklevel, dtype)


EMPTY = "there is no largest of an empty dimension"


@op("torch.nn.functional.gumbel_softmax")
def gumbel_softmax(
    call: Call,
    logits: Tensor,
    tau: object = 1,
    hard: object = False,
    eps: object = 1e-10,
    dim: int = -1,
) -> Tensor:
    """Noise in floating point is added first."""
    if 0 not in logits.sizes:
        floating(call, logits, at="logits")
    elif call.host.truth(hard) and logits.sizes[call.axis(logits.rank, dim)] == 0:
        call.fail(refusal("IndexError"), at="dim", name="gumbel_softmax", problem=EMPTY)
    return softmax(call, logits, dim, None if is_floating(logits.dtype) else DTYPES["float32"])


def _declare_softmax(kind: str, name: str) -> None:
    rule = OPS[f"torch.nn.functional.{name}"]

    def forward(self: Layer, call: Call, input: Tensor) -> Value:
        dim = self.__dict__["dim"]
        if isinstance(dim, Unknown):
            return mixed(input, range(input.rank))
        return rule(call, [input, dim], {})

    layer(f"torch.nn.{kind}", "dim=None", forward, said="The shape of the input")


_declare_softmax("Softmax", "softmax")
_declare_softmax("LogSoftmax", "log_softmax")
_declare_softmax("Softmin", "softmin")


def _softmax2d(self: Layer, call: Call, input: Tensor) -> Tensor:
    if input.rank not in (3, 4):
        call.fail(INPUT_RANK, at="input", name="Softmax2d", want="3 or 4", got=input.rank)
    return softmax(call, input, -3)


layer("torch.nn.Softmax2d", "", _softmax2d, said="(N, C, H, W) gives the same shape")
