"""`torch.distributions`: the shapes of samples and of their log-probabilities."""

from __future__ import annotations

from typing import Final

from conv_lsp.library.algebra import pointwise, reduce
from conv_lsp.library.arguments import coerce
from conv_lsp.library.numpy_basics import shaped
from conv_lsp.library.registry import Call, models
from conv_lsp.values import Instance, Tensor, Unknown, Value


def tensor(value: Value) -> Tensor:
    """A parameter as a tensor."""
    made = coerce("AnyRank", value)
    return made if isinstance(made, Tensor) else Tensor(Unknown("a parameter of a distribution"))


class Distribution(Instance):
    """Independent distributions: `batch` has the shape of them all."""

    __slots__ = ()

    def sample(self, call: Call, sample_shape: object = ()) -> Tensor:
        batch: Tensor = self.__dict__["batch"]
        front = shaped(sample_shape)
        if isinstance(batch.shape, Unknown) or isinstance(front, Unknown):
            why = front if isinstance(front, Unknown) else batch.shape
            return Tensor(Unknown(why.why if isinstance(why, Unknown) else ""), dtype=batch.dtype)
        axes = (*(None for _ in front), *batch.axes)
        return batch.like((*front, *batch.shape), axes)

    def rsample(self, call: Call, sample_shape: object = ()) -> Tensor:
        return self.sample(call, sample_shape)

    def log_prob(self, call: Call, value: Tensor) -> Tensor:
        batch: Tensor = self.__dict__["batch"]
        if isinstance(batch.shape, Unknown):
            return Tensor(Unknown(batch.shape.why))
        return pointwise(call, batch, value, dtype="float32")

    def cdf(self, call: Call, value: Tensor) -> Tensor:
        return self.log_prob(call, value)

    def entropy(self, call: Call) -> Tensor:
        batch: Tensor = self.__dict__["batch"]
        return batch.like(dtype="float32")

    def _keep(self, batch: Tensor, **parameters: Value) -> None:
        self.__dict__.update(batch=batch, mean=batch, stddev=batch, variance=batch, **parameters)


TWO: Final = {
    "Beta": "concentration1 concentration0",
    "Cauchy": "loc scale",
    "Gamma": "concentration rate",
    "Gumbel": "loc scale",
    "Laplace": "loc scale",
    "LogNormal": "loc scale",
    "Normal": "loc scale",
    "Uniform": "low high",
}


class OfTwo(Distribution):
    """A distribution with two parameters, which broadcast."""

    __slots__ = ()

    names = ""

    def __init__(self, call: Call, *args: object, **kwargs: object) -> None:
        names = self.names.split()
        given = {**dict(zip(names, args, strict=False)), **kwargs}
        parts = [tensor(given.get(name, Unknown(name))) for name in names]
        unknown = next((p.shape for p in parts if isinstance(p.shape, Unknown)), None)
        batch = pointwise(call, *parts) if unknown is None else Tensor(Unknown(unknown.why))
        kept: dict[str, Value] = dict(zip(names, parts, strict=True))
        self._keep(batch, **kept)


for _name, _names in TWO.items():
    _kind = type(_name, (OfTwo,), {"__slots__": (), "names": _names})
    models(f"torch.distributions.{_name}", f"torch.distributions.{_name.lower()}.{_name}")(_kind)


@models("torch.distributions.Bernoulli", "torch.distributions.bernoulli.Bernoulli")
class Bernoulli(Distribution):
    """Zeros and ones."""

    __slots__ = ()

    def __init__(
        self, call: Call, probs: object = None, logits: object = None, *args: object
    ) -> None:
        given = tensor(logits if probs is None else probs)
        self._keep(given, probs=given, logits=given)


@models("torch.distributions.Categorical", "torch.distributions.categorical.Categorical")
class Categorical(Distribution):
    """Numbers of classes; the last axis of the parameter runs over the classes."""

    __slots__ = ()

    def __init__(
        self, call: Call, probs: object = None, logits: object = None, *args: object
    ) -> None:
        given = tensor(logits if probs is None else probs)
        if isinstance(given.shape, Unknown) or not given.rank:
            batch = Tensor(Unknown("a distribution of unknown shape"), dtype="int64")
        else:
            batch = reduce(call, given, -1, dtype="int64")
        self._keep(batch, probs=given, logits=given)
