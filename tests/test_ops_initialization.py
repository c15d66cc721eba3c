"""torch.nn.init against CPU torch."""

from __future__ import annotations

from typing import Any

import pytest

from conv_lsp.library.initialization import FILLERS
from conv_lsp.values import Tensor, Unknown
from tests.judge import agree, torch
from tests.opcheck import run

init = torch.nn.init
NAMES = [row.split("|")[0].strip() for row in FILLERS.strip().splitlines()]
NEEDED = {"constant_": (0.5,), "sparse_": (0.1,)}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.filterwarnings("ignore")
def test_fillers_give_back_their_tensor(name: str) -> None:
    more: Any = NEEDED.get(name, ())
    shapes: list[tuple[int, ...]] = [(3,), (2, 3), (2, 3, 4), (2, 3, 4, 4)]
    if name in ("eye_", "dirac_", "sparse_"):
        shapes = [s for s in shapes if (len(s) == 2) == (name != "dirac_") or len(s) == 1]
    for shape in shapes:
        agree(f"torch.nn.init.{name}", getattr(init, name), torch.zeros(shape), *more)


@pytest.mark.parametrize("name", ["relu", "tanh", "linear", "conv2d", "selu", "leaky_relu", "gelu"])
def test_gains(name: str) -> None:
    agree("torch.nn.init.calculate_gain", init.calculate_gain, name)
    agree("torch.nn.init.calculate_gain", init.calculate_gain, "leaky_relu", 0.2)


def test_fans() -> None:
    path = "torch.nn.init._calculate_fan_in_and_fan_out"
    for shape in ((4, 3), (4, 3, 2, 2), (4,)):
        agree(path, init._calculate_fan_in_and_fan_out, torch.zeros(shape))


def test_a_tensor_of_unknown_rank_stays_what_it_is() -> None:
    given = Tensor(Unknown("weight"))
    assert run("torch.nn.init.xavier_uniform_", given) == (given, [])
