"""Other shapes for the same elements: views, the order of axes, broadcasting, repeating."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.judge import AXES, SIZES, lists, tensors, torch
from tests.ops.table import draw, layer, together

KINDS = st.sampled_from(
    [torch.float32, torch.float32, torch.float64, torch.int64, torch.bool, torch.complex64]
)


@st.composite
def typed(draw: Any, most: int = 4, small: int = 0, kinds: Any = KINDS) -> Any:
    """A tensor of any layout and type."""
    return draw(tensors(0, most, small)).to(draw(kinds))


@st.composite
def targets(draw: Any) -> Any:
    """A tensor and a shape for `view`, mostly with as many elements."""
    made = draw(tensors(small=draw(st.sampled_from([0, 1, 1, 1]))))
    shape = list(made.shape)
    for _ in range(draw(st.integers(0, 3))):
        kind = draw(st.sampled_from(["merge", "split", "one", "wrong", "open", "drop"]))
        at = draw(st.integers(0, max(len(shape) - 1, 0)))
        if kind == "merge" and len(shape) > at + 1 and -1 not in shape:
            shape[at : at + 2] = [shape[at] * shape[at + 1]]
        elif kind == "split" and shape and shape[at] % 2 == 0:
            shape[at : at + 1] = [shape[at] // 2, 2]
        elif kind == "one":
            shape.insert(at, 1)
        elif kind == "drop" and shape and shape[at] == 1:
            del shape[at]
        elif kind == "wrong" and shape and draw(st.booleans()):
            shape[at] = draw(st.integers(-2, 6))
        elif kind == "open" and shape:
            shape[at] = -1
    return made, tuple(shape)


SHAPES = lists(st.integers(-1, 4)).map(tuple)
COUNTS = lists(st.integers(-1, 3))
SEVERAL = AXES | lists(AXES, 0, 3).map(tuple)


def spread(pair: Any) -> tuple[Any, ...]:
    """The sizes one by one."""
    return (pair[0], *pair[1])


draw("torch.flatten", typed(), AXES, AXES)
draw("torch.flatten", typed(), start_dim=AXES, end_dim=AXES)
draw("torch.ravel torch.t torch.adjoint torch.fliplr torch.flipud", typed())
draw("torch.atleast_1d torch.atleast_2d torch.atleast_3d", typed())
together("torch.atleast_1d torch.atleast_2d torch.atleast_3d", lists(typed(3), 0, 3))
draw("torch.atleast_1d torch.atleast_2d torch.atleast_3d", lists(typed(3), 0, 3))
together("torch.reshape Tensor.view Tensor.reshape", targets())
together("Tensor.view Tensor.reshape", targets().map(spread))
draw(
    "Tensor.view",
    typed(3, 2),
    st.sampled_from([torch.float64, torch.int32, torch.uint8, torch.bool]),
)
draw("Tensor.view_as Tensor.reshape_as", typed(), tensors())
together("Tensor.view_as Tensor.reshape_as", targets().map(lambda p: (p[0], p[0].flatten())))
draw("torch.unflatten", tensors(0, 3), AXES, lists(st.integers(-2, 4), 0, 3))
layer("torch.nn.Flatten", (), (typed(),), start_dim=AXES, end_dim=AXES)
layer("torch.nn.Unflatten", (AXES, lists(st.integers(-2, 4), 0, 3).map(tuple)), (tensors(0, 3),))
draw("torch.unsqueeze", typed(), AXES)
draw("torch.squeeze", typed(), SEVERAL)
draw("torch.squeeze", typed())

draw("torch.permute", tensors(), lists(AXES))
draw("torch.permute", tensors(0, 3), st.permutations([0, 1, -1]).map(tuple))
together("Tensor.permute", st.tuples(tensors(2, 3), st.permutations([0, 1, 2])).map(spread))
draw("Tensor.permute", tensors(), SEVERAL)
draw("torch.transpose torch.swapaxes torch.swapdims", typed(), AXES, AXES)
draw("torch.movedim torch.moveaxis", tensors(), AXES, AXES)
draw("torch.movedim torch.moveaxis", tensors(1), lists(AXES, 1, 2), lists(AXES, 1, 2))
draw("torch.rot90", tensors(), st.integers(-3, 5), lists(AXES, 1, 3))
draw("torch.rot90", tensors())
draw("Tensor.T Tensor.H Tensor.mT Tensor.mH", typed())

draw("torch.broadcast_to Tensor.broadcast_to Tensor.expand", tensors(0, 3), SHAPES)
together("Tensor.expand", st.tuples(tensors(0, 3), SHAPES).map(spread))
draw("Tensor.expand_as", tensors(0, 3), tensors())
together("torch.broadcast_tensors", lists(tensors(0, 3), 0, 3))
together("torch.broadcast_shapes", lists(lists(st.integers(-1, 3)).map(tuple) | SIZES, 0, 3))
draw("torch.tile Tensor.tile Tensor.repeat", typed(3), COUNTS)
together("Tensor.tile Tensor.repeat", st.tuples(tensors(0, 3), COUNTS).map(spread))
draw("torch.repeat_interleave", typed(), st.integers(-1, 3), AXES | st.none())
draw("torch.repeat_interleave", tensors(0, 3), lists(st.integers(0, 2)).map(torch.tensor), AXES)
draw("torch.repeat_interleave", lists(st.integers(0, 3)).map(torch.LongTensor))
draw("torch.flip", typed(), lists(AXES, 0, 3).map(tuple))
together("Tensor.flip", st.tuples(tensors(), lists(AXES, 0, 2)).map(spread))
draw("torch.roll", tensors(), st.integers(-3, 3))
draw("torch.roll", tensors(), SEVERAL, SEVERAL)

FORMATS = st.sampled_from(
    [torch.contiguous_format, torch.preserve_format, torch.channels_last, torch.channels_last_3d]
)
draw("Tensor.contiguous torch.clone", typed(), memory_format=FORMATS)
draw("Tensor.is_contiguous", tensors(2, 4), memory_format=FORMATS)
LARGE = st.just(torch.zeros(6, 6, 6))
draw("torch.as_strided", LARGE, lists(st.integers(-1, 4), 0, 3), lists(st.integers(-1, 3), 0, 3))
draw("torch.as_strided", LARGE, lists(SIZES, 2, 2), lists(SIZES, 2, 2), SIZES)
draw("torch.view_as_real", typed(3, kinds=KINDS | st.just(torch.complex128)))
draw("torch.view_as_complex", typed(4, 1))
draw("torch.view_as_complex", tensors(0, 3).map(lambda x: torch.zeros(*x.shape, 2)))
together("Tensor.resize_", st.tuples(tensors(0, 2).map(torch.clone), SHAPES).map(spread))
draw("Tensor.resize_", tensors(0, 2).map(torch.clone), SHAPES)
draw("Tensor.resize_as_", tensors(0, 2).map(torch.clone), tensors())

ONE = st.integers(-2, 1)
draw("torch.alias_copy torch.detach_copy torch.t_copy", typed())
draw("torch.view_as_real_copy", typed(3, kinds=KINDS | st.just(torch.complex128)))
draw("torch.view_as_complex_copy", tensors(0, 3).map(lambda x: torch.zeros(*x.shape, 2)))
draw("torch.as_strided_copy", LARGE, lists(SIZES, 2, 2), lists(SIZES, 2, 2), SIZES)
draw("torch.diagonal_copy", tensors(1, 4), st.integers(-2, 2), ONE, AXES)
draw("torch.expand_copy", tensors(0, 3), SHAPES)
draw("torch.narrow_copy", tensors(), ONE, st.integers(-2, 2), st.integers(-1, 3))
draw("torch.permute_copy", tensors(2, 4), lists(AXES, 2, 4))
draw("torch.permute_copy", tensors(0, 3), st.permutations([0, 1, -1]).map(tuple))
draw("torch.select_copy", typed(4, 1), ONE, st.integers(-3, 3))
draw("torch.slice_copy", typed(), ONE, st.integers(-3, 3), st.integers(-3, 5), SIZES)
draw("torch.split_copy", tensors(1, 3), st.integers(-1, 4), ONE)
draw("torch.split_with_sizes_copy", tensors(1, 3), lists(SIZES, 1, 3), ONE)
draw("torch.squeeze_copy", typed(), SEVERAL)
draw("torch.squeeze_copy", typed())
draw("torch.transpose_copy", typed(), AXES, AXES)
draw("torch.unbind_copy", typed(), ONE)
draw("torch.unfold_copy", typed(), ONE, SIZES, st.integers(-1, 3))
draw("torch.unsqueeze_copy", typed(), AXES)
together("torch.view_copy", targets())
