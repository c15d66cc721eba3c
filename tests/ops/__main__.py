"""How many rules were judged, on how many draws: `python -m tests.ops [--draws N] [NAME ...]`."""

from __future__ import annotations

import argparse
import sys
from collections import Counter

from rich.console import Console
from rich.table import Table

from tests.ops import table


def main() -> int:
    """Judge the entries whose names contain one of the words; 1 if there are disagreements."""
    parser = argparse.ArgumentParser(prog="python -m tests.ops", description=__doc__)
    parser.add_argument("--draws", type=int, default=100, help="per entry (default: 100)")
    parser.add_argument("names", nargs="*", help="parts of names; all entries without")
    options = parser.parse_args()
    counts: dict[str, Counter[str]] = {}
    rules = set()
    for entry in table.entries():
        wanted = not options.names or any(name in entry for name in options.names)
        if not wanted or table.reason(entry):
            continue
        package = entry.rpartition(".")[0]
        count = counts.setdefault(package, Counter())
        if not table.strategies(entry) or table.resolve(entry) is None:
            count["not judged"] += 1
            continue
        rules.add(id(table.rule(entry)))
        count["entries"] += 1
        try:
            count += table.check(entry, options.draws)
        except Exception as error:  # an answer that differs, or no answer at all
            count["disagreements"] += 1
            print(f"{type(error).__name__} {error}", file=sys.stderr)
        counts[package] = count
    show(counts, len(rules))
    return 1 if any(count["disagreements"] for count in counts.values()) else 0


COLUMNS = "entries results errors symbols mistakes disagreements".split()


def show(counts: dict[str, Counter[str]], rules: int) -> None:
    report = Table("", *COLUMNS, "not judged")
    total: Counter[str] = Counter()
    for package, count in sorted(counts.items()):
        total += count
        report.add_row(package, *(f"{count[c]:,}" for c in (*COLUMNS, "not judged")))
    report.add_row("all", *(f"{total[c]:,}" for c in (*COLUMNS, "not judged")), style="bold")
    console = Console()
    console.print(report)
    console.print(f"{rules:,} rules")


if __name__ == "__main__":
    sys.exit(main())
