"""Losses: functions, layers and compiled forms, with every option."""

from __future__ import annotations

from functools import partial
from typing import Any

from hypothesis import strategies as st

from conv_lsp.library.losses import COMPILED, LOSSES
from tests.judge import torch
from tests.ops._kinds import FLAGS, SIZE, SOME, maybe, mostly, shaped
from tests.ops.table import layers_together, program, together

FLOATS = st.sampled_from([*[torch.float32] * 9, torch.float64, torch.int64, torch.bool])
CLASSES = st.sampled_from([*[torch.int64] * 9, torch.uint8, torch.int32, torch.float32])
MARGINS = st.sampled_from([0.5, 1, 0, -1.0])

OPTIONS = {
    "reduction": st.sampled_from(["none", "none", "mean", "sum", "batchmean", "all"]),
    "size_average": maybe(FLAGS),
    "reduce": maybe(FLAGS),
    "log_target": FLAGS,
    "log_input": FLAGS,
    "full": FLAGS,
    "swap": FLAGS,
    "zero_infinity": FLAGS,
    "margin": MARGINS,
    "beta": MARGINS,
    "delta": MARGINS,
    "p": st.sampled_from([1, 2, 1, 2, 3]),
    "blank": st.integers(-1, 2),
    "ignore_index": st.integers(-2, 1),
    "label_smoothing": st.sampled_from([0.0, 0.1, 1.5]),
}
"""Sizes of weights depend on the input; see `weighed`."""


@st.composite
def pair(draw: Any, least: int = 0, target: Any = FLOATS) -> Any:
    """Two tensors that mostly have the same shape."""
    shape = draw(st.lists(SIZE, min_size=least, max_size=3))
    return [draw(shaped(*shape, dtype=FLOATS)), draw(shaped(*shape, dtype=target))]


@st.composite
def scores(draw: Any) -> Any:
    """Scores of classes with class indices, or with probabilities."""
    batch, count, rest = draw(SIZE), draw(SOME), draw(st.lists(SIZE, max_size=3))
    if draw(st.integers(0, 4)) == 4:
        shapes = [[count], draw(st.sampled_from([[], [], [1], [count]]))]
    else:
        shapes = [[batch, count, *rest], [batch, *rest]]
    if draw(st.integers(0, 3)) == 3:
        shapes[1] = shapes[0]
        return [draw(shaped(*s, dtype=FLOATS)) for s in shapes]
    return [draw(shaped(*shapes[0], dtype=FLOATS)), draw(shaped(*shapes[1], dtype=CLASSES))]


@st.composite
def marked(draw: Any) -> Any:
    """Scores with the classes of every sample; -1 ends them."""
    shape = draw(st.lists(SIZE, max_size=2))
    return [draw(shaped(*shape, dtype=FLOATS)), draw(shaped(*shape, dtype=CLASSES))]


@st.composite
def spread(draw: Any) -> Any:
    """Means, targets and variances."""
    shape = draw(st.lists(SIZE, min_size=1, max_size=3))
    less = draw(st.sampled_from([shape, shape, shape[:-1], [*shape[:-1], 1]]))
    variance = draw(shaped(*less, dtype=FLOATS)) if draw(st.integers(0, 4)) < 4 else draw(MARGINS)
    return [draw(shaped(*shape, dtype=FLOATS)) for _ in range(2)] + [variance]


@st.composite
def three(draw: Any) -> Any:
    shape = draw(st.lists(SIZE, max_size=3))
    return [draw(shaped(*shape, dtype=FLOATS)) for _ in range(3)]


@st.composite
def angles(draw: Any) -> Any:
    batch, features = draw(st.lists(SIZE, max_size=1)), draw(SIZE)
    made = [draw(shaped(*batch, features, dtype=FLOATS)) for _ in range(2)]
    return [*made, draw(shaped(*batch, dtype=FLOATS))]


