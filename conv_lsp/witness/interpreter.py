"""The interpreter of a project's environment, and the torch in it, found by reading files."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conv_lsp.project import Environment

_MAX_BYTES = 10_000
_INSTALLED = ("site-packages", "dist-packages")


@dataclass(frozen=True, slots=True)
class Interpreter:
    """What can be run: the program, the directories of its packages, the version of its torch."""

    python: str
    directories: tuple[str, ...]
    torch: str

    @property
    def witness(self) -> str:
        """The torch in words, as in "torch 2.13"."""
        return f"torch {short(self.torch)}"


def interpreter_of(environment: Environment) -> Interpreter | str:
    """The interpreter of an environment that has torch; else the reason why there is none.

    Of the environment's directories only those count where packages are installed: others are of
    projects under development, whose modules torch must not meet.
    """
    directories = tuple(d for d in environment.directories if os.path.basename(d) in _INSTALLED)
    for directory in directories:
        version = _version(Path(directory, "torch", "version.py"))
        if version:
            break
    else:
        return "there is no torch in the project's environment"
    python = environment.python
    if not python or not os.path.isfile(python):
        return "the project's environment has no interpreter"
    return Interpreter(python, directories, version)


def short(version: str) -> str:
    """2.13.0+cpu as 2.13."""
    return ".".join(version.partition("+")[0].split(".")[:2])


def _version(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            text = stream.read(_MAX_BYTES).decode("utf-8", errors="replace")
    except (OSError, ValueError):
        return ""
    found = re.search(
        r"^__version__\s*(?::[^=]*)?=\s*['\"]([\w.+-]{1,60})['\"]", text, re.MULTILINE
    )
    return found[1] if found else ""
