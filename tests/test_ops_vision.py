"""What torchvision's entries in the tables are beside a judge of single calls: stand-ins for a
source, module trees, data sets with torchvision's own parameters, nothing left out."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import pytest

from conv_lsp.analysis import Options, analyze, with_deep_stack
from conv_lsp.config import Settings
from conv_lsp.library import loading, registry
from conv_lsp.library.vision_datasets import ALL, PAIRS, parameters
from conv_lsp.project import Project
from conv_lsp.values import MISSING, Tensor
from tests.opcheck import run
from tests.ops import _compiled

loading.load_all()
CODE = """\
import torch, torchvision
from torchvision.ops import nms as kept
import torchvision.ops.boxes as boxes
x = torch.ops.torchvision.nms(torch.zeros(5, 4), torch.zeros(5), 0.5)
y = {}
"""


def last(root: Path, expression: str) -> Any:
    """What the project's script binds to its last name."""
    (root / "main.py").write_text(CODE.format(expression))
    project = Project(root, Settings())
    source = project.source(root / "main.py")
    analysis = with_deep_stack(lambda: analyze(source, project, Options(main=True)))
    assert not analysis.findings
    facts = analysis.facts[str(root / "main.py")].items()
    return next(fact.running[-1].value for span, fact in facts if (span.line, span.col) == (5, 0))


@pytest.mark.parametrize("way", ["kept", "torchvision.ops.nms", "boxes.nms"])
def test_a_source_goes_before_what_stands_in_for_it(tmp_path: Path, way: str) -> None:
    call = f"{way}(torch.zeros(5, 4), torch.zeros(5), 0.5)"
    assert last(tmp_path, call).dtype == "int64"
    ops = tmp_path / "torchvision" / "ops"
    ops.mkdir(parents=True)
    (ops.parent / "__init__.py").write_text("from torchvision import ops")
    (ops / "__init__.py").write_text("from .boxes import nms")
    (ops / "boxes.py").write_text("def nms(a, b, c):\n    return a.mean(0)")
    assert last(tmp_path, call).shape == (4,)


def test_compiled_operators_have_no_source(tmp_path: Path) -> None:
    found = last(tmp_path, "x.float()")
    assert isinstance(found, Tensor)
    assert found.rank == 1


vision = pytest.mark.skipif(not _compiled.loaded(), reason="torchvision is not installed")
BLOCKS: list[tuple[str, tuple[Any, ...]]] = [
    ("Conv2dNormActivation", (4, 8, (3, 5))),
    ("Conv3dNormActivation", (4, 8)),
    ("DeformConv2d", (4, 8, 3)),
    ("FeaturePyramidNetwork", ([4, 8], 6)),
    ("FrozenBatchNorm2d", (4,)),
    ("MLP", (4, [8, 2])),
    ("SqueezeExcitation", (8, 2)),
]


@vision
@pytest.mark.parametrize(("name", "args"), BLOCKS)
def test_a_block_is_the_tree_of_torchvision(name: str, args: tuple[Any, ...]) -> None:
    import torchvision

    ours, findings = run(f"torchvision.ops.{name}", *args)
    theirs = getattr(torchvision.ops, name)(*args)
    assert not findings
    for kind, wanted in (
        ("parameter", theirs.named_parameters()),
        ("buffer", theirs.named_buffers()),
    ):
        mine = {
            f"{path}.{own}" if path else own: tensor.shape
            for path, module in ours.tree()
            for own, tensor in module.tensors(kind)
        }
        assert mine == {path: tuple(tensor.shape) for path, tensor in wanted}


@vision
@pytest.mark.parametrize("name", [*ALL, *PAIRS])
def test_data_sets_have_the_parameters_of_torchvision(name: str) -> None:
    import torchvision

    wanted = inspect.signature(getattr(torchvision.datasets, name).__init__).parameters
    ours = parameters(ALL[name].parameters if name in ALL else PAIRS[name])
    named = {n: p.default for n, p in wanted.items() if p.kind is p.POSITIONAL_OR_KEYWORD}
    del named["self"]
    more = any(p.kind is p.VAR_KEYWORD for p in wanted.values())
    assert list(ours)[: len(named)] == list(named)
    assert more or len(ours) == len(named)
    for n, default in named.items():
        plain = default is None or isinstance(default, (bool, int, str))
        assert ours[n] == (
            ... if default is inspect.Parameter.empty else default if plain else None
        )


# What these modules have besides what they are for.
HELPERS = {
    "Any", "Enum", "Optional", "PILImage", "Tensor", "Union", "accimage", "pil_modes_mapping",
    "register_kernel", "TVTensor",
    "check_type", "get_bounding_boxes", "get_keypoints", "has_all", "has_any", "query_chw",
    "query_size",
}  # fmt: skip
MODULES = "transforms transforms.functional transforms.v2 transforms.v2.functional datasets ops tv_tensors"


@vision
@pytest.mark.parametrize("module", MODULES.split())
def test_nothing_of_torchvision_is_left_out(module: str) -> None:
    found: Any = __import__(f"torchvision.{module}", fromlist=["x"])
    names = {
        n for n in dir(found) if not n.startswith("_") and not inspect.ismodule(getattr(found, n))
    }
    known = registry.packages()
    missing = {
        n
        for n in names
        if registry.find(f"torchvision.{module}.{n}") is MISSING
        and f"torchvision.{module}.{n}" not in known
    }
    assert missing <= HELPERS


def test_a_pyramid_may_have_more_levels() -> None:
    maps = {"a": Tensor((1, 4, 16, 16)), "b": Tensor((1, 8, 8, 8))}
    top, _ = run("torchvision.ops.feature_pyramid_network.LastLevelMaxPool")
    layer, _ = run("torchvision.ops.FeaturePyramidNetwork", [4, 8], 6, top)
    from tests.opcheck import apply

    found, findings = apply(layer, maps)
    assert not findings
    assert {name: value.shape for name, value in found.items()} == {
        "a": (1, 6, 16, 16),
        "b": (1, 6, 8, 8),
        "pool": (1, 6, 4, 4),
    }
