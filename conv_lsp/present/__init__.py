"""Facts as a person reads them: labels, hovers, tables. Shared by the editor and the terminal."""

from conv_lsp.present.hints import Hint, fitted, hints
from conv_lsp.present.hover import Hover, hover
from conv_lsp.present.lens import Lens, lenses

__all__ = [
    "Hint",
    "Hover",
    "Lens",
    "fitted",
    "hints",
    "hover",
    "lenses",
]
