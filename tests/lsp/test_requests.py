"""Hints, hovers and diagnostics as the clients of the field ask for them. The engine is scripted."""

from __future__ import annotations

import pytest
from lsprotocol import types as t

from tests.lsp.conftest import Start

pytestmark = [pytest.mark.asyncio, pytest.mark.timeout(60)]

CLIENTS = pytest.mark.parametrize("name", ["neovim", "vscode", "bare"])
COUNTS = {"neovim": "utf-8", "vscode": "utf-16", "bare": "utf-16"}


@CLIENTS
async def test_hints_stand_at_the_ends_of_lines_in_the_clients_units(
    start: Start, name: str
) -> None:
    editor = await start(name)
    editor.open("a.py", "é😀 = size 1\n\fx = size 2\n's\u2028' = size 3\n")
    wide = len("é😀 = size 1") + {"utf-8": 4, "utf-16": 1}[COUNTS[name]]
    third = len("'s\u2028' = size 3") + {"utf-8": 2, "utf-16": 0}[COUNTS[name]]
    assert await editor.hints("a.py") == [
        (0, wide, "1"),
        (1, 11, "2"),
        (2, third, "3"),
    ]


async def test_hints_of_the_range_asked_for(start: Start) -> None:
    editor = await start()
    editor.open("a.py", "".join(f"x = size {n}\n" for n in range(9)))
    where = t.Range(t.Position(3, 0), t.Position(5, 0))
    assert await editor.hints("a.py", where) == [(3, 10, "3"), (4, 10, "4")]


@CLIENTS
async def test_a_hint_has_a_tooltip_and_keeps_off_the_code(start: Start, name: str) -> None:
    editor = await start(name)
    editor.open("a.py", "x = size 1\n")
    (hint,) = await editor.inlay("a.py")
    assert hint.padding_left
    assert hint.kind == t.InlayHintKind.Type
    if name != "bare":  # it asks when the mouse is there
        assert hint.tooltip is None
        hint = await editor.client.inlay_hint_resolve_async(hint)
    assert hint.tooltip == t.MarkupContent(t.MarkupKind.Markdown, "**1**")


@CLIENTS
async def test_hover_takes_the_clients_units(start: Start, name: str) -> None:
    editor = await start(name)
    editor.open("a.py", "é😀 = size 1\n")
    column = {"utf-8": 6, "utf-16": 3}[COUNTS[name]]
    assert await editor.hover("a.py", 0, column) == "1 at 6"
    assert await editor.hover("a.py", 1, 0) is None


@CLIENTS
async def test_diagnostics_are_pulled_or_pushed_but_never_both(start: Start, name: str) -> None:
    editor = await start(name)
    editor.open("a.py", "x = size 1\nbad x\n")
    await editor.hints("a.py")
    if name == "bare":
        (pushed,) = editor.pushed[editor.uri("a.py")]
        assert pushed.version == 1
        (found,) = pushed.diagnostics
    else:
        report = await editor.pull("a.py")
        (found,) = report.items
        again = await editor.pull("a.py", report.result_id)
        assert again.kind == "unchanged"
        assert editor.pushed == {}
    assert (found.range.start.line, found.range.start.character) == (1, 4)
    assert (found.range.end.line, found.range.end.character) == (1, 5)
    assert found.message == "x is bad"
    assert found.severity == t.DiagnosticSeverity.Error
    assert (found.source, found.code, found.tags) == ("conv-lsp", "fake-rule", None)
    assert found.related_information is not None
    assert found.related_information[0].message == "made here"
    assert found.related_information[0].location.uri == editor.uri("a.py")


async def test_only_a_client_that_pulls_is_offered_a_pull(start: Start) -> None:
    editor = await start("bare")
    with pytest.raises(Exception, match="Method Not Found"):
        await editor.pull("a.py")


async def test_pushed_diagnostics_go_when_the_document_is_closed(start: Start) -> None:
    editor = await start("bare")
    editor.open("a.py", "bad x\n")
    await editor.hints("a.py")
    editor.close("a.py")
    pushed = editor.pushed[editor.uri("a.py")]
    await editor.until(lambda: len(pushed) == 2)
    assert not pushed[-1].diagnostics


async def test_a_document_that_was_never_opened_is_read_from_its_file(start: Start) -> None:
    editor = await start("vscode")
    (editor.folder / "a.py").write_text("x = size 1\nbad x\n")
    assert await editor.hints("a.py") == [(0, 10, "1")]
    assert await editor.hover("a.py", 0, 0) == "1 at 0"
    assert await editor.codes("a.py") == [(1, "fake-rule")]
    (editor.folder / "a.py").write_text("y = 1\nx = size 22\n")
    assert await editor.hints("a.py") == [(1, 11, "22")]


async def test_a_document_that_is_nowhere_is_no_error(start: Start) -> None:
    editor = await start("vscode")
    for uri in ("none.py", "untitled:Untitled-1", "file:///\x00", "file:///", "", "http://a/b"):
        assert await editor.hints(uri) == []
        assert await editor.hover(uri, 0, 0) is None
        assert not (await editor.pull(uri)).items
    assert editor.client.messages == []
    assert editor.logged("neither open nor a file")


async def test_an_untitled_document_has_hints(start: Start) -> None:
    editor = await start("vscode")
    editor.open("untitled:Untitled-1", "x = size 1\nbad x\n")
    assert await editor.hints("untitled:Untitled-1") == [(0, 10, "1")]
    assert await editor.codes("untitled:Untitled-1") == [(1, "fake-rule")]
