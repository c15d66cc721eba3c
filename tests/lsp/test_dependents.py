"""A change renews what was made from it, or from its absence, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from lsprotocol import types as t

from conv_lsp import analysis
from conv_lsp.analysis import with_deep_stack
from conv_lsp.lsp import projects as module
from conv_lsp.lsp.answer import Answer
from conv_lsp.lsp.projects import Projects
from conv_lsp.source import Source
from tests.lsp.conftest import Start
from tests.lsp.editor import REAL, Editor

USER = "import torch\nfrom lib.blocks import width\nx = torch.zeros(width)\n"
GUARDED = """\
import torch
try:
    from blocks import width
except ImportError:
    width = 1
x = torch.zeros(width)
"""


async def sizes(editor: Editor, name: str) -> list[str]:
    return [label for _, _, label in await editor.hints(name)]


async def says(editor: Editor, name: str, size: str) -> None:
    assert size in "".join(await sizes(editor, name))


def tell(editor: Editor, name: str, kind: t.FileChangeType) -> None:
    event = t.FileEvent(editor.uri(name), kind)
    editor.client.workspace_did_change_watched_files(t.DidChangeWatchedFilesParams([event]))


@pytest.mark.asyncio
@pytest.mark.timeout(60)
async def test_a_module_that_was_missed_may_appear(start: Start) -> None:
    editor = await start("vscode", REAL)
    editor.open("main.py", GUARDED)
    await says(editor, "main.py", "(1,)")
    editor.open("blocks.py", "width = 22\n")  # a buffer that no file has yet
    await editor.until(lambda: editor.hint_refreshes == 1)
    await says(editor, "main.py", "(22,)")
    editor.close("blocks.py")
    await editor.until(lambda: editor.hint_refreshes == 2)
    await says(editor, "main.py", "(1,)")
    (editor.folder / "blocks.py").write_text("width = 33\n")
    tell(editor, "blocks.py", t.FileChangeType.Created)
    await editor.until(lambda: editor.hint_refreshes == 3)
    await says(editor, "main.py", "(33,)")
    (editor.folder / "blocks.py").write_text("width = 44\n")
    tell(editor, "blocks.py", t.FileChangeType.Changed)
    await editor.until(lambda: editor.hint_refreshes == 4)
    await says(editor, "main.py", "(44,)")
    (editor.folder / "blocks").mkdir()
    (editor.folder / "blocks" / "__init__.py").write_text("width = 55\n")
    tell(editor, "blocks/__init__.py", t.FileChangeType.Created)
    await editor.until(lambda: editor.hint_refreshes == 5)
    await says(editor, "main.py", "(55,)")


@pytest.mark.asyncio
@pytest.mark.timeout(60)
async def test_a_directory_may_be_renamed_and_deleted(start: Start) -> None:
    editor = await start("vscode", REAL)
    (editor.folder / "old").mkdir()
    (editor.folder / "old" / "blocks.py").write_text("width = 22\n")
    editor.open("main.py", USER)
    await editor.hints("main.py")
    (editor.folder / "old").rename(editor.folder / "lib")
    renamed = t.FileRename(editor.uri("old"), editor.uri("lib"))
    editor.client.workspace_did_rename_files(t.RenameFilesParams([renamed]))
    await editor.until(lambda: editor.hint_refreshes == 1)
    await says(editor, "main.py", "(22,)")
    (editor.folder / "lib" / "blocks.py").unlink()
    deleted = t.FileDelete(editor.uri("lib"))
    editor.client.workspace_did_delete_files(t.DeleteFilesParams([deleted]))
    await editor.until(lambda: editor.hint_refreshes == 2)
    assert "22" not in "".join(await sizes(editor, "main.py"))


# ---- What is analysed again


@pytest.fixture
def analysed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that were analysed."""
    names: list[str] = []
    analyze = analysis.analyze

    def counted(source: Source, *given: object, **more: object) -> object:
        names.append(Path(source.path).name)
        return analyze(source, *given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "analyze", counted)
    return names


def answer(projects: Projects, path: Path, last: Answer | None = None) -> Answer:
    found: Answer = with_deep_stack(lambda: projects.analyze(str(path), None, lambda: False, last))
    return found


def test_an_answer_stands_while_its_texts_do(tmp_path: Path, analysed: list[str]) -> None:
    main, blocks = tmp_path / "main.py", tmp_path / "lib" / "blocks.py"
    blocks.parent.mkdir()
    main.write_text(USER)
    blocks.write_text("width = 22\n")
    projects = Projects([str(tmp_path)], "utf-8")
    first = answer(projects, main)
    projects.open(str(blocks), "width = 22\n")  # opened and closed, with the text on disk
    assert answer(projects, main, first).hints is first.hints
    projects.close(str(blocks))
    assert answer(projects, main, first).hints is first.hints
    assert analysed == ["main.py"]
    projects.open(str(blocks), "width = 33\n")
    second = answer(projects, main, first)
    assert [hint.label for hint in second.hints] != [hint.label for hint in first.hints]
    projects.configure({"hints": {"values": "off"}})
    assert answer(projects, main, second).hints == ()
    projects.configure({})
    third = answer(projects, main)
    (tmp_path / "lib.py").write_text("")  # goes before a directory without an __init__
    before = len(analysed)
    assert answer(projects, main, third).hints != third.hints
    assert len(analysed) == before + 1


def test_what_an_answer_depends_on() -> None:
    def source(path: str) -> Source:
        return Source.parse(path, "")

    lookups = {
        "net.part": source("/p/net/part.py"),
        "lib": source("/p/lib/__init__.py"),
        "gone.deep": None,
    }
    found = Answer("/p/main.py", lines=None, lookups=lookups)  # type: ignore[arg-type]
    for path, changed, appeared in [
        ("/p/net/part.py", True, True),
        ("/p/net", True, True),  # a directory, deleted or renamed
        ("/p/net/other.py", False, False),
        ("/p/other.py", False, False),
        ("/p/src/part.py", False, True),
        ("/p/src/net/__init__.py", False, True),
        ("/p/src/net.py", False, True),
        ("/p/gone.py", False, True),
        ("/p/gone/deep.py", False, True),
        ("/p/gone/new/a.py", False, True),  # makes `gone` a package
        ("/p/ne", False, False),
    ]:
        assert found.depends_on(path, appeared=False) == changed, path
        assert found.depends_on(path, appeared=True) == appeared, path
