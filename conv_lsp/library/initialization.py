"""torch.nn.init: what fills a tensor gives it back."""

from __future__ import annotations

import math
from typing import Final

from conv_lsp.dims import Dim, equal, product
from conv_lsp.findings import CALL_ARGUMENTS, GROUPS_DIVIDE, INPUT_RANK
from conv_lsp.library.arguments import OTHER_TYPES
from conv_lsp.library.registry import Call, op
from conv_lsp.library.tables import declare
from conv_lsp.values import Tensor, Unknown, Value

_FAN: Final = "a=0, mode=fan_in, nonlinearity=leaky_relu, generator=None"

# name | what follows the tensor | the ranks that are taken
FILLERS: Final = f"""
    uniform_         | a=0.0, b=1.0, generator=None               | 0-
    normal_          | mean=0.0, std=1.0, generator=None          | 0-
    trunc_normal_    | mean=0.0, std=1.0, a=-2.0, b=2.0, generator=None | 0-
    constant_        | val                                        | 0-
    ones_            |                                            | 0-
    zeros_           |                                            | 0-
    eye_             |                                            | 2-2
    dirac_           | groups=1                                   | 3-5
    xavier_uniform_  | gain=1.0, generator=None                   | 2-
    xavier_normal_   | gain=1.0, generator=None                   | 2-
    kaiming_uniform_ | {_FAN}                                     | 2-
    kaiming_normal_  | {_FAN}                                     | 2-
    orthogonal_      | gain=1, generator=None                     | 2-
    sparse_          | sparsity, std=0.01, generator=None         | 2-2
"""
# Without the underscore are the deprecated names.
DEPRECATED: Final = "uniform normal constant eye dirac xavier_uniform xavier_normal kaiming_uniform"
DEPRECATED_TOO: Final = "kaiming_normal orthogonal sparse"


TYPED: Final = {
    **dict.fromkeys("a b mean std val gain sparsity".split(), "f"),
    **dict.fromkeys("mode nonlinearity".split(), "s"),
    "groups": "ib",
}
"""What the options take, in the letters of `torch_types`."""


def _declare(name: str, options: str, ranks: str) -> None:
    first, _, last = ranks.partition("-")
    least, most = int(first), int(last) if last else None
    want = f"at least {least}" if most is None else least if least == most else f"{least} to {most}"

    def fill(call: Call, tensor: Tensor, *args: Value, **kwargs: Value) -> Tensor:
        """The tensor itself, with other numbers."""
        rank = tensor.rank if tensor.known else least
        if rank < least or (most is not None and rank > most):
            call.fail(INPUT_RANK, at="tensor", name=f"{name}()", got=rank, want=want)
        if name.startswith("kaiming"):
            given = {**KAIMING, **dict(zip(KAIMING, args, strict=False)), **kwargs}
            check_mode(call, given["mode"])
            if isinstance(given["nonlinearity"], str):
                calculate_gain(call, given["nonlinearity"], given["a"])
        if name == "uniform_":
            given = {"a": 0.0, "b": 1.0, **dict(zip("ab", args, strict=False)), **kwargs}
            check_bounds(call, given["a"], given["b"])
        if name == "dirac_" and tensor.known:
            check_groups(call, tensor.sizes[0], args[0] if args else kwargs.get("groups", 1))
        return tensor

    signature = ", ".join(filter(None, ["tensor: AnyRank", options]))
    paths = [f"torch.nn.init.{name}"]
    if name.rstrip("_") in f"{DEPRECATED} {DEPRECATED_TOO}".split():
        paths.append(f"torch.nn.init.{name.rstrip('_')}")
    declare(fill, signature, *paths)
    words = [part.partition("=")[0] for part in options.split(", ")]
    told = [f"{word}:{TYPED[word]}" for word in words if word in TYPED]
    if name.startswith("kaiming"):
        told = [part for part in told if part != "a:f"]  # looked at for leaky_relu only
    OTHER_TYPES.update(dict.fromkeys(paths, " ".join(["tensor:T", *told])))


