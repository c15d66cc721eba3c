"""Losses before their reduction: which tensors go together, and one loss for each element."""

from __future__ import annotations

from conv_lsp.axes import whole
from conv_lsp.dims import Dim, product, proves_unequal
from conv_lsp.findings import CALL_ARGUMENTS, DTYPE, INPUT_RANK, LOSS_SIZES
from conv_lsp.library.algebra import pointwise, promote, show
from conv_lsp.library.dtypes import may_be, want_dtype, want_floats
from conv_lsp.library.registry import Call
from conv_lsp.library.taking import floats
from conv_lsp.values import Shape, Tensor, Value

# -- sizes ------------------------------------------------------------------------------------


def mismatch(call: Call, input: Tensor, target: Tensor, at: str = "target") -> None:
    """Complain that two shapes do not go together."""
    call.report(LOSS_SIZES, at=at, what="shape", got=show(input.shape), want=show(target.shape))


def same_shape(call: Call, input: Tensor, target: Tensor) -> bool:
    """Whether the shapes can be equal; complains if not."""
    fits = alike(input.sizes, target.sizes)
    if not fits:
        mismatch(call, input, target)
    return fits


def alike(a: Shape, b: Shape) -> bool:
    """Whether two shapes can be equal."""
    return len(a) == len(b) and not any(map(proves_unequal, a, b))


def refuse(call: Call, at: str, problem: str) -> None:
    call.report(CALL_ARGUMENTS, at=at, name="loss", problem=problem)


def want_rank(call: Call, at: str, tensor: Tensor, want: int) -> None:
    """Fail where a tensor has another number of dimensions."""
    if tensor.rank != want:
        call.fail(INPUT_RANK, at=at, name="the loss", got=tensor.rank, want=want)


def want_classes(call: Call, target: Tensor, *dtypes: str) -> None:
    """Complain about classes that are no integers of these types."""
    if not may_be(target.dtype, *dtypes):
        want = " or ".join(dtypes)
        call.report(
            DTYPE, at="target", name="target", got=target.dtype, taker="the loss", want=want
        )


def no_booleans(call: Call, **tensors: Tensor) -> None:
    """Complain about operands of a difference that are booleans."""
    for name, tensor in tensors.items():
        if tensor.dtype == "bool" and tensor.kind != "number":
            call.report(DTYPE, at=name, name=name, got="bool", taker="a difference", want="numbers")
            return


# -- element by element -----------------------------------------------------------------------


def difference(call: Call, input: Tensor, target: Tensor, **options: Value) -> Tensor:
    """Shapes that broadcast, of any numbers; a weight has the input's shape."""
    no_booleans(call, input=input, target=target)
    return weighed(call, input, paired(call, input, target), options)


def paired(call: Call, input: Tensor, target: Tensor) -> Tensor:
    """One loss for each pair; numbers without dimensions count as any others for the dtype."""
    return pointwise(call, input, target, dtype=promote(input.dtype, target.dtype))


def squared(call: Call, input: Tensor, target: Tensor, **options: Value) -> Tensor:
    """Shapes that broadcast, one of floating point numbers; a weight has the input's shape."""
    result = paired(call, input, target)
    if options.get("weight") is None:
        want_floats(call, "the loss", input=result)
    else:
        no_booleans(call, input=input, target=target)
    return weighed(call, input, result, options)


def smooth(call: Call, input: Tensor, target: Tensor, **options: Value) -> Tensor:
    """As `squared`; beta is not negative, and with 0 the loss is `difference`."""
    beta = options.get("beta")
    if beta == 0:
        return difference(call, input, target)
    if isinstance(beta, (int, float)) and beta < 0:
        refuse(call, "beta", f"takes a beta of at least 0, not {beta}")
    return squared(call, input, target)


def huber(call: Call, input: Tensor, target: Tensor, **options: Value) -> Tensor:
    """Shapes that broadcast; the loss has the input's dtype."""
    delta = options.get("delta")
    if isinstance(delta, (int, float)) and delta <= 0:
        refuse(call, "delta", f"takes a delta above 0, not {delta}")
    want_floats(call, "the loss", input=input)
    result = pointwise(call, input, target, dtype=input.dtype)
    return weighed(call, input, result, options)


def weighed(call: Call, input: Tensor, losses: Tensor, options: dict[str, Value]) -> Tensor:
    """Losses times a weight of the input's shape."""
    weight = options.get("weight")
    if not isinstance(weight, Tensor) or not weight.known:
        return losses
    if not alike(weight.sizes, input.sizes):
        refuse(
            call, "weight", f"takes a weight of shape {show(input.shape)}, not {show(weight.shape)}"
        )
    return pointwise(call, losses, weight)


