"""Inverses, decompositions and systems of equations, of matrices that have them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.judge import torch
from tests.ops.table import draw, program, together

FLAG = st.booleans()
KINDS = st.sampled_from(
    [torch.float32, torch.float32, torch.float64, torch.complex64, torch.int64, torch.float16]
)
BATCH = st.sampled_from([(), (), (2,), (1,), (2, 3), (0,)])


@st.composite
def squares(draw: Any, kinds: Any = KINDS) -> Any:
    """Unit matrices, sometimes of another shape."""
    n = draw(st.integers(1, 4))
    m = draw(st.sampled_from([n, n, n, n, n + 1]))
    made = torch.eye(m, n, dtype=draw(kinds)).expand(*draw(BATCH), m, n).contiguous()
    return made[0] if made.dim() == 2 and not draw(st.integers(0, 9)) else made


@st.composite
def oblongs(draw: Any) -> Any:
    """Matrices of any shape, of which the first columns are those of a unit matrix."""
    m, n = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    made = torch.eye(m, n, dtype=draw(KINDS)).expand(*draw(BATCH), m, n).contiguous()
    return made[0] if made.dim() == 2 and not draw(st.integers(0, 9)) else made


draw("torch.linalg.inv torch.linalg.det torch.linalg.matrix_exp torch.linalg.slogdet", squares())
draw("torch.inverse torch.det torch.matrix_exp", squares())
draw("torch.linalg.eigvals torch.linalg.eig torch.logdet torch.slogdet", squares())
draw("torch.linalg.eigvalsh torch.linalg.eigh", squares(), st.sampled_from(["L", "U"]))
draw("torch.linalg.cholesky torch.linalg.cholesky_ex", squares(), upper=FLAG)
draw("torch.cholesky torch.cholesky_inverse", squares(), FLAG)
draw("torch.linalg.matrix_power torch.matrix_power", squares(), st.integers(-2, 3))
draw("torch.linalg.inv_ex torch.linalg.ldl_factor torch.linalg.ldl_factor_ex", squares())
draw("torch.linalg.matrix_rank torch.linalg.pinv", oblongs(), hermitian=FLAG)
draw("torch.pinverse torch.linalg.svdvals torch.geqrf", oblongs())
draw("torch.linalg.qr", oblongs(), st.sampled_from(["reduced", "complete", "r", "other"]))
draw("torch.qr", oblongs(), FLAG)
draw("torch.linalg.svd", oblongs(), FLAG)
draw("torch.svd", oblongs(), FLAG, FLAG)
draw("torch.linalg.lu torch.linalg.lu_factor torch.linalg.lu_factor_ex", oblongs())


@st.composite
def systems(draw: Any, *, vectors: bool = False) -> Any:
    """A unit matrix and what it is solved for; mostly of one batch and one dtype."""
    n, k, kind = draw(st.integers(1, 4)), draw(st.integers(1, 4)), draw(KINDS)
    batch = draw(BATCH)
    other = draw(st.sampled_from([batch, batch, (1,), (2,)]))
    rows = draw(st.sampled_from([n, n, n, n + 1]))
    second = draw(st.sampled_from([kind, kind, kind, torch.float32]))
    columns = (k,) if not vectors or draw(FLAG) else ()
    a = torch.eye(n, dtype=kind).expand(*batch, n, n).contiguous()
    return a, torch.ones((*other, rows, *columns), dtype=second)


together("torch.linalg.solve torch.linalg.solve_ex", systems(vectors=True), left=FLAG)
together("torch.linalg.solve_triangular", systems(), upper=FLAG, left=FLAG)
together("torch.cholesky_solve torch.triangular_solve", systems().map(lambda both: both[::-1]))
# What comes with the solution depends on the driver.
TALL = st.sampled_from([(3, 2), (2, 3), (4, 3, 2), (3,)])
RIGHT = st.sampled_from([(3, 4), (3,), (4, 3, 1), (4, 3), (2, 4)])
LEAST = "torch.linalg.lstsq(torch.ones({}), torch.ones({})).solution"
program("torch.linalg.lstsq", LEAST, TALL, RIGHT)


def pivots(pair: Any) -> Any:
    a, b = pair
    return a, torch.arange(1, a.shape[-1] + 1, dtype=torch.int32).expand(a.shape[:-1]), b


FACTORED = (
    systems().filter(lambda both: both[0].dtype in (torch.float32, torch.float64)).map(pivots)
)
together("torch.linalg.lu_solve", FACTORED)
# Of a batch of one that is broadcast, ldl_solve reads pivots that are not there, and may crash.
UNBROADCAST = FACTORED.filter(lambda all3: 1 not in all3[0].shape[:-2])
together("torch.linalg.ldl_solve", UNBROADCAST)
together("torch.lu_solve", FACTORED.map(lambda all3: (all3[2], all3[0], all3[1])))


@st.composite
def reflectors(draw: Any) -> Any:
    m, n, batch = draw(st.integers(1, 4)), draw(st.integers(1, 4)), draw(BATCH)
    return torch.ones(*batch, m, n), torch.ones(*batch, min(m, n))


together("torch.linalg.householder_product torch.orgqr", reflectors())
