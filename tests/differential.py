"""Functions and layers against CPU torch, on tensors that are drawn as shapes."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

from hypothesis import settings

from conv_lsp.dims import Expr
from conv_lsp.values import Tensor
from tests import judge, opcheck
from tests.judge import torch

few = settings(derandomize=True, deadline=None, max_examples=60, database=None)


class T(tuple[int, ...]):
    """Stands for a tensor of this shape."""

    __slots__ = ()

    def made(self) -> Any:
        return torch.randn(tuple(self))


class Last(T):
    """Stands for a batch with its channels last in memory."""

    __slots__ = ()

    def made(self) -> Any:
        # With single channels or pixels torch takes one tensor for both layouts.
        if len(self) < 3 or self[1] == 1 or set(self[2:]) == {1}:
            return super().made()
        return torch.randn(self[0], *self[2:], self[1]).movedim(-1, 1)


class Long(T):
    """Stands for one of integers: zeros."""

    __slots__ = ()

    def made(self) -> Any:
        return torch.zeros(tuple(self), dtype=torch.int64)


def made(value: Any) -> Any:
    """A drawn argument as torch takes it."""
    return value.made() if isinstance(value, T) else value


def resolve(path: str) -> Any:
    """torch's own object at a dotted path."""
    found = torch
    for name in path.split(".")[1:]:
        found = getattr(found, name)
    return found


def quietly(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Without gradients and warnings."""
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return function(*args, **kwargs)


def check_function(path: str, *drawn: Any, **kwargs: Any) -> Any:
    """A function gives the same on both sides, or an error; what torch gives."""
    args = [made(value) for value in drawn]
    ours = opcheck.run(path, *judge.abstract(args), **kwargs)
    theirs = judge.torchs(quietly, [resolve(path), *args], kwargs)
    assert agree(ours, theirs), (path, drawn, kwargs, ours, judge.shown(theirs))
    return theirs


def check_layer(
    path: str, options: tuple[Any, ...], *drawn: Any, training: bool = True, **kwargs: Any
) -> Any:
    """A layer gives the same on both sides, or an error, constructed and called."""
    layer, findings = opcheck.run(path, *options, **kwargs)
    theirs = judge.torchs(quietly, [resolve(path), *options], kwargs)
    if findings or isinstance(theirs, str):
        assert (bool(findings), theirs) == (True, "error"), (path, options, kwargs, findings)
        return "error"
    layer.training = training
    args = [made(value) for value in drawn]
    ours = opcheck.apply(layer, *judge.abstract(args))
    result = judge.torchs(quietly, [theirs.train(training), *args], {})
    assert agree(ours, result), (path, options, kwargs, drawn, training, ours, judge.shown(result))
    if not isinstance(result, str):
        assert parameters(layer) == sum(p.numel() for p in theirs.parameters())
    return result


def agree(ours: tuple[Any, list[Any]], theirs: Any) -> bool:
    """Whether two answers are the same. Sizes that are not known are no claim."""
    value, findings = ours
    wrong = isinstance(theirs, str) and theirs == "error"
    if findings or wrong:
        return wrong and (bool(findings) or vague(value))
    return judge.same(value, theirs)


def vague(value: Any) -> bool:
    """Whether a size is not known."""
    return isinstance(value, Tensor) and any(isinstance(n, Expr) for n in value.sizes)


def parameters(layer: Any) -> int:
    """The number of parameters in a layer and below."""
    return sum(module.parameter_count() for _, module in layer.tree())
