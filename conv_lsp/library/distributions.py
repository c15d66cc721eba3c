"""`torch.distributions`: the shapes of samples, of their log-probabilities and of moments.

A distribution has the shape of its independent copies (batch) and that of one outcome (event): a
sample has the shape sample_shape + batch + event, a log-probability that of the batch.
"""

from __future__ import annotations

from typing import Any, Final

from conv_lsp.dims import Dim, proves_unequal
from conv_lsp.findings import BROADCAST, CALL_ARGUMENTS, INPUT_RANK
from conv_lsp.library.algebra import broadcast_shapes, pointwise, promote, show
from conv_lsp.library.arguments import coerce
from conv_lsp.library.numpy_basics import shaped
from conv_lsp.library.registry import Call, models, op
from conv_lsp.values import SCATTERED, Instance, Shape, Size, Tensor, Unknown, Value


def tensor(value: Value) -> Tensor:
    """A parameter as a tensor."""
    made = coerce("AnyRank", value)
    return made if isinstance(made, Tensor) else Tensor(Unknown("a parameter of a distribution"))


TURNED: Final = ("Beta", "Categorical")
"""Whose samples are a part of other ones, or turned: how they lie in memory is not said."""


class Distribution(Instance):
    """Independent copies of one distribution."""

    __slots__ = ()

    def sample(self, call: Call, sample_shape: object = ()) -> Tensor:
        """sample_shape + batch + event."""
        one: Tensor = self.__dict__["one"]
        front = shaped(sample_shape)
        if isinstance(one.shape, Unknown) or isinstance(front, Unknown):
            unknown = front if isinstance(front, Unknown) else one.shape
            assert isinstance(unknown, Unknown)
            return Tensor(Unknown(unknown.why), dtype=one.dtype)
        sample = one.like((*front, *one.shape), (*(None for _ in front), *one.axes))
        if type(self).__name__ in TURNED:
            sample.strides = SCATTERED
        return sample

    def rsample(self, call: Call, sample_shape: object = ()) -> Tensor:
        """As `sample`."""
        return self.sample(call, sample_shape)

    def log_prob(self, call: Call, value: Tensor) -> Tensor:
        """The batch, broadcast with what is before the event in the value."""
        batch, event = self.__dict__["batch"], self.__dict__["event_shape"]
        if isinstance(batch.shape, Unknown):
            return Tensor(Unknown(batch.shape.why))
        if value.rank < len(event):
            name = "log_prob()"
            call.fail(INPUT_RANK, at="value", name=name, got=value.rank, want=str(len(event)))
        last = value.rank - len(event)
        for at, size in enumerate(event):
            if proves_unequal(value.sizes[last + at], size):
                words = {"a": value.sizes[last + at], "b": size, "dim": last + at}
                call.report(BROADCAST, at="value", shapes=f"{show(value.shape)}", **words)
        front = value.like(value.sizes[:last], value.axes[:last])
        return pointwise(call, batch, front, dtype=promote(batch.dtype, value.dtype))

    def cdf(self, call: Call, value: Tensor) -> Tensor:
        """As `log_prob`."""
        return self.log_prob(call, value)

    def entropy(self, call: Call) -> Tensor:
        """The batch."""
        batch: Tensor = self.__dict__["batch"]
        return batch

    def expand(self, call: Call, batch_shape: object) -> Value:
        """The same with another batch."""
        shape = shaped(batch_shape)
        batch = self.__dict__["batch"]
        made: Distribution = object.__new__(type(self))
        made.__dict__.update(self.__dict__)
        if isinstance(shape, Unknown) or isinstance(batch.shape, Unknown):
            return Unknown("a batch that is not known")
        made.keep(Tensor(shape, dtype=batch.dtype), self.__dict__["event_shape"])
        return made

    def keep(self, batch: Tensor, event: Shape, sample: str = "") -> None:
        """batch: its shape, and the dtype of probabilities. sample: the dtype of outcomes."""
        one = batch
        if not isinstance(batch.shape, Unknown):
            one = batch.like((*batch.shape, *event), (*batch.axes, *(None for _ in event)))
            self.__dict__["batch_shape"] = Size(batch.shape)
        moments = dict.fromkeys(("mean", "stddev", "variance", "mode"), one)
        one = one.like(dtype=sample) if sample and one.known else one
        self.__dict__.update(batch=batch, event_shape=Size(event), one=one, **moments)


