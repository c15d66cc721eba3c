"""Ask CPU torch and a rule of the library the same question."""

from __future__ import annotations

import warnings
from typing import Any

import pytest
from hypothesis import settings

from conv_lsp.dims import Expr
from conv_lsp.values import Tensor
from tests import opcheck

torch = pytest.importorskip("torch")
torch.set_num_threads(1)

few = settings(derandomize=True, deadline=None, max_examples=80, database=None)


class T(tuple[int, ...]):
    """Stands for a tensor of this shape."""

    __slots__ = ()

    dtype = "float32"


class Long(T):
    """Stands for a tensor of integers: zeros."""

    dtype = "int64"


def ours(value: Any) -> Any:
    """Arguments for a rule."""
    if isinstance(value, T):
        return Tensor(tuple(value), dtype=value.dtype)
    return value


def torchs(value: Any) -> Any:
    """The same arguments for torch."""
    if isinstance(value, T):
        if isinstance(value, Long):
            return torch.zeros(*value, dtype=torch.int64)
        return torch.randn(*value)
    return value


def shapes(value: Any) -> Any:
    """Shapes and dtypes of a result of torch."""
    if isinstance(value, torch.Tensor):
        return (*value.shape, str(value.dtype).removeprefix("torch."))
    if isinstance(value, (tuple, list)):
        return [shapes(v) for v in value]
    return None


def resolve(path: str) -> Any:
    """torch's own object at a dotted path."""
    found = torch
    for name in path.split(".")[1:]:
        found = getattr(found, name)
    return found


def answer(function: Any, args: Any, kwargs: Any) -> Any:
    """What torch gives, or "error"."""
    try:
        with torch.no_grad(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return shapes(function(*map(torchs, args), **kwargs))
    except (RuntimeError, ValueError, TypeError, IndexError, ArithmeticError, NotImplementedError):
        return "error"


def check_function(path: str, *args: Any, **kwargs: Any) -> Any:
    """A function gives the same on both sides: shapes and dtypes, or an error."""
    wanted = answer(resolve(path), args, kwargs)
    value, findings = opcheck.run(path, *map(ours, args), **kwargs)
    got = "error" if findings else opcheck.plain(value)
    assert agree(got, wanted), (path, args, kwargs, got, wanted, findings)
    return wanted


def check_layer(
    path: str, made: tuple[Any, ...], *inputs: Any, training: bool = True, **kwargs: Any
) -> Any:
    """A layer gives the same on both sides, constructed and called."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        layer, findings = opcheck.run(path, *made, **kwargs)
        try:
            judge = resolve(path)(*made, **kwargs).train(training)
        except (RuntimeError, ValueError, TypeError, ZeroDivisionError):
            assert findings, (path, made, kwargs)
            return "error"
    assert not findings, (path, made, kwargs, findings)
    layer.training = training
    wanted = answer(judge, inputs, {})
    value, findings = opcheck.apply(layer, *map(ours, inputs))
    got = "error" if findings else opcheck.plain(value)
    assert agree(got, wanted), (path, made, kwargs, inputs, training, got, wanted, findings)
    if wanted != "error":
        assert parameters(layer) == sum(p.numel() for p in judge.parameters())
    return wanted


def agree(got: Any, wanted: Any) -> bool:
    """Whether two answers are the same; no answer of ours is right where no output size is."""
    if isinstance(got, tuple) and any(isinstance(n, Expr) for n in got):
        return wanted == "error" or 0 in wanted
    return bool(got == wanted)


def parameters(layer: Any) -> int:
    """The number of parameters in a layer and below."""
    return sum(module.parameter_count() for _, module in layer.tree())
