"""The compiled forms beneath normalisation and dropout, which give what the gradient needs, too."""

from __future__ import annotations

from conv_lsp.axes import joined, whole
from conv_lsp.dims import Dim, product, proves_unequal
from conv_lsp.findings import RULES
from conv_lsp.library.algebra import pointwise
from conv_lsp.library.layernorm import layer_norm
from conv_lsp.library.normalization import featured, over
from conv_lsp.library.raising import floating
from conv_lsp.library.registry import AnyRank, Call, op
from conv_lsp.library.sliding import INPUT_RANK, at_least, wrong
from conv_lsp.values import Shape, Tensor, Unknown, Value

GROUPS = RULES["groups-divide"]


def statistics(input: Tensor, shape: Shape, *dims: int) -> Tensor:
    """A mean, or a deviation, of this shape; each sees the whole of these dimensions."""
    seen = joined(input.seen, whole(*(input.axes[i] for i in dims)))
    return Tensor(shape, seen=seen, dtype=input.dtype)


def pair(result: Tensor, statistic: Tensor) -> Value:
    """A result with a mean and a deviation of the same shape."""
    return result, statistic, statistic.like()


@op("torch.native_layer_norm")
def native_layer_norm(
    call: Call, input: AnyRank, normalized_shape: object, weight: object, bias: object, eps: object
) -> Value:
    """The input's sizes; mean and inverse deviation keep the leading dimensions, the rest 1."""
    result = layer_norm(call, input, normalized_shape, weight, bias)
    if not result.known or not isinstance(normalized_shape, (tuple, list)):
        return Unknown("a normalisation over a shape that is not known")
    first = result.rank - len(normalized_shape)
    shape = (*result.sizes[:first], *(1 for _ in normalized_shape))
    return pair(result, statistics(input, shape, *range(first, result.rank)))


@op("torch.native_group_norm")
def native_group_norm(
    call: Call,
    input: Tensor,
    weight: object,
    bias: object,
    N: Dim,
    C: Dim,
    HxW: Dim,
    group: Dim,
    eps: object,
) -> Value:
    """The input's sizes; mean and inverse deviation have (N, group)."""
    at_least(call, 1, "group", [group])
    if proves_unequal(C % group, 0):
        call.fail(GROUPS, at="group", name="C", got=C, groups=group)
    count = product((N, C, HxW))
    if proves_unequal(count, product(input.sizes)):
        wrong(call, f"N·C·HxW is {count}; the input has {product(input.sizes)} elements", at="N")
    for vector in (weight, bias):
        if isinstance(vector, Tensor) and vector.known:
            if vector.rank != 1 or proves_unequal(vector.sizes[0], C):
                wrong(call, f"takes vectors of {C} channels", at="weight")
    floating(call, input)
    dims = range(1, input.rank)
    return pair(over(input, dims), statistics(input, (N, group), *dims))


@op("torch.native_batch_norm")
def native_batch_norm(
    call: Call,
    input: Tensor,
    weight: object,
    bias: object,
    running_mean: object,
    running_var: object,
    training: object,
    momentum: object,
    eps: object,
) -> Value:
    """The input's sizes; mean and inverse deviation have (channels), or (0) in inference."""
    if input.rank < 2:
        call.fail(INPUT_RANK, at="input", got=input.rank, want="at least 2", name=call.name)
    floating(call, input)
    result = featured(call, input.like(), 1, running_mean, running_var, weight, bias)
    trains = call.host.truth(training)
    if trains is None:
        return Unknown("whether the normalisation trains is not known")
    dims = (0, *range(2, input.rank))
    return pair(result, statistics(input, (input.sizes[1] if trains else 0,), *dims))


@op("torch.batch_norm_update_stats")
def batch_norm_update_stats(
    call: Call, input: Tensor, running_mean: object, running_var: object, momentum: object
) -> Value:
    """Mean and variance of (channels)."""
    if input.rank < 2:
        call.fail(INPUT_RANK, at="input", got=input.rank, want="at least 2", name=call.name)
    if 0 in input.sizes:
        wrong(call, "takes an input with elements", at="input")
    floating(call, input)
    mean = statistics(input, input.sizes[1:2], 0, *range(2, input.rank))
    return mean, mean.like()


@op("torch.native_dropout")
def native_dropout(call: Call, input: Tensor, p: object, train: object) -> Value:
    """The input's sizes, twice: the result, and the mask of what is kept."""
    if 0 in input.sizes:
        return input, input.like()
    if call.host.truth(True if train is None else train) is not False:
        if isinstance(p, (int, float)) and not 0 <= p <= 1:
            wrong(call, f"takes p from 0 to 1, not {p}", at="p")
        floating(call, input)
    result = pointwise(call, input)
    return result, pointwise(call, input, dtype="bool")


@op("torch.norm_except_dim")
def norm_except_dim(call: Call, v: Tensor, pow: object = 2, dim: int = 0) -> Tensor:
    """The norm over all dimensions but one, whose size stays among sizes of 1; over all for -1."""
    floating(call, v, at="v")
    if dim == -1:
        return Tensor((), seen=joined(v.seen, whole(*v.axes)), dtype=v.dtype)
    if v.rank == 0:
        call.fail(RULES["axis-range"], at="dim", dim=dim, rank=0)
    kept = call.axis(v.rank, dim)
    if v.sizes[kept] == 0:
        wrong(call, f"dimension {dim} is empty", at="dim")
    shape = tuple(size if i == kept else 1 for i, size in enumerate(v.sizes))
    axes = tuple(axis if i == kept else None for i, axis in enumerate(v.axes))
    others = whole(*(axis for i, axis in enumerate(v.axes) if i != kept))
    return Tensor(shape, axes, seen=joined(v.seen, others), dtype=v.dtype)
