"""Files of a project: open buffers, files on disk, and where imports lead.

Nothing is imported and no interpreter is run. One thread at a time uses a `Project`.
"""

from conv_lsp.project.environment import Environment, environment
from conv_lsp.project.files import Project
from conv_lsp.project.listing import files_below
from conv_lsp.project.naming import module_name_of, package_of
from conv_lsp.project.outlines import Outlines
from conv_lsp.project.texts import MAX_BYTES, MAX_CHARACTERS, MAX_FILES, Texts, Unreadable

__all__ = [
    "MAX_BYTES",
    "MAX_CHARACTERS",
    "MAX_FILES",
    "Environment",
    "Outlines",
    "Project",
    "Texts",
    "Unreadable",
    "environment",
    "files_below",
    "module_name_of",
    "package_of",
]
