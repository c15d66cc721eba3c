"""Activations, dropouts and softmax: as functions, methods and layers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from conv_lsp.axes import joined, slid, whole
from conv_lsp.dims import Dim
from conv_lsp.findings import AXIS_RANGE, CALL_ARGUMENTS, INPUT_RANK, NORM_FEATURES, SPLIT_SIZES
from conv_lsp.library.algebra import is_floating, pointwise, replace
from conv_lsp.library.dtypes import dtype_name
from conv_lsp.library.module import Layer
from conv_lsp.library.registry import Call, method, models, op
from conv_lsp.library.tables import declare, layer
from conv_lsp.values import SCATTERED, Tensor, Value
from conv_lsp.windows import Crop

# -- activations ------------------------------------------------------------------------------

# function | its parameters | layer | the layer's parameters, where they differ | where else it is
# reached: t torch.x, m a method, _ torch.x_ and F.x_ and a method x_
ACTIVATIONS: Final = """
    relu       | inplace=False                                            | ReLU       |                       | t m _ F_
    relu6      | inplace=False                                            | ReLU6      |                       |
    elu        | alpha=1.0, inplace=False                                 | ELU        |                       | F_
    selu       | inplace=False                                            | SELU       |                       | t t_ F_
    celu       | alpha=1.0, inplace=False                                 | CELU       |                       | t t_ F_
    leaky_relu | negative_slope=0.01, inplace=False                       | LeakyReLU  |                       | F_
    rrelu      | lower=0.125, upper=0.3333333333333333, training=False, inplace=False | RReLU | lower=0.125, upper=0.3333333333333333, inplace=False | t t_ F_
    hardtanh   | min_val=-1.0, max_val=1.0, inplace=False                 | Hardtanh   | min_val=-1.0, max_val=1.0, inplace=False, min_value=None, max_value=None | F_
    hardsigmoid | inplace=False                                           | Hardsigmoid |                      |
    hardswish  | inplace=False                                            | Hardswish  |                       |
    silu       | inplace=False                                            | SiLU       |                       |
    mish       | inplace=False                                            | Mish       |                       |
    gelu       | *, approximate=none                                      | GELU       | approximate=none      |
    threshold  | threshold, value, inplace=False                          | Threshold  |                       | t t_ F_
    hardshrink | lambd=0.5                                                | Hardshrink |                       | t m
    softshrink | lambd=0.5                                                | Softshrink |                       |
    softplus   | beta=1, threshold=20                                     | Softplus   | beta=1.0, threshold=20.0 |
    logsigmoid |                                                          | LogSigmoid |                       |
    tanhshrink |                                                          | Tanhshrink |                       |
    softsign   |                                                          | Softsign   |                       |
    tanh       |                                                          | Tanh       |                       | t m _
    sigmoid    |                                                          | Sigmoid    |                       | t m _
