"""Receptive fields of networks drawn at random against what really depends on what."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import HealthCheck, assume, given, settings

from conv_lsp.analysis import Event, Options, analyze, with_deep_stack
from conv_lsp.axes import Reading, Source, field, joined
from conv_lsp.config import Settings
from conv_lsp.fields import GLOBAL, Field, hull
from conv_lsp.project import Project
from conv_lsp.source import Source as Text
from conv_lsp.values import Tensor
from tests import spreading
from tests.drawn import Network, networks

torch = spreading.torch
torch.set_num_threads(1)


def called(net: Network, folder: Any) -> Event:
    """The engine's call of a network."""
    source = Text.parse(str(folder / "net.py"), net.text)
    options = Options(run=("Net()",), inputs=((1, *net.shape),))
    project = Project(folder, Settings())
    analysis = with_deep_stack(lambda: analyze(source, project, options))
    assert not analysis.findings, (net.text, analysis.findings)
    return analysis.calls[0]


def readings(event: Event) -> list[tuple[list[Reading], Any]]:
    """Of each value and each spatial axis: its field on the same axis of the input; the sizes."""
    given = event.inputs[-1]
    assert isinstance(given, Tensor)
    assert isinstance(event.output, list)
    context = event.context.parent or event.context
    found = []
    for value in event.output:
        assert isinstance(value, Tensor)
        row: list[Reading] = []
        for link, source in zip(value.axes[2:], given.axes[2:], strict=True):
            assert isinstance(source, Source)
            row.append(field(context.axis(joined(link, value.seen)), source))
        found.append((row, value.sizes[2:]))
    return found


def dependences(net: Network, axis: int) -> list[Any]:
    space: dict[str, Any] = {}
    exec(net.text, space)
    model = space["Net"]().double().eval()
    with torch.no_grad(), spreading.Spreading(axis):
        values = model(spreading.inputs(net.shape, axis))
    return [spreading.seen(value, axis) for value in values]


def judge(reading: Field, units: list[Any]) -> None:
    for unit, (seen, outside) in enumerate(units):
        told = reading.of(unit)
        if not outside:
            assert seen == told, (unit, seen, told)
        elif seen is not None:
            assert told is not None, (unit, seen)
            assert told[0] <= seen[0] <= seen[1] <= told[1], (unit, seen, told)


def sees_nothing(reading: Reading, size: Any) -> bool:
    """Along an axis of which no unit sees anything nothing comes through along the others."""
    return isinstance(reading, Field) and not any(map(reading.of, range(size)))


def has_blind_units(reading: Reading) -> bool:
    return isinstance(reading, Field) and None in reading.phases


COUNT: Counter[str] = Counter()


def check(net: Network, folder: Any) -> None:
    """Judge all readings of a network, and count them."""
    COUNT["networks"] += 1
    found = readings(called(net, folder))
    blind = [any(map(has_blind_units, row)) for row, _ in found]
    for axis in range(net.rank):
        told = dependences(net, axis)
        before = told[0]
        for at, (kind, (row, sizes), units) in enumerate(zip(net.kinds, found, told, strict=True)):
            reading = row[axis]
            COUNT["readings"] += 1
            if isinstance(reading, Field):
                COUNT["uneven"] += not reading.even
                COUNT["repeating"] += reading.period > 1 and reading.inner is None
                COUNT["blind"] += None in reading.phases
                COUNT["units"] += len(units)
                COUNT["inner units"] += sum(not outside for _, outside in units)
                if not any(map(sees_nothing, row, sizes)):
                    # A branch that is blind at some columns hides there what it sees of the rows.
                    loose = net.rank > 1 and any(blind[: at + 1])
                    judge(reading, [(seen, True) for seen, _ in units] if loose else units)
            elif reading is GLOBAL:
                assert {"norm", "squeeze", "attention"} & set(net.kinds)
                together = hull(seen for seen, _ in before)
                if kind in {"norm", "squeeze", "attention"}:
                    assert all(seen == together for seen, _ in units)
            else:
                assert reading is None
                COUNT["unknown"] += 1
            before = units


@settings(
    max_examples=300,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(net=networks())
def check_all(folder: Any, net: Network) -> None:
    assume(net.done)
    check(net, folder)


def test_fields_are_what_units_depend_on(tmp_path: Any) -> None:
    COUNT.clear()
    check_all(tmp_path)
    assert COUNT["networks"] == 300
    assert COUNT["unknown"] < 0.05 * COUNT["readings"]
    assert COUNT["inner units"] > 0.6 * COUNT["units"]
    assert min(COUNT[kind] for kind in ("uneven", "repeating", "blind")) > 20
