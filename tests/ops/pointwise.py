"""Element-wise functions, Python's operators."""

from __future__ import annotations

from hypothesis import strategies as st

from conv_lsp.library import operators, pointwise
from tests.judge import torch
from tests.ops._numbers import broadcast, numbers
from tests.ops.table import draw, together

SCALARS = st.sampled_from([2, 0.5, True, 3, 1j, -1])
REALS = st.sampled_from([2, 0.5, True, None])


def names(rows: tuple[tuple[object, str, str], ...], prefix: str) -> str:
    """The paths of a table's names."""
    words = [entry.partition("(") for _, _, row in rows for entry in row.split()]
    return " ".join(f"{prefix}.{name}" for name, _, _ in words)


draw(names((*pointwise.UNARY, *pointwise.TESTS), "torch"), numbers())
draw(names(pointwise.SPECIAL, "torch.special"), numbers())
draw("torch.round torch.special.round", numbers(), decimals=st.integers(-1, 3))
draw("torch.logit torch.special.logit", numbers(), eps=st.none() | st.just(1e-3))
draw("torch.nan_to_num", numbers(), nan=st.none() | st.just(1.0), posinf=st.just(2.0))
draw("torch.positive torch.conj_physical torch.frexp", numbers())
draw(
    "torch.mvlgamma torch.special.multigammaln", numbers().map(lambda t: t + 3), st.integers(-1, 2)
)
draw("torch.polygamma torch.special.polygamma", st.integers(-1, 2), numbers())
draw("Tensor.polygamma", numbers(), st.integers(-1, 2))

PAIRS = broadcast()
METHOD = st.tuples(numbers(), SCALARS)
WITH_NUMBERS = METHOD | st.tuples(SCALARS, numbers())
for path in [*names(pointwise.BINARY, "torch").split(), "torch.div", "torch.divide"]:
    more = {}
    if path.rpartition(".")[2] in ("add", "sub", "subtract"):
        more = {"alpha": st.sampled_from([2, 0.5, True])}
    if "div" in path and "_div" not in path:
        more = {"rounding_mode": st.sampled_from([None, "floor", "trunc", "round"])}
    if path == "torch.isclose":
        more = {"rtol": st.just(0.1), "equal_nan": st.booleans()}
    together(path, PAIRS, **more)
    together(path, WITH_NUMBERS, **more)
together("torch.rsub", PAIRS, alpha=st.sampled_from([2, 0.5, True]))
together("torch.rsub", st.tuples(numbers(), SCALARS))
SPECIAL = names(pointwise.SPECIAL_BINARY, "torch.special")
together(SPECIAL, PAIRS)
together(SPECIAL, WITH_NUMBERS)

for word in " ".join(row for row, _, _ in operators.BINARY).split():
    forms = [f"operator.{word}"]
    compares = word in operators.COMPARES
    if not compares:
        forms.append(f"operator.i{word.rstrip('_')}")
    dunders = [f"__{way}{word.rstrip('_')}__" for way in ("", *([] if compares else "ir"))]
    together(" ".join(f"Tensor.{name}" for name in dunders), PAIRS | METHOD)
    together(" ".join(forms), PAIRS | WITH_NUMBERS)
draw("Tensor.__abs__", numbers())
draw("operator.neg operator.pos operator.invert operator.inv operator.abs", numbers())
draw("operator.truth", st.sampled_from([torch.ones(1), torch.ones(()), torch.ones(1, 1).bool()]))

BOUNDS = st.sampled_from([None, 0, 1, 0.5, True, torch.ones(()), torch.ones(()).long()])
draw("torch.clamp torch.clip", numbers(), BOUNDS, BOUNDS)
together("torch.clamp torch.clip", broadcast("fffih", 3))
draw("torch.clamp_min torch.clamp_max", numbers(), BOUNDS)
together("torch.clamp_min torch.clamp_max", broadcast("fffihb"))
together("torch.lerp", broadcast("ffffffffffhcib", 3))
together("torch.lerp", st.tuples(numbers("fffih"), numbers("fffih"), SCALARS))
together("torch.addcmul torch.addcdiv", broadcast("ffffhcib", 3), value=st.sampled_from([2, 0.5]))

# Scalars where torch took them once, between the tensors.
OLD = numbers("f", 1, 1).map(lambda t: (t, 2, t))
together("torch.add torch.sub Tensor.add_ Tensor.sub_ Tensor.add Tensor.sub", PAIRS | METHOD | OLD)
OLDER = OLD.map(lambda p: (*p, p[0]))
together("torch.addcmul torch.addcdiv", OLDER)
