"""Every entry of the tables against CPU torch: the same shape, or an error on both sides.

CONV_LSP_DRAWS sets the number of draws, CONV_LSP_WAYS (agree,symbols,mistakes) how they are judged.
"""

from __future__ import annotations

import os

import pytest

from tests import ops  # noqa: F401  declares the draws
from tests.ops import table

JUDGED = [e for e in table.entries() if not table.reason(e) and table.strategies(e)]
WAYS = os.environ.get("CONV_LSP_WAYS", ",".join(table.WAYS)).split(",")


MORE = 60
"""Draws for an entry that takes so few arguments that the first draws are all refused."""


@pytest.mark.parametrize("entry", JUDGED)
def test_agrees_with_the_judge(entry: str) -> None:
    if table.resolve(entry) is None:
        pytest.skip("the judge does not have it (any more)")
    outcomes = table.check(entry, ways=WAYS)
    if not outcomes["results"]:
        outcomes = table.check(entry, MORE, ways=WAYS)
    assert outcomes["results"] or "agree" not in WAYS, "only errors: no result was compared"


def test_every_entry_is_judged() -> None:
    assert not table.missing(), "entries without a differential test: declare draws in tests/ops"


def test_what_is_left_out_exists() -> None:
    everything = table.entries()
    idle = [p for p in table.UNJUDGED if not any(f"{e}.".startswith(p) for e in everything)]
    assert not idle
    strange = [path for path in table.DRAWS if table.rule(path) is None]
    assert not strange, "draws for what is in no table"
