"""Activations, dropouts and softmax: as functions, methods and layers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from conv_lsp.axes import joined, slid, whole
from conv_lsp.dims import Dim, unknown_size
from conv_lsp.findings import AXIS_RANGE, INPUT_RANK, NORM_FEATURES, SPLIT_SIZES
from conv_lsp.library.algebra import is_floating, pointwise, replace
from conv_lsp.library.dtypes import DTYPES, dtype_name
from conv_lsp.library.layers import expect, sizes
from conv_lsp.library.module import Layer
from conv_lsp.library.raising import NOT_FLOATING, UNSIGNED, floating, refusal, refuse, writable
from conv_lsp.library.registry import OPS, Call, Op, forget, method, models, op, size_of
from conv_lsp.library.tables import declare, layer, named, parse
from conv_lsp.values import SCATTERED, Tensor, Unknown, Value
from conv_lsp.windows import Crop

# -- activations ------------------------------------------------------------------------------

# function | its parameters | layer | the layer's parameters, where they differ | where else it is
# reached: t torch.x, m a method, _ torch.x_ and F.x_ and a method x_ | elements it does not take:
# f those that are no floating point numbers, u unsigned ones, b truth values
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
        if negative(given.get("min_val")):
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

    declare(body, signature, *paths, methods=methods)


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

    layer(f"torch.nn.{kind}", signature, forward, made=bounded if kind == "Hardtanh" else None)


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
    def __init__(
        self,
        call: Call,
        num_parameters: object = 1,
        init: object = 0.25,
        device: object = None,
        dtype: object = None,
    ) -> None:
        super().__init__(call)
        sizes(call, num_parameters=num_parameters)
        count = size_of(num_parameters)
        self.num_parameters = unknown_size() if count is None else count
        self.init = init
        self.weight = Tensor((self.num_parameters,), kind="parameter")

    def describe(self) -> str:
        return f"PReLU({self.num_parameters})"

    def forward(self, call: Call, input: Tensor) -> Tensor:
        return prelu(call, input, self.weight)


@op("torch.nn.functional.glu")
def glu(call: Call, input: Tensor, dim: int = -1) -> Tensor:
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


layer("torch.nn.GLU", "dim=-1", _glu)

# -- dropout ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Dropping:
    """Dropout of a kind: whether whole features go, the ranks that it takes, if not all."""

    name: str
    features: bool = False
    ranks: tuple[int, ...] = ()

    def __call__(
        self, call: Call, input: Tensor, p: object, train: object, inplace: object = False
    ) -> Tensor:
        """The result: the input itself, where there is nothing to drop or it is written to."""
        check_probability(call, p)
        if self.ranks and input.rank not in self.ranks:
            want = " or ".join(map(str, self.ranks))
            call.fail(INPUT_RANK, at="input", name=self.name, want=want, got=input.rank)
        trains, written = call.host.truth(train), call.host.truth(inplace)
        if trains is False or is_number(p, 0) or 0 in input.sizes:
            return input
        if trains and isinstance(p, (int, float)):
            least = 1 if self.name == "dropout3d" else 2  # which takes it as a single one
            if self.features and input.rank < least and p != 1:
                want = f"at least {least}"
                call.fail(INPUT_RANK, at="input", name=self.name, want=want, got=input.rank)
            if p != 1:
                floating(call, input)
            if written:
                writable(call, input)
        if written:
            forget(input)
            return input
        result = pointwise(call, input)
        if (trains is None or written is None or isinstance(p, Unknown)) and input.strides:
            result.strides = SCATTERED
        return result


def check_probability(call: Call, p: object) -> None:
    """torch takes a probability from 0 to 1."""
    if isinstance(p, (int, float)) and not 0 <= p <= 1:
        problem = f"takes p from 0 to 1, not {p}"
        call.fail(refusal("ValueError"), at="p", name="dropout", problem=problem)


def is_number(value: object, wanted: int) -> bool:
    return isinstance(value, (int, float)) and value == wanted


# A function of torch | of torch.nn.functional | whether it trains if not told | the layer
DROPOUTS: Final = """
    dropout               | dropout               | True  | Dropout
                          | dropout1d             | True  | Dropout1d
    feature_dropout       | dropout2d             | True  | Dropout2d
                          | dropout3d             | True  | Dropout3d
    alpha_dropout         | alpha_dropout         | False | AlphaDropout
    feature_alpha_dropout | feature_alpha_dropout | False | FeatureAlphaDropout
