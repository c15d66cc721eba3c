"""What becomes of answers when texts, files and settings change. The engine is scripted."""

from __future__ import annotations

import asyncio
from random import Random

import pytest
from lsprotocol import types as t
from pygls.exceptions import JsonRpcException

from tests.lsp.conftest import Start

pytestmark = [pytest.mark.asyncio, pytest.mark.timeout(60)]

CLIENTS = pytest.mark.parametrize("name", ["neovim", "vscode", "bare"])


# What stands before the line that is edited, and the number of that line.
BEFORE = [
    ("\f", 1),
    ("\x1c", 1),
    ("'\u2028'", 1),
    ("'\x85'", 1),
    ("# é😀", 1),
    ("\r", 1),
    ("\r\n", 2),
    ("\r#", 2),
]


@CLIENTS
async def test_an_edit_lands_on_its_line(start: Start, name: str) -> None:
    editor = await start(name)
    for at, (before, line) in enumerate(BEFORE):
        editor.open(f"{at}.py", f"{before}\nx = size 1\ny = size 2\n")
        editor.type(f"{at}.py", (line, 9, line, 10, "77"))
        hints = await editor.hints(f"{at}.py")
        assert [(at, label) for at, _, label in hints] == [(line, "77"), (line + 1, "2")]


async def test_several_edits_in_one_message_build_on_one_another(start: Start) -> None:
    editor = await start("vscode")
    editor.open("a.py", "x = size 1\n")
    editor.type("a.py", (0, 0, 0, 0, "\n\n"), (2, 9, 2, 10, "😀5"), (2, 11, 2, 12, "6"))
    assert await editor.hints("a.py") == [(2, 12, "😀6")]


async def test_every_version_typed_is_the_one_answered(start: Start) -> None:
    editor = await start()
    editor.open("a.py", "x = size \n")
    for at, digit in enumerate("12345678901234567890"):
        editor.type("a.py", (0, 9 + at, 0, 9 + at, digit))
    assert await editor.hints("a.py") == [(0, 29, "12345678901234567890")]


async def test_an_overtaken_analysis_is_given_up(start: Start) -> None:
    editor = await start("vscode")
    editor.open("a.py", "hang\n")
    asked = asyncio.ensure_future(editor.hints("a.py"))
    hovered = asyncio.ensure_future(editor.hover("a.py", 0, 0))
    pulled = asyncio.ensure_future(editor.pull("a.py"))
    await asyncio.sleep(0.1)
    assert not asked.done()
    editor.replace("a.py", "x = size 1\nbad x\n")
    for request in (asked, hovered):
        with pytest.raises(JsonRpcException) as error:
            await request
        assert error.value.code == t.LSPErrorCodes.ContentModified
    assert [d.code for d in (await pulled).items] == ["fake-rule"]
    assert await editor.hints("a.py") == [(0, 10, "1")]
    assert editor.client.messages == []


async def test_a_document_in_hand_goes_before_one_that_takes_long(start: Start) -> None:
    editor = await start("vscode")
    editor.open("slow.py", "hang\n")
    await asyncio.sleep(0.1)
    editor.open("a.py", "x = size 1\n")
    assert await asyncio.wait_for(editor.hints("a.py"), 10) == [(0, 10, "1")]
    editor.replace("slow.py", "x = size 2\n")
    assert await editor.hints("slow.py") == [(0, 10, "2")]


async def test_what_changed_during_an_analysis_is_read_again(start: Start) -> None:
    editor = await start("vscode")
    editor.open("used.py", "1\n")
    editor.open("user.py", "reads used.py\nwait\n")
    for text in "23":
        # The first edit has the analysis of user.py give way; the second finds it going on.
        await asyncio.sleep(0.1)
        editor.replace("used.py", text + "\n")
    assert await editor.hints("used.py") == []
    assert await editor.hints("user.py") == [(0, 13, "3")]


async def test_a_request_can_be_cancelled(start: Start) -> None:
    editor = await start("vscode")
    editor.open("a.py", "hang\n")
    params = t.HoverParams(t.TextDocumentIdentifier(editor.uri("a.py")), t.Position(0, 0))
    request = editor.client.protocol.send_request(t.TEXT_DOCUMENT_HOVER, params, msg_id="hover")
    await asyncio.sleep(0.05)
    editor.client.cancel_request(t.CancelParams("hover"))
    with pytest.raises(JsonRpcException) as error:
        await asyncio.wrap_future(request)
    assert error.value.code == t.LSPErrorCodes.RequestCancelled
    editor.replace("a.py", "x = size 1\n")
    assert await editor.hover("a.py", 0, 0) == "1 at 0"


async def test_closing_answers_those_who_wait(start: Start) -> None:
    editor = await start("vscode")
    editor.open("a.py", "hang\n")
    pulled = asyncio.ensure_future(editor.pull("a.py"))
    await asyncio.sleep(0.05)
    editor.close("a.py")
    with pytest.raises(JsonRpcException):
        await pulled
    editor.open("a.py", "x = size 1\n")
    assert await editor.hints("a.py") == [(0, 10, "1")]


