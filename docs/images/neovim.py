"""Makes neovim.png, as the README shows it; needs pyte, Pillow, Neovim and Chromium.

    sed 's/Linear(512/Linear(256/' docs/examples/resnet.py > /tmp/resnet.py
    python docs/images/neovim.py /tmp/resnet.py docs/images/neovim.png --line 28 --columns 122

A real Neovim runs in a terminal of ours; what it draws, character by character, becomes a page
that Chromium photographs. Nothing is drawn by hand.
"""

# ruff: noqa: INP001  a script beside its picture
from __future__ import annotations

import argparse
import fcntl
import html
import json
import os
import pty
import select
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
import time
from itertools import groupby
from pathlib import Path

import pyte
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
EDITORS = ROOT / "tests" / "editors"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
PAPER, INK = "14161b", "e0e2ea"
PAGE = """<meta charset="utf-8"><style>
body {{ margin: 0; background: transparent; }}
main {{ background: #{paper}; color: #{ink}; border-radius: 10px; padding: 0 18px 12px;
  display: inline-block; font: 14px/19px "DejaVu Sans Mono", monospace; }}
nav {{ height: 34px; display: flex; align-items: center; gap: 8px; color: #9b9ea4; }}
nav i {{ width: 12px; height: 12px; border-radius: 6px; }}
pre {{ margin: 0; font: inherit; }}
pre span {{ display: inline-block; height: 19px; }}
</style><main><nav><i style="background:#ff5f57"></i><i style="background:#febc2e"></i>
<i style="background:#28c840"></i>&nbsp; {title}</nav><pre>{text}</pre></main>"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("picture", type=Path)
    parser.add_argument("--nvim", default="nvim")
    parser.add_argument("--python", default=sys.executable, help="one that conv-lsp runs on")
    parser.add_argument("--columns", type=int, default=100)
    parser.add_argument("--lines", type=int, default=33)
    parser.add_argument("--line", type=int, default=1, help="the line at the top")
    parser.add_argument("--column", type=int, default=0)
    parser.add_argument("--hover", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        screen = drawn(given, Path(home))
        photograph(page(screen, f"{given.file.name} — Neovim"), given.picture, screen, Path(home))


def drawn(given: argparse.Namespace, home: Path) -> pyte.Screen:
    """The screen of Neovim once it shows what is asked for."""
    report = home / "report.json"
    values = {
        "config": str(ROOT / "editors" / "nvim" / "conv_lsp.lua"),
        "server": [given.python, "-m", "conv_lsp", "server"],
        "file": str(given.file.resolve()),
        "report": str(report),
        "columns": given.columns,
        "lines": given.lines,
        "line": given.line,
        "column": given.column,
        "hover": given.hover,
        "messages": True,
        "settings": {},
        "settle": 300,
    }
    places = {f"XDG_{kind}_HOME": str(home) for kind in ("CONFIG", "DATA", "STATE", "CACHE")}
    looks = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "PYTHONPATH": str(ROOT)}
    options = "set termguicolors laststatus=0 noruler noshowcmd"
    colour = "hi LspInlayHint guifg=#7fa8c9 gui=italic"
    command = [given.nvim, "--clean", "--cmd", options, "-c", colour]
    command += ["-u", str(EDITORS / "init.lua"), "-c", f"luafile {EDITORS / 'screen.lua'}"]
    screen = pyte.Screen(given.columns, given.lines)
    stream = pyte.ByteStream(screen)
    child, terminal = pty.fork()
    if child == 0:
        os.environ |= {**places, **looks, "CONV_LSP_TEST": json.dumps(values)}
        os.execvp(given.nvim, command)  # noqa: S606
    size = struct.pack("HHHH", given.lines, given.columns, 0, 0)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, size)
    quiet = time.monotonic()
    while not report.exists() or time.monotonic() - quiet < 1:
        if select.select([terminal], [], [], 0.1)[0]:
            stream.feed(os.read(terminal, 65536))
            quiet = time.monotonic()
    os.kill(child, 9)
    os.waitpid(child, 0)
    return screen


def page(screen: pyte.Screen, title: str) -> str:
    """The screen as a page; its last row is Neovim's command line and left out."""
    rows = []
    for y in range(screen.lines - 1):
        cells = [screen.buffer[y][x] for x in range(screen.columns)]
        parts = groupby(cells, key=style)
        texts = ((css, "".join(cell.data for cell in group)) for css, group in parts)
        rows.append("".join(f'<span style="{css}">{html.escape(t)}</span>' for css, t in texts))
    return PAGE.format(paper=PAPER, ink=INK, title=html.escape(title), text="\n".join(rows))


def style(cell: pyte.screens.Char) -> str:
    ink = INK if cell.fg == "default" else cell.fg
    paper = PAPER if cell.bg == "default" else cell.bg
    if cell.reverse:
        ink, paper = paper, ink
    looks = f"color:#{ink};background:#{paper}"
    looks += ";font-weight:bold" if cell.bold else ""
    looks += ";font-style:italic" if cell.italics else ""
    return looks + (";text-decoration:underline wavy #ff6b6b" if cell.underscore else "")


def photograph(text: str, picture: Path, screen: pyte.Screen, home: Path) -> None:
    chromium = next(filter(None, map(shutil.which, CHROMIUM)))
    source = home / "page.html"
    source.write_text(text, encoding="utf-8")
    width, height = round(screen.columns * 8.43) + 36, (screen.lines - 1) * 19 + 46
    subprocess.run(  # noqa: S603
        [
            chromium,
            "--headless",
            "--no-sandbox",
            "--hide-scrollbars",
            "--force-device-scale-factor=1.5",
            "--default-background-color=00000000",
            f"--window-size={width},{height}",
            f"--screenshot={picture.resolve()}",
            source.as_uri(),
        ],
        check=True,
        capture_output=True,
        timeout=60,
    )
    drawing = Image.open(picture).quantize(96, method=Image.Quantize.FASTOCTREE)
    drawing.save(picture, optimize=True)


if __name__ == "__main__":
    main()
