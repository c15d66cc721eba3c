"""`analyze`: a file's facts and findings as plain data.

`running.py` has a file run, as far as an edit asks for it (`edits.py`); `reading.py` reads the tree of
call records that the entries left, in order of execution, and gathers for every position what it was in
every context (`contexts.py`).
"""

from conv_lsp.analysis.contexts import (
    Context,
    Event,
    Fact,
    Sighting,
    block_fields,
    fields,
    read,
    readings,
)
from conv_lsp.analysis.edits import Cache
from conv_lsp.analysis.reading import Analysis, contract
from conv_lsp.analysis.running import analyze, with_deep_stack, without_collection
from conv_lsp.entry import Options
from conv_lsp.interp.signals import Cancelled

__all__ = [
    "Analysis",
    "Cache",
    "Cancelled",
    "Context",
    "Event",
    "Fact",
    "Options",
    "Sighting",
    "analyze",
    "block_fields",
    "contract",
    "fields",
    "read",
    "readings",
    "with_deep_stack",
    "without_collection",
]
