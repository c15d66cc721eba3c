"""Losses before their reduction: which sizes go together, and one loss for each element."""

from __future__ import annotations

from conv_lsp.axes import whole
from conv_lsp.dims import Dim, product, proves_unequal
from conv_lsp.findings import BROADCAST, CALL_ARGUMENTS, INPUT_RANK, LOSS_SIZES
from conv_lsp.library.algebra import pointwise, show
from conv_lsp.library.registry import Call
from conv_lsp.values import Tensor, Unknown, Value

# -- sizes ------------------------------------------------------------------------------------


def mismatch(call: Call, input: Tensor, target: Tensor, at: str = "target") -> None:
    """Complain that two shapes do not go together."""
    call.report(LOSS_SIZES, at=at, what="shape", got=show(input.shape), want=show(target.shape))


def same_shape(call: Call, input: Tensor, target: Tensor) -> bool:
    """Whether the shapes can be equal; complains if not."""
    fits = input.rank == target.rank and not any(map(proves_unequal, input.sizes, target.sizes))
    if not fits:
        mismatch(call, input, target)
    return fits


# -- element by element -----------------------------------------------------------------------


def broadcasting(call: Call, input: Tensor, target: Tensor, **options: Value) -> Tensor:
    """Shapes that broadcast."""
    return pointwise(call, input, target)


def filling(call: Call, input: Tensor, target: Tensor, **options: Value) -> Tensor:
    """A target that broadcasts to the input's shape."""
    result = pointwise(call, input, target)
    if result.rank != input.rank or any(map(proves_unequal, result.sizes, input.sizes)):
        mismatch(call, input, target)
    return result


def weighted(call: Call, input: Tensor, target: Tensor, **options: Value) -> Tensor:
    """Shapes that broadcast; a weight has the input's shape."""
    result = pointwise(call, input, target)
    weight = options.get("weight")
    if isinstance(weight, Tensor) and weight.known and weight.rank != input.rank:
        problem = f"takes a weight of shape {show(input.shape)}, not {show(weight.shape)}"
        call.report(CALL_ARGUMENTS, at="weight", name="loss", problem=problem)
    return result


def exact(call: Call, input: Tensor, target: Tensor, **options: Value) -> Tensor:
    """Equal shapes; weights broadcast."""
    if not same_shape(call, input, target):
        return input.like()
    result = pointwise(call, input, target)
    for name in ("weight", "pos_weight"):
        weight = options.get(name)
        if isinstance(weight, Tensor) and weight.known:
            pointwise(call, result, weight)
    return result


def rows(call: Call, input: Tensor, target: Tensor, **options: Value) -> Tensor:
    """The mean over the last axis."""
    result = pointwise(call, input, target)
    if result.rank == 0:
        call.fail(INPUT_RANK, at="input", name="the loss", got=0, want="at least 1")
    return per_sample(result)


def per_sample(elements: Tensor) -> Tensor:
    """Without the last axis, on which every sample depends as a whole."""
    return elements.like(elements.sizes[:-1], elements.axes[:-1], seen=whole(elements.axes[-1]))


def multilabel_margin(call: Call, input: Tensor, target: Tensor, **options: Value) -> Tensor:
    """(N, C) or (C,) with targets of the same shape."""
    if input.rank > 2:
        call.fail(INPUT_RANK, at="input", name="the loss", got=input.rank, want="1 or 2")
    if input.rank == 2:
        same_shape(call, input, target)
        return per_sample(input)
    if target.rank > 1 or proves_unequal(product(input.sizes), product(target.sizes)):
        mismatch(call, input, target)
    return Tensor((), seen=whole(input.seen, *input.axes), dtype=input.dtype)


def multi_margin(call: Call, input: Tensor, target: Tensor, **options: Value) -> Tensor:
    """(N, C) with targets (N,), or (C,) with one target."""
    if input.rank not in (1, 2):
        call.fail(INPUT_RANK, at="input", name="the loss", got=input.rank, want="1 or 2")
    if input.rank == 2:
        same_shape(call, per_sample(input), target)
    return target.like(seen=whole(input.seen, *input.axes), dtype=input.dtype)


# -- classes ----------------------------------------------------------------------------------


