"""Losses against CPU torch: which sizes go together, and the shape of each reduction."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conv_lsp.dims import symbol
from conv_lsp.library.losses import LOSSES
from conv_lsp.values import Tensor, Unknown
from tests.judge import SETTINGS, agree, agree_layer, torch
from tests.opcheck import outcome, run

F = torch.nn.functional
FEW = settings(SETTINGS, max_examples=40)
REDUCTIONS = st.sampled_from(["none", "none", "mean", "sum"])
PAIRS = [row[0] for row in LOSSES if row[3] == "input: Tensor, target: Tensor"]
CLASSES = ("cross_entropy", "nll_loss", "multi_margin_loss")
LAYERS = {row[0]: row[1] for row in LOSSES}


def half(*shape: int) -> Any:
    return torch.full(shape, 0.5)


def indices(*shape: int) -> Any:
    return torch.zeros(shape, dtype=torch.int64)


def contiguous(function: Any) -> Any:
    """The function without its layout, which for losses is not worth knowing."""

    def call(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs).contiguous()

    return call


@st.composite
def alike(draw: Any) -> Any:
    """Two shapes that are mostly the same."""
    shape = draw(st.lists(st.integers(1, 4), max_size=3))
    other = list(shape)
    if draw(st.booleans()) and shape:
        place = draw(st.integers(0, len(shape) - 1))
        other[place] = draw(st.sampled_from([1, 2, 3]))
        other = other[draw(st.integers(0, 1)) :]
    return shape, other


@pytest.mark.parametrize("name", [n for n in PAIRS if n not in CLASSES])
@pytest.mark.filterwarnings("ignore")
def test_elementwise(name: str) -> None:
    path, function = f"torch.nn.functional.{name}", contiguous(getattr(F, name))

    @FEW
    @given(alike(), REDUCTIONS)
    def check(shapes: Any, reduction: str) -> None:
        scores = half(*shapes[0])
        target = indices(*shapes[1]) if name == "multilabel_margin_loss" else half(*shapes[1])
        agree(path, function, scores, target, reduction=reduction)

    check()
    agree_layer(f"torch.nn.{LAYERS[name]}", (), half(2, 3), half(2, 3).to(kind(name)))


def kind(name: str) -> Any:
    return torch.int64 if name == "multilabel_margin_loss" else torch.float32


@st.composite
def classes(draw: Any) -> Any:
    """Scores with class indices that mostly fit."""
    batch, count = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    rest = draw(st.lists(st.integers(1, 3), max_size=3))
    scores = [batch, count, *rest] if draw(st.integers(0, 5)) else [count]
    target = [batch, *rest] if len(scores) > 1 else []
    change = draw(st.sampled_from(["", "", "size", "more", "less"]))
    if change == "size" and target:
        target[draw(st.integers(0, len(target) - 1))] = draw(st.integers(1, 4))
    return scores, [*target, 1] if change == "more" else target[1:] if change == "less" else target


@pytest.mark.parametrize("name", CLASSES)
def test_classes(name: str) -> None:
    path, function = f"torch.nn.functional.{name}", contiguous(getattr(F, name))

    @SETTINGS
    @given(classes(), REDUCTIONS, st.sampled_from([None, 2, 3]))
    def check(shapes: Any, reduction: str, weight: int | None) -> None:
        options = {} if weight is None else {"weight": half(weight)}
        scores, target = half(*shapes[0]), indices(*shapes[1])
        if name == "multi_margin_loss":
            options = {}
        if scores.dim() == target.dim() and scores.shape == target.shape:
            return  # taken for probabilities, which have to be floating point
        agree(path, function, scores, target, reduction=reduction, **options)

    check()
    agree_layer(f"torch.nn.{LAYERS[name]}", (), half(2, 3), indices(2))


def test_probabilities_of_classes() -> None:
    path, function = "torch.nn.functional.cross_entropy", F.cross_entropy
    for shape in ((2, 3), (2, 3, 4), (2, 3, 4, 5)):
        agree(path, function, half(*shape), half(*shape), reduction="none")
        agree(path, function, half(*shape), half(3, *shape[1:]))


def test_several_inputs() -> None:
    for reduction in ("none", "mean"):
        more = {"reduction": reduction}
        for a, b, c in (
            ((2,), (2,), (2,)),
            ((2, 3), (2, 3), (2,)),
            ((2, 3), (2, 1), (2, 3)),
            ((2, 3), (2, 3), (3,)),
            ((3,), (3,), ()),
            ((2, 3, 4), (2, 3, 4), (2,)),
            ((2, 3), (2, 3), (2, 3)),
            ((2, 3), (2, 4), (2, 3)),
            ((2, 3, 4), (2, 3, 4), (2, 3, 4)),
        ):
            made = half(*a), half(*b), half(*c)
            for name in ("margin_ranking_loss", "cosine_embedding_loss", "triplet_margin_loss"):
                agree(f"torch.nn.functional.{name}", getattr(F, name), *made, **more)
            name = "triplet_margin_with_distance_loss"
            agree(f"torch.nn.functional.{name}", getattr(F, name), *made, **more)


def test_variances() -> None:
    path, function = "torch.nn.functional.gaussian_nll_loss", F.gaussian_nll_loss
    for shape in ((2, 3), (2, 1), (2,), (3,), (1, 3)):
        agree(path, function, half(2, 3), half(2, 3), half(*shape), reduction="none")
    agree_layer("torch.nn.GaussianNLLLoss", (), half(2, 3), half(2, 3), half(2, 3))


@pytest.mark.filterwarnings("ignore")
def test_weights() -> None:
    for weight in ((2, 3), (3,), (2,), (1, 3)):
        for name in ("binary_cross_entropy", "binary_cross_entropy_with_logits"):
            made = half(2, 3), half(2, 3)
            path = f"torch.nn.functional.{name}"
            agree(path, getattr(F, name), *made, weight=half(*weight), reduction="none")
    agree_layer("torch.nn.BCEWithLogitsLoss", (), half(2, 3), half(2, 3), pos_weight=half(3))


def test_connectionist_temporal_classification() -> None:
    scores = half(7, 2, 5)
    lengths = torch.tensor([7, 7]), torch.tensor([3, 3])
    for targets in (indices(2, 3) + 1, indices(3, 3) + 1, indices(6) + 1):
        for reduction in ("none", "mean"):
            more = {"reduction": reduction}
            agree("torch.nn.functional.ctc_loss", F.ctc_loss, scores, targets, *lengths, **more)
    agree_layer("torch.nn.CTCLoss", (), scores, indices(2, 3) + 1, *lengths)


@pytest.mark.filterwarnings("ignore")
def test_older_words_for_the_reduction() -> None:
    for average in (None, True, False):
        for reduce in (None, True, False):
            made = half(2, 3), half(2, 3)
            options = {"size_average": average, "reduce": reduce}
            agree("torch.nn.functional.mse_loss", F.mse_loss, *made, **options)
            agree_layer("torch.nn.MSELoss", (), *made, **options)
    agree("torch.nn.functional.l1_loss", F.l1_loss, half(2), half(2), reduction="average")


def test_what_is_not_known() -> None:
    path = "torch.nn.functional.mse_loss"
    assert outcome(path, Tensor((2,)), Tensor((2,)), reduction=Unknown("")) == "unknown"
    scores, target = Tensor((symbol("N"), 3)), Tensor((symbol("M"),))
    assert not run("torch.nn.functional.cross_entropy", scores, target)[1]
    _, findings = run("torch.nn.functional.cross_entropy", scores, Tensor((symbol("N"), 1, 1)))
    assert findings == [("loss-sizes", "input has shape (N, 3); the target has (N, 1, 1)")]
