"""Every entry of the tables against CPU torch: the same shape, or an error on both sides."""

from __future__ import annotations

import pytest

from tests import ops  # noqa: F401  declares the draws
from tests.ops import table

JUDGED = [e for e in table.entries() if not table.reason(e) and table.strategies(e)]


@pytest.mark.parametrize("entry", JUDGED)
def test_agrees_with_the_judge(entry: str) -> None:
    if table.resolve(entry) is None:
        pytest.skip("the judge does not have it (any more)")
    assert any(table.check(entry)), "no draw had a result: nothing was compared"


@pytest.mark.parametrize("entry", JUDGED)
def test_what_is_said_of_symbols_holds(entry: str) -> None:
    if table.resolve(entry) is None:
        pytest.skip("the judge does not have it (any more)")
    table.check_symbols(entry)


def test_every_entry_is_judged() -> None:
    assert not table.missing(), "entries without a differential test: declare draws in tests/ops"


def test_what_is_left_out_exists() -> None:
    everything = table.entries()
    idle = [p for p in table.UNJUDGED if not any(f"{e}.".startswith(p) for e in everything)]
    assert not idle
    strange = [path for path in table.DRAWS if table.rule(path) is None]
    assert not strange, "draws for what is in no table"


@pytest.mark.parametrize("entry", JUDGED)
def test_bad_arguments_are_found(entry: str) -> None:
    if table.resolve(entry) is None:
        pytest.skip("the judge does not have it (any more)")
    table.check_bad(entry)
