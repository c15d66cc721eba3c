"""Losses: functions and layers from one table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from conv_lsp.axes import whole
from conv_lsp.dims import Dim, proves_unequal
from conv_lsp.findings import BROADCAST, CALL_ARGUMENTS, INPUT_RANK, LOSS_SIZES
from conv_lsp.library.algebra import pointwise, show
from conv_lsp.library.module import Layer
from conv_lsp.library.registry import Call, models, op
from conv_lsp.library.tables import parse, signed
from conv_lsp.values import Tensor, Unknown, Value

REDUCTIONS: Final = ("none", "mean", "sum", "batchmean")

# The loss of each element, before the reduction; from the tensors and the options by name.
Elements = Callable[..., Tensor]

# -- sizes ------------------------------------------------------------------------------------


def mismatch(call: Call, input: Tensor, target: Tensor, at: str = "target") -> None:
    """Complain that two shapes do not go together."""
    call.report(LOSS_SIZES, at=at, what="shape", got=show(input.shape), want=show(target.shape))


def same_shape(call: Call, input: Tensor, target: Tensor) -> bool:
    """Whether the shapes can be equal; complains if not."""
    fits = input.rank == target.rank and not any(
        map(proves_unequal, input.sizes, target.sizes)
    )
    if not fits:
        mismatch(call, input, target)
    return fits


# -- element by element -----------------------------------------------------------------------


def broadcasting(call: Call, input: Tensor, target: Tensor, **options: Value) -> Tensor:
    """Shapes that broadcast."""
    return pointwise(call, input, target)


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
    return per_sample(result) if result.rank else result


def per_sample(elements: Tensor) -> Tensor:
    """Without the last axis, on which every sample depends as a whole."""
    return elements.like(elements.sizes[:-1], elements.axes[:-1], seen=whole(elements.axes[-1]))


def multilabel_margin(call: Call, input: Tensor, target: Tensor, **options: Value) -> Tensor:
    """(N, C) or (C,) with targets of the same shape."""
    if input.rank not in (1, 2):
        call.fail(INPUT_RANK, at="input", name="the loss", got=input.rank, want="1 or 2")
    same_shape(call, input, target)
    return per_sample(input)


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
        return target.like(seen=whole(input.seen, *input.axes), dtype=input.dtype)
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
    return target.like(
        (target.sizes[0], *target.sizes[2:]), (target.axes[0], *target.axes[2:])
    )


# -- several inputs ---------------------------------------------------------------------------


def ranking(
    call: Call, input1: Tensor, input2: Tensor, target: Tensor, **options: Value
) -> Tensor:
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
    if isinstance(options.get("distance_function"), type(None)):
        return per_sample(result) if result.rank else result
    return Tensor(Unknown("the distance function is not followed"))


def gaussian(call: Call, input: Tensor, target: Tensor, var: Value, **options: Value) -> Tensor:
    """The variance has the input's shape, or lacks its last axis, or has 1 there, or is a number."""
    result = pointwise(call, input, target)
    if isinstance(var, Tensor) and var.known and var.rank and input.rank:
        short = input.sizes[:-1]
        fits = [input.sizes, short, (*short, 1)]
        if not any(
            len(f) == var.rank and not any(map(proves_unequal, f, var.sizes)) for f in fits
        ):
            problem = f"takes a var of shape {show(input.shape)}, not {show(var.shape)}"
            call.report(CALL_ARGUMENTS, at="var", name="gaussian_nll_loss", problem=problem)
    return result


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


# -- reduction --------------------------------------------------------------------------------


def reduction_of(reduction: Value, size_average: Value, reduce: Value) -> Value:
    """The reduction, where the two older arguments are given instead."""
    if size_average is None and reduce is None:
        return reduction
    if reduce is False:
        return "none"
    return "sum" if size_average is False else "mean"


def summed(call: Call, elements: Tensor, reduction: Value) -> Tensor:
    """The elements as they are, or one number that depends on all of them."""
    if isinstance(reduction, Unknown) or isinstance(elements.shape, Unknown):
        return Tensor(reduction) if isinstance(reduction, Unknown) else elements
    if reduction not in REDUCTIONS:
        problem = f"'{reduction}' is no reduction"
        call.fail(CALL_ARGUMENTS, at="reduction", name="loss", problem=problem)
    if reduction == "none":
        return elements
    seen = whole(elements.seen, *elements.axes)
    return Tensor((), seen=seen, dtype=elements.dtype)


# -- table ------------------------------------------------------------------------------------

_OLD: Final = "size_average=None, reduce=None, reduction=mean"
_WEIGHT: Final = "weight: object=None"
_IGNORE: Final = "size_average=None, ignore_index=-100, reduce=None, reduction=mean"
_TWO: Final = "input: Tensor, target: Tensor"
_PAIR: Final = "input1: Tensor, input2: Tensor, target: Tensor"
_THREE: Final = "anchor: Tensor, positive: Tensor, negative: Tensor"

