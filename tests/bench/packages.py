"""What a project costs: its imports, its depth, an edit that many files depend on, its memory."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.bench.client import Client
from tests.bench.measure import Timed, clock, parse_time, settings_of, shown

USER = """\
import torch
from {module} import {name}

net = {name}()
x = net(torch.zeros(1, 3, 224, 224))
"""

IMPORTS = (("timm.models.resnet", "resnet18"), ("torchvision.models", "resnet18"))
DEEP, SHALLOW = "resnet152", "resnet18"

BLOCKS = """\
from torch import nn


class Block(nn.Module):
    def __init__(self, channels, width=64):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, width, 3, padding=1)
        self.norm1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, channels, 3, padding=1)
        self.norm2 = nn.BatchNorm2d(channels)
        self.act = nn.ReLU()

    def forward(self, x):
        y = self.act(self.norm1(self.conv1(x)))
        return self.act(x + self.norm2(self.conv2(y)))
"""

NET = """\
import torch
from torch import nn

from net.blocks import Block
{imports}

class Net{k}(nn.Module):
    def __init__(self, classes=1000):
        super().__init__()
        self.stem = nn.Conv2d(3, {channels}, 7, stride=2, padding=3)
        self.stages = nn.Sequential(*[Block({channels}) for _ in range(8)])
        self.head = nn.Linear({channels}, classes)

    def forward(self, x):
        x = self.stages(self.stem(x))
        x = x.mean((2, 3))
        return self.head(x)


if __name__ == "__main__":
    print(Net{k}()(torch.zeros(2, 3, 224, 224)).shape)
"""


def installed(python: Path, package: str) -> bool:
    """Whether an environment has a package, found without running anything of it."""
    return any(python.parent.parent.glob(f"lib/python*/site-packages/{package}/__init__.py"))


def project(folder: Path, files: int) -> list[Path]:
    """A package of nets that share a file of blocks; every net but the first imports another."""
    paths = [folder / "net" / name for name in ("__init__.py", "blocks.py")]
    paths[0].parent.mkdir()
    paths[0].write_text("", encoding="utf-8")
    paths[1].write_text(BLOCKS, encoding="utf-8")
    for k in range(files):
        paths.append(folder / "net" / f"net{k}.py")
        imports = f"from net.net{k - 1} import Net{k - 1}\n" if k else ""
        text = NET.format(k=k, channels=32 + 8 * (k % 10), imports=imports)
        paths[-1].write_text(text, encoding="utf-8")
    return paths[1:]


# ---- The first analysis of a file that imports a package


def imports(python: Path, module: str, name: str, repeats: int) -> Iterator[Timed]:
    """Text to Analysis against ast.parse of all files that were read: with no outlines of an
    earlier start, and with them.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder, "user.py")
        path.write_text(USER.format(module=module, name=name), encoding="utf-8")
        cold = Timed(f"{module} {name}, cold", [], [])
        warm = Timed(f"{module} {name}, warm", [], [])
        for attempt in range(repeats + 1):
            kept = Path(folder, f"outlines{attempt}")
            for timed in (cold, warm):
                taken, analysis = clock(lambda: first(path, python, kept))  # noqa: B023
                texts = [Path(read).read_text(encoding="utf-8") for read in analysis.files_read]
                timed.notes["facts"] = sum(map(len, analysis.facts.values()))
                timed.notes["files"] = len(texts)
                del analysis
                gc.collect()  # else ast.parse pays for looking through what the analysis left
                base = sum(map(parse_time, texts))
                if attempt:  # the first reads the disk
                    timed.times.append(taken)
                    timed.yardstick.append(base)
        yield cold
        yield warm


def first(path: Path, python: Path, kept: Path | None = None) -> Any:
    """The analysis of a file by a process that knows no other file yet."""
    from conv_lsp.analysis import analyze, with_deep_stack
    from conv_lsp.config import Settings
    from conv_lsp.project import Outlines, Project

    outlines = None if kept is None else Outlines(kept)
    files = Project(path.parent, Settings(python=str(python)), outlines)
    return with_deep_stack(lambda: analyze(files.source(path), files))


def depth(python: Path, repeats: int) -> Timed:
    """A network of 152 layers against one of 18 from the same file."""
    timed = Timed(f"{DEEP} against {SHALLOW}", [], [])
    with TemporaryDirectory() as folder:
        for name in (DEEP, SHALLOW):
            text = USER.format(module="torchvision.models.resnet", name=name)
            Path(folder, f"{name}.py").write_text(text, encoding="utf-8")
        for attempt in range(repeats + 1):
            for name, times in ((SHALLOW, timed.yardstick), (DEEP, timed.times)):
                taken, _ = clock(lambda: first(Path(folder, f"{name}.py"), python))  # noqa: B023
                gc.collect()
                if attempt:
                    times.append(taken)
    return timed


# ---- A project in an editor


def dependents(server: Sequence[str], python: Path, files: int, count: int) -> Timed:
    """didChange of a shared file to fresh hints and diagnostics of all that depend on it, against
    ast.parse of all of them.
    """
    timed = Timed(f"an edit with {files} dependents", [], [])
    with TemporaryDirectory() as folder:
        paths = project(Path(folder), files)
        client = Client(server, Path(folder), settings_of(python), seconds=300)
        try:
            client.start()
            texts = {path: path.read_text(encoding="utf-8") for path in paths}
            for path, text in texts.items():
                client.open(path, text)
            before = [shown(client.view(path, 100)) for path in paths]
            for version in range(1, count + 1):
                width = 64 + version
                texts[paths[0]] = BLOCKS.replace("width=64", f"width={width}")
                timed.yardstick.append(sum(map(parse_time, texts.values())))
                begin = time.perf_counter()
                client.change(paths[0], version, [{"text": texts[paths[0]]}])
                after = [shown(client.view(path, 100)) for path in paths]
                timed.times.append((time.perf_counter() - begin) * 1000)
            assert after[0] != before[0], "another width changed nothing that is shown"
            timed.notes |= {"hints": sum(map(len, after)), "memory_mb": client.peak_memory()}
        finally:
            client.stop()
    return timed


def memory(server: Sequence[str], python: Path, files: int) -> dict[str, Any]:
    """The most memory held with a project of so many files, all of them open and shown, in MB."""
    with TemporaryDirectory() as folder:
        paths = project(Path(folder), files - 2)
        client = Client(server, Path(folder), settings_of(python), seconds=300)
        try:
            client.start()
            for path in paths:
                client.open(path, path.read_text(encoding="utf-8"))
                client.view(path, 100)
            return {"files": files, "peak_mb": client.peak_memory()}
        finally:
            client.stop()
