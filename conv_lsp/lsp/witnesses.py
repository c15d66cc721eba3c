"""Whom the server may ask about operators: the torch of an environment, where a person has said so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from conv_lsp.project import Outlines
from conv_lsp.project.outlines import cache_directory
from conv_lsp.witness import Interpreter, Said, Witness, interpreter_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from conv_lsp.config import Settings
    from conv_lsp.project import Environment

ANSWERS_BYTES: Final = 4_000_000
"""What answers may take on the disk."""
UNTRUSTED: Final = "torch is not asked, because the workspace is not trusted"
OFF: Final = "torch is not asked, because the setting worker is off"


class Witnesses:
    """One for each interpreter. Nothing runs before there is something to ask."""

    def __init__(self, on_news: Callable[[], None]) -> None:
        self._on_news = on_news
        self._known: dict[Interpreter, Witness] = {}

    def of(self, environment: Environment, settings: Settings, *, trusted: bool) -> Witness | Said:
        """Whom to ask for a project; an empty `Said` with the reason, where that is nobody."""
        if not trusted:
            return Said(silence=UNTRUSTED)
        if not settings.worker:
            return Said(silence=OFF)
        interpreter = interpreter_of(environment)
        if isinstance(interpreter, str):
            return Said(silence=f"{interpreter}, so that it cannot be asked")
        if interpreter not in self._known:
            self._known[interpreter] = Witness(interpreter, _store(), self._on_news)
        return self._known[interpreter]

    def end(self) -> None:
        """End all processes."""
        known, self._known = self._known, {}
        for witness in known.values():
            witness.end()


def _store() -> Outlines | None:
    """Where answers are kept from one start to the next: beside the outlines, in the same form."""
    folder = cache_directory()
    return None if folder is None else Outlines(folder / "conv-lsp" / "torch", ANSWERS_BYTES)
