"""Calls as torch took them before scalars were keywords, and still takes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from conv_lsp.dims import Expr
from conv_lsp.values import Tensor, Unknown, Value


class Form(NamedTuple):
    """Where scalars stand among the positional arguments, and what they are called now."""

    places: tuple[int, ...]
    words: tuple[str, ...]
    positional: int
    """How many positional arguments today's form has."""


def _forms() -> dict[str, Form]:
    found = {}
    for name in ("add", "sub"):
        found[name] = Form((1,), ("alpha",), 2)
    for name in ("subtract", "rsub"):  # of numbers only
        found[name] = Form((2,), ("alpha",), 2)
    for name in ("addcmul", "addcdiv"):
        found[name] = Form((1,), ("value",), 3)
    functions = {f"torch.{name}": form for name, form in found.items()}
    for name in ("addmm", "addmv", "addr", "baddbmm", "addbmm"):
        functions[f"torch.{name}"] = Form((0, 2), ("beta", "alpha"), 3)
        found[name] = Form((1, 2), ("beta", "alpha"), 3)
    methods = {f"torch.Tensor.{n}{w}": form for n, form in found.items() for w in ("", "_")}
    return {**functions, **methods}


FORMS: Final = _forms()


def modern(
    form: Form, args: Sequence[Value], kwargs: Mapping[str, Value]
) -> tuple[Sequence[Value], Mapping[str, Value]]:
    """The same call in today's words; unchanged where it is none of the older ones."""
    more = len(args) - form.positional
    if not 0 < more <= len(form.places):
        return args, kwargs
    places = form.places[:more]
    if places == (2,):
        if not is_scalar(args[1]):
            return args, kwargs
        args = (args[0], number(args[1]), args[2])
    if not kwargs.keys().isdisjoint(form.words[:more]) or not all(
        is_scalar(args[i]) for i in places
    ):
        return args, kwargs
    scalars = {word: args[i] for word, i in zip(form.words, places, strict=False)}
    return [a for i, a in enumerate(args) if i not in places], {**kwargs, **scalars}


def is_scalar(value: Value) -> bool:
    """Whether a value may be a number, as a tensor without axes is."""
    if isinstance(value, Tensor):
        return value.shape == ()
    return isinstance(value, (int, float, complex, Expr, Unknown))


def number(value: Value) -> Value:
    """A tensor without axes as the number in it."""
    if not isinstance(value, Tensor):
        return value
    kind = "bool" if value.dtype == "bool" else "int64"
    kind = "complex64" if value.dtype.startswith("complex") else kind
    kind = "float32" if "float" in value.dtype else kind
    return Tensor((), dtype=kind, data=value.data, kind="number")
