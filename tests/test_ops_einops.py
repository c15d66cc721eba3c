"""What is said of wrong patterns of einops, symbolic sizes, and the links of axes."""

from __future__ import annotations

import pytest

from conv_lsp.axes import Source, field
from conv_lsp.dims import symbol
from conv_lsp.values import Tensor
from conv_lsp.windows import GLOBAL, Field
from tests.opcheck import run


@pytest.mark.parametrize(
    ("pattern", "problem"),
    [
        ("b c h w", "there is no '->'"),
        ("a -> b -> c", "there has to be one '->'"),
        ("b c h w -> b h w", "'c' on one side only"),
        ("b b h w -> b h w", "'b' is twice on one side"),
        ("b (c (h) w) -> b c h w", "parentheses inside parentheses"),
        ("b c) h w -> b c h w", "a ')' without its '('"),
        ("(b c h w -> b c h w", "a '(' without its ')'"),
        ("b c h -> b c h", "it takes 3 dimensions, the tensor has 4"),
        ("b c h w ... e -> b c h w ... e", "it takes at least 5 dimensions, the tensor has 4"),
        ("b c (h p) w -> b c h p w", "the sizes of 'h' and 'p' cannot both be found"),
        ("b c h# w -> b c h w", "unknown character '#'"),
        ("b c _h w -> b c _h w", "'_h' starts or ends with an underscore"),
        ("b c 3 w -> b c w", "'3': rearrange takes no numbers but 1"),
        ("b c . w -> b c w", "dots may stand only as '...', and once on a side"),
        ("b c h w -> b c h w ...", "'...' is only on the right side"),
    ],
)
def test_each_mistake_has_its_own_sentence(pattern: str, problem: str) -> None:
    _, findings = run("einops.rearrange", Tensor((2, 3, 8, 8)), pattern)
    assert findings == [("einops-pattern", f"'{pattern}': {problem}")]


def test_symbolic_sizes() -> None:
    pattern = "b c (h p) (w q) -> b (h w) (p q c)"
    result, findings = run(
        "einops.rearrange", Tensor((symbol("N"), 3, 4 * symbol("H"), 8)), pattern, p=4, q=4
    )
    assert not findings
    assert result.shape == (symbol("N"), 2 * symbol("H"), 48)


def test_links() -> None:
    rows = Source("H")
    image = Tensor((1, 3, 32, 32), (None, None, rows, None))
    patches, _ = run("einops.rearrange", image, "b c (h p) w -> b h (p c w)", p=4)
    assert field(patches.axes[1], rows) == Field(1, 4, ((0, 3),))
    shuffled, _ = run("einops.rearrange", image, "b (c p) h w -> b c (h p) w", p=3)
    assert field(shuffled.axes[2], rows) == Field(3, 1, ((0, 0),) * 3)
    both = Tensor((1, 3, 32, 32), (None, None, rows, Source("W")))
    windows, _ = run("einops.rearrange", both, "b c (h p) w -> (b h) (p w) c", p=4)
    assert field(windows.axes[0], rows) is None
    pooled, _ = run("einops.reduce", image, "b c h w -> b c", "mean")
    assert field(pooled.seen, rows) == GLOBAL
