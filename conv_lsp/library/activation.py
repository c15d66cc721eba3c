"""Activations, element by element: as functions, methods and layers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from conv_lsp.axes import joined, slid
from conv_lsp.dims import Dim
from conv_lsp.findings import AXIS_RANGE, INPUT_RANK, NORM_FEATURES, SPLIT_SIZES
from conv_lsp.library.algebra import is_floating, pointwise, replace
from conv_lsp.library.layers import expect
from conv_lsp.library.module import Layer
from conv_lsp.library.raising import NOT_FLOATING, UNSIGNED, floating, refusal, refuse, writable
from conv_lsp.library.registry import OPS, Call, forget, method, models, op
from conv_lsp.library.sliding import at_least, number, once, spread
from conv_lsp.library.tables import declare, layer, named, parse
from conv_lsp.values import SCATTERED, Tensor, Value
from conv_lsp.windows import Crop

# -- activations ------------------------------------------------------------------------------

# function | its parameters | layer | the layer's parameters, where they differ | where else it is
# reached: t torch.x, m a method, _ torch.x_ and F.x_ and a method x_ | elements it does not take:
# f those that are no floating point numbers, b truth values
ACTIVATIONS: Final = """
    relu       | inplace=False                                            | ReLU       |                       | t m _ F_ | b
    relu6      | inplace=False                                            | ReLU6      |                       |      | b
    elu        | alpha=1.0, inplace=False                                 | ELU        |                       | F_   | f
    selu       | inplace=False                                            | SELU       |                       | t t_ F_ | f
    celu       | alpha=1.0, inplace=False                                 | CELU       |                       | t t_ F_ | f
    leaky_relu | negative_slope=0.01, inplace=False                       | LeakyReLU  |                       | F_   | f
    rrelu      | lower=0.125, upper=0.3333333333333333, training=False, inplace=False | RReLU | lower=0.125, upper=0.3333333333333333, inplace=False | t t_ F_ | f
    hardtanh   | min_val=-1.0, max_val=1.0, inplace=False                 | Hardtanh   | min_val=-1.0, max_val=1.0, inplace=False, min_value=None, max_value=None | F_ | b
    hardsigmoid | inplace=False                                           | Hardsigmoid |                      |      | f
    hardswish  | inplace=False                                            | Hardswish  |                       |      | f
    silu       | inplace=False                                            | SiLU       |                       |      | f
    mish       | inplace=False                                            | Mish       |                       |      | f
    gelu       | *, approximate=none                                      | GELU       | approximate=none      |      | f
    threshold  | threshold, value, inplace=False                          | Threshold  |                       | t t_ F_ | b
    hardshrink | lambd=0.5                                                | Hardshrink |                       | t m  | f
    softshrink | lambd=0.5                                                | Softshrink |                       |      | f
    softplus   | beta=1, threshold=20                                     | Softplus   | beta=1.0, threshold=20.0 |   | f
    logsigmoid |                                                          | LogSigmoid |                       |      | f
    tanhshrink |                                                          | Tanhshrink |                       |      | b
    softsign   |                                                          | Softsign   |                       |      | b
    tanh       |                                                          | Tanh       |                       | t m _ |
    sigmoid    |                                                          | Sigmoid    |                       | t m _ |
