"""Losses: what the draws of `tests/ops` do not say."""

from __future__ import annotations

from conv_lsp.dims import symbol
from conv_lsp.values import Tensor, Unknown
from tests.opcheck import outcome, run


def test_what_is_not_known() -> None:
    path = "torch.nn.functional.mse_loss"
    assert outcome(path, Tensor((2,)), Tensor((2,)), reduction=Unknown("")) == "unknown"
    scores, target = Tensor((symbol("N"), 3)), Tensor((symbol("M"),), dtype="int64")
    assert not run("torch.nn.functional.cross_entropy", scores, target)[1]
    _, findings = run(
        "torch.nn.functional.cross_entropy", scores, Tensor((symbol("N"), 1, 1), dtype="int64")
    )
    assert findings == [("loss-sizes", "input has shape (N, 3); the target has (N, 1, 1)")]
