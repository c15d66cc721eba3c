"""Notebooks as editors tell of them: the cells share a namespace, and each shows what is its own."""

from __future__ import annotations

import asyncio
from random import Random

import pytest
from lsprotocol import types as t

from conv_lsp.lsp.typing import PAUSE
from tests.lsp.conftest import Start
from tests.lsp.editor import REAL, Editor, label_of
from tests.lsp.notebook import Code, Markup, Notebook

pytestmark = [pytest.mark.asyncio, pytest.mark.timeout(60)]

CLIENTS = pytest.mark.parametrize("name", ["notebooks", "neovim"])

IMPORTS = "%matplotlib inline\nimport torch\nfrom torch import nn"
NET = """\
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 64, 7, stride=2, padding=3)
        self.tall = nn.Conv2d(64, 32, 3, padding=1)

    def forward(self, x):
        x = self.stem(x)
        x = self.tall(x)
        return x"""
STEM, TALL = 7, 8
RUN = "!nvidia-smi\ny = Net()(torch.randn(2, 3, 224, 224))\n"


async def model(start: Start, name: str = "notebooks", net: str = NET) -> Notebook:
    editor = await start(name, REAL)
    notebook = Notebook(editor)
    notebook.open(imports=IMPORTS, net=net, run=RUN)
    return notebook


async def label(notebook: Notebook, cell: str, line: int) -> str:
    return " | ".join(text for at, text in await notebook.hints(cell) if at == line)


@CLIENTS
async def test_cells_share_a_namespace_and_show_their_own_hints(start: Start, name: str) -> None:
    notebook = await model(start, name)
    assert await notebook.hints("imports") == []
    assert "64, 112, 112" in await label(notebook, "net", STEM)
    assert "2, 32, 112, 112" in await label(notebook, "run", 1)
    assert {line for line, _ in await notebook.hints("run")} == {1}
    hover = await notebook.editor.hover(notebook.cell("net"), STEM, 14)
    assert hover is not None
    assert "112" in hover
    assert await notebook.editor.hover(notebook.cell("imports"), 40, 0) is None
    assert notebook.editor.logged("failed") == []


async def test_a_hover_marks_what_it_is_about_in_the_cell(start: Start) -> None:
    notebook = await model(start)
    params = t.HoverParams(t.TextDocumentIdentifier(notebook.cell("run")), t.Position(1, 4))
    found = await notebook.editor.client.text_document_hover_async(params)
    assert found is not None
    assert found.range is not None
    assert found.range.start.line == 1


async def test_hints_of_a_range_and_the_place_where_the_size_was_decided(start: Start) -> None:
    notebook = await model(start)
    where = t.Range(t.Position(0, 0), t.Position(TALL, 0))
    asked = await notebook.editor.inlay(notebook.cell("net"), where)
    assert max(hint.position.line for hint in asked) == STEM
    hint = next(hint for hint in asked if hint.position.line == STEM)
    whole = await notebook.editor.client.inlay_hint_resolve_async(hint)
    assert whole.tooltip is not None
    assert whole.position == hint.position
    assert label_of(whole) == label_of(hint)
    locations = [p.location for p in whole.label if not isinstance(p, str) and p.location]
    assert [(at.uri, at.range.start.line) for at in locations] == [(notebook.cell("net"), 3)]


async def test_diagnostics_are_pushed_to_the_cell_they_are_in(start: Start) -> None:
    notebook = await model(start, net=NET.replace("Conv2d(64, 32", "Conv2d(65, 32"))
    await notebook.hints("net")
    assert notebook.pushed("net") == [(TALL, "conv-channels")]
    assert notebook.pushed("imports") == []
    (found,) = notebook.editor.pushed[notebook.cell("net")][-1].diagnostics
    assert found.related_information is not None
    made = found.related_information[0].location
    assert (made.uri, made.range.start.line) == (notebook.cell("net"), 4)
    notebook.replace("net", NET)
    await notebook.hints("net")
    assert notebook.pushed("net") == []


async def test_an_editor_that_pulls_for_cells_is_not_pushed_to(start: Start) -> None:
    notebook = await model(start, net=NET.replace("Conv2d(64, 32", "Conv2d(65, 32"))
    report = await notebook.editor.pull(notebook.cell("net"))
    assert [(d.range.start.line, d.code) for d in report.items] == [(TALL, "conv-channels")]
    again = await notebook.editor.pull(notebook.cell("net"), report.result_id)
    assert again.kind == "unchanged"
    assert not (await notebook.editor.pull(notebook.cell("run"))).items
    assert notebook.pushed("net") == []
    pushed = len(notebook.editor.pushed.get(notebook.cell("net"), []))
    before = notebook.editor.client.diagnostic_refresh_count
    notebook.insert(0, "first", "x = 1")  # all moves, and nothing changes
    report = await notebook.editor.pull(notebook.cell("net"), report.result_id)
    assert report.kind == "unchanged"
    notebook.replace("imports", IMPORTS + "\nbad = torch.zeros(2) + torch.zeros(3)")
    assert (await notebook.editor.pull(notebook.cell("imports"))).items
    await notebook.editor.until(lambda: notebook.editor.client.diagnostic_refresh_count > before)
    assert len(notebook.editor.pushed.get(notebook.cell("net"), [])) == pushed


