"""What Neovim draws for a file, as text: `python -m tests.editors.screen FILE [--line N] [--hover]`."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.editors import neovim


def capture(
    file: Path,
    *,
    columns: int = 100,
    lines: int = 40,
    line: int | None = None,
    column: int = 0,
    hover: bool = False,
    messages: bool = False,
    lens: bool = False,
    server: list[str] = neovim.SERVER,
) -> list[str]:
    """The rows of the screen once hints are drawn.

    `line` is brought to the top; `hover` opens the hover at `line` and the byte column `column`;
    `messages` shows those of the diagnostics; `lens` waits for the lenses.
    """
    values: dict[str, object] = {
        "columns": columns,
        "lines": lines,
        "line": line,
        "column": column,
        "hover": hover,
        "messages": messages,
        "lens": lens,
        "settings": {},
        "settle": 300,
    }
    known = {name: value for name, value in values.items() if value is not None}
    with tempfile.TemporaryDirectory() as home:
        return neovim.draw(file.resolve(), Path(home), server, **known)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.editors.screen", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--columns", type=int, default=100)
    parser.add_argument("--lines", type=int, default=40)
    parser.add_argument("--line", type=int, help="the line at the top, and of the hover")
    parser.add_argument("--column", type=int, default=0, help="the byte column of the hover")
    parser.add_argument("--hover", action="store_true")
    parser.add_argument("--messages", action="store_true", help="show those of the diagnostics")
    parser.add_argument("--lens", action="store_true", help="wait for the lenses")
    given = parser.parse_args()
    if neovim.executable() is None:
        sys.exit("there is no nvim beside this Python or on the PATH")
    rows = capture(**vars(given))
    sys.stdout.write("\n".join(rows).rstrip() + "\n")


if __name__ == "__main__":
    main()
