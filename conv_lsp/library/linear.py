"""Linear layers."""

from __future__ import annotations

from conv_lsp.axes import whole
from conv_lsp.dims import Dim, Expr, product, proves_unequal, symbol
from conv_lsp.findings import BROADCAST, EXPAND_SIZE, INPUT_RANK, LINEAR_FEATURES
from conv_lsp.library.algebra import pointwise, replace, show
from conv_lsp.library.layers import optional
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
        if size != 1 and proves_unequal(size, shape[axis]):
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
    mixed = whole(input.axes[-1])
    if weight.rank == 1:
        return Tensor(
            input.sizes[:-1], input.axes[:-1], seen=whole(input.seen, mixed), dtype=input.dtype
        )
    if isinstance(bias, Tensor) and bias.known and bias.rank == 1:
        expandable(call, bias, weight.sizes[:1], "bias")
    result = replace(input, input.rank - 1, weight.sizes[0], mixed)
    result.strides = None
    return result


def linear_macs(in_features: Dim, output: Tensor) -> Dim | None:
    """One for each input feature of each output."""
    return product(output.sizes) * in_features if output.known else None


@models("torch.nn.Linear", "torch.nn.modules.linear.NonDynamicallyQuantizableLinear")
class Linear(Layer):
    """y = x Aᵀ + b over the last axis."""

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
        sizes = (out_features, in_features)
        if not all(isinstance(s, (int, Expr)) for s in sizes):
            raise Failed("its sizes are no numbers")
        self.weight = Tensor(sizes, kind="parameter")
        self.bias = optional((out_features,), bias)

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
    """Linear with `in_features` of the first input."""

    def __init__(
        self,
        call: Call,
        out_features: Dim,
        bias: object = True,
        device: object = None,
        dtype: object = None,
    ) -> None:
        super().__init__(call, 0, out_features, bias)
        self.weight = Unknown("a lazy layer's weight has no shape before the first call")

    def forward(self, call: Call, input: AnyRank) -> Tensor:
        if isinstance(input.shape, Unknown):
            return Tensor(Unknown(input.shape.why))
        if isinstance(self.weight, Unknown) and input.rank:
            features = input.sizes[-1]
            weight = Tensor((self.out_features, features), kind="parameter")
            call.host.set_attribute(self, "in_features", features)
            call.host.set_attribute(self, "weight", weight)
        return super().forward(call, input)


@op("torch.bilinear", "torch.nn.functional.bilinear")
def bilinear(
    call: Call, input1: Tensor, input2: Tensor, weight: Tensor, bias: object = None
) -> Tensor:
    if weight.rank != 3 or not input1.rank or not input2.rank:
        rank = min(input1.rank, input2.rank)
        call.fail(INPUT_RANK, at="input1", name="bilinear()", got=rank, want="at least 1")
    if input1.rank != input2.rank:
        got = f"{input1.rank} and {input2.rank}"
        call.fail(INPUT_RANK, at="input2", name="bilinear()", got=got, want="as many for both")
    for at, input, wanted in (("input1", input1, 1), ("input2", input2, 2)):
        call.require_equal(LINEAR_FEATURES, input.sizes[-1], weight.sizes[wanted], at=at)
    for dim, (a, b) in enumerate(zip(input1.sizes[:-1], input2.sizes[:-1], strict=True)):
        if proves_unequal(a, b):
            shapes = f"{show(input1.shape)} and {show(input2.shape)}"
            call.report(BROADCAST, at="input2", a=a, b=b, dim=dim, shapes=shapes)
    both = pointwise(call, leading(input1, 1), leading(input2, 1))
    link = whole(input1.axes[-1], input2.axes[-1])
    return both.like((*both.sizes, weight.sizes[0]), (*both.axes, link))


def leading(input: Tensor, without: int) -> Tensor:
    """The tensor without its last axes."""
    keep = input.rank - without
    return input.like(input.sizes[:keep], input.axes[:keep])


@models("torch.nn.Bilinear")
class Bilinear(Layer):
    """y = x1ᵀ A x2 + b."""

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
        self.in1_features = in1_features
        self.in2_features = in2_features
        self.out_features = out_features
        self.weight = Tensor((out_features, in1_features, in2_features), kind="parameter")
        self.bias = optional((out_features,), bias)

    def describe(self) -> str:
        return f"Bilinear({self.in1_features}, {self.in2_features} → {self.out_features})"

    def macs(self, input: Tensor, output: Tensor) -> Dim | None:
        return linear_macs(self.in1_features * self.in2_features, output)

    def forward(self, call: Call, input1: Tensor, input2: Tensor) -> Tensor:
        return bilinear(call, input1, input2, self.weight, self.bias)
