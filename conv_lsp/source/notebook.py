"""Notebooks: their code cells joined to one text, in which IPython's own lines are Python's.

Cells share one namespace and run in their order, so a notebook is analysed as one file: every line
of every code cell, and one empty line after each cell.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from conv_lsp.source.lexing import lexemes
from conv_lsp.source.version import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SUFFIX = ".ipynb"

PYTHON_CELLS = frozenset({"%%capture", "%%prun", "%%time"})
"""Cell magics below which is Python that binds its names in the notebook; `%%timeit` does not."""

# The value of a command is only known when it has run: a name that nothing defines stands for it.
RUN = "get_ipython()"

# Compiled when they are needed, which at the start of a server they are not.
_ESCAPED = r"[%!?]|.*\?\s*$|.*=\s*[%!]"
_HELP = r"[%\w.*]+\?{1,2}"
_TARGET = r"[*]?[\w.]+(?:\[[^\]=]*\])?"
_ASSIGNED = rf"(\s*{_TARGET}(?:\s*,\s*{_TARGET})*(?:\s*,)?\s*=\s*)(?:%time(?=\s)|([%!]).*)"
_OPENING = r"[\"'(\[{\\]"
# Of statements only simple ones can stand behind a colon.
_TIMED = r"(\s*)%time(\s+(?!-|@|(?:async|class|def|for|if|try|while|with)\b)\S.*)(?<!\\)"

LINE = r"\bline (\d+)\b"
"""How the texts for a person name a line."""


class NotebookError(Exception):
    """Not a notebook, and why."""


@dataclass(frozen=True)
class Layout:
    """Where cells stand in the joined text. Lines and cells count from 0."""

    counts: tuple[int, ...]
    """The lines of each cell, at least one."""

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """The first line of each cell in the joined text."""
        starts, at = [], 0
        for count in self.counts:
            starts.append(at)
            at += count + 1
        return tuple(starts)

    def joined(self, cell: int, line: int) -> int:
        """The line in the joined text; of one beyond the cell the empty line after it."""
        return self.starts[cell] + min(max(line, 0), self.counts[cell])

    def place(self, line: int) -> tuple[int, int] | None:
        """Cell and line in it; the empty line after a cell is its last line. None before all cells."""
        cell = bisect_right(self.starts, line) - 1
        if cell < 0:
            return None
        return cell, min(line - self.starts[cell], self.counts[cell] - 1)


@dataclass(frozen=True)
class Cell:
    """One code cell: its number among all cells, from 1, and its lines without their ends."""

    number: int
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Cells:
    """The code cells of a notebook."""

    cells: tuple[Cell, ...]

    @cached_property
    def layout(self) -> Layout:
        return Layout(tuple(len(cell.lines) for cell in self.cells))

    @cached_property
    def text(self) -> str:
        """The joined text."""
        return joined_text(pythonic(cell.lines) for cell in self.cells)

    def place(self, line: int) -> tuple[int, int]:
        """The number of the cell and the line in it, from 1, of a line, from 1, of the joined text."""
        found = self.layout.place(line - 1)
        return (self.cells[found[0]].number, found[1] + 1) if found is not None else (1, 1)

    def told(self, text: str) -> str:
        """A text for a person, which names lines of the joined text, with the cells' own."""

        def named(match: re.Match[str]) -> str:
            cell, line = self.place(int(match[1]))
            return f"line {line} of cell {cell}"

        return re.sub(LINE, named, text)


def joined_text(cells: Iterable[Sequence[str]]) -> str:
    """The lines of all cells, and an empty one after each."""
    return "".join("\n".join(lines) + "\n\n" for lines in cells)


def read_notebook(text: str) -> Cells:
    """The Python cells of an `.ipynb` file. Raises NotebookError if the text is none."""
    if not text.strip():
        return Cells(())  # as editors make a new one
    try:
        document = json.loads(text)
    except ValueError as error:
        raise NotebookError(f"the notebook is not valid JSON: {error}") from None
    except RecursionError:
        raise NotebookError("the notebook is not valid JSON: it is nested too deeply") from None
    found = _cells(document)
    if not isinstance(found, list):
        raise NotebookError("this is no notebook: it has no list of cells")
    if _language(document) not in {"", "python"}:
        return Cells(())
    return Cells(
        tuple(
            Cell(number, tuple(plain(source).split("\n")))
            for number, cell in enumerate(found, 1)
            if isinstance(cell, dict) and (source := _source(cell)) is not None
        )
    )


