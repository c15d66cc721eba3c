"""Linear layers, products of matrices, einsum and linear algebra against CPU torch."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conv_lsp.axes import NO_LINK, Source, field
from conv_lsp.dims import symbol
from conv_lsp.values import Tensor, Unknown
from conv_lsp.windows import GLOBAL, IDENTITY
from tests.judge import AXES, SETTINGS, agree, agree_layer, each, tensors, torch
from tests.opcheck import Host, apply, call_value, run

F = torch.nn.functional
FEW = settings(SETTINGS, max_examples=20)
SIZE = st.integers(1, 4)


@st.composite
def chained(draw: Any, *ranks: tuple[int, int], batch: bool = True) -> Any:
    """Tensors whose last axes mostly fit those of the next, with mostly equal batches."""
    inner = draw(st.lists(SIZE, min_size=len(ranks) + 1, max_size=len(ranks) + 1))
    outer = draw(st.lists(SIZE, min_size=3, max_size=3))
    made = []
    for i, (least, most) in enumerate(ranks):
        rank = draw(st.integers(least, most))
        rows = inner[i] if draw(st.integers(0, 6)) else draw(SIZE)
        shape = [*outer, rows, inner[i + 1]][5 - rank :] if rank > 1 else [rows][:rank]
        if rank == 1 and i == 0:
            shape = [inner[1]]
        if rank > 2 and not draw(st.integers(0, 4)):
            shape[0] = draw(st.sampled_from([1, 2]))
        made.append(torch.ones(shape))
    return made


PRODUCTS: dict[str, tuple[tuple[int, int], ...]] = {
    "matmul": ((0, 4), (0, 4)),
    "mm": ((2, 2), (2, 2)),
    "bmm": ((3, 3), (3, 3)),
    "mv": ((2, 2), (1, 1)),
    "dot": ((1, 1), (1, 1)),
    "outer": ((1, 1), (1, 2)),
    "kron": ((0, 3), (0, 3)),
    "inner": ((0, 3), (0, 3)),
    "addmm": ((0, 2), (2, 2), (2, 2)),
    "addmv": ((0, 1), (2, 2), (1, 1)),
    "baddbmm": ((0, 3), (3, 3), (3, 3)),
    "addbmm": ((0, 2), (3, 3), (3, 3)),
    "addr": ((0, 2), (1, 1), (1, 1)),
    "chain_matmul": ((2, 2), (2, 2), (2, 2)),
}


@pytest.mark.parametrize("name", PRODUCTS)
@pytest.mark.filterwarnings("ignore")
def test_products(name: str) -> None:
    @FEW
    @given(chained(*PRODUCTS[name]))
    def check(made: Any) -> None:
        agree(f"torch.{name}", getattr(torch, name), *made)
        if hasattr(torch.Tensor, name):
            agree(f"Tensor.{name}", getattr(torch.Tensor, name), *made)

    check()


def test_wrong_ranks_and_sizes() -> None:
    for name in ("mm", "bmm", "mv", "dot", "outer"):
        for left in ((3,), (2, 3), (4, 2, 3)):
            for right in ((3,), (3, 2), (4, 3, 2), (2,)):
                agree(f"torch.{name}", getattr(torch, name), torch.ones(left), torch.ones(right))


def test_tensordot() -> None:
    dims = st.integers(-1, 3) | st.sampled_from([([0], [0]), ([1, 2], [0, 1]), ([-1], [0])])
    each("torch.tensordot", torch.tensordot, tensors(1, 3, 1), tensors(1, 3, 1), dims)


# -- linear -----------------------------------------------------------------------------------


def test_linear() -> None:
    @SETTINGS
    @given(tensors(0, 4, 1), st.sampled_from([(2, 3), (3,), (4, 1), (1, 2, 3)]), st.integers(0, 3))
    def check(given_: Any, weight: Any, bias: int) -> None:
        path = "torch.nn.functional.linear"
        more = (torch.ones(bias),) if bias and len(weight) == 2 else ()
        agree(path, F.linear, given_, torch.ones(weight), *more)

    check()


@pytest.mark.parametrize("shape", [(3,), (2, 3), (2, 5, 3), (2, 4), (0, 3), ()])
def test_layers(shape: tuple[int, ...]) -> None:
    agree_layer("torch.nn.Linear", (3, 7), torch.ones(shape))
    agree_layer("torch.nn.Linear", (3, 7, False), torch.ones(shape))


def test_bilinear() -> None:
    shapes = [((2, 3), (2, 4)), ((3,), (4,)), ((7, 2, 3), (7, 2, 4)), ((2, 3), (2, 3))]
    shapes += [((7, 2, 3), (2, 4)), ((1, 3), (2, 4))]
    for first, second in shapes:
        agree_layer("torch.nn.Bilinear", (3, 4, 5), torch.ones(first), torch.ones(second))


def test_a_lazy_layer_takes_the_features_of_its_first_input() -> None:
    layer, _ = run("torch.nn.LazyLinear", 7)
    assert apply(layer, Tensor((2, 3)))[0].shape == (2, 7)
    assert layer.weight.shape == (7, 3)
    assert apply(layer, Tensor((2, 4)))[1][0][0] == "linear-features"


def test_an_input_of_unknown_rank_is_told_its_features() -> None:
    layer, _ = run("torch.nn.Linear", 3, 7)
    host = Host()
    result = call_value(layer, (Tensor(Unknown("input")),), {}, host)
    assert isinstance(result.shape, Unknown)
    assert host.refined == [(symbol("N"), 3)]


def test_undecided_sizes_are_no_finding() -> None:
    layer, _ = run("torch.nn.Linear", symbol("d"), 7)
    result, findings = apply(layer, Tensor((2, symbol("W"))))
    assert not findings
    assert result.shape == (2, 7)
    assert layer.describe() == "Linear(d → 7)"
    assert layer.macs(Tensor((2, 3)), result) == 14 * symbol("d")


def test_links_of_products() -> None:
    rows, columns, depth = Source("H"), Source("W"), Source("D")
    left, right = Tensor((2, 3), (rows, depth)), Tensor((3, 4), (None, columns))
    result, _ = run("torch.matmul", left, right)
    assert field(result.axes[0], rows) == field(result.axes[1], columns) == IDENTITY
    assert field(result.seen, depth) == GLOBAL
    assert field(result.axes[0], depth) is NO_LINK
    summed, _ = run("torch.einsum", "ij,jk->k", left, right)
    assert field(summed.seen, rows) == GLOBAL
    assert field(summed.axes[0], columns) == IDENTITY


# -- einsum -----------------------------------------------------------------------------------

EQUATIONS = (
    "ij,jk->ik|ij,jk|ij->ji|ba|ii->i|ii|...ij,...jk|...ij->...ji|b...->...|...i->i|ijk|i|ij->ik|"
    "ij->ii|i1->i|ij->|ij,ij->ij|i j , j k -> i k|ij->i->j|i...j...|ij,->ij|,|...,...->...|ij-->i|"
    "...ij,...jk->ik|ij->i...|iJ,J->i|Ji|bhid,bhjd->bhij|ijk,ilm,njm,nlk,abc->|i,i,i->i|..i->i|"
)


@pytest.mark.parametrize("equation", EQUATIONS.split("|"))
def test_einsum(equation: str) -> None:
    count = equation.partition("->")[0].count(",") + 1

    @FEW
    @given(st.lists(tensors(0, 4, 1), min_size=min(count, 2), max_size=min(count, 2) + 1))
    def check(made: Any) -> None:
        agree("torch.einsum", loose, equation, *made)

    check()
    sizes = {letter: 2 + i % 3 for i, letter in enumerate("ijkbaJhdlmnc")}
    letters = [
        [c for c in part if c.isalpha()] for part in equation.split("->", maxsplit=1)[0].split(",")
    ]
    fitting = [torch.ones([sizes[c] for c in part]) for part in letters]
    agree("torch.einsum", loose, equation, *fitting)
    agree("torch.einsum", loose, equation, fitting)


def loose(equation: str, *made: Any) -> Any:
    """einsum without its layout, which depends on how it is computed."""
    return torch.einsum(equation, *made).contiguous()


def test_einsum_with_lists_of_numbers() -> None:
    a, b = torch.ones(2, 3), torch.ones(3, 4)
    agree("torch.einsum", loose, a, [0, 1], b, [1, 2], [0, 2])
    agree("torch.einsum", loose, a, [0, 1], b, [1, 2])
    agree("torch.einsum", loose, a, [..., 0], [0, ...])


# -- linear algebra ---------------------------------------------------------------------------

LINALG = "inv matrix_exp det matrix_rank pinv svdvals eigvalsh qr svd eigh eig slogdet".split()


@pytest.mark.parametrize("name", LINALG)
def test_linear_algebra(name: str) -> None:
    for shape in ((2, 3, 3), (3, 3), (2, 3), (5, 3), (4,)):
        made = torch.eye(shape[-2], shape[-1]).expand(shape) if len(shape) > 1 else torch.ones(4)
        agree(f"torch.linalg.{name}", getattr(torch.linalg, name), made.contiguous())


def test_solve() -> None:
    for left, right in (
        ((3, 3), (3, 2)),
        ((3, 3), (3,)),
        ((2, 3, 3), (2, 3, 4)),
        ((3, 3), (4, 2)),
        ((2, 3), (2, 3)),
    ):
        a = torch.eye(left[-2], left[-1]).expand(left).contiguous()
        agree("torch.linalg.solve", torch.linalg.solve, a, torch.ones(right))


def test_multi_dot() -> None:
    made = [torch.ones(2, 3), torch.ones(3, 4), torch.ones(4, 5)]
    agree("torch.linalg.multi_dot", torch.linalg.multi_dot, made)
    agree("torch.linalg.multi_dot", torch.linalg.multi_dot, [torch.ones(3), *made[1:]])


def test_layouts_of_decompositions_are_not_said() -> None:
    agree("torch.linalg.svd", torch.linalg.svd, torch.eye(3, 5), full_matrices=False)
    agree("torch.svd", torch.svd, torch.eye(3, 5))
    agree("torch.linalg.qr", torch.linalg.qr, torch.eye(3, 5), mode="complete")


def test_axes_of_tensordot_are_checked() -> None:
    each(
        "torch.tensordot",
        torch.tensordot,
        tensors(1, 3, 1),
        tensors(1, 3, 1),
        st.tuples(AXES.map(lambda d: [d]), AXES.map(lambda d: [d])),
    )
