"""Shapes that comments tell, read as people write them and compared with the lines beside them."""

from conv_lsp.comments.checking import Checked, check, comment_findings, confirmed
from conv_lsp.comments.subjects import Subject, subjects

__all__ = ["Checked", "Subject", "check", "comment_findings", "confirmed", "subjects"]
