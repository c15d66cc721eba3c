"""Reading fields from the links between axes."""

from __future__ import annotations

import gc
import weakref
from fractions import Fraction
from math import pi
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conv_lsp.axes import (
    NO_LINK,
    Axis,
    Source,
    cut,
    field,
    field_bypassing,
    field_minimum,
    gathered,
    joined,
    lost,
    merged,
    misalignment,
    next_serial,
    relink,
    slid,
    sources,
    whole,
    why_unknown,
)
from conv_lsp.dims import symbol
from conv_lsp.windows import (
    GLOBAL,
    IDENTITY,
    Adaptive,
    Crop,
    Expand,
    Field,
    Linear,
    Nearest,
    Repeat,
    Step,
    Transposed,
    Whole,
    Window,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from conv_lsp.axes import Reading
    from conv_lsp.windows import Extent

quick = settings(max_examples=200, derandomize=True, deadline=None)

CONV1, CONV3, CONV5 = Window(1), Window(3, 1, 1, 1), Window(5, 1, 2, 2)
STRIDED, UP = Window(3, 2, 1, 1), Transposed(2, 2)
ODD = Linear(100, scale=pi / 2)  # sampled at no fraction that can be told


def along(axis: Axis | None, *steps: Step, size: int = 64) -> Axis | None:
    """Steps one after another, each with its input size."""
    for step in steps:
        axis = slid(step, axis, size)
        out = step.size(size)
        assert isinstance(out, int)
        size = out
    return axis


def size(reading: Reading) -> int:
    assert isinstance(reading, Field)
    return reading.size


H, W = Source("H"), Source("W")


def name_of(value: object) -> str:
    """The same in every process, as tests that are run side by side must be named."""
    plain = isinstance(value, Axis) and not isinstance(value, Source)
    return type(value).__name__ if plain else str(value)


# ---------------------------------------------------------------- one reading per kind of link


@pytest.mark.parametrize(
    ("axis", "reading"),
    [
        (None, NO_LINK),
        (H, IDENTITY),
        (W, NO_LINK),
        (along(W, CONV3), NO_LINK),
        (along(H, CONV3), Field(1, 1, ((-1, 1),))),
        (along(H, CONV3, STRIDED), Field(1, 2, ((-2, 2),))),
        (along(H, Nearest(128)), Field(2, 1, ((0, 0), (0, 0)))),
        (along(H, ODD), None),
        (along(H, ODD, CONV3), None),
        (along(H, Adaptive(8)), Field(1, 8, ((0, 7),))),
        (joined(H, along(H, CONV3), None), Field(1, 1, ((-1, 1),))),
        (joined(W, along(H, CONV3)), Field(1, 1, ((-1, 1),))),
        (
            joined(along(H, STRIDED), along(H, CONV3, Crop(0, 32))),
            Field(
                32,
                64,
                tuple((min(2 * i - 1, i - 1), max(2 * i + 1, i + 1)) for i in range(32)),
                (0, 31),
                even=False,
            ),
        ),
        (joined(slid(STRIDED, H, symbol("H")), H), None),
        (joined(along(H, ODD), along(H, CONV3)), None),
        (along(H, Adaptive(1)), GLOBAL),
        (along(H, Whole()), GLOBAL),
        (whole(H, W), GLOBAL),
        (whole(W), NO_LINK),
        (along(whole(H), CONV3, ODD), GLOBAL),
        (joined(whole(H), along(H, CONV3)), GLOBAL),
        (joined(whole(H), along(H, ODD)), GLOBAL),
        (joined(whole(H), lost(H)), GLOBAL),
        (whole(along(H, ODD)), GLOBAL),
        (merged(H), IDENTITY),
        (merged(H, W), None),
        (merged(None, H), None),
        (merged(None, W), NO_LINK),
        (along(merged(H, W), CONV3), None),
        (whole(merged(H, W)), GLOBAL),
        (merged(None, whole(H), whole(W)), GLOBAL),
        (lost(H), None),
        (lost(W), NO_LINK),
        (whole(lost(H)), None),
        (whole(along(lost(H), CONV3)), None),
        (whole(merged(lost(H), lost(W))), None),
        (whole(lost(merged(H, W))), None),
        (whole(joined(lost(H), W)), None),
        (whole(lost(H), H), GLOBAL),
        (joined(lost(H), H), None),
        (whole(joined(lost(H), H)), GLOBAL),
        (lost(whole(H)), None),
        (along(H, Window(9), Expand(64)), Field(1, 0, ((0, 8),))),
    ],
    ids=name_of,
)
def test_reading(axis: Axis | None, reading: Reading) -> None:
    assert field(axis, H) == reading


@pytest.mark.parametrize(
    ("axis", "minimum", "bypassing"),
    [
        (None, NO_LINK, NO_LINK),
        (along(H, CONV3), 3, 3),
        (joined(along(H, CONV3), along(H, CONV5)), 3, 5),
        (joined(H, along(H, CONV3), W), 1, 3),
        (joined(H, along(H, ODD)), None, None),
        (joined(H, lost(H)), None, None),
        (joined(H, along(H, STRIDED)), None, 33),
        (whole(H), GLOBAL, GLOBAL),
        (along(whole(H), CONV3), GLOBAL, GLOBAL),
        (joined(along(H, CONV3), along(whole(H), CONV1, Expand(64))), 3, 3),
        (joined(whole(H), whole(along(H, CONV3))), GLOBAL, GLOBAL),
        (joined(whole(H), whole(W)), GLOBAL, GLOBAL),
        (joined(whole(H), W), GLOBAL, GLOBAL),
        (joined(whole(H), along(H, CONV3), along(H, CONV5)), 3, 5),
        (joined(whole(H), lost(H)), None, None),
        (whole(joined(whole(H), H)), GLOBAL, GLOBAL),
        (along(joined(H, whole(H)), CONV3), 3, 3),
    ],
    ids=name_of,
)
def test_smallest_path_and_without_global_paths(
    axis: Axis | None, minimum: Reading | int, bypassing: Reading | int
) -> None:
    def plain(reading: Reading) -> Reading | int:
        return reading.size if isinstance(reading, Field) else reading

    assert plain(field_minimum(axis, H)) == minimum
    assert plain(field_bypassing(axis, H)) == bypassing


CROPPED = Crop(2, 60)


@pytest.mark.parametrize(
    ("axis", "apart"),
    [
        (None, None),
        (along(H, CONV3), None),
        (joined(H, along(H, CONV3), along(H, CONV5)), 0),
        (joined(along(H, Window(5)), along(H, CROPPED)), 0),
        (joined(along(H, Window(5)), along(H, Crop(0, 60))), 2),
        (joined(along(H, Window(5)), along(H, Crop(0, 60)), along(H, Crop(4, 60))), 4),
        (joined(along(H, Window(2, 2)), along(H, Window(1, 2))), Fraction(1, 2)),
        (joined(H, along(H, Window(2, 2), UP)), 0),
        (joined(H, along(H, Window(2, 2), Linear(64), size=64)), 0),
        (joined(H, along(H, Window(2, 2), Linear(64, align_corners=True), size=64)), 0),
        (joined(H, along(H, Window(3, 2, 1, 1), Transposed(3, 2, 1, 1, 1))), 0),
        (joined(H, along(H, Window(3, 2, 1, 1), UP)), Fraction(1, 2)),
        (joined(H, along(whole(H), CONV1)), None),
        (joined(H, W), None),
        (joined(H, along(H, CONV1, Window(64), Expand(64))), None),
        (joined(along(H, STRIDED), along(H, Crop(0, 32))), 31),
        (joined(along(H, Transposed(1, 2)), along(H, UP)), None),
    ],
)
def test_how_far_branches_are_apart(axis: Axis | None, apart: Fraction | int | None) -> None:
    assert misalignment(axis, H) == apart


def test_a_tensor_that_sees_along_several_axes_has_no_one_field() -> None:
    rows, columns = along(H, CONV3), along(H, CONV5)
    assert size(field(gathered(rows, None, along(W, CONV3)), H)) == 3
    assert field(gathered(rows, columns), H) is None
    assert field(gathered(rows, whole(columns)), H) is GLOBAL
    assert size(field_bypassing(gathered(rows, whole(columns)), H)) == 3
    assert field(gathered(rows, seen=whole(columns)), H) is GLOBAL
    assert size(field_bypassing(gathered(rows, seen=whole(columns)), H)) == 3
    assert gathered(None, rows) is rows
    assert gathered(seen=rows) is rows
    assert gathered() is None


def test_one_unit_that_all_see_is_joined_with_each() -> None:
    picked = along(H, Crop(5, 1))
    assert field(gathered(along(W, CONV3), seen=picked), H) == Field(1, 1, ((5, 5),))
    reading = field(gathered(along(H, CONV3), seen=picked), H)
    assert isinstance(reading, Field)
    assert [reading.of(unit) for unit in (0, 5, 63)] == [(-1, 5), (4, 6), (5, 64)]


@pytest.mark.parametrize(
    ("axis", "word"),
    [
        (H, ""),
        (None, ""),
        (W, ""),
        (whole(H), ""),
        (along(H, ODD, CONV3), "64·1.5708"),
        (along(merged(H, W), CONV3), "several axes"),
        (along(merged(None, H), CONV3), "another order"),
        (joined(H, along(lost(H), CONV3)), "picked or rearranged"),
        (joined(slid(STRIDED, H, symbol("H")), H), "different jumps"),
        (gathered(H, along(H, CONV3)), "along several axes"),
    ],
)
def test_why_a_field_is_unknown(axis: Axis | None, word: str) -> None:
    why = why_unknown(axis, H)
    assert bool(why) == (field(axis, H) is None)
    assert word in why


def test_what_has_no_link_makes_no_node() -> None:
    for make in (joined, whole, merged, lost):
        assert make() is None
        assert make(None, None) is None
    assert slid(CONV3, None, 8) is None


def test_a_join_of_one_is_that_one() -> None:
    assert joined(H) is H
    assert joined(None, H, None, H) is H
    assert merged(H) is H
    assert merged(None, H) is not H
    assert field(whole(whole(H)), H) is GLOBAL


# ---------------------------------------------------------------- networks


def squeeze_excite(axis: Axis | None) -> Axis | None:
    return joined(axis, along(whole(axis), CONV1, CONV1, size=1))


def test_squeeze_excitation_is_global_unless_bypassed() -> None:
    axis: Axis | None = H
    for _ in range(3):
        axis = joined(squeeze_excite(along(axis, CONV3)), axis)
    assert field(axis, H) is GLOBAL
    assert size(field_bypassing(axis, H)) == 7
    assert size(field_minimum(axis, H)) == 1
    assert field_bypassing(whole(axis), H) is GLOBAL


def test_transformer_over_patches() -> None:
    patch = Window(16, 16)
    tokens = merged(along(H, patch), along(W, patch))
    assert field(tokens, H) is None
    attended = joined(tokens, whole(tokens))
    assert field(attended, H) is GLOBAL
    assert field(attended, W) is GLOBAL
    assert sources(attended) == {H, W}


def unet(axis: Axis | None, n: int, depth: int, up: Callable[[int], Step]) -> Axis | None:
    below: list[tuple[Axis | None, int]] = []
    for _ in range(depth):
        axis = along(axis, CONV3, CONV3, size=n)
        below.append((axis, n))
        axis, n = slid(Window(2, 2), axis, n), n // 2
    axis = along(axis, CONV3, CONV3, size=n)
    for skip, m in reversed(below):
        axis = along(joined(slid(up(m), axis, m // 2), skip), CONV3, CONV3, size=m)
    return axis


@pytest.mark.parametrize(
    ("up", "smallest", "largest"),
    [
        (lambda _: UP, 188, 204),
        (lambda _: Repeat(2), 188, 204),
        (Nearest, 188, 204),
        (Linear, 220, 236),
    ],
)
def test_unet(up: Callable[[int], Step], smallest: int, largest: int) -> None:
    reading = field(unet(H, 256, 4, up), H)
    assert isinstance(reading, Field)
    assert (reading.sizes[0], reading.sizes[-1]) == (smallest, largest)
    assert reading.jump == 1
    assert size(field_minimum(unet(H, 256, 4, up), H)) == 9


@pytest.mark.parametrize("corners", [False, True])
def test_unet_with_linear_up_sampling_is_torchs_unit_by_unit(corners: bool) -> None:
    torch = pytest.importorskip("torch")
    torch.set_num_threads(1)
    ones = torch.ones(1, 1, 3, dtype=torch.float64)

    def double(x: Any) -> Any:
        return torch.conv1d(torch.conv1d(x, ones, padding=1), ones, padding=1)

    x = torch.rand(1, 1, 64, dtype=torch.float64, requires_grad=True)
    skips, y = [], x
    for _ in range(2):
        skips.append(double(y))
        y = torch.nn.functional.avg_pool1d(skips[-1], 2)
    y = double(y)
    for skip in reversed(skips):
        up = torch.nn.functional.interpolate(
            y, size=skip.shape[-1], mode="linear", align_corners=corners
        )
        y = double(up + skip)

    reading = field(unet(H, 64, 2, lambda n: Linear(n, corners)), H)
    assert isinstance(reading, Field)
    assert reading.jump == 1
    for unit in range(64):
        (gradient,) = torch.autograd.grad(y[0, 0, unit], x, retain_graph=True)
        seen = (gradient[0, 0].abs() > 1e-9).nonzero().flatten()
        lo, hi = reading.of(unit) or (0, -1)
        assert (int(seen[0]), int(seen[-1])) == (max(lo, 0), min(hi, 63))


def resnet(axis: Axis | None, n: int) -> Axis | None:
    axis = along(axis, Window(7, 2, 3, 3), Window(3, 2, 1, 1), size=n)
    n //= 4
    for layer, depth in enumerate((3, 4, 6, 3)):
        for block in range(depth):
            stride = 2 if layer and not block else 1
            short = slid(Window(1, stride), axis, n) if not block else axis
            axis = joined(along(axis, CONV1, Window(3, stride, 1, 1), CONV1, size=n), short)
            n //= stride
    return axis


def test_resnet50() -> None:
    axis = resnet(H, 224)
    reading = field(axis, H)
    assert isinstance(reading, Field)
    assert (reading.size, int(reading.jump), reading.start) == (427, 32, -213)
    assert size(field_minimum(axis, H)) == 11


def test_a_very_deep_dense_network_takes_one_look_at_each_link() -> None:
    looks = 0

    class Counting(Step):
        def taps(self, n: object) -> Extent:
            nonlocal looks
            looks += 1
            return CONV3.taps(None)

    axis: Axis | None = H
    features: list[Axis | None] = [H]
    for _ in range(3000):
        features = [*features[-8:], slid(Counting(), joined(*features), 56)]
        axis = joined(*features)
    assert size(field(axis, H)) == 6001
    assert looks == 3000
    assert size(field(slid(Counting(), axis, 56), H)) == 6003
    assert looks == 3001


# ---------------------------------------------------------------- relink


def test_relink_replaces_what_a_call_made() -> None:
    outside = along(H, CONV3)
    assert outside is not None
    since = next_serial()
    parameter = Source("parameter")
    inside = joined(along(parameter, CONV3), outside)
    result = relink(inside, {parameter: along(W, CONV5)}, since, {})
    assert size(field(result, W)) == 7
    assert size(field(result, H)) == 3
    assert sources(result) == {H, W}
    assert sources(inside) == {H, parameter}


def tokens(axis: Axis | None) -> Axis | None:
    return merged(axis, W, sizes=(8, 12))


# Axes of 96 units over an axis of 8 or 96.
ARGUMENTS: dict[str, Callable[[Axis | None], Axis | None]] = {
    "plain": lambda axis: axis,
    "slid": lambda axis: along(axis, CONV3, size=96),
    "joined": lambda axis: joined(axis, along(axis, CONV3, size=96)),
    "repeated": lambda axis: along(axis, Repeat(12), size=8),
    "merged": tokens,
    "several merged": lambda axis: joined(tokens(axis), tokens(along(axis, CONV5, size=8))),
    "whole": whole,
    "partly whole": lambda axis: joined(axis, whole(axis)),
    "lost": lost,
}
# What a call may do with such an axis.
CALLS: dict[str, Callable[[Axis | None], Axis | None]] = {
    "first": lambda axis: cut(axis, 96, (8, 12))[0],
    "all": lambda axis: gathered(*cut(axis, 96, (8, 12))),
    "both": lambda axis: tokens_of(*cut(axis, 96, (8, 12))),
    "again": lambda axis: cut(cut(axis, 96, (8, 12))[0], 8, (2, 4))[0],
    "residual": lambda axis: joined(axis, slid(Repeat(12), cut(axis, 96, (8, 12))[0], 8)),
    "whole": whole,
    "lost": lost,
    "joined with itself": lambda axis: joined(axis, axis),
}


def tokens_of(first: Axis | None, second: Axis | None) -> Axis | None:
    return cut(merged(first, second, sizes=(8, 12)), 96, (8, 12))[0]


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("then", ARGUMENTS)
@pytest.mark.parametrize("recorded", ARGUMENTS)
def test_a_call_over_another_argument_is_that_call(recorded: str, then: str, call: str) -> None:
    given, other = ARGUMENTS[recorded](Source("first")), ARGUMENTS[then](H)
    since = next_serial()
    made = CALLS[call](given)
    assert given is not None
    over = field(relink(made, {given: other}, since, {}), H)
    direct = field(CALLS[call](other), H)
    assert over == direct or (over is None and recorded != then)


def test_relink_keeps_what_does_not_change() -> None:
    outside = along(H, CONV3)
    since = next_serial()
    parameter = Source("parameter")
    unrelated = along(outside, CONV3)
    memo: dict[Axis, Axis | None] = {}
    assert relink(unrelated, {parameter: W}, since, memo) is unrelated
    assert relink(outside, {H: W}, since, memo) is outside
    assert relink(outside, {H: W}, 0, {}) is not outside
    assert relink(None, {}, 0, {}) is None


def test_relink_to_no_link_drops_the_path() -> None:
    since = next_serial()
    a, b = Source("a"), Source("b")
    both = joined(along(a, CONV3), b)
    assert relink(both, {a: None}, since, {}) is b
    for make in (whole, lost, merged):
        assert relink(make(along(a, CONV3)), {a: None}, since, {}) is None
    flat = relink(merged(a, b), {a: None}, since, {})
    assert field(flat, b) is None
    assert field(whole(flat), b) is GLOBAL


def test_relink_shares_what_was_shared() -> None:
    since = next_serial()
    a = Source("a")
    trunk = along(a, CONV3)
    left, right = along(trunk, CONV3), along(trunk, CONV5)
    memo: dict[Axis, Axis | None] = {}
    new = [relink(one, {a: H}, since, memo) for one in (left, right)]
    assert new[0] is not None
    assert new[1] is not None
    assert new[0].parts == new[1].parts


def test_relink_of_a_deep_graph() -> None:
    since = next_serial()
    a = Source("a")
    axis = along(a, *[CONV3] * 20_000)
    assert size(field(relink(axis, {a: H}, since, {}), H)) == 40_001


@st.composite
def graphs(draw: st.DrawFn) -> tuple[Axis, list[Axis | None]]:
    """A parameter, and all axes of a random graph over it and H."""
    parameter = Source("parameter")
    made: list[Axis | None] = [parameter, H, None]
    for _ in range(draw(st.integers(1, 8))):
        pick = st.sampled_from(made)
        kind = draw(st.sampled_from(["slid", "joined", "whole", "merged", "lost"]))
        if kind == "slid":
            step = draw(st.sampled_from([CONV3, STRIDED, UP, Repeat(2), Adaptive(1), Nearest(5)]))
            made.append(slid(step, draw(pick), 64))
        else:
            make = {"joined": joined, "whole": whole, "merged": merged, "lost": lost}[kind]
            made.append(make(*draw(st.lists(pick, min_size=2, max_size=3))))
    return parameter, made


@quick
@given(graph=graphs(), into=st.sampled_from(["H", "W", "none", "conv"]))
def test_relinked_reads_as_if_built_so(graph: tuple[Axis, list[Axis | None]], into: str) -> None:
    parameter, made = graph
    target = {"H": H, "W": W, "none": None, "conv": along(W, CONV5)}[into]
    memo: dict[Axis, Axis | None] = {}
    for axis in made:
        new = relink(axis, {parameter: target}, parameter.serial, memo)
        assert parameter not in sources(new)
        assert sources(new) <= sources(axis) | {H, W}
        assert isinstance(parameter, Source)
        if into == "W":
            for read in (field, field_minimum, field_bypassing):
                assert read(new, W) == read(axis, parameter)
                assert read(new, H) == read(axis, H)


@quick
@given(graph=graphs())
def test_readings_are_ordered(graph: tuple[Axis, list[Axis | None]]) -> None:
    """Smallest path ≤ without global paths ≤ all paths, and a link is a link in all three."""
    for axis in graph[1]:
        least, local, most = field_minimum(axis, H), field_bypassing(axis, H), field(axis, H)
        assert (H in sources(axis)) == (most is not NO_LINK)
        assert (most is NO_LINK) == (local is NO_LINK) == (least is NO_LINK)
        if isinstance(most, Field):
            assert local == most
            if least is None:
                assert not most.even
            else:
                assert isinstance(least, Field)
                assert least.size <= most.size


def test_axes_and_their_readings_are_freed() -> None:
    class Tracked(Source):
        __slots__ = ("__weakref__",)

    source = Tracked("x")
    axis = along(source, *[CONV3] * 50_000)
    assert size(field(axis, source)) == 100_001
    gone = weakref.ref(source)
    del source, axis
    gc.collect()
    assert gone() is None