async def test_an_edit_changes_the_hints_of_the_cells_below(start: Start) -> None:
    notebook = await model(start)
    assert "2, 32, 112, 112" in await label(notebook, "run", 1)
    refreshes = notebook.editor.hint_refreshes
    notebook.type("net", (4, 34, 4, 36, "48"))
    await notebook.editor.until(lambda: notebook.editor.hint_refreshes > refreshes)
    assert "2, 48, 112, 112" in await label(notebook, "run", 1)
    assert {line for line, _ in await notebook.hints("run")} == {1}


async def test_an_edit_that_changes_nothing_below_refreshes_nothing(start: Start) -> None:
    notebook = await model(start)
    before = await notebook.hints("run")
    notebook.type("net", (0, 0, 0, 0, "\n\n"))  # other cells move in the joined text alone
    assert "64, 112, 112" in await label(notebook, "net", STEM + 2)
    assert await notebook.hints("run") == before
    assert notebook.editor.hint_refreshes == 0


async def test_cells_are_added_removed_and_moved(start: Start) -> None:
    notebook = await model(start)
    assert "2, 32, 112, 112" in await label(notebook, "run", 1)
    notebook.insert(3, "more", "z = y.flatten(1)")
    assert await notebook.hints("more") == [(0, "⟶ (2, 401408)")]
    notebook.insert(
        2, "between", "class Net(nn.Module):\n    def forward(self, x):\n        return x"
    )
    assert await label(notebook, "run", 1) == "⟶ (2, 3, 224, 224)"
    notebook.reorder("imports", "between", "net", "run", "more")
    assert await notebook.hints("more") == [(0, "⟶ (2, 401408)")]
    notebook.remove("net")
    assert await notebook.hints("more") == [(0, "⟶ (2, 150528)")]
    assert await notebook.hints("net") == []  # it is nowhere any more
    assert notebook.editor.client.messages == []


async def test_a_cell_becomes_text_and_code_again(start: Start) -> None:
    notebook = await model(start)
    notebook.make("net", Markup)
    assert await notebook.hints("net") == []
    assert await label(notebook, "run", 1) == ""
    notebook.make("net", Code)
    assert "2, 32, 112, 112" in await label(notebook, "run", 1)


async def test_cells_in_other_languages_are_no_python(start: Start) -> None:
    notebook = await model(start)
    notebook.insert(1, "shell", "echo 'it is", "shellscript")
    assert "2, 32, 112, 112" in await label(notebook, "run", 1)
    assert await notebook.hints("shell") == []
    assert notebook.pushed("shell") == []


async def test_a_broken_cell_leaves_the_others_alone(start: Start) -> None:
    notebook = await model(start)
    before = await notebook.hints("run")
    for broken in ("x = (", "x = '''a", "def f(", "if x:", "f(\\", "%%time", "class A"):
        notebook.insert(2, "broken", broken)
        assert await notebook.hints("run") == before, broken
        assert notebook.pushed("run") == notebook.pushed("net") == [], broken
        codes = [code for _, code in notebook.pushed("broken")]
        assert codes == ([] if broken == "%%time" else ["syntax-error"]), broken
        notebook.remove("broken")
        await notebook.hints("run")
        assert notebook.pushed("broken") == []


async def test_a_run_of_a_cell_is_no_edit(start: Start) -> None:
    notebook = await model(start)
    asked = asyncio.ensure_future(notebook.hints("run"))
    await asyncio.sleep(0)
    notebook.make("run", Code)  # editors tell of a cell's run in this way
    notebook.change(None)
    assert "2, 32, 112, 112" in str(await asked)


async def test_a_request_outlives_an_edit_of_another_cell(start: Start) -> None:
    editor = await start("notebooks")
    notebook = Notebook(editor)
    notebook.open(a="x = size 1\nhang", b="y = size 2")
    asked = asyncio.ensure_future(notebook.hints("b"))
    overtaken = asyncio.ensure_future(notebook.hints("a"))
    await asyncio.sleep(0.2)
    notebook.replace("a", "x = size 3\n\n\n")
    assert await asked == [(0, "2")]
    with pytest.raises(Exception, match="odified"):
        await overtaken
    assert await notebook.hints("a") == [(0, "3")]


