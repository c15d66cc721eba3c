"""Products of vectors and matrices."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.judge import AXES, torch
from tests.ops._numbers import broadcast, laid_out, numbers, typed
from tests.ops.table import draw, together

MOSTLY = "ffffffffffffffihcb"


@st.composite
def chained(
    draw_: Any, *ranks: tuple[int, int], letters: str = MOSTLY, small: int | None = None
) -> Any:
    """Tensors whose last axes mostly fit those of the next, with mostly equal batches and types.

    Of tensors without elements torch does not always look at the types.
    """
    small = draw_(st.sampled_from([0, 1, 1, 1])) if small is None else small
    letters, other = (letters, 14) if small else ("fihc", 0)
    size = st.integers(small, 4)
    inner = draw_(st.lists(size, min_size=len(ranks) + 1, max_size=len(ranks) + 1))
    outer = draw_(st.lists(size, min_size=3, max_size=3))
    kind = draw_(typed(letters))
    made = []
    for i, (least, most) in enumerate(ranks):
        rank = draw_(st.integers(least, most))
        rows = inner[i] if draw_(st.integers(0, 9)) else draw_(size)
        shape = [*outer, rows, inner[i + 1]][5 - rank :] if rank > 1 else [rows][:rank]
        if rank == 1 and i == 0:
            shape = [inner[1]]
        if rank > 2 and not draw_(st.integers(0, 4)):
            shape[0] = draw_(st.sampled_from([1, 2]))
        one = draw_(laid_out(shape, "f"))
        made.append(one.to(draw_(typed()) if other and not draw_(st.integers(0, other)) else kind))
    return made


WIDE = (0, 4)
together("torch.matmul operator.matmul Tensor.__matmul__", chained(WIDE, WIDE))
together("operator.imatmul Tensor.__rmatmul__", chained((1, 3), (1, 3)))
together("torch.mm", chained((2, 2), (2, 2)) | chained((1, 3), (1, 3)))
together("torch.bmm", chained((3, 3), (3, 3)) | chained((2, 3), (2, 3)))
together("torch.mv", chained((2, 2), (1, 1)) | chained((1, 3), (1, 2)))
together("torch.dot torch.vdot", chained((1, 1), (1, 1)) | chained((0, 2), (0, 2)))
together("torch.outer", chained((1, 1), (1, 1)) | chained((1, 1), (1, 2), letters="fib"))
# Of operands in another layout, kron views its own product in a way that often does not fit it.
PRODUCTS = (broadcast() | chained((0, 3), (0, 3))).map(lambda p: [t.contiguous() for t in p])
together("torch.kron", PRODUCTS)
together("torch.inner", chained((0, 3), (0, 3)) | broadcast("ffffffi").map(lambda p: (p[0], p[0])))


@st.composite
def added(draw_: Any, *ranks: int) -> Any:
    """A product of two operands, and what is added to it."""
    a, b = draw_(chained(*((r, r) for r in ranks), small=1))
    try:
        shape = list(torch.matmul(a.abs().float(), b.abs().float()).shape)
    except RuntimeError:
        shape = [2, 2]
    shape = shape[1:] if draw_(st.integers(0, 3)) == 0 else shape
    shape = [n if draw_(st.integers(0, 5)) else 1 for n in shape]
    more = draw_(laid_out(shape, "f"))
    return [more.to(a.dtype if draw_(st.integers(0, 9)) else draw_(typed())), a, b]


SCALES = {"beta": st.sampled_from([2, 0.5]), "alpha": st.sampled_from([2, 0.5])}
together("torch.addmm", added(2, 2), **SCALES)
together("torch.addmv", added(2, 1), **SCALES)
together("torch.baddbmm", added(3, 3), **SCALES)
together("torch.addbmm", added(3, 3).map(lambda p: [p[0][:1].squeeze(0), *p[1:]]), **SCALES)
together("torch.addbmm", added(3, 3), **SCALES)
VECTORS = st.tuples(numbers(least=0, most=2), numbers(least=1, most=1), numbers(least=1, most=1))
FITTING = VECTORS.map(lambda p: (torch.outer(p[1], p[2]), *p[1:]))
together("torch.addr", VECTORS | FITTING, **SCALES)
together("torch.addmm", added(2, 2).map(lambda p: (1, p[0], 2, *p[1:])))
together("Tensor.addmm_ Tensor.addmm", added(2, 2).map(lambda p: (p[0], 1, *p[1:])))

together("torch.chain_matmul", chained((2, 2), (2, 2), (2, 2)) | chained((1, 2), (2, 3)))
LISTS = chained((1, 2), (2, 2), (1, 2)) | chained((1, 2), (1, 2)) | chained((0, 3), (1, 3), (2, 2))
draw("torch.linalg.multi_dot", LISTS | chained((2, 2)))

PLACES = st.integers(-3, 2)
PAIRS = st.lists(PLACES, max_size=2)
DIMS = (
    st.integers(-1, 3)
    | st.sampled_from([([0], [0]), ([1, 2], [0, 1]), ([-1], [0]), ((-1,), (-2,)), [[0, 1], [1, 0]]])
    | st.tuples(PAIRS, PAIRS)
    | st.tuples(PLACES, PLACES)
)
draw("torch.tensordot", numbers("f", 0, 3, 1), numbers("f", 0, 3, 1), DIMS)
together("torch.tensordot", chained((1, 3), (1, 3)).map(lambda p: (*p, 1)))
together("torch.tensordot", broadcast("ffffffi"))

together("torch.linalg.vecdot", broadcast("ffffffffc"), dim=AXES)
THREES = st.permutations([3, 3, 1, 2]).flatmap(lambda s: laid_out(s[:2], "f"))
together("torch.linalg.cross torch.cross", THREES.map(lambda t: (t, t)), dim=st.integers(-2, 2))
together("torch.linalg.cross torch.cross", st.tuples(THREES, THREES), dim=st.integers(-2, 1))
together("torch.linalg.cross torch.cross", broadcast())
draw("torch.cross Tensor.cross", laid_out([2, 3], "fffihb"), laid_out([2, 3], "fffih"), PLACES)
