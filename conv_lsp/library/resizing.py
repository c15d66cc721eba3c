"""Interpolation to a size or by a factor, and sampling at given places."""

from __future__ import annotations

from collections.abc import Sequence

from conv_lsp.axes import joined, lost, whole
from conv_lsp.dims import Dim, Expr, less, proves_unequal, unknown_size
from conv_lsp.findings import RULES
from conv_lsp.library.algebra import fresh, show
from conv_lsp.library.arguments import said
from conv_lsp.library.module import Layer
from conv_lsp.library.raising import NOT_FLOATING, certainly_raises, floating, refuse
from conv_lsp.library.registry import OPS, AnyRank, Call, models, op
from conv_lsp.library.sliding import (
    INPUT_RANK,
    at_least,
    images,
    number,
    once,
    settled,
    several,
    slide,
    spread,
    wrong,
)
from conv_lsp.values import Tensor, Unknown, Value
from conv_lsp.windows import Adaptive, Linear, Nearest, Step

TOO_SMALL = RULES["pool-too-small"]

RANKS = {
    "nearest": (3, 4, 5),
    "nearest-exact": (3, 4, 5),
    "area": (3, 4, 5),
    "linear": (3,),
    "bilinear": (4,),
    "bicubic": (4,),
    "lanczos": (4,),
    "trilinear": (5,),
}
"""The ranks that each mode of interpolation takes."""

CORNERLESS = ("nearest", "nearest-exact", "area")
"""The modes that take no align_corners."""

# Products of a size and a factor with up to this many binary places are exact in floating point.
EXACT_PLACES = 1 << 20


@op("torch.nn.functional.interpolate")
def interpolate(
    call: Call,
    input: AnyRank,
    size: object = None,
    scale_factor: object = None,
    mode: object = "nearest",
    align_corners: object = None,
    recompute_scale_factor: object = None,
    antialias: object = False,
) -> Tensor:
    """(N, C, *L) gives (N, C, *size), or ⌊L·scale_factor⌋ along each axis."""
    size, scale_factor = settled(size), settled(scale_factor)
    checked(call, size, scale_factor, mode, align_corners, recompute_scale_factor)
    if not input.known:
        if mode not in {"bilinear", "bicubic"}:
            return input.like()
        input = images(call, input, 2)
    ranks = RANKS[mode] if isinstance(mode, str) else (3, 4, 5)
    if input.rank not in ranks:
        want = " or ".join(map(str, ranks))
        call.fail(INPUT_RANK, at="input", got=input.rank, want=want, name=f"mode {mode!r}")
    smooth = mode in {"bilinear", "bicubic", "lanczos"} or isinstance(mode, Unknown)
    if antialias is True and not smooth:
        wrong(call, f"antialias is not for mode {mode!r}", at="antialias")
    if antialias is False and mode == "lanczos":
        wrong(call, "mode 'lanczos' takes antialias=True", at="antialias")
    sizes = input.sizes[2:]
    made, scales = resized(call, sizes, size, scale_factor)
    if isinstance(mode, str):
        interpolable(call, input, mode, made)
    for n, out in zip(sizes, made, strict=True):
        if call.below(TOO_SMALL, out, 0 if mode == "area" else 1):
            call.report(TOO_SMALL, at="input", size=n, got=out)
            break
    if call.host.truth(recompute_scale_factor) is not False:
        scales = [None] * len(scales)
    steps = [
        step_of(out, scale, mode, align_corners, antialias)
        for out, scale in zip(made, scales, strict=True)
    ]
    output = slide(input, [step or Adaptive(out) for step, out in zip(steps, made, strict=True)])
    if None not in steps:
        return output
    axes = (*input.axes[:2], *(lost(axis) for axis in input.axes[2:]))
    return output.like(output.sizes, axes)


