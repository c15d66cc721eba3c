"""Where settings come from, and how the person is told of those that mean nothing."""

from __future__ import annotations

import pytest
from lsprotocol import types as t

from tests.lsp.conftest import Start
from tests.lsp.editor import REAL

pytestmark = [pytest.mark.asyncio, pytest.mark.timeout(60)]


async def test_unknown_settings_are_told_once(start: Start) -> None:
    editor = await start("vscode", settings={"wrong-key": 1, "path": ["conv-lsp"], "python": None})
    editor.open("a.py", "x = size 1\n")
    await editor.hints("a.py")
    await editor.until(lambda: bool(editor.client.messages))
    editor.replace("a.py", "x = size 2\n")
    await editor.hints("a.py")
    (message,) = editor.client.messages
    assert message.type == t.MessageType.Warning
    assert "wrong-key" in message.message
    assert len(editor.logged("wrong-key")) == 1


async def test_settings_with_initialize(start: Start) -> None:
    editor = await start("bare", options={"wrong-key": 1})
    editor.open("a.py", "x = size 1\n")
    await editor.hints("a.py")
    assert [m.type for m in editor.client.messages] == [t.MessageType.Warning]


@pytest.mark.parametrize(
    "settings", [{"conv-lsp": {"wrong-key": 1}}, {"wrong-key": 1}], ids=["section", "bare"]
)
async def test_settings_pushed_by_a_client_without_configuration(
    start: Start, settings: dict[str, object]
) -> None:
    editor = await start("bare")
    editor.open("a.py", "x = size 1\n")
    await editor.hints("a.py")
    assert editor.client.messages == []
    editor.client.workspace_did_change_configuration(t.DidChangeConfigurationParams(settings))
    await editor.until(lambda: bool(editor.client.messages))
    assert "wrong-key" in editor.client.messages[0].message


@pytest.mark.parametrize("nonsense", [None, 3, [], "x", {"conv-lsp": None}])
async def test_settings_that_are_none_change_nothing(start: Start, nonsense: object) -> None:
    editor = await start("bare", options=nonsense)
    editor.client.workspace_did_change_configuration(t.DidChangeConfigurationParams(nonsense))
    editor.open("a.py", "x = size 1\n")
    assert await editor.hints("a.py") == [(0, 10, "1")]
    assert editor.client.messages == []


async def test_the_project_file_is_read_again_when_it_changes(start: Start) -> None:
    editor = await start("vscode")
    editor.open("a.py", "x = size 1\n")
    await editor.hints("a.py")
    project = editor.folder / "pyproject.toml"
    project.write_text("[tool.conv-lsp]\nwrong-key = 1\n")
    event = t.FileEvent(project.as_uri(), t.FileChangeType.Created)
    editor.client.workspace_did_change_watched_files(t.DidChangeWatchedFilesParams([event]))
    await editor.until(lambda: bool(editor.client.messages))
    assert "wrong-key" in editor.client.messages[0].message
    assert await editor.hints("a.py") == [(0, 10, "1")]


async def test_the_nearest_project_file_counts(start: Start) -> None:
    editor = await start("vscode")
    inner = editor.folder / "packages" / "one"
    inner.mkdir(parents=True)
    (inner / "pyproject.toml").write_text("[tool.conv-lsp]\nwrong-key = 1\n")
    editor.open("a.py", "x = size 1\n")
    await editor.hints("a.py")
    assert editor.client.messages == []
    editor.open("packages/one/a.py", "x = size 1\n")
    await editor.hints("packages/one/a.py")
    assert "wrong-key" in editor.client.messages[0].message


async def test_the_level_of_a_rule_is_the_persons_choice(start: Start) -> None:
    chosen = {"rules": {"fake-rule": "info"}}
    editor = await start("vscode", settings=chosen, options=chosen)
    editor.open("a.py", "bad x\nmaybe y\n")
    found = (await editor.pull("a.py")).items
    assert [d.severity for d in found] == [t.DiagnosticSeverity.Information] * 2
    for level, expected in (
        ("off", []),
        ("error", [t.DiagnosticSeverity.Error, t.DiagnosticSeverity.Warning]),
        ("warning", [t.DiagnosticSeverity.Warning] * 2),
        ("hint", [t.DiagnosticSeverity.Hint] * 2),
    ):
        editor.client.set_configuration({"rules": {"fake-rule": level}}, section="conv-lsp")
        before = editor.client.diagnostic_refresh_count
        editor.client.workspace_did_change_configuration(t.DidChangeConfigurationParams(None))
        await editor.until(lambda: editor.client.diagnostic_refresh_count > before)  # noqa: B023
        assert [d.severity for d in (await editor.pull("a.py")).items] == expected


async def test_a_long_hint_is_cut(start: Start) -> None:
    editor = await start("bare", options={"maxHintLength": 10})
    editor.open("a.py", "x = size 1, 2, 3\ny = size 1, 2, 3, 4, 5\n")
    labels = [label for _, _, label in await editor.hints("a.py")]
    assert labels == ["1, 2, 3", "1, 2, 3, …"]


async def test_the_editors_interpreter_counts_where_none_is_set(start: Start) -> None:
    options: dict[str, object] = {"interpreter": "env/bin/python"}
    editor = await start("bare", REAL, options=options)
    for name, width in (("env", 22), ("other", 33)):
        site = editor.folder / name / "lib" / "python3.11" / "site-packages"
        site.mkdir(parents=True)
        (site / "installed.py").write_text(f"width = {width}\n")
        (editor.folder / name / "bin").mkdir()
        (editor.folder / name / "bin" / "python").write_text("")
    editor.open("a.py", "import torch\nfrom installed import width\nx = torch.zeros(width)\n")
    assert "(22,)" in str(await editor.hints("a.py"))
    for changed, size in (("other", "(33,)"), ("nowhere", "[]")):
        options = {"interpreter": f"{changed}/bin/python"}
        editor.client.workspace_did_change_configuration(t.DidChangeConfigurationParams(options))
        assert size in str(await editor.hints("a.py"))
    options["python"] = "env"
    editor.client.workspace_did_change_configuration(t.DidChangeConfigurationParams(options))
    assert "(22,)" in str(await editor.hints("a.py"))
    assert editor.client.messages == []