"""
REFUSED: Final = {"f": NOT_FLOATING, "b": frozenset(["bool"]), "": frozenset[str]()}
SHAPE: Final = "The shape of the input"
# Integers give float32.
TO_FLOAT: Final = frozenset("tanh sigmoid softsign tanhshrink".split())
# The layout of the result is not said.
COPIED: Final = frozenset("rrelu logsigmoid".split())
# torch does not look whether the elements it writes to share a place in memory.
UNCHECKED: Final = frozenset(["threshold"])


@dataclass(frozen=True, slots=True)
class Activation:
    """A function element by element: its name, and the elements that it does not take."""

    name: str
    refused: frozenset[str]

    def __call__(self, call: Call, input: Tensor, given: Mapping[str, Value]) -> Tensor:
        """The result; the input itself, where it is written to."""
        name = self.name
        limits(call, name, given)
        refuse(call, input, self.refused)
        if negative(given.get("min_val")) or negative(given.get("max_val")):
            refuse(call, input, UNSIGNED)
        if name == "threshold" and any(map(below_zero, given.values())):
            refuse(call, input, UNSIGNED)
        written = call.host.truth(given.get("inplace", False))
        if written:
            if name.rstrip("_") in TO_FLOAT:
                floating(call, input)
            if name not in UNCHECKED:
                writable(call, input)
            forget(input)
            return input
        to_float = name in TO_FLOAT and not is_floating(input.dtype)
        result = pointwise(call, input, dtype="float32" if to_float else "")
        if written is None or name in COPIED:
            result.strides = None if input.strides is None else SCATTERED
        return result


def negative(value: Value) -> bool:
    return isinstance(value, (int, float)) and value <= -1


def below_zero(value: Value) -> bool:
    """Whether it is a float that no unsigned integer can be; negative integers are taken."""
    return isinstance(value, float) and value < 0


def limits(call: Call, name: str, given: Mapping[str, Value]) -> None:
    """Fail at numbers that torch takes for no function."""
    known = {n: v for n, v in given.items() if isinstance(v, (int, float))}

    def require(truth: bool, problem: str, kind: str = "RuntimeError") -> None:
        if not truth:
            call.fail(refusal(kind), name=name, problem=problem)

    if name == "hardtanh" and {"min_val", "max_val"} <= known.keys():
        low, high = known["min_val"], known["max_val"]
        require(low <= high, f"min_val {low} is above max_val {high}", "ValueError")
    if name.startswith("rrelu") and {"lower", "upper"} <= known.keys():
        low, high = known["lower"], known["upper"]
        require(low <= high, f"lower {low} is above upper {high}")
    if name == "softshrink":
        lambd = known.get("lambd", 0)
        require(lambd >= 0, f"lambd has to be at least 0, not {lambd}")
    if name.startswith("celu"):
        require(known.get("alpha", 1) != 0, "alpha cannot be 0")
    how = given.get("approximate")
    if isinstance(how, str):
        require(how in ("none", "tanh"), f"approximate has to be 'none' or 'tanh', not {how!r}")


def _declare_activations() -> None:
    for row in ACTIVATIONS.strip().splitlines():
        name, parameters, kind, own, reach, refused = (cell.strip() for cell in row.split("|"))
        function = Activation(name, REFUSED[refused])
        where = reach.split()
        signature = f"input: Tensor, {parameters}".rstrip(", ")
        plain = signature.replace(", inplace=False", "")
        _declare(function, signature, f"torch.nn.functional.{name}")
        paths = [f"torch.{name}"] if "t" in where else []
        _declare(function, plain, *paths, methods=[name] if "m" in where else [])
        paths = [f"torch.{name}_"] if "_" in where or "t_" in where else []
        paths += [f"torch.nn.functional.{name}_"] if "F_" in where else []
        methods = [f"{name}_"] if "_" in where else []
        raw = Activation(name if name in UNCHECKED else f"{name}_", function.refused)
        _declare(raw, plain, *paths, methods=methods, inplace=True)
        _declare_layer(function, kind, own or parameters.replace("*, ", ""))


def _declare(
    function: Activation, signature: str, *paths: str, methods: Iterable[str] = (), **more: Value
) -> None:
    """The function at these paths, given by name what the signature names."""
    parameters = parse(signature)

    def body(call: Call, *args: Value, **kwargs: Value) -> Tensor:
        given = named(parameters, args, kwargs)
        return function(call, args[0], given | more)

    to_float = f"{SHAPE}; integers give float32" if function.name in TO_FLOAT else SHAPE
    said = "The tensor itself, written to" if more else to_float
    declare(body, signature, *paths, methods=methods, said=said)


def _declare_layer(function: Activation, kind: str, signature: str) -> None:
    rule = OPS[f"torch.nn.functional.{function.name}"]
    taken = (*rule.parameters.names, *rule.parameters.keyword_only)
    words = [p.name for p in parse(signature) if p.name in taken]

    def forward(self: Layer, call: Call, input: Tensor) -> Value:
        own = self.__dict__
        given = {name: own[name] for name in words}
        if function.name == "rrelu":
            given["training"] = self.training
        return rule(call, [input], given)

    made = bounded if kind == "Hardtanh" else None
    said = f"{SHAPE}; integers give float32" if function.name in TO_FLOAT else SHAPE
    layer(f"torch.nn.{kind}", signature, forward, made=made, said=said)


def bounded(self: Layer, call: Call) -> None:
    """Fail at a range without room; the old names of its ends go before the new ones."""
    own = self.__dict__
    for end in ("min_val", "max_val"):
        old = own.pop(f"{end}ue")
        own[end] = own[end] if old is None else old
    low, high = own["min_val"], own["max_val"]
    if isinstance(low, (int, float)) and isinstance(high, (int, float)) and low >= high:
        problem = f"min_val {low} is not below max_val {high}"
        call.fail(refusal("AssertionError"), name="Hardtanh", problem=problem)


_declare_activations()


@op("torch.prelu", "torch.nn.functional.prelu")
@method("prelu")
def prelu(call: Call, input: Tensor, weight: Tensor) -> Tensor:
    """The shape of the input."""
    floating(call, input, weight)
    if weight.rank > 1:
        call.fail(INPUT_RANK, at="weight", name="the weight of prelu()", got=weight.rank, want=1)
    if weight.rank == 1 and weight.shape != (1,):
        if input.rank == 0:
            call.fail(INPUT_RANK, at="input", name="prelu()", got=0, want="at least 1")
        channels: Dim = input.sizes[1] if input.rank > 1 else 1
        call.require_equal(NORM_FEATURES, channels, weight.sizes[0], at="input")
    return pointwise(call, input)


@models("torch.nn.PReLU")
class PReLU(Layer):
    """The shape of the input."""

    def __init__(
        self,
        call: Call,
        num_parameters: object = 1,
        init: object = 0.25,
        device: object = None,
        dtype: object = None,
    ) -> None:
        super().__init__(call)
        expect(call, "iI", num_parameters=num_parameters)
        count = tuple(number(call, n, "num_parameters") for n in spread(num_parameters, 1))
        at_least(call, 0, "num_parameters", count)
        self.num_parameters = num_parameters
        self.init = init
        self.weight = Tensor(count, kind="parameter")

    def describe(self) -> str:
        return f"PReLU({once(self.num_parameters)})"

    def forward(self, call: Call, input: Tensor) -> Tensor:
        return prelu(call, input, self.weight)


@op("torch.nn.functional.glu")
def glu(call: Call, input: Tensor, dim: int = -1) -> Tensor:
    """The size n of an axis becomes n/2."""
    floating(call, input)
    axis = call.axis(input.rank, dim)
    if input.rank == 0:
        call.fail(AXIS_RANGE, at="input", dim=dim, rank=0)
    size = input.sizes[axis]
    if size % 2 == 1:
        call.fail(SPLIT_SIZES, at="input", total=size, sizes="two halves")
    half, link = size // 2, input.axes[axis]
    halves = (slid(Crop(start, half), link, size) for start in (0, half))
    return replace(input, axis, half, joined(*halves))


def _glu(self: Layer, call: Call, input: Tensor) -> Value:
    return OPS["torch.nn.functional.glu"](call, [input, self.__dict__["dim"]], {})


layer("torch.nn.GLU", "dim=-1", _glu, said="The size n of an axis becomes n/2")

# -- identity ---------------------------------------------------------------------------------


@models("torch.nn.Identity")
class Identity(Layer):
    """Takes any arguments and does nothing."""

    def forward(self, call: Call, input: object) -> Value:
        return input