"""


def _declare_dropouts() -> None:
    for row in DROPOUTS.strip().splitlines():
        raw, name, training, kind = (cell.strip() for cell in row.split("|"))
        features = name not in ("dropout", "alpha_dropout")
        rule = Dropping(name, features, (2, 3) if name == "dropout1d" else ())
        signature = f"input: Tensor, p=0.5, training={training}, inplace=False"
        declare(rule, signature, f"torch.nn.functional.{name}")
        if raw:
            declare(rule, "input: Tensor, p, train", f"torch.{raw}")
            declare(partial(rule, inplace=True), "input: Tensor, p, train", f"torch.{raw}_")
        members = {"__slots__": (), "rule": OPS[f"torch.nn.functional.{name}"]}
        models(f"torch.nn.{kind}")(type(kind, (DropoutLayer,), members))


class DropoutLayer(Layer):
    """Dropout of whatever kind."""

    __slots__ = ()

    rule: Op

    def __init__(self, call: Call, p: object = 0.5, inplace: object = False) -> None:
        super().__init__(call)
        expect(call, "f", p=p)
        check_probability(call, p)
        self.p = p
        self.inplace = inplace

    def describe(self) -> str:
        return f"{type(self).__name__}({self.p})"

    def forward(self, call: Call, input: Tensor) -> Value:
        return self.rule(call, [input, self.p, self.training, self.inplace], {})


_declare_dropouts()

# -- softmax ----------------------------------------------------------------------------------


def mixed(input: Tensor, axes: Iterable[int], dtype: str = "") -> Tensor:
    """The same shape; along these axes every element depends on the whole of them."""
    links = list(input.axes)
    for axis in axes:
        links[axis] = whole(links[axis])
    return input.like(axes=tuple(links), dtype=dtype or None)


@op("torch.softmax", "torch.log_softmax", "torch.special.softmax", "torch.special.log_softmax")
@method("softmax", "log_softmax")
def softmax(call: Call, input: Tensor, dim: int, dtype: object = None) -> Tensor:
    axis = call.axis(input.rank, dim)
    result = mixed(input, [axis] if input.rank else [], dtype_name(dtype, input.dtype))
    result.strides = None
    if not isinstance(dtype, Unknown) and 0 not in input.sizes:
        floating(call, result)
    return result


@op("torch.nn.functional.softmax", "torch.nn.functional.log_softmax")
def softmax_function(
    call: Call,
    input: Tensor,
    dim: int | None = None,
    _stacklevel: object = 3,
    dtype: object = None,
) -> Tensor:
    """Without `dim` torch still takes 0 for a rank of 0, 1 and 3, else 1."""
    if dim is None:
        expect(call, "i", _stacklevel=_stacklevel)
        dim = 0 if input.rank in (0, 1, 3) else 1
    return softmax(call, input, dim, dtype)


@op("torch.nn.functional.softmin")
def softmin(
    call: Call,
    input: Tensor,
    dim: int | None = None,
    _stacklevel: object = 3,
    dtype: object = None,
) -> Tensor:
    """The softmax of the negative, which truth values do not have."""
    refuse(call, input, ["bool"])
    return softmax_function(call, input, dim, _stacklevel, dtype)


@op("torch.nn.functional.gumbel_softmax")
def gumbel_softmax(
    call: Call,
    logits: Tensor,
    tau: object = 1,
    hard: object = False,
    eps: object = 1e-10,
    dim: int = -1,
) -> Tensor:
    """Noise in floating point is added first."""
    if 0 not in logits.sizes:
        floating(call, logits, at="logits")
    return softmax(call, logits, dim, None if is_floating(logits.dtype) else DTYPES["float32"])


def _declare_softmax(kind: str, name: str) -> None:
    rule = OPS[f"torch.nn.functional.{name}"]

    def forward(self: Layer, call: Call, input: Tensor) -> Value:
        dim = self.__dict__["dim"]
        if isinstance(dim, Unknown):
            return mixed(input, range(input.rank))
        return rule(call, [input, dim], {})

    layer(f"torch.nn.{kind}", "dim=None", forward)


_declare_softmax("Softmax", "softmax")
_declare_softmax("LogSoftmax", "log_softmax")
_declare_softmax("Softmin", "softmin")


def _softmax2d(self: Layer, call: Call, input: Tensor) -> Tensor:
    if input.rank not in (3, 4):
        call.fail(INPUT_RANK, at="input", name="Softmax2d", want="3 or 4", got=input.rank)
    return softmax(call, input, -3)


layer("torch.nn.Softmax2d", "", _softmax2d)

# -- identity ---------------------------------------------------------------------------------


@models("torch.nn.Identity")
class Identity(Layer):
    """Takes any arguments and does nothing."""

    def forward(self, call: Call, input: object) -> Value:
        return input
