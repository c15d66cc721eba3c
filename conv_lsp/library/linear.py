"""Linear layers."""

from __future__ import annotations

from conv_lsp.axes import whole
from conv_lsp.dims import Dim, Expr, less_equal, product, proves_unequal, symbol
from conv_lsp.findings import (
    BROADCAST,
    CALL_ARGUMENTS,
    EXPAND_SIZE,
    INPUT_RANK,
    LINEAR_FEATURES,
)
from conv_lsp.library.algebra import pointwise, promote, replace, show
from conv_lsp.library.dtypes import want_dtype, want_numbers
from conv_lsp.library.layers import check_made, optional, weight
from conv_lsp.library.module import Layer
from conv_lsp.library.registry import AnyRank, Call, Failed, models, op
from conv_lsp.values import Shape, Tensor, Unknown


def expandable(call: Call, tensor: Tensor, shape: Shape, at: str) -> None:
    """What is added to a product must expand to its shape."""
    if tensor.rank > len(shape):
        call.report(EXPAND_SIZE, at=at, got=show(tensor.shape), dim=0, want=show(shape))
        return
    offset = len(shape) - tensor.rank
    for axis, size in enumerate(tensor.sizes, offset):
        if size != 1 and call.differ(EXPAND_SIZE, size, shape[axis]):
            call.report(EXPAND_SIZE, at=at, got=size, dim=axis, want=shape[axis])
            return


# -- layers -----------------------------------------------------------------------------------


@op("torch.nn.functional.linear")
def linear(call: Call, input: AnyRank, weight: Tensor, bias: object = None) -> Tensor:
    """(*, in) with a weight of (out, in), or (in,) for a single output without its axis."""
    if weight.rank not in (1, 2):
        call.fail(INPUT_RANK, at="weight", name="linear()", got=weight.rank, want="1 or 2")
    wanted = weight.sizes[-1]
    if isinstance(input.shape, Unknown):
        call.host.refine(input.shape, (symbol("N"), wanted))
        return Tensor(Unknown(input.shape.why))
    if input.rank == 0:
        call.fail(INPUT_RANK, at="input", name="linear()", got=0, want="at least 1")
    call.require_equal(LINEAR_FEATURES, input.sizes[-1], wanted, at="input")
    want_dtype(call, "linear()", weight.dtype, input=input, bias=bias)
    want_numbers(call, "linear()", input=input)
    dtype = promote(input.dtype, weight.dtype)
    mixed = whole(input.axes[-1])
    if weight.rank == 1:
        seen = whole(input.seen, mixed)
        together = isinstance(bias, Tensor) and bias.rank == 1 and input.strides is None
        if bias is not None and (input.rank == 2 or (input.rank > 2 and together)):
            problem = "takes no bias where the weight is a vector"
            call.fail(CALL_ARGUMENTS, at="bias", name="linear", problem=problem)
        result = Tensor(input.sizes[:-1], input.axes[:-1], seen=seen, dtype=dtype)
    else:
        result = replace(input, input.rank - 1, weight.sizes[0], mixed).like(dtype=dtype)
        result.strides = None
    if isinstance(bias, Tensor) and bias.known:
        expandable(call, bias, result.sizes, "bias")
    return result


def linear_macs(in_features: Dim, output: Tensor) -> Dim | None:
    """One for each input feature of each output."""
    return product(output.sizes) * in_features if output.known else None


@models("torch.nn.Linear", "torch.nn.modules.linear.NonDynamicallyQuantizableLinear")
class Linear(Layer):
    """(*, in_features) gives (*, out_features): y = x Aᵀ + b."""

    weight: Tensor | Unknown

    def __init__(
        self,
        call: Call,
        in_features: Dim,
        out_features: Dim,
        bias: object = True,
        device: object = None,
        dtype: object = None,
    ) -> None:
        super().__init__(call)
        self.in_features = in_features
        self.out_features = out_features
        check_made(call, "Linear", dtype, in_features=in_features, out_features=out_features)
        sizes = (out_features, in_features)
        if not all(isinstance(s, (int, Expr)) for s in sizes):
            raise Failed("its sizes are no numbers")
        self.weight = weight(*sizes, dtype=dtype)
        self.bias = optional((out_features,), bias, dtype)

    def describe(self) -> str:
        return f"{type(self).__name__}({self.in_features} → {self.out_features})"

    def macs(self, input: Tensor, output: Tensor) -> Dim | None:
        return linear_macs(self.in_features, output)

    def forward(self, call: Call, input: AnyRank) -> Tensor:
        if isinstance(self.weight, Unknown):
            return Tensor(self.weight)
        return linear(call, input, self.weight, self.bias)


