"""Interpolation, sampling and rearranging of pixels as CPU torch has them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conv_lsp.axes import Source, field, whole
from conv_lsp.dims import symbol
from conv_lsp.values import Tensor, Unknown
from conv_lsp.windows import GLOBAL, Field
from tests import opcheck
from tests.differential import Last, T, check_function, check_layer, few

FUNCTIONAL = "torch.nn.functional"
MODES = ("nearest", "nearest-exact", "area", "linear", "bilinear", "bicubic", "trilinear")
RANKS = {"linear": 3, "bilinear": 4, "bicubic": 4, "trilinear": 5}


@st.composite
def images(draw: Any, rank: int | None = None) -> T:
    sizes = st.integers(1, 9)
    rank = draw(st.sampled_from([rank] * 7 + [2, 5])) if rank else draw(st.integers(2, 6))
    kind = draw(st.sampled_from([T, T, T, Last]))
    return kind(draw(st.lists(sizes, min_size=rank, max_size=rank)))


@st.composite
def resizes(draw: Any) -> tuple[str, T, dict[str, Any]]:
    mode = draw(st.sampled_from(MODES))
    rank = RANKS.get(mode, draw(st.sampled_from([3, 4, 5])))
    image = draw(images(rank))
    count = max(1, len(image) - 2)
    size = st.integers(0, 12)
    scale = st.sampled_from([1, 2, 0.5, 1.5, 0.29, 2.0, 0.7, 0.01])
    given = draw(
        st.fixed_dictionaries({"size": size | st.tuples(*[size] * count)})
        | st.fixed_dictionaries({"scale_factor": scale | st.tuples(*[scale] * count)})
    )
    if mode in RANKS and draw(st.booleans()):
        given["align_corners"] = draw(st.booleans())
    if "scale_factor" in given and draw(st.booleans()):
        given["recompute_scale_factor"] = draw(st.booleans())
    return mode, image, given


def test_interpolate() -> None:
    seen = set()

    @few
    @given(resizes())
    def agrees(drawn: tuple[str, T, dict[str, Any]]) -> None:
        mode, image, given = drawn
        result = check_function(f"{FUNCTIONAL}.interpolate", image, mode=mode, **given)
        seen.add(isinstance(result, str))
        check_layer("torch.nn.Upsample", (), image, mode=mode, **given)

    agrees()
    assert seen == {True, False}


IMAGE = T((2, 4, 9, 9))


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"size": 5, "scale_factor": 2},
        {"size": (5,)},
        {"size": 5.0},
        {"size": (5.0, 6)},
        {"size": (None, 5)},
        {"scale_factor": "2"},
        {"scale_factor": (2,)},
        {"size": 5, "align_corners": False},
        {"size": 5, "mode": "mirror"},
        {"size": 5, "antialias": True},
        {"size": 5, "antialias": True, "mode": "bilinear"},
        {"size": 5, "recompute_scale_factor": True},
        {"scale_factor": True},
    ],
)
def test_arguments_torch_refuses_or_takes(options: Any) -> None:
    check_function(f"{FUNCTIONAL}.interpolate", IMAGE, **options)


@pytest.mark.parametrize("shape", [(2, 4, 9, 9), (4, 9, 9), (9, 9)])
@pytest.mark.parametrize(
    ("name", "layer"),
    [
        ("upsample", "Upsample"),
        ("upsample_nearest", "UpsamplingNearest2d"),
        ("upsample_bilinear", "UpsamplingBilinear2d"),
    ],
)
def test_old_names(name: str, layer: str, shape: Any) -> None:
    check_function(f"{FUNCTIONAL}.{name}", T(shape), None, 2)
    check_layer(f"torch.nn.{layer}", (None, 2), T(shape))


@few
@given(images(), st.integers(0, 3))
def test_shuffles(image: T, factor: int) -> None:
    for name, layer in (
        ("pixel_shuffle", "PixelShuffle"),
        ("pixel_unshuffle", "PixelUnshuffle"),
        ("channel_shuffle", "ChannelShuffle"),
    ):
        check_function(f"torch.{name}", T(image), factor)
        check_layer(f"torch.nn.{layer}", (factor,), T(image))


PAIR = st.integers(1, 3) | st.tuples(st.integers(1, 4), st.integers(1, 3))


@few
@given(images(4), PAIR, PAIR, st.integers(0, 2), PAIR)
def test_unfold(image: T, kernel: Any, dilation: Any, padding: int, stride: Any) -> None:
    check_function(f"{FUNCTIONAL}.unfold", image, kernel, dilation, padding, stride)
    check_layer("torch.nn.Unfold", (kernel, dilation, padding, stride), image)


def test_fold() -> None:
    seen = set()

    @few
    @given(
        st.sampled_from([(), (2,), (2,), (1, 2)]),
        st.integers(1, 12),
        st.sampled_from([1, 2, 4, 9, 12]),
        st.integers(1, 4),
        st.sampled_from([1, 1, 2, (2, 1)]),
    )
    def agrees(batch: Any, column: int, count: int, size: int, kernel: Any) -> None:
        image = T((*batch, column, count))
        seen.add(isinstance(check_function(f"{FUNCTIONAL}.fold", image, size, kernel), str))
        check_layer("torch.nn.Fold", (size, kernel), image)

    agrees()
    assert seen == {True, False}


def test_grid_sample() -> None:
    seen = set()

    @few
    @given(
        st.sampled_from([4, 4, 4, 5, 3]),
        st.sampled_from([4, 4, 4, 5]),
        st.sampled_from([2, 2, 2, 3]),
        st.sampled_from([2, 2, 2, 3]),
        st.sampled_from(["bilinear", "nearest", "bicubic", "linear"]),
    )
    def agrees(rank: int, grid: int, places: int, batch: int, mode: str) -> None:
        image = T((2, 3, 4, 5, 6)[:rank])
        places_at = T((batch, *(7, 8, 9)[: grid - 2], places))
        result = check_function(f"{FUNCTIONAL}.grid_sample", image, places_at, mode)
        seen.add(isinstance(result, str))

    agrees()
    assert seen == {True, False}


@pytest.mark.parametrize(
    ("theta", "size"),
    [
        ((2, 2, 3), (2, 3, 4, 5)),
        ((2, 2, 3), (3, 3, 4, 5)),
        ((2, 3, 4), (2, 3, 4, 5, 6)),
        ((2, 2, 3), (2, 3, 4, 5, 6)),
        ((2, 2, 3), (2, 3, 4)),
        ((2, 3), (2, 3, 4, 5)),
        ((2, 2, 3), (2, 3, 0, 5)),
    ],
)
def test_affine_grid(theta: Any, size: Any) -> None:
    check_function(f"{FUNCTIONAL}.affine_grid", T(theta), size)


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
    assert links(interpolate, None, 2, "bicubic") is None
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
