"""What really depends on what: sets of input positions carried forward through a real run of torch.

The batch of a run is the positions along one axis of the input: item `p` starts with ones at
position `p` alone. Every function is replaced by one that is not zero exactly where one of its
inputs is not (weights and slopes of one, maxima and products as sums), and after it all values are
zeros and ones again. So nothing cancels, vanishes or overflows: unit `u` depends on position `p` if
and only if it is one in item `p`.

One item more carries the outside of the input: it starts with zeros, and all padding along the axis
is ones, whatever its mode is. A unit that is one in it sees more than there is of the input.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

torch: Any = pytest.importorskip("torch")
F = torch.nn.functional

SMALL = 1e-6
"""Weights below this are rounding errors: the smallest of our interpolations is above 1e-4."""


def numbers(value: Any, count: int) -> list[int]:
    return [value] * count if isinstance(value, int) else list(value)


class Spreading(torch.overrides.TorchFunctionMode):
    """Inside, tensors are sets. `axis`: the spatial axis, from 0, whose outside is told.

    first: where the spatial axes begin in tensors that are rolled.
    """

    def __init__(self, axis: int, first: int = 2) -> None:
        super().__init__()
        self.axis = axis
        self.first = first

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        name = getattr(func, "__name__", "")
        kwargs = kwargs or {}
        with torch._C.DisableTorchFunction():
            if name in SPATIAL:
                out = SPATIAL[name](self, *args, **kwargs)
            else:
                out = REPLACED.get(name, func)(*args, **kwargs)
            return ones(out)

    def padded(self, x: Any, ends: Sequence[tuple[int, int]]) -> Any:
        """With ends of each spatial axis filled up, by ones in the last item along our axis."""
        amounts = [n for pair in reversed(ends) for n in pair]
        out = F.pad(x, amounts)
        before, after = ends[self.axis]
        size = out.shape[2 + self.axis]
        for start, length in ((0, before), (size - after, after)):
            if length > 0:
                out[-1:].narrow(2 + self.axis, start, length).fill_(1)
        return out

    def slid(
        self,
        x: Any,
        kernel: Sequence[int],
        stride: Sequence[int],
        ends: Sequence[tuple[int, int]],
        dilation: Sequence[int],
        groups: int = 0,
        weight: Any = None,
    ) -> Any:
        """A window of ones over the padded axes, over each channel or those of a group."""
        x = self.padded(x, ends)
        if weight is None:
            weight, groups = x.new_ones((x.shape[1], 1, *kernel)), x.shape[1]
        convolution = (F.conv1d, F.conv2d)[len(kernel) - 1]
        return convolution(x, weight, None, stride, 0, dilation, groups)

    def convolution(
        self,
        x: Any,
        weight: Any,
        bias: Any = None,
        stride: Any = 1,
        padding: Any = 0,
        dilation: Any = 1,
        groups: int = 1,
    ) -> Any:
        count = weight.dim() - 2
        kernel = list(weight.shape[2:])
        dilations = numbers(dilation, count)
        if padding == "same":
            totals = [d * (k - 1) for d, k in zip(dilations, kernel, strict=True)]
            ends = [(t // 2, t - t // 2) for t in totals]
        else:
            ends = [(p, p) for p in numbers(padding, count)]
        weight = torch.ones_like(weight, dtype=x.dtype)
        return self.slid(x, kernel, numbers(stride, count), ends, dilations, groups, weight)

    def transposed(
        self,
        x: Any,
        weight: Any,
        bias: Any = None,
        stride: Any = 1,
        padding: Any = 0,
        output_padding: Any = 0,
        groups: int = 1,
        dilation: Any = 1,
    ) -> Any:
        """Of an input that is longer on both sides, without what these make longer."""
        count = weight.dim() - 2
        strides = numbers(stride, count)
        more = [d * k + 2 for d, k in zip(numbers(dilation, count), weight.shape[2:], strict=True)]
        longer = self.padded(x, [(m, m) for m in more])
        weight = torch.ones_like(weight, dtype=x.dtype)
        function = (F.conv_transpose1d, F.conv_transpose2d)[count - 1]
        geometry = strides, padding, output_padding, groups, dilation
        out = function(longer, weight, None, *geometry)
        sizes = function(x, weight, None, *geometry).shape[2:]
        for i, (m, s, size) in enumerate(zip(more, strides, sizes, strict=True), 2):
            out = out.narrow(i, m * s, size)
        return out

    def pool(
        self,
        x: Any,
        kernel_size: Any,
        stride: Any = None,
        padding: Any = 0,
        dilation: Any = 1,
        ceil_mode: bool = False,
        return_indices: bool = False,
    ) -> Any:
        count = x.dim() - 2
        native = (F.max_pool1d, F.max_pool2d)[count - 1]
        given = stride or kernel_size
        sizes = native(x, kernel_size, given, padding, dilation, ceil_mode).shape[2:]
        each = [numbers(v, count) for v in (kernel_size, given, padding, dilation)]
        ends = []
        for n, out, k, s, p, d in zip(x.shape[2:], sizes, *each, strict=True):
            ends.append((p, (out - 1) * s + d * (k - 1) + 1 - n - p))
        return self.slid(x, each[0], each[1], ends, each[3])

    def average(
        self,
        x: Any,
        kernel_size: Any,
        stride: Any = None,
        padding: Any = 0,
        *rest: Any,
        **more: Any,
    ) -> Any:
        return self.pool(
            x,
            kernel_size,
            stride,
            padding,
            1,
            more.get("ceil_mode", rest[0] if rest else False),
        )

    def pad(self, x: Any, pad: Sequence[int], mode: str = "constant", value: Any = None) -> Any:
        count = x.dim() - 2
        given = [(pad[2 * i], pad[2 * i + 1]) for i in range(len(pad) // 2)]
        return self.padded(x, [(0, 0)] * (count - len(given)) + given[::-1])

    def roll(self, x: Any, shifts: Sequence[int], dims: Sequence[int]) -> Any:
        """Units that come round are outside, as those of circular padding are."""
        for shift, dim in zip(shifts, dims, strict=True):
            x = torch.roll(x, shift, dim)
            if dim == self.first + self.axis:
                length = min(abs(shift), x.shape[dim])
                round_ = x.narrow(dim, 0 if shift > 0 else x.shape[dim] - length, length)
                round_[:-1] = 0
                round_[-1] = 1
        return x

    def zeros(self, x: Any, *shape: int) -> Any:
        """Constants that are put beside an input are outside of it."""
        out = x.new_zeros(*shape)
        out[-1] = 1
        return out

    def interpolate(self, x: Any, *args: Any, **kwargs: Any) -> Any:
        out = F.interpolate(x, *args, **kwargs)
        result = x
        for i in range(2, x.dim()):
            result = self.resampled(result, i, x.shape, out.shape[i], args, kwargs)
        return result

    def resampled(self, x: Any, axis: int, shape: Any, out: int, args: Any, kwargs: Any) -> Any:
        """One axis, by the matrix that torch applies to it."""
        n = shape[axis]
        lines = torch.eye(n, dtype=x.dtype)
        lines = lines.reshape(n, 1, *(n if i == axis else 1 for i in range(2, x.dim())))
        lines = lines.expand(n, 1, *shape[2:]).contiguous()
        made = F.interpolate(lines, *args, **kwargs)
        for i in reversed([i for i in range(2, x.dim()) if i != axis]):
            made = made.select(i, made.shape[i] // 2)
        matrix = (made[:, 0].abs() > SMALL).to(x.dtype)
        result = torch.tensordot(x, matrix, ([axis], [0])).movedim(-1, axis)
        mode = kwargs.get("mode", "nearest")
        if axis == 2 + self.axis and not mode.startswith("nearest"):
            outside = [sees_outside(j, n, out, kwargs) for j in range(out)]
            marks = torch.tensor(outside, dtype=x.dtype)
            wide = [1] * x.dim()
            wide[axis] = out
            last = result[-1:] + marks.reshape(wide)
            result = torch.cat([result[:-1], last])
        return result


def sees_outside(unit: int, n: int, out: int, kwargs: Mapping[str, Any]) -> bool:
    """Whether a tap of linear or cubic interpolation is none of the n inputs."""
    scale = kwargs.get("scale_factor")
    scale = scale[-1] if isinstance(scale, tuple) else scale
    if kwargs.get("align_corners"):
        place = unit * (n - 1) / max(out - 1, 1)
    else:
        place = (unit + 0.5) * (1 / scale if scale else n / out) - 0.5
    low = round(place) if abs(place - round(place)) < SMALL else int(place // 1)
    high = low if abs(place - low) < SMALL else low + 1
    if kwargs["mode"] == "bicubic" and low != high:
        low, high = low - 1, high + 1
    return low < 0 or high >= n


def ones(out: Any) -> Any:
    if isinstance(out, torch.Tensor):
        return (out.abs() > SMALL).to(out.dtype) if out.is_floating_point() else out
    return type(out)(map(ones, out)) if type(out) in (tuple, list) else out


def same(x: Any, *args: Any, **kwargs: Any) -> Any:
    return x * 1


def plus(a: Any, b: Any, *args: Any, **kwargs: Any) -> Any:
    if not isinstance(a, torch.Tensor) or not isinstance(b, torch.Tensor):
        return (a if isinstance(a, torch.Tensor) else b) * 1
    return a.to(torch.float64) + b.to(torch.float64)


def normalised(x: Any, *args: Any, **kwargs: Any) -> Any:
    """Group and instance norm: a unit sees all that its statistics are over."""
    return x + x.sum(tuple(range(1, x.dim())), keepdim=True)


def layer_normalised(x: Any, shape: Any, *args: Any, **kwargs: Any) -> Any:
    return x + x.sum(tuple(range(x.dim() - len(shape), x.dim())), keepdim=True)


def softmax(x: Any, dim: int = -1, *args: Any, **kwargs: Any) -> Any:
    return x + x.sum(dim, keepdim=True)


def product(a: Any, b: Any) -> Any:
    return a @ torch.ones_like(b) + torch.ones_like(a) @ b


def linear(x: Any, weight: Any, bias: Any = None) -> Any:
    return F.linear(x, torch.ones_like(weight, dtype=x.dtype))


_POINTWISE = "relu relu_ gelu silu sigmoid tanh dropout batch_norm leaky_relu"
_PAIRS = "add add_ __add__ __radd__ sub __sub__ mul __mul__ __rmul__ maximum"

REPLACED: Mapping[str, Callable[..., Any]] = {
    **dict.fromkeys(_POINTWISE.split(), same),
    **dict.fromkeys(_PAIRS.split(), plus),
    **dict.fromkeys(("group_norm", "instance_norm"), normalised),
    "layer_norm": layer_normalised,
    "softmax": softmax,
    "linear": linear,
    **dict.fromkeys(("matmul", "__matmul__", "bmm"), product),
}
SPATIAL: Mapping[str, Callable[..., Any]] = {
    **dict.fromkeys(("conv1d", "conv2d"), Spreading.convolution),
    **dict.fromkeys(("conv_transpose1d", "conv_transpose2d"), Spreading.transposed),
    **dict.fromkeys(("max_pool1d", "max_pool2d"), Spreading.pool),
    **dict.fromkeys(("avg_pool1d", "avg_pool2d"), Spreading.average),
    "pad": Spreading.pad,
    "roll": Spreading.roll,
    "new_zeros": Spreading.zeros,
    "interpolate": Spreading.interpolate,
}


def inputs(shape: Sequence[int], axis: int) -> Any:
    """The items of a run for a spatial axis of an input of this shape (without batch)."""
    n = shape[1 + axis]
    lines = torch.cat([torch.eye(n), torch.zeros(1, n)]).to(torch.float64)
    wide = [1] * len(shape)
    wide[1 + axis] = n
    return lines.reshape(n + 1, *wide).expand(n + 1, *shape).clone()


def seen(tensor: Any, axis: int) -> list[tuple[tuple[int, int] | None, bool]]:
    """Of each unit along a spatial axis: first and last position that it depends on, and whether
    it sees the outside.
    """
    others = [i for i in range(1, tensor.dim()) if i != 2 + axis]
    table = tensor.amax(others).T.bool()
    found = []
    for row in table:
        at = row[:-1].nonzero().flatten().tolist()
        found.append(((at[0], at[-1]) if at else None, bool(row[-1])))
    return found
