"""The engine's spans as the protocol's ranges."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

if TYPE_CHECKING:
    from conv_lsp.lsp.text import Lines
    from conv_lsp.source import Span


def to_range(span: Span, lines: Lines) -> types.Range:
    """1-based lines and byte columns as 0-based lines and the client's columns."""
    first, last = span.line - 1, span.end_line - 1
    return types.Range(
        types.Position(first, lines.character(first, span.col)),
        types.Position(last, lines.character(last, span.end_col)),
    )
