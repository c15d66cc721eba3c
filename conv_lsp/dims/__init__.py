"""Exact symbolic integers for the sizes of tensors.

A size is a `Dim`: a plain `int` wherever it is known, else an `Expr`, a sum of integer multiples of
products of atoms. Atoms are symbols, floors `n//d`, minima and maxima. Arithmetic keeps a normal
form, so equal polynomials are `==`:

    exact multiples leave a floor          (4*H + 5)//2  ->  2*H + 2
    constants in a floor are residues      (H - 1)//32 + 1  ->  (H + 31)//32
    floors nest into one                   (H//2 + 1)//2  ->  (H + 2)//4
    a remainder is its definition          H % 4  ->  H - 4*(H//4)

The text of an expression is another matter: it is what a person would write, and a Python
expression of the same value. Identities that the normal form lacks, such as
`H//2 + (H + 1)//2 == H`, are decided by `equal`.

Every statement about an expression is meant for all sizes of its symbols, each at least its
minimum, for which the expression is defined (no divisor is zero).

Inside, each file needs only those before it: `intervals`, `expr` (the data), `division`, `bounds`,
`floors`, `extremes`, `substitution`, `comparisons`; and `text`.
"""

from conv_lsp.dims.bounds import lower_bound, upper_bound
from conv_lsp.dims.comparisons import (
    Comparison,
    Relation,
    equal,
    less,
    less_equal,
    opposite,
    proves_less,
    proves_unequal,
)
from conv_lsp.dims.division import divide_exactly
from conv_lsp.dims.expr import Dim, Expr, has_anonymous, product, symbol, total, unknown_size
from conv_lsp.dims.extremes import maximum, minimum
from conv_lsp.dims.floors import ceil_div
from conv_lsp.dims.substitution import evaluate, periods, substitute, symbols

__all__ = [
    "Comparison",
    "Dim",
    "Expr",
    "Relation",
    "ceil_div",
    "divide_exactly",
    "equal",
    "evaluate",
    "has_anonymous",
    "less",
    "less_equal",
    "lower_bound",
    "maximum",
    "minimum",
    "opposite",
    "periods",
    "product",
    "proves_less",
    "proves_unequal",
    "substitute",
    "symbol",
    "symbols",
    "total",
    "unknown_size",
    "upper_bound",
]