"""


def unary(call: Call, input: Tensor, *args: Value, **kwargs: Value) -> Tensor:
    """Element by element."""
    return pointwise(call, input)


def unary_float(call: Call, input: Tensor, *args: Value, **kwargs: Value) -> Tensor:
    """Element by element; integers become float32."""
    return pointwise(call, input, dtype="" if is_floating(input.dtype) else "float32")


def unary_copied(call: Call, input: Tensor, *args: Value, **kwargs: Value) -> Tensor:
    """Element by element into a tensor of a layout that is not said."""
    result = pointwise(call, input)
    result.strides = None if input.strides is None else SCATTERED
    return result


BODIES: Final = {
    "tanh": unary_float,
    "sigmoid": unary_float,
    "softsign": unary_float,
    "rrelu": unary_copied,
    "logsigmoid": unary_copied,
}


def activate(self: Layer, call: Call, input: Tensor) -> Tensor:
    """The forward of a layer that works element by element."""
    return pointwise(call, input)


def activate_copied(self: Layer, call: Call, input: Tensor) -> Tensor:
    """As `activate`, for those of `unary_copied`."""
    return unary_copied(call, input)


def _declare_activations() -> None:
    for row in ACTIVATIONS.strip().splitlines():
        name, parameters, kind, own, reach = (cell.strip() for cell in row.split("|"))
        body = BODIES.get(name, unary)
        signature = f"input: Tensor, {parameters}".rstrip(", ")
        where = reach.split()
        declare(body, signature, f"torch.nn.functional.{name}")
        plain = signature.replace(", inplace=False", "")
        paths = [f"torch.{name}"] if "t" in where else []
        declare(body, plain, *paths, methods=[name] if "m" in where else [])
        in_place = [f"torch.{name}_"] if "_" in where or "t_" in where else []
        in_place += [f"torch.nn.functional.{name}_"] if "F_" in where else []
        declare(unary, plain, *in_place, methods=[f"{name}_"] if "_" in where else [])
        forward = activate if body is not unary_copied else activate_copied
        layer(f"torch.nn.{kind}", own or parameters.replace("*, ", ""), forward)


_declare_activations()


@op("torch.prelu", "torch.nn.functional.prelu")
@method("prelu")
def prelu(call: Call, input: Tensor, weight: Tensor) -> Tensor:
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
        num_parameters: Dim = 1,
        init: object = 0.25,
        device: object = None,
        dtype: object = None,
    ) -> None:
        super().__init__(call)
        self.num_parameters = num_parameters
        self.init = init
        self.weight = Tensor((num_parameters,), kind="parameter")

    def describe(self) -> str:
        return f"PReLU({self.num_parameters})"

    def forward(self, call: Call, input: Tensor) -> Tensor:
        return prelu(call, input, self.weight)


@op("torch.nn.functional.glu")
def glu(call: Call, input: Tensor, dim: int = -1) -> Tensor:
    axis = call.axis(input.rank, dim)
    if input.rank == 0:
        call.fail(AXIS_RANGE, at="input", dim=dim, rank=0)
    size = input.sizes[axis]
    if size % 2 == 1:
        call.fail(SPLIT_SIZES, at="input", total=size, sizes="two halves")
    half, link = size // 2, input.axes[axis]
    halves = (slid(Crop(start, half), link, size) for start in (0, half))
    return replace(input, axis, half, joined(*halves))


def _glu(self: Layer, call: Call, input: Tensor) -> Tensor:
    return glu(call, input, self.__dict__["dim"])


layer("torch.nn.GLU", "dim=-1", _glu)

# -- dropout ----------------------------------------------------------------------------------


def check_probability(call: Call, p: object) -> None:
    """torch takes a probability from 0 to 1."""
    if isinstance(p, (int, float)) and not 0 <= p <= 1:
        call.fail(CALL_ARGUMENTS, at="p", name="dropout", problem=f"takes p from 0 to 1, not {p}")


@op("torch.dropout", "torch.dropout_", "torch.feature_dropout", "torch.feature_dropout_")
@op("torch.alpha_dropout", "torch.alpha_dropout_")
@op("torch.feature_alpha_dropout", "torch.feature_alpha_dropout_")
def dropout(call: Call, input: Tensor, p: object, train: object) -> Tensor:
    check_probability(call, p)
    return pointwise(call, input)


def drop(
    call: Call,
    input: Tensor,
    p: object = 0.5,
    training: object = True,
    inplace: object = False,
) -> Tensor:
    """Dropout of torch.nn.functional; outside of training it gives back its input."""
    check_probability(call, p)
    return input if training is False else pointwise(call, input)


def drop_rows(call: Call, input: Tensor, p: object, training: object, inplace: object) -> Tensor:
    """dropout1d, which takes (C, L) and (N, C, L)."""
    check_probability(call, p)
    if input.rank not in (2, 3):
        call.fail(INPUT_RANK, at="input", name="dropout1d", want="2 or 3", got=input.rank)
    return drop(call, input, p, training)


def _declare_dropouts() -> None:
    for name, body, training in (
        ("dropout", drop, True),
        ("dropout1d", drop_rows, True),
        ("dropout2d", drop, True),
        ("dropout3d", drop, True),
        ("alpha_dropout", drop, False),
        ("feature_alpha_dropout", drop, False),
    ):
        signature = f"input: Tensor, p=0.5, training={training}, inplace=False"
        declare(body, signature, f"torch.nn.functional.{name}")


_declare_dropouts()


class DropoutLayer(Layer):
    """Dropout of whatever kind."""

    __slots__ = ()

    rule: Callable[..., Tensor] = staticmethod(drop)

    def __init__(self, call: Call, p: object = 0.5, inplace: object = False) -> None:
        super().__init__(call)
        check_probability(call, p)
        self.p = p
        self.inplace = inplace

    def describe(self) -> str:
        return f"{type(self).__name__}({self.p})"

    def forward(self, call: Call, input: Tensor) -> Tensor:
        return type(self).rule(call, input, self.p, self.training, self.inplace)


for _name in ("Dropout", "Dropout2d", "Dropout3d", "AlphaDropout", "FeatureAlphaDropout"):
    models(f"torch.nn.{_name}")(type(_name, (DropoutLayer,), {"__slots__": ()}))
models("torch.nn.Dropout1d")(
    type("Dropout1d", (DropoutLayer,), {"__slots__": (), "rule": staticmethod(drop_rows)})
)

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
    return result


@op("torch.nn.functional.softmax", "torch.nn.functional.log_softmax", "torch.nn.functional.softmin")
def softmax_function(
    call: Call,
    input: Tensor,
    dim: int | None = None,
    _stacklevel: object = 3,
    dtype: object = None,
) -> Tensor:
    """Without `dim` torch still takes 0 for a rank of 0, 1 and 3, else 1."""
    if dim is None:
        dim = 0 if input.rank in (0, 1, 3) else 1
    return softmax(call, input, dim, dtype)


@op("torch.nn.functional.gumbel_softmax")
def gumbel_softmax(
    call: Call,
    logits: Tensor,
    tau: object = 1,
    hard: object = False,
    eps: object = 1e-10,
    dim: int = -1,
) -> Tensor:
    return softmax(call, logits, dim)


def _softmax(self: Layer, call: Call, input: Tensor) -> Tensor:
    dim = self.__dict__["dim"]
    if dim is None or isinstance(dim, int):
        return softmax_function(call, input, dim)
    return mixed(input, range(input.rank))


for _name in ("Softmax", "LogSoftmax", "Softmin"):
    layer(f"torch.nn.{_name}", "dim=None", _softmax)


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
