"""How fast the server answers, as ratios of one run.

    python -m tests.bench > bench.json

Tables go to standard error, one JSON document to standard output. Measured:

analysis  text to Analysis in a running process, against ast.parse of the same text
start     process start to first hints, against a pygls server that knows nothing
edits     didChange to fresh hints and diagnostics (whole file), against ast.parse
imports   the first analysis of a file that imports timm or torchvision, with and without what an
          earlier start has left, against ast.parse of all files that are read
depth     resnet152 against resnet18
dependents  didChange of a shared file to fresh answers in ten open dependents, against ast.parse
memory    the most that the server held: after the edits, with 100 files of torchvision open, and
          with those of a project whose files import one another

The corpus is torchvision's resnet, densenet, inception and swin_transformer (installed without torch
into an environment in the user's cache folder the first time) and docs/examples. Rows of packages
that the environment does not have are left out, with a message.
"""

from __future__ import annotations

import argparse
import json
import platform
import shlex
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.bench import corpus, measure, packages

GOALS = {
    "analysis": None,
    "start": 1.3,
    "edits": 3.0,
    "imports": None,
    "depth": None,
    "dependents": None,
    "memory": 150.0,
}
DEPENDENTS = 10
SECTIONS = tuple(GOALS)
COUNTS = ("files", "facts", "findings", "hints", "diagnostics")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "sections", nargs="*", metavar="SECTION", help=f"of {', '.join(SECTIONS)} (default: all)"
    )
    parser.add_argument(
        "--python", type=Path, help="interpreter of an environment with torchvision"
    )
    parser.add_argument("--edits", type=int, default=50, help="edits a file (default: 50)")
    parser.add_argument("--repeats", type=int, default=7, help="runs of the rest (default: 7)")
    parser.add_argument("--files", type=int, default=100, help="files open at once (default: 100)")
    parser.add_argument("--only", action="append", help="a file's name; may be repeated")
    parser.add_argument(
        "--server",
        type=shlex.split,
        default=[sys.executable, "-m", "conv_lsp", "server"],
        help="another command that starts the server",
    )
    chosen = parser.parse_args()
    if wrong := set(chosen.sections) - set(SECTIONS):
        parser.error(f"no section {', '.join(sorted(wrong))}; there are {', '.join(SECTIONS)}")
    return chosen


def run(chosen: argparse.Namespace, python: Path, console: Console) -> dict[str, Any]:
    wanted = chosen.sections or SECTIONS
    paths = [p for p in corpus.files(python) if not chosen.only or p.name in chosen.only]
    edited = [p for p in paths if p.name in corpus.EDITS and p.parent.name == "models"]
    server: Sequence[str] = chosen.server
    empty = [sys.executable, str(Path(__file__).with_name("empty_server.py"))]
    result: dict[str, Any] = {}

    def section(name: str, unit: str, rows: Iterable[measure.Timed]) -> None:
        with console.status(name):
            result[name] = [timed.row() for timed in rows]
        console.print(table(name, unit, result[name], GOALS[name]))

    if "analysis" in wanted:
        rows = (measure.analysis(p, python, chosen.repeats) for p in paths)
        section("analysis", "ast.parse", rows)
    if "start" in wanted:
        rows = (measure.start(server, empty, p, python, chosen.repeats) for p in paths)
        section("start", "empty server", rows)
    if "edits" in wanted:
        rows = (measure.edits(server, p, python, chosen.edits) for p in edited)
        section("edits", "ast.parse", rows)
    if "imports" in wanted:
        section("imports", "ast.parse", imports(python, chosen.repeats, console))
    if "depth" in wanted:
        section("depth", packages.SHALLOW, [packages.depth(python, chosen.repeats)])
    if "dependents" in wanted:
        rows = (packages.dependents(server, python, DEPENDENTS, chosen.edits) for _ in range(1))
        section("dependents", "ast.parse", rows)
    if "memory" in wanted:
        with console.status("memory"):
            held = measure.memory(server, python, chosen.files)
            whole = packages.memory(server, python, chosen.files)
        result["memory"], result["project_memory"] = held, whole
        for what, row in (("files", held), ("files of a project", whole)):
            console.print(
                f"memory with {row['files']} {what} open: {figure(row['peak_mb'])} MB "
                f"(goal {GOALS['memory']:.0f})"
            )
    return result


def imports(python: Path, repeats: int, console: Console) -> Iterator[measure.Timed]:
    for module, name in packages.IMPORTS:
        package = module.partition(".")[0]
        if packages.installed(python, package):
            yield from packages.imports(python, module, name, repeats)
        else:
            console.print(f"imports: {package} is not installed in the environment of {python}")


def table(title: str, unit: str, rows: Sequence[Mapping[str, Any]], goal: float | None) -> Table:
    shown = Table(title=title if goal is None else f"{title} (goal: {goal}×)", title_justify="left")
    for heading in ("file", unit, "median", "p95", "median ratio", "p95 ratio", ""):
        words = heading in {"file", ""}
        shown.add_column(heading, justify="left" if words else "right", no_wrap=not words)
    for row in rows:
        times = (f"{row[key]:.1f} ms" for key in ("yardstick_ms", "median_ms", "p95_ms"))
        ratios = (f"{row[key]:.2f}×" for key in ("median_ratio", "p95_ratio"))
        shown.add_row(row["file"], *times, *ratios, notes(row))
    return shown


def notes(row: Mapping[str, Any]) -> str:
    kinds = [f"{kind} {time:.1f} ms" for kind, time in row.get("kinds", {}).items()]
    counts = [f"{row[key]} {key}" for key in COUNTS if key in row]
    memory = [f"{figure(row['memory_mb'])} MB"] if "memory_mb" in row else []
    return ", ".join(kinds + counts + memory)


def figure(number: float | None) -> str:
    return "?" if number is None else f"{number:.0f}"


def main() -> None:
    chosen = arguments()
    console = Console(stderr=True, width=None if sys.stderr.isatty() else 160)
    python = (chosen.python or corpus.environment()).absolute()
    result = {
        "machine": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        **run(chosen, python, console),
    }
    json.dump(result, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
