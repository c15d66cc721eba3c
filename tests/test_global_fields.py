"""Networks that see a whole axis, and what they see without those steps; windows of attention."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from conv_lsp.analysis import Event, Options, analyze, fields, with_deep_stack
from conv_lsp.axes import Reading, Source, field, gathered
from conv_lsp.config import Settings
from conv_lsp.fields import GLOBAL, Field
from conv_lsp.project import Project
from conv_lsp.source import Source as Text
from conv_lsp.values import Tensor
from tests import spreading

FILE = Path(__file__).parent / "networks" / "attention.py"
torch = spreading.torch


def called(expression: str, shape: tuple[int, ...]) -> Event:
    source = Text.parse(str(FILE), FILE.read_text("utf-8"))
    options = Options(run=(expression,), inputs=(shape,))
    project = Project(FILE.parent, Settings())
    return with_deep_stack(lambda: analyze(source, project, options)).calls[0]


INNER = (
    "SqueezeExcitation()",
    "nn.InstanceNorm2d(4)",
    "channel_norm()",
    "layer_norm()",
    "NonLocal()",
)


@pytest.mark.parametrize("inner", INNER)
def test_global_steps_can_be_bypassed(inner: str) -> None:
    event = called(f"SEResNet({inner})", (1, 3, 64, 48))
    assert isinstance(event.output, Tensor)
    for _, reading, local in fields(event.output, event.context.parent or event.context):
        assert reading is GLOBAL
        assert isinstance(local, Field)
        assert local == Field(1, 2, ((-5, 5),))


def test_batch_norm_is_local() -> None:
    event = called("SEResNet(nn.BatchNorm2d(4))", (1, 3, 64, 48))
    assert isinstance(event.output, Tensor)
    for _, reading, _ in fields(event.output, event.context.parent or event.context):
        assert isinstance(reading, Field)
        assert reading.size == 11


def swin(expression: str, shape: tuple[int, ...]) -> list[tuple[Reading, Reading]]:
    """The fields of a Swin's values on H and W, each on its own axis."""
    event = called(expression, shape)
    given = event.inputs[-1]
    assert isinstance(given, Tensor)
    assert isinstance(event.output, list)
    context = event.context.parent or event.context
    found = []
    for value in event.output:
        assert isinstance(value, Tensor)
        pair = []
        for link, source in zip(value.axes[1:3], given.axes[2:], strict=True):
            assert isinstance(source, Source)
            pair.append(field(context.axis(gathered(link, seen=value.seen)), source))
        found.append((pair[0], pair[1]))
    return found


def measured(expression: str, shape: tuple[int, ...], axis: int) -> list[Any]:
    space: dict[str, Any] = {}
    exec(FILE.read_text("utf-8"), space)
    model = eval(expression, space).double().eval()
    with torch.no_grad(), spreading.Spreading(axis, first=1):
        values = model(spreading.inputs(shape[1:], axis))
    return [spreading.seen(value.movedim(-1, 1), axis) for value in values]


@pytest.mark.parametrize("rest", ["", "depth=4", "patch=4, window=2", "shifted=False"])
def test_windows_of_attention(rest: str) -> None:
    shape = (1, 3, 64, 64)
    found = swin(f"Swin({rest})", shape)
    for axis in (0, 1):
        units = measured(f"Swin({rest})", shape, axis)
        for pair, each in zip(found, units, strict=True):
            reading = pair[axis]
            assert isinstance(reading, Field)
            for unit, (seen, outside) in enumerate(each):
                told = reading.of(unit)
                assert seen is not None
                assert told is not None
                if outside:
                    assert told[0] <= seen[0] <= seen[1] <= told[1]
                else:
                    assert told == seen


def test_the_field_of_a_window_is_the_window() -> None:
    readings = [pair[0] for pair in swin("Swin(shifted=False)", (1, 3, 64, 64))]
    assert [(r.size, int(r.jump), r.start) for r in readings if isinstance(r, Field)] == [
        (2, 2, 0),
        (8, 2, 0),
        (8, 2, 0),
        (8, 4, 0),
        (16, 4, 0),
        (16, 4, 0),
    ]