# function | layer | tensors | options of the function | of the layer
LOSSES: Final[tuple[tuple[str, str, Elements, str, str, str], ...]] = (
    ("l1_loss", "L1Loss", weighted, _TWO, f"{_OLD}, {_WEIGHT}", _OLD),
    ("mse_loss", "MSELoss", weighted, _TWO, f"{_OLD}, {_WEIGHT}", _OLD),
    ("smooth_l1_loss", "SmoothL1Loss", broadcasting, _TWO, f"{_OLD}, beta=1.0", f"{_OLD}, beta=1.0"),
    ("huber_loss", "HuberLoss", weighted, _TWO, f"reduction=mean, delta=1.0, {_WEIGHT}", "reduction=mean, delta=1.0"),
    ("soft_margin_loss", "SoftMarginLoss", broadcasting, _TWO, _OLD, _OLD),
    ("hinge_embedding_loss", "HingeEmbeddingLoss", broadcasting, _TWO, f"margin=1.0, {_OLD}", f"margin=1.0, {_OLD}"),
    ("kl_div", "KLDivLoss", broadcasting, _TWO, f"{_OLD}, log_target=False", f"{_OLD}, log_target=False"),
    ("poisson_nll_loss", "PoissonNLLLoss", broadcasting, _TWO,
     "log_input=True, full=False, size_average=None, eps=1e-08, reduce=None, reduction=mean",
     "log_input=True, full=False, size_average=None, eps=1e-08, reduce=None, reduction=mean"),
    ("binary_cross_entropy", "BCELoss", exact, _TWO, f"{_WEIGHT}, {_OLD}", f"{_WEIGHT}, {_OLD}"),
    ("binary_cross_entropy_with_logits", "BCEWithLogitsLoss", exact, _TWO,
     f"{_WEIGHT}, {_OLD}, pos_weight=None", f"{_WEIGHT}, {_OLD}, pos_weight=None"),
    ("cross_entropy", "CrossEntropyLoss", probabilities, _TWO,
     f"{_WEIGHT}, {_IGNORE}, label_smoothing=0.0", f"{_WEIGHT}, {_IGNORE}, label_smoothing=0.0"),
    ("nll_loss", "NLLLoss", classes, _TWO, f"{_WEIGHT}, {_IGNORE}", f"{_WEIGHT}, {_IGNORE}"),
    ("multilabel_soft_margin_loss", "MultiLabelSoftMarginLoss", rows, _TWO, f"{_WEIGHT}, {_OLD}", f"{_WEIGHT}, {_OLD}"),
    ("multilabel_margin_loss", "MultiLabelMarginLoss", multilabel_margin, _TWO, _OLD, _OLD),
    ("multi_margin_loss", "MultiMarginLoss", multi_margin, _TWO,
     f"p=1, margin=1.0, {_WEIGHT}, {_OLD}", f"p=1, margin=1.0, {_WEIGHT}, {_OLD}"),
    ("gaussian_nll_loss", "GaussianNLLLoss", gaussian, f"{_TWO}, var",
     "full=False, eps=1e-06, reduction=mean", "*, full=False, eps=1e-06, reduction=mean"),
    ("margin_ranking_loss", "MarginRankingLoss", ranking, _PAIR, f"margin=0, {_OLD}", f"margin=0.0, {_OLD}"),
    ("cosine_embedding_loss", "CosineEmbeddingLoss", cosine, _PAIR, f"margin=0, {_OLD}", f"margin=0.0, {_OLD}"),
    ("triplet_margin_loss", "TripletMarginLoss", triplet, _THREE,
     f"margin=1.0, p=2, eps=1e-06, swap=False, {_OLD}", f"margin=1.0, p=2.0, eps=1e-06, swap=False, {_OLD}"),
    ("triplet_margin_with_distance_loss", "TripletMarginWithDistanceLoss", triplet, _THREE,
     "*, distance_function=None, margin=1.0, swap=False, reduction=mean",
     "*, distance_function=None, margin=1.0, swap=False, reduction=mean"),
    ("ctc_loss", "CTCLoss", ctc, "log_probs: Tensor, targets: Tensor, input_lengths, target_lengths",
     "blank=0, reduction=mean, zero_infinity=False", "blank=0, reduction=mean, zero_infinity=False"),
)


class Loss(Layer):
    """What all losses share: they keep their options under their names."""

    __slots__ = ()

    def describe(self) -> str:
        reduction = self.__dict__.get("reduction")
        name = type(self).__name__
        return name if reduction in ("mean", None) else f"{name}(reduction='{reduction}')"


def _declare(row: tuple[str, str, Elements, str, str, str]) -> None:
    function, kind, elements, tensors, options, layer_options = row
    inputs = [p.name for p in parse(tensors)]
    names = [*inputs, *(p.name for p in parse(options))]
    given = parse(layer_options)

    def rule(call: Call, *args: Value, **kwargs: Value) -> Tensor:
        bound = {**dict(zip(names, args, strict=False)), **kwargs}
        old = (bound.pop("size_average", None), bound.pop("reduce", None))
        reduction = reduction_of(bound.pop("reduction"), *old)
        return summed(call, elements(call, **bound), reduction)

    def __init__(self: Loss, call: Call, *args: Value, **kwargs: Value) -> None:
        Layer.__init__(self, call)
        bound = {**dict(zip([p.name for p in given], args, strict=False)), **kwargs}
        old = (bound.pop("size_average", None), bound.pop("reduce", None))
        bound["reduction"] = reduction_of(bound["reduction"], *old)
        self.__dict__.update(bound)

    def forward(self: Loss, call: Call, *args: Value) -> Tensor:
        own = {name: value for name, value in self.__dict__.items() if name in names}
        return rule(call, *args, **own)

    signed(rule, [*parse(tensors), *parse(options)], "Tensor", "call")
    op(f"torch.nn.functional.{function}")(rule)
    members: dict[str, Any] = {
        "__slots__": (),
        "__init__": signed(__init__, given, "None", "self", "call"),
        "forward": signed(forward, parse(tensors), "Tensor", "self", "call"),
    }
    paths = [f"torch.nn.{kind}"] + (["torch.nn.NLLLoss2d"] if kind == "NLLLoss" else [])
    models(*paths)(type(kind, (Loss,), members))


for _row in LOSSES:
    _declare(_row)
