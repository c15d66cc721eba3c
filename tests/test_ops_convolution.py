"""Convolution as CPU torch has it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conv_lsp.dims import symbol
from conv_lsp.values import Tensor, Unknown
from tests import opcheck
from tests.differential import Last, T, check_function, check_layer, few

COUNTS = (1, 2, 3)


def per_axis(count: int, low: int, high: int) -> st.SearchStrategy[Any]:
    """A number, or one for each axis."""
    one = st.integers(low, high)
    return one | st.tuples(*[one] * count) | st.lists(one, min_size=1, max_size=1)


def images(draw: Any, count: int, channels: int) -> T:
    """A batch or a single image, sometimes with other channels or another rank."""
    sizes = draw(st.lists(st.integers(1, 9), min_size=count, max_size=count))
    batch = draw(st.sampled_from([(2,), (2,), (), (1, 2)]))
    other = draw(st.sampled_from([channels] * 7 + [channels + 1]))
    kind = draw(st.sampled_from([T, T, T, Last if len(batch) == 1 else T]))
    return kind((*batch, other, *sizes))


@st.composite
def convolutions(draw: Any, count: int, *, transposed: bool) -> tuple[Any, ...]:
    groups = draw(st.sampled_from([1, 1, 2, 3]))
    channels, made = draw(st.sampled_from([(groups, 2 * groups), (4, 6), (6, 3)]))
    kernel = draw(st.lists(st.integers(1, 4), min_size=count, max_size=count))
    weight = T((channels, made, *kernel) if transposed else (made, channels, *kernel))
    bias = draw(st.sampled_from([None, None, T((made,)), T((made * groups,))]))
    stride, dilation = draw(per_axis(count, 1, 3)), draw(per_axis(count, 1, 3))
    if transposed:
        extra = draw(st.sampled_from([0, 0, 1, 2]))
        padding = draw(per_axis(count, 0, 2))
        arguments: tuple[Any, ...] = (stride, padding, extra, groups, dilation)
        return (images(draw, count, channels), weight, bias, *arguments)
    padding = draw(per_axis(count, 0, 3) | st.sampled_from(["same", "valid"]))
    return (images(draw, count, channels * groups), weight, bias, stride, padding, dilation, groups)


@pytest.mark.parametrize("count", COUNTS)
def test_functions(count: int) -> None:
    seen = set()

    @few
    @given(convolutions(count, transposed=False))
    def agrees(args: tuple[Any, ...]) -> None:
        seen.add(isinstance(check_function(f"torch.nn.functional.conv{count}d", *args), str))

    agrees()
    assert seen == {True, False}


@pytest.mark.parametrize("count", COUNTS)
def test_transposed_functions(count: int) -> None:
    seen = set()

    @few
    @given(convolutions(count, transposed=True))
    def agrees(args: tuple[Any, ...]) -> None:
        seen.add(
            isinstance(check_function(f"torch.nn.functional.conv_transpose{count}d", *args), str)
        )

    agrees()
    assert seen == {True, False}


@st.composite
def layers(draw: Any, count: int, *, transposed: bool) -> tuple[Any, ...]:
    groups = draw(st.sampled_from([1, 1, 2, 3]))
    channels = draw(st.sampled_from([groups, 2 * groups, 4]))
    made = draw(st.sampled_from([groups, 3 * groups, 6]))
    numbers = {
        "kernel_size": per_axis(count, 1, 4) if count > 1 else st.integers(1, 4),
        "stride": per_axis(count, 1, 3),
        "padding": per_axis(count, 0, 3),
        "dilation": per_axis(count, 1, 2),
        "groups": st.just(groups),
        "bias": st.booleans(),
    }
    if transposed:
        numbers["output_padding"] = st.sampled_from([0, 0, 1])
    else:
        numbers["padding"] |= st.sampled_from(["same", "valid", "full"])
        numbers["padding_mode"] = st.sampled_from(
            ["zeros"] * 3 + ["reflect", "circular", "replicate"]
        )
    options = {name: draw(values) for name, values in numbers.items()}
    kernel = options["kernel_size"]
    if isinstance(kernel, list) or (isinstance(options["padding"], list) and count > 1):
        options["kernel_size"], options["padding"] = 2, 1
    return (channels, made), images(draw, count, channels), options


@pytest.mark.parametrize("lazy", ["", "Lazy"])
@pytest.mark.parametrize("kind", ["Conv", "ConvTranspose"])
@pytest.mark.parametrize("count", COUNTS)
def test_layers(count: int, kind: str, lazy: str) -> None:
    seen = set()

    @few
    @given(layers(count, transposed="T" in kind))
    def agrees(drawn: tuple[Any, ...]) -> None:
        channels, image, options = drawn
        groups = options["groups"]
        if lazy and any(n % groups for n in channels):
            return  # torch complains of those at the call, not at the construction
        made = channels[1:] if lazy else channels
        result = check_layer(f"torch.nn.{lazy}{kind}{count}d", made, image, **options)
        seen.add(isinstance(result, str))

    agrees()
    assert seen == {True, False}


@pytest.mark.parametrize(
    "size",
    [(19, 20), (19, 21), (18, 19), [20, 20], (2, 6, 20, 19), (5, 5, 5), 20, (20,)],
)
def test_output_size(size: Any) -> None:
    check_layer("torch.nn.ConvTranspose2d", (4, 6, 3, 2), T((2, 4, 9, 9)), size)


@pytest.mark.parametrize(
    "args",
    [
        (T((2, 4, 9, 9)), T((6, 4, 3))),
        (T((2, 4, 9, 9)), T((6, 4, 3, 3)), None, (1, 1, 1)),
        (T((2, 4, 9, 9)), T((6, 4, 3, 3)), None, 0),
        (T((2, 4, 9, 9)), T((6, 4, 3, 3)), None, 1, -1),
        (T((2, 4, 9, 9)), T((6, 4, 3, 3)), None, 1, 1.0),
        (T((2, 4, 9, 9)), T((6, 4, 3, 3)), None, 1, "full"),
        (T((2, 4, 9, 9)), T((6, 4, 3, 3)), None, 1, 0, 0),
        (T((2, 4, 9, 9)), T((6, 4, 3, 3)), None, 1, 0, 1, 0),
        (T((2, 4, 9, 9)), T((6, 4, 3, 3)), T((6, 1))),
        (T((0, 4, 9, 9)), T((6, 4, 3, 3))),
    ],
)
def test_arguments_torch_refuses_or_takes(args: Any) -> None:
    check_function("torch.nn.functional.conv2d", *args)


@pytest.mark.parametrize(
    "made",
    [(3, 8, 3.0), (3, 8, "3"), (-1, 8, 3), (3, 8, -1), (3, 8, 3, 1, 1, 1, 0), (3, 8, None)],
)
def test_layers_that_cannot_be_made(made: Any) -> None:
    assert check_layer("torch.nn.Conv2d", made, T((2, 3, 9, 9))) == "error"


def conv(*args: Any, **kwargs: Any) -> Any:
    layer, findings = opcheck.run("torch.nn.Conv2d", *args, **kwargs)
    assert not findings
    return layer


def test_symbols() -> None:
    n, h, w = symbol("N"), symbol("H"), symbol("W")
    output, findings = opcheck.apply(conv(3, 64, 7, 2, 3), Tensor((n, 3, h, w)))
    assert not findings
    assert output.shape == (n, 64, (h - 1) // 2 + 1, (w - 1) // 2 + 1)


def test_symbolic_channels_are_no_mistake() -> None:
    output, findings = opcheck.apply(conv(3, 64, 3), Tensor((2, symbol("C"), 8, 8)))
    assert not findings
    assert output.shape == (2, 64, 6, 6)


def test_what_is_not_known_stays_so() -> None:
    output, findings = opcheck.apply(conv(3, 64, Unknown("why")), Tensor((2, 3, 8, 8)))
    assert not findings
    assert output.shape[:2] == (2, 64)
    assert not isinstance(output.shape[2], int)


def test_a_kernel_with_a_name_shows_it() -> None:
    layer = conv(3, 64, Unknown("why", name="k"), padding=1)
    output, _ = opcheck.apply(layer, Tensor((2, 3, 8, 8)))
    assert str(output.shape[2]) == "11 - k"


def test_an_input_of_unknown_rank_gets_the_channels() -> None:
    host = opcheck.Host()
    output = opcheck.call_value(conv(3, 64, 3), [Tensor(Unknown("parameter x"))], {}, host)
    assert host.refined == [(symbol("N"), 3, symbol("H"), symbol("W"))]
    assert output.shape[1] == 64
    assert not host.findings


def test_after_a_complaint_the_declared_channels_go_on() -> None:
    output, findings = opcheck.apply(conv(3, 64, 3), Tensor((2, 4, 8, 8)))
    assert findings == [("conv-channels", "input has 4 channels; the layer takes 3")]
    assert output.shape == (2, 64, 6, 6)


def test_groups_that_do_not_divide_are_told_once() -> None:
    layer, findings = opcheck.run("torch.nn.Conv2d", 6, 8, 3, groups=4)
    assert findings == [("groups-divide", "in_channels 6 is not divisible by groups 4")]
    assert opcheck.apply(layer, Tensor((2, 6, 8, 8)))[1] == []


def test_description_and_macs() -> None:
    layer = conv(64, 128, 3, 2, 1)
    assert layer.describe() == "Conv2d(64 → 128, 3×3, stride 2, padding 1)"
    macs = layer.macs(Tensor((1, 64, 56, 56)), Tensor((1, 128, 28, 28)))
    assert macs == 128 * 28 * 28 * 64 * 9
    wide = conv(64, 64, (1, 7), stride=(2, 1), padding="valid", groups=64, bias=False)
    assert wide.describe() == "Conv2d(64 → 64, 1×7, stride 2×1, padding valid, groups 64)"
