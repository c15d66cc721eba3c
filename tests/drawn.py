"""Small networks drawn at random, as the source text of a module.

Each step is run by torch as it is drawn: one that torch refuses, or that makes the axes too long or
too short, is left out.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import strategies as st

torch: Any = pytest.importorskip("torch")

LONGEST, SHORTEST = 100, 3
CHANNELS = 4
HEAD = "import torch\nfrom torch import nn\nfrom torch.nn import functional as F\n"


class Network:
    """A module's statements, and a run of them as far as they go.

    shape: of the input, without its batch. made, done: statements of `__init__` and `forward`.
    kinds: what each value is by. values: those of the run, by name.
    """

    def __init__(self, rank: int, shape: tuple[int, ...]) -> None:
        self.rank = rank
        self.shape = shape
        self.made: list[str] = []
        self.done: list[str] = []
        self.kinds: list[str] = []
        self.values: dict[str, Any] = {"x0": torch.zeros(1, *shape)}
        self.space: dict[str, Any] = {}
        exec(HEAD, self.space)

    def __repr__(self) -> str:
        return f"{self.text}\n# {self.shape}"

    @property
    def last(self) -> str:
        return f"x{len(self.values) - 1}"

    def sizes(self, name: str = "") -> list[int]:
        return list(self.values[name or self.last].shape[2:])

    @property
    def channels(self) -> int:
        return int(self.values[self.last].shape[1])

    def add(self, kind: str, expression: str, *layers: str) -> bool:
        """One more value, of `x` (the last one) and layers `{0}`, `{1}`; False if it is refused."""
        at = len(self.made)
        names = [f"m{at + i}" for i in range(len(layers))]
        text = expression.format(*(f"self.{name}" for name in names), x=self.last)
        owner = type("Owner", (), {})()
        try:
            with torch.no_grad():
                for name, layer in zip(names, layers, strict=True):
                    setattr(owner, name, eval(layer, self.space))
                value = eval(text, self.space, {"self": owner, **self.values})
        except (RuntimeError, ValueError):
            return False
        if value.dim() != self.rank + 2 or value.shape[1] > 64:
            return False
        if not all(SHORTEST <= n <= LONGEST for n in value.shape[2:]):
            return False
        self.made.extend(f"self.{n} = {layer}" for n, layer in zip(names, layers, strict=True))
        self.done.append(f"x{len(self.values)} = {text}")
        self.kinds.append(kind)
        self.values[f"x{len(self.values)}"] = value
        return True

    @property
    def text(self) -> str:
        made = "\n        ".join(self.made or ["pass"])
        done = "\n        ".join(self.done)
        all_of = ", ".join(list(self.values)[1:])
        return (
            f"{HEAD}\n\nclass Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
            f"        {made}\n\n    def forward(self, x0):\n        {done}\n        return [{all_of}]\n"
        )


small, flags = st.integers(1, 3), st.booleans()


def each(draw: st.DrawFn, net: Network, numbers: st.SearchStrategy[int]) -> Any:
    """One number, or one for each axis."""
    if draw(flags):
        return draw(numbers)
    return tuple(draw(numbers) for _ in range(net.rank))


def convolution(draw: st.DrawFn, net: Network) -> None:
    groups = draw(st.sampled_from([1, 1, net.channels]))
    out = net.channels if groups > 1 else CHANNELS
    kernel, dilation = each(draw, net, st.integers(1, 5)), each(draw, net, small)
    if draw(st.integers(0, 3)) == 0:
        rest = f"padding='same', dilation={dilation}"
    else:
        mode = draw(st.sampled_from(["zeros", "zeros", "reflect", "circular", "replicate"]))
        rest = (
            f"stride={each(draw, net, small)}, padding={each(draw, net, st.integers(0, 3))},"
            f" dilation={dilation}, padding_mode={mode!r}"
        )
    layer = f"nn.Conv{net.rank}d({net.channels}, {out}, {kernel}, groups={groups}, {rest})"
    net.add("conv", "{0}({x})", layer)


def transposed(draw: st.DrawFn, net: Network) -> None:
    numbers = ", ".join(
        f"{name}={each(draw, net, st.integers(low, high))}"
        for name, low, high in (
            ("stride", 1, 3),
            ("padding", 0, 2),
            ("output_padding", 0, 1),
            ("dilation", 1, 3),
        )
    )
    kernel = each(draw, net, st.integers(1, 5))
    layer = f"nn.ConvTranspose{net.rank}d({net.channels}, {CHANNELS}, {kernel}, {numbers})"
    net.add("transposed", "{0}({x})", layer)


def pool(draw: st.DrawFn, net: Network) -> None:
    kind = draw(st.sampled_from(["Max", "Avg"]))
    kernel = each(draw, net, st.integers(1, 4))
    stride, padding = each(draw, net, small), each(draw, net, st.integers(0, 2))
    dilation = f", dilation={each(draw, net, small)}" if kind == "Max" and draw(flags) else ""
    layer = f"nn.{kind}Pool{net.rank}d({kernel}, {stride}, {padding}, ceil_mode={draw(flags)}{dilation})"
    net.add("pool", "{0}({x})", layer)


def adaptive(draw: st.DrawFn, net: Network) -> None:
    sizes = tuple(draw(st.integers(SHORTEST, n + 2)) for n in net.sizes())
    kind = draw(st.sampled_from(["Avg", "Max"]))
    net.add("adaptive", "{0}({x})", f"nn.Adaptive{kind}Pool{net.rank}d({sizes})")


def upsample(draw: st.DrawFn, net: Network) -> None:
    linear = ("linear", "bilinear")[net.rank - 1]
    modes = ["nearest", "nearest-exact", linear, linear, *(["bicubic"] * (net.rank == 2))]
    mode = draw(st.sampled_from(modes))
    corners = f", align_corners={draw(flags)}" if not mode.startswith("nearest") else ""
    if draw(st.integers(0, 2)):
        target = f"scale_factor={draw(st.sampled_from([2, 3, 2.0, 1.5, 0.5, 2.5, 0.75]))}"
    else:
        target = f"size={tuple(draw(st.integers(n // 2, 2 * n)) for n in net.sizes())}"
    net.add("upsample", f"F.interpolate({{x}}, {target}, mode={mode!r}{corners})")


def crop(draw: st.DrawFn, net: Network) -> None:
    slices = []
    for n in net.sizes():
        start, end = draw(st.integers(0, n // 3)), draw(st.integers(0, n // 3))
        step = draw(st.sampled_from([1, 1, 2, 3]))
        slices.append(f"{start or ''}:{-end if end else ''}" + (f":{step}" if step > 1 else ""))
    net.add("crop", f"{{x}}[:, :, {', '.join(slices)}]")


def padding(draw: st.DrawFn, net: Network) -> None:
    amounts = tuple(draw(st.integers(-2, 4)) for _ in range(2 * net.rank))
    mode = draw(st.sampled_from(["constant", "reflect", "circular", "replicate"]))
    net.add("pad", f"F.pad({{x}}, {amounts}, mode={mode!r})")


def constants(draw: st.DrawFn, net: Network) -> None:
    """Padding as it is done by hand."""
    if net.rank > 1:
        return
    zeros = f"{{x}}.new_zeros({{x}}.shape[0], {net.channels}, {draw(small)})"
    parts = draw(st.sampled_from([[zeros, "{x}"], ["{x}", zeros], [zeros, "{x}", zeros]]))
    net.add("constants", f"torch.cat([{', '.join(parts)}], 2)")


def residual(draw: st.DrawFn, net: Network) -> None:
    kernel, dilation = draw(st.sampled_from([1, 3, 5, 2])), draw(small)
    layer = (
        f"nn.Conv{net.rank}d({net.channels}, {net.channels}, {kernel},"
        f" padding='same', dilation={dilation})"
    )
    net.add("residual", draw(st.sampled_from(["{x} + {0}({x})", "{0}({x}) * {x}"])), layer)


def join(draw: st.DrawFn, net: Network) -> None:
    """With an earlier value: both are cropped to the smaller size, or one is resized."""
    other = draw(st.sampled_from(list(net.values)))
    if other == net.last:
        return
    sizes = list(zip(net.sizes(), net.sizes(other), strict=True))
    least = [min(pair) for pair in sizes]
    parts = []
    for i, name in enumerate((net.last, other)):
        slices = []
        for pair, n in zip(sizes, least, strict=True):
            start = draw(st.sampled_from([0, (pair[i] - n) // 2]))
            slices.append(f"{start}:{start + n}")
        parts.append(f"{name}[:, :, {', '.join(slices)}]")
    if draw(flags) and net.values[other].shape[1] == net.channels:
        net.add("add", " + ".join(parts))
    else:
        net.add("cat", f"torch.cat([{', '.join(parts)}], 1)")


def fold_pixels(draw: st.DrawFn, net: Network) -> None:
    """Pixel (un)shuffle, or the same by reshapes on any axes, with a convolution behind."""
    rank, channels, sizes = net.rank, net.channels, net.sizes()
    by = draw(st.sampled_from([n for n in (2, 3) if not any(size % n for size in sizes)] or [2]))
    if rank == 2 and draw(flags):
        if not any(n % by for n in sizes):
            net.add("unshuffle", f"F.pixel_unshuffle({{x}}, {by})")
        else:
            layer = f"nn.Conv2d({channels}, {channels * by * by}, 1)"
            net.add("shuffle", f"F.pixel_shuffle({{0}}({{x}}), {by})", layer)
        return
    if any(n % by for n in sizes):
        return
    split = ", ".join(f"{n // by}, {by}" for n in sizes)
    order = (0, 1, *range(3, 3 + 2 * rank, 2), *range(2, 2 + 2 * rank, 2))
    net.add(
        "patches",
        f"{{x}}.reshape({{x}}.shape[0], {channels}, {split}).permute{order}.flatten(1, {1 + rank})",
    )


def unfold(draw: st.DrawFn, net: Network) -> None:
    size, step = draw(st.integers(1, 4)), draw(small)
    axis = draw(st.integers(2, 1 + net.rank))
    net.add("unfold", f"{{x}}.unfold({axis}, {size}, {step}).mean(-1)")


def roll(draw: st.DrawFn, net: Network) -> None:
    shifts = tuple(draw(st.integers(-5, 5)) for _ in net.sizes())
    axes = tuple(range(2, 2 + net.rank))
    net.add("roll", f"torch.roll({{x}}, {shifts}, {axes})")


def attention(draw: st.DrawFn, net: Network) -> None:
    """In windows, along the last axis."""
    n, by = net.sizes()[-1], draw(st.integers(2, 4))
    if n % by:
        return
    shape = ", ".join(map(str, [net.channels, *net.sizes()[:-1], n // by, by]))
    windows = f"{{x}}.reshape({{x}}.shape[0], {shape})"
    mixed = f"torch.softmax({windows}, -1)"
    net.add("attention", f"{mixed}.flatten(-2)")


def pointwise(draw: st.DrawFn, net: Network) -> None:
    layer = draw(st.sampled_from([f"nn.BatchNorm{net.rank}d({net.channels})", "nn.ReLU()"]))
    net.add("pointwise", "{0}({x})", layer)


def whole(draw: st.DrawFn, net: Network) -> None:
    axes = tuple(range(2, 2 + net.rank))
    layer = f"nn.Conv{net.rank}d({net.channels}, {net.channels}, 1)"
    squeezed = f"{{x}} * torch.sigmoid({{0}}({{x}}.mean({axes}, keepdim=True)))"
    if draw(flags):
        net.add("squeeze", squeezed, layer)
    else:
        net.add("norm", "{0}({x})", f"nn.GroupNorm(1, {net.channels})")


STEPS: list[tuple[Any, int]] = [
    (convolution, 6),
    (transposed, 3),
    (pool, 4),
    (adaptive, 1),
    (upsample, 3),
    (crop, 3),
    (padding, 2),
    (constants, 1),
    (residual, 3),
    (join, 6),
    (fold_pixels, 2),
    (unfold, 1),
    (attention, 1),
    (roll, 1),
    (pointwise, 1),
]
"""What is drawn, and how often."""


@st.composite
def networks(draw: st.DrawFn) -> Network:
    rank = draw(st.sampled_from([1, 2]))
    sizes = st.integers(40, 60) if rank == 1 else st.integers(20, 36)
    net = Network(rank, (CHANNELS, *(draw(sizes) for _ in range(rank))))
    steps = st.sampled_from([step for step, often in STEPS for _ in range(often)])
    for step in draw(st.lists(steps, min_size=4, max_size=10)):
        step(draw, net)
    if draw(st.integers(0, 9)) == 9:
        whole(draw, net)
    return net
