"""Rules on symbolic sizes: what they say holds, in CPU torch, for the sizes behind the symbols."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from conv_lsp.dims import Expr, evaluate, has_anonymous, symbol, unknown_size
from conv_lsp.library.images import Image, image
from conv_lsp.values import SCATTERED, Tensor, Unknown
from tests.judge import OTHERS, SETTINGS, abstract, same_layout, same_other, shown, torchs
from tests.opcheck import run

NAMED = {f"s{n}": n for n in range(1, 3000)}


def sound(path: str, function: Callable[..., Any], *args: Any, named: Collection[int]) -> None:
    """With the sizes in `named` as symbols, what the rule says holds for those sizes in torch."""
    __tracebackhide__ = True
    given_args = symbolic(abstract(args), named)
    consistent(f"{path}{given_args}", run(path, *given_args), torchs(function, args, {}))


def consistent(what: str, mine: tuple[Any, list[Any]], theirs: Any) -> None:
    """Nothing is said of symbols that torch shows to be otherwise."""
    __tracebackhide__ = True
    ours, findings = mine
    said = f"{what}: ours {ours} {findings}, torch's {shown(theirs)}"
    failed = isinstance(theirs, str) and theirs == "error"
    assert failed or not findings, said
    assert failed or holds(ours, theirs), said


def symbolic(value: Any, named: Collection[int]) -> Any:
    """Sizes, and integers of arguments, as symbols: 3 becomes s3."""
    if isinstance(value, Tensor):
        shape = symbolic(value.sizes, named)
        strides = value.strides
        if strides is not None and any(isinstance(s, Expr) for s in shape[1:]):
            strides = SCATTERED
        return type(value)(shape, dtype=value.dtype, strides=strides, data=value.data)
    if isinstance(value, (tuple, list)):
        return type(value)([symbolic(v, named) for v in value])
    if type(value) is int and value > 0 and value in named:
        return symbol(f"s{value}")
    return value


def holds(ours: Any, theirs: Any) -> bool:
    """Whether a result with symbols is torch's for their sizes; not known is no claim."""
    if isinstance(ours, Unknown):
        return True
    if isinstance(theirs, tuple(OTHERS)):
        return same_other(numbered(ours), abstract(theirs))
    if isinstance(ours, Tensor):
        if isinstance(ours.shape, Unknown):
            return True
        sizes = [evaluated(s) for s in ours.sizes]
        return (
            ours.rank == theirs.dim()
            and all(a is None or a == b for a, b in zip(sizes, theirs.shape, strict=True))
            and (ours.strides is not None or bool(theirs.is_contiguous()))
            and (not ours.strides or same_layout(ours, theirs))
        )
    if isinstance(theirs, (tuple, list)):
        return len(ours) == len(theirs) and all(map(holds, ours, theirs))
    if isinstance(theirs, dict):
        return list(ours) == list(theirs) and all(holds(ours[k], theirs[k]) for k in theirs)
    if not isinstance(ours, (int, Expr)):
        return bool(ours == abstract(theirs))
    return evaluated(ours) in {None, theirs}


def numbered(value: Any) -> Any:
    """An array or image with the sizes behind its symbols."""
    if isinstance(value, Image):
        return image(*(number(size) for size in value.geometry()))
    if not isinstance(value, Tensor) or isinstance(value.shape, Unknown):
        return value
    return type(value)(tuple(map(number, value.sizes)), dtype=value.dtype, data=value.data)


def number(size: Any) -> Any:
    found = evaluated(size)
    return unknown_size() if found is None else found


def evaluated(size: Any) -> int | float | None:
    """The number a size is; None if it is not known."""
    if isinstance(size, float):
        return size
    return None if isinstance(size, Expr) and has_anonymous(size) else evaluate(size, NAMED)


def each_symbolic(path: str, function: Callable[..., Any], *strategies: Any) -> None:
    """What the op says of symbols holds for arguments drawn from the strategies."""

    @SETTINGS
    @given(st.tuples(*strategies), st.sets(st.integers(1, 4)))
    def check(args: Any, named: Any) -> None:
        sound(path, function, *args, named=named)

    check()
