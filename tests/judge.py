"""CPU torch as the judge of a rule: the same call on both sides, results compared."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conv_lsp.dims import Expr, has_anonymous
from conv_lsp.library.dtypes import DTYPES, MEMORY_FORMATS, Device
from conv_lsp.library.images import Image
from conv_lsp.library.layout import layout
from conv_lsp.values import SCATTERED, Size, Tensor, Unknown
from tests.opcheck import apply, run

torch = pytest.importorskip("torch")
torch.set_num_threads(1)

SETTINGS = settings(derandomize=True, deadline=None, max_examples=40)
SIZES = st.integers(0, 4)
AXES = st.integers(-5, 4)


OTHERS: dict[type, Callable[[Any], Any]] = {}
"""How the engine has what other packages have: arrays, images."""


def abstract(value: Any) -> Any:
    """A value of torch as the engine has it, nested ones too."""
    if isinstance(value, torch.Tensor):
        shape = tuple(value.shape)
        data = value.tolist() if value.numel() < 50 and value.dtype != torch.float32 else None
        return Tensor(
            shape,
            dtype=str(value.dtype)[6:],
            strides=layout(shape, tuple(value.stride())),
            data=data,
        )
    if isinstance(value, torch.Size):
        return Size(value)
    if isinstance(value, torch.dtype):
        return DTYPES[str(value)[6:]]
    if isinstance(value, torch.memory_format):
        return MEMORY_FORMATS[str(value)[6:]]
    if isinstance(value, torch.layout):
        return str(value)[6:]
    if isinstance(value, torch.device):
        return Device(value.type, value.index)
    if isinstance(value, slice):
        return value
    for kind, made in OTHERS.items():
        if isinstance(value, kind):
            return made(value)
    if isinstance(value, dict):
        return {name: abstract(v) for name, v in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(abstract(v) for v in value)
    return value


def torchs(function: Callable[..., Any], args: Any, kwargs: Any) -> Any:
    """What torch gives, or "error"."""
    try:
        found = function(*args, **kwargs)
        if found is NotImplemented:  # of which Python's operator makes a TypeError
            return "error"
        # expand(-1) of a new axis is let through where another new axis is empty.
        return "error" if any(s < 0 for s in getattr(found, "shape", ())) else found
    except (
        RuntimeError,
        IndexError,
        ValueError,
        TypeError,
        ZeroDivisionError,
        AssertionError,
        AttributeError,
        KeyError,
        OverflowError,
    ):
        return "error"


def agree(path: str, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Both sides give the same shapes, dtypes and layouts, or both an error; torch's result."""
    __tracebackhide__ = True
    ours, findings = run(path, *abstract(args), **{k: abstract(v) for k, v in kwargs.items()})
    theirs = torchs(function, args, kwargs)
    said = f"{path}{abstract(args)} {kwargs}: ours {ours} {findings}, torch's {shown(theirs)}"
    assert bool(findings) == (isinstance(theirs, str) and theirs == "error"), said
    if not findings:
        assert same(ours, theirs), said
    return theirs


def agree_layer(path: str, made: tuple[Any, ...], *inputs: Any, **options: Any) -> Any:
    """As `agree`, for a layer: constructed, called, its parameters counted; torch's result."""
    kind = torch
    for name in path.split(".")[1:]:
        kind = getattr(kind, name)
    return agree_layer_of(kind, path, made, *inputs, **options)


def agree_layer_of(
    kind: Any, path: str, made: tuple[Any, ...], *inputs: Any, **options: Any
) -> Any:
    """As `agree_layer`, for a class that is given."""
    __tracebackhide__ = True
    given_options = {name: abstract(value) for name, value in options.items()}
    layer, findings = run(path, *map(abstract, made), **given_options)
    judge = torchs(kind, made, options)
    refused = isinstance(judge, str)
    assert bool(findings) == refused, f"{path}{made} {options}: ours {findings}, torch's {judge}"
    if refused:
        return judge
    ours, findings = apply(layer, *map(abstract, inputs))
    theirs = torchs(judge, inputs, {})
    said = f"{path}{made}{abstract(inputs)}: ours {ours} {findings}, torch's {shown(theirs)}"
    assert bool(findings) == (isinstance(theirs, str) and theirs == "error"), said
    assert findings or same(ours, theirs), said
    count = sum(module.parameter_count() for _, module in layer.tree())
    assert count == sum(p.numel() for p in judge.parameters()), said
    return theirs


