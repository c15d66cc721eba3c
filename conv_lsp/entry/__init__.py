"""Which callables to run, and on which inputs.

Best first: an expression that is asked for; the code of the file itself, which constructs and
calls; functions that need no arguments; then every module class that none of these has reached,
with symbols for what it is not given. An input's first use refines its shape.

Inside, each file needs only those before it: `runs`, `parameters`, `refining`, `forward`, `coverage`,
`explore`.
"""

from conv_lsp.entry.explore import explore, explore_from
from conv_lsp.entry.forward import own_effect
from conv_lsp.entry.runs import Options, Run

__all__ = ["Options", "Run", "explore", "explore_from", "own_effect"]