@st.composite
def sequences(draw: Any) -> Any:
    """Log probabilities and targets, with their lengths."""
    longest, batch, count = draw(st.integers(2, 4)), draw(SOME), draw(st.integers(2, 4))
    probabilities = [longest, batch, count] if draw(st.integers(0, 4)) else [longest, count]
    batch = batch if len(probabilities) == 3 else 1
    targets = torch.ones(draw(mostly(batch)), 2, dtype=torch.int64)
    if draw(FLAGS):
        targets = torch.ones(2 * batch, dtype=torch.int64)
    lengths = [(draw(mostly(n)),) * draw(mostly(batch)) for n in (longest, 2)]
    if draw(st.integers(0, 3)) == 3:
        lengths = [torch.tensor(n) for n in lengths]
    scored = torch.zeros(probabilities, dtype=draw(FLOATS))
    return [scored, targets, *lengths]


DRAWN = {
    "soft_margin_loss": pair(),
    "multilabel_soft_margin_loss": pair(),
    "cross_entropy": scores(),
    "nll_loss": scores(),
    "multi_margin_loss": scores(),
    "multilabel_margin_loss": marked(),
    "gaussian_nll_loss": spread(),
    "margin_ranking_loss": three(),
    "cosine_embedding_loss": angles(),
    "triplet_margin_loss": three(),
    "triplet_margin_with_distance_loss": three(),
    "ctc_loss": sequences(),
}


def options(text: str) -> dict[str, Any]:
    """The strategies of the options that a signature names."""
    names = [part.partition("=")[0].partition(":")[0] for part in text.split(", ")]
    return {name: OPTIONS[name] for name in names if name in OPTIONS}


@st.composite
def weighed(draw: Any, name: str) -> Any:
    """Tensors with a weight, where the loss takes one."""
    made = draw(DRAWN.get(name, pair()))
    shape = made[0].shape
    if name in ("cross_entropy", "nll_loss", "multi_margin_loss"):
        shape = shape[min(len(shape) - 1, 1) :][:1]
    elif draw(FLAGS):
        shape = shape[1:]
    return made, draw(shaped(*shape, dtype=FLOATS))


def with_weight(name: str, *between: Any) -> Any:
    """Tensors, then what stands before the weight, then the weight."""
    return weighed(name).map(lambda drawn: [*drawn[0], *between, drawn[1]])


def called(drawn: Any, before: tuple[Any, ...]) -> Any:
    """A layer made with what comes before the weight, and called."""
    return (*before, drawn[1]), drawn[0]


for function, kind, *_, given, made in LOSSES:
    strategy = DRAWN.get(function, pair())
    together(f"torch.nn.functional.{function}", strategy, **options(given))
    layers_together(f"torch.nn.{kind}", strategy.map(lambda d: ((), d)), **options(made))
    if "weight: object" in made:
        before = (1, 1.0) if kind == "MultiMarginLoss" else ()
        weighty = weighed(function).map(partial(called, before=before))
        layers_together(f"torch.nn.{kind}", weighty, reduction=OPTIONS["reduction"])

for function in "binary_cross_entropy", "cross_entropy", "nll_loss", "multilabel_soft_margin_loss":
    path = f"torch.nn.functional.{function}"
    together(path, with_weight(function), reduction=OPTIONS["reduction"])
for function, more in ("l1_loss", (None, None, "none")), ("mse_loss", (None,) * 3):
    together(f"torch.nn.functional.{function}", with_weight(function, *more))
together("torch.nn.functional.huber_loss", with_weight("huber_loss", "mean", 1.0))
path = "torch.nn.functional.binary_cross_entropy_with_logits"
together(path, with_weight("binary_cross_entropy"))
together(path, with_weight("binary_cross_entropy", *[None] * 4))

CODES = st.sampled_from([0, 0, 1, 2])
for function, _elements, signature in COMPILED:
    if function != "poisson_nll_loss":
        strategy = DRAWN.get(function, pair())
        together(f"torch.{function}", strategy, **{**options(signature), "reduction": CODES})

POISSON = st.tuples(pair(), FLAGS, FLAGS, CODES)
together("torch.poisson_nll_loss", POISSON.map(lambda d: [*d[0], *d[1:3], 1e-8, d[3]]))
program(
    "torch.nn.functional.triplet_margin_with_distance_loss",
    "F.triplet_margin_with_distance_loss(*[torch.zeros({})] * 3, "
    "distance_function=lambda a, b: (a - b).abs().sum({}), reduction={})",
    st.lists(SIZE, max_size=3),
    st.integers(-3, 1),
    st.sampled_from(["none", "mean"]),
)
