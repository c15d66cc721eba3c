"""Losses of several inputs, and of sequences, before their reduction."""

from __future__ import annotations

from collections.abc import Sequence

from conv_lsp.axes import whole
from conv_lsp.dims import Dim, product, proves_unequal
from conv_lsp.findings import BROADCAST, CALL_ARGUMENTS, DTYPE, INPUT_RANK
from conv_lsp.library.algebra import pointwise, promote, show
from conv_lsp.library.dtypes import may_be, want_floats
from conv_lsp.library.loss_sizes import no_booleans, per_sample, refuse, want_rank
from conv_lsp.library.registry import Call
from conv_lsp.library.taking import floats
from conv_lsp.values import List, Tensor, Unknown, Value

# -- several inputs ---------------------------------------------------------------------------


def ranking(call: Call, input1: Tensor, input2: Tensor, target: Tensor, **options: Value) -> Tensor:
    """All of the same rank; sizes broadcast."""
    if not options.get("compiled"):
        for at, other in (("input2", input2), ("target", target)):
            want_rank(call, at, other, input1.rank)
    no_booleans(call, input1=input1, input2=input2, target=target)
    result = pointwise(call, input1, input2, target)
    return result.like(dtype=floats(result.dtype))


def cosine(call: Call, input1: Tensor, input2: Tensor, target: Tensor, **options: Value) -> Tensor:
    """(N, D) twice and (N,), or (D,) twice and a number."""
    for at, other in (("input1", input1), ("input2", input2)):
        want_rank(call, at, other, min(target.rank, 1) + 1)
    if target.rank > 1:
        call.fail(INPUT_RANK, at="target", name="the loss", got=target.rank, want="0 or 1")
    both = per_sample(pointwise(call, input1, input2))
    return pointwise(call, both, target, dtype=floats(both.dtype))


def triplet(
    call: Call, anchor: Tensor, positive: Tensor, negative: Tensor, **options: Value
) -> Tensor:
    """Distances along the last axis of three tensors of the same rank."""
    if not options.get("compiled"):
        check_margin(call, options.get("margin"))
    for at, other in (("positive", positive), ("negative", negative)):
        want_rank(call, at, other, anchor.rank)
    distance = options.get("distance_function")
    if distance is not None:
        return measured(call, distance, anchor, positive, negative)
    no_booleans(call, anchor=anchor, positive=positive, negative=negative)
    result = pointwise(call, anchor, positive, negative)
    result = per_sample(result) if result.rank else result
    return result.like(dtype=floats(result.dtype))


def check_margin(call: Call, margin: Value) -> None:
    """The margin of a triplet is above 0."""
    if isinstance(margin, (int, float)) and margin <= 0:
        refuse(call, "margin", f"takes a margin above 0, not {margin}")


def measured(call: Call, distance: Value, anchor: Tensor, near: Tensor, far: Tensor) -> Tensor:
    """The difference of two distances that a function measures."""
    pair = [call.invoke(distance, anchor, other) for other in (near, far)]
    if all(isinstance(d, Tensor) and d.known for d in pair):
        return pointwise(call, *pair)
    return Tensor(Unknown("the distance function is not followed"))


def gaussian(call: Call, input: Tensor, target: Tensor, var: Value, **options: Value) -> Tensor:
    """The variance has the input's shape, or 1 in one place of it, or lacks its last axis."""
    no_booleans(call, input=input, target=target)
    if target.data is True or target.data is False:
        refuse(call, "target", "takes no True or False as target")
    result = pointwise(call, input, target)
    dtype = floats(result.dtype)
    if isinstance(var, int) or (isinstance(var, float) and var < 0):
        refuse(call, "var", f"takes a tensor or a float of at least 0 as var, not {var!r}")
    if not isinstance(var, Tensor) or not var.known:
        return result.like(dtype=dtype)
    if not _fits(var, input):
        problem = f"takes a var of shape {show(input.shape)}, not {show(var.shape)}"
        refuse(call, "var", problem)
    want_floats(call, "the loss", var=var)
    full = var if var.rank == input.rank else var.like((*var.sizes, 1), (*var.axes, None))
    return pointwise(call, result, full, dtype=promote(dtype, var.dtype))


