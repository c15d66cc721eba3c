"""Outlines: a file read by its outline is the file, and a cache that cannot be used is none."""

from __future__ import annotations

import ast
import json
import os
import threading
from pathlib import Path

import pytest

from conv_lsp.config import Settings
from conv_lsp.project import Outlines, Project, texts
from conv_lsp.source import Source, outline_of, outlined

TEXT = '''\ufeff"""A module."""

import os.path; from a import (
    b as c,
)
# a remark
@decorated
class Net(object):
    """

not a statement
    """
x = y = [
1]; x[0] = "\\d"
if x:
    z: int = 1
else:
    from stars import *
é.append(1)  # the end
'''.replace("# a remark\n", "# a remark\r\n")
MODULES = sorted((Path(__file__).parent.parent / "conv_lsp").rglob("*.py"))


def same(one: Source, two: Source) -> bool:
    """Whether two sources say the same of the same text."""

    def all_of(source: Source) -> list[object]:
        return [
            (s.text, s.first_line, s.names, ast.dump(s.node, include_attributes=True), s.broken)
            for s in source.statements
        ]

    return one.text == two.text and all_of(one) == all_of(two)


@pytest.mark.parametrize("text", [TEXT, "", "# nothing\n", *(m.read_text() for m in MODULES[::9])])
def test_an_outline_gives_the_same_source(text: str) -> None:
    source = Source.parse("a.py", text)
    outline = json.loads(json.dumps(outline_of(source)))
    again = outlined("a.py", text, outline)
    assert again is not None
    assert same(again, source)


def test_only_what_is_asked_for_is_parsed() -> None:
    source = outlined("a.py", TEXT, outline_of(Source.parse("a.py", TEXT)))
    assert source is not None
    names = [list(filter(str.isidentifier, s.names)) for s in source.statements]
    assert names[1:4] == [["os"], ["c"], ["Net"]]
    assert isinstance(source.statements[2].node, ast.ImportFrom)
    assert source.statements[2].node is source.statements[2].node
    assert [at for at, s in enumerate(source.statements) if s._node is not None] == [2]


def test_an_edit_takes_over_what_was_not_parsed_yet() -> None:
    source = outlined("a.py", TEXT, outline_of(Source.parse("a.py", TEXT)))
    assert source is not None
    edited = Source.parse("a.py", source.text.replace("z: int", "w: int"), source)
    assert edited.statements[3] is source.statements[3]
    assert same(edited, Source.parse("a.py", edited.text))


def test_a_text_that_does_not_parse_has_none() -> None:
    assert outline_of(Source.parse("a.py", "x = 1\ny = (\n")) is None


@pytest.mark.parametrize(
    "outline",
    [
        *(None, {}, 3, [3], [[]], [[0, 1]], [["0", 1, 1, []]], [[0, 9**9, 1, []]]),
        *([[-1, 5, 5, []]], [[0, 5, 6, []]], [[0, 5, 5, "x"]], [[0, 5, 5, [1]]]),
    ],
)
def test_an_outline_that_is_none_gives_no_source(outline: object) -> None:
    assert outlined("a.py", "x = 1\n", outline) is None


def test_a_wrong_outline_does_not_raise() -> None:
    source = outlined("a.py", "x = (1)\n", [[0, 5, 5, ["x"], ["y"]]])
    assert source is not None
    assert [type(s.node) for s in source.statements] == [ast.Pass, ast.Pass]
    assert all(s.broken for s in source.statements)


# ---- On disk

LONG = "\n".join(f"name_{k} = {k}" for k in range(500)) + "\n"


