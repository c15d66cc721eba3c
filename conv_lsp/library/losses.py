"""Losses: functions and layers from one table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, cast

from conv_lsp.axes import whole
from conv_lsp.findings import CALL_ARGUMENTS
from conv_lsp.library.dtypes import want_floats
from conv_lsp.library.layers import expect
from conv_lsp.library.loss_groups import check_margin, cosine, ctc, gaussian, ranking, triplet
from conv_lsp.library.loss_sizes import (
    check_power,
    classes,
    difference,
    divergence,
    filling,
    hinge,
    huber,
    logits,
    multi_margin,
    multilabel_margin,
    poisson,
    probabilities,
    probability,
    rows,
    smooth,
    squared,
)
from conv_lsp.library.module import Layer
from conv_lsp.library.registry import OPS, Call, models, op
from conv_lsp.library.tables import named, parse, signed
from conv_lsp.library.taking import sums
from conv_lsp.values import SCATTERED, Tensor, Unknown, Value

REDUCTIONS: Final = ("none", "mean", "sum", "elementwise_mean")

# The loss of each element, before the reduction; from the tensors and the options by name.
Elements = Callable[..., Tensor]

# -- reduction --------------------------------------------------------------------------------


def reduction_of(reduction: Value, size_average: Value, reduce: Value) -> Value:
    """The reduction, where the two older arguments are given instead."""
    if size_average is None and reduce is None:
        return reduction
    if isinstance(size_average, Unknown) or isinstance(reduce, Unknown):
        return Unknown("the reduction is not known")
    if reduce is not None and not reduce:
        return "none"
    return "sum" if size_average is not None and not size_average else "mean"


def losses_of(call: Call, elements: Elements, bound: dict[str, Value]) -> Tensor:
    """The loss of each element. Of chains of operations the layout is not worth knowing."""
    result = elements(call, **bound)
    if any(isinstance(v, Tensor) and v.strides is not None for v in bound.values()):
        result.strides = SCATTERED
    return result


def summed(call: Call, elements: Tensor, reduction: Value, *, batch: bool = False) -> Tensor:
    """The elements as they are, or one number that depends on all of them."""
    if isinstance(reduction, Unknown) or isinstance(elements.shape, Unknown):
        return Tensor(reduction) if isinstance(reduction, Unknown) else elements
    if reduction not in (*REDUCTIONS, *(["batchmean"] if batch else [])):
        problem = f"{reduction!r} is no reduction"
        call.fail(CALL_ARGUMENTS, at="reduction", name="loss", problem=problem)
    if reduction == "none":
        return elements
    dtype = elements.dtype
    if reduction == "sum":
        dtype = sums(dtype)
    elif 0 not in elements.sizes:
        want_floats(call, "a mean", input=elements)
    seen = whole(elements.seen, *elements.axes)
    return Tensor((), seen=seen, dtype=dtype)


# -- table ------------------------------------------------------------------------------------

_OLD: Final = "size_average=None, reduce=None, reduction=mean"
_WEIGHT: Final = "weight: object=None"
_IGNORE: Final = "size_average=None, ignore_index=-100, reduce=None, reduction=mean"
_TWO: Final = "input: Tensor, target: Tensor"
_PAIR: Final = "input1: Tensor, input2: Tensor, target: Tensor"
_SEQUENCES: Final = "log_probs: Tensor, targets: Tensor, input_lengths, target_lengths"
_THREE: Final = "anchor: Tensor, positive: Tensor, negative: Tensor"

# function | layer | tensors | options of the function | of the layer
LOSSES: Final[tuple[tuple[str, str, Elements, str, str, str], ...]] = (
    ("l1_loss", "L1Loss", difference, _TWO, f"{_OLD}, {_WEIGHT}", _OLD),
    ("mse_loss", "MSELoss", squared, _TWO, f"{_OLD}, {_WEIGHT}", _OLD),
    (
        "smooth_l1_loss",
        "SmoothL1Loss",
        smooth,
        _TWO,
        f"{_OLD}, beta=1.0",
        f"{_OLD}, beta=1.0",
    ),
    (
        "huber_loss",
        "HuberLoss",
        huber,
        _TWO,
        f"reduction=mean, delta=1.0, {_WEIGHT}",
        "reduction=mean, delta=1.0",
    ),
    ("soft_margin_loss", "SoftMarginLoss", filling, _TWO, _OLD, _OLD),
    (
        "hinge_embedding_loss",
        "HingeEmbeddingLoss",
        hinge,
        _TWO,
        f"margin=1.0, {_OLD}",
        f"margin=1.0, {_OLD}",
    ),
    (
        "kl_div",
        "KLDivLoss",
        divergence,
        _TWO,
        f"{_OLD}, log_target=False",
        f"{_OLD}, log_target=False",
    ),
    (
        "poisson_nll_loss",
        "PoissonNLLLoss",
        poisson,
        _TWO,
        "log_input=True, full=False, size_average=None, eps=1e-08, reduce=None, reduction=mean",
        "log_input=True, full=False, size_average=None, eps=1e-08, reduce=None, reduction=mean",
    ),
    (
        "binary_cross_entropy",
        "BCELoss",
        probability,
        _TWO,
        f"{_WEIGHT}, {_OLD}",
        f"{_WEIGHT}, {_OLD}",
    ),
    (
        "binary_cross_entropy_with_logits",
        "BCEWithLogitsLoss",
        logits,
        _TWO,
        f"{_WEIGHT}, {_OLD}, pos_weight=None",
        f"{_WEIGHT}, {_OLD}, pos_weight=None",
    ),
    (
        "cross_entropy",
        "CrossEntropyLoss",
        probabilities,
        _TWO,
        f"{_WEIGHT}, {_IGNORE}, label_smoothing=0.0",
        f"{_WEIGHT}, {_IGNORE}, label_smoothing=0.0",
    ),
    ("nll_loss", "NLLLoss", classes, _TWO, f"{_WEIGHT}, {_IGNORE}", f"{_WEIGHT}, {_IGNORE}"),
    (
        "multilabel_soft_margin_loss",
        "MultiLabelSoftMarginLoss",
        rows,
        _TWO,
        f"{_WEIGHT}, {_OLD}",
        f"{_WEIGHT}, {_OLD}",
    ),
    ("multilabel_margin_loss", "MultiLabelMarginLoss", multilabel_margin, _TWO, _OLD, _OLD),
    (
        "multi_margin_loss",
        "MultiMarginLoss",
        multi_margin,
        _TWO,
        f"p=1, margin=1.0, {_WEIGHT}, {_OLD}",
        f"p=1, margin=1.0, {_WEIGHT}, {_OLD}",
    ),
    (
        "gaussian_nll_loss",
        "GaussianNLLLoss",
        gaussian,
        f"{_TWO}, var",
        "full=False, eps=1e-06, reduction=mean",
        "*, full=False, eps=1e-06, reduction=mean",
    ),
    (
        "margin_ranking_loss",
        "MarginRankingLoss",
        ranking,
        _PAIR,
        f"margin=0, {_OLD}",
        f"margin=0.0, {_OLD}",
    ),
    (
        "cosine_embedding_loss",
        "CosineEmbeddingLoss",
        cosine,
        _PAIR,
        f"margin=0, {_OLD}",
        f"margin=0.0, {_OLD}",
    ),
    (
        "triplet_margin_loss",
        "TripletMarginLoss",
        triplet,
        _THREE,
        f"margin=1.0, p=2, eps=1e-06, swap=False, {_OLD}",
        f"margin=1.0, p=2.0, eps=1e-06, swap=False, {_OLD}",
    ),
    (
        "triplet_margin_with_distance_loss",
        "TripletMarginWithDistanceLoss",
        triplet,
        _THREE,
        "*, distance_function=None, margin=1.0, swap=False, reduction=mean",
        "*, distance_function=None, margin=1.0, swap=False, reduction=mean",
    ),
    (
        "ctc_loss",
        "CTCLoss",
        ctc,
        _SEQUENCES,
        "blank=0, reduction=mean, zero_infinity=False",
        "blank=0, reduction=mean, zero_infinity=False",
    ),
)


_BOTH: Final = "the shape of all operands, broadcast"
_INPUT: Final = "the shape of the input"
_ROWS: Final = "(N, C) gives (N,)"
SAID: Final[dict[Elements, str]] = {
    **dict.fromkeys((difference, squared, smooth, huber, hinge, divergence, poisson), _BOTH),
    **dict.fromkeys((gaussian, ranking), _BOTH),
    **dict.fromkeys((filling, probability, logits), _INPUT),
    probabilities: "(N, C, *) gives (N, *)",
    classes: "(N, C, *) gives (N, *)",
    rows: "(*, C) gives (*)",
    multilabel_margin: _ROWS,
    multi_margin: _ROWS,
    cosine: "(N, D) gives (N,)",
    triplet: "the shape of all three, broadcast, without the last axis",
    ctc: "(T, N, C) gives (N,)",
}
"""What the losses are before the reduction."""


def told(elements: Elements) -> str:
    """What comes out of a loss."""
    return f"One number; with reduction='none' {SAID[elements]}."


class Loss(Layer):
    """What all losses share: they keep their options under their names."""

    __slots__ = ()

    def describe(self) -> str:
        reduction = self.__dict__.get("reduction")
        name = type(self).__name__
        return name if reduction in ("mean", None) else f"{name}(reduction='{reduction}')"


CONSTRUCTED: Final[dict[str, tuple[str, Callable[[Call, Value], None]]]] = {
    "TripletMarginLoss": ("margin", check_margin),
    "TripletMarginWithDistanceLoss": ("margin", check_margin),
    "MultiMarginLoss": ("p", check_power),
}
"""Options that are looked at when the layer is made, and not only when it is called."""


def _declare(row: tuple[str, str, Elements, str, str, str]) -> None:
    function, kind, elements, tensors, options, layer_options = row
    parameters = [*parse(tensors), *parse(options)]
    names = {p.name for p in parameters}
    given = parse(layer_options)
    batch = kind == "KLDivLoss"
    path = f"torch.nn.functional.{function}"

    def rule(call: Call, *args: Value, **kwargs: Value) -> Tensor:
        bound = named(parameters, args, kwargs)
        old = (bound.pop("size_average", None), bound.pop("reduce", None))
        reduction = reduction_of(bound.pop("reduction"), *old)
        return summed(call, losses_of(call, elements, bound), reduction, batch=batch)

    def construct(self: Loss, call: Call, *args: Value, **kwargs: Value) -> None:
        Layer.__init__(self, call)
        bound = named(given, args, kwargs)
        old = (bound.pop("size_average", None), bound.pop("reduce", None))
        bound["reduction"] = reduction_of(bound["reduction"], *old)
        expect(call, "Tn", **{at: bound[at] for at in ("weight", "pos_weight") if at in bound})
        if kind in CONSTRUCTED:
            option, check = CONSTRUCTED[kind]
            check(call, bound[option])
        self.__dict__.update(bound)

    def forward(self: Loss, call: Call, *args: Value) -> Tensor:
        own = {name: value for name, value in self.__dict__.items() if name in names}
        return cast("Tensor", OPS[path](call, args, own))

    signed(rule, parameters, "Tensor", "call")
    rule.__doc__ = told(elements)
    op(path)(rule)
    members: dict[str, Any] = {
        "__slots__": (),
        "__doc__": told(elements),
        "__init__": signed(construct, given, "None", "self", "call", name="__init__"),
        "forward": signed(forward, parse(tensors), "Tensor", "self", "call"),
    }
    paths = [f"torch.nn.{kind}"] + (["torch.nn.NLLLoss2d"] if kind == "NLLLoss" else [])
    models(*paths)(type(kind, (Loss,), members))


for _row in LOSSES:
    _declare(_row)

# -- compiled forms ---------------------------------------------------------------------------

_CODES: Final = ("none", "mean", "sum")
_MARGIN: Final = "margin=0.0, reduction=0"

# function | its elements | tensors and options; the reduction is a number
COMPILED: Final[tuple[tuple[str, Elements, str], ...]] = (
    (
        "binary_cross_entropy_with_logits",
        logits,
        f"{_TWO}, weight=None, pos_weight=None, reduction=0",
    ),
    ("cosine_embedding_loss", cosine, f"{_PAIR}, {_MARGIN}"),
    (
        "ctc_loss",
        ctc,
        f"{_SEQUENCES}, blank=0, reduction=0, zero_infinity=False",
    ),
    ("hinge_embedding_loss", hinge, f"{_TWO}, margin=1.0, reduction=0"),
    ("kl_div", divergence, f"{_TWO}, reduction=0, *, log_target=False"),
    ("margin_ranking_loss", ranking, f"{_PAIR}, {_MARGIN}"),
    ("poisson_nll_loss", poisson, f"{_TWO}, log_input, full, eps, reduction"),
    (
        "triplet_margin_loss",
        triplet,
        f"{_THREE}, margin=1.0, p=2.0, eps=1e-06, swap=False, reduction=0",
    ),
)


def _compiled(function: str, elements: Elements, signature: str) -> None:
    parameters = parse(signature)

    def rule(call: Call, *args: Value, **kwargs: Value) -> Tensor:
        bound = named(parameters, args, kwargs)
        code = bound.pop("reduction")
        reduction: Value = Unknown("the reduction is not known")
        if isinstance(code, int):
            reduction = _CODES[code] if 0 <= code < len(_CODES) else "none"
        return summed(call, losses_of(call, elements, {**bound, "compiled": True}), reduction)

    rule.__doc__ = f"One number; with reduction=0 (none) {SAID[elements]}."
    op(f"torch.{function}")(signed(rule, parameters, "Tensor", "call"))


for _function, _elements, _signature in COMPILED:
    _compiled(_function, _elements, _signature)
