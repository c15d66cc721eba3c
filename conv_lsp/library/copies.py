"""`torch.narrow_copy` and its kin: what a view shows, in memory of its own."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, Final

from conv_lsp.library.casts import detach
from conv_lsp.library.joining import split_with_sizes, tensor_split_by, unbind
from conv_lsp.library.memory import as_strided, view_as_complex, view_as_real
from conv_lsp.library.picking import diagonal, narrow, select, slice_, unfold
from conv_lsp.library.registry import OPS, AnyRank, Call, method, op
from conv_lsp.library.repeating import expanded
from conv_lsp.library.shaping import squeeze, t, torch_permute, transpose, unsqueeze, view
from conv_lsp.values import Tensor, Value

VIEWS: Final[dict[str, Callable[..., Any]]] = {
    "as_strided": as_strided,
    "detach": detach,
    "alias": detach,
    "diagonal": diagonal,
    "narrow": narrow,
    "permute": torch_permute,
    "select": select,
    "slice": slice_,
    "split": tensor_split_by,
    "split_with_sizes": split_with_sizes,
    "squeeze": squeeze,
    "t": t,
    "transpose": transpose,
    "unbind": unbind,
    "unfold": unfold,
    "unsqueeze": unsqueeze,
    "view_as_complex": view_as_complex,
    "view_as_real": view_as_real,
}


def copied(value: Value) -> Value:
    """The same in row-major order."""
    if isinstance(value, tuple):
        return tuple(map(copied, value))
    if not isinstance(value, Tensor) or not value.known:
        return value
    made = Tensor(value.sizes, value.axes, seen=value.seen, dtype=value.dtype)
    made.data = value.data
    return made


def declare_copy(name: str, view: Callable[..., Any]) -> None:
    """`torch.narrow_copy` takes what `narrow` takes."""

    def rule(call: Call, *args: Value, **kwargs: Value) -> Value:
        kwargs.pop("out", None)
        return copied(view(call, *args, **kwargs))

    given = inspect.signature(view)
    words = [p.replace(name="input") if n == "self" else p for n, p in given.parameters.items()]
    words.append(inspect.Parameter("out", inspect.Parameter.KEYWORD_ONLY, default=None))
    rule.__signature__ = given.replace(parameters=words)  # type: ignore[attr-defined]
    rule.__doc__ = f"What `{name}` shows, copied."
    op(f"torch.{name}_copy")(rule)


for _name, _view in VIEWS.items():
    declare_copy(_name, _view)
method("narrow_copy")(OPS["torch.narrow_copy"].function)


@op("torch.expand_copy")
def expand_copy(
    call: Call, input: AnyRank, size: object, *, implicit: object = False, out: object = None
) -> Value:
    """What `expand` shows, copied."""
    return copied(expanded(call, input, (size,)))


@op("torch.view_copy")
def view_copy(call: Call, input: AnyRank, size: object, *, out: object = None) -> Value:
    """What `view` shows, copied."""
    return copied(view(call, input, size))
