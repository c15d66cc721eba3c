"""The layers of einops: Rearrange, Reduce, and EinMix, which has a weight."""

from __future__ import annotations

from typing import ClassVar

from conv_lsp.dims import Dim, unknown_size
from conv_lsp.findings import CALL_ARGUMENTS
from conv_lsp.library.einops import checked, explained, given_pattern, measured, reducing, transform
from conv_lsp.library.einops_pattern import (
    ELLIPSIS,
    PatternError,
    Side,
    number_of,
    parse,
    parse_side,
)
from conv_lsp.library.einsum import combined
from conv_lsp.library.module import Layer
from conv_lsp.library.registry import OPS, Call, models
from conv_lsp.values import Tensor, Unknown, Value

UNKNOWN = "the pattern is not known"


@models("einops.layers.torch.Rearrange")
class Rearrange(Layer):
    """`rearrange` with its pattern."""

    operation: ClassVar[str] = "rearrange"

    def __init__(self, call: Call, pattern: object, **axes_lengths: object) -> None:
        super().__init__(call)
        self.pattern = given_pattern(call, pattern, type(self).__name__)
        self.axes_lengths = axes_lengths
        if isinstance(pattern, str):
            with explained(call, pattern):
                checked(self.operation, pattern, axes_lengths)

    def describe(self) -> str:
        return f"{type(self).__name__}('{self.pattern}')"

    def forward(self, call: Call, input: object) -> Value:
        if not isinstance(self.pattern, str):
            return Tensor(Unknown(UNKNOWN))
        return transform(call, one(call, input), self.operation, self.pattern, self.axes_lengths)


def one(call: Call, input: Value) -> Value:
    """The input, which has to be a tensor: the layers take no lists."""
    if isinstance(input, (Tensor, Unknown)):
        return input
    problem = f"takes a tensor, not a {type(input).__name__.lower()}"
    call.fail(CALL_ARGUMENTS, at="input", name="forward", problem=problem)


@models("einops.layers.torch.Reduce")
class Reduce(Layer):
    """`reduce` with its pattern and reduction."""

    def __init__(
        self, call: Call, pattern: object, reduction: object, **axes_lengths: object
    ) -> None:
        super().__init__(call)
        self.pattern = given_pattern(call, pattern, "Reduce")
        self.reduction = reduction
        self.axes_lengths = axes_lengths
        if isinstance(pattern, str):
            reducing(call, pattern, reduction)
            with explained(call, pattern):
                checked("reduce", pattern, axes_lengths)

    def describe(self) -> str:
        return f"Reduce('{self.pattern}', {self.reduction!r})"

    def forward(self, call: Call, input: object) -> Value:
        if not isinstance(self.pattern, str):
            return Tensor(Unknown(UNKNOWN))
        given = one(call, input), "reduce", self.pattern, self.axes_lengths, self.reduction
        result = transform(call, *given)
        if self.reduction in ("any", "all") and shrinks(self.pattern):
            problem = f"the layer has no reduction '{self.reduction}'"
            call.fail(CALL_ARGUMENTS, at="input", name="forward", problem=problem)
        return result


def shrinks(pattern: str) -> bool:
    """Whether something is left out on the right."""
    left, right = parse(pattern)
    return bool(left.names - right.names) or (left.has_ellipsis and not right.has_ellipsis)


@models("einops.layers.torch.EinMix")
class EinMix(Layer):
    """A linear layer over the axes that a pattern names, which may be split and merged."""

    def __init__(
        self,
        call: Call,
        pattern: object,
        weight_shape: object,
        bias_shape: object = None,
        **axes_lengths: object,
    ) -> None:
        super().__init__(call)
        self.pattern = given_pattern(call, pattern, "EinMix")
        self.weight_shape = given_pattern(call, weight_shape, "EinMix", "weight_shape")
        self.bias_shape = bias_shape
        self.axes_lengths = axes_lengths
        self.weight: object = Tensor(Unknown(UNKNOWN), kind="parameter")
        self.bias: object = None
        if isinstance(pattern, str) and isinstance(weight_shape, str):
            with explained(call, pattern):
                left, right, weight = mixing(pattern, weight_shape, set(axes_lengths))
                sizes = measured(axes_lengths, left.names)
                shape = tuple(sizes[name] for name in ordered(weight))
                self.weight = Tensor(shape, kind="parameter")
                if isinstance(bias_shape, str):
                    added = bias_of(right, bias_shape, sizes)
                    self.bias = Tensor(added, kind="parameter")
                elif not isinstance(bias_shape, Unknown) and bias_shape is not None:
                    raise PatternError(f"the bias has to be a text, not {bias_shape!r}")
                elif bias_shape is not None:
                    self.bias = Tensor(Unknown("a bias that is not known"), kind="parameter")

    def describe(self) -> str:
        return f"EinMix('{self.pattern}', '{self.weight_shape}')"

    def forward(self, call: Call, input: object) -> Value:
        pattern, weight = self.pattern, self.weight
        if not isinstance(pattern, str) or not isinstance(weight, Tensor) or not weight.known:
            return Tensor(Unknown(UNKNOWN))
        left, right, kernel = mixing(pattern, str(self.weight_shape), set(self.axes_lengths))
        olds, news = ordered(left), ordered(right)
        lengths = {n: v for n, v in self.axes_lengths.items() if n in left.names}
        flat = one(call, input)
        if merged(left):
            before = f"{pattern.partition('->')[0]} -> {spelled(olds)}"
            flat = transform(call, flat, "rearrange", before, lengths)
        if not isinstance(flat, Tensor) or not flat.known:
            why = flat.shape if isinstance(flat, Tensor) else flat
            return Tensor(why if isinstance(why, Unknown) else Unknown("an input"))
        hidden = flat.rank - len([n for n in olds if n != ELLIPSIS])
        if hidden < 0 or (hidden and not left.has_ellipsis):
            with explained(call, pattern, at="input"):
                taken = f"{flat.rank - hidden} dimensions"
                raise PatternError(f"it takes {taken}, the tensor has {flat.rank}")
        names = [labels(part, hidden) for part in (olds, ordered(kernel), news)]
        result: Value = combined(call, [flat, weight], names[:2], names[2])
        if isinstance(self.bias, Tensor):
            result = call.invoke(OPS["operator.iadd"], result, self.bias)
        if merged(right) and isinstance(result, Tensor):
            after = f"{spelled(news)} -> {pattern.partition('->')[2]}"
            result = transform(
                call, result, "rearrange", after, split_sizes(news, names[2], result)
            )
        return result


