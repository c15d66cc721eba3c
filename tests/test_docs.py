"""What the documents say of the project is so: paths, links, commands, settings, snippets."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from importlib import metadata
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from conv_lsp import __version__
from conv_lsp.config import Settings

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parent.parent
VSCODE = ROOT / "editors" / "vscode"
BUILT = {"node_modules", "libs", "dist"}  # by editors/vscode/build.py
PAGES = sorted(
    page
    for place in (ROOT, ROOT / "docs", ROOT / "editors")
    for page in (place.glob("*.md") if place == ROOT else place.rglob("*.md"))
    if not BUILT.intersection(page.parts)
)
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

LINK = re.compile(r"\[[^]]*]\(([^)#\s]+)(?:#[^)]*)?\)")
FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```", re.MULTILINE | re.DOTALL)
# A path in the checkout; of a pattern such as docs/rules/<code>.md, its folder.
PATH = re.compile(r"(?<![\w/~.<-])((?:conv_lsp|tests|docs|editors|\.ci)/(?:[\w./-]*\w/?)?)")


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def fences(language: str) -> Iterator[tuple[str, str]]:
    for page in PAGES:
        for _, found, body in FENCE.findall(read(page)):
            if found == language:
                yield name(page), body


# -- paths and links ----------------------------------------------------------------------------


MADE = ("editors/vscode/conv-lsp.vsix",)
"""What a command of the page makes."""


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page: Path) -> None:
    links = [link for link in LINK.findall(read(page)) if "://" not in link]
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_named_paths_exist(page: Path) -> None:
    named = [path for path in PATH.findall(read(page)) if path not in MADE]
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_a_missing_path_is_seen() -> None:
    text = "see `conv_lsp/cli.py`, (tests/lsp/), docs/rules/<code>.md and ~/docs/x.md"
    assert PATH.findall(text) == ["conv_lsp/cli.py", "tests/lsp/", "docs/rules/"]


def test_the_code_map_is_in_the_order_of_the_layers() -> None:
    contracts = PYPROJECT["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["id"] == "layers")
    depth = {part: i for i, layer in enumerate(layers) for part in re.findall(r"\w+", layer)}
    rows = re.findall(
        r"^\|( `conv_lsp/[^|]*)\|", read(ROOT / "docs" / "architecture.md"), re.MULTILINE
    )
    shown = [part for row in rows for part in re.findall(r"conv_lsp/(\w+)", row)]
    assert sorted(shown) == sorted(depth.keys() - {"__main__"})
    depths = [[depth[part] for part in re.findall(r"conv_lsp/(\w+)", row)] for row in rows]
    assert [(a, b) for a, b in pairwise(depths) if max(a) > min(b)] == []


# -- the README's commands ------------------------------------------------------------------------


def readme_commands() -> list[str]:
    lines = read(ROOT / "README.md").splitlines()
    return [line for line in lines if line.startswith("python3 -m venv")]


def test_the_readme_shows_a_model_that_is_there() -> None:
    show, _ = readme_commands()
    model = ROOT / show.rpartition(" ")[2]
    assert model.parent == ROOT / "docs" / "examples"
    assert model.is_file()


def test_ci_runs_the_readmes_test_command() -> None:
    _, test = readme_commands()
    said = [part.strip() for part in test.split("&&")]
    lines = read(ROOT / ".ci" / "run").splitlines()
    done = [
        line.replace('"$work/.venv"', ".venv")
        .replace('"$work/.venv/bin/', '".venv/bin/')
        .replace('"${PYTHON:-python3}"', "python3")
        .replace('"', "")
        .removesuffix(" $@")
        .removesuffix(" >&2")
        for line in lines
        # What judges other packages is installed where it can be.
        if "$work/.venv" in line and "--no-deps" not in line
    ]
    assert done == said


def test_the_readme_lists_the_commands() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "conv_lsp", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    told = set(re.findall(r"^\| `conv-lsp (\w+)", read(ROOT / "README.md"), re.MULTILINE))
    assert told
    assert [command for command in told if not re.search(rf"\b{command}\b", run.stdout)] == []


def test_an_installed_copy_has_the_pages_of_the_rules(tmp_path: Path) -> None:
    if not any(distribution.name == "conv-lsp" for distribution in metadata.distributions()):
        pytest.skip("conv-lsp is not installed in this environment")
    page = min((ROOT / "docs" / "rules").glob("*.md"))
    run = subprocess.run(
        [sys.executable, "-m", "conv_lsp", "explain", page.stem],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert "Why it fails" in run.stdout


# -- settings and snippets -------------------------------------------------------------------------


CLIENT_ONLY = {
    "path", "interpreter", "importStrategy", "trace.server", "diagnosticMode", "logLevel",
}  # fmt: skip


def vscode_settings() -> dict[str, Any]:
    manifest = json.loads(read(VSCODE / "package.json"))
    properties: dict[str, Any] = manifest["contributes"]["configuration"]["properties"]
    return {key.removeprefix("conv-lsp."): value for key, value in properties.items()}


def schema() -> dict[str, object]:
    """The server's settings, named as in an editor, with their defaults."""

    def flat(settings: Any, prefix: str = "") -> Iterator[tuple[str, object]]:
        for field in fields(settings):
            head, *rest = field.name.split("_")
            value = getattr(settings, field.name)
            key = prefix + head + "".join(map(str.capitalize, rest))
            if is_dataclass(value):
                yield from flat(value, f"{key}.")
            else:
                yield key, value

    return dict(flat(Settings()))


def test_vs_code_offers_every_setting_with_its_default() -> None:
    offered = {key: setting["default"] for key, setting in vscode_settings().items()}
    for key in CLIENT_ONLY:
        del offered[key]
    assert {key: value or None for key, value in offered.items()} == {
        key: value or None for key, value in schema().items()
    }


def test_the_settings_table_is_complete() -> None:
    row = re.compile(r"^\| `([\w.]+)` \| (?:`(.*?)`|[^|]*) \|", re.MULTILINE)
    told = dict(row.findall(read(ROOT / "docs" / "editors.md")))
    for key, default in schema().items():
        assert told[key] in {"", json.dumps(default)}, key


def test_versions_agree() -> None:
    assert json.loads(read(VSCODE / "package.json"))["version"] == __version__


def test_snippets_parse() -> None:
    seen = 0
    for where, body in fences("toml"):
        tomllib.loads(body)
        seen += bool(where)
    for where, body in fences("json"):
        json.loads(body)
        seen += bool(where)
    assert seen >= 4


@pytest.mark.parametrize("body", [body for _, body in fences("lua")])
def test_lua_snippets_run(body: str, tmp_path: Path) -> None:
    nvim = shutil.which("nvim", path=str(Path(sys.executable).parent)) or shutil.which("nvim")
    if nvim is None:
        pytest.skip("Neovim is not installed")
    snippet = tmp_path / "snippet.lua"
    snippet.write_text(body, encoding="utf-8")
    run = subprocess.run(
        [nvim, "--headless", "--clean", "-c", f"luafile {snippet}", "-c", "qall!"],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (run.returncode, run.stderr.strip()) == (0, "")
