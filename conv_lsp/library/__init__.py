"""What callables outside the user's code do: tables and short functions, one file a family."""

import importlib

FAMILIES = (
    "activation",
    "adaptive",
    "arithmetic",
    "attention",
    "attributes",
    "builtins",
    "containers",
    "convolution",
    "creation",
    "dtypes",
    "einops",
    "einsum",
    "embedding",
    "indexing",
    "joining",
    "kinds",
    "layernorm",
    "linear",
    "matrices",
    "module",
    "normalization",
    "padding",
    "picking",
    "pointwise",
    "pooling",
    "rearranging",
    "recurrent",
    "reduction",
    "repeating",
    "resizing",
    "shaping",
    "transformer",
    "weightnorm",
    "wrappers",
)

for _family in FAMILIES:
    importlib.import_module(f"conv_lsp.library.{_family}")