def _cells(document: Any) -> Any:
    """The list of cells; before version 4 of the format it stood in a worksheet."""
    if not isinstance(document, dict):
        return None
    sheets = document.get("worksheets")
    if "cells" not in document and isinstance(sheets, list) and sheets:
        document = sheets[0] if isinstance(sheets[0], dict) else {}
    return document.get("cells")


def _language(document: dict[str, Any]) -> str:
    """The kernel's language, in small letters; empty if nothing says so."""
    metadata = document.get("metadata")
    for key, name in (("language_info", "name"), ("kernelspec", "language")):
        about = metadata.get(key) if isinstance(metadata, dict) else None
        found = about.get(name) if isinstance(about, dict) else None
        if isinstance(found, str):
            return "python" if found.lower() == "ipython" else found.lower()
    return ""


def _source(cell: dict[str, Any]) -> str | None:
    """The text of a code cell in Python."""
    if cell.get("cell_type") != "code":
        return None
    metadata = cell.get("metadata")
    editor = metadata.get("vscode") if isinstance(metadata, dict) else None
    if isinstance(editor, dict) and editor.get("languageId", "python") != "python":
        return None
    found = cell.get("source", cell.get("input", ""))
    if isinstance(found, list):
        return "".join(part for part in found if isinstance(part, str))
    return found if isinstance(found, str) else None


# -- IPython's own syntax ---------------------------------------------------------------------


def pythonic(lines: Sequence[str]) -> Sequence[str]:
    """The lines of a cell, without their ends, with those that IPython alone understands replaced.

    Lines stay lines, and what stays Python keeps its columns.
    """
    if not any(re.match(_ESCAPED, line.lstrip()) for line in lines):
        return lines
    head = next((n for n, line in enumerate(lines) if line.strip()), 0)
    if lines[head].startswith("%%"):
        if lines[head].split()[0] not in PYTHON_CELLS:
            return [""] * len(lines)
        return [*[""] * (head + 1), *pythonic(lines[head + 1 :])]
    found: list[str] = []
    text = "\n".join(lines)
    at = 0
    while (number := len(found)) < len(lines):
        line = lines[number]
        replaced = _python_line(line)
        last = number
        if replaced is None:
            if re.search(_OPENING, line):
                last += text.count("\n", at, _end(text, at))
            found += lines[number : last + 1]
        else:
            while lines[last].endswith("\\") and last + 1 < len(lines):  # the command goes on
                last += 1
            found += [replaced, *[""] * (last - number)]
        at += sum(len(line) + 1 for line in lines[number : last + 1])
    return found


def _python_line(line: str) -> str | None:
    """What stands for a line that begins a statement; None if it is Python as it is."""
    body = line.strip()
    indent = line[: len(line) - len(line.lstrip())]
    timed = re.fullmatch(_TIMED, line)
    if timed is not None:
        return f"{timed[1]}if 1:{timed[2]}"  # as many columns
    if body[:1] in {"%", "!", "?"} or re.fullmatch(_HELP, body):
        return f"{indent}pass"
    assigned = re.match(_ASSIGNED, line)
    if assigned is None:
        return None
    if assigned[2] is None:
        return assigned[1] + " " * len("%time") + line[assigned.end() :]
    return assigned[1] + RUN


def _end(text: str, at: int) -> int:
    """Where the statement's last line ends that begins at `at`."""
    depth, seen = 0, at
    for kind, start, end in lexemes(text, at):
        while depth <= 0 and (newline := text.find("\n", seen, start)) >= 0:
            if text[newline - 1 : newline] != "\\":
                return newline
            seen = newline + 1
        depth += (kind in {"(", "[", "{"}) - (kind in {")", "]", "}"})
        seen = end
    return len(text)
