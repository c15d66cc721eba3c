"""Receptive fields by what really depends on what: one backward pass through a real run.

Weights become ones, maxima become sums, non-linearities the identity, and after every function the
values are ones and the derivatives zeros and ones. So no dependence cancels, vanishes or overflows,
and the non-zero extent of a unit's gradient is its receptive field.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

torch: Any = pytest.importorskip("torch")
F = torch.nn.functional

UNITS = 8
"""Units around the middle that are measured: after up-sampling they have different fields."""


class _Unit(torch.autograd.Function):
    @staticmethod
    def forward(_: Any, x: Any) -> Any:
        return torch.ones_like(x)

    @staticmethod
    def backward(_: Any, g: Any) -> Any:
        return (g != 0).to(g.dtype)


def _weighted(name: str) -> Callable[..., Any]:
    function = getattr(F, name)

    def positive(x: Any, weight: Any, bias: Any = None, *args: Any, **kwargs: Any) -> Any:
        return function(x, torch.ones_like(weight), None, *args, **kwargs)

    return positive


def _summed(name: str) -> Callable[..., Any]:
    average = getattr(F, name.replace("max", "avg"))

    def pool(
        x: Any,
        kernel_size: Any,
        stride: Any = None,
        padding: Any = 0,
        dilation: Any = 1,
        ceil_mode: bool = False,
        return_indices: bool = False,
    ) -> Any:
        assert dilation in (1, [1, 1], (1, 1)), "dilated max pooling is not measured"
        return average(x, kernel_size, stride or kernel_size, padding, ceil_mode)

    return pool


def _adaptive(name: str) -> Callable[..., Any]:
    average = getattr(F, name.replace("max", "avg"))
    return lambda x, output_size, *_: average(x, output_size)


def _same(x: Any, *args: Any, **kwargs: Any) -> Any:
    return x * 1.0


def _plus(a: Any, b: Any, *args: Any, **kwargs: Any) -> Any:
    parts = [t for t in (a, b) if isinstance(t, torch.Tensor)]
    shape = torch.broadcast_shapes(*[t.shape for t in parts])
    return sum(t.to(torch.float64).expand(shape) for t in parts)


def _normalised(x: Any, shape: Any = (), *args: Any, **kwargs: Any) -> Any:
    """Of layer, group and instance norm: a unit sees all that its statistics are over."""
    first = x.dim() - len(shape) if isinstance(shape, (tuple, list)) and shape else 2
    return x + x.sum(tuple(range(first, x.dim())), keepdim=True)


def _spread(x: Any, dim: int = -1, *args: Any, **kwargs: Any) -> Any:
    return x.sum(dim, keepdim=True).expand_as(input) * 1.0


_POINTWISE = """relu relu_ relu6 leaky_relu elu selu gelu silu mish hardswish hardsigmoid hardtanh
sigmoid tanh softplus prelu dropout dropout1d dropout2d dropout3d clamp sqrt exp log abs neg pow
batch_norm sigmoid_ tanh_ silu_ __pow__ __neg__ rsqrt"""
_PAIRS = """add add_ __add__ __radd__ __iadd__ sub __sub__ __rsub__ __isub__ mul mul_ __mul__
__rmul__ __imul__ div __truediv__ __rtruediv__ __itruediv__ maximum minimum"""

REPLACED: Mapping[str, Callable[..., Any]] = {
    **{f"{c}{n}d": _weighted(f"{c}{n}d") for c in ("conv", "conv_transpose") for n in (1, 2, 3)},
    **{f"max_pool{n}d": _summed(f"max_pool{n}d") for n in (1, 2, 3)},
    **{f"adaptive_max_pool{n}d": _adaptive(f"adaptive_max_pool{n}d") for n in (1, 2, 3)},
    **dict.fromkeys(_POINTWISE.split(), _same),
    **dict.fromkeys(_PAIRS.split(), _plus),
    **dict.fromkeys(("softmax", "log_softmax"), _spread),
    **dict.fromkeys(("layer_norm", "group_norm", "instance_norm"), _normalised),
    "linear": _weighted("linear"),
}


class Dependence(torch.overrides.TorchFunctionMode):
    """Inside, tensors carry what depends on what instead of their values."""

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        name = getattr(func, "__name__", "").replace("boolean_dispatch", "")
        replaced = REPLACED.get(name)
        with torch._C.DisableTorchFunction():
            out = (replaced or func)(*args, **(kwargs or {}))
        return _units(out)


def _units(out: Any) -> Any:
    if isinstance(out, torch.Tensor):
        return _Unit.apply(out) if out.is_floating_point() and out.grad_fn is not None else out
    if type(out) in (tuple, list):
        return type(out)(_units(part) for part in out)
    return out


def extents(tensor: Any, source: Any, axis: int, of: int) -> list[tuple[int, int]]:
    """First and last position on axis `of` of `source` that units along `axis` depend on."""
    found = []
    middle = [size // 2 for size in tensor.shape]
    first = max(0, middle[axis] - UNITS // 2)
    for unit in range(first, min(first + UNITS, tensor.shape[axis])):
        mark = torch.zeros_like(tensor)
        place: list[Any] = [*middle]
        place[axis] = unit
        place[:2] = [slice(None)] * 2
        mark[tuple(place)] = 1
        (gradient,) = torch.autograd.grad(
            tensor, source, mark, retain_graph=True, allow_unused=True
        )
        others = [d for d in range(source.dim()) if d != of]
        used = (
            gradient.abs().sum(others).nonzero().flatten().tolist() if gradient is not None else []
        )
        found.append((used[0], used[-1]) if used else (0, -1))
    return found


def measured(tensor: Any, source: Any) -> list[str]:
    """The field on each axis after the first two of `source`; "clipped" where it is too small."""
    texts = []
    for of in range(2, source.dim()):
        last = source.shape[of] - 1
        axis = of if tensor.dim() == source.dim() else tensor.dim() - 1
        found = extents(tensor, source, axis, of)
        inner = [high - low + 1 for low, high in found if low > 0 and high < last]
        if all(pair == (0, last) for pair in found):
            texts.append("global")
        else:
            texts.append(str(max(inner)) if inner else "clipped")
    return texts


def sources(shapes: Sequence[Sequence[int]]) -> list[Any]:
    return [torch.ones(tuple(s), dtype=torch.float64, requires_grad=True) for s in shapes]
