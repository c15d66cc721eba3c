"""Writes everything that is made: `python -m tests.generate`."""

from tests.generate import docs, index, types

index.TARGET.write_text(index.text(), encoding="utf-8")
types.TARGET.write_text(types.text(), encoding="utf-8")
for path, make in docs.PAGES.items():
    path.write_text(make(), encoding="utf-8")
