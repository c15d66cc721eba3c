"""Sizes against torch, fields against sets of indices."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from conv_lsp import dims
from conv_lsp.fields import hull
from conv_lsp.windows import (
    GLOBAL,
    IDENTITY,
    MAX_PHASES,
    Adaptive,
    Crop,
    Expand,
    Field,
    Linear,
    Nearest,
    Pad,
    Repeat,
    Step,
    Transposed,
    Whole,
    Window,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conv_lsp.windows import Extent


quick = settings(max_examples=100, derandomize=True, deadline=None)

H = dims.symbol("H")

K = dims.symbol("k")


@pytest.mark.parametrize(
    ("step", "n", "formula"),
    [
        (Window(3, 2, 1, 1), 56, "⌊(56 + 2·1 − 3)/2⌋ + 1 = 28"),
        (Window(7, 2, 3, 3), 224, "⌊(224 + 2·3 − 7)/2⌋ + 1 = 112"),
        (Window(3, 1, 1, 1), 56, "56 + 2·1 − 3 + 1 = 56"),
        (Window(1), 56, "56 − 1 + 1 = 56"),
        (Window(5), 4, "4 − 5 + 1 = 0"),
        (Window(3, 1, 2, 2, 2), 56, "56 + 2·2 − 2·(3 − 1) − 1 + 1 = 56"),
        (Window(3, 2, 0, 0, 2), 57, "⌊(57 − 2·(3 − 1) − 1)/2⌋ + 1 = 27"),
        (Window.same(4), 56, "56 + 1 + 2 − 4 + 1 = 56"),
        (Window.same(2), 56, "56 + 1 − 2 + 1 = 56"),
        (Window(2, 2, ceil=True), 25, "⌈(25 − 2)/2⌉ + 1 = 13"),
        (Window(3, 2, ceil=True), 112, "⌈(112 − 3)/2⌉ + 1 = 56"),
        (Window(2, 2, 1, 1, ceil=True), 5, "⌈(5 + 2·1 − 2)/2⌉ + 1 − 1 past the input = 3"),
        (Window(1, 2, ceil=True), 7, "⌈(7 − 1)/2⌉ + 1 = 4"),
        (Window(2, 2), H, "⌊(H − 2)/2⌋ + 1 = H//2"),
        (Window(3, 2, 1, 1), H, "⌊(H + 2·1 − 3)/2⌋ + 1 = (H + 1)//2"),
        (Window(2, 2, ceil=True), H, "⌈(H − 2)/2⌉ + 1 = (H + 1)//2"),
        (Transposed(4, 2, 1), 16, "(16 − 1)·2 − 2·1 + 4 = 32"),
        (Transposed(2, 2), 16, "(16 − 1)·2 + 2 = 32"),
        (Transposed(3, 2, 1, 1, 1), 16, "(16 − 1)·2 − 2·1 + 3 + 1 = 32"),
        (Transposed(3, 2, 1, 2), 16, "(16 − 1)·2 − 2·1 + 2·(3 − 1) + 1 = 33"),
        (Transposed(3), 16, "16 − 1 + 3 = 18"),
        (Transposed(2, 2), H, "(H − 1)·2 + 2 = 2*H"),
        (Repeat(2), 28, "28·2 = 56"),
        (Repeat(2), H + 1, "(H + 1)·2 = 2*H + 2"),
        (Nearest(56), 28, "28 → 56"),
        (Nearest(7, 1.5), 5, "⌊5·1.5⌋ = 7"),
        (Linear(56, align_corners=True), 28, "28 → 56"),
        (Crop(14, 28), 56, "28 of 56, from 14"),
        (Crop(0, 28, 2), 56, "28 of 56, step 2"),
        (Pad(1, 1), 56, "56 + 2·1 = 58"),
        (Pad(1, 2), 56, "56 + 1 + 2 = 59"),
        (Expand(56), 1, "1 → 56"),
        (Adaptive(7), 56, "56 → 7, bins of 8"),
        (Adaptive(7), 23, "23 → 7, bins of 4 or 5"),
        (Adaptive(1), 7, "7 → 1"),
        (Adaptive(7), H, "H → 7"),
        (Whole(), 56, "56 → 56, each sees all"),
        (Whole(1), 56, "56 → 1, each sees all"),
    ],
    ids=str,
)
def test_formula(step: Step, n: dims.Dim, formula: str) -> None:
    assert step.formula(n) == formula


small = st.integers(1, 4)

sizes = st.integers(1, 20)


@st.composite
def windows(draw: st.DrawFn) -> Window:
    """Legal convolutions and pools, with different paddings on the two sides."""
    kernel, stride, dilation, ceil = draw(small), draw(small), draw(small), draw(st.booleans())
    before, after = draw(st.integers(0, 3)), draw(st.integers(0, 3))
    if ceil:
        before = after = draw(st.integers(0, kernel // 2))
    return Window(kernel, stride, before, after, dilation, ceil)


@st.composite
def transposed(draw: st.DrawFn) -> Transposed:
    stride, dilation = draw(small), draw(small)
    extra = draw(st.integers(0, max(stride, dilation) - 1))
    return Transposed(draw(small), stride, draw(st.integers(0, 3)), dilation, extra)


@pytest.fixture(scope="module")
def torch() -> Any:
    module = pytest.importorskip("torch")
    module.set_num_threads(1)
    return module


def size_or_none(step: Window | Transposed, n: int) -> dims.Dim | None:
    return step.size(n) if step.fits(n) else None


def torchs(torch: Any, op: str, n: int, *args: object, **options: object) -> int | None:
    """The size torch gives on an axis of n, or None where it refuses."""
    x = torch.zeros(1, 1, n)
    try:
        return int(getattr(torch.nn.functional, op)(x, *args, **options).shape[-1])
    except RuntimeError:
        return None


@quick
@given(window=windows(), n=sizes)
def test_convolution_size_is_torchs(torch: Any, window: Window, n: int) -> None:
    assume(not window.ceil)
    x = torch.nn.functional.pad(torch.zeros(1, 1, n), (window.before, window.after))
    weight = torch.zeros(1, 1, window.kernel)
    try:
        want = torch.conv1d(x, weight, None, window.stride, 0, window.dilation).shape[-1]
    except RuntimeError:
        want = None
    assert size_or_none(window, n) == want


@quick
@given(window=windows(), same=st.booleans())
def test_window_field_is_torchs(torch: Any, window: Window, same: bool) -> None:
    window = Window.same(window.kernel, window.dilation) if same else window
    assume(not window.ceil)
    x, n = ramp(torch, 24), 24
    weight = torch.ones(1, 1, window.kernel, dtype=torch.float64)
    if same:
        y = torch.conv1d(x, weight, padding="same", dilation=window.dilation)
    else:
        padded = torch.nn.functional.pad(x, (window.before, window.after))
        y = torch.conv1d(padded, weight, None, window.stride, 0, window.dilation)
    assert window.size(n) == y.shape[-1]
    field = window.field(IDENTITY)
    assert isinstance(field, Field)
    for unit, seen in enumerate(dependences(torch, y, x)):
        interval = field.of(unit)
        assert interval is not None
        if interval[0] >= 0 and interval[1] < n:  # dilated, the end of a cut window may be a gap
            assert seen == interval


@quick
@given(window=windows(), n=sizes)
def test_pool_size_is_torchs(torch: Any, window: Window, n: int) -> None:
    assume(window.ceil)
    for ceil in (False, True):
        legal = Window(window.kernel, window.stride, window.before, window.after, 1, ceil)
        dilated = Window(
            window.kernel, window.stride, window.before, window.after, window.dilation, ceil
        )
        shared = {"stride": window.stride, "padding": window.before, "ceil_mode": ceil}
        want = torchs(torch, "avg_pool1d", n, window.kernel, **shared)
        assert size_or_none(legal, n) == want
        shared["dilation"] = window.dilation
        want = torchs(torch, "max_pool1d", n, window.kernel, **shared)
        assert size_or_none(dilated, n) == want


@quick
@given(step=transposed(), n=sizes)
def test_transposed_size_is_torchs(torch: Any, step: Transposed, n: int) -> None:
    weight = torch.zeros(1, 1, step.kernel)
    geometry = step.stride, step.padding, step.output_padding, 1, step.dilation
    want = torchs(torch, "conv_transpose1d", n, weight, None, *geometry)
    assert size_or_none(step, n) == want


@quick
@given(n=sizes, kernel=small, stride=small, data=st.data())
def test_sizes_of_symbols_are_those_of_numbers(
    n: int, kernel: int, stride: int, data: st.DataObject
) -> None:
    step = data.draw(st.one_of(windows(), transposed()))
    assert dims.evaluate(step.size(H), {"H": n}) == step.size(n)
    assert step.fits(H) in {None, step.fits(n)}
    symbolic = Window(K, stride, 1, 0, 2, data.draw(st.booleans()))
    number = Window(kernel, stride, 1, 0, 2, symbolic.ceil)
    assert dims.evaluate(symbolic.size(H), {"H": n, "k": kernel}) == number.size(n)


def test_a_window_fits_for_all_for_some_and_for_no_sizes() -> None:
    assert Window(3, 1, 1, 1).fits(H) is True
    assert Window(3).fits(H) is None
    assert Window(3, 1, -H, 0).fits(H) is False


def dependences(torch: Any, y: Any, x: Any) -> list[tuple[int, int] | None]:
    """First and last input on which each unit of y depends."""
    extents: list[tuple[int, int] | None] = []
    for unit in y.flatten():
        (gradient,) = torch.autograd.grad(unit, x, retain_graph=True)
        seen = (gradient.flatten().abs() > 1e-6).nonzero().flatten().tolist()
        extents.append((seen[0], seen[-1]) if seen else None)
    return extents


def visible(step: Step, n: int) -> list[tuple[int, int] | None]:
    """The same of a step, cut to the input."""
    field = step.field(IDENTITY, n)
    assert isinstance(field, Field)
    size = step.size(n)
    assert isinstance(size, int)
    seen = [field.of(unit) or (0, -1) for unit in range(size)]
    cut = [(max(lo, 0), min(hi, n - 1)) for lo, hi in seen]
    return [(lo, hi) if lo <= hi else None for lo, hi in cut]


def ramp(torch: Any, n: int) -> Any:
    return torch.rand(1, 1, n, dtype=torch.float64, requires_grad=True)


@quick
@given(step=transposed(), n=st.integers(2, 9))
def test_transposed_field_is_torchs(torch: Any, step: Transposed, n: int) -> None:
    assume(step.fits(n))
    x = ramp(torch, n)
    weight = torch.ones(1, 1, step.kernel, dtype=torch.float64)
    geometry = step.stride, step.padding, step.output_padding, 1, step.dilation
    y = torch.conv_transpose1d(x, weight, None, *geometry)
    if step.dilation == 1:
        assert visible(step, n) == dependences(torch, y, x)
        return
    field = step.field(IDENTITY)
    assert isinstance(field, Field)
    for unit, seen in enumerate(dependences(torch, y, x)):
        interval = field.of(unit)
        if interval is None or (interval[0] >= 0 and interval[1] < n):
            assert seen == interval


@pytest.mark.parametrize("n", [1, 2, 5, 8])
@pytest.mark.parametrize("factor", [1, 2, 3, 4])
@pytest.mark.parametrize("scaled", [False, True])
@pytest.mark.parametrize("kind", ["nearest", "linear", "corners"])
def test_interpolation_field_is_torchs(
    torch: Any, kind: str, n: int, factor: int, scaled: bool
) -> None:
    x, out = ramp(torch, n), n * factor
    scale = float(factor) if scaled else None
    target = {"scale_factor": scale} if scaled else {"size": out}
    interpolate = torch.nn.functional.interpolate
    step: Step
    if kind == "nearest":
        step, y = Nearest(out, scale), interpolate(x, **target)
    else:
        corners = kind == "corners"
        step = Linear(out, corners, scale)
        y = interpolate(x, **target, mode="linear", align_corners=corners)
    assert step.size(n) == y.shape[-1]
    assert visible(step, n) == dependences(torch, y, x)


@quick
@given(
    n=st.integers(2, 30),
    out=st.integers(1, 40),
    scale=st.none() | st.sampled_from([0.25, 0.3, 0.5, 0.7, 0.75, 1.2, 1.5, 1.75, 2.3, 2.5]),
    mode=st.sampled_from(["nearest", "nearest-exact", "linear", "corners", "cubic"]),
)
def test_uneven_interpolation_field_is_torchs(
    torch: Any, n: int, out: int, scale: float | None, mode: str
) -> None:
    out = out if scale is None else int(n * scale)
    assume(out > 0)
    if mode == "cubic":  # of images alone
        scales: dict[str, Any] = {"scale_factor": (1.0, scale)} if scale else {"size": (1, out)}
        scales["mode"] = "bicubic"
    else:
        kind = "linear" if mode == "corners" else mode
        scales = {"scale_factor": scale} if scale else {"size": out}
        scales |= {"mode": kind} | ({"align_corners": True} if mode == "corners" else {})
    x = ramp(torch, n)
    y = torch.nn.functional.interpolate(x[None] if mode == "cubic" else x, **scales)
    nearest = mode.startswith("nearest")
    step = (
        Nearest(out, scale, mode == "nearest-exact")
        if nearest
        else Linear(out, mode == "corners", scale, mode == "cubic")
    )
    field = step.field(IDENTITY, n)
    if nearest and field is None:
        return
    assert isinstance(field, Field)
    for unit, seen in enumerate(dependences(torch, y, x)):
        interval = field.of(unit)
        assert interval is not None
        if interval[0] >= 0 and interval[1] < n:  # else the last pixel stands for those outside
            assert seen == interval


def test_nearest_interpolation_is_unknown_where_rounding_decides() -> None:
    known = [n * 100 + out for n in range(2, 40) for out in range(2, 40) if Nearest(out).taps(n)]
    assert len(known) > 0.9 * 38 * 38
    assert Nearest(41, 1.4).taps(30) is not None
    assert Nearest(41, 1.3777777).taps(30) is None


@quick
@given(n=sizes, out=sizes)
def test_adaptive_field_is_torchs(torch: Any, n: int, out: int) -> None:
    x = ramp(torch, n)
    y = torch.nn.functional.adaptive_avg_pool1d(x, out)
    assert Adaptive(out).size(n) == y.shape[-1]
    if out > 1:
        assert visible(Adaptive(out), n) == dependences(torch, y, x)


@pytest.mark.parametrize(
    ("step", "n", "field"),
    [
        (Repeat(2), H, Field(2, 1, ((0, 0), (0, 0)))),
        (Nearest(2 * H), H, Field(2, 1, ((0, 0), (0, 0)))),
        (Nearest(2 * H, 2.0), H, Field(2, 1, ((0, 0), (0, 0)))),
        (Nearest(H), H, IDENTITY),
        (Nearest(3, 0.6), 5, Field(3, 5, ((0, 0), (1, 1), (3, 3)))),
        (Nearest(3, 0.7), 5, Field(7, 10, tuple((10 * j // 7,) * 2 for j in range(7)))),
        (Nearest(14), 28, Field(1, 2, ((0, 0),))),
        (Nearest(14, None, centred=True), 28, Field(1, 2, ((1, 1),))),
        (Nearest(56), H, None),
        (Nearest(56), None, None),
        (Linear(2 * H), H, Field(2, 1, ((-1, 0), (0, 1)))),
        (Linear(6), 2, Field(3, 1, ((-1, 0), (0, 0), (0, 1)))),
        (Linear(14), 28, Field(1, 2, ((0, 1),))),
        (Linear(14, cubic=True), 28, Field(1, 2, ((-1, 2),))),
        (Linear(9, cubic=True), 27, Field(1, 3, ((1, 1),))),
        (Linear(2 * H, align_corners=True), H, None),
        (
            Linear(4, align_corners=True),
            2,
            Field(4, 2, ((0, 0), (0, 1), (0, 1), (1, 1)), (0, 3)),
        ),
        (Adaptive(1), H, GLOBAL),
        (Adaptive(1), None, GLOBAL),
        (Adaptive(H), H, IDENTITY),
        (Adaptive(7), H, None),
        (Adaptive(7), 7 * H, None),
        (Adaptive(H), 4 * H, Field(1, 4, ((0, 3),))),
        (Adaptive(7), 56, Field(1, 8, ((0, 7),))),
        (Adaptive(2), 3, Field(2, 3, ((0, 1), (1, 2)))),
        (Whole(), H, GLOBAL),
        (Crop(3, 5), H, Field(1, 1, ((3, 3),))),
        (Crop(3, 5, 2), H, Field(1, 2, ((3, 3),))),
        (Crop(H // 2, 5), H, None),
        (Pad(2, 1), H, Field(1, 1, ((-2, -2),))),
        (Pad(H, 1), H, None),
        (Expand(9), 1, Field(1, 0, ((0, 0),))),
        (Window(K), H, None),
        (Window(3, 2, 1, 1, 2), H, Field(1, 2, ((-1, 3),))),
        (Transposed(K, 2), H, None),
        (Transposed(1, 2), H, Field(2, 1, ((0, 0), None))),
        (Transposed(3, 2, 0, 2), H, Field(2, 1, ((-2, 0), None))),
        (Transposed(2, 2, 0, 3), H, Field(2, 1, ((0, 0), (-1, -1)))),
        (Transposed(3, 1, 1, 2), H, Field(1, 1, ((-3, 1),))),
        (Window(3, 0), H, None),
        (Crop(9, 5, -1), H, None),
        (Transposed(4, 2, 1), H, Field(2, 1, ((-1, 0), (0, 1)))),
        (Transposed(2, MAX_PHASES + 1), H, None),
        (Repeat(MAX_PHASES + 1), H, None),
    ],
    ids=str,
)
def test_field_of_one_step(step: Step, n: dims.Dim | None, field: Extent) -> None:
    assert step.field(IDENTITY, n) == field


def test_unknown_stays_unknown_through_a_huge_number_of_phases() -> None:
    field = IDENTITY
    for factor in (64, 63, 65):
        step = Repeat(factor).field(field)
        if factor == 65:
            assert step is None
        else:
            assert isinstance(step, Field)
            field = step


def units_seen(step: Step, unit: int) -> set[int]:
    """The input units of one output unit, one by one, on an axis without ends."""
    match step:
        case Window(int(kernel), int(stride), int(before), _, int(dilation)):
            return {unit * stride - before + dilation * tap for tap in range(kernel)}
        case Transposed(int(kernel), int(stride), int(padding), int(dilation)):
            at = [unit + padding - dilation * tap for tap in range(kernel)]
            return {place // stride for place in at if place % stride == 0}
        case Repeat(factor):
            return {unit // factor}
        case Crop(int(offset), _, int(every)):
            return {offset + every * unit}
        case Pad(int(before)):
            return {unit - before}
        case Linear(int(out)):
            place = Fraction(2 * unit + 1, 2 * (out // 10)) - Fraction(1, 2)
            return {place.__floor__(), place.__ceil__()}
    raise AssertionError(step)


@st.composite
def chains(draw: st.DrawFn) -> list[Step]:
    offset, unit = st.integers(-3, 3), st.just(1)
    step: st.SearchStrategy[Step] = st.one_of(
        windows(),
        transposed(),
        st.builds(Repeat, st.integers(2, 3)),
        st.builds(Crop, offset, unit, small),
        st.builds(Pad, offset),
        st.builds(Linear, st.sampled_from([20, 30])),  # of an axis of 10
    )
    return draw(st.lists(step, min_size=1, max_size=4))


def along(chain: Iterable[Step]) -> Extent:
    """The field after all steps, of which those to a size start from 10 units."""
    field: Extent = IDENTITY
    for step in chain:
        if isinstance(field, Field):
            field = step.field(field, 10)
    return field


def inputs_seen(chain: list[Step], unit: int) -> set[int]:
    seen = {unit}
    for step in reversed(chain):
        seen = {source for one in seen for source in units_seen(step, one)}
    return seen


def ends(seen: set[int]) -> tuple[int, int] | None:
    return (min(seen), max(seen)) if seen else None


@quick
@given(chain=chains())
def test_field_of_a_chain_is_the_extent_of_what_is_seen(chain: list[Step]) -> None:
    field = along(chain)
    assert isinstance(field, Field)
    for unit in range(-2, 2 * field.period + 1):
        assert field.of(unit) == ends(inputs_seen(chain, unit))


@quick
@given(one=chains(), other=chains())
def test_join_is_the_union_unit_by_unit(one: list[Step], other: list[Step]) -> None:
    a, b = along(one), along(other)
    assert isinstance(a, Field)
    assert isinstance(b, Field)
    union = a.join(b)
    assert union == b.join(a)
    assert (union is None) == (a.jump != b.jump)
    for unit in range(-2, 12) if union else ():
        assert union is not None
        assert union.of(unit) == hull([a.of(unit), b.of(unit)])


@quick
@given(one=chains(), other=chains(), then=st.lists(chains(), max_size=2), units=st.integers(10, 40))
def test_branches_with_different_jumps_are_joined_unit_by_unit(
    one: list[Step], other: list[Step], then: list[list[Step]], units: int
) -> None:
    a, b = along(one), along(other)
    assert isinstance(a, Field)
    assert isinstance(b, Field)
    field: Extent = a.join(b, units)
    after = [step for chain in then for step in chain]
    for step in after:
        if isinstance(field, Field):
            field = step.field(field, 10)
    assume(isinstance(field, Field))
    assert isinstance(field, Field)
    assert field.even == (a.jump == b.jump)
    sizes = set()
    for unit in range(4 * units):
        joins = inputs_seen(after, unit)
        seen = set().union(*(inputs_seen(branch, at) for at in joins for branch in (one, other)))
        within = all(0 <= at < units for at in joins)
        if within:
            assert field.of(unit) == ends(seen)
        if joins and field.inner is not None:
            assert within or not field.inner[0] <= unit <= field.inner[1]
        if field.inner is not None and field.inner[0] <= unit <= field.inner[1]:
            sizes.add(max(seen) - min(seen) + 1 if seen else 0)
    if sizes and field.inner is not None and field.inner[0] >= 0:
        assert sizes <= set(field.sizes)


@quick
@given(chain=chains(), turns=st.integers(1, 4))
def test_the_period_is_the_smallest(chain: list[Step], turns: int) -> None:
    field = along(chain)
    assert isinstance(field, Field)
    phases = tuple(map(field.of, range(turns * field.period)))
    assert Field(turns * field.period, turns * field.advance, phases) == field
    for period in range(1, field.period):
        pairs = [(field.of(unit), field.of(unit + period)) for unit in range(field.period)]
        moves: set[Any] = {
            None if a is None or b is None else (b[0] - a[0], b[1] - a[1])
            for a, b in pairs
            if a is not None or b is not None
        }
        assert moves not in ({(field.jump * period,) * 2}, set())