def interpolable(call: Call, input: Tensor, mode: str, made: Sequence[Dim]) -> None:
    """Fail at an input without channels or pixels, and at elements that the mode does not take."""
    lead = 2 if mode == "area" and len(made) < 3 else 1
    if 0 in input.sizes[lead:]:
        wrong(call, f"an input of {show(input.sizes)} has nothing to interpolate", at="input")
    bytes_too = mode in {"nearest", "nearest-exact", "bilinear", "bicubic", "lanczos"}
    if mode != "area" or 0 not in made:
        refuse(call, input, NOT_FLOATING - {"uint8"} if bytes_too else NOT_FLOATING)


def checked(
    call: Call,
    size: object,
    scale_factor: object,
    mode: object,
    align_corners: object,
    recompute_scale_factor: object,
) -> None:
    """Fail at combinations of arguments that torch refuses."""
    if isinstance(mode, str) and mode not in RANKS:
        wrong(call, f"there is no mode {mode!r}", at="mode")
    if mode in CORNERLESS and isinstance(align_corners, bool):
        wrong(call, f"align_corners is not for mode {mode!r}", at="align_corners")
    if size is None and scale_factor is None:
        wrong(call, "takes a size or a scale_factor")
    if not isinstance(size, Unknown) and not isinstance(scale_factor, Unknown):
        if size is not None and scale_factor is not None:
            wrong(call, "takes either a size or a scale_factor", at="scale_factor")
        if size is not None and recompute_scale_factor is True:
            wrong(
                call, "recompute_scale_factor goes with a scale_factor", at="recompute_scale_factor"
            )


def resized(
    call: Call, sizes: Sequence[Dim], size: object, scale_factor: object
) -> tuple[Sequence[Dim], Sequence[float | None]]:
    """The output sizes, and the scale factors where torch samples by them."""
    count = len(sizes)
    given, name = (scale_factor, "scale_factor") if size is None else (size, "size")
    if isinstance(given, Unknown) and not (name == "size" and given.name):
        return fresh(count), [None] * count
    each = spread(given, count)
    if len(each) != count:
        wrong(call, f"{name} has {len(each)} numbers for {count} axes", at=name)
    if name == "size":
        return list(several(call, each, name)), [None] * count
    made = [scaled(call, n, scale) for n, scale in zip(sizes, each, strict=True)]
    factors = [float(s) if isinstance(s, (int, float)) else None for s in each]
    return made, factors


def scaled(call: Call, n: Dim, scale: object) -> Dim:
    """⌊n · scale⌋ in floating point; unknown where a symbol makes the rounding uncertain."""
    if isinstance(scale, str) or scale is None:
        wrong(call, f"scale_factor has to be a number, not {scale!r}", at="scale_factor")
    if isinstance(scale, (int, Expr)):
        return n * scale
    if not isinstance(scale, float) or not abs(scale) <= EXACT_PLACES:  # NaN too
        return unknown_size()
    if isinstance(n, int):
        return int(n * scale)
    numerator, denominator = scale.as_integer_ratio()
    return n * numerator // denominator if denominator <= EXACT_PLACES else unknown_size()


def step_of(
    out: Dim, scale: float | None, mode: object, align_corners: object, antialias: object
) -> Step | None:
    """How the units of an axis come about; None where that is not followed."""
    if mode == "area":
        return Adaptive(out)
    if mode in {"nearest", "nearest-exact"}:
        return Nearest(out, scale, mode == "nearest-exact")
    if mode in {"linear", "bilinear", "trilinear", "bicubic"} and antialias is False:
        if align_corners is None or isinstance(align_corners, bool):
            return Linear(out, align_corners is True, scale, mode == "bicubic")
    return None


@op("torch.nn.functional.upsample")
def upsample(
    call: Call,
    input: AnyRank,
    size: object = None,
    scale_factor: object = None,
    mode: object = "nearest",
    align_corners: object = None,
) -> Tensor:
    """(N, C, *L) gives (N, C, *size), or ⌊L·scale_factor⌋ along each axis."""
    return interpolate(call, input, size, scale_factor, mode, align_corners)


