"""Files with fixes applied."""

from __future__ import annotations

import io
import tokenize
from collections.abc import Sequence
from pathlib import Path

from conv_lsp.fixes.fix import Edit, applied
from conv_lsp.source import Source, plain


def rewrite(source: Source, edits: Sequence[Edit]) -> bool:
    """Write a file with edits, its encoding and line ends kept; whether that was done.

    Not where the file is another one by now, or has line ends of several kinds.
    """
    path = Path(source.path)
    data = path.read_bytes()
    encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    text = data.decode(encoding)
    end = "\r\n" if "\r\n" in text else "\n"
    if plain(text) != source.text or source.text.replace("\n", end) != text:
        return False
    path.write_bytes(applied(source, edits).replace("\n", end).encode(encoding))
    return True
