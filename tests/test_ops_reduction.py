"""Reductions, orderings, norms and distances: what the draws of tests/ops do not reach."""

from __future__ import annotations

from conv_lsp.axes import Source, field
from conv_lsp.values import Tensor, Unknown
from conv_lsp.windows import GLOBAL, IDENTITY
from tests.opcheck import outcome, run


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
