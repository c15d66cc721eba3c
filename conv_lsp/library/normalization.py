"""Normalisation: by batch, instance, group and layer; as functions and as layers."""

from __future__ import annotations

from collections.abc import Iterable

from conv_lsp.axes import joined, whole
from conv_lsp.dims import Dim, product, unknown_size
from conv_lsp.findings import RULES
from conv_lsp.library.algebra import show
from conv_lsp.library.layers import optional
from conv_lsp.library.module import Layer
from conv_lsp.library.raising import always_raises, floating, refusal
from conv_lsp.library.registry import OPS, AnyRank, Call, models, op, size_of
from conv_lsp.library.sliding import (
    INPUT_RANK,
    NO_SIZES,
    at_least,
    images,
    number,
    spread,
    text,
    wrong,
)
from conv_lsp.values import Tensor, Unknown, Value

FEATURES = RULES["norm-features"]
GROUPS = RULES["groups-divide"]


def over(input: Tensor, dims: Iterable[int]) -> Tensor:
    """The input, each of its elements now depending on the whole of these dimensions too."""
    axes = list(input.axes)
    for i in dims if axes else ():
        axes[i] = joined(axes[i], whole(axes[i]))
    return input.like(input.sizes, tuple(axes))


def featured(call: Call, input: Tensor, dim: int, *vectors: object) -> Tensor:
    """The input, with as many features as the vectors (weight, bias, statistics) have elements.

    Complains of the first that has not as many, and goes on with the input's: a layer of
    another number is what makes the code run.
    """
    for vector in vectors:
        if not isinstance(vector, Tensor) or not vector.known:
            continue
        if vector.rank != 1:
            wrong(call, f"takes a vector of features, not {show(vector.sizes)}")
        got, want = input.sizes[dim], vector.sizes[0]
        if call.differ(FEATURES, got, want):
            call.report(FEATURES, at="input", got=got, want=want)
            break
    return input


def tracked(call: Call, mean: object, var: object, *, needed: bool) -> None:
    """Fail at one statistic without the other, or without both where they are needed."""
    if (mean is None) != (var is None) or (needed and mean is None):
        wrong(call, "running_mean and running_var belong together", at="running_mean")


def several(call: Call, count: Dim, what: str) -> None:
    """Complain of statistics over a single value."""
    if count == 1:
        error = f"ValueError: there is one value per {what}"
        call.report(always_raises("ValueError"), at="input", error=error)
    elif not isinstance(count, int):
        call.host.need(("!=", count, 1), always_raises("ValueError"), call.site)


# -- functions --------------------------------------------------------------------------------


@op("torch.nn.functional.batch_norm")
def batch_norm(
    call: Call,
    input: Tensor,
    running_mean: object,
    running_var: object,
    weight: object = None,
    bias: object = None,
    training: object = False,
    momentum: object = 0.1,
    eps: object = 1e-5,
) -> Tensor:
    """The shape of the input; the links are those of inference, where statistics are given."""
    if input.rank < 2:
        call.fail(INPUT_RANK, at="input", got=input.rank, want="at least 2", name=call.name)
    trains = call.host.truth(training)
    if isinstance(eps, (int, float)) and (eps < 0 or (trains and eps == 0)):
        problem = f"eps has to be {'above' if trains else 'at least'} 0, not {eps}"
        call.fail(refusal("ValueError"), at="eps", name="batch_norm", problem=problem)
    if trains:
        several(call, product((input.sizes[0], *input.sizes[2:])), "channel, while training")
    return batch_normed(call, input, running_mean, running_var, weight, bias, trains)


def batch_normed(
    call: Call,
    input: Tensor,
    running_mean: object,
    running_var: object,
    weight: object,
    bias: object,
    trains: bool | None,
) -> Tensor:
    """What is compiled of `batch_norm`, which does nothing to an empty input."""
    if input.rank < 2:
        call.fail(INPUT_RANK, at="input", got=input.rank, want="at least 2", name=call.name)
    output = input.like(input.sizes, input.axes)
    if 0 in input.sizes:
        return output
    tracked(call, running_mean, running_var, needed=trains is False)
    floating(call, input)
    parameters = map(flattened, (weight, bias))
    return featured(call, output, 1, running_mean, running_var, *parameters)


def flattened(vector: object) -> object:
    """A parameter of which torch asks for as many elements as there are features, in any shape."""
    if isinstance(vector, Tensor) and vector.known and vector.rank != 1:
        return Tensor((product(vector.sizes),), dtype=vector.dtype)
    return vector


@op("torch.batch_norm")
def _batch_norm(
    call: Call,
    input: Tensor,
    weight: object,
    bias: object,
    running_mean: object,
    running_var: object,
    training: object,
    momentum: object,
    eps: object,
    cudnn_enabled: object,
) -> Tensor:
    """The shape of the input."""
    trains = call.host.truth(training)
    return batch_normed(call, input, running_mean, running_var, weight, bias, trains)


