"""Advice: what runs, and is yet worth a look. Read from an analysis when it is asked for.

Advice proves less than an error does, so it is silent where it is not sure: it speaks of lines that
are certain to run, of files of the user's own, and in numbers that are known.
"""

from conv_lsp.advice.advise import advise

__all__ = ["advise"]
