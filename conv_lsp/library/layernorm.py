"""Normalisation over groups of channels, the last dimensions, or along a vector."""

from __future__ import annotations

from math import isinf

from conv_lsp.axes import lost
from conv_lsp.dims import Dim, less, product, proves_unequal
from conv_lsp.library.algebra import axes_of, is_floating, show
from conv_lsp.library.layers import expect, optional
from conv_lsp.library.module import Layer
from conv_lsp.library.normalization import (
    FEATURES,
    GROUPS,
    featured,
    features_of,
    over,
    several,
)
from conv_lsp.library.raising import floating, refuse
from conv_lsp.library.registry import OPS, AnyRank, Call, models, op
from conv_lsp.library.sliding import (
    INPUT_RANK,
    NO_SIZES,
    at_least,
    number,
    settled,
    spread,
    text,
    times,
    wrong,
)
from conv_lsp.values import Tensor, Unknown, Value

# -- functions --------------------------------------------------------------------------------


@op("torch.nn.functional.layer_norm")
def layer_norm(
    call: Call,
    input: AnyRank,
    normalized_shape: object,
    weight: object = None,
    bias: object = None,
    eps: object = 1e-5,
) -> Tensor:
    """The shape of the input; the result is contiguous whatever the input's layout is."""
    result = over_last(call, input, normalized_shape, weight, bias)
    result.strides = None
    return result


def over_last(
    call: Call,
    input: Tensor,
    normalized_shape: object,
    weight: object = None,
    bias: object = None,
) -> Tensor:
    """Over the last dimensions, which have to be `normalized_shape`."""
    normalized_shape = settled(normalized_shape)
    if not input.known or isinstance(normalized_shape, Unknown):
        return input.like()
    if not isinstance(normalized_shape, (tuple, list)) or not normalized_shape:
        wrong(call, "normalized_shape has to be a tuple", at="normalized_shape")
    shape = tuple(number(call, n, "normalized_shape") for n in normalized_shape)
    for parameter in (weight, bias):
        if isinstance(parameter, Tensor) and parameter.known and unlike(parameter.sizes, shape):
            wrong(call, f"a parameter of {show(parameter.sizes)} is not of {show(shape)}")
    floating(call, input)
    first = input.rank - len(shape)
    ours = input.sizes[max(first, 0) :]
    if first < 0 or call.unlike(FEATURES, ours, shape):
        got, want = input.sizes[-len(shape) :], shape
        single = len(shape) == 1 and first >= 0
        call.report(
            FEATURES,
            at="input",
            got=got[0] if single else show(got),
            want=want[0] if single else show(want),
        )
        if first < 0:
            return input.like()
        input = input.like((*input.sizes[:first], *shape), input.axes)
    return over(input, range(first, input.rank))


def unlike(a: tuple[Dim, ...], b: tuple[Dim, ...]) -> bool:
    """Whether two shapes are certainly not the same."""
    return len(a) != len(b) or any(map(proves_unequal, a, b))


@op("torch.layer_norm")
def _layer_norm(
    call: Call,
    input: AnyRank,
    normalized_shape: object,
    weight: object = None,
    bias: object = None,
    eps: object = 1e-5,
    cudnn_enabled: object = True,
) -> Tensor:
    """The shape of the input."""
    return layer_norm(call, input, normalized_shape, weight, bias)


@op("torch.nn.functional.rms_norm", "torch.rms_norm")
def rms_norm(
    call: Call,
    input: AnyRank,
    normalized_shape: object,
    weight: object = None,
    eps: object = None,
) -> Tensor:
    """The shape of the input."""
    return over_last(call, input, normalized_shape, weight)


