"""Normalisation as CPU torch has it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conv_lsp.axes import Source, field, field_bypassing
from conv_lsp.dims import symbol
from conv_lsp.values import Tensor, Unknown
from conv_lsp.windows import GLOBAL, IDENTITY
from tests import opcheck
from tests.differential import Last, T, check_function, check_layer, few, parameters

FUNCTIONAL = "torch.nn.functional"
VECTOR = st.sampled_from([None, None, None, T((4,)), T((4,)), T((3,))])


@st.composite
def images(draw: Any, low: int = 1, high: int = 5) -> T:
    """Four channels, most times; small, so that there is a single value now and then."""
    rank = draw(st.integers(low, high))
    sizes = [draw(st.integers(1, 3)) for _ in range(rank)]
    if rank > 1:
        sizes[1] = draw(st.sampled_from([4, 4, 4, 6]))
    return draw(st.sampled_from([T, T, T, Last]))(sizes)


@few
@given(images(2), VECTOR, VECTOR, VECTOR, VECTOR, st.booleans())
def test_batch_norm(image: T, mean: Any, var: Any, weight: Any, bias: Any, training: bool) -> None:
    check_function(f"{FUNCTIONAL}.batch_norm", image, mean, var, weight, bias, training)


@few
@given(images(), VECTOR, VECTOR, VECTOR, VECTOR, st.booleans())
def test_instance_norm(image: T, mean: Any, var: Any, weight: Any, bias: Any, own: bool) -> None:
    if len(image) == 1 and not own:
        return  # reads what lies behind the sizes
    check_function(f"{FUNCTIONAL}.instance_norm", image, mean, var, weight, bias, own)


@few
@given(images(), st.integers(1, 4), VECTOR, VECTOR)
def test_group_norm(image: T, groups: int, weight: Any, bias: Any) -> None:
    check_function(f"{FUNCTIONAL}.group_norm", image, groups, weight, bias)


@pytest.mark.parametrize("name", ["layer_norm", "rms_norm"])
def test_shaped_norm(name: str) -> None:
    seen = set()

    @few
    @given(images(), st.integers(0, 3), st.integers(0, 5), st.integers(0, 2))
    def agrees(image: T, count: int, wrong: int, parameters: int) -> None:
        shape = tuple(image[len(image) - count :]) if count <= len(image) else (9,)
        given = (*shape[:-1], 9) if not wrong else shape
        weight = [None, T(given), T((7,))][parameters]
        seen.add(isinstance(check_function(f"{FUNCTIONAL}.{name}", image, given, weight), str))

    agrees()
    assert seen == {True, False}


@few
@given(images(), st.integers(-4, 4) | st.lists(st.integers(-2, 1), max_size=2, unique=True))
def test_normalize(image: T, dim: Any) -> None:
    if isinstance(dim, list) and len({d % len(image) for d in dim}) < len(dim):
        return  # a dimension given twice
    check_function(f"{FUNCTIONAL}.normalize", image, 2.0, dim)


@few
@given(images(1, 6), st.integers(0, 5))
def test_local_response_norm(image: T, size: int) -> None:
    check_function(f"{FUNCTIONAL}.local_response_norm", image, size)
    check_layer("torch.nn.LocalResponseNorm", (size,), image)


@pytest.mark.parametrize("name", ["BatchNorm", "InstanceNorm", "LazyBatchNorm", "LazyInstanceNorm"])
@pytest.mark.parametrize("count", [1, 2, 3])
def test_layers(name: str, count: int) -> None:
    seen = set()

    @few
    @given(images(2), st.booleans(), st.booleans(), st.booleans(), st.booleans())
    def agrees(image: T, affine: bool, track: bool, bias: bool, training: bool) -> None:
        made = () if "Lazy" in name else (4,)
        options = {"affine": affine, "track_running_stats": track, "bias": bias}
        path = f"torch.nn.{name}{count}d"
        seen.add(isinstance(check_layer(path, made, image, training=training, **options), str))

    agrees()
    assert seen == {True, False}


@few
@given(images(2), st.integers(1, 4), st.sampled_from([4, 4, 6]), st.booleans(), st.booleans())
def test_group_layers(image: T, groups: int, channels: int, affine: bool, bias: bool) -> None:
    check_layer("torch.nn.GroupNorm", (groups, channels), image, affine=affine, bias=bias)


@few
@given(images(), st.sampled_from([1, 2, 3, (2,), (4, 3), [4, 2, 1]]), st.booleans(), st.booleans())
def test_shaped_layers(image: T, shape: Any, affine: bool, bias: bool) -> None:
    check_layer("torch.nn.LayerNorm", (shape,), image, elementwise_affine=affine, bias=bias)
    check_layer("torch.nn.RMSNorm", (shape,), image, elementwise_affine=affine)


@pytest.mark.parametrize(
    ("path", "made", "shape"),
    [
        ("SyncBatchNorm", (4,), (2, 4)),
        ("SyncBatchNorm", (4,), (2, 4, 3, 3)),
        ("SyncBatchNorm", (5,), (2, 4, 3, 3)),
        ("SyncBatchNorm", (4,), (4,)),
        ("CrossMapLRN2d", (5,), (2, 8, 3, 3)),
        ("CrossMapLRN2d", (5,), (8, 3, 3)),
        ("BatchNorm2d", (-1,), (2, 4, 3, 3)),
        ("GroupNorm", (3, 8), (2, 8, 3)),
        ("GroupNorm", (0, 8), (2, 8, 3)),
        ("LayerNorm", (9.0,), (3, 9)),
        ("LayerNorm", (-1,), (3, 9)),
    ],
)
def test_edges(path: str, made: Any, shape: Any) -> None:
    check_layer(f"torch.nn.{path}", made, T(shape), training=False)


@pytest.mark.parametrize(
    ("path", "args"),
    [
        ("torch.batch_norm", (T((2, 4, 3)), T((4,)), None, None, None, True, 0.1, 1e-5, True)),
        ("torch.instance_norm", (T((2, 4, 3)), T((3,)), None, None, None, True, 0.1, 1e-5, True)),
        ("torch.layer_norm", (T((2, 4, 3)), (3,))),
        ("torch.group_norm", (T((2, 4, 3)), 2)),
        ("torch.rms_norm", (T((2, 4, 3)), (3,))),
        (f"{FUNCTIONAL}.batch_norm", (T((3,)), None, None, None, None, True)),
        (f"{FUNCTIONAL}.layer_norm", (T((2, 4, 3)), 3)),
        (f"{FUNCTIONAL}.layer_norm", (T((2, 4, 3)), ())),
        (f"{FUNCTIONAL}.group_norm", (T((2, 4, 3)), 0)),
    ],
)
def test_other_names(path: str, args: Any) -> None:
    check_function(path, *args)


def test_a_batch_of_one_value_cannot_be_trained() -> None:
    layer, _ = opcheck.run("torch.nn.BatchNorm1d", 4)
    _, findings = opcheck.apply(layer, Tensor((1, 4)))
    assert [code for code, _ in findings] == ["always-raises"]
    assert opcheck.apply(layer, Tensor((symbol("N"), 4)))[1] == []
    layer.training = Unknown("mode")
    assert opcheck.apply(layer, Tensor((1, 4)))[1] == []


def test_after_a_complaint_the_declared_features_go_on() -> None:
    layer, _ = opcheck.run("torch.nn.BatchNorm2d", 64)
    output, findings = opcheck.apply(layer, Tensor((2, 32, 8, 8)))
    assert findings == [("norm-features", "input has 32 features; the layer normalises 64")]
    assert output.shape == (2, 64, 8, 8)


def test_an_input_of_unknown_rank() -> None:
    host = opcheck.Host()
    layer, _ = opcheck.run("torch.nn.BatchNorm2d", 64)
    opcheck.call_value(layer, [Tensor(Unknown("parameter x"))], {}, host)
    assert host.refined == [(symbol("N"), 64, symbol("H"), symbol("W"))]


@pytest.mark.parametrize(
    ("layer", "args", "everything"),
    [
        ("BatchNorm2d", (4,), False),
        ("InstanceNorm2d", (4,), True),
        ("GroupNorm", (2, 4), True),
        ("LayerNorm", ((4, 8, 8),), True),
        ("LayerNorm", (8,), False),
    ],
)
def test_links(layer: str, args: Any, everything: bool) -> None:
    height = Source("H")
    image = Tensor((2, 4, 8, 8), (None, None, height, None))
    made, _ = opcheck.run(f"torch.nn.{layer}", *args)
    output, findings = opcheck.apply(made, image)
    assert not findings
    assert field(output.axes[2], height) == (GLOBAL if everything else IDENTITY)
    assert field_bypassing(output.axes[2], height) == IDENTITY


@pytest.mark.parametrize(
    ("path", "count"),
    [
        ("torch.nn.utils.weight_norm", 8 * 3 * 9 + 8 + 8),
        ("torch.nn.utils.spectral_norm", 8 * 3 * 9 + 8),
        ("torch.nn.utils.parametrizations.weight_norm", 8 * 3 * 9 + 8 + 8),
        ("torch.nn.utils.parametrizations.spectral_norm", 8 * 3 * 9 + 8),
        ("torch.nn.utils.parametrizations.orthogonal", 8 * 3 * 9 + 8),
    ],
)
def test_reparametrised_weights(path: str, count: int) -> None:
    layer, _ = opcheck.run("torch.nn.Conv2d", 3, 8, 3)
    same, findings = opcheck.run(path, layer)
    assert same is layer
    assert not findings
    assert parameters(layer) == count
    output, _ = opcheck.apply(layer, Tensor((2, 3, 9, 9)))
    assert output.shape == (2, 8, 7, 7)