def filling(call: Call, input: Tensor, target: Tensor, **options: Value) -> Tensor:
    """A target that broadcasts to the input's shape; the loss has the input's dtype."""
    want_floats(call, "the loss", input=input)
    return filled(call, input, target, input.dtype)


def filled(call: Call, input: Tensor, other: Tensor, dtype: str) -> Tensor:
    """The losses of two tensors, of which one has the shape of both together."""
    result = pointwise(call, input, other, dtype=dtype)
    if not alike(result.sizes, input.sizes):
        mismatch(call, input, other)
    return result


def hinge(call: Call, input: Tensor, target: Tensor, **options: Value) -> Tensor:
    """Shapes that broadcast; the loss has the input's dtype."""
    no_booleans(call, input=input)
    return pointwise(call, input, target, dtype=input.dtype)


def divergence(call: Call, input: Tensor, target: Tensor, **options: Value) -> Tensor:
    """Shapes that broadcast, both of floating point numbers."""
    want_floats(call, "kl_div()", input=input, target=target)
    return pointwise(call, input, target)


def poisson(call: Call, input: Tensor, target: Tensor, **options: Value) -> Tensor:
    """Shapes that broadcast."""
    result = pointwise(call, input, target)
    if result.dtype == "bool" or options.get("log_input") is False:
        no_booleans(call, input=input)
    if options.get("full") is True:
        no_booleans(call, target=target)
    return result.like(dtype=floats(result.dtype))


def probability(call: Call, input: Tensor, target: Tensor, **options: Value) -> Tensor:
    """Equal shapes of floating point numbers; the weight expands to them."""
    want_floats(call, "binary_cross_entropy()", input=input)
    want_dtype(call, "binary_cross_entropy()", input.dtype, target=target)
    if not same_shape(call, input, target):
        return input.like()
    expanded(call, target, "weight", options.get("weight"))
    return target.like(dtype=input.dtype)


def logits(call: Call, input: Tensor, target: Tensor, **options: Value) -> Tensor:
    """Equal shapes of floating point numbers; weights expand to them."""
    taker = "binary_cross_entropy_with_logits()"
    want_floats(call, taker, input=input, target=target)
    if options.get("compiled"):
        return filled(call, target, input, target.dtype)
    if not same_shape(call, input, target):
        return input.like()
    for name in ("weight", "pos_weight"):
        expanded(call, input, name, options.get(name))
    return pointwise(call, input, target, dtype=target.dtype)


def expanded(call: Call, input: Tensor, name: str, weight: Value) -> None:
    """A weight that broadcasts to the shape of the input."""
    if isinstance(weight, Tensor) and weight.known:
        together = pointwise(call, input, weight)
        if not alike(together.sizes, input.sizes):
            problem = f"{name} {show(weight.shape)} does not expand to {show(input.shape)}"
            refuse(call, name, problem)


def rows(call: Call, input: Tensor, target: Tensor, **options: Value) -> Tensor:
    """The mean over the last axis of the input."""
    want_floats(call, "the loss", input=input)
    no_booleans(call, target=target)
    if input.rank == 0:
        call.fail(INPUT_RANK, at="input", name="the loss", got=0, want="at least 1")
    result = pointwise(call, input, target)
    weight = options.get("weight")
    if isinstance(weight, Tensor) and weight.known:
        result = pointwise(call, result, weight)
    return without(result, input.rank - 1)


def without(elements: Tensor, axis: int) -> Tensor:
    """Without an axis, on which every loss depends as a whole."""
    sizes, axes = elements.sizes, elements.axes
    return elements.like(
        (*sizes[:axis], *sizes[axis + 1 :]),
        (*axes[:axis], *axes[axis + 1 :]),
        seen=whole(axes[axis]),
    )


def per_sample(elements: Tensor) -> Tensor:
    """Without the last axis."""
    return without(elements, elements.rank - 1)


def multilabel_margin(call: Call, input: Tensor, target: Tensor, **options: Value) -> Tensor:
    """(N, C) or (C,) with targets of the same shape."""
    want_scored(call, input)
    want_scores(call, input, target)
    if input.rank == 2:
        same_shape(call, input, target)
        return per_sample(input)
    if target.rank > 1 or proves_unequal(product(input.sizes), product(target.sizes)):
        mismatch(call, input, target)
    return Tensor((), seen=whole(input.seen, *input.axes), dtype=input.dtype)


