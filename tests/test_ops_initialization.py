"""torch.nn.init: what the draws of `tests/ops` do not say."""

from __future__ import annotations

from conv_lsp.values import Tensor, Unknown
from tests.opcheck import run


def test_a_tensor_of_unknown_rank_stays_what_it_is() -> None:
    given = Tensor(Unknown("weight"))
    assert run("torch.nn.init.xavier_uniform_", given) == (given, [])
