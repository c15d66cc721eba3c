"""Reductions, orderings, norms and distances against CPU torch."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conv_lsp.axes import Source, field
from conv_lsp.values import Tensor, Unknown
from conv_lsp.windows import GLOBAL, IDENTITY
from tests.judge import AXES, SETTINGS, agree, agree_layer, each, tensors, torch
from tests.opcheck import outcome, run

F = torch.nn.functional
L = torch.linalg
FEW = settings(SETTINGS, max_examples=30)
FULL = tensors(0, 4, 1)
FLAGS = st.booleans()
SEVERAL = st.none() | AXES | st.lists(st.integers(-3, 3), max_size=3).map(tuple)
ONE = st.none() | AXES

# op: the strategies of its arguments, and of its keywords
DRAW: dict[str, tuple[Any, ...]] = {
    "sum": (FULL, SEVERAL, FLAGS),
    "nansum": (FULL, SEVERAL, FLAGS),
    "mean": (FULL, SEVERAL, FLAGS),
    "nanmean": (FULL, SEVERAL, FLAGS),
    "amax": (FULL, AXES | st.lists(st.integers(-3, 3), max_size=3).map(tuple), FLAGS),
    "amin": (FULL, AXES, FLAGS),
    "all": (FULL, SEVERAL, FLAGS),
    "any": (FULL, SEVERAL, FLAGS),
    "logsumexp": (FULL, AXES, FLAGS),
    "argmax": (FULL, ONE, FLAGS),
    "argmin": (FULL, ONE, FLAGS),
    "prod": (FULL, AXES, FLAGS),
    "count_nonzero": (FULL, SEVERAL),
    "norm": (FULL, st.just(2), SEVERAL, FLAGS),
    "var": (FULL, SEVERAL, FLAGS, FLAGS),
    "std": (FULL, AXES, FLAGS),
    "var_mean": (FULL, SEVERAL, FLAGS, FLAGS),
    "std_mean": (FULL, AXES),
    "max": (FULL, AXES, FLAGS),
    "min": (FULL, AXES, FLAGS),
    "median": (FULL, AXES, FLAGS),
    "nanmedian": (FULL, AXES, FLAGS),
    "mode": (FULL, AXES, FLAGS),
    "kthvalue": (FULL, st.integers(0, 5), AXES, FLAGS),
    "topk": (FULL, st.integers(-1, 5), AXES),
    "sort": (FULL, AXES, FLAGS),
    "argsort": (FULL, AXES, FLAGS),
    "msort": (FULL,),
    "cumsum": (FULL, AXES),
    "cumprod": (FULL, AXES),
    "cummax": (FULL, AXES),
    "cummin": (FULL, AXES),
    "logcumsumexp": (FULL, AXES),
    "quantile": (FULL, st.sampled_from([0.5, torch.tensor([0.1, 0.2])]), ONE, FLAGS),
    "diff": (tensors(1, 4, 1), st.integers(0, 4), AXES),
    "trace": (FULL,),
    "histc": (FULL, st.integers(1, 5)),
    "unique": (FULL, FLAGS, FLAGS, FLAGS),
    "unique_consecutive": (FULL, st.just(False), FLAGS),
    "renorm": (tensors(2, 4, 1), st.just(2), AXES, st.just(1.0)),
}


@pytest.mark.parametrize("name", DRAW)
def test_agrees_with_torch(name: str) -> None:
    @FEW
    @given(st.tuples(*DRAW[name]))
    def check(args: Any) -> None:
        agree(f"torch.{name}", getattr(torch, name), *args)
        if hasattr(torch.Tensor, name):
            agree(f"Tensor.{name}", getattr(torch.Tensor, name), *args)

    check()


@pytest.mark.parametrize(
    "name", "sum mean max min median all any argmax std var prod mode sort topk aminmax".split()
)
def test_without_an_axis(name: str) -> None:
    more = (1,) if name == "topk" else ()
    for shape in ((2, 3, 4), (3,), ()):
        agree(f"torch.{name}", getattr(torch, name), torch.ones(shape), *more)
    ones = torch.ones(2, 3, dtype=torch.int64)
    if name not in ("mean", "std", "var"):
        agree(f"torch.{name}", getattr(torch, name), ones, *more)
    if name in ("sum", "max", "all", "any", "prod"):
        agree(f"torch.{name}", getattr(torch, name), ones > 0)


def test_other_forms() -> None:
    a, b = torch.ones(2, 3), torch.ones(3)
    agree("torch.max", torch.max, a, b)
    agree("Tensor.min", torch.Tensor.min, a, other=b)
    agree("torch.max", torch.max, a, torch.ones(2))
    agree("torch.std", torch.std, a, False)
    agree("torch.std", torch.std, a, dim=1, unbiased=False, keepdim=True)
    agree("torch.var", torch.var, a, dim=(0, 1), correction=0)
    agree("torch.sum", torch.sum, a, axis=1, keepdims=True)
    agree("torch.sum", torch.sum, a, dtype=torch.float64)
    agree("torch.aminmax", torch.aminmax, a, dim=1, keepdim=True)
    agree("torch.sort", torch.sort, a, stable=True, dim=0)
    agree("torch.unique", torch.unique, a, return_inverse=True, dim=0)
    agree("torch.bincount", torch.bincount, torch.ones(4, dtype=torch.int64))
    agree("torch.bincount", torch.bincount, torch.ones(4, 1, dtype=torch.int64))


def test_fields_have_the_names_of_torch() -> None:
    found, _ = run("torch.max", Tensor((2, 3)), 1)
    assert found.values.shape == (2,)
    assert found.indices.dtype == "int64"
    found, _ = run("torch.aminmax", Tensor((2, 3)))
    assert found.min.shape == found.max.shape == ()


def test_an_axis_that_is_not_known() -> None:
    assert outcome("torch.sum", Tensor((2, 3)), Unknown("")) == "unknown"
    assert outcome("torch.mean", Tensor((2, 3)), (0, Unknown(""))) == "unknown"


def test_reduced_axes_are_seen_whole() -> None:
    rows, columns = Source("H"), Source("W")
    result, _ = run("torch.mean", Tensor((2, 3), (rows, columns)), 1)
    assert field(result.axes[0], rows) == IDENTITY
    assert field(result.seen, columns) == GLOBAL


# -- norms and distances ----------------------------------------------------------------------

ORDERS = st.sampled_from([None, 2])
NORMS: dict[str, tuple[Any, ...]] = {
    "torch.linalg.norm": (L.norm, FULL, ORDERS, SEVERAL, FLAGS),
    "torch.linalg.vector_norm": (L.vector_norm, FULL, st.just(2), SEVERAL, FLAGS),
    "torch.linalg.matrix_norm": (L.matrix_norm, FULL, st.just("fro"), st.just((-2, -1)), FLAGS),
    "torch.nn.functional.normalize": (F.normalize, FULL, st.just(2.0), AXES),
    "torch.pdist": (torch.pdist, FULL),
}


@pytest.mark.parametrize("path", NORMS)
def test_norms(path: str) -> None:
    each(path, *NORMS[path])


@st.composite
def pairs(draw: Any, least: int = 0) -> Any:
    """Two tensors that mostly broadcast."""
    shape = draw(st.lists(st.integers(1, 4), min_size=least, max_size=3))
    other = [draw(st.sampled_from([s, s, s, 1, 3])) for s in shape]
    return torch.ones(shape), torch.ones(other[draw(st.integers(0, len(other) - least)) :])


def test_distances() -> None:
    @SETTINGS
    @given(pairs(), AXES, FLAGS)
    def check(made: Any, dim: int, keep: bool) -> None:
        agree("torch.dist", torch.dist, *made)
        agree("torch.nn.functional.cosine_similarity", F.cosine_similarity, *made, dim)
        pairwise = "torch.nn.functional.pairwise_distance"
        agree(pairwise, F.pairwise_distance, *made, keepdim=keep)

    check()


def test_all_pairs() -> None:
    each("torch.cdist", torch.cdist, tensors(1, 3, 1), tensors(1, 3, 1))
    agree("torch.cdist", torch.cdist, torch.ones(2, 3, 4), torch.ones(5, 4))


def test_layers() -> None:
    agree_layer("torch.nn.CosineSimilarity", (-1,), torch.ones(2, 3), torch.ones(3))
    made = (2.0, 1e-6, True)
    agree_layer("torch.nn.PairwiseDistance", made, torch.ones(2, 3), torch.ones(3))