def split_sizes(names: list[str], flat: list[str | int], result: Tensor) -> dict[str, Dim]:
    """The size of every named axis of a result that is to be merged."""
    return {str(n): s for n, s in zip(flat, result.sizes, strict=True) if n in names}


def mixing(pattern: str, weight_shape: str, given: set[str]) -> tuple[Side, Side, Side]:
    """The sides of EinMix' pattern and of its weight, which have to agree."""
    if pattern.count("->") != 1:
        raise PatternError("there has to be one '->'")
    left, right = (parse_side(part, f"{i}") for i, part in enumerate(pattern.split("->")))
    if "(" in weight_shape or ")" in weight_shape:
        raise PatternError(f"no parentheses in the weight '{weight_shape}'")
    weight = parse_side(weight_shape)
    strange = right.names - left.names - weight.names
    if strange:
        raise PatternError(f"{listed(strange)} on the right side only")
    if weight.has_ellipsis:
        raise PatternError("'...' in the weight")
    if left.has_ellipsis != right.has_ellipsis:
        raise PatternError("'...' on one side only")
    if left.nested_ellipsis:
        raise PatternError("'...' in parentheses on the left side")
    if any(number_of(n) is not None for side in (left, right, weight) for n in side.names):
        raise PatternError("EinMix takes no numbers but 1")
    if any(not group for group in weight.groups):
        raise PatternError("an axis of the weight without a name")
    for names, problem in (
        (weight.names - given, "the size of {} is not given"),
        (given - left.names - weight.names, "{} is not in the pattern"),
        (weight.names - left.names - right.names, "{} is in the weight only"),
    ):
        if names:
            raise PatternError(problem.format(listed(names)))
    if merged(left):
        checked(
            "rearrange",
            f"{pattern.partition('->')[0]} -> {spelled(ordered(left))}",
            dict.fromkeys(given & left.names),
        )
    return left, right, weight


def bias_of(right: Side, bias_shape: str, sizes: dict[str, Dim]) -> tuple[Dim, ...]:
    """The shape of a bias: of size 1 along the axes that it does not name."""
    names = parse_side(bias_shape).names
    for strange, problem in (
        (names - right.names, "{} of the bias is not on the right side"),
        (names - set(sizes), "the size of {} is not given"),
    ):
        if strange:
            raise PatternError(problem.format(listed(strange)))
    shape: list[Dim] = []
    for name in ordered(right):
        if name == ELLIPSIS:
            if any(size != 1 for size in shape):
                raise PatternError("axes of the bias stand before '...'")
            continue
        shape.append(sizes.get(name, unknown_size()) if name in names else 1)
    return tuple(shape)


def ordered(side: Side) -> list[str]:
    """All names of a side in order, the ellipsis among them."""
    return [n for g in side.groups for n in ((ELLIPSIS,) if g == ELLIPSIS else g)]


def merged(side: Side) -> bool:
    """Whether it has axes made of several, or of none."""
    return side.nested_ellipsis or any(len(group) != 1 for group in side.groups)


def spelled(names: list[str]) -> str:
    return " ".join("..." if name == ELLIPSIS else name for name in names)


def labels(names: list[str], hidden: int) -> list[str | int]:
    """One for each axis; those of the ellipsis are numbered from the right."""
    found: list[str | int] = []
    for name in names:
        found.extend(range(hidden, 0, -1) if name == ELLIPSIS else (name,))
    return found


def listed(names: set[str]) -> str:
    return ", ".join(f"'{n}'" for n in sorted(names))
