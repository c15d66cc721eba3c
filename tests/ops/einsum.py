"""Sums over named axes, with good and bad equations."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.judge import tensors, torch
from tests.ops.table import draw, program

EQUATIONS = """\
ij,jk->ik|ij,jk|ij,ij->|ii->i|ii|ij->ji|bchw,bdhw->bcd|...ij,...jk->...ik|...i->...|b...,b...->...
i,j->ij|ij , jk -> ik|ij->ijk|ij,jk->iq|ij,jk->ii|i..j->ij|ij,->ij|1j->j|ij,jk,kl->il|A,A->A|->|,->"""
SHAPES = st.sampled_from(
    [(2, 3), (3, 2), (3, 4), (2, 2), (1, 3), (2, 3, 4, 4), (3,), (2,), (), (5, 2, 3)]
)
ONES = SHAPES.map(torch.ones)
WORDS = st.sampled_from(EQUATIONS.replace("\n", "|").split("|"))
draw("torch.einsum torch.functional.einsum", WORDS, ONES, ONES)
draw("torch.einsum", WORDS, ONES)
draw("torch.einsum", st.just("ij,jk,kl->il"), tensors(2, 2, 1), tensors(2, 2, 1), tensors(2, 2, 1))
draw("torch.einsum", st.sampled_from(["bchw,bdhw->bcd", "bchw->c", "bchw->hwcb"]), tensors(4, 4, 1))
program("torch.einsum", "torch.einsum(torch.ones(2, 3), [0, 1], torch.ones(3, 4), [1, 2], [0, 2])")
program("torch.einsum", "torch.einsum(torch.ones(2, 3), [0, 1], torch.ones(3, 4), [1, 2])")
program("torch.einsum", "torch.einsum(torch.ones(2, 3), [0, 1], torch.ones(4, 4), [1, 2], [0, 2])")
