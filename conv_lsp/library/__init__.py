"""What callables outside the user's code do: tables and short functions, one file a family."""

from conv_lsp.library.loading import CORE, load

for _family in CORE:
    load(_family)