async def test_closing_takes_back_what_was_pushed(start: Start) -> None:
    editor = await start("notebooks")
    notebook = Notebook(editor)
    notebook.open(a="x = size 1", b="bad y")
    await notebook.hints("a")
    assert notebook.pushed("b") == [(0, "fake-rule")]
    notebook.close()
    await editor.until(lambda: notebook.pushed("b") == [])
    assert await notebook.hints("a") == []
    notebook.open(a="x = size 5")
    assert await notebook.hints("a") == [(0, "5")]


async def test_files_and_cells_know_of_one_another(start: Start) -> None:
    editor = await start("notebooks", REAL)
    notebook = Notebook(editor)
    editor.open("net.py", "from torch import nn\ndef net():\n    return nn.Linear(4, 5)\n")
    notebook.open(a="import torch", b="from net import net\ny = net()(torch.zeros(3, 4))")
    assert await notebook.hints("b") == [(1, "⟶ (3, 5)")]
    editor.type("net.py", (2, 24, 2, 25, "7"))
    await editor.until(lambda: editor.hint_refreshes > 0)
    assert await notebook.hints("b") == [(1, "⟶ (3, 7)")]


async def test_messages_about_cells_that_mean_nothing(start: Start) -> None:
    editor = await start("notebooks")
    notebook = Notebook(editor)
    notebook.replace("a", "x = size 1")  # never opened
    notebook.close()
    notebook.open(a="x = size 1", b="y = size 2")
    notebook.replace("c", "z = size 3")
    array = t.NotebookCellArrayChange(7, 9, [t.NotebookCell(Code, notebook.cell("d"))])
    notebook.change(
        t.NotebookDocumentCellChanges(structure=t.NotebookDocumentCellChangeStructure(array))
    )
    notebook.open(a="x = size 4", b="y = size 5")
    assert await notebook.hints("a") == [(0, "4")]
    assert await notebook.hints("b") == [(0, "5")]
    assert await notebook.hints("d") == []
    assert editor.client.messages == []


async def test_a_lens_and_a_command_in_a_cell(start: Start) -> None:
    notebook = await model(start)
    editor = notebook.editor
    params = t.CodeLensParams(t.TextDocumentIdentifier(notebook.cell("net")))
    lenses = await editor.client.text_document_code_lens_async(params)
    (lens,) = lenses or ()
    assert lens.range.start.line == 0
    assert lens.command is not None
    assert "from line 2 of a later cell" in lens.command.title
    hover = await editor.hover(notebook.cell("net"), STEM, 14)
    assert "the call at line 2 of a later cell" in str(hover)
    notebook.insert(3, "own", "class Own(Net):\n    pass\nOwn()(torch.zeros(1, 3, 64, 64))")
    params = t.CodeLensParams(t.TextDocumentIdentifier(notebook.cell("own")))
    (lens,) = await editor.client.text_document_code_lens_async(params) or ()
    assert lens.command is not None
    assert "from line 3 ·" in lens.command.title
    edits: list[t.WorkspaceEdit] = []

    @editor.client.feature(t.WORKSPACE_APPLY_EDIT)  # type: ignore[untyped-decorator, unused-ignore]
    def applied(params: t.ApplyWorkspaceEditParams) -> t.ApplyWorkspaceEditResult:
        edits.append(params.edit)
        return t.ApplyWorkspaceEditResult(applied=True)

    arguments = [notebook.cell("net"), STEM, "(1, 3, 64, 64)"]
    await editor.client.workspace_execute_command_async(
        t.ExecuteCommandParams("conv-lsp.setInput", arguments)
    )
    (edit,) = edits
    assert edit.changes is not None
    ((uri, (made,)),) = edit.changes.items()
    assert uri == notebook.cell("net")
    assert made.range.start.line == made.range.end.line == 0


async def test_typing_in_a_cell_keeps_the_others_and_tells_of_nothing(start: Start) -> None:
    notebook = await model(start)
    before = await notebook.hints("net"), await notebook.hints("run")
    notebook.insert(2, "typed", "z = torch.zeros(2, 3)\nz = z")
    await notebook.hints("typed")
    for column, character in enumerate(".view(3, 2)", 5):
        notebook.type("typed", (1, column, 1, column, character))
        assert (0, "⟶ (2, 3)") in await notebook.hints("typed")
        assert (await notebook.hints("net"), await notebook.hints("run")) == before
        assert notebook.pushed("typed") == []
    await asyncio.sleep(2 * PAUSE)
    assert await notebook.hints("typed") == [(0, "⟶ (2, 3)"), (1, "⟶ (3, 2)")]
    assert notebook.editor.hint_refreshes <= 1