def _fits(var: Tensor, input: Tensor) -> bool:
    if var.rank == input.rank:
        other = [b for a, b in zip(input.sizes, var.sizes, strict=True) if proves_unequal(a, b)]
        certain = [b for b in other if isinstance(b, int)]
        return not other or sum(certain) == 1 or len(certain) < len(other)
    return var.rank == input.rank - 1 and not any(map(proves_unequal, input.sizes, var.sizes))


# -- sequences --------------------------------------------------------------------------------


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
    if targets.rank not in (1, 2):
        call.fail(INPUT_RANK, at="targets", name="ctc_loss", got=targets.rank, want="1 or 2")
    want_floats(call, "ctc_loss()", log_probs=log_probs)
    if 0 in log_probs.sizes:
        call.fail(CALL_ARGUMENTS, at="log_probs", name="ctc_loss", problem="log_probs is empty")
    seen = whole(log_probs.seen, *log_probs.axes)
    batch: Dim = log_probs.sizes[1] if log_probs.rank == 3 else 1
    longest = targets.sizes[1] if targets.rank == 2 else None
    check_lengths(call, "input_lengths", input_lengths, batch, log_probs.sizes[0])
    check_lengths(call, "target_lengths", target_lengths, batch, longest)
    if targets.rank == 1:
        check_together(call, targets, target_lengths)
    blank, count = options.get("blank"), log_probs.sizes[-1]
    if isinstance(blank, int) and isinstance(count, int) and not 0 <= blank < count:
        refuse(call, "blank", f"blank {blank} is outside of {count} classes")
    if targets.rank == 2 and proves_unequal(targets.sizes[0], batch):
        a, b = batch, targets.sizes[0]
        shapes = f"{show(log_probs.shape)} and {show(targets.shape)}"
        call.report(BROADCAST, at="targets", a=a, b=b, dim=0, shapes=shapes)
    if log_probs.rank == 2:
        return Tensor((), seen=seen, dtype=log_probs.dtype)
    return Tensor((batch,), (log_probs.axes[1],), seen=seen, dtype=log_probs.dtype)


def check_lengths(call: Call, at: str, lengths: Value, batch: Dim, most: Dim | None) -> None:
    """A length for each sequence, none above the longest."""
    values: Sequence[Value]
    if isinstance(lengths, Tensor):
        count = product(lengths.sizes) if lengths.known else batch
        values = lengths.data if isinstance(lengths.data, list) else []
        want_whole(call, at, lengths)
    elif isinstance(lengths, (list, tuple)) and not (isinstance(lengths, List) and lengths.vague):
        count, values = len(lengths), lengths
    else:
        return
    if proves_unequal(count, batch):
        refuse(call, at, f"takes {batch} lengths, not {count}")
    for length in values:
        if isinstance(length, int) and (length < 0 or (isinstance(most, int) and length > most)):
            refuse(call, at, f"length {length} is not from 0 to {'any' if most is None else most}")
            return


def want_whole(call: Call, at: str, lengths: Tensor) -> None:
    """Lengths are integers."""
    if not may_be(lengths.dtype, "int64", "int32", "int16", "int8", "uint8"):
        call.report(DTYPE, at=at, name=at, got=lengths.dtype, taker="ctc_loss()", want="int64")


def check_together(call: Call, targets: Tensor, lengths: Value) -> None:
    """Targets one after the other are as many as their lengths say."""
    values = lengths.data if isinstance(lengths, Tensor) else lengths
    if not isinstance(values, (list, tuple)) or (isinstance(values, List) and values.vague):
        return
    if all(isinstance(n, int) for n in values) and proves_unequal(sum(values), targets.sizes[0]):
        refuse(call, "targets", f"takes {sum(values)} targets, not {targets.sizes[0]}")
