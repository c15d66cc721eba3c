"""Advice that a window and the size it slides over are enough for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from math import prod

from conv_lsp.advice.remarks import Remark
from conv_lsp.advice.slides import Network, Slide
from conv_lsp.dims import Dim, product
from conv_lsp.findings import RULES
from conv_lsp.windows import Transposed, Window

SKIPS = RULES["stride-skips-input"]
UNEVEN = RULES["uneven-window"]
CHECKERBOARD = RULES["checkerboard"]
LARGE = RULES["large-kernel"]
SHRINKS = RULES["no-padding-shrinks"]

FARTHEST = 1024
"""Kernels and sizes above this are not looked at tap by tap."""


def stride_skips_input(network: Network) -> Iterator[Remark]:
    """Strides longer than what the kernel covers, so that positions in between are never read.

    A 1×1 kernel that only takes every other position is usual in shortcuts (ResNet): a hint.
    """
    for slide in network.slides:
        skipping = [w for w, _ in slide.windows if skips(w)]
        if skipping:
            words = {
                "stride": times(w.stride for w in skipping),
                "kernel": times(w.reach + 1 for w in skipping),
                "read": product(w.kernel for w in skipping),
                "all": product(w.stride for w in skipping),
            }
            mild = all(w.kernel == 1 for w in skipping)
            yield Remark(SKIPS, slide.span, slide.path, words, "hint" if mild else None)


def skips(window: Window) -> bool:
    """Whether positions between one window and the next are in neither."""
    match (window.stride, window.reach, window.kernel):
        case (int(stride), int(reach), int()):
            return stride > reach + 1
    return False


def uneven_window(network: Network) -> Iterator[Remark]:
    """Positions at the right and the bottom that no window reaches, as their number is rounded down.

    Alsallakh et al., "Mind the Pad" (ICLR 2021), on what uneven edges do to the filters.
    """
    for slide in network.slides:
        axes = [(w, n, d) for w, n in slide.windows if (d := dropped(w, n)) and isinstance(n, int)]
        if not axes:
            continue
        window, size, count = axes[0]
        words = {"dropped": count, "size": size, "remedy": remedy(window, size, slide)}
        yield Remark(UNEVEN, slide.span, slide.path, words)


def dropped(window: Window, n: Dim) -> int:
    """Input positions after the last window, 0 where that is not known.

    None of a stride longer than the kernel, which leaves positions out everywhere.
    """
    if not isinstance(n, int):
        return 0
    match (window.size(n), window.stride, window.before, window.reach):
        case (int(out), int(stride), int(before), int(reach)):
            if out < 1 or stride > reach + 1:
                return 0
            return max(0, n - 1 - ((out - 1) * stride + reach - before))
    return 0


def remedy(window: Window, n: int, slide: Slide) -> str:
    """The nearest sizes of which everything is read, and a padding that does it."""
    less = n - dropped(window, n)
    more = next((m for m in range(n + 1, n + FARTHEST) if dropped(window, m) == 0), None)
    sizes = f"{less}" if more is None else f"{less} or {more}"
    padding = better_padding(window, n, pool=not slide.convolves)
    return sizes if padding is None else f"{sizes}, or {n} with padding={padding},"


def better_padding(window: Window, n: int, *, pool: bool) -> int | None:
    """The least padding on both sides with which everything is read; a pool takes half its kernel."""
    match (window.kernel, window.before, window.after, window.reach):
        case (int(kernel), int(before), int(after), int(reach)) if before == after:
            last = kernel // 2 if pool else reach
            for padding in range(before + 1, last + 1):
                if dropped(replace(window, before=padding, after=padding), n) == 0:
                    return padding
    return None


def checkerboard(network: Network) -> Iterator[Remark]:
    """Transposed convolutions whose outputs sum different numbers of taps by turns.

    Odena, Dumoulin and Olah, "Deconvolution and Checkerboard Artifacts" (Distill, 2016).
    """
    for slide in network.slides:
        for turn in slide.turns:
            counts = overlap(turn.step) if isinstance(turn.step, Transposed) else []
            if len(set(counts)) > 1:
                step = turn.step
                taps = " or ".join(map(str, sorted(set(counts))))
                words = {"kernel": step.kernel, "stride": step.stride, "taps": taps}
                yield Remark(CHECKERBOARD, slide.span, slide.path, words)
                break


def overlap(step: Transposed) -> list[int]:
    """How many taps each output sums, over one period; empty where it is not known."""
    match (step.kernel, step.stride, step.dilation):
        case (int(kernel), int(stride), int(dilation)) if 0 < max(kernel, stride) <= FARTHEST:
            counts = [0] * stride
            for tap in range(kernel):
                counts[tap * dilation % stride] += 1
            return counts
    return []


def large_kernel(network: Network) -> Iterator[Remark]:
    """Convolutions of which some taps never meet the input, wherever the window stands.

    Ding et al., "Scaling Up Your Kernels to 31×31" (CVPR 2022) go up to 2·size − 1, where every tap
    still does.
    """
    for slide in network.slides:
        if not slide.convolves or len(slide.windows) < len(slide.turns):
            continue
        counts = [(useful_taps(w, n), w.kernel, n) for w, n in slide.windows]
        known = [(u, k, n) for u, k, n in counts if u is not None and isinstance(k, int)]
        if len(known) == len(counts) and any(u < k for u, k, _ in known):
            words = {
                "useful": prod(u for u, _, _ in known),
                "all": prod(k for _, k, _ in known),
                "size": times(n for _, _, n in known),
            }
            yield Remark(LARGE, slide.span, slide.path, words)


def useful_taps(window: Window, n: Dim) -> int | None:
    """Taps that meet the input at one position of the window at least; None where not known."""
    if not isinstance(n, int):
        return None
    match (window.size(n), window.kernel, window.stride, window.before, window.dilation):
        case (int(out), int(kernel), int(stride), int(before), int(dilation)):
            if out < 1 or kernel > FARTHEST:
                return None
            firsts = (dilation * tap - before for tap in range(kernel))
            return sum(_meets(first, stride, out, n) for first in firsts)
    return None


def _meets(first: int, stride: int, count: int, size: int) -> bool:
    """Whether one of `count` positions from `first` on, `stride` apart, is in 0 up to `size`."""
    outside = max(0, -(first // stride))
    return outside < count and first + outside * stride < size


def no_padding_shrinks(network: Network) -> Iterator[Remark]:
    """Convolutions without padding, which make the map smaller; not those that cover all of it."""
    for slide in network.slides:
        windows = slide.windows
        if not slide.convolves or not windows or len(windows) < len(slide.turns):
            continue
        if any(w.stride != 1 or w.before != 0 or w.after != 0 for w, _ in windows):
            continue
        reaches = [w.reach for w, _ in windows]
        if any(w.size(n) == 1 for w, n in windows) or not any(reaches):
            continue
        words = {"lost": times(reaches), "padding": keeping(reaches)}
        yield Remark(SHRINKS, slide.span, slide.path, words)


def keeping(reaches: Sequence[Dim]) -> str:
    """The padding that keeps the size: dilation·(kernel − 1)/2 on both sides, if that is whole."""
    if any(isinstance(reach, int) and reach % 2 for reach in reaches):
        return "padding='same'"
    halves = [reach // 2 for reach in reaches]
    if len(set(halves)) == 1:
        return f"padding={halves[0]}"
    return f"padding=({', '.join(map(str, halves))})"


def times(sizes: Iterable[Dim]) -> str:
    """7 or 3×5."""
    return "×".join(str(size) for size in sizes)


__all__ = [
    "checkerboard",
    "large_kernel",
    "no_padding_shrinks",
    "stride_skips_input",
    "uneven_window",
]