@pytest.mark.parametrize("name", ["untitled:Untitled-1.ipynb", "ä b%20#c.ipynb"])
async def test_notebooks_of_any_name_and_lines_of_any_characters(start: Start, name: str) -> None:
    editor = await start("notebooks")
    notebook = Notebook(editor, name)
    notebook.open(a="x = size 1", b="é😀 = size 2\r\n's\u2028\f' = size 3\rbad é😀")
    assert [hint[:2] for hint in await editor.hints(notebook.cell("b"))] == [(0, 12), (1, 14)]
    assert await editor.hover(notebook.cell("b"), 0, 3) == "2 at 6"
    told = editor.pushed[notebook.cell("b")][-1].diagnostics
    assert [(d.range.start.line, d.range.end.character) for d in told] == [(2, 7)]
    notebook.type("b", (0, 11, 0, 12, "5"))
    assert await notebook.hints("b") == [(0, "5"), (1, "3")]


@pytest.mark.parametrize("refers", [True, False])
async def test_a_fix_is_made_in_the_cell_that_it_belongs_to(start: Start, refers: bool) -> None:
    editor = await start("notebooks", REAL)
    notebook = Notebook(editor)
    texts = {
        "imports": "import torch\nfrom torch import nn",
        "made": "\nlayer = nn.Linear(4, 5)",
        "used": "%cd x\nlayer(torch.zeros(3, 7))" if refers else "nn.Linear(4, 5)(torch.zeros(7))",
    }
    notebook.open(**texts)
    await notebook.hints("used")
    (found,) = editor.pushed[notebook.cell("used")][-1].diagnostics
    params = t.CodeActionParams(
        t.TextDocumentIdentifier(notebook.cell("used")), found.range, t.CodeActionContext([found])
    )
    actions = await editor.client.text_document_code_action_async(params)
    fixes = [a for a in actions or () if isinstance(a, t.CodeAction) and a.is_preferred]
    assert fixes
    assert list(fixes[0].diagnostics or ()) == [found]
    assert fixes[0].edit is not None
    assert fixes[0].edit.changes is not None
    ((uri, edits),) = fixes[0].edit.changes.items()
    cell = "made" if refers else "used"
    assert uri == notebook.cell(cell)
    for edit in edits:
        where = edit.range
        places = (where.start.line, where.start.character, where.end.line, where.end.character)
        notebook.type(cell, (*places, edit.new_text))
    await notebook.hints("used")
    await asyncio.sleep(2 * PAUSE)
    await notebook.hints("used")
    assert notebook.pushed("used") == []


PIECES = ["x = size 1", "bad y\ny = size 2", "# é😀\nz = size 3", "", "!ls\nw = size 4", "maybe v"]


async def test_whatever_becomes_of_cells_each_shows_its_own(start: Start) -> None:
    """After any changes a notebook shows what a new one with its cells would."""
    editor = await start("notebooks")
    random = Random(5)
    notebook = Notebook(editor)
    texts = {f"c{n}": random.choice(PIECES) for n in range(4)}
    notebook.open(**texts)
    for turn in range(120):
        kind = random.choice(["insert", "remove", "move", "replace", "type"])
        name = random.choice(notebook.order) if notebook.order else None
        if kind == "insert" or name is None:
            texts[f"n{turn}"] = random.choice(PIECES)
            notebook.insert(random.randint(0, len(notebook.order)), f"n{turn}", texts[f"n{turn}"])
        elif kind == "remove" and len(notebook.order) > 2:
            notebook.remove(name)
        elif kind == "move":
            notebook.reorder(*random.sample(notebook.order, len(notebook.order)))
        elif kind == "replace":
            texts[name] = random.choice(PIECES)
            notebook.replace(name, texts[name])
        else:
            texts[name] = "u = size 7\n" + texts[name]
            notebook.type(name, (0, 0, 0, 0, "u = size 7\n"))
        if turn % 4 == 0:
            await same(editor, notebook, texts)


async def same(editor: Editor, notebook: Notebook, texts: dict[str, str]) -> None:
    for name in random_order(notebook.order):
        hints = await notebook.hints(name)
        lines = texts[name].split("\n")
        expected = [(n, line[-1]) for n, line in enumerate(lines) if " = size " in line]
        assert hints == expected, texts[name]
        bad = [n for n, line in enumerate(lines) if line.startswith(("bad", "maybe"))]
        assert [line for line, _ in notebook.pushed(name)] == bad
    assert editor.client.messages == []


def random_order(names: list[str]) -> list[str]:
    return Random(len(names)).sample(names, len(names))