def classes(call: Call, input: Tensor, target: Tensor, **options: Value) -> Tensor:
    """(N, C, ...) with class indices (N, ...), or (C,) with one."""
    count: Dim = input.sizes[1] if input.rank > 1 else input.sizes[0] if input.rank else 1
    weight = options.get("weight")
    if isinstance(weight, Tensor) and weight.known and weight.rank == 1:
        if proves_unequal(weight.sizes[0], count):
            problem = f"takes a weight for {count} classes, not {weight.sizes[0]}"
            call.report(CALL_ARGUMENTS, at="weight", name="loss", problem=problem)
    if input.rank < 2:
        if target.rank > 1 or (target.rank == 1 and proves_unequal(target.sizes[0], 1)):
            mismatch(call, input, target)
        return Tensor((), seen=whole(input.seen, *input.axes), dtype=input.dtype)
    wanted = input.like(
        (input.sizes[0], *input.sizes[2:]),
        (input.axes[0], *input.axes[2:]),
        seen=whole(input.axes[1]),
    )
    if target.rank != wanted.rank or any(map(proves_unequal, target.sizes, wanted.sizes)):
        mismatch(call, input, target)
    return wanted


def probabilities(call: Call, input: Tensor, target: Tensor, **options: Value) -> Tensor:
    """As `classes`, or with the probabilities of all classes in the input's own shape."""
    if target.rank == input.rank > 1:
        fits = same_shape(call, input, target)
        return classes(call, input, _without_classes(target if fits else input), **options)
    return classes(call, input, target, **options)


def _without_classes(target: Tensor) -> Tensor:
    return target.like((target.sizes[0], *target.sizes[2:]), (target.axes[0], *target.axes[2:]))


# -- several inputs ---------------------------------------------------------------------------


def ranking(call: Call, input1: Tensor, input2: Tensor, target: Tensor, **options: Value) -> Tensor:
    """All of the same rank; sizes broadcast."""
    for at, other in (("input2", input2), ("target", target)):
        if other.rank != input1.rank:
            call.fail(INPUT_RANK, at=at, name="the loss", got=other.rank, want=input1.rank)
    return pointwise(call, input1, input2, target)


def cosine(call: Call, input1: Tensor, input2: Tensor, target: Tensor, **options: Value) -> Tensor:
    """(N, D) twice and (N,), or (D,) twice and a number."""
    for at, other in (("input1", input1), ("input2", input2)):
        if other.rank != target.rank + 1 or target.rank > 1:
            want = min(target.rank, 1) + 1
            call.fail(INPUT_RANK, at=at, name="the loss", got=other.rank, want=want)
    return pointwise(call, per_sample(pointwise(call, input1, input2)), target)


def triplet(
    call: Call, anchor: Tensor, positive: Tensor, negative: Tensor, **options: Value
) -> Tensor:
    """Distances along the last axis of three tensors of the same rank."""
    for at, other in (("positive", positive), ("negative", negative)):
        if other.rank != anchor.rank:
            call.fail(INPUT_RANK, at=at, name="the loss", got=other.rank, want=anchor.rank)
    result = pointwise(call, anchor, positive, negative)
    if options.get("distance_function") is None:
        return per_sample(result) if result.rank else result
    return Tensor(Unknown("the distance function is not followed"))


def gaussian(call: Call, input: Tensor, target: Tensor, var: Value, **options: Value) -> Tensor:
    """The variance has the input's shape, or 1 in one place of it, or lacks its last axis."""
    result = pointwise(call, input, target)
    if isinstance(var, Tensor) and var.known and not _fits(var, input):
        problem = f"takes a var of shape {show(input.shape)}, not {show(var.shape)}"
        call.report(CALL_ARGUMENTS, at="var", name="gaussian_nll_loss", problem=problem)
    return result


def _fits(var: Tensor, input: Tensor) -> bool:
    if var.rank == input.rank:
        other = [b for a, b in zip(input.sizes, var.sizes, strict=True) if proves_unequal(a, b)]
        return other in ([], [1])
    return var.rank == input.rank - 1 and not any(map(proves_unequal, input.sizes, var.sizes))


def ctc(
    call: Call,
    log_probs: Tensor,
    targets: Tensor,
    input_lengths: Value,
    target_lengths: Value,
    **options: Value,
) -> Tensor:
    """(T, N, C) or (T, C); targets (N, S), or all of them one after the other."""
    if log_probs.rank not in (2, 3):
        call.fail(INPUT_RANK, at="log_probs", name="ctc_loss", got=log_probs.rank, want="2 or 3")
    seen = whole(log_probs.seen, *log_probs.axes)
    if log_probs.rank == 2:
        return Tensor((), seen=seen)
    batch = log_probs.sizes[1]
    if targets.rank == 2 and proves_unequal(targets.sizes[0], batch):
        a, b = batch, targets.sizes[0]
        shapes = f"{show(log_probs.shape)} and {show(targets.shape)}"
        call.report(BROADCAST, at="targets", a=a, b=b, dim=0, shapes=shapes)
    return Tensor((batch,), (log_probs.axes[1],), seen=seen)
