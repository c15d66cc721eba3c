"""Padding of the last axes, as a function and as layers."""

from __future__ import annotations

from conv_lsp.dims import Dim, less, less_equal, minimum
from conv_lsp.findings import RULES
from conv_lsp.library.algebra import fresh, pointwise, show
from conv_lsp.library.module import Layer
from conv_lsp.library.raising import refuse
from conv_lsp.library.registry import OPS, AnyRank, Call, models, op
from conv_lsp.library.sliding import (
    INPUT_RANK,
    images,
    once,
    settled,
    several,
    slide,
    spread,
    unlinked,
    wrong,
)
from conv_lsp.values import Tensor, Unknown, Value
from conv_lsp.windows import Pad

TOO_LARGE = RULES["pad-too-large"]

MODES = ("constant", "reflect", "replicate", "circular")


@op("torch.nn.functional.pad")
def pad(
    call: Call, input: Tensor, pad: object, mode: object = "constant", value: object = None
) -> Tensor:
    """Pairs of numbers for the last axes, the last axis first."""
    return padded(call, input, pad, mode, value)


def padded(call: Call, input: Tensor, pad: object, mode: object, value: object = None) -> Tensor:
    """The body of `pad`, for those that call it from inside."""
    pad = settled(pad)
    if isinstance(pad, Unknown):
        return unlinked(input, fresh(input.rank))
    if not isinstance(pad, (tuple, list)):
        wrong(call, "pad has to be a tuple", at="pad")
    if len(pad) % 2:
        wrong(call, f"pad has {len(pad)} numbers; they come in pairs", at="pad")
    count = len(pad) // 2
    ends = several(call, pad, "pad")
    steps = [Pad(ends[2 * i], ends[2 * i + 1]) for i in reversed(range(count))]
    if mode in MODES:
        padded_rank(call, input, count, str(mode))
    elif not isinstance(mode, Unknown):
        wrong(call, f"there is no padding mode {mode!r}", at="mode")
    if mode != "constant" and isinstance(value, (int, float)) and value and mode in MODES:
        wrong(call, f"mode {mode!r} takes no value", at="value")
    if count == 0:
        return pointwise(call, input)
    if mode in {"reflect", "replicate"}:
        refuse(call, input, ["bool"])
        if 0 in input.sizes[input.rank - count - 1 :]:
            wrong(call, f"an input of {show(input.sizes)} has nothing to {mode}", at="input")
    sizes = input.sizes[-count:]
    for n, step in zip(sizes, steps, strict=True):
        too_large(call, n, step, mode)
    empty = all(less(step.size(n), 1) for n, step in zip(sizes, steps, strict=True))
    if empty and mode in {"reflect", "replicate"}:
        step = steps[-1]
        call.fail(TOO_LARGE, at="pad", padding=step.before, size=sizes[-1], mode=mode)
    return slide(input, steps)


@op("torch.constant_pad_nd")
def constant_pad_nd(call: Call, input: Tensor, pad: object, value: object = 0) -> Tensor:
    """As F.pad: pairs of numbers for the last axes, the last axis first."""
    return padded(call, input, pad, "constant", value)


def padded_rank(call: Call, input: Tensor, count: int, mode: str) -> None:
    """Fail where as many pairs do not go with the input's rank."""
    if mode == "constant":
        wanted = range(count, max(count, input.rank) + 1)
        text = f"at least {count}"
    else:
        wanted = range(count + 1, count + 3) if 1 <= count <= 3 else range(0)
        text = f"{count + 1} or {count + 2} with {2 * count} numbers to pad"
    if input.rank not in wanted:
        call.fail(INPUT_RANK, at="input", got=input.rank, name="pad", want=text)


def too_large(call: Call, n: Dim, step: Pad, mode: object) -> None:
    """Fail at padding that the mode cannot fill, or that takes away more than there is."""
    before, after = step.before, step.after
    for end in (before, after):
        fits: bool | None = True
        if mode == "reflect":
            fits = less(end, n)
        elif mode == "circular":
            fits = less_equal(end, n)
        if fits is None:
            call.host.need(("<" if mode == "reflect" else "<=", end, n), TOO_LARGE, call.site)
        if fits is False:
            call.fail(TOO_LARGE, at="pad", padding=end, size=n, mode=mode)
    left = step.size(n)
    if mode == "constant":
        left = minimum(left, n + before, n + after, n + minimum(before, 0) + minimum(after, 0))
    if call.below(TOO_LARGE, left, 0):
        call.fail(TOO_LARGE, at="pad", padding=minimum(before, after), size=n, mode=mode)


# -- layers -----------------------------------------------------------------------------------


class Padding(Layer):
    """Padding of the last `SPATIAL` axes in one mode."""

    SPATIAL = 0
    MODE = "constant"

    def __init__(self, call: Call, padding: object) -> None:
        super().__init__(call)
        self.padding = spread(padding, 2 * self.SPATIAL)
        self.value: object = None

    def describe(self) -> str:
        return f"{type(self).__name__}({once(self.padding)})"

    def forward(self, call: Call, input: AnyRank) -> Value:
        if not input.known or self.MODE == "circular":
            input = images(call, input, self.SPATIAL)
        given = [input, self.padding, self.MODE, self.value]
        return OPS["torch.nn.functional.pad"](call, given, {})


class ConstantPadding(Padding):
    """Padding with a value."""

    def __init__(self, call: Call, padding: object, value: object) -> None:
        super().__init__(call, padding)
        self.value = value


def _declare() -> None:
    kinds = {
        "Zero": (Padding, "constant"),
        "Constant": (ConstantPadding, "constant"),
        "Reflection": (Padding, "reflect"),
        "Replication": (Padding, "replicate"),
        "Circular": (Padding, "circular"),
    }
    for kind, (base, mode) in kinds.items():
        for count in (1, 2, 3):
            name = f"{kind}Pad{count}d"
            axes = "the last axis L" if count == 1 else f"each of the last {count} axes L"
            said = f"The size of {axes} becomes before + L + after."
            own = {"SPATIAL": count, "MODE": mode, "__doc__": said}
            layer = type(name, (base,), own)
            models(f"torch.nn.{name}", f"torch.nn.modules.padding.{name}")(layer)


_declare()
