"""Linear layers and products of matrices: what the draws of tests/ops do not reach."""

from __future__ import annotations

from conv_lsp.axes import NO_LINK, Source, field
from conv_lsp.dims import symbol
from conv_lsp.values import Tensor, Unknown
from conv_lsp.windows import GLOBAL, IDENTITY
from tests.opcheck import Host, apply, call_value, run


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