@op("torch.nn.functional.group_norm")
def group_norm(
    call: Call,
    input: AnyRank,
    num_groups: Dim,
    weight: object = None,
    bias: object = None,
    eps: object = 1e-5,
) -> Tensor:
    """The shape of the input: over the channels of each group and space."""
    if input.known and input.rank > 1 and not less(num_groups, 1):
        n, channels, *space = input.sizes
        several(call, product((n * channels // num_groups, *space)), "group")
    return group_normed(call, input, num_groups, weight, bias)


def group_normed(
    call: Call, input: Tensor, num_groups: Dim, weight: object, bias: object
) -> Tensor:
    """What is compiled of `group_norm`."""
    if not input.known:
        return input.like()
    if input.rank < 2:
        call.fail(INPUT_RANK, at="input", got=input.rank, want="at least 2", name=call.name)
    at_least(call, 1, "num_groups", [num_groups])
    floating(call, input)
    channels = input.sizes[1]
    output = featured(call, input, 1, weight, bias)
    if output is input and proves_unequal(channels % num_groups, 0):
        call.report(GROUPS, at="input", name="channels", got=channels, groups=num_groups)
    return over(output, range(1, input.rank))


@op("torch.group_norm")
def _group_norm(
    call: Call,
    input: AnyRank,
    num_groups: Dim,
    weight: object = None,
    bias: object = None,
    eps: object = 1e-5,
    cudnn_enabled: object = True,
) -> Tensor:
    """The shape of the input."""
    return group_normed(call, input, num_groups, weight, bias)


@op("torch.nn.functional.local_response_norm")
def local_response_norm(
    call: Call,
    input: Tensor,
    size: object,
    alpha: object = 1e-4,
    beta: object = 0.75,
    k: object = 1.0,
) -> Tensor:
    """The shape of the input: over windows of channels."""
    if input.rank < 3:
        call.fail(INPUT_RANK, at="input", got=input.rank, want="at least 3", name=call.name)
    if 0 in input.sizes:
        return input
    at_least(call, 1, "size", [number(call, size, "size", NO_SIZES)])
    refuse(call, input, ["bool"])
    channels = 1 if input.rank > 3 else input.rank - 2
    axes = input.axes
    axes = (*axes[:channels], lost(axes[channels]), *axes[channels + 1 :])
    return input.like(input.sizes, axes, dtype="" if is_floating(input.dtype) else "float32")


@op("torch.nn.functional.normalize")
def normalize(
    call: Call,
    input: AnyRank,
    p: object = 2.0,
    dim: object = 1,
    eps: object = 1e-12,
    out: object = None,
) -> Tensor:
    """The shape of the input."""
    if not input.known:
        return input.like()
    if isinstance(dim, Unknown):
        return input.like(input.sizes, tuple(lost(axis) for axis in input.axes))
    floating(call, input)
    axes = axes_of(call, input.rank, dim)
    if len(set(axes)) < len(axes):
        wrong(call, "a dimension is given twice", at="dim")
    if isinstance(p, (int, float)) and (p < 0 or isinf(p)) and 0 in (input.sizes[i] for i in axes):
        wrong(call, f"there is no norm of {p} of an empty dimension", at="dim")
    return over(input, axes)


# -- layers -----------------------------------------------------------------------------------


class ShapedNorm(Layer):
    """Normalisation over the last dimensions, which are given at construction."""

    def shape(self, call: Call, given: object) -> object:
        """The shape as torch keeps it: a tuple."""
        given = settled(given)
        if isinstance(given, Unknown) and not given.name:
            return given
        if isinstance(given, (float, str)) or given is None:
            wrong(call, f"normalized_shape cannot be {given!r}", at="normalized_shape")
        sizes = tuple(number(call, n, "normalized_shape", NO_SIZES) for n in spread(given, 1))
        at_least(call, 0, "normalized_shape", sizes)
        return sizes

    def parameter(self, wanted: object) -> Tensor | Unknown | None:
        """A parameter of the normalised shape."""
        shape = self.normalized_shape
        return optional(shape, wanted) if isinstance(shape, tuple) else Unknown("shape")

    normalized_shape: object

    def reset_parameters(self, call: Call) -> None:
        return None

    def describe(self) -> str:
        shape = self.normalized_shape
        known = times(shape) if isinstance(shape, tuple) else "?"
        return f"{type(self).__name__}({known})"


@models("torch.nn.LayerNorm", "torch.nn.modules.normalization.LayerNorm")
class LayerNorm(ShapedNorm):
    """(*, *normalized_shape) gives the same shape."""

    def __init__(
        self,
        call: Call,
        normalized_shape: object,
        eps: object = 1e-5,
        elementwise_affine: object = True,
        bias: object = True,
        device: object = None,
        dtype: object = None,
    ) -> None:
        super().__init__(call)
        self.normalized_shape = self.shape(call, normalized_shape)
        self.eps = eps
        self.elementwise_affine = elementwise_affine
        self.weight = self.parameter(elementwise_affine)
        unsure = isinstance(elementwise_affine, Unknown)
        self.bias = self.parameter(
            bias if elementwise_affine and not unsure else elementwise_affine
        )

    def forward(self, call: Call, input: AnyRank) -> Value:
        given = [input, self.normalized_shape, self.weight, self.bias, self.eps]
        return OPS["torch.nn.functional.layer_norm"](call, given, {})


@models("torch.nn.RMSNorm", "torch.nn.modules.normalization.RMSNorm")
class RMSNorm(ShapedNorm):
    """(*, *normalized_shape) gives the same shape."""

    def __init__(
        self,
        call: Call,
        normalized_shape: object,
        eps: object = None,
        elementwise_affine: object = True,
        device: object = None,
        dtype: object = None,
    ) -> None:
        super().__init__(call)
        self.normalized_shape = self.shape(call, normalized_shape)
        self.eps = eps
        self.elementwise_affine = elementwise_affine
        self.weight = self.parameter(elementwise_affine)

    def forward(self, call: Call, input: AnyRank) -> Value:
        given = [input, self.normalized_shape, self.weight, self.eps]
        return OPS["torch.nn.functional.rms_norm"](call, given, {})


@models("torch.nn.GroupNorm", "torch.nn.modules.normalization.GroupNorm")
class GroupNorm(Layer):
    """(N, num_channels, *) gives the same shape."""

    def __init__(
        self,
        call: Call,
        num_groups: object,
        num_channels: object,
        eps: object = 1e-5,
        affine: object = True,
        device: object = None,
        dtype: object = None,
        *,
        bias: object = True,
    ) -> None:
        super().__init__(call)
        num_groups = number(call, num_groups, "num_groups", NO_SIZES)
        num_channels = number(call, num_channels, "num_channels", NO_SIZES)
        at_least(call, 1, "num_groups", [num_groups])
        at_least(call, 0, "num_channels", [num_channels])
        if proves_unequal(num_channels % num_groups, 0):
            call.report(
                GROUPS, at="num_groups", name="num_channels", got=num_channels, groups=num_groups
            )
            num_groups = 1  # so that the mistake is told once
        self.num_groups = num_groups
        self.num_channels = num_channels
        self.eps = eps
        self.affine = affine
        own = features_of(num_channels, affine, False, bias)
        self.weight = own["weight"]
        self.bias = own["bias"]

    def reset_parameters(self, call: Call) -> None:
        return None

    def describe(self) -> str:
        return f"GroupNorm({text(self.num_channels)}, groups {text(self.num_groups)})"

    def forward(self, call: Call, input: AnyRank) -> Value:
        given = [input, self.num_groups, self.weight, self.bias, self.eps]
        return OPS["torch.nn.functional.group_norm"](call, given, {})


@models("torch.nn.LocalResponseNorm", "torch.nn.modules.normalization.LocalResponseNorm")
class LocalResponseNorm(Layer):
    """(N, C, *) gives the same shape."""

    def __init__(
        self,
        call: Call,
        size: object,
        alpha: object = 1e-4,
        beta: object = 0.75,
        k: object = 1.0,
    ) -> None:
        super().__init__(call)
        self.size = size
        self.alpha = alpha
        self.beta = beta
        self.k = k

    def describe(self) -> str:
        return f"{type(self).__name__}({text(self.size)})"

    def forward(self, call: Call, input: Tensor) -> Value:
        given = [input, self.size, self.alpha, self.beta, self.k]
        return OPS["torch.nn.functional.local_response_norm"](call, given, {})


@models("torch.nn.CrossMapLRN2d", "torch.nn.modules.normalization.CrossMapLRN2d")
class CrossMapLRN2d(LocalResponseNorm):
    """(N, C, H, W) gives the same shape."""

    def __init__(
        self,
        call: Call,
        size: object,
        alpha: object = 1e-4,
        beta: object = 0.75,
        k: object = 1,
    ) -> None:
        super().__init__(call, size, alpha, beta, k)

    def forward(self, call: Call, input: Tensor) -> Value:
        if input.rank != 4:
            call.fail(INPUT_RANK, at="input", got=input.rank, want=4, name="CrossMapLRN2d")
        floating(call, input)
        if self.size == 0:
            wrong(call, "size is 0, by which the sums are divided", at="size")
        expect(call, "f", size=self.size, alpha=self.alpha, beta=self.beta, k=self.k)
        at_least(call, 1, "the number of channels", input.sizes[1:2])
        axes = input.axes
        return input.like(axes=(axes[0], lost(axes[1]), *axes[2:]))
