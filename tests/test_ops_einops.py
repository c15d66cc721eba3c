"""einops' functions and layers against einops itself, and what is said of wrong patterns."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conv_lsp.axes import Source, field
from conv_lsp.dims import symbol
from conv_lsp.values import Tensor
from conv_lsp.windows import GLOBAL, Field
from tests.judge import SETTINGS, agree, agree_layer_of, torch
from tests.opcheck import run

einops = pytest.importorskip("einops")
FEW = settings(SETTINGS, max_examples=40)
SIZE = st.sampled_from([1, 2, 3, 4, 6])


def ones(*shape: int) -> Any:
    return torch.ones(shape or (2, 3, 8, 8))


PATTERNS = """b c h w -> b (c h w)|b c h w -> b h w c|b c (h p) (w q) -> b (h w) (p q c)|
b c (h p) (w q) -> (b h w) c p q|b (c p q) h w -> b c (h p) (w q)|b ... -> ... b|
... h w -> ... (h w)|b c ... -> b (c ...)|b c h w -> b c h w 1|b c h w -> b c h ()|
b c h 1 -> b c h|b 1 h w -> b h w|(b n) c h w -> b n c h w|b c h w -> (b c) (h w)|
b c (p h) (q w) -> b c h p w q|b c h w -> c b w h|(b 1) c h w -> b c h w"""
BAD = """b c h w -> b c h|b c h -> b c h w|b c h w|b c h w -> -> b|b b h w -> b h w|
b c (h (p q)) w -> b c h w|b c h w) -> b c h w|(b c h w -> b c h w|b c h w -> b .. h w|
... b ... -> b ...|b c h w -> ... b c h w|b c (...) -> b c|_b c h w -> _b c h w|
b c h- w -> b c h w|b c 3 w -> b c w|b c h w -> b c h w 2|b c h 2 -> b c h|1b c h w -> c|
b c h w -> b c h x|(b c h w d e) -> b|b (x y) h w -> b x y h w"""


def lines(text: str) -> list[str]:
    return [pattern.strip() for pattern in text.replace("\n", "").split("|")]


@pytest.mark.parametrize("pattern", lines(PATTERNS) + lines(BAD))
def test_rearrange(pattern: str) -> None:
    @FEW
    @given(st.lists(SIZE, min_size=2, max_size=5), st.sampled_from([1, 2, 3]), st.booleans())
    def check(shape: list[int], size: int, turned: bool) -> None:
        names = [name for name in ("p", "q", "n") if name in pattern]
        made = torch.ones(shape).mT if turned else torch.ones(shape)
        agree("einops.rearrange", einops.rearrange, made, pattern, **dict.fromkeys(names, size))

    check()


REDUCE = """b c h w -> b c|b c (h 2) (w 2) -> b c h w|b c h w -> b c 1 1|b ... -> b|... w -> ...|
b c h w -> ()|b c h w -> c b|b c (h p) w -> b c h w|b c h w -> b c x|b c h -> b c"""


@pytest.mark.parametrize("pattern", lines(REDUCE))
@pytest.mark.parametrize("reduction", ["mean", "max", "median"])
def test_reduce(pattern: str, reduction: str) -> None:
    for shape in ((2, 3, 8, 6), (2, 3, 5, 6), (2, 3)):
        sizes = {"p": 2} if "p" in pattern else {}
        agree("einops.reduce", einops.reduce, ones(*shape), pattern, reduction, **sizes)


REPEAT = """h w -> h w c|h w -> (h 2) (w 2)|h w -> 3 h w|h w -> h (w c)|h w -> (c h) w|
h w -> h|h w -> h w d|h 1 -> h c|... -> ... c|h w -> h w 1"""


@pytest.mark.parametrize("pattern", lines(REPEAT))
def test_repeat(pattern: str) -> None:
    for shape in ((3, 4), (3, 1), (3,)):
        sizes = {"c": 5} if "c" in pattern else {}
        agree("einops.repeat", einops.repeat, ones(*shape), pattern, **sizes)


def test_lists_are_stacked() -> None:
    made = [ones(3, 4), ones(3, 4)]
    agree("einops.rearrange", einops.rearrange, made, "b h w -> h (b w)")
    agree("einops.reduce", einops.reduce, made, "b h w -> h w", "mean")


def test_sizes_that_do_not_fit() -> None:
    for sizes in ({"p": 3}, {"p": 2}, {"h": 4}, {"h": 4, "p": 2}, {"h": 3, "p": 2}, {"x": 2}):
        pattern = "b c (h p) w -> b c h p w"
        agree("einops.rearrange", einops.rearrange, ones(), pattern, **sizes)
    agree("einops.rearrange", einops.rearrange, ones(), "b c h w -> c b h w", c=3)
    agree("einops.rearrange", einops.rearrange, ones(), "b c h w -> c b h w", c=4)


def loose(*args: Any) -> Any:
    """einsum without its layout, which depends on how it is computed."""
    return einops.einsum(*args).contiguous()


def test_einsum() -> None:
    for pattern in (
        "b in, in out -> b out",
        "b in, in out",
        "... in, in out -> ... out",
        "b i, i o -> b x",
        "b in, b in -> b",
        "b (i j), i -> b",
        "b in -> b",
        "b in, in out -> b 1",
        "_ i, i o -> o",
    ):
        for shapes in (((2, 3), (3, 4)), ((2, 3), (2, 3)), ((5, 2, 3), (3, 4)), ((2, 3), (4, 4))):
            made = [ones(*shape) for shape in shapes]

            agree("einops.einsum", loose, *made, pattern)


def test_pack_and_unpack() -> None:
    made = [ones(2, 3, 5), ones(2, 3, 7, 5), ones(2, 3, 7, 9, 5)]
    packed, shapes = agree("einops.pack", einops.pack, made, "i j * k")
    agree("einops.pack", einops.pack, made, "i * k")
    agree("einops.pack", einops.pack, made, "i j * k l")
    agree("einops.pack", einops.pack, made, "i j k")
    agree("einops.pack", einops.pack, made, "i * i")
    for wanted in (
        shapes,
        [(), (7,), (-1, 9)],
        [(), (8,), (7, 9)],
        [(-1,), (-1,)],
        [(2,), (-1, 7)],
    ):
        agree("einops.unpack", einops.unpack, packed, wanted, "i j * k")
    agree("einops.unpack", einops.unpack, packed, shapes, "i *")


def test_parse_shape() -> None:
    assert run("einops.parse_shape", Tensor((2, 3, 4)), "b _ c") == ({"b": 2, "c": 4}, [])
    assert run("einops.parse_shape", Tensor((2, 3)), "b _ c")[1]


def test_layers() -> None:
    layers = pytest.importorskip("einops.layers.torch")
    path = "einops.layers.torch.Rearrange"
    for pattern in ("b c h w -> b (c h w)", "b c h w -> b c", "b c (h w -> b c h w", "b c -> c b"):
        agree_layer_of(layers.Rearrange, path, (pattern,), ones())
    path = "einops.layers.torch.Reduce"
    agree_layer_of(layers.Reduce, path, ("b c (h 2) w -> b c h w", "max"), ones())


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
