"""New tensors: of sizes, of numbers, at random."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from tests.judge import SIZES, lists, tensors, torch
from tests.ops.shaping import FORMATS, KINDS, typed
from tests.ops.table import draw, together

SHAPE = lists(st.integers(-1, 3))
DTYPES = KINDS | st.none()
NUMBERS = st.integers(-4, 6) | st.sampled_from([0.5, -1.5, 2.25])
VALUES = NUMBERS | st.booleans() | st.just(1j)
NESTED = st.recursive(
    NUMBERS | st.booleans(), lambda inner: st.lists(inner, max_size=3), max_leaves=4
)
ARRAYS = st.sampled_from(
    [np.zeros((2, 3)), np.zeros(4, dtype="int64"), np.ones((), dtype="float32")]
)
FLAG = st.booleans()

SIZED = "torch.zeros torch.ones torch.empty torch.rand torch.randn"
draw(SIZED, SHAPE, dtype=DTYPES, requires_grad=st.just(False))
together(SIZED, SHAPE, dtype=DTYPES)
draw(SIZED, size=SHAPE)
NEW = "Tensor.new_zeros Tensor.new_ones Tensor.new_empty"
draw(NEW, typed(), SHAPE, dtype=DTYPES)
together(NEW, st.tuples(typed(2), SHAPE).map(lambda p: (p[0], *p[1])), dtype=DTYPES)
draw("Tensor.new_full", typed(), SHAPE, VALUES, dtype=DTYPES)
draw("Tensor.new_tensor", typed(2), NESTED, dtype=DTYPES)
together("Tensor.new", st.tuples(typed(2), lists(SIZES, 0, 3)).map(lambda p: (p[0], *p[1])))
draw("Tensor.new", typed(2), lists(st.integers(0, 3)))

LIKE = "torch.zeros_like torch.ones_like torch.empty_like torch.rand_like torch.randn_like"
draw(LIKE, typed(), dtype=DTYPES, memory_format=FORMATS)
draw("torch.full_like", typed(), VALUES, dtype=DTYPES, memory_format=FORMATS)
draw("torch.full", SHAPE, VALUES, dtype=DTYPES)
draw("torch.randint_like", typed(), st.integers(-2, 5), dtype=DTYPES)
draw("torch.randint_like", typed(), st.integers(-2, 5), st.integers(-2, 5))
draw("torch.randint", st.integers(-1, 5), SHAPE, dtype=DTYPES)
draw("torch.randint", st.integers(-1, 3), st.integers(0, 5), SHAPE, dtype=DTYPES)
draw("torch.randperm", st.integers(-1, 4), dtype=DTYPES)
draw("torch.eye", st.integers(-1, 4), st.integers(-1, 4), dtype=DTYPES)
draw("torch.eye", st.integers(-1, 4))

draw("torch.arange", NUMBERS, dtype=DTYPES)
draw("torch.arange torch.range", NUMBERS, NUMBERS, dtype=DTYPES)
draw("torch.arange torch.range", NUMBERS, NUMBERS, NUMBERS, dtype=DTYPES)
draw("torch.linspace torch.logspace", NUMBERS, NUMBERS, st.integers(-1, 5), dtype=DTYPES)
draw("torch.logspace", NUMBERS, NUMBERS, st.integers(-1, 5), st.sampled_from([2, 10.0]))
WINDOWS = " ".join(f"torch.{w}_window" for w in "hann hamming blackman bartlett kaiser".split())
draw(WINDOWS, st.integers(-1, 4), FLAG, dtype=DTYPES)

draw("torch.tensor", NESTED | typed(2) | ARRAYS, dtype=DTYPES)
draw("torch.as_tensor torch.asarray", NESTED | typed(2) | ARRAYS, dtype=DTYPES)
draw("torch.scalar_tensor", VALUES, dtype=DTYPES)
draw("torch._shape_as_tensor", tensors())
draw("torch.from_numpy", ARRAYS)
draw("torch.from_dlpack torch.utils.dlpack.from_dlpack", typed(2) | ARRAYS)

CLASSES = """FloatTensor DoubleTensor HalfTensor BFloat16Tensor LongTensor IntTensor ShortTensor
CharTensor ByteTensor BoolTensor"""
MAKERS = " ".join(f"torch.{name}" for name in CLASSES.split())
together(MAKERS, lists(SIZES, 0, 3))
draw(MAKERS, lists(st.integers(0, 3)))
draw("builtins.Tensor", lists(st.integers(0, 3)) | SIZES)

SPREAD = st.sampled_from([0.0, 0.5, 1.0, 2])
draw("torch.normal", typed(3, 1), typed(3, 1))
draw("torch.normal", typed(3), SPREAD)
draw("torch.normal", SPREAD, typed(3))
draw("torch.normal", SPREAD, SPREAD, SHAPE, dtype=DTYPES)
draw("torch.normal", SPREAD, SPREAD)
draw("torch.bernoulli torch.poisson", typed())
draw("torch.bernoulli", typed(), st.sampled_from([0.0, 0.5, 1]))
CHANCES = typed(3, 1).map(torch.ones_like)
draw("torch.multinomial", CHANCES, st.integers(-1, 4), FLAG)
draw("torch.complex torch.polar", typed(3), typed(3))
draw("torch.complex torch.polar", tensors(0, 3), tensors(0, 3))
