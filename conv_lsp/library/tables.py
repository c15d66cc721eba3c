"""Rules and layers declared by rows of a table: a name, torch's signature as text, and a body."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from inspect import Parameter, Signature
from typing import Any, Final, TypeAlias

from conv_lsp.library.module import Layer
from conv_lsp.library.registry import Call, method, models, op
from conv_lsp.values import MISSING, Unknown, Value

Body: TypeAlias = Callable[..., Any]

OUT: Final = ("torch", "torch.special", "torch.linalg", "torch.fft")
"""Modules whose functions take a tensor to write their result to."""
_WORDS: Final[dict[str, object]] = {
    "None": None,
    "True": True,
    "False": False,
    "()": (),
    "ABSENT": MISSING,
}


def parse(text: str) -> list[Parameter]:
    """Parameters of a signature written as in torch's documentation.

    "input: Tensor, alpha=1.0, *, out=None"; the defaults are None, booleans, (), numbers and words;
    ABSENT for what is another form of the call if it is left out.
    """
    keyword_only = False
    found = []
    for part in text.split(", ") if text else ():
        if part == "*":
            keyword_only = True
            continue
        head, _, default = part.partition("=")
        name, _, annotation = head.partition(": ")
        found.append(
            Parameter(
                name,
                Parameter.KEYWORD_ONLY if keyword_only else Parameter.POSITIONAL_OR_KEYWORD,
                default=literal(default) if default else Parameter.empty,
                annotation=annotation or Parameter.empty,
            )
        )
    return found


def literal(text: str) -> object:
    """A default as it is written in a table."""
    if text in _WORDS:
        return _WORDS[text]
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            pass
    return text


def named(
    parameters: Sequence[Parameter], args: Sequence[Value], kwargs: Mapping[str, Value]
) -> dict[str, Value]:
    """Bound arguments by name. Binding leaves out those keyword arguments that were not given."""
    defaults = {p.name: p.default for p in parameters if p.default is not Parameter.empty}
    given = zip([p.name for p in parameters], args, strict=False)
    return {**defaults, **dict(given), **kwargs}


def signed(
    function: Body, parameters: Iterable[Parameter], returns: str, *first: str, name: str = ""
) -> Body:
    """A function that takes anything, given the signature it is to be called with."""
    function.__name__ = name or function.__name__
    own = [Parameter(name, Parameter.POSITIONAL_OR_KEYWORD) for name in first]
    rest = list(parameters)
    function.__signature__ = Signature([*own, *rest])  # type: ignore[attr-defined]
    function.__annotations__ = {"return": returns}
    return function


def declare(
    body: Body,
    signature: str,
    *paths: str,
    methods: Iterable[str] = (),
    returns: str = "Tensor",
    said: str = "",
) -> None:
    """A rule at these paths (and as these methods) with this signature.

    The body gets `call` and the arguments in the order of the signature. All of torch's own
    functions take `out` besides; those of torch.nn.functional mostly do not. What comes out is
    `said`, or in the body's documentation.
    """
    takes_out = bool(paths) and paths[0].rpartition(".")[0] in OUT

    def rule(call: Call, *args: Value, out: Value = None, **kwargs: Value) -> Value:
        return body(call, *args, **kwargs)

    def parameters() -> list[Parameter]:
        out = [Parameter("out", Parameter.KEYWORD_ONLY, default=None)] if takes_out else []
        return [*parse(signature), *out]

    # Read at the first call: there are hundreds of such rules, of which a file needs a few.
    rule.parameters = parameters  # type: ignore[attr-defined]
    rule.__annotations__ = {"return": returns}
    written = body.func if isinstance(body, partial) else body
    rule.__doc__ = f"{said}." if said else written.__doc__
    rule.__module__ = written.__module__
    op(*paths)(rule)
    method(*methods)(rule)


def return_type(name: str, fields: str = "values indices") -> Any:
    """torch.return_types.x."""
    return namedtuple(name, fields)  # noqa: PYI024 - typed by use


def layer(
    path: str,
    signature: str,
    forward: Body,
    inputs: str = "input: Tensor",
    made: Body | None = None,
    said: str = "",
) -> type[Layer]:
    """A layer without parameters of its own: its arguments become attributes of the same names.

    `forward` gets the layer, `call` and what `inputs` names; `made`, the layer and `call`, looks at
    the arguments; `said` is what comes out.
    """
    given = parse(signature)

    def construct(self: Layer, call: Call, *args: Value, **kwargs: Value) -> None:
        Layer.__init__(self, call)
        self.__dict__.update(named(given, args, kwargs))
        if made is not None:
            made(self, call)

    def describe(self: Layer) -> str:
        shown = [
            f"{p.name}={self.__dict__.get(p.name)}"
            for p in given
            if p.name != "inplace" and _differs(self.__dict__.get(p.name), p.default)
        ]
        return f"{type(self).__name__}({', '.join(shown)})" if shown else type(self).__name__

    def run(self: Layer, call: Call, *args: Value, **kwargs: Value) -> Value:
        return forward(self, call, *args, **kwargs)

    members = {
        "__slots__": (),
        "__module__": forward.__module__,
        "__doc__": f"{said}." if said else None,
        "__init__": signed(construct, given, "None", "self", "call", name="__init__"),
        "forward": signed(run, parse(inputs), "Tensor", "self", "call", name="forward"),
        "describe": describe,
    }
    return models(path)(type(path.rpartition(".")[2], (Layer,), members))


def _differs(value: object, default: object) -> bool:
    """Whether an attribute says more than its default; what is not known says nothing."""
    known = isinstance(value, (bool, int, float, str))
    return known and not isinstance(value, Unknown) and value != default