def shown(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        return tuple(value.shape), value.dtype, value.stride()
    return [shown(v) for v in value] if isinstance(value, (tuple, list)) else value


def same(ours: Any, theirs: Any) -> bool:
    """Whether a result is torch's; sizes and layouts that are not known are."""
    if isinstance(theirs, torch.Tensor):
        return isinstance(ours, Tensor) and same_tensor(ours, theirs)
    if isinstance(theirs, (tuple, list)):
        return (
            isinstance(ours, (tuple, list))
            and len(ours) == len(theirs)
            and all(map(same, ours, theirs))
        )
    if isinstance(theirs, dict):
        return list(ours) == list(theirs) and all(same(ours[k], theirs[k]) for k in theirs)
    if isinstance(theirs, tuple(OTHERS)):
        return same_other(ours, abstract(theirs))
    return bool(ours == abstract(theirs))


def same_other(ours: Any, wanted: Any) -> bool:
    """Whether it is the array, image or number; what is not known is."""
    if isinstance(wanted, Image):
        return isinstance(ours, Image) and known_ones_agree(ours.geometry(), wanted.geometry())
    if not isinstance(wanted, Tensor):
        return isinstance(ours, Unknown) or bool(ours == wanted)
    if type(ours) is not type(wanted):
        return False
    return (
        not isinstance(ours.shape, Unknown)
        and known_ones_agree(ours.sizes, wanted.sizes)
        and ours.dtype == wanted.dtype
        and (ours.data is None or wanted.data is None or bool(ours.data == wanted.data))
    )


def known_ones_agree(ours: Any, wanted: Any) -> bool:
    """Whether sizes are these, as far as they are known."""
    pairs = zip(ours, wanted, strict=False)
    known = (a == b or (isinstance(a, Expr) and has_anonymous(a)) for a, b in pairs)
    return len(ours) == len(wanted) and all(known)


def same_tensor(ours: Tensor, theirs: Any) -> bool:
    if isinstance(ours.shape, Unknown) or ours.rank != theirs.dim():
        return False
    sizes = zip(ours.shape, theirs.shape, strict=True)
    return (
        all(a == b or (isinstance(a, Expr) and has_anonymous(a)) for a, b in sizes)
        and ours.dtype == str(theirs.dtype)[6:]
        and same_layout(ours, theirs)
    )


def same_layout(ours: Tensor, theirs: Any) -> bool:
    """Strides of axes of size 1 do not matter."""
    if ours.strides is None:
        return bool(theirs.is_contiguous()) or any(isinstance(s, Expr) for s in ours.sizes)
    if ours.strides == SCATTERED:
        return True
    pairs = zip(ours.strides, theirs.stride(), theirs.shape, strict=True)
    return all(a == b or size == 1 for a, b, size in pairs)


# -- drawing arguments ------------------------------------------------------------------------


@st.composite
def tensors(draw: Any, least: int = 0, most: int = 4, small: int = 0) -> Any:
    """A tensor in some layout: row-major, permuted, sliced or expanded."""
    shape = draw(st.lists(st.integers(small, 4), min_size=least, max_size=most))
    way = draw(st.sampled_from(["plain", "plain", "permuted", "sliced", "expanded"]))
    made = torch.zeros(shape)
    if way == "permuted":
        order = draw(st.permutations(range(len(shape))))
        made = torch.zeros([shape[i] for i in order])
        made = made.permute([order.index(i) for i in range(len(shape))])
    if way == "sliced" and shape:
        made = torch.zeros([*shape[:-1], 2 * shape[-1] + 1])[..., : shape[-1]]
    if way == "expanded" and shape:
        made = torch.zeros([1, *shape[1:]]).expand(shape)
    return made


def lists(values: Any, least: int = 0, most: int = 4) -> Any:
    return st.lists(values, min_size=least, max_size=most)


def each(path: str, function: Callable[..., Any], *strategies: Any, **named: Any) -> None:
    """The op agrees with torch on arguments drawn from the strategies."""

    @SETTINGS
    @given(st.tuples(*strategies), st.fixed_dictionaries(named))
    def check(args: Any, kwargs: Any) -> None:
        agree(path, function, *args, **kwargs)

    check()