@models("torch.nn.LazyLinear")
class LazyLinear(Linear):
    """(*, in_features) gives (*, out_features), in_features that of the first input."""

    def __init__(
        self,
        call: Call,
        out_features: Dim,
        bias: object = True,
        device: object = None,
        dtype: object = None,
    ) -> None:
        super().__init__(call, 0, out_features, bias, dtype=dtype)
        self._dtype = dtype
        self.weight = Unknown("a lazy layer's weight has no shape before the first call")

    def forward(self, call: Call, input: AnyRank) -> Tensor:
        if isinstance(input.shape, Unknown):
            return Tensor(Unknown(input.shape.why))
        if input.rank == 0:
            call.fail(INPUT_RANK, at="input", name="LazyLinear", got=0, want="at least 1")
        if isinstance(self.weight, Unknown):
            features = input.sizes[-1]
            made = weight(self.out_features, features, dtype=self._dtype)
            call.host.set_attribute(self, "in_features", features)
            call.host.set_attribute(self, "weight", made)
        return super().forward(call, input)


@op("torch.bilinear", "torch.nn.functional.bilinear")
def bilinear(
    call: Call, input1: Tensor, input2: Tensor, weight: Tensor, bias: object = None
) -> Tensor:
    """(*, in1) and (*, in2) with a weight of (out, in1, in2) give (*, out)."""
    if weight.rank != 3 or not input1.rank or not input2.rank:
        rank = min(input1.rank, input2.rank)
        call.fail(INPUT_RANK, at="input1", name="bilinear()", got=rank, want="at least 1")
    if input1.rank != input2.rank:
        got = f"{input1.rank} and {input2.rank}"
        call.fail(INPUT_RANK, at="input2", name="bilinear()", got=got, want="as many for both")
    for at, input, wanted in (("input1", input1, 1), ("input2", input2, 2)):
        call.require_equal(LINEAR_FEATURES, input.sizes[-1], weight.sizes[wanted], at=at)
        if input.sizes[-1] == 0:
            call.fail(CALL_ARGUMENTS, at=at, name="bilinear", problem=f"{at} has no features")
    for dim, (a, b) in enumerate(zip(input1.sizes[:-1], input2.sizes[:-1], strict=True)):
        if proves_unequal(a, b):
            shapes = f"{show(input1.shape)} and {show(input2.shape)}"
            call.report(BROADCAST, at="input2", a=a, b=b, dim=dim, shapes=shapes)
    want_dtype(call, "bilinear()", weight.dtype, input1=input1, input2=input2, bias=bias)
    want_numbers(call, "bilinear()", input1=input1)
    if isinstance(bias, Tensor) and bias.known:
        if bias.rank != 1 or proves_unequal(bias.sizes[0], weight.sizes[0]):
            want = f"({weight.sizes[0]},)"
            call.report(EXPAND_SIZE, at="bias", got=show(bias.shape), dim=0, want=want)
    both = pointwise(call, leading(input1, 1), leading(input2, 1))
    link = whole(input1.axes[-1], input2.axes[-1])
    dtype = promote(input1.dtype, input2.dtype, weight.dtype)
    return both.like((*both.sizes, weight.sizes[0]), (*both.axes, link), dtype=dtype)


def leading(input: Tensor, without: int) -> Tensor:
    """The tensor without its last axes."""
    keep = input.rank - without
    return input.like(input.sizes[:keep], input.axes[:keep])


@models("torch.nn.Bilinear")
class Bilinear(Layer):
    """(*, in1_features) and (*, in2_features) give (*, out_features): y = x1ᵀ A x2 + b."""

    def __init__(
        self,
        call: Call,
        in1_features: Dim,
        in2_features: Dim,
        out_features: Dim,
        bias: object = True,
        device: object = None,
        dtype: object = None,
    ) -> None:
        super().__init__(call)
        sizes = {"in2_features": in2_features, "out_features": out_features}
        check_made(call, "Bilinear", dtype, in1_features=in1_features, **sizes)
        if less_equal(in1_features, 0):
            problem = f"takes in1_features above 0, not {in1_features}"
            call.fail(CALL_ARGUMENTS, at="in1_features", name="Bilinear", problem=problem)
        self.in1_features = in1_features
        self.in2_features = in2_features
        self.out_features = out_features
        self.weight = weight(out_features, in1_features, in2_features, dtype=dtype)
        self.bias = optional((out_features,), bias, dtype)

    def describe(self) -> str:
        return f"Bilinear({self.in1_features}, {self.in2_features} → {self.out_features})"

    def macs(self, input: Tensor, output: Tensor) -> Dim | None:
        return linear_macs(self.in1_features * self.in2_features, output)

    def forward(self, call: Call, input1: Tensor, input2: Tensor) -> Tensor:
        return bilinear(call, input1, input2, self.weight, self.bias)
