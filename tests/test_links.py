"""Receptive fields through reshapes, slices, joins: read from the links of the axes."""

from __future__ import annotations

from typing import Any

import pytest

from conv_lsp.axes import NO_LINK, Axis, Source, field, joined, slid, whole
from conv_lsp.dims import symbol
from conv_lsp.values import Tensor
from conv_lsp.windows import GLOBAL, Field, Window
from tests.opcheck import run

H, W = Source("H"), Source("W")
CONV: Any = Window(3, 1, 1, 1)


def image(*, c: Any = 6, h: Any = 8, w: Any = 12) -> Tensor:
    return Tensor((2, c, h, w), (None, None, H, W))


def do(x: Tensor, *steps: Any) -> Tensor:
    """Methods by name with their arguments, one after another."""
    for name, *args in steps:
        x, findings = run(name if "." in name else f"Tensor.{name}", x, *args)
        assert not findings
    return x


def read(x: Tensor, source: Source) -> Any:
    """The field of a tensor: size and start, "global", None where it is not known."""
    found = field(joined(x.seen, *x.axes), source)
    return (found.size, found.start) if isinstance(found, Field) else found


def conv(x: Tensor, axis: int) -> Tensor:
    links = list(x.axes)
    links[axis] = slid(CONV, links[axis], x.sizes[axis])
    return Tensor(x.shape, tuple(links), seen=x.seen)


def mixed(x: Tensor, axis: int) -> Tensor:
    """Attention over an axis."""
    links: list[Axis | None] = list(x.axes)
    links[axis] = whole(links[axis])
    return Tensor(x.shape, tuple(links), seen=x.seen)


PARTITION = [("view", 2, 6, 2, 4, 3, 4), ("permute", 0, 2, 4, 3, 5, 1), ("reshape", -1, 16, 6)]
REVERSE = [("view", 2, 2, 3, 4, 4, 6), ("permute", 0, 5, 1, 3, 2, 4), ("reshape", 2, 6, 8, 12)]

# steps, the field on H, the field on W
CASES: list[tuple[Any, Any, Any]] = [
    ([("permute", 0, 2, 3, 1)], (1, 0), (1, 0)),
    ([("flatten", 1)], None, None),
    ([("flatten", 2), ("view", 2, 6, 8, 12)], (1, 0), (1, 0)),
    (
        [("flatten", 2), ("transpose", 1, 2), ("transpose", 1, 2), ("view", 2, 6, 8, 12)],
        (1, 0),
        (1, 0),
    ),
    ([("flatten", 2), ("view", 2, 6, 12, 8)], None, None),
    ([("unsqueeze", 0), ("squeeze", 0)], (1, 0), (1, 0)),
    ([("view", 2, 3, 2, 8, 12)], (1, 0), (1, 0)),
    ([("view", 2, 6, 4, 2, 12)], (2, 0), (1, 0)),
    ([("view", 2, 6, 4, 2, 12), ("reshape", 2, 6, 8, 12)], (2, 0), (1, 0)),
    ([("permute", 0, 2, 3, 1), ("reshape", 2, 8, 72)], (1, 0), (1, 0)),
    ([("permute", 0, 2, 3, 1), ("reshape", 2, 8, 72), ("view", 2, 8, 12, 6)], (1, 0), (1, 0)),
    ([*PARTITION, *REVERSE], (4, 0), (4, 0)),
    ([("roll", (-2, -2), (2, 3)), ("roll", (2, 2), (2, 3))], (1, 0), (1, 0)),
    ([("roll", 5, 2)], None, (1, 0)),
    ([("flip", [2])], None, (1, 0)),
    ([("narrow", 2, 3, 4)], (1, 3), (1, 0)),
    ([("operator.getitem", (..., slice(1, None, 2)))], (1, 0), (1, 1)),
    ([("operator.getitem", (slice(None), slice(None), 5))], (1, 5), (1, 0)),
    ([("operator.getitem", (slice(None), slice(None), [1, 5]))], None, (1, 0)),
    ([("unfold", 2, 3, 2)], (3, 0), (1, 0)),
    ([("repeat", 1, 1, 2, 1)], None, (1, 0)),
    ([("repeat_interleave", 2, 3)], (1, 0), (1, 0)),
    ([("contiguous",), ("clone",), ("detach",), ("float",)], (1, 0), (1, 0)),
    ([("new_zeros", 3, 3)], NO_LINK, NO_LINK),
]


@pytest.mark.parametrize(("steps", "on_h", "on_w"), CASES)
def test_fields(steps: Any, on_h: Any, on_w: Any) -> None:
    x = do(image(), *steps)
    assert (read(x, H), read(x, W)) == (on_h, on_w)


def test_attention_over_pixels_is_global_before_and_after_the_reshape() -> None:
    x = image()
    flat = do(x, ("flatten", 2))
    made = do(mixed(flat, 2), ("view", 2, 6, 8, 12))
    assert read(made, H) is GLOBAL
    assert read(made, W) is GLOBAL


def test_attention_in_windows_sees_the_window() -> None:
    x = conv(image(), 2)
    windows = do(x, *PARTITION)
    made = do(mixed(windows, 1), *REVERSE)
    assert read(made, H) == (6, -1)


def test_a_residual_around_attention_comes_back_as_an_image() -> None:
    flat = do(image(), ("flatten", 2))
    both = Tensor(
        flat.shape, tuple(joined(a, b) for a, b in zip(flat.axes, mixed(flat, 2).axes, strict=True))
    )
    made = do(both, ("view", 2, 6, 8, 12))
    assert read(made, H) is GLOBAL


def test_pooled_pixels_are_dropped_but_seen() -> None:
    pooled, _ = run("torch.mean", image(), [2, 3], True)
    assert read(do(pooled, ("flatten", 1)), H) is GLOBAL
    assert read(do(pooled, ("view", 2, -1)), W) is GLOBAL
    assert read(do(pooled, ("squeeze", 2)), H) is GLOBAL


def test_channels_are_joined_by_cat() -> None:
    made, _ = run("torch.cat", [image(), conv(image(), 2)], 1)
    assert (read(made, H), read(made, W)) == ((3, -1), (1, 0))


def test_a_token_in_front_of_the_pixels() -> None:
    tokens = do(image(), ("flatten", 2), ("transpose", 1, 2))
    made, _ = run("torch.cat", [Tensor((2, 1, 6)), tokens], 1)
    assert read(made, H) is None
    assert read(do(mixed(made, 1), ("operator.getitem", (slice(None), 0))), H) is GLOBAL


def test_what_is_written_into_a_tensor_is_not_forgotten() -> None:
    made = Tensor((2, 6, 8, 12))
    run("operator.setitem", made, (slice(None), 0), image(c=1))
    assert read(made, H) is None


def test_symbolic_sizes_keep_their_links() -> None:
    n, h, w = symbol("N"), symbol("H"), symbol("W")
    x = Tensor((n, 6, h, w), (None, None, H, W))
    made = do(x, ("flatten", 2), ("transpose", 1, 2), ("transpose", 1, 2), ("view", n, 6, h, w))
    assert made.shape == x.shape
    assert read(made, H) == (1, 0)
    assert do(x, ("view", n, -1)).shape == (n, 6 * h * w)
    assert do(x, ("permute", 0, 2, 3, 1), ("reshape", -1, 6)).shape == (n * h * w, 6)
