"""Receptive fields of networks against published numbers."""

from __future__ import annotations

from fractions import Fraction
from functools import reduce

import pytest

from conv_lsp.windows import IDENTITY, Field, Linear, Pad, Repeat, Step, Transposed, Window


def conv(kernel: int, stride: int = 1, padding: int | None = None) -> Window:
    padding = kernel // 2 if padding is None else padding
    return Window(kernel, stride, padding, padding)


def pool(kernel: int = 2, stride: int = 2, padding: int = 0) -> Window:
    return Window(kernel, stride, padding, padding)


def after(field: Field, *steps: Step) -> Field:
    def go(f: Field, step: Step) -> Field:
        result = step.field(f)
        assert isinstance(result, Field)
        return result

    return reduce(go, steps, field)


def join(a: Field, b: Field) -> Field:
    union = a.join(b)
    assert union is not None
    return union


def triple(field: Field) -> tuple[int, Fraction | int, int]:
    return field.size, field.jump, field.start


def test_alexnet() -> None:
    head = [Window(11, 4), pool(3), conv(5), pool(3), conv(3), conv(3), conv(3), pool(3)]
    assert triple(after(IDENTITY, *head)) == (195, 32, -64)


def test_vgg16() -> None:
    blocks: list[Step] = []
    for depth in (2, 2, 3, 3, 3):
        blocks += [*[conv(3)] * depth, pool()]
    assert triple(after(IDENTITY, *blocks)) == (212, 32, -90)


@pytest.mark.parametrize(
    ("depths", "sizes"),
    [((3, 4, 6, 3), (35, 91, 267, 427)), ((3, 4, 23, 3), (35, 91, 811, 971))],
    ids=["resnet50", "resnet101"],
)
def test_resnet(depths: tuple[int, ...], sizes: tuple[int, ...]) -> None:
    field = after(IDENTITY, conv(7, 2), pool(3, 2, 1))
    for layer, (depth, size) in enumerate(zip(depths, sizes, strict=True)):
        for block in range(depth):
            stride = 2 if layer and not block else 1
            shortcut = after(field, conv(1, stride)) if not block else field
            field = join(after(field, conv(1), conv(3, stride), conv(1)), shortcut)
        assert triple(field) == (size, 4 * 2**layer, -(size // 2))


def unet(depth: int, up: Step) -> Field:
    double, skips, field = (conv(3), conv(3)), [], IDENTITY
    for _ in range(depth):
        skips.append(after(field, *double))
        field = after(skips[-1], pool())
    field = after(field, *double)
    for skip in reversed(skips):
        lifted = up.field(field, 10)
        assert isinstance(lifted, Field)
        field = after(join(lifted, skip), *double)
    return field


def test_feature_pyramid_on_resnet50() -> None:
    levels = [Field(1, 4 * 2**i, ((-(r // 2), r // 2),)) for i, r in enumerate((35, 91, 267, 427))]
    inner, out = levels[3], {3: after(levels[3], conv(3))}
    for level in (2, 1, 0):
        inner = join(after(inner, Repeat(2)), levels[level])
        out[level] = after(inner, conv(3))
    sizes = {level: (field.sizes[0], field.size) for level, field in out.items()}
    assert sizes == {3: (491, 491), 2: (459, 459), 1: (427, 459), 0: (427, 459)}


CONVT, LINEAR = Transposed(2, 2), Linear(20)


@pytest.mark.parametrize(
    ("depth", "up", "sizes"),
    [
        (1, CONVT, (18,)),
        (2, CONVT, (44,)),
        (3, CONVT, (92, 100)),
        (4, CONVT, (188, 204)),
        (4, Repeat(2), (188, 204)),
        (5, CONVT, (380, 412)),
        (1, LINEAR, (20,)),
        (2, LINEAR, (48, 52)),
        (3, LINEAR, (108, 116)),
        (4, LINEAR, (220, 236)),
        (5, LINEAR, (444, 476)),
    ],
    ids=str,
)
def test_unet_field_differs_by_phase(depth: int, up: Step, sizes: tuple[int, ...]) -> None:
    """Smallest and largest of the sizes; what lies between is not published."""
    field = unet(depth, up)
    assert (field.sizes[0], field.sizes[-1]) == (sizes[0], sizes[-1])
    assert field.jump == 1


@pytest.mark.parametrize(
    ("steps", "want"),
    [
        ([Window(3, 3, 1, 1), Window(2)], (6, 3, -1)),  # Distill's worked example
        ([Window.same(2)], (2, 1, 0)),
        ([Window.same(4)], (4, 1, -1)),
        ([Window.same(4), Window.same(4)], (7, 1, -2)),
        ([conv(3), Repeat(2), conv(3)], (4, Fraction(1, 2), -2)),
        ([Window(2, 2), conv(3)], (6, 2, -2)),  # pixel unshuffle
        ([conv(1, 2), conv(3)], (5, 2, -2)),
        ([Window(3, 1, d, d, d) for d in (1, 2, 5)], (17, 1, -8)),
        ([Window(2, 1, 2**d, 0, 2**d) for d in range(10)], (1024, 1, -1023)),  # WaveNet
        ([Pad(1), Window(3, 2), conv(1, 2)], (3, 4, -1)),
    ],
    ids=str,
)
def test_known_field(steps: list[Step], want: tuple[int, Fraction | int, int]) -> None:
    assert triple(after(IDENTITY, *steps)) == want


def test_transposed_convolutions_by_phase() -> None:
    assert after(IDENTITY, *[Transposed(4, 2, 1)]).sizes == (2,)
    assert after(IDENTITY, *[Transposed(4, 2, 1)] * 2).sizes == (2, 3)
    assert after(IDENTITY, *[Transposed(4, 2, 1)] * 3).sizes == (2, 3)
    assert after(IDENTITY, Transposed(3, 2, 1)).sizes == (1, 2)
    assert after(IDENTITY, Transposed(5, 3)).sizes == (1, 2)
