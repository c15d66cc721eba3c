"""How the arguments of every operator are drawn, one file a family, and the judge that compares.

`table` has the few words in which a draw is declared; importing the package declares all of them.
`python -m tests.ops --draws 300` prints how many rules were judged, on how many draws.
"""

import importlib
import pkgutil

for _module in pkgutil.iter_modules(__path__):
    if not _module.name.startswith("_"):
        importlib.import_module(f"{__name__}.{_module.name}")
