"""Pooling as CPU torch has it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conv_lsp.axes import Source, field
from conv_lsp.dims import symbol
from conv_lsp.values import Tensor, Unknown
from conv_lsp.windows import GLOBAL, Field
from tests import opcheck
from tests.differential import Last, Long, T, check_function, check_layer, few

COUNTS = (1, 2, 3)


def per_axis(count: int, low: int, high: int) -> st.SearchStrategy[Any]:
    """A number, or one for each axis."""
    one = st.integers(low, high)
    return one | st.tuples(*[one] * count)


@st.composite
def images(draw: Any, count: int) -> T:
    """A batch or a single image, sometimes of another rank."""
    lead = draw(st.sampled_from([(2, 3), (2, 3), (3,), (), (1, 2, 3)]))
    kind = draw(st.sampled_from([T, T, T, Last if len(lead) == 2 else T]))
    return kind((*lead, *draw(st.lists(st.integers(1, 9), min_size=count, max_size=count))))


def windows(count: int) -> dict[str, st.SearchStrategy[Any]]:
    """What a pool over windows takes."""
    return {
        "kernel_size": per_axis(count, 1, 5),
        "stride": st.none() | per_axis(count, 1, 4),
        "padding": st.just(0) | per_axis(count, 0, 2),
        "ceil_mode": st.booleans(),
    }


def options(count: int, kind: str) -> st.SearchStrategy[dict[str, Any]]:
    """Arguments by name for a kind of pool."""
    found = windows(count)
    size = st.integers(0, 6)
    if kind == "max":
        found["dilation"] = per_axis(count, 1, 2)
        found["return_indices"] = st.booleans()
    elif kind == "lp":
        del found["padding"]
        found["norm_type"] = st.sampled_from([1, 2.0, float("inf")])
    elif kind == "fractional_max":
        found = {
            "kernel_size": per_axis(count, 1, 3),
            "output_size": per_axis(count, 1, 6),
            "return_indices": st.booleans(),
        }
    elif kind.startswith("adaptive"):
        found = {"output_size": st.sampled_from([1, 2]) | size | st.tuples(*[size] * count)}
        if count > 1:
            found["output_size"] |= st.tuples(*[st.none() | size] * count)
        if kind == "adaptive_max":
            found["return_indices"] = st.booleans()
    return st.fixed_dictionaries(found)


KINDS = [
    (kind, count)
    for kind in ("max", "avg", "lp", "fractional_max", "adaptive_max", "adaptive_avg")
    for count in COUNTS
    if (kind, count) != ("fractional_max", 1)
]
CLASSES = {"lp": "LP", "max": "Max", "avg": "Avg", "fractional_max": "FractionalMax"}


@pytest.mark.parametrize(("kind", "count"), KINDS)
def test_functions(kind: str, count: int) -> None:
    seen = set()

    @few
    @given(images(count), options(count, kind))
    def agrees(image: T, given: dict[str, Any]) -> None:
        result = check_function(f"torch.nn.functional.{kind}_pool{count}d", image, **given)
        seen.add(isinstance(result, str))

    agrees()
    assert seen == {True, False}


@pytest.mark.parametrize(("kind", "count"), KINDS)
def test_layers(kind: str, count: int) -> None:
    seen = set()
    name = CLASSES.get(kind) or "".join(part.title() for part in kind.split("_"))

    @few
    @given(images(count), options(count, kind))
    def agrees(image: T, given: dict[str, Any]) -> None:
        seen.add(isinstance(check_layer(f"torch.nn.{name}Pool{count}d", (), image, **given), str))

    agrees()
    assert seen == {True, False}


@pytest.mark.parametrize("layer", [False, True])
@pytest.mark.parametrize("count", COUNTS)
def test_unpooling(count: int, layer: bool) -> None:
    seen = set()
    size = st.integers(1, 9)

    @few
    @given(
        images(count),
        per_axis(count, 1, 3),
        st.none() | per_axis(count, 1, 3),
        st.sampled_from([0, 0, 1]),
        st.none() | st.lists(size, min_size=count, max_size=count + 2),
    )
    def agrees(image: T, kernel: Any, stride: Any, padding: int, wanted: Any) -> None:
        indices = Long(image)
        if layer:
            inputs = (image, indices, wanted)
            made = (kernel, stride, padding)
            result = check_layer(f"torch.nn.MaxUnpool{count}d", made, *inputs)
        else:
            arguments = (image, indices, kernel, stride, padding, wanted)
            result = check_function(f"torch.nn.functional.max_unpool{count}d", *arguments)
        seen.add(isinstance(result, str))

    agrees()
    assert seen == {True, False}


IMAGE = T((2, 4, 9, 9))


@pytest.mark.parametrize(
    ("path", "args"),
    [
        ("torch.nn.functional.max_pool2d", (IMAGE, 2.0)),
        ("torch.nn.functional.max_pool2d", (IMAGE, (2, 2, 2))),
        ("torch.nn.functional.max_pool2d", (IMAGE, [2], [])),
        ("torch.nn.functional.max_pool2d", (IMAGE, 0)),
        ("torch.nn.functional.max_pool2d", (IMAGE, 2, 0)),
        ("torch.nn.functional.max_pool2d", (IMAGE, 2, 2, -1)),
        ("torch.nn.functional.max_pool2d", (IMAGE, 2, 2, 0, 0)),
        ("torch.nn.functional.max_pool2d_with_indices", (IMAGE, 2)),
        ("torch.max_pool2d", (IMAGE, 2)),
        ("torch.max_pool1d_with_indices", (T((4, 9)), 2)),
        ("torch.avg_pool1d", (T((4, 9)), 2)),
        ("torch.nn.functional.avg_pool2d", (IMAGE, 2, 2, 0, False, True, 0)),
        ("torch.nn.functional.avg_pool3d", (T((2, 3, 5, 5, 5)), 6, 1, 1)),
        ("torch.nn.functional.lp_pool1d", (T((4, 9)), 2, (3,))),
        ("torch.nn.functional.lp_pool2d", (IMAGE, 2, [3])),
        ("torch.adaptive_max_pool1d", (T((4, 9)), 3)),
        ("torch.adaptive_avg_pool1d", (T((4, 9)), (3,))),
        ("torch.nn.functional.adaptive_avg_pool1d", (T((4, 9)), None)),
        ("torch.nn.functional.adaptive_avg_pool2d", (IMAGE, (3,))),
        ("torch.nn.functional.adaptive_avg_pool2d", (IMAGE, None)),
        ("torch.nn.functional.adaptive_avg_pool2d", (IMAGE, 2.0)),
        ("torch.nn.functional.adaptive_avg_pool2d", (IMAGE, -1)),
        ("torch.nn.functional.adaptive_avg_pool2d", (T((9, 9)), 1)),
        ("torch.nn.functional.adaptive_avg_pool2d", (T((9, 9)), (1, 1))),
        ("torch.nn.functional.adaptive_avg_pool2d", (T((1, 2, 3, 4, 5)), 1)),
        ("torch.nn.functional.adaptive_max_pool2d", (T((9, 9)), 1)),
        ("torch.nn.functional.fractional_max_pool2d", (IMAGE, 3)),
        ("torch.nn.functional.fractional_max_pool2d", (IMAGE, 3, None, (0.5, 0.7))),
        ("torch.nn.functional.fractional_max_pool2d", (IMAGE, 3, None, 0.5)),
        ("torch.nn.functional.max_unpool2d", (IMAGE, Long((2, 4, 9, 8)), 2)),
    ],
)
def test_edges(path: str, args: Any) -> None:
    check_function(path, *args)


@pytest.mark.parametrize(
    ("made", "kwargs"),
    [((2,), {}), ((2, 3, 0.5), {}), ((2,), {"output_ratio": 1.5}), ((2,), {"output_ratio": 0.5})],
)
def test_fractional_layers(made: Any, kwargs: Any) -> None:
    check_layer("torch.nn.FractionalMaxPool2d", made, IMAGE, **kwargs)


def links(path: str, *args: Any) -> Any:
    """The field on the height after a pool of (N, 3, 16, 16)."""
    height = Source("H")
    image = Tensor((symbol("N"), 3, 16, 16), (None, None, height, None))
    output, findings = opcheck.run(path, image, *args)
    assert not findings
    return field(output.axes[2], height)


def test_links() -> None:
    functional = "torch.nn.functional"
    assert links(f"{functional}.max_pool2d", 3, 2, 1) == Field(1, 2, ((-1, 1),))
    assert links(f"{functional}.adaptive_avg_pool2d", 4) == Field(1, 4, ((0, 3),))
    assert links(f"{functional}.adaptive_avg_pool2d", (1, 1)) is GLOBAL
    assert links(f"{functional}.fractional_max_pool2d", 2, 5) is None


def test_a_rounding_that_is_not_known() -> None:
    output, findings = opcheck.run(
        "torch.nn.functional.max_pool2d",
        Tensor((2, 3, 9, 8)),
        2,
        ceil_mode=Unknown("why"),
    )
    assert not findings
    assert output.shape[3] == 4
    assert not isinstance(output.shape[2], int)


def test_descriptions() -> None:
    assert opcheck.run("torch.nn.MaxPool2d", 3, 2, 1)[0].describe() == (
        "MaxPool2d(3×3, stride 2, padding 1)"
    )
    assert opcheck.run("torch.nn.AdaptiveAvgPool2d", (1, 7))[0].describe() == (
        "AdaptiveAvgPool2d(to 1×7)"
    )
