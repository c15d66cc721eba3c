"""Torch as the last resort and as the witness: what is asked of it, always in another process.

Nothing here imports torch. `conv_lsp.torch_worker` has the programs that do.
"""

from conv_lsp.witness.asking import Said, Witness
from conv_lsp.witness.interpreter import Interpreter, interpreter_of

__all__ = ["Interpreter", "Said", "Witness", "interpreter_of"]