def given(
    names: str, args: tuple[object, ...], kwargs: dict[str, object], defaults: dict[str, object]
) -> dict[str, Value]:
    """Arguments by name; of probs and logits the one that is given stands for both."""
    words = names.split()
    found = {**defaults, **dict(zip(words, args, strict=False)), **kwargs}
    if "logits" in words:
        chosen = found.get("probs") if found.get("probs") is not None else found.get("logits")
        found |= {"probs": chosen, "logits": chosen}
    return {name: found.get(name, Unknown(f"{name} is not given")) for name in words}


# -- of one number ----------------------------------------------------------------------------

SCALAR: Final = {
    "Bernoulli": "probs logits",
    "Beta": "concentration1 concentration0",
    "Binomial": "total_count probs logits",
    "Cauchy": "loc scale",
    "Chi2": "df",
    "ContinuousBernoulli": "probs logits",
    "Exponential": "rate",
    "FisherSnedecor": "df1 df2",
    "Gamma": "concentration rate",
    "Geometric": "probs logits",
    "Gumbel": "loc scale",
    "HalfCauchy": "scale",
    "HalfNormal": "scale",
    "InverseGamma": "concentration rate",
    "Kumaraswamy": "concentration1 concentration0",
    "Laplace": "loc scale",
    "LogNormal": "loc scale",
    "NegativeBinomial": "total_count probs logits",
    "Normal": "loc scale",
    "Pareto": "scale alpha",
    "Poisson": "rate",
    "StudentT": "df loc scale",
    "Uniform": "low high",
    "VonMises": "loc concentration",
    "Weibull": "scale concentration",
}
DEFAULTS: Final[dict[str, dict[str, object]]] = {
    "Binomial": {"total_count": 1},
    "StudentT": {"loc": 0.0, "scale": 1.0},
}


class Scalar(Distribution):
    """Of one number: the parameters broadcast to the batch."""

    __slots__ = ()

    names = ""

    def __init__(self, call: Call, *args: object, **kwargs: object) -> None:
        found = given(self.names, args, kwargs, DEFAULTS.get(type(self).__name__, {}))
        parts = {name: tensor(value) for name, value in found.items()}
        unknown = next((p.shape for p in parts.values() if isinstance(p.shape, Unknown)), None)
        # A number alone is made a tensor of floating point numbers.
        batch = Tensor(unknown) if unknown is not None else pointwise(call, *parts.values())
        floating = "float32" if batch.dtype in ("int64", "bool") else batch.dtype
        batch = batch.like(dtype=floating) if batch.known else batch
        # torch keeps the parameters broadcast to the batch.
        self.__dict__.update(parts if unknown is not None else dict.fromkeys(parts, batch))
        self.keep(batch, ())


def declare(name: str, kind: type[Distribution], names: str) -> None:
    """A distribution under torch's path, with its own parameters' names."""
    path = f"torch.distributions.{FILES.get(name, name.lower())}.{name}"
    made: Any = type(name, (kind,), {"__slots__": (), "names": names})
    made.__doc__ = kind.__doc__
    models(f"torch.distributions.{name}", path)(made)


FILES: Final = {
    "ContinuousBernoulli": "continuous_bernoulli",
    "FisherSnedecor": "fishersnedecor",
    "HalfCauchy": "half_cauchy",
    "HalfNormal": "half_normal",
    "InverseGamma": "inverse_gamma",
    "LogNormal": "log_normal",
    "NegativeBinomial": "negative_binomial",
    "OneHotCategorical": "one_hot_categorical",
    "OneHotCategoricalStraightThrough": "one_hot_categorical",
    "StudentT": "studentT",
    "VonMises": "von_mises",
}
for _name, _names in SCALAR.items():
    declare(_name, Scalar, _names)

# -- of several numbers ------------------------------------------------------------------------


class Vector(Distribution):
    """Of several numbers: the last axis of the parameter runs over them."""

    __slots__ = ()

    names = ""

    def __init__(self, call: Call, *args: object, **kwargs: object) -> None:
        found = given(self.names, args, kwargs, {"total_count": 1})
        parts = {n: tensor(v) for n, v in found.items() if n != "total_count"}
        told = parts.get("concentration", parts.get("probs", Tensor(Unknown("no parameter"))))
        self.__dict__.update(parts)
        if isinstance(told.shape, Unknown):
            self.keep(Tensor(Unknown(told.shape.why)), ())
            return
        if not told.rank:
            name = type(self).__name__
            call.fail(INPUT_RANK, at="", name=f"{name}()", got=0, want="at least 1")
        batch = told.like(told.sizes[:-1], told.axes[:-1])
        if type(self).__name__ == "Categorical":
            self.keep(batch, (), "int64")
        else:
            self.keep(batch, told.sizes[-1:])


