"""Reductions, orderings, cumulative operations, statistics."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.judge import AXES, torch
from tests.ops._numbers import broadcast, laid_out, numbers
from tests.ops.table import draw, together

FULL = numbers()
FLAGS = st.booleans()
SEVERAL = st.none() | AXES | st.lists(st.integers(-3, 3), max_size=3).map(tuple)
NEAR = st.integers(-3, 2)
MANY = NEAR | st.lists(NEAR, max_size=2, unique_by=lambda axis: axis % 3).map(tuple)
FLOATS = st.sampled_from([None, torch.float64, torch.float32, torch.float16])
KINDS = FLOATS | st.sampled_from([torch.int32, torch.bool, torch.int64])
ROWS = numbers(least=1)
SORTABLE = numbers("fffihb")

SUMS = "torch.sum torch.nansum torch.mean torch.nanmean"
draw(SUMS, FULL, SEVERAL, FLAGS)
draw(SUMS, FULL, dtype=FLOATS, dim=MANY, keepdim=FLAGS)
draw("torch.sum", FULL, dtype=KINDS)
draw("torch.prod", FULL, AXES, FLAGS, dtype=KINDS)
draw("torch.prod", FULL, dim=AXES, keepdim=FLAGS, dtype=FLOATS)
draw("torch.all torch.any torch.var torch.std", FULL, SEVERAL, FLAGS)
draw("torch.all torch.any torch.amax torch.amin", FULL, dim=MANY, keepdim=FLAGS)
draw("torch.argmax torch.argmin", FULL, st.none() | AXES, FLAGS)
draw("torch.argmax torch.argmin torch.aminmax", FULL, dim=st.none() | NEAR, keepdim=FLAGS)
draw("torch.logsumexp torch.special.logsumexp torch.amax torch.amin", FULL, MANY | AXES, FLAGS)
draw("torch.count_nonzero", FULL, SEVERAL)
MOMENTS = "torch.var torch.std torch.var_mean torch.std_mean"
draw(MOMENTS, FULL, dim=SEVERAL, correction=st.integers(0, 2), keepdim=FLAGS)
draw(MOMENTS, FULL, SEVERAL, FLAGS, FLAGS)
draw(MOMENTS, FULL, FLAGS)
ORDERS = st.sampled_from(["fro", 2, 1, 0, float("inf"), None])
draw("torch.norm", FULL, p=ORDERS, dim=NEAR, dtype=FLOATS)

EXTREMES = "torch.max torch.min torch.median torch.nanmedian"
draw(EXTREMES, FULL)
draw(EXTREMES, FULL, AXES, FLAGS)
draw(EXTREMES, SORTABLE, dim=NEAR, keepdim=FLAGS)
together("torch.max torch.min", broadcast())
draw("torch.mode", FULL, AXES, FLAGS)
draw("torch.kthvalue", FULL, st.integers(0, 5), AXES, FLAGS)
draw("torch.topk", FULL, st.integers(-1, 5), AXES, largest=FLAGS)
draw("torch.sort torch.argsort", FULL, AXES, FLAGS)
draw("torch.sort torch.argsort", SORTABLE, dim=NEAR, stable=FLAGS, descending=FLAGS)
draw("torch.msort torch.trace torch.aminmax torch.unique torch.mode", SORTABLE | FULL)

CUMULATIVE = "torch.cumsum torch.cumprod"
draw(f"{CUMULATIVE} torch.cummax torch.cummin torch.logcumsumexp", FULL, AXES)
draw(CUMULATIVE, FULL, NEAR, dtype=KINDS)
draw("torch.renorm", numbers(least=1), st.just(2), AXES, st.just(1.0))
draw("torch.diff", FULL, st.integers(-1, 4), AXES)


@st.composite
def lengthened(draw_: Any) -> Any:
    """A tensor, an axis of it, and others that stand before and after it there."""
    shape = draw_(st.lists(st.integers(1, 3), min_size=1, max_size=3))
    axis = draw_(st.integers(-len(shape), len(shape) - 1))
    made = []
    for _ in range(3):
        made.append(draw_(laid_out(list(shape), "fffffi")))
        shape[axis] = draw_(st.integers(0, 2))
        if not draw_(st.integers(0, 5)):
            shape[0] += 1
    return made[0], draw_(st.integers(0, 2)), axis, *made[1:]


together("torch.diff", lengthened())

QUANTILES = st.sampled_from(
    [0.5, 1, torch.tensor([0.1, 0.2]), torch.tensor(0.3), torch.ones(2, 1), torch.ones(2).double()]
)
draw("torch.quantile torch.nanquantile", numbers("ffffffhi"), QUANTILES, st.none() | AXES, FLAGS)
draw(
    "torch.quantile torch.nanquantile",
    numbers("f", small=1),
    st.just(0.5),
    interpolation=st.sampled_from(["linear", "lower", "nearest", "odd"]),
)
draw("torch.histc", FULL, st.integers(-1, 5), st.just(0), st.integers(0, 3))
draw("torch.bincount", numbers("iiiiifb", 0, 2), minlength=st.integers(-1, 5))
draw("torch.unique", FULL, FLAGS, FLAGS, FLAGS, st.none() | AXES)
NAMED = {"return_inverse": FLAGS, "return_counts": FLAGS, "dim": st.none() | AXES}
draw("torch.unique_consecutive Tensor.unique_consecutive", FULL, **NAMED)

# -- norms ------------------------------------------------------------------------------------

INFINITE = float("inf")
PLACES = st.none() | NEAR | st.tuples(NEAR, NEAR) | st.tuples(NEAR)
ALL_ORDERS = st.sampled_from(
    [None, "fro", "nuc", 0, 1, 2, -1, -2, 3, 0.5, INFINITE, -INFINITE, "x"]
)
NUMBERS = st.sampled_from([0, 1, 2, -1, 3, 0.5, INFINITE, -INFINITE])
FLOATING = numbers("ffffffhci")
draw("torch.norm torch.linalg.norm", FLOATING, ALL_ORDERS, PLACES, FLAGS)
draw("torch.linalg.norm torch.linalg.matrix_norm", numbers("f", 2, 3, 1), ALL_ORDERS)
draw("torch.linalg.vector_norm", FLOATING, NUMBERS, SEVERAL, FLAGS, dtype=KINDS)
draw("torch.linalg.matrix_norm", FLOATING, ALL_ORDERS, PLACES, FLAGS)
draw("torch.linalg.matrix_norm torch.linalg.norm", numbers("ffhc", 2, 3, 1), dtype=KINDS)
draw("torch.frobenius_norm", FLOATING, NEAR | st.lists(NEAR, max_size=3).map(tuple), FLAGS)
draw("torch.nuclear_norm", FLOATING, keepdim=FLAGS, dim=st.tuples(NEAR, NEAR))
draw("torch.nuclear_norm", FLOATING, FLAGS | st.tuples(NEAR, NEAR), FLAGS)
