"""Distances between vectors."""

from __future__ import annotations

from conv_lsp.axes import joined, whole
from conv_lsp.dims import Dim
from conv_lsp.findings import CALL_ARGUMENTS, INPUT_RANK
from conv_lsp.library.algebra import pointwise, promote_operands
from conv_lsp.library.arguments import OTHER_TYPES
from conv_lsp.library.dtypes import want_dtype, want_floats
from conv_lsp.library.loss_sizes import no_booleans
from conv_lsp.library.matrices import contracting
from conv_lsp.library.module import Layer
from conv_lsp.library.reduction import reduced
from conv_lsp.library.registry import OPS, Call, method, op
from conv_lsp.library.tables import layer
from conv_lsp.library.taking import floats, parts
from conv_lsp.values import Tensor, Value

# -- distances --------------------------------------------------------------------------------


@op("torch.cosine_similarity", "torch.nn.functional.cosine_similarity")
def cosine_similarity(
    call: Call, x1: Tensor, x2: Tensor, dim: int = 1, eps: object = 1e-8
) -> Tensor:
    """The shape of the two, broadcast, without the axis."""
    both = pointwise(call, x1, x2)
    want_floats(call, "cosine_similarity()", x1=both)
    return reduced(call, both, dim, False, both.dtype)


@op("torch.pairwise_distance", "torch.nn.functional.pairwise_distance")
def pairwise_distance(
    call: Call,
    x1: Tensor,
    x2: Tensor,
    p: object = 2.0,
    eps: object = 1e-6,
    keepdim: object = False,
) -> Tensor:
    """The shape of the two, broadcast, without the last axis, or with size 1 for keepdim."""
    no_booleans(call, x1=x1, x2=x2)
    both = pointwise(call, x1, x2)
    return reduced(call, both, -1, keepdim, floats(both.dtype))


def _cosine(self: Layer, call: Call, x1: Tensor, x2: Tensor) -> Value:
    own = {name: self.__dict__[name] for name in ("dim", "eps")}
    return OPS["torch.cosine_similarity"](call, (x1, x2), own)


def _pairwise(self: Layer, call: Call, x1: Tensor, x2: Tensor) -> Value:
    own = {name: self.__dict__[name] for name in ("eps", "keepdim")}
    return OPS["torch.pairwise_distance"](call, (x1, x2), {"p": self.__dict__["p"], **own})


layer(
    "torch.nn.CosineSimilarity",
    "dim=1, eps=1e-08",
    _cosine,
    "x1: Tensor, x2: Tensor",
    said="The shape of the two, broadcast, without the axis",
)
layer(
    "torch.nn.PairwiseDistance",
    "p=2.0, eps=1e-06, keepdim=False",
    _pairwise,
    "x1: Tensor, x2: Tensor",
    said="The shape of the two, broadcast, without the last axis, or with size 1 for keepdim",
)


@op("torch.dist")
@method("dist")
def dist(call: Call, input: Tensor, other: Tensor, p: object = 2) -> Tensor:
    """One number for all elements."""
    both = pointwise(call, input, other)
    whole_numbers = input if input.dtype == "bool" else other if other.dtype == "bool" else both
    want_floats(call, "dist()", input=whole_numbers)
    if isinstance(p, (int, float)) and p < 0 and 0 in both.sizes:
        problem = f"there is no norm of order {p} of no elements"
        call.fail(CALL_ARGUMENTS, at="p", name="dist", problem=problem)
    return reduced(call, both, None, False, parts(both.dtype))


def check_order(call: Call, name: str, p: object) -> None:
    """The order of a norm is not negative."""
    if isinstance(p, (int, float)) and p < 0:
        problem = f"takes a p of at least 0, not {p}"
        call.fail(CALL_ARGUMENTS, at="p", name=name, problem=problem)


OTHER_TYPES["torch.cdist"] = "x1:T x2:T p:f"


@op("torch.cdist")
def cdist(
    call: Call, x1: Tensor, x2: Tensor, p: object = 2.0, compute_mode: object = None
) -> Tensor:
    """(*, P, M) and (*, R, M) give (*, P, R)."""
    for at, tensor in (("x1", x1), ("x2", x2)):
        if tensor.rank < 2:
            call.fail(INPUT_RANK, at=at, name="cdist()", got=tensor.rank, want="at least 2")
    check_order(call, "cdist", p)
    want_floats(call, "cdist()", x1=x1, x2=x2)
    want_dtype(call, "cdist()", x1.dtype, x2=x2)
    contracting(call, x1.sizes[-1], x2.sizes[-1], "x2")
    first, second = (Tensor(t.sizes[:-2], t.axes[:-2]) for t in (x1, x2))
    batch = pointwise(call, first, second)
    features = whole(x1.axes[-1], x2.axes[-1])
    return Tensor(
        (*batch.sizes, x1.sizes[-2], x2.sizes[-2]),
        (*batch.axes, x1.axes[-2], x2.axes[-2]),
        seen=joined(x1.seen, x2.seen, features),
        dtype=promote_operands((x1, x2)),
    )


@op("torch.pdist", "torch.nn.functional.pdist")
def pdist(call: Call, input: Tensor, p: object = 2) -> Tensor:
    """Between all pairs of rows: (N, M) gives (N·(N − 1)/2,)."""
    if input.rank != 2:
        call.fail(INPUT_RANK, at="input", name="pdist()", got=input.rank, want=2)
    check_order(call, "pdist", p)
    want_floats(call, "pdist()", input=input)
    n: Dim = input.sizes[0]
    return Tensor((n * (n - 1) // 2,), seen=whole(input.seen, *input.axes), dtype=input.dtype)
