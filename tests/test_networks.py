"""Receptive fields of whole networks, against measured and published figures.

`networks/measured.json` was measured in torch by the dependence of single units, `published.json`
are the end points of Araujo, Norris and Sim (Distill, 2019). Networks of torchvision and timm are
read from their source where they are installed.
"""

from __future__ import annotations

import importlib.util
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from conv_lsp.analysis import Event, Options, analyze, fields, with_deep_stack
from conv_lsp.axes import Source as Origin
from conv_lsp.axes import misalignment
from conv_lsp.config import Settings
from conv_lsp.fields import GLOBAL, Field
from conv_lsp.project import Project
from conv_lsp.source import Source
from conv_lsp.values import Tensor

HERE = Path(__file__).parent / "networks"
MEASURED: dict[str, dict[str, Any]] = json.loads((HERE / "measured.json").read_text())
PUBLISHED: dict[str, dict[str, Any]] = json.loads((HERE / "published.json").read_text())

IMAGE, SEQUENCE, FILM = (1, 3, 256, 256), (1, 1, 1024), (1, 3, 32, 64, 64)
SMALL = "[SE bypassed]"

# What stands for each network: a file of `networks` or a package, an expression, an input.
NETWORKS: dict[str, tuple[str, str, tuple[int, ...]]] = {
    "slim.alexnet_v2": ("resnet", "SlimAlexNet()", IMAGE),
    "mobilenet_v1 (hand-written)": ("resnet", "MobileNet()", IMAGE),
    "slim.mobilenet_v1(224)": ("resnet", "MobileNet(slim=True)", (1, 3, 224, 224)),
    "slim.resnet_v1_50": ("resnet", "SlimResNet(3, 4, 6, 3)", (1, 3, 224, 224)),
    "slim.resnet_v1_101": ("resnet", "SlimResNet(3, 4, 23, 3)", (1, 3, 224, 224)),
    "slim.resnet_v1_152": ("resnet", "SlimResNet(3, 8, 36, 3)", (1, 3, 224, 224)),
    "slim.resnet_v1_200": ("resnet", "SlimResNet(3, 24, 36, 3)", (1, 3, 224, 224)),
    "unet(depth4,convt)": ("unet", "UNet(4, 'convt')", IMAGE),
    "unet(depth4,nearest)": ("unet", "UNet(4, 'nearest')", IMAGE),
    "unet(depth4,bilinear,align_corners=False)": ("unet", "UNet(4, 'linear')", IMAGE),
    **{
        f"unet1d(depth{depth},{up})": ("unet", f"UNet({depth}, {up!r}, 1)", (1, 3, 1024))
        for depth in range(1, 6)
        for up in ("convt", "nearest", "linear")
    },
    "fpn(resnet50)": ("resnet", "FPN()", IMAGE),
    "deeplabv3-like(resnet50 OS8 + ASPP 1,12,24,36 + 3x3; image pooling left out)": (
        "resnet",
        "DeepLab()",
        IMAGE,
    ),
    "wavenet-like(k2, d=1..512, 1 stack, causal)": (
        "chains",
        "Causal(2, [2**i for i in range(10)])",
        (1, 4, 2048),
    ),
    "wavenet-like(k2, d=1..512, 3 stacks, causal)": (
        "chains",
        "Causal(2, 3 * [2**i for i in range(10)])",
        (1, 4, 2048),
    ),
    "tcn-like(k3, d=1,2,4,8, causal)": ("chains", "Causal(3, [1, 2, 4, 8])", (1, 4, 64)),
    "c3d(axis T)": ("chains", "C3D()", (1, 3, 32, 112, 112)),
    "c3d(axis H)": ("chains", "C3D()", (1, 3, 32, 112, 112)),
    **{
        f"dilated k3 rates {list(rates)}": ("chains", f"Dilated{rates}", (1, 1, 64))
        for rates in (
            (2, 2, 2),
            (1, 2, 3),
            (1, 2, 5),
            (1, 2, 9),
            (2, 4, 8),
            (1, 2, 4),
            (1, 2, 5, 9),
        )
    },
    "resnet basic shortcut 1x1 s2": ("chains", "shortcut()", (1, 1, 64)),
    "1x1 s2 then 3x3 (1-D)": ("chains", "strided_then_wide()", (1, 1, 64)),
    "avgpool2 s2 then 1x1 (ResNet-D)": ("chains", "pooled_shortcut()", (1, 1, 64)),
    "rect(conv 3x5 s2x1 d1x2, pool 2x3 s2x1, conv 1x7)": (
        "chains",
        "Rectangular()",
        (1, 1, 64, 64),
    ),
    "3 x ConvT k4 s2 p1": ("chains", "Enlarging()", (1, 2, 24, 24)),
    "conv3 + PixelShuffle(2) + conv3": ("chains", "Shuffled()", (1, 1, 24, 24)),
    "PixelUnshuffle(2) + conv3": ("chains", "unshuffled()", (1, 1, 24, 24)),
    **{
        f"torchvision.{name}": ("torchvision", f"models.{name}(weights=None)", IMAGE)
        for name in """alexnet vgg11 vgg16 resnet18 resnet34 resnet50 resnet101 resnet152
        resnext50_32x4d googlenet mobilenet_v2 densenet121 convnext_tiny shufflenet_v2_x1_0
        squeezenet1_1""".split()
    },
    "torchvision.inception_v3": ("torchvision", "models.inception_v3()", (1, 3, 299, 299)),
    "torchvision.resnet18(all blocks)": ("torchvision", "models.resnet18()", IMAGE),
    "torchvision.resnet50(all blocks)": ("torchvision", "models.resnet50()", IMAGE),
    f"torchvision.efficientnet_b0{SMALL}": ("torchvision", "models.efficientnet_b0()", IMAGE),
    "torchvision.efficientnet_b0[SE kept, L=512]": (
        "torchvision",
        "models.efficientnet_b0()",
        (1, 3, 512, 512),
    ),
    f"torchvision.mobilenet_v3_large{SMALL}": ("torchvision", "models.mobilenet_v3_large()", IMAGE),
    **{
        f"torchvision.{name}": (
            "torchvision",
            f"models.{name.partition('(')[0]}(replace_stride_with_dilation={dilated})",
            IMAGE,
        )
        for name, dilated in (
            ("resnet50(OS=16: dilate layer4)", (False, False, True)),
            ("resnet50(OS=8: dilate layer3,4)", (False, True, True)),
            ("resnet101(OS=8)", (False, True, True)),
        )
    },
    **{
        f"torchvision.video.{name}(axis {axis})": ("torchvision", f"models.video.{name}()", FILM)
        for name in ("r3d_18", "r2plus1d_18")
        for axis in "TH"
    },
    "timm.inception_v4": ("timm", "create_model('inception_v4')", (1, 3, 299, 299)),
    "timm.inception_resnet_v2": ("timm", "create_model('inception_resnet_v2')", (1, 3, 299, 299)),
}

