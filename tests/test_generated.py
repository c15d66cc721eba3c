"""The pages that are made from the code are those of this code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conv_lsp.findings import RULES
from tests import generate_docs

if TYPE_CHECKING:
    import pytest


def test_no_page_is_stale() -> None:
    assert not generate_docs.stale(), "run `python -m tests.generate_docs`"


def test_a_changed_rule_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(RULES, "broadcast")
    assert [path.name for path in generate_docs.stale()] == ["rules.md"]
