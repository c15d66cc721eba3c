"""Losses that have weights of their own: adaptive softmax, a linear layer with cross entropy."""

from __future__ import annotations

from typing import NamedTuple

from conv_lsp.axes import whole
from conv_lsp.dims import Dim, proves_unequal
from conv_lsp.findings import CALL_ARGUMENTS, INPUT_RANK, LINEAR_FEATURES, LOSS_SIZES
from conv_lsp.library.dtypes import want_dtype
from conv_lsp.library.layers import build, check_made, expect, optional, weight
from conv_lsp.library.linear import linear
from conv_lsp.library.loss_sizes import want_classes
from conv_lsp.library.module import Layer
from conv_lsp.library.registry import OPS, Call, Failed, models, op
from conv_lsp.values import List, Tensor, Unknown, Value


class Output(NamedTuple):
    """What torch names _ASMoutput."""

    output: Tensor
    loss: Tensor


def known_cutoffs(call: Call, cutoffs: object, n_classes: Dim) -> list[int]:
    """Where clusters begin: growing numbers between 1 and the number of classes."""
    expect(call, "ib", n_classes=n_classes)
    if isinstance(cutoffs, Unknown) or (isinstance(cutoffs, List) and cutoffs.vague):
        raise Failed("the clusters are not known")
    held = list(cutoffs) if isinstance(cutoffs, (list, tuple)) else [cutoffs]
    if any(isinstance(c, Unknown) for c in held) or not isinstance(n_classes, int):
        raise Failed("the clusters are not known")
    bounds = [c for c in held if isinstance(c, int)]
    listed = isinstance(cutoffs, (list, tuple)) and len(bounds) == len(held) > 0
    if not listed or sorted({*bounds}) != bounds or bounds[0] < 1 or bounds[-1] >= n_classes:
        problem = f"takes growing cutoffs from 1 to {n_classes - 1}, not {cutoffs}"
        name = "AdaptiveLogSoftmaxWithLoss"
        call.fail(CALL_ARGUMENTS, at="cutoffs", name=name, problem=problem)
    return bounds