# The same architecture, written here: what there is of torchvision's in every environment.
ALSO: dict[str, tuple[str, str, tuple[int, ...]]] = {
    f"torchvision.{name}": ("resnet", f"resnet({rest})", IMAGE)
    for name, rest in (
        ("resnet50", ""),
        ("resnet101", "(3, 4, 23, 3)"),
        ("resnet152", "(3, 8, 36, 3)"),
        ("resnet50(all blocks)", ""),
        ("resnet50(OS=16: dilate layer4)", "(3, 4, 6, 3), False, False, True"),
        ("resnet50(OS=8: dilate layer3,4)", "(3, 4, 6, 3), False, True, True"),
        ("resnet101(OS=8)", "(3, 4, 23, 3), False, True, True"),
    )
}


@cache
def calls(where: str, expression: str, shape: tuple[int, ...]) -> dict[str, Event]:
    """The first call of each module of a network, by path; its own is called <out>."""
    file = HERE / f"{where}.py"
    folder, text = HERE, ""
    if file.exists():
        text = file.read_text("utf-8")
    else:
        found = importlib.util.find_spec(where)
        if found is None or found.origin is None:
            pytest.skip(f"{where} is not installed")
        folder = file = Path(found.origin).parent.parent
        text = f"from {where} import {expression.partition('(')[0].partition('.')[0]}\n"
        file = folder / "asked.py"
    source = Source.parse(str(file), text)
    options = Options(run=(expression,), inputs=(shape,), steps=5_000_000)
    project = Project(folder, Settings())
    analysis = with_deep_stack(lambda: analyze(source, project, options))
    made: dict[str, Event] = {}
    for event in analysis.calls:
        if not event.context.building:
            made.setdefault(event.path or "<out>", event)
    return made


def readings(event: Event, *, bypassing: bool) -> list[Any]:
    output = event.output
    if not isinstance(output, Tensor):  # named tuples of a network in training, dictionaries
        parts = list(output.values()) if isinstance(output, dict) else output
        assert isinstance(parts, (list, tuple))
        output = parts[0]
    assert isinstance(output, Tensor)
    found = fields(output, event.context.parent or event.context)
    return [local if bypassing else reading for _, reading, local in found][-3:]


