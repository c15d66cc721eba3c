"""Sizes, receptive fields and shape errors of PyTorch models, from their source alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conv_lsp.analysis import Analysis, Options, analyze

__version__ = "0.1.0"
__all__ = ["Analysis", "Options", "__version__", "analyze"]


def __getattr__(name: str) -> Any:
    """The engine, imported when it is asked for: the command line starts without it."""
    if name in __all__:
        from conv_lsp import analysis

        return getattr(analysis, name)
    raise AttributeError(name)