@op("torch.nn.functional.instance_norm")
def instance_norm(
    call: Call,
    input: Tensor,
    running_mean: object = None,
    running_var: object = None,
    weight: object = None,
    bias: object = None,
    use_input_stats: object = True,
    momentum: object = 0.1,
    eps: object = 1e-5,
) -> Tensor:
    """The shape of the input: over the space of each channel, by itself."""
    own = call.host.truth(use_input_stats)
    if own:
        several(call, product(input.sizes[2:]), "channel")
    return instance_normed(call, input, running_mean, running_var, weight, bias, own)


def instance_normed(
    call: Call,
    input: Tensor,
    running_mean: object,
    running_var: object,
    weight: object,
    bias: object,
    own: bool | None,
) -> Tensor:
    """What is compiled of `instance_norm`."""
    if input.rank < 2:
        call.fail(INPUT_RANK, at="input", got=input.rank, want="at least 2", name=call.name)
    output = over(input, range(2, input.rank) if own is not False else ())
    if 0 in input.sizes:
        if own is False and (running_mean is None or running_var is None):
            tracked(call, None, None, needed=True)
        if input.sizes[0] == 0 and (isinstance(weight, Tensor) or isinstance(bias, Tensor)):
            wrong(call, "has nothing to scale in an empty batch", at="input")
        return output
    tracked(call, running_mean, running_var, needed=own is False)
    floating(call, input)
    return featured(call, output, 1, running_mean, running_var, weight, bias)


@op("torch.instance_norm")
def _instance_norm(
    call: Call,
    input: Tensor,
    weight: object,
    bias: object,
    running_mean: object,
    running_var: object,
    use_input_stats: object,
    momentum: object,
    eps: object,
    cudnn_enabled: object,
) -> Tensor:
    """The shape of the input."""
    own = call.host.truth(use_input_stats)
    return instance_normed(call, input, running_mean, running_var, weight, bias, own)


# -- layers -----------------------------------------------------------------------------------


class Norm(Layer):
    """Normalisation with statistics of each feature, over `SPATIAL` axes."""

    SPATIAL = 0

    def __init__(
        self,
        call: Call,
        num_features: object,
        eps: object = 1e-5,
        momentum: object = 0.1,
        affine: object = True,
        track_running_stats: object = True,
        device: object = None,
        dtype: object = None,
        *,
        bias: object = True,
    ) -> None:
        super().__init__(call)
        if call.host.truth(affine) or call.host.truth(track_running_stats):
            each = [number(call, n, "num_features", NO_SIZES) for n in spread(num_features, 1)]
            if len(each) != 1:
                wrong(call, f"num_features is a number, not {len(each)}", at="num_features")
            at_least(call, 0, "num_features", each)
            features = each[0]
        else:
            size = None if isinstance(num_features, bool) else size_of(num_features)
            features = unknown_size() if size is None else size  # anything is taken
        self.num_features = features
        self.eps = eps
        self.momentum = momentum
        self.affine = affine
        self.track_running_stats = track_running_stats
        for name, value in features_of(features, affine, track_running_stats, bias).items():
            setattr(self, name, value)

    weight: object
    bias: object
    running_mean: object
    running_var: object

    def describe(self) -> str:
        return f"{type(self).__name__}({text(self.num_features)})"

    def rate(self) -> object:
        """The momentum that its function is given."""
        return 0.0 if self.momentum is None else self.momentum

    def reset_parameters(self, call: Call) -> None:
        return None

    def reset_running_stats(self, call: Call) -> None:
        return None


def features_of(
    features: Dim, affine: object, tracked: object, bias: object
) -> dict[str, Tensor | Unknown | None]:
    """The parameters and buffers of a normalisation by features."""

    def buffer(*shape: Dim, dtype: str = "float32") -> Tensor | Unknown | None:
        if isinstance(tracked, Unknown):
            return tracked
        return Tensor(shape, dtype=dtype, kind="buffer") if tracked else None

    unsure = isinstance(affine, Unknown)
    return {
        "weight": optional((features,), affine),
        "bias": optional((features,), affine if unsure or not affine else bias),
        "running_mean": buffer(features),
        "running_var": buffer(features),
        "num_batches_tracked": buffer(dtype="int64"),
    }


@models("torch.nn.modules.batchnorm._NormBase", "torch.nn.modules.batchnorm._BatchNorm")
class BatchNorm(Norm):
    """Batch normalisation."""

    def forward(self, call: Call, input: AnyRank) -> Value:
        count = self.SPATIAL
        if count > 1:
            input = images(call, input, count, self.num_features, unbatched=False)
        elif not input.known:
            return input.like()
        elif count == 1 and input.rank not in {2, 3}:
            call.fail(INPUT_RANK, at="input", got=input.rank, want="2 or 3", name=call.name)
        training: object = self.training
        if call.host.truth(training) is False:
            training = self.running_mean is None and self.running_var is None
        given = [self.running_mean, self.running_var, self.weight, self.bias, training]
        rule = OPS["torch.nn.functional.batch_norm"]
        return rule(call, [input, *given, self.rate(), self.eps], {})


