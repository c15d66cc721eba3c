"""The pages that are made from the code are those of this code."""

from __future__ import annotations

import pytest

from conv_lsp.findings import RULES
from conv_lsp.library.torch_types import TYPES
from tests import generate_docs, generate_types


def test_no_page_is_stale() -> None:
    assert not generate_docs.stale(), "run `python -m tests.generate_docs`"


def test_a_changed_rule_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(RULES, "broadcast")
    assert [path.name for path in generate_docs.stale()] == ["rules.md"]


def test_the_types_are_those_of_torch() -> None:
    torch = pytest.importorskip("torch")
    if not torch.__version__.startswith(generate_types.VERSION):
        pytest.skip(f"made from torch {generate_types.VERSION}")
    made = generate_types.collected_types()
    assert made == TYPES, "run `python -m tests.generate_types`"