@op("torch.nn.functional.upsample_nearest")
def upsample_nearest(
    call: Call, input: AnyRank, size: object = None, scale_factor: object = None
) -> Tensor:
    """(N, C, *L) gives (N, C, *size), or ⌊L·scale_factor⌋ along each axis."""
    return interpolate(call, input, size, scale_factor)


@op("torch.nn.functional.upsample_bilinear")
def upsample_bilinear(
    call: Call, input: AnyRank, size: object = None, scale_factor: object = None
) -> Tensor:
    """(N, C, H, W) gives (N, C, *size), or ⌊L·scale_factor⌋ along each axis L."""
    return interpolate(call, input, size, scale_factor, "bilinear", True)


# -- sampling ---------------------------------------------------------------------------------


@op("torch.nn.functional.grid_sample")
def grid_sample(
    call: Call,
    input: Tensor,
    grid: Tensor,
    mode: object = "bilinear",
    padding_mode: object = "zeros",
    align_corners: object = None,
) -> Tensor:
    """(N, C, *axes) sampled at a grid (N, *out, places): (N, C, *out)."""
    for name, value, allowed in (
        ("mode", mode, ("bilinear", "nearest", "bicubic")),
        ("padding_mode", padding_mode, ("zeros", "border", "reflection")),
    ):
        if isinstance(value, str) and value not in allowed:
            wrong(call, f"{name} cannot be {value!r}", at=name)
    if input.rank not in {4, 5} or (input.rank == 5 and mode == "bicubic"):
        call.fail(INPUT_RANK, at="input", got=input.rank, want="4 or 5", name="grid_sample")
    wanted = (input.sizes[0], *grid.sizes[1:-1], input.rank - 2)
    if grid.rank != input.rank or any(map(proves_unequal, grid.sizes, wanted)):
        shapes = f"{show(input.sizes)} and a grid of {show(grid.sizes)}"
        certainly_raises(
            call, "RuntimeError", f"sizes do not agree: an input of {shapes}", at="grid"
        )
    if 0 in input.sizes[2:]:
        wrong(call, f"an input of {show(input.sizes)} has no pixels", at="input")
    if 0 not in (*input.sizes, *grid.sizes):
        floating(call, input)
        floating(call, grid, at="grid")
    space = grid.sizes[1:-1]
    axes = [lost(*pair) for pair in zip(input.axes[2:], grid.axes[1:-1], strict=True)]
    output = input.like((*input.sizes[:2], *space), (*input.axes[:2], *axes))
    link = joined(grid.seen, whole(grid.axes[-1]))
    return output if link is None else output.like(output.sizes, output.axes, seen=link)


def _samplers(name: str, rank: int) -> None:
    """torch.grid_sampler, and its forms for images of one rank."""

    @op(f"torch.{name}")
    def grid_sampler(
        call: Call,
        input: Tensor,
        grid: Tensor,
        interpolation_mode: object,
        padding_mode: object,
        align_corners: object,
    ) -> Tensor:
        """(N, C, *axes) sampled at a grid (N, *out, places): (N, C, *out). Modes are numbers."""
        if rank and input.rank != rank:
            call.fail(INPUT_RANK, at="input", got=input.rank, want=rank, name=name)
        return grid_sample(call, input, grid, "bicubic" if interpolation_mode == 2 else "bilinear")


_samplers("grid_sampler", 0)
_samplers("grid_sampler_2d", 4)
_samplers("grid_sampler_3d", 5)


@op("torch.nn.functional.affine_grid")
def affine_grid(call: Call, theta: Tensor, size: object, align_corners: object = None) -> Tensor:
    """(N, H, W, 2) of matrices (N, 2, 3), or (N, D, H, W, 3) of (N, 3, 4)."""
    size = settled(size)
    if isinstance(size, Unknown):
        return Tensor(size, dtype=theta.dtype)
    if not isinstance(size, (tuple, list)) or len(size) not in {4, 5}:
        wrong(call, "size has to be 4 or 5 numbers", at="size")
    floating(call, theta, at="theta")
    for n in size:
        if less(number(call, n, "size"), 1):
            wrong(call, f"size has to be positive, not {n}", at="size")
    return affine(call, theta, size)


