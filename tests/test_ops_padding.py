"""Padding as CPU torch has it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conv_lsp.axes import Source, field
from conv_lsp.dims import symbol
from conv_lsp.values import Tensor, Unknown
from conv_lsp.windows import Field
from tests import opcheck
from tests.differential import Last, T, check_function, check_layer, few

MODES = ("constant", "reflect", "replicate", "circular")


def ends(mode: str, low: int, high: int) -> st.SearchStrategy[int]:
    """Padding of one end. Torch's answer to cropping a ring depends on memory that overlaps."""
    return st.integers(0 if mode == "circular" else low, high)


@st.composite
def paddings(draw: Any, mode: str) -> tuple[Any, ...]:
    count = draw(st.integers(0, 3))
    pad = draw(st.lists(ends(mode, -3, 5), min_size=2 * count, max_size=2 * count))
    rank = count + draw(st.sampled_from([1, 2, 1, 2, 0, 3]))
    shape = draw(st.lists(st.integers(1, 6), min_size=rank, max_size=rank))
    odd = draw(st.sampled_from([0] * 9 + [1]))
    value = draw(st.sampled_from([None, None, None, 0, 1.5]))
    kind = draw(st.sampled_from([T, T, T, Last]))
    return kind(shape), pad[odd:], mode, value


@pytest.mark.parametrize("mode", MODES)
def test_pad(mode: str) -> None:
    seen = set()

    @few
    @given(paddings(mode))
    def agrees(args: tuple[Any, ...]) -> None:
        seen.add(isinstance(check_function("torch.nn.functional.pad", *args), str))

    agrees()
    assert seen == {True, False}


@pytest.mark.parametrize(
    ("shape", "pad", "mode"),
    [
        ((2, 3, 4, 5), (1, 2, 3, 4), "reflect"),
        ((2, 3, 4, 5), (4, 4, 3, 3), "reflect"),
        ((2, 3, 4, 5), (5, 4, 3, 3), "reflect"),
        ((2, 3, 4, 5), (5, 5, 4, 4), "circular"),
        ((2, 3, 4, 5), (5, 6, 4, 4), "circular"),
        ((3, 4, 5), (-1, 2), "replicate"),
        ((3, 4, 5, 6, 7), (1,) * 6, "reflect"),
        ((3, 4, 5, 6), (1, 1), "reflect"),
        ((3, 4), (1, 1), "mirror"),
        ((3, 4), 1, "constant"),
        ((3, 4), (1.0, 1), "constant"),
        ((3, 4), (-5, 9), "constant"),
        ((3, 4), (-4, 1), "constant"),
    ],
)
def test_edges(shape: Any, pad: Any, mode: str) -> None:
    check_function("torch.nn.functional.pad", T(shape), pad, mode)


@pytest.mark.parametrize("kind", ["Zero", "Constant", "Reflection", "Replication", "Circular"])
@pytest.mark.parametrize("count", [1, 2, 3])
def test_layers(kind: str, count: int) -> None:
    one = ends(kind.lower(), -3, 4)
    seen = set()

    @few
    @given(
        st.lists(st.integers(1, 5), min_size=count, max_size=count + 3),
        one | st.tuples(*[one] * (2 * count)),
    )
    def agrees(shape: list[int], padding: Any) -> None:
        made = (padding, 0.5) if kind == "Constant" else (padding,)
        seen.add(isinstance(check_layer(f"torch.nn.{kind}Pad{count}d", made, T(shape)), str))

    agrees()
    assert seen == {True, False}


def test_symbols_and_links() -> None:
    height = Source("H")
    image = Tensor((symbol("N"), 3, symbol("H"), 8), (None, None, height, None))
    output, findings = opcheck.run("torch.nn.functional.pad", image, (0, 1, 2, 3), "reflect")
    assert not findings
    assert output.shape == (symbol("N"), 3, symbol("H") + 5, 9)
    assert field(output.axes[2], height) == Field(1, 1, ((-2, -2),))


def test_padding_that_is_not_known_keeps_the_rank() -> None:
    output, _ = opcheck.run("torch.nn.functional.pad", Tensor((2, 3, 4, 4)), Unknown("why"))
    assert len(output.shape) == 4
    assert not any(isinstance(n, int) for n in output.shape)
