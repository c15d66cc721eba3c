"""Indexing, picking and writing."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.judge import AXES, SIZES, lists, tensors, torch
from tests.ops.shaping import KINDS, typed
from tests.ops.table import draw, together

BOUNDS = st.none() | st.integers(-5, 5)
INDEX_KINDS = st.sampled_from([torch.int64, torch.int64, torch.int64, torch.int32, torch.float32])


LONG = st.just(torch.int64)


@st.composite
def places(draw: Any, most: int = 3, kinds: Any = LONG) -> Any:
    """An integer tensor with small numbers."""
    shape = draw(st.lists(st.integers(0, 3), max_size=most))
    return torch.zeros(shape, dtype=draw(kinds))


@st.composite
def picks(draw: Any, most: int = 2, kinds: Any = LONG) -> Any:
    """An integer tensor with numbers that may be out of range."""
    made = draw(places(most, kinds))
    return made + torch.arange(made.numel()).view(made.shape) - draw(st.integers(0, 1))


@st.composite
def masks(draw: Any, most: int = 3) -> Any:
    shape = draw(st.lists(st.integers(0, 3), max_size=most))
    kind = draw(st.sampled_from([torch.bool, torch.bool, torch.bool, torch.uint8]))
    return torch.ones(shape, dtype=kind)


@st.composite
def fitting(draw: Any) -> Any:
    """A tensor, and an index with a mask of the sizes of some of its axes."""
    made = draw(tensors(1, 3))
    first = draw(st.integers(0, made.dim() - 1))
    last = draw(st.integers(first, made.dim()))
    mask = torch.ones(made.shape[first:last], dtype=torch.bool)
    return made, (*(slice(None),) * first, mask, *draw(lists(PARTS, 0, 1)))


PARTS = st.one_of(
    st.integers(-4, 4),
    st.builds(slice, BOUNDS, BOUNDS, st.none() | st.integers(0, 3)),
    st.just(slice(None)),
    st.none(),
    st.just(...),
    st.booleans(),
    picks(kinds=INDEX_KINDS),
    masks(2),
    lists(st.integers(-2, 2), 0, 3),
    lists(st.booleans(), 1, 3),
    lists(lists(st.integers(0, 1), 1, 2), 1, 2),
    st.just(range(2)),
    st.just(torch.tensor(1)),
    st.just(1.0),
    st.just("a"),
)
INDEX = lists(PARTS, 0, 4).map(tuple) | lists(PARTS, 0, 3) | PARTS
VALUES = st.one_of(
    tensors(),
    tensors(0, 2),
    st.sampled_from([1, 0.5, True, 1j, None, "a", [1.0], [[1.0, 2.0]], torch.tensor([1, 2])]),
)
draw("operator.getitem", typed(), INDEX)
together("operator.getitem", fitting())
draw("operator.setitem", typed().map(torch.clone), INDEX, VALUES)
together("operator.setitem", st.tuples(fitting(), VALUES).map(lambda p: (*p[0], p[1])))

draw("torch.select", typed(4, 1), st.integers(-2, 1), st.integers(-5, 4))
draw("torch.narrow torch.narrow_copy", typed(), AXES, st.integers(-4, 4), st.integers(-1, 4))
draw("Tensor.unfold", typed(), AXES, st.integers(-1, 4), st.integers(-1, 3))
draw("torch.diagonal", typed(), st.integers(-3, 3), AXES, AXES)
draw(
    "torch.linalg.diagonal",
    tensors(),
    offset=st.integers(-3, 3),
    dim1=AXES,
    dim2=AXES,
)
draw("torch.diag", typed(), st.integers(-3, 3))
draw("torch.diag_embed", typed(3), st.integers(-2, 2), AXES, AXES)
draw("torch.diag_embed torch.diagflat", typed(), st.integers(-2, 2))
draw("torch.tril torch.triu", typed(), st.integers(-2, 2))
draw("torch.tril_indices torch.triu_indices", st.integers(-1, 4), SIZES, st.integers(-1, 1))

INDICES = picks(kinds=INDEX_KINDS)
FEW = places(kinds=INDEX_KINDS)
SOLID = tensors(small=1).map(torch.clone)
draw("torch.index_select", typed(), AXES, INDICES)
draw("torch.gather", typed(4, 1), AXES, FEW)
draw("torch.take", typed(4, 1), FEW)
draw("torch.take_along_dim", typed(4, 1), FEW, AXES | st.none())
draw("torch.masked_fill", typed(), masks(), st.sampled_from([1, 1.0, True, torch.tensor(2.0)]))
draw("torch.masked_fill", typed(), masks(), tensors(0, 1))
draw("torch.masked_select", typed(), masks())
ANY = typed(3) | st.sampled_from([1, 0.5, True])
draw("torch.where", masks() | typed(2), ANY, ANY)
draw("Tensor.where", typed(3), masks() | typed(2), ANY)
draw("torch.where", typed())
draw("torch.nonzero", typed(), as_tuple=st.booleans())
draw("torch.argwhere", typed())
draw("torch.nn.functional.one_hot", FEW, st.integers(-2, 3))


@st.composite
def written(draw: Any) -> Any:
    """A tensor, an axis, an index that mostly fits it, and a source that mostly fits that."""
    made = draw(tensors(0, 3, 1)).clone().to(draw(KINDS))
    shape = [draw(st.integers(0, size)) for size in made.shape]
    if shape and draw(st.integers(0, 4)) == 0:
        shape[draw(st.integers(0, len(shape) - 1))] += draw(st.integers(1, 3))
    index = torch.zeros(shape, dtype=draw(INDEX_KINDS))
    larger = [size + draw(st.integers(0, 1)) for size in shape]
    source = torch.zeros(larger, dtype=draw(st.just(made.dtype) | KINDS))
    return made, draw(AXES), index, source


REDUCTIONS = st.sampled_from(["sum", "prod", "mean", "amax", "amin", "max"])
PLAIN = st.sampled_from(["add", "multiply", "mean"])
together("torch.scatter torch.scatter_add", written())
together("torch.scatter", written(), reduce=PLAIN)
together(
    "torch.scatter",
    st.tuples(written(), st.sampled_from([1, 0.5])).map(lambda p: (*p[0][:3], p[1])),
)
draw("torch.scatter torch.scatter_add", SOLID, AXES, FEW, tensors())
together("torch.scatter_reduce", st.tuples(written(), REDUCTIONS).map(lambda p: (*p[0], p[1])))
draw("torch.scatter_reduce", SOLID, AXES, FEW, tensors(), REDUCTIONS)


@st.composite
def slices(draw: Any) -> Any:
    """A tensor, an axis, an index, and a source with a slice for each number of it."""
    made = draw(tensors(0, 3)).clone().to(draw(KINDS))
    axis = draw(AXES)
    index = draw(picks(1, INDEX_KINDS))
    shape = list(made.shape)
    if shape and -len(shape) <= axis < len(shape):
        shape[axis] = index.numel()
    if shape and draw(st.integers(0, 4)) == 0:
        shape[draw(st.integers(0, len(shape) - 1))] = draw(SIZES)
    return made, axis, index, torch.zeros(shape, dtype=draw(st.just(made.dtype) | KINDS))


together("torch.index_add torch.index_copy", slices())
draw("torch.index_add torch.index_copy", SOLID, AXES, places(2), tensors())
draw("torch.index_fill", typed().map(torch.clone), AXES, INDICES, st.sampled_from([1, 1.0]))
draw("torch.index_fill", typed().map(torch.clone), AXES, INDICES, tensors(0, 1))
draw("torch.put", SOLID, FEW, typed())
draw(
    "torch.index_put",
    SOLID,
    lists(INDICES | masks(2).filter(torch.Tensor.dim), 0, 3).map(tuple),
    tensors(0, 2),
    st.booleans(),
)
draw(
    "torch.select_scatter",
    typed(2, 1).map(torch.clone),
    typed(1, 1),
    st.integers(-2, 1),
    st.integers(-3, 4),
)


@st.composite
def cut(draw: Any) -> Any:
    """A tensor, a part of the size of a slice of it, and the slice."""
    made = draw(tensors(1, 3, 1))
    axis = draw(st.integers(0, made.dim() - 1))
    start, end, step = draw(BOUNDS), draw(BOUNDS), draw(st.integers(1, 2))
    shape = list(made.shape)
    shape[axis] = len(range(*slice(start, end, step).indices(shape[axis])))
    return made, torch.zeros(shape), axis, start, end, step


together("torch.slice_scatter", cut())
draw(
    "torch.slice_scatter",
    tensors(1, 2, 1),
    tensors(1, 2, 1),
    st.integers(-2, 1),
    BOUNDS,
    BOUNDS,
    st.integers(0, 2),
)
draw("Tensor.fill_diagonal_", typed(3).map(torch.clone), st.just(1.0), st.booleans())
draw("torch.diagonal_scatter", tensors(2, 3), tensors(1, 2))
draw("torch.diagonal_scatter", tensors(1, 2), tensors(0, 1), st.integers(-2, 2), AXES, AXES)
draw("Tensor.masked_fill_", typed().map(torch.clone), masks(), st.sampled_from([1, 1.0]))
draw("torch.masked_scatter", typed().map(torch.clone), masks(2), tensors(0, 2))
draw("Tensor.copy_", typed().map(torch.clone), typed())
