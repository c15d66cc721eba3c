"""Questions, strides by hand, fills, places."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.judge import AXES, SIZES, lists, tensors, torch
from tests.ops.indexing import INDICES, slices
from tests.ops.shaping import KINDS, LARGE, spread, typed
from tests.ops.table import draw, together, unjudged

OWN = typed(3).map(torch.clone)
draw("torch.is_same_size torch.equal", typed(2), typed(2))
draw("torch.allclose", typed(2), typed(2))
draw("torch.is_nonzero", typed(2))
draw("torch.is_signed torch.is_conj torch.is_neg torch.is_inference", typed())
draw("torch.is_distributed torch.get_device torch.typename torch.is_storage", typed())
draw("torch.typename torch.is_storage", st.sampled_from([1, 2.5, "x"]))
draw("Tensor.is_shared Tensor.is_pinned Tensor.nbytes Tensor.layout Tensor.is_leaf", typed())
draw("Tensor.output_nr Tensor.retains_grad Tensor.volatile", typed())
draw("Tensor.storage_offset Tensor.data_ptr", typed())
# Steps along an axis of size 1 are not followed.
draw("Tensor.dim_order", tensors(small=2))
draw("Tensor.is_set_to", typed(2), typed(2))
draw("torch.get_default_device")
ANY = typed(2) | st.sampled_from([1, 2.5, True, 1j])
DTYPES = st.sampled_from(
    [getattr(torch, n) for n in "bool uint8 int8 int64 float16 bfloat16 float64 complex64".split()]
)
draw("torch.result_type", ANY, ANY)
draw("torch.promote_types torch.can_cast", DTYPES, DTYPES)

NUMBER = st.integers(-3, 4) | st.sampled_from([0.5, 2.5])
draw("torch.sym_int torch.sym_float", NUMBER)
draw("torch.sym_not", st.booleans() | st.just(0.5))
draw("torch.sym_max torch.sym_min", NUMBER, NUMBER)
draw("torch.sym_sqrt", st.integers(0, 9))
draw("torch.sym_sum", lists(st.integers(-3, 4)))
draw("torch.sym_ite", st.booleans(), st.integers(0, 3), st.integers(0, 3) | st.just(0.5))

SHAPE = lists(st.integers(-1, 3), 0, 3)
STEPS = lists(st.integers(-1, 3), 0, 3)
draw("torch.empty_strided torch.empty_permuted", SHAPE, STEPS, dtype=DTYPES)
draw("torch.empty_strided", lists(SIZES, 2, 2), lists(SIZES, 2, 2))
draw("torch.empty_permuted", lists(SIZES, 3, 3), st.permutations(range(3)))
draw("Tensor.new_empty_strided", typed(1), lists(SIZES, 2, 2), lists(SIZES, 2, 2))
draw("Tensor.new_empty_strided", typed(1), SHAPE, STEPS, dtype=DTYPES)
draw("torch.as_strided_", LARGE.map(torch.clone), lists(SIZES, 2, 2), lists(SIZES, 2, 2), SIZES)


@st.composite
def part(draw: Any) -> Any:
    """A tensor, a source, and the strided part of the tensor that it replaces."""
    shape, steps = draw(lists(st.integers(1, 3), 2, 2)), draw(st.sampled_from([(6, 1), (36, 2)]))
    source = shape if draw(st.booleans()) else [2, 2]
    return torch.zeros(6, 6, 6), torch.zeros(source), shape, steps


together("torch.as_strided_scatter", part())

VALUES = st.sampled_from([1, 0.5, True, 1j, 300, torch.tensor(2.0), torch.ones(2)])
draw("torch.fill torch.fill_", OWN, VALUES)
draw("torch.zero_ torch.detach_ torch.conj torch.resolve_conj torch.resolve_neg", OWN)
draw("torch.resize_as_", OWN, OWN)
draw("torch.frombuffer", st.just(bytearray(16)), dtype=st.just(torch.int32), count=st.just(2))
together(
    "torch.frombuffer",
    st.just([bytearray(12)]),
    dtype=st.sampled_from([torch.int32, torch.float64]),
    offset=st.sampled_from([4, 12]),
)
draw("torch.unsafe_split", tensors(), st.integers(-1, 4), AXES)
draw("torch.unsafe_split", tensors(1, 3), st.integers(1, 4))
draw("torch.unsafe_split_with_sizes", tensors(1, 3), lists(st.integers(-1, 3)), AXES)
draw("torch.nonzero_static", typed(), size=st.integers(-1, 3))
WAYS = st.sampled_from(["prod", "mean", "amax", "amin", "sum"])
together("torch.index_reduce", st.tuples(slices(), WAYS).map(lambda p: (*p[0], p[1])))
together("Tensor.sum_to_size", st.tuples(tensors(0, 3, 1), lists(SIZES, 0, 3)).map(spread))
draw("Tensor.sum_to_size", tensors(0, 3, 1), lists(st.integers(1, 2), 0, 3))
CHANCE = tensors(0, 2).map(torch.zeros_like)
draw("torch.binomial", CHANCE, CHANCE)
draw("torch.binomial", typed(2, kinds=KINDS).map(torch.zeros_like), CHANCE)
draw("torch.unravel_index", INDICES.map(torch.zeros_like), lists(st.integers(1, 3), 1, 3))
draw("torch.unravel_index", INDICES.map(torch.zeros_like), st.integers(1, 3))

unjudged("Tensor.name Tensor.grad_dtype", "a thing of gradients")
unjudged("Tensor.untyped_storage Tensor.storage Tensor.const_data_ptr", "memory is not followed")