@models("torch.nn.BatchNorm1d", "torch.nn.modules.batchnorm.BatchNorm1d")
class BatchNorm1d(BatchNorm):
    """(N, num_features, *) gives the same shape."""

    SPATIAL = 1


@models("torch.nn.BatchNorm2d", "torch.nn.modules.batchnorm.BatchNorm2d")
class BatchNorm2d(BatchNorm):
    """(N, num_features, *) gives the same shape."""

    SPATIAL = 2


@models("torch.nn.BatchNorm3d", "torch.nn.modules.batchnorm.BatchNorm3d")
class BatchNorm3d(BatchNorm):
    """(N, num_features, *) gives the same shape."""

    SPATIAL = 3


@models("torch.nn.SyncBatchNorm", "torch.nn.modules.batchnorm.SyncBatchNorm")
class SyncBatchNorm(BatchNorm):
    """(N, num_features, *) gives the same shape: over all processes."""

    def __init__(
        self,
        call: Call,
        num_features: object,
        eps: object = 1e-5,
        momentum: object = 0.1,
        affine: object = True,
        track_running_stats: object = True,
        process_group: object = None,
        device: object = None,
        dtype: object = None,
        *,
        bias: object = True,
    ) -> None:
        super().__init__(call, num_features, eps, momentum, affine, track_running_stats, bias=bias)
        self.process_group = process_group


@models("torch.nn.modules.instancenorm._InstanceNorm")
class InstanceNorm(Norm):
    """Instance normalisation."""

    def __init__(
        self,
        call: Call,
        num_features: object,
        eps: object = 1e-5,
        momentum: object = 0.1,
        affine: object = False,
        track_running_stats: object = False,
        device: object = None,
        dtype: object = None,
        *,
        bias: object = True,
    ) -> None:
        super().__init__(call, num_features, eps, momentum, affine, track_running_stats, bias=bias)

    def forward(self, call: Call, input: AnyRank) -> Value:
        count = self.SPATIAL
        if not input.known and count == 1:
            return input.like()
        input = images(call, input, count, self.num_features)
        batched = input.rank == count + 2
        if isinstance(self.weight, Tensor) and 0 in input.sizes:
            featured(call, input, input.rank - count - 1, self.weight)
        whole_batch = input if batched else unsqueezed(input)
        training = call.host.truth(self.training)
        given = [self.running_mean, self.running_var, self.weight, self.bias]
        own = training if training is not False else not self.track_running_stats
        rule = OPS["torch.nn.functional.instance_norm"]
        output = rule(call, [whole_batch, *given, own, self.rate(), self.eps], {})
        if not isinstance(output, Tensor) or not output.known:
            return output
        return output if batched else output.like(output.sizes[1:], output.axes[1:])


def unsqueezed(input: Tensor) -> Tensor:
    """A batch of one."""
    return input.like((1, *input.sizes), (None, *input.axes))


def settle(call: Call, layer: Norm, input: Tensor) -> None:
    """Give a lazy layer the features of its first input."""
    if not input.known or not isinstance(layer.weight or layer.running_mean, Unknown):
        return
    if input.rank < 2:
        call.fail(INPUT_RANK, at="input", got=input.rank, want="at least 2", name=call.name)
    features = input.sizes[1]
    call.host.set_attribute(layer, "num_features", features)
    bias = layer.bias is not None
    found = features_of(features, layer.affine, layer.track_running_stats, bias)
    for name, value in found.items():
        call.host.set_attribute(layer, name, value)


class LazyNorm(Norm):
    """Normalisation by features without `num_features`."""

    def __init__(
        self,
        call: Call,
        eps: object = 1e-5,
        momentum: object = 0.1,
        affine: object = True,
        track_running_stats: object = True,
        device: object = None,
        dtype: object = None,
        *,
        bias: object = True,
    ) -> None:
        super().__init__(call, 0, eps, momentum, affine, track_running_stats, bias=bias)
        for name, value in vars(self).items():
            if isinstance(value, Tensor) and value.rank:
                setattr(self, name, Unknown("a lazy layer has no features before its first call"))

    def forward(self, call: Call, input: AnyRank) -> Value:
        settle(call, self, input)
        return super().forward(call, input)  # type: ignore[misc]


def _declare() -> None:
    """torch.nn.InstanceNorm1d, torch.nn.LazyBatchNorm1d and their like."""
    for count, batch in enumerate((BatchNorm1d, BatchNorm2d, BatchNorm3d), 1):
        said = "(N, num_features, *) gives the same shape; without N, too."
        space = {"SPATIAL": count, "__doc__": said}
        instance = type(f"InstanceNorm{count}d", (InstanceNorm,), space)
        for layer, module in ((batch, "batchnorm"), (instance, "instancenorm")):
            name = layer.__name__
            models(f"torch.nn.{name}", f"torch.nn.modules.{module}.{name}")(layer)
            told = f"{layer.__doc__} num_features is that of the first input."
            lazy = type(f"Lazy{name}", (LazyNorm, layer), space | {"__doc__": told})
            models(f"torch.nn.Lazy{name}", f"torch.nn.modules.{module}.Lazy{name}")(lazy)


_declare()
