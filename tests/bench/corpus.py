"""What is measured: four of torchvision's models, the project's own examples, and edits to them."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
TORCHVISION = "torchvision==0.28.0"


@dataclass(frozen=True, slots=True)
class Edit:
    """One thing typed into a file, and taken back the next time: `old` becomes `new`."""

    kind: str
    old: str
    new: str

    def apply(self, text: str) -> tuple[str, dict[str, object]]:
        """The text after the edit, and the change as the protocol says it."""
        if self.kind == "newline":
            here, old, new = 0, *(("\n", "") if text.startswith("\n") else ("", "\n"))
        else:
            # The longer of the two first: it may contain the other.
            forth, back = (self.old, self.new), (self.new, self.old)
            longer = max(forth, back, key=lambda pair: len(pair[0]))
            old, new = longer if longer[0] in text else longer[::-1]
            assert text.count(old) == 1, f"{old!r} is not in the file once"
            here = text.index(old)
        change: dict[str, object] = {
            "range": {"start": position(text, here), "end": position(text, here + len(old))},
            "text": new,
        }
        return text[:here] + new + text[here + len(old) :], change


def position(text: str, offset: int) -> dict[str, int]:
    """Line and column of an offset; the edited lines are ASCII up to there, so units don't matter."""
    begin = text.rfind("\n", 0, offset) + 1
    assert text[begin:offset].isascii()
    return {"line": text.count("\n", 0, offset), "character": offset - begin}


NEWLINE = Edit("newline", "", "\n")

# What tells the smallest of six models from the others: the patch is its first kernel.
SWIN_T = """patch_size=[{patch}, {patch}],
        embed_dim=96,
        depths=[2, 2, 6, 2],
        num_heads=[3, 6, 12, 24],
        window_size=[7, 7],"""

# A kernel size (all sizes after it change), a line of forward, a comment, a newline at the top.
EDITS: dict[str, tuple[Edit, ...]] = {
    "resnet.py": (
        Edit("kernel", "(3, self.inplanes, kernel_size=7", "(3, self.inplanes, kernel_size=5"),
        Edit("line", "out = self.conv3(out)\n", "out = self.conv3(out) + 0\n"),
        Edit("comment", "# Bottleneck in torchvision", "# The bottleneck in torchvision"),
        NEWLINE,
    ),
    "densenet.py": (
        Edit("kernel", "num_init_features, kernel_size=7", "num_init_features, kernel_size=5"),
        Edit("line", "self.relu2(self.norm2(bottleneck", "(self.norm2(bottleneck"),
        Edit("comment", "# Each denseblock", "# Every dense block"),
        NEWLINE,
    ),
    "inception.py": (
        Edit("kernel", "conv_block(3, 32, kernel_size=3", "conv_block(3, 32, kernel_size=5"),
        Edit("line", "x = self.maxpool1(x)\n", "x = self.maxpool1(x) + 0\n"),
        Edit("comment", "# Script annotations failed", "# The script annotations failed"),
        NEWLINE,
    ),
    "swin_transformer.py": (
        Edit("kernel", SWIN_T.format(patch=4), SWIN_T.format(patch=2)),
        Edit("line", "x = self.permute(x)\n", "x = self.permute(x) + 0\n"),
        Edit("comment", "# split image into", "# cut the image into"),
        NEWLINE,
    ),
}


def cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "conv-lsp-bench"


def environment() -> Path:
    """The interpreter of an environment with torchvision's sources, made when absent."""
    folder = cache() / TORCHVISION.replace("==", "-")
    python = folder / "bin" / "python"
    if not (folder / "complete").exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "--no-deps", TORCHVISION]
        subprocess.run(install, check=True)
        (folder / "complete").touch()
    return python


def torchvision(python: Path) -> Path:
    """The folder of torchvision's models in an environment, found without running anything of it."""
    found = sorted(python.parent.parent.glob("lib/python*/site-packages/torchvision/models"))
    if not found:
        raise FileNotFoundError(f"no torchvision in the environment of {python}")
    return found[0]


def files(python: Path) -> list[Path]:
    """The files to measure: those with edits first."""
    models = torchvision(python)
    return [models / name for name in EDITS] + sorted((ROOT / "docs" / "examples").glob("*.py"))


def project_of(path: Path) -> Path:
    """The folder that an editor would open for a file."""
    inside = ROOT in path.parents
    return ROOT if inside else next(p.parent for p in path.parents if p.name == "torchvision")
