"""Distances between vectors."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.judge import AXES, torch
from tests.ops._kinds import FLAGS, SIZE, SOME, shaped
from tests.ops.table import draw, layers_together, together

KINDS = st.sampled_from([*[torch.float32] * 8, torch.float64, torch.int64, torch.bool])
POWERS = st.sampled_from([1, 2.0, 0, -1.0])


@st.composite
def pair(draw: Any) -> Any:
    """Two tensors of nearly the same shape."""
    shape = draw(st.lists(SOME, max_size=3))
    return [draw(shaped(*shape, dtype=KINDS)) for _ in range(2)]


@st.composite
def rows(draw: Any) -> Any:
    """Two batches of vectors of one length."""
    batch, (one, two, features) = (
        draw(st.lists(SOME, max_size=2)),
        draw(st.tuples(SOME, SOME, SOME)),
    )
    return [draw(shaped(*batch, n, features, dtype=KINDS)) for n in (one, two)]


together("torch.cosine_similarity torch.nn.functional.cosine_similarity", pair(), dim=AXES)
together(
    "torch.pairwise_distance torch.nn.functional.pairwise_distance", pair(), p=POWERS, keepdim=FLAGS
)
together("torch.dist", pair(), p=POWERS)
together("torch.cdist", rows(), p=POWERS)
PLANES = st.tuples(SIZE, SIZE) | st.lists(SIZE, max_size=3)
draw("torch.pdist", PLANES.flatmap(lambda s: shaped(*s, dtype=KINDS)), p=POWERS)
layers_together("torch.nn.CosineSimilarity", pair().map(lambda p: ((), p)), dim=AXES)
layers_together("torch.nn.PairwiseDistance", pair().map(lambda p: ((), p)), p=POWERS, keepdim=FLAGS)