@models("torch.nn.AdaptiveLogSoftmaxWithLoss")
class AdaptiveLogSoftmaxWithLoss(Layer):
    """Frequent classes in a head, clusters of the others in smaller projections."""

    def __init__(
        self,
        call: Call,
        in_features: Dim,
        n_classes: Dim,
        cutoffs: object,
        div_value: object = 4.0,
        head_bias: object = False,
        device: object = None,
        dtype: object = None,
    ) -> None:
        super().__init__(call)
        check_made(call, "AdaptiveLogSoftmaxWithLoss", dtype, in_features=in_features)
        bounds = known_cutoffs(call, cutoffs, n_classes)
        expect(call, "f", div_value=div_value)
        if not isinstance(div_value, (int, float)) or not isinstance(in_features, int):
            raise Failed("the sizes of the clusters are not known")
        self.in_features = in_features
        self.n_classes = n_classes
        self.cutoffs: list[Dim] = [*bounds, n_classes]
        self.shortlist_size = bounds[0]
        self.n_clusters = len(bounds)
        self.head_size = bounds[0] + len(bounds)
        options = {"bias": head_bias, "dtype": dtype}
        self.head = build(call, "torch.nn.Linear", in_features, self.head_size, **options)
        tail = []
        for i, (low, high) in enumerate(zip(bounds, self.cutoffs[1:], strict=True), 1):
            size = int(in_features // div_value**i)
            steps = ((in_features, size), (size, high - low))
            made = [build(call, "torch.nn.Linear", *s, bias=False, dtype=dtype) for s in steps]
            tail.append(build(call, "torch.nn.Sequential", *made))
        self.tail = build(call, "torch.nn.ModuleList", tail)

    def describe(self) -> str:
        return f"AdaptiveLogSoftmaxWithLoss({self.in_features} → {self.n_classes})"

    def checked(self, call: Call, input: Tensor, ranks: tuple[int, ...]) -> Tensor:
        """The input, after its features are looked at."""
        if input.rank not in ranks:
            want = " or ".join(map(str, ranks))
            call.fail(INPUT_RANK, at="input_", name="it", got=input.rank, want=want)
        call.require_equal(LINEAR_FEATURES, input.sizes[-1], self.in_features, at="input_")
        want_dtype(call, "it", self.head.weight.dtype, input_=input)
        return input

    def forward(self, call: Call, input_: Tensor, target_: Tensor) -> Value:
        self.checked(call, input_, (1, 2))
        want_classes(call, target_, "int64", "int32")
        rank = input_.rank - 1
        if target_.rank != rank or any(map(proves_unequal, target_.sizes, input_.sizes[:-1])):
            got, want = input_.sizes[:-1], target_.shape
            call.fail(LOSS_SIZES, at="target_", what="batch", got=got, want=want)
        seen = whole(input_.axes[-1])
        output = input_.like(input_.sizes[:-1], input_.axes[:-1], seen=seen)
        return Output(output, Tensor((), seen=whole(seen, *input_.axes), dtype=input_.dtype))

    def log_prob(self, call: Call, input: Tensor) -> Tensor:
        """(N, classes)"""
        self.checked(call, input, (2,))
        link = whole(input.axes[1])
        return input.like((input.sizes[0], self.n_classes), (input.axes[0], link))

    def predict(self, call: Call, input: Tensor) -> Tensor:
        """(N,): the most probable classes."""
        self.checked(call, input, (2,))
        return input.like(
            (input.sizes[0],), (input.axes[0],), seen=whole(input.axes[1]), dtype="int64"
        )


@op("torch.nn.functional.linear_cross_entropy")
def linear_cross_entropy(
    call: Call,
    input: Tensor,
    linear_weight: Tensor,
    target: Tensor,
    *,
    linear_bias: object = None,
    weight: object = None,
    reduction: object = "mean",
    ignore_index: object = None,
    label_smoothing: object = 0.0,
    options: object = None,
) -> Value:
    """The cross entropy of what a linear layer makes of the input."""
    scores = linear(call, input, linear_weight, linear_bias)
    ignored = -100 if ignore_index is None else ignore_index
    own = {"weight": weight, "reduction": reduction, "ignore_index": ignored}
    own["label_smoothing"] = label_smoothing
    return OPS["torch.nn.functional.cross_entropy"](call, (scores, target), own)


@models("torch.nn.LinearCrossEntropyLoss")
class LinearCrossEntropyLoss(Layer):
    """A linear layer and the cross entropy of what it gives."""

    def __init__(
        self,
        call: Call,
        in_features: Dim,
        num_classes: Dim,
        *,
        out_features: object = (),
        bias: object = False,
        device: object = None,
        dtype: object = None,
        reduction: object = "mean",
        weight: object = None,
        ignore_index: object = None,
        label_smoothing: object = 0.0,
        options: object = None,
    ) -> None:
        super().__init__(call)
        sizes = {"in_features": in_features, "num_classes": num_classes}
        check_made(call, "LinearCrossEntropyLoss", dtype, **sizes)
        self.out_features = out_features
        self.linear_weight = parameters_of(in_features, num_classes, dtype)
        self.linear_bias = optional((num_classes,), bias, dtype)
        own = {"weight": weight, "reduction": reduction, "ignore_index": ignore_index}
        self.__dict__.update(own, label_smoothing=label_smoothing)

    def forward(self, call: Call, input: Tensor, target: Tensor) -> Value:
        if self.out_features not in ((), []):
            return Tensor(Unknown("scores of several outputs"))
        names = ("linear_bias", "weight", "reduction", "ignore_index", "label_smoothing")
        own = {name: self.__dict__[name] for name in names}
        return linear_cross_entropy(call, input, self.linear_weight, target, **own)


def parameters_of(in_features: Dim, num_classes: Dim, dtype: object) -> Tensor:
    """A row for each class."""
    return weight(num_classes, in_features, dtype=dtype)