for _name, _names in {
    "Categorical": "probs logits",
    "Dirichlet": "concentration",
    "Multinomial": "total_count probs logits",
    "OneHotCategorical": "probs logits",
    "OneHotCategoricalStraightThrough": "probs logits",
}.items():
    declare(_name, Vector, _names)


@models(
    "torch.distributions.MultivariateNormal",
    "torch.distributions.multivariate_normal.MultivariateNormal",
)
class MultivariateNormal(Distribution):
    """Of n numbers: loc (*, n) and one matrix (*, n, n) of the three that say their spread."""

    __slots__ = ()

    def __init__(
        self,
        call: Call,
        loc: Tensor,
        covariance_matrix: object = None,
        precision_matrix: object = None,
        scale_tril: object = None,
        validate_args: object = None,
    ) -> None:
        ways = [m for m in (covariance_matrix, precision_matrix, scale_tril) if m is not None]
        if len(ways) != 1 or not loc.rank:
            problem = "takes a loc of at least 1 dimension and one matrix"
            call.fail(CALL_ARGUMENTS, name="MultivariateNormal", problem=problem)
        matrix = tensor(ways[0])
        self.__dict__.update(loc=loc, covariance_matrix=matrix, scale_tril=matrix)
        if isinstance(matrix.shape, Unknown):
            self.keep(Tensor(Unknown(matrix.shape.why)), ())
            return
        if matrix.rank < 2:
            name = "MultivariateNormal"
            call.fail(INPUT_RANK, at="", name=name, got=matrix.rank, want="at least 2")
        size = matched(call, loc.sizes[-1], *matrix.sizes[-2:])
        batch = broadcast_shapes(call, loc.sizes[:-1], matrix.sizes[:-2])
        self.keep(Tensor(batch, dtype=loc.dtype), (size,))


def matched(call: Call, size: Dim, *others: Dim) -> Dim:
    """Complain where sizes that broadcast cannot be equal."""
    for other in others:
        if size != 1 and other != 1 and proves_unequal(size, other):
            call.report(BROADCAST, a=size, b=other, dim=-1, shapes=f"{size} and {other}")
        size = other if size == 1 else size
    return size


@models("torch.distributions.Independent", "torch.distributions.independent.Independent")
class Independent(Distribution):
    """The last axes of the batch become part of one outcome."""

    __slots__ = ()

    def __init__(
        self,
        call: Call,
        base_distribution: object,
        reinterpreted_batch_ndims: int,
        validate_args: object = None,
    ) -> None:
        base = base_distribution
        batch = base.__dict__["batch"] if isinstance(base, Distribution) else None
        self.__dict__["base_dist"] = base
        if batch is None or isinstance(batch.shape, Unknown):
            self.keep(Tensor(Unknown("the distribution below is not known")), ())
            return
        count = reinterpreted_batch_ndims
        if not 0 <= count <= batch.rank:
            problem = f"{count} axes are taken from a batch of {batch.rank}"
            at = "reinterpreted_batch_ndims"
            call.fail(CALL_ARGUMENTS, at=at, name="Independent", problem=problem)
        rest = batch.rank - count
        event = (*batch.sizes[rest:], *base.__dict__["event_shape"])
        self.keep(batch.like(batch.sizes[:rest], batch.axes[:rest]), event)


@models(
    "torch.distributions.MixtureSameFamily",
    "torch.distributions.mixture_same_family.MixtureSameFamily",
)
class MixtureSameFamily(Distribution):
    """One of the components, chosen along the last axis of their batch."""

    __slots__ = ()

    def __init__(
        self,
        call: Call,
        mixture_distribution: object,
        component_distribution: object,
        validate_args: object = None,
    ) -> None:
        parts = component_distribution
        batch = parts.__dict__["batch"] if isinstance(parts, Distribution) else None
        if batch is None or isinstance(batch.shape, Unknown) or not batch.rank:
            self.keep(Tensor(Unknown("the components are not known")), ())
            return
        self.keep(batch.like(batch.sizes[:-1], batch.axes[:-1]), parts.__dict__["event_shape"])


@op("torch.distributions.kl_divergence", "torch.distributions.kl.kl_divergence")
def kl_divergence(call: Call, p: object, q: object) -> Tensor:
    """The batches of two distributions, broadcast."""
    both = [d.__dict__["batch"] for d in (p, q) if isinstance(d, Distribution)]
    if len(both) < 2 or any(isinstance(batch.shape, Unknown) for batch in both):
        return Tensor(Unknown("a distribution that is not known"))
    return pointwise(call, *both)