def affine(call: Call, theta: Tensor, size: Sequence[object]) -> Tensor:
    """What is compiled of `affine_grid`."""
    batch, _, *space = (number(call, n, "size") for n in size)
    count = len(space)
    wanted = (batch, count, count + 1)
    if theta.rank != 3 or any(map(proves_unequal, theta.sizes, wanted)):
        shapes = f"{show(wanted)} is taken, not {show(theta.sizes)}"
        certainly_raises(call, "ValueError", f"theta of {shapes}", at="theta")
    link = whole(*theta.axes, theta.seen)
    return Tensor((batch, *space, count), seen=link, dtype=theta.dtype)


@op("torch.affine_grid_generator")
def affine_grid_generator(call: Call, theta: Tensor, size: object, align_corners: object) -> Tensor:
    """(N, H, W, 2) of matrices (N, 2, 3), or (N, D, H, W, 3) of (N, 3, 4)."""
    size = settled(size)
    if isinstance(size, Unknown):
        return Tensor(size, dtype=theta.dtype)
    if not isinstance(size, (tuple, list)) or len(size) not in {4, 5}:
        wrong(call, "size has to be 4 or 5 numbers", at="size")
    at_least(call, 0, "size", several(call, size, "size"))
    return affine(call, theta, size)


# -- layers -----------------------------------------------------------------------------------


@models("torch.nn.Upsample", "torch.nn.modules.upsampling.Upsample")
class Upsample(Layer):
    """(N, C, *L) gives (N, C, *size), or ⌊L·scale_factor⌋ along each axis."""

    def __init__(
        self,
        call: Call,
        size: object = None,
        scale_factor: object = None,
        mode: object = "nearest",
        align_corners: object = None,
        recompute_scale_factor: object = None,
    ) -> None:
        super().__init__(call)
        self.name = type(self).__name__
        self.size = size
        self.scale_factor = factors_of(call, scale_factor)
        self.mode = mode
        self.align_corners = align_corners
        self.recompute_scale_factor = recompute_scale_factor

    def describe(self) -> str:
        by = f"×{once(self.scale_factor)}" if self.size is None else f"to {once(self.size)}"
        return f"{type(self).__name__}({by}, {once(self.mode)})"

    def forward(self, call: Call, input: AnyRank) -> Value:
        given = [input, self.size, self.scale_factor, self.mode, self.align_corners]
        rule = OPS["torch.nn.functional.interpolate"]
        return rule(call, [*given, self.recompute_scale_factor], {})


def factors_of(call: Call, scale_factor: object) -> object:
    """Scale factors as the layer keeps them: floating point numbers; None for zero."""
    if isinstance(scale_factor, tuple):
        return tuple(factors_of(call, factor) for factor in scale_factor)
    if isinstance(scale_factor, (str, list, dict)) and scale_factor:
        wrong(call, f"scale_factor has to be a number, not {said(scale_factor)}", at="scale_factor")
    if isinstance(scale_factor, (list, dict)):
        return None
    if isinstance(scale_factor, (int, float)):
        return float(scale_factor) if scale_factor else None
    return scale_factor


@models("torch.nn.UpsamplingNearest2d", "torch.nn.modules.upsampling.UpsamplingNearest2d")
class UpsamplingNearest2d(Upsample):
    """(N, C, H, W) gives (N, C, *size), or ⌊L·scale_factor⌋ along each axis L."""

    def __init__(self, call: Call, size: object = None, scale_factor: object = None) -> None:
        super().__init__(call, size, scale_factor, mode="nearest")


@models("torch.nn.UpsamplingBilinear2d", "torch.nn.modules.upsampling.UpsamplingBilinear2d")
class UpsamplingBilinear2d(Upsample):
    """(N, C, H, W) gives (N, C, *size), or ⌊L·scale_factor⌋ along each axis L."""

    def __init__(self, call: Call, size: object = None, scale_factor: object = None) -> None:
        super().__init__(call, size, scale_factor, mode="bilinear", align_corners=True)