def multi_margin(call: Call, input: Tensor, target: Tensor, **options: Value) -> Tensor:
    """(N, C) with targets (N,), or (C,) with one target."""
    want_scored(call, input)
    want_scores(call, input, target)
    check_power(call, options.get("p"))
    count = input.sizes[-1] if input.rank else 1
    class_weight(call, options.get("weight"), count, "" if 0 in input.sizes else input.dtype)
    single = not target.rank and not proves_unequal(product(input.sizes[:-1]), 1)
    if input.rank == 2 and not single:
        same_shape(call, per_sample(input), target)
    elif target.rank > 1 or (target.rank and proves_unequal(target.sizes[0], 1)):
        mismatch(call, input, target)
    return target.like(seen=whole(input.seen, *input.axes), dtype=input.dtype)


def check_power(call: Call, p: Value) -> None:
    """The power of a margin is 1 or 2."""
    if isinstance(p, (int, float)) and p not in (1, 2):
        refuse(call, "p", f"takes a p of 1 or 2, not {p}")


def want_scores(call: Call, input: Tensor, target: Tensor) -> None:
    """Floating point numbers and int64; where there are none, their types do not matter."""
    if 0 not in input.sizes:
        want_floats(call, "the loss", input=input)
        want_classes(call, target, "int64")


def want_scored(call: Call, input: Tensor) -> None:
    """One or two dimensions, with scores for at least one class."""
    if input.rank > 2:
        call.fail(INPUT_RANK, at="input", name="the loss", got=input.rank, want="1 or 2")
    if input.rank and input.sizes[-1] == 0:
        call.fail(CALL_ARGUMENTS, at="input", name="loss", problem="there are no classes")


# -- classes ----------------------------------------------------------------------------------


def class_weight(call: Call, weight: Value, count: Dim, dtype: str) -> None:
    """A weight has a number for each class."""
    if not isinstance(weight, Tensor) or not weight.known:
        return
    if weight.rank != 1 or proves_unequal(weight.sizes[0], count):
        problem = f"takes a weight for {count} classes, not one of {show(weight.shape)}"
        refuse(call, "weight", problem)
    if dtype:
        want_dtype(call, "the loss", dtype, weight=weight)


def classes(call: Call, input: Tensor, target: Tensor, **options: Value) -> Tensor:
    """(N, C, ...) with class indices (N, ...), or (C,) with one."""
    if not input.rank:
        call.fail(INPUT_RANK, at="input", name="the loss", got=0, want="at least 1")
    want_floats(call, "the loss", input=input)
    few = input.rank < 3 or 0 in target.sizes
    want_classes(call, target, "int64", *(["uint8"] if few else []))
    class_weight(call, options.get("weight"), input.sizes[min(input.rank - 1, 1)], input.dtype)
    if input.rank < 2:
        if target.rank > 1 or (target.rank == 1 and proves_unequal(target.sizes[0], 1)):
            mismatch(call, input, target)
        return Tensor((), seen=whole(input.seen, *input.axes), dtype=input.dtype)
    wanted = without(input, 1)
    if not alike(target.sizes, wanted.sizes):
        mismatch(call, input, target)
    return wanted


def probabilities(call: Call, input: Tensor, target: Tensor, **options: Value) -> Tensor:
    """As `classes`, or with the probabilities of all classes in the input's own shape."""
    smoothing = options.get("label_smoothing")
    if isinstance(smoothing, (int, float)) and smoothing > 1:
        refuse(call, "label_smoothing", f"takes a label_smoothing up to 1, not {smoothing}")
    if target.rank != input.rank or not input.rank:
        return classes(call, input, target, **options)
    single = input.rank == 1 and not proves_unequal(target.sizes[0], 1)
    if single and input.sizes != target.sizes:
        return classes(call, input, target, **options)
    if not same_shape(call, input, target):
        return without(input, min(input.rank - 1, 1))
    if single and not all(isinstance(size, int) for size in input.sizes):
        return Tensor((), seen=whole(input.seen, *input.axes), dtype=input.dtype)
    if 0 not in input.sizes:
        want_floats(call, "the loss", input=input)
    want_floats(call, "the loss (with probabilities)", target=target)
    axis = min(input.rank - 1, 1)
    weight, ignored = options.get("weight"), options.get("ignore_index")
    class_weight(call, weight, input.sizes[axis], "")
    if isinstance(ignored, int) and ignored >= 0:
        refuse(call, "ignore_index", "takes no ignore_index with probabilities")
    dtype = promote(*(t.dtype for t in (input, target, weight) if isinstance(t, Tensor)))
    return without(input, axis).like(dtype=dtype)
