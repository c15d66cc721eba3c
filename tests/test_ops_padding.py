"""What padding sees, and what it says of symbols and of what is not known."""

from __future__ import annotations

from conv_lsp.axes import Source, field
from conv_lsp.dims import symbol
from conv_lsp.values import Tensor, Unknown
from conv_lsp.windows import Field
from tests import opcheck


def test_symbols_and_links() -> None:
    height = Source("H")
    image = Tensor((symbol("N"), 3, symbol("H"), 8), (None, None, height, None))
    output, findings = opcheck.run("torch.nn.functional.pad", image, (0, 1, 2, 3), "reflect")
    assert not findings
    assert output.shape == (symbol("N"), 3, symbol("H") + 5, 9)
    assert field(output.axes[2], height) == Field(1, 1, ((-2, -2),))


def test_padding_that_is_not_known_keeps_the_rank() -> None:
    output, _ = opcheck.run("torch.nn.functional.pad", Tensor((2, 3, 4, 4)), Unknown("why"))
    assert len(output.shape) == 4
    assert not any(isinstance(n, int) for n in output.shape)