def differences(reading: Any, row: Any, i: int) -> list[str]:
    """What of a reading on the i-th axis is not as it was measured."""
    if row == "global":
        return [] if reading is GLOBAL else [f"{reading} is not global"]
    if not isinstance(reading, Field):
        return [f"{reading} is no field"]
    said: list[tuple[str, Any, Any]] = [("size", reading.size, row["size"][i])]
    if "jump" in row:
        said.append(("jump", reading.jump, row["jump"][i]))
    if "sizes" in row:
        said.append(("sizes", list(reading.sizes), row["sizes"][i]))
    found = [f"{name}: {got}, not {want}" for name, got, want in said if got != want]
    seen = [reading.of(unit) for unit in range(reading.period)]
    ends = [(*one, unit) for unit, one in enumerate(seen) if one is not None]
    if "start" in row:  # of unit 0, as the unit that was measured lets it be expected
        starts = {low - unit * reading.jump for low, _, unit in ends}
        if row["start"][i] not in starts:
            found.append(f"start: {sorted(starts)}, not {row['start'][i]}")
    if "phases" in row:
        ours = [(low - unit, high - unit) for low, high, unit in ends]
        theirs = [tuple(pair) for pair in row["phases"]]
        turns = len(theirs) // len(ours)
        if not any((ours[at:] + ours[:at]) * turns == theirs for at in range(len(ours))):
            found.append(f"phases: {ours}, not a turn of {theirs}")
    return found


def compared(name: str, network: tuple[str, str, tuple[int, ...]], rows: dict[str, Any]) -> None:
    made = calls(*network)
    wrong = {}
    for path, row in rows.items():
        event = made.get(path) or made[f"features.{path}"]
        found = readings(event, bypassing=name.endswith(SMALL))
        wanted = [0] if row == "global" else range(len(row["size"]))
        if name.endswith("(axis H)"):
            found = found[1:]
        problems = [p for i in wanted for p in differences(found[i], row, i)]
        if problems:
            wrong[path] = problems
    assert not wrong


@pytest.mark.parametrize("name", MEASURED)
def test_fields_are_as_measured(name: str) -> None:
    compared(name, NETWORKS[name], MEASURED[name])


@pytest.mark.parametrize("name", ALSO)
def test_our_residual_networks_are_as_torchvisions(name: str) -> None:
    compared(name, ALSO[name], MEASURED[name])


@pytest.mark.parametrize("name", PUBLISHED)
def test_fields_are_as_published(name: str) -> None:
    rows = dict(PUBLISHED[name])
    network = NETWORKS[rows.pop("of")]
    compared(name, network, {row["path"]: row for row in rows.values()})


ARAUJO: list[tuple[str, int, list[tuple[int, int, int]]]] = [
    ("Branches()", 32, [(3, 4, -1)] * 2),
    ("Branches(pools=True)", 32, [(3, 4, -1)] * 2),
    ("Branches(slim=True)", 9, [(3, 4, -1)] * 2),
    ("rectangular()", 32, [(7, 4, 0), (5, 4, 0)]),
    ("Branches(twice=True)", 32, [(11, 8, -5)] * 2),
    ("Branches(slim=True, twice=True)", 17, [(11, 8, -5)] * 2),
]


def araujo(expression: str, size: int) -> tuple[list[Any], list[Any]]:
    """The fields of a small network's output, and how far its last branches are apart."""
    event = calls("araujo", expression, (1, 1, size, size))["<out>"]
    given, output = event.inputs[-1], event.output
    assert isinstance(given, Tensor)
    assert isinstance(output, Tensor)
    context = event.context.parent or event.context
    pairs = list(zip(output.axes[2:], given.axes[2:], strict=True))
    apart = [misalignment(context.axis(a), s) for a, s in pairs if isinstance(s, Origin)]
    return readings(event, bypassing=False), apart


@pytest.mark.parametrize(("expression", "size", "wanted"), ARAUJO)
def test_small_networks_are_as_google_research_has_them(
    expression: str, size: int, wanted: list[tuple[int, int, int]]
) -> None:
    found, apart = araujo(expression, size)
    told = [(r.size, r.jump, r.start) for r in found]
    assert told == wanted
    assert set(apart) <= {0, None}


def test_branches_with_different_strides_see_unit_by_unit() -> None:
    """Which is an error in google-research's, as there is no one field."""
    found, apart = araujo("Misaligned()", 8)
    for reading in found:
        assert not reading.even
        seen = [reading.of(unit) for unit in range(4)]
        cut = [(max(low, 0), min(high, 7)) for low, high in seen]
        assert cut == [(0, 4), (0, 5), (2, 6), (3, 7)]
    assert apart == [2, 2]


def test_same_padding_of_an_even_size_moves_a_branch() -> None:
    """Which is an error in google-research's, and none at 9 pixels."""
    found, apart = araujo("Branches(slim=True)", 8)
    assert apart == [1, 1]
    assert [(r.size, r.jump, r.start) for r in found] == [(3, 4, 0)] * 2
