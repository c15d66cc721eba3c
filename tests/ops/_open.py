"""Names of which a draw still finds a difference between the two sides."""

from typing import Final

OPEN: Final[frozenset[str]] = frozenset()