KAIMING: Final[dict[str, Value]] = {"a": 0, "mode": "fan_in", "nonlinearity": "leaky_relu"}


def check_mode(call: Call, mode: Value) -> None:
    """Which of the two sizes of a weight counts."""
    if isinstance(mode, str) and mode.lower() not in ("fan_in", "fan_out"):
        problem = f"mode {mode!r} is neither 'fan_in' nor 'fan_out'"
        call.fail(CALL_ARGUMENTS, at="mode", name="it", problem=problem)


def check_bounds(call: Call, a: Value, b: Value) -> None:
    """Numbers are drawn from a to b."""
    if isinstance(a, (int, float)) and isinstance(b, (int, float)) and a > b:
        problem = f"draws no numbers from {a} to {b}"
        call.fail(CALL_ARGUMENTS, at="a", name="uniform_", problem=problem)


def check_groups(call: Call, rows: Dim, groups: Value) -> None:
    """Every group has as many rows."""
    if isinstance(groups, int) and (groups < 1 or equal(rows % groups, 0) is False):
        call.fail(GROUPS_DIVIDE, at="groups", name="the first size", got=rows, groups=groups)


for _row in FILLERS.strip().splitlines():
    _name, _options, _ranks = (cell.strip() for cell in _row.split("|"))
    _declare(_name, _options, _ranks)

GAINS: Final = {
    "tanh": 5.0 / 3,
    "relu": math.sqrt(2.0),
    "selu": 0.75,
    **dict.fromkeys(
        [
            "linear",
            "sigmoid",
            *(f"conv{t}{n}d" for t in ("", "_transpose") for n in (1, 2, 3)),
        ],
        1.0,
    ),
}


@op("torch.nn.init.calculate_gain")
def calculate_gain(call: Call, nonlinearity: str, param: object = None) -> Value:
    """The factor by which weights are larger before a nonlinearity."""
    if nonlinearity == "leaky_relu":
        slope = 0.01 if param is None else param
        if isinstance(slope, (int, float)) and not isinstance(slope, bool):
            return math.sqrt(2.0 / (1 + slope**2))
        if not isinstance(slope, (Unknown, Tensor)):
            problem = f"takes a number as slope, not {slope!r}"
            call.fail(CALL_ARGUMENTS, at="param", name="calculate_gain", problem=problem)
        return Unknown("the slope is not known")
    if nonlinearity not in GAINS:
        problem = f"does not know the nonlinearity '{nonlinearity}'"
        call.fail(CALL_ARGUMENTS, at="nonlinearity", name="calculate_gain", problem=problem)
    return GAINS[nonlinearity]


OTHER_TYPES["torch.nn.init.calculate_gain"] = "nonlinearity:s"
for _name in "_calculate_fan_in_and_fan_out", "_calculate_correct_fan":
    OTHER_TYPES[f"torch.nn.init.{_name}"] = "tensor:T mode:s"


@op("torch.nn.init._calculate_fan_in_and_fan_out")
def fans(call: Call, tensor: Tensor) -> Value:
    if tensor.rank < 2:
        call.fail(INPUT_RANK, at="tensor", name="the fan", got=tensor.rank, want="at least 2")
    field = product(tensor.sizes[2:])
    return tensor.sizes[1] * field, tensor.sizes[0] * field


@op("torch.nn.init._calculate_correct_fan")
def correct_fan(call: Call, tensor: Tensor, mode: str) -> Value:
    check_mode(call, mode)
    return fans(call, tensor)[0 if mode.lower() == "fan_in" else 1]


@op("torch.nn.init._no_grad_trunc_normal_")
def no_grad_trunc_normal_(
    call: Call,
    tensor: object,
    mean: object,
    std: object,
    a: object,
    b: object,
    generator: object = None,
) -> Value:
    return tensor
