r"""Text of one file: spans, top-level statements parsed one by one, comments, directives.

Nothing here raises on any text. Lines are 1-based, columns 0-based UTF-8 bytes, ends exclusive, as
in Python's `ast`. Line endings are `\n` whatever the file had, and a byte order mark is dropped;
neither changes a line number or a column.

Statements are shared between the versions of a file: `Source.parse(path, text, previous)` moves the
`Statement` objects it takes over from `previous` to their new lines. So a `Source` gives right spans
until the next version is parsed from it. An analysis resolves its spans to `Span` values while its
`Source` is the newest, and the next version is parsed after that analysis has ended or was given up.
"""

from conv_lsp.source.cutting import MAX_BROKEN
from conv_lsp.source.directives import (
    Directive,
    IgnoreDirective,
    InputDirective,
    ShapeClaim,
    SwitchDirective,
)
from conv_lsp.source.grafting import NOTE, Graft, graft
from conv_lsp.source.notebook import SUFFIX as NOTEBOOK_SUFFIX
from conv_lsp.source.notebook import Cells, NotebookError, read_notebook
from conv_lsp.source.outline import outline_of, outlined
from conv_lsp.source.setting import is_derived_from, may_set
from conv_lsp.source.shapes import MAX_RANK, Shape, ShapeTextError, parse_inputs, parse_shape
from conv_lsp.source.spans import Comment, Problem, Span
from conv_lsp.source.statements import Statement
from conv_lsp.source.version import Files, Source, plain

__all__ = [
    "MAX_BROKEN",
    "MAX_RANK",
    "NOTE",
    "NOTEBOOK_SUFFIX",
    "Cells",
    "Comment",
    "Directive",
    "Files",
    "Graft",
    "IgnoreDirective",
    "InputDirective",
    "NotebookError",
    "Problem",
    "Shape",
    "ShapeClaim",
    "ShapeTextError",
    "Source",
    "Span",
    "Statement",
    "SwitchDirective",
    "graft",
    "is_derived_from",
    "may_set",
    "outline_of",
    "outlined",
    "parse_inputs",
    "parse_shape",
    "plain",
    "read_notebook",
]
