"""What interpolation and rearranging of pixels see, and what they say of symbols."""

from __future__ import annotations

from typing import Any

from conv_lsp.axes import Source, field, whole
from conv_lsp.dims import symbol
from conv_lsp.values import Tensor, Unknown
from conv_lsp.windows import GLOBAL, Field
from tests import opcheck

FUNCTIONAL = "torch.nn.functional"


def test_symbols() -> None:
    h, w = symbol("H"), symbol("W")
    image = Tensor((symbol("N"), 3, h, w))
    for scale, sizes in (
        (2, (2 * h, 2 * w)),
        (0.5, (h // 2, w // 2)),
        (1.5, (3 * h // 2, 3 * w // 2)),
    ):
        output, findings = opcheck.run(f"{FUNCTIONAL}.interpolate", image, None, scale)
        assert not findings
        assert output.shape[2:] == sizes
    output, _ = opcheck.run(f"{FUNCTIONAL}.interpolate", image, None, 0.3)
    assert output.shape[2] not in (3 * h // 10, h)
    output, _ = opcheck.run(f"{FUNCTIONAL}.interpolate", image, None, Unknown("why"))
    assert len(output.shape) == 4


def links(path: str, *args: Any) -> Any:
    """The field on the height after an op on (2, 8, 8, 8)."""
    height = Source("H")
    image = Tensor((2, 8, 8, 8), (None, None, height, None))
    output, findings = opcheck.run(path, image, *args)
    assert not findings
    return field(output.axes[2], height)


def test_links() -> None:
    interpolate = f"{FUNCTIONAL}.interpolate"
    assert links(interpolate, None, 2) == Field(2, 1, ((0, 0), (0, 0)))
    assert links(interpolate, None, 2, "bilinear") == Field(2, 1, ((-1, 0), (0, 1)))
    assert links(interpolate, 4, None, "area") == Field(1, 2, ((0, 1),))
    assert links(interpolate, None, 2, "bicubic") == Field(2, 1, ((-2, 1), (-1, 2)))
    assert links("torch.pixel_shuffle", 2) == Field(2, 1, ((0, 0), (0, 0)))
    assert links("torch.pixel_unshuffle", 2) == Field(1, 2, ((0, 1),))
    assert links("torch.channel_shuffle", 2) == Field(1, 1, ((0, 0),))
    assert links(f"{FUNCTIONAL}.grid_sample", Tensor((2, 8, 8, 2))) is None


def test_blocks_lie_on_one_axis() -> None:
    height = Source("H")
    image = Tensor((2, 8, 8, 8), (None, None, height, None))
    output, _ = opcheck.run(f"{FUNCTIONAL}.unfold", image, 3)
    assert field(output.axes[2], height) is None
    assert field(whole(output.axes[2]), height) is GLOBAL
