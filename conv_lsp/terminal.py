"""What the command line prints."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from rich.console import Console
from rich.markdown import Markdown
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from conv_lsp.analysis import Analysis, contract
from conv_lsp.config import Hints
from conv_lsp.findings import Finding
from conv_lsp.present import hints
from conv_lsp.present.contract import contract_text
from conv_lsp.present.growth import Growth, Summary, along, field_text, size_of
from conv_lsp.present.text import layer_head, layer_text, minus, shape_text, size_text
from conv_lsp.source import Cells, Source, Span
from conv_lsp.values import Tensor

COLOURS = {"error": "bold red", "warning": "yellow", "info": "cyan", "hint": "dim"}


def console() -> Console:
    """Standard output; as wide as it must be where it is no terminal."""
    made = Console(highlight=False, soft_wrap=True)
    if not made.is_terminal and "COLUMNS" not in os.environ:
        made.width = 10_000
    return made


def print_source(analysis: Analysis, source: Source, settings: Hints) -> None:
    """The source with its hints, and its findings under their lines."""
    out = console()
    by_line = {h.line: h.label for h in hints(analysis, source.path, settings)}
    below: dict[int, list[Finding]] = {}
    for finding in analysis.findings:
        if finding.span.path == source.path:
            below.setdefault(finding.span.line, []).append(finding)
    code = Syntax("", "python", theme="ansi_dark", background_color="default")
    edge = min(72, max((len(source.line_text(n)) for n in by_line), default=0))
    for number, line in numbered(source):
        if line is None:
            out.print(Text(f"── cell {number} ──", "dim"))
            continue
        text = code.highlight(line) if out.is_terminal else Text(line)
        text.rstrip()
        label = by_line.get(number)
        if label:
            text.append(" " * max(2, edge + 2 - text.cell_len))
            text.append(label, style="dim cyan")
        out.print(text)
        for finding in below.get(number, ()):
            start = source.characters(number, finding.span.col)
            last = finding.span.end_col if finding.span.end_line == number else len(line)
            marks = "^" * max(1, source.characters(number, last) - start)
            row = Text(" " * start)
            message = (
                finding.message if source.cells is None else source.cells.told(finding.message)
            )
            row.append(f"{marks} {finding.rule.code}: {message}", COLOURS[finding.severity])
            out.print(row)
    notebooks = {source.path: source.cells} if source.cells is not None else {}
    for finding in analysis.findings:
        if finding.span.path != source.path:
            print_finding(out, finding, notebooks)
    for run in analysis.runs:
        if run.stopped:
            out.print(Text(f"{run.label}: {run.stopped}", "yellow"))


def numbered(source: Source) -> Iterator[tuple[int, str | None]]:
    """The lines with their numbers; of a notebook as they are in its cells, and before each cell
    its number and None.
    """
    if source.cells is None:
        yield from enumerate(source.lines if source.lines[-1] else source.lines[:-1], 1)
        return
    for cell, start in zip(source.cells.cells, source.cells.layout.starts, strict=True):
        yield cell.number, None
        yield from enumerate(cell.lines, start + 1)


def print_findings(findings: Sequence[Finding], files: int, notebooks: Mapping[str, Cells]) -> None:
    """Findings one a line, as compilers print them, and a closing line."""
    out = console()
    for finding in sorted(findings, key=lambda f: f.span):
        print_finding(out, finding, notebooks)
    counts = Counter(f.severity for f in findings)
    words = [f"{n} {severity}{'s' if n > 1 else ''}" for severity, n in counts.items()]
    out.print(f"{', '.join(words) or 'nothing found'} in {files} file{'s' if files != 1 else ''}")


def print_finding(out: Console, finding: Finding, notebooks: Mapping[str, Cells]) -> None:
    """One finding, and below it where its numbers come from."""
    row = Text(f"{line_text(finding.span, notebooks)}:{finding.span.col + 1}: ")
    row.append(finding.severity, COLOURS[finding.severity])
    cells = notebooks.get(finding.span.path)
    row.append(f" {finding.message if cells is None else cells.told(finding.message)} ")
    row.append(f"[{finding.rule.code}]", "dim")
    out.print(row)
    for related, text in finding.elsewhere:
        out.print(Text(f"    {line_text(related, notebooks)}: {text}", "dim"))


def line_text(span: Span, notebooks: Mapping[str, Cells]) -> str:
    """Where a line is: `net.py:7`, `net.ipynb:cell 3:2`."""
    if span.path not in notebooks:
        return f"{display(span.path)}:{span.line}"
    cell, line = notebooks[span.path].place(span.line)
    return f"{display(span.path)}:cell {cell}:{line}"


def display(path: str) -> str:
    """A path as it is shortest."""
    if path == "<run>":
        return "--run"
    try:
        relative = os.path.relpath(path)
    except ValueError:
        return path
    return relative if len(relative) < len(path) else path


def growth_table(analysis: Analysis) -> None:
    """How the receptive field grows from layer to layer, and in words what is worth knowing."""
    columns = ("layer", "", "output", "field", "+", "jump", "start")
    table = Table(*columns, box=None, header_style="bold")
    summary = Summary(analysis)
    for row in summary.rows:
        table.add_row(*growth_row(row))
    out = console()
    if not summary.rows:
        out.print("no receptive field: no network is called on an input with space")
        return
    out.print(table)
    for line in summary.lines():
        out.print(line)


def growth_row(row: Growth) -> tuple[str, ...]:
    """One module call of the table."""
    output, known = row.event.output, row.known
    assert isinstance(output, Tensor)
    if len(known) == len(row.found):
        size = along(map(size_of, known))
    else:
        size = field_text([r for _, r, _ in row.found]) or "unknown"
    return (
        row.event.path or "·",
        layer_head(row.event.module),
        layer_text(output) if output.rank > 1 else size_text(output.sizes[0]),
        size,
        str(row.added or ""),
        along(str(r.jump) for r in known),
        along((minus(r.start) for r in known), ", "),
    )


def print_contracts(analysis: Analysis) -> None:
    """What sizes each network takes, and where it is called."""
    table = Table("network", "input", "takes", box=None, header_style="bold")
    for _, root, context in analysis.roots:
        found = contract(analysis, root)
        if found is not None:
            inputs = ", ".join(map(shape_text, found.inputs))
            taken = contract_text(analysis, root)
            table.add_row(
                f"{layer_head(root)} in {context.run.label}",
                inputs,
                taken or "no condition is known",
            )
    if table.row_count:
        console().print(table)
    else:
        console().print(
            "no contract: no network is called on an input with space, or all calls fail"
        )


def print_counts(causes: Counter[str]) -> None:
    """Causes of what is not known, most frequent first."""
    out = console()
    for why, count in causes.most_common():
        out.print(f"{count:6}  {why}")
    if not causes:
        out.print("everything is known")


def print_page(text: str) -> None:
    """A Markdown page."""
    out = console()
    if out.is_terminal:
        out.print(Markdown(text))
    else:
        sys.stdout.write(text)
