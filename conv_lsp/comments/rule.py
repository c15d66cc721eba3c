"""The rule of comments that tell a shape."""

from __future__ import annotations

from typing import Final

from conv_lsp.findings import Rule

SHAPE_COMMENT: Final = Rule(
    "shape-comment", "error", "the comment says {got}; the tensor has {want}", ""
)
