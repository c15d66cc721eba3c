"""What the layers share: their parameters, and the layers inside them."""

from __future__ import annotations

from conv_lsp.dims import Dim
from conv_lsp.library import registry
from conv_lsp.library.registry import Call
from conv_lsp.values import Shape, Tensor, Unknown, Value


def parameter(tensor: Tensor) -> Tensor:
    """A tensor as torch.nn.Parameter."""
    return Tensor(tensor.shape, tensor.axes, seen=tensor.seen, dtype=tensor.dtype, kind="parameter")


def weight(*shape: Dim) -> Tensor:
    """A parameter of this shape."""
    return Tensor(shape, kind="parameter")


def optional(shape: Shape, wanted: object) -> Tensor | Unknown | None:
    """A parameter that an argument such as `bias` switches on."""
    if isinstance(wanted, Unknown):
        return wanted
    return Tensor(shape, kind="parameter") if wanted else None


def build(call: Call, path: str, *args: Value, **kwargs: Value) -> Value:
    """A layer inside a layer."""
    return call.invoke(registry.find(path), *args, **kwargs)