def test_they_last_from_one_start_to_the_next(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(LONG)
    for start in range(2):
        project = Project(tmp_path, Settings(), Outlines(tmp_path / "cache"))
        source = project.find("a")
        assert source is not None
        assert [s._node is None for s in source.statements] == [bool(start)] * 500
        assert same(source, Source.parse(source.path, LONG))
    (tmp_path / "a.py").write_text("x = 1\n" + LONG)
    changed = project.find("a")
    assert changed is not None
    assert source is not None
    assert changed.statements[1:] == source.statements


def test_a_short_text_and_a_broken_one_leave_nothing(tmp_path: Path) -> None:
    (tmp_path / "short.py").write_text("x = 1\n")
    (tmp_path / "broken.py").write_text(LONG + "x = (\n")
    project = Project(tmp_path, Settings(), Outlines(tmp_path / "cache"))
    assert project.find("short")
    broken = project.find("broken")
    assert broken is not None
    assert broken.errors
    assert not list((tmp_path / "cache").iterdir())


def test_an_entry_that_was_damaged_is_not_used(tmp_path: Path) -> None:
    outlines = Outlines(tmp_path / "cache")
    outlines.put(LONG, [[0, 1, 1, ["x"]]])
    assert outlines.get(LONG) == [[0, 1, 1, ["x"]]]
    (entry,) = (tmp_path / "cache").iterdir()
    whole = entry.read_bytes()
    for damaged in (b"", whole[:-3], whole.replace(b'"x"', b'"y"'), b"\0" * 100, b"[" * 99_999):
        entry.write_bytes(damaged)
        assert outlines.get(LONG) is None
    outlines.put(LONG, [])
    assert outlines.get(LONG) == []


def test_they_are_the_work_of_one_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outlines = Outlines(tmp_path)
    outlines.put(LONG, [])
    monkeypatch.setattr("conv_lsp.project.outlines._maker", lambda: b"another")
    assert outlines.get(LONG) is None


def test_the_directory_is_bounded(tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    outlines = Outlines(folder, limit=2_000)
    for k in range(40):
        outlines.put(str(k), ["x" * 100])
        newest = max(folder.iterdir(), key=lambda entry: entry.stat().st_mtime_ns)
        os.utime(newest, (k, k))
        assert sum(entry.stat().st_size for entry in folder.iterdir()) <= 2_000
    assert outlines.get("39") is not None
    assert outlines.get("0") is None
    assert Outlines(folder, limit=2_000).get("39") is not None


def test_what_is_used_stays(tmp_path: Path) -> None:
    outlines = Outlines(tmp_path)
    outlines.put(LONG, [])
    (entry,) = tmp_path.iterdir()
    os.utime(entry, (1, 1))
    assert outlines.get(LONG) == []
    assert entry.stat().st_mtime > 1


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="no owners there")
def test_a_place_that_others_can_write_to_is_not_used(tmp_path: Path) -> None:
    Outlines(tmp_path).put(LONG, [])
    tmp_path.chmod(0o777)
    assert Outlines(tmp_path).get(LONG) is None
    tmp_path.chmod(0o700)
    assert Outlines(tmp_path).get(LONG) == []
    Outlines(tmp_path / "new")
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700


def test_without_a_place_there_is_no_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    outlines = Outlines(tmp_path / "file" / "cache")
    outlines.put(LONG, [])
    assert outlines.get(LONG) is None

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    outlines = Outlines(tmp_path / "cache")
    monkeypatch.setattr(Path, "write_bytes", full)
    outlines.put(LONG, [])
    assert not list((tmp_path / "cache").iterdir())

    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", homeless)
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    assert Outlines.of_user() is None


def test_the_users_directory_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    outlines = Outlines.of_user()
    assert outlines is not None
    outlines.put(LONG, [])
    assert [file for file in tmp_path.rglob("*") if file.is_file()]


def test_servers_share_it(tmp_path: Path) -> None:
    outlines = [Outlines(tmp_path, limit=5_000) for _ in range(4)]
    wrong: list[object] = []

    def work(mine: Outlines) -> None:
        for k in range(100):
            text = str(k % 10)
            mine.put(text, [text * 100])
            wrong.extend(found for found in [mine.get(text)] if found not in (None, [text * 100]))

    threads = [threading.Thread(target=work, args=[each]) for each in outlines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_short_text_is_parsed_at_once() -> None:
    assert len("x = 1\n") < texts.WORTH_AN_OUTLINE < len(LONG)