@pytest.mark.parametrize("name", ["neovim", "vscode"])
async def test_an_edit_renews_the_documents_that_read_the_file(start: Start, name: str) -> None:
    editor = await start(name)
    editor.open("used.py", "one\n")
    editor.open("user.py", "reads used.py\n")
    editor.open("other.py", "x = size 1\n")
    assert await editor.hints("user.py") == [(0, 13, "one")]
    await editor.hints("other.py")
    editor.replace("used.py", "two\n")
    await editor.until(lambda: editor.hint_refreshes == 1)
    assert await editor.hints("user.py") == [(0, 13, "two")]
    editor.close("used.py")  # and there is no such file
    await editor.until(lambda: editor.hint_refreshes == 2)
    assert await editor.hints("user.py") == []


async def test_nobody_is_refreshed_by_an_edit_of_the_own_text(start: Start) -> None:
    editor = await start("vscode")
    editor.open("a.py", "x = size 1\n")
    for size in "234":
        await editor.hints("a.py")
        await editor.pull("a.py")
        editor.type("a.py", (0, 9, 0, 10, size))
    assert await editor.hints("a.py") == [(0, 10, "4")]
    assert (editor.hint_refreshes, editor.client.diagnostic_refresh_count) == (0, 0)


async def test_a_finding_in_another_open_file_is_shown_there(start: Start) -> None:
    editor = await start("vscode")
    editor.open("model.py", "abc = 1\n")
    assert await editor.codes("model.py") == []
    editor.open("main.py", "blames model.py\n")
    await editor.until(lambda: editor.client.diagnostic_refresh_count == 1)
    assert await editor.codes("model.py") == [(0, "fake-rule")]
    editor.replace("main.py", "x = 1\n")
    await editor.until(lambda: editor.client.diagnostic_refresh_count == 2)
    assert await editor.codes("model.py") == []


async def test_a_finding_in_another_open_file_is_pushed_there(start: Start) -> None:
    editor = await start("bare")
    editor.open("model.py", "abc = 1\n")
    editor.open("main.py", "blames model.py\n")
    await editor.hints("main.py")
    assert await editor.codes("model.py") == [(0, "fake-rule")]
    editor.close("main.py")
    pushed = editor.pushed[editor.uri("model.py")]
    await editor.until(lambda: not pushed[-1].diagnostics)


async def test_a_file_changed_on_disk_renews_those_who_read_it(start: Start) -> None:
    editor = await start("vscode")
    (editor.folder / "used.py").write_text("one\n")
    editor.open("user.py", "reads used.py\nreads new.py\n")
    assert await editor.hints("user.py") == [(0, 13, "one")]
    await editor.until(lambda: bool(editor.watched))
    for name, kind in (("used.py", t.FileChangeType.Changed), ("new.py", t.FileChangeType.Created)):
        (editor.folder / name).write_text("three\n")
        editor.client.workspace_did_change_watched_files(
            t.DidChangeWatchedFilesParams([t.FileEvent(editor.uri(name), kind)])
        )
    await editor.until(lambda: editor.hint_refreshes > 0)
    assert await editor.hints("user.py") == [(0, 13, "three"), (1, 12, "three")]


async def test_however_texts_and_requests_cross_the_last_answers_are_right(start: Start) -> None:
    editor = await start("vscode")
    random = Random(3)
    names = ["a.py", "b.py", "c.py"]
    texts = dict.fromkeys(names, "x = size 0\n")
    for name in names:
        editor.open(name, texts[name])
    asked: list[asyncio.Future[object]] = []
    for turn in range(150):
        name, other = random.choice(names), random.choice(names)
        texts[name] = f"x = size {turn}\nreads {other}\n" + random.choice(["", "crash\n", "hang\n"])
        editor.replace(name, texts[name])
        if random.random() < 0.5:
            asked.append(asyncio.ensure_future(editor.hints(random.choice(names))))
        if random.random() < 0.5:
            asked.append(asyncio.ensure_future(editor.pull(random.choice(names))))
        if random.random() < 0.3:
            await asyncio.sleep(random.random() / 50)
    for name, other in zip(names, [names[-1], *names], strict=False):
        await asyncio.gather(*map(editor.hints, names[: names.index(name)]))
        texts[name] = f"x = size last of {name}\nreads {other}\n"
        editor.replace(name, texts[name])
    for outcome in await asyncio.gather(*asked, return_exceptions=True):
        if isinstance(outcome, BaseException):
            assert isinstance(outcome, JsonRpcException)
            assert outcome.code == t.LSPErrorCodes.ContentModified
    for name in names:
        _, reads = texts[name].splitlines()
        read = texts[reads.split()[1]].splitlines()[0]
        labels = [label for _, _, label in await editor.hints(name)]
        assert labels == [f"last of {name}", read]
