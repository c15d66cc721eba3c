"""What all tests share: quiet, repeatable runs on small machines."""

from __future__ import annotations

import os
import tempfile

from hypothesis import settings

# One thread each: the tests run side by side, and the tensors are tiny. Set before torch is
# imported anywhere, so that it holds in subprocesses too.
for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

# A user's own configuration changes neither an answer nor a picture.
for variable in ("VIRTUAL_ENV", "CONDA_PREFIX", "FORCE_COLOR", "NO_COLOR"):
    os.environ.pop(variable, None)

# Nor does what an earlier run has left in the user's cache.
_CACHE = tempfile.TemporaryDirectory(prefix="conv-lsp-")
os.environ["XDG_CACHE_HOME"] = os.environ["LOCALAPPDATA"] = _CACHE.name

# The same draws every time; with CONV_LSP_RANDOM others each time, for who looks for more.
settings.register_profile("repeatable", derandomize=True, database=None)
settings.register_profile("random", derandomize=False)
settings.load_profile("random" if os.environ.get("CONV_LSP_RANDOM") else "repeatable")
