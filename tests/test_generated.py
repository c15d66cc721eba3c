"""The pages that are made from the code are those of this code."""

from __future__ import annotations

import subprocess
import sys

import pytest

from conv_lsp.findings import RULES
from conv_lsp.library.torch_types import TYPES
from tests.generate import docs, fields, index, types


def test_no_page_is_stale() -> None:
    assert not docs.stale(), "run `python -m tests.generate`"


SILENT: dict[str, str] = {}
"""Names of the table that have no text, and why."""


def test_every_rule_says_what_comes_out() -> None:
    silent = {path for path, value in docs.names().items() if not docs.declared_by(value)[1]}
    assert silent == SILENT.keys()


def test_what_comes_out_is_one_line_of_a_table() -> None:
    texts = {docs.declared_by(value)[1] for value in docs.names().values()}
    assert [text for text in texts if "\n" in text or len(text) > LONGEST] == []


def test_what_a_rule_sees_is_read_from_a_call_of_it() -> None:
    seen = {path: fields.seen_of(path, docs.names()[path]) for path in SEEN}
    assert seen == SEEN


LONGEST = 260
SEEN = {
    "torch.cat": "same, uneven",
    "Tensor.permute": "moved",
    "Tensor.T": "moved",
    "torch.nn.functional.conv_transpose2d": "same, window, whole",
    "torch.nn.LocalResponseNorm": "same, uneven",
    "torch.view_as_real": "same",
    "torch.zeros": "nothing",
    "torch.block_diag": "",
}


def test_a_changed_rule_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(RULES, "broadcast")
    assert [path.name for path in docs.stale()] == ["rules.md"]


def test_the_types_are_those_of_torch() -> None:
    torch = pytest.importorskip("torch")
    if not torch.__version__.startswith(types.VERSION):
        pytest.skip(f"made from torch {types.VERSION}")
    made = types.collected_types()
    assert made == TYPES, "run `python -m tests.generate`"


def test_the_index_has_every_name() -> None:
    with open(index.TARGET, encoding="utf-8") as file:
        assert file.read() == index.text(), "run `python -m tests.generate`"


def test_families_are_loaded_when_they_are_asked_for() -> None:
    ask = "import sys, conv_lsp.analysis as a; print('conv_lsp.library.vision_transforms' in sys.modules)"
    find = (
        "; from conv_lsp.library.registry import find; print(find('torchvision.transforms.Resize'))"
    )
    command = [sys.executable, "-c", ask + find]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.split()[0] == "False"
    assert "Resize" in done.stdout
