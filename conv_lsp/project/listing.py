"""The files of a project, as a person would list them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

SKIPPED = {"node_modules", "__pycache__"}
"""Directories without code of the project; hidden ones and environments are left out as well."""


def files_below(top: str, suffixes: tuple[str, ...]) -> Iterator[str]:
    """The files of a directory with these suffixes, without hidden ones and those of environments."""
    for folder, inner, names in os.walk(top):
        inner[:] = [
            name
            for name in inner
            if not name.startswith(".")
            and name not in SKIPPED
            and not os.path.exists(os.path.join(folder, name, "pyvenv.cfg"))
        ]
        yield from (
            os.path.normpath(os.path.join(folder, name))
            for name in names
            if name.endswith(suffixes) and not name.startswith(".")
        )
