"""Draws of arguments, and torch as the judge of what an operator makes of them.

    draw("torch.flatten", tensors(), AXES, AXES)
    layer("torch.nn.Linear", (SIZE, SIZE), (tensors(),), bias=st.booleans())
    program("torch.distributions.Normal", "torch.distributions.Normal({}, 1.0).sample({})", ...)

One draw serves a rule under all its names: functions, methods, and those that write in place.
"""

from __future__ import annotations

import copy
import importlib
import inspect
import os
import warnings
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from conv_lsp.library import registry
from conv_lsp.library.loading import load_all
from conv_lsp.library.module import Layer
from conv_lsp.values import Unknown
from tests import judge, opcheck, symbols
from tests.ops import _compiled
from tests.ops._programs import ran

load_all()
DRAWN = int(os.environ.get("CONV_LSP_DRAWS", "6"))
"""How many draws an entry is judged on."""
PACKAGES = ("torch", "torchvision", "einops", "numpy", "torchinfo", "torchsummary", "operator")
"""Whose entries are judged; what Python's own modules do is taken from Python."""

Strategy = st.SearchStrategy[Any]


class Example(NamedTuple):
    """One call: a function's arguments, or those of a layer's construction and of its call."""

    args: tuple[Any, ...]
    kwargs: Mapping[str, Any] = MappingProxyType({})
    inputs: tuple[Any, ...] | None = None
    training: bool = True


class Program(NamedTuple):
    """An expression, run as it stands on both sides."""

    text: str


DRAWS: dict[str, list[Strategy]] = {}
"""The strategies of an entry, by path; methods are `Tensor.name`."""
UNJUDGED: dict[str, str] = {}
"""Entries that cannot be compared, with the reason; a path that ends in `.` stands for all below."""


def built(parts: tuple[Any, ...]) -> Example:
    return Example(*parts)


def add(paths: str, strategy: Strategy) -> None:
    for path in paths.split():
        DRAWS.setdefault(path, []).append(strategy)


def draw(paths: str, *args: Strategy, **kwargs: Strategy) -> None:
    """These functions take such arguments; each keyword is sometimes left out."""
    named = st.fixed_dictionaries({}, optional=kwargs)
    add(paths, st.tuples(st.tuples(*args), named).map(built))


def together(paths: str, args: Strategy, **kwargs: Strategy) -> None:
    """As `draw`, for arguments that depend on each other: one strategy gives all of them."""
    named = st.fixed_dictionaries({}, optional=kwargs)
    add(paths, st.tuples(args.map(tuple), named).map(built))


def layer(
    paths: str, made: tuple[Strategy, ...], inputs: tuple[Strategy, ...], **kwargs: Strategy
) -> None:
    """These layers are made with such arguments and called with such inputs."""
    named = st.fixed_dictionaries({}, optional=kwargs)
    add(paths, st.tuples(st.tuples(*made), named, st.tuples(*inputs), st.booleans()).map(built))


def layers_together(paths: str, strategy: Strategy, **kwargs: Strategy) -> None:
    """As `layer`: one strategy gives the pair of arguments and inputs."""
    named = st.fixed_dictionaries({}, optional=kwargs)
    parts = st.tuples(strategy, named, st.booleans())
    add(paths, parts.map(lambda p: Example(tuple(p[0][0]), p[1], tuple(p[0][1]), p[2])))


def program(paths: str, text: str, *parts: Strategy) -> None:
    """An expression with a hole `{}` for the repr of each part; `torch` and the like are imported."""
    if parts:
        add(paths, st.tuples(*parts).map(lambda drawn: Program(text.format(*map(repr, drawn)))))
    else:
        add(paths, st.just(Program(text)))


def unjudged(paths: str, why: str) -> None:
    UNJUDGED.update(dict.fromkeys(paths.split(), why))


def untyped(paths: str) -> None:
    """These are written in Python, which looks at no types: what a wrong one does depends on chance
    or on what is called with it. Their mistakes are arguments that are missing or not known.
    """
    UNTYPED.update(paths.split())


UNTYPED: set[str] = set()
"""Entries whose arguments of a wrong type are not judged; a path that ends in `.` is all below."""


# -- the entries ------------------------------------------------------------------------------


def entries() -> list[str]:
    """Every name of the tables that torch or another package can judge."""
    found = {path for path in registry.OPS if path.partition(".")[0] in PACKAGES}
    for path, value in registry.NAMES.items():
        if path.partition(".")[0] not in PACKAGES:
            continue
        if inspect.isclass(value) and getattr(value, "path", path) != path:
            continue  # another name of the same class
        if callable(value):
            found.add(path)
    found |= {
        f"Tensor.{name}"
        for name in (
            *registry.METHODS,
            *registry.ATTRIBUTES,
            *registry.PROPERTIES,
        )
    }
    return sorted(found)


def reason(entry: str) -> str:
    """Why an entry is not judged; empty if it is."""
    return next((UNJUDGED[path] for path in (entry, *above(entry)) if path in UNJUDGED), "")


def above(entry: str) -> Iterator[str]:
    """The packages that an entry is in, each with a dot at its end."""
    parts = entry.split(".")
    return (".".join(parts[:i]) + "." for i in range(1, len(parts)))


def rule(entry: str) -> object:
    """What an entry's names share."""
    if entry.startswith("Tensor."):
        name = entry[7:]
        op = registry.METHODS.get(name) or registry.PROPERTIES.get(name)
        return op.function if op else registry.ATTRIBUTES.get(name)
    found = registry.OPS.get(entry)
    return found.function if found else registry.NAMES.get(entry)


_BY_RULE: dict[object, list[Strategy]] = {}


def strategies(entry: str) -> list[Strategy]:
    """How an entry's arguments are drawn: as declared, for it or for another name of its rule."""
    if not _BY_RULE:
        for path, found in DRAWS.items():
            if (shared := rule(path)) is not None:
                _BY_RULE.setdefault(shared, []).extend(found)
    return DRAWS.get(entry) or _BY_RULE.get(rule(entry)) or inherited(entry)


def inherited(entry: str) -> list[Strategy]:
    """The draws of `torch.x` for a method, of `x` for the `x_` that writes in place."""
    head, _, name = entry.rpartition(".")
    if name.endswith("_") and not name.endswith("__"):
        plain = name.rstrip("_")
        return DRAWS.get(f"{head}.{plain}") or strategies_of_function(head, plain)
    return strategies_of_function(head, name)


def strategies_of_function(head: str, name: str) -> list[Strategy]:
    return DRAWS.get(f"torch.{name}", []) if head == "Tensor" else []


def missing() -> list[str]:
    """Entries without a differential test."""
    return [entry for entry in entries() if not reason(entry) and not strategies(entry)]


# -- judging ----------------------------------------------------------------------------------


def resolve(entry: str) -> Any:
    """What the judge has at the path; None for what is gone from it."""
    head, *rest = ("torch." + entry if entry.startswith("Tensor.") else entry).split(".")
    if "torchvision" in entry and not _compiled.loaded():
        return None
    try:
        found: Any = importlib.import_module(head)
    except ImportError:
        return None  # a package that need not be there
    done = head
    for name in rest:
        done = f"{done}.{name}"
        inner = getattr(found, name, None)
        if inner is None and inspect.ismodule(found):
            try:
                inner = importlib.import_module(done)
            except ImportError:
                return None
        found = inner
    return found


def ours(entry: str, example: Example) -> tuple[Any, list[Any]]:
    """What the engine gives, and what it complains of."""
    args = judge.abstract(example.args)
    kwargs = {name: judge.abstract(value) for name, value in example.kwargs.items()}
    if entry[7:] in registry.ATTRIBUTES and entry.startswith("Tensor."):
        return registry.ATTRIBUTES[entry[7:]](args[0]), []
    if entry[7:] in registry.PROPERTIES and entry.startswith("Tensor."):
        return opcheck.run(entry, args[0])
    made, findings = opcheck.run(entry, *args, **kwargs)
    if example.inputs is None or findings:
        return made, findings
    if isinstance(made, Layer):
        for _, module in made.tree():
            module.__dict__["training"] = example.training
    return opcheck.apply(made, *judge.abstract(example.inputs))


def theirs(entry: str, example: Example) -> Any:
    """What the judge gives, or "error"."""
    found = resolve(entry)
    if entry.startswith("Tensor.") and not callable(found):
        return judge.torchs(lambda value: getattr(value, entry[7:]), example.args[:1], {})
    made = judge.torchs(found, example.args, example.kwargs)
    if example.inputs is None or isinstance(made, str):
        return made
    if hasattr(made, "train"):
        made.train(example.training)
    return judge.torchs(made, example.inputs, {})


def compared(entry: str, example: Example | Program) -> bool:
    """Whether the judge gave a result and not an error; fails where the two sides differ."""
    __tracebackhide__ = True
    if isinstance(example, Program):
        return ran(example.text)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        mine, findings = ours(entry, example)
        real = theirs(entry, example)
    refused = isinstance(real, str) and real == "error"
    said = f"{entry}: {shown(example)}\n  ours   {mine} {findings}\n  judge  {judge.shown(real)}"
    assert bool(findings) == refused, said
    assert refused or alike(mine, real), said
    if example.inputs is not None and not refused:
        assert same_weights(entry, example), f"{entry}: {shown(example)}: other parameters"
    return not refused


def same_weights(entry: str, example: Example) -> bool:
    """Whether a layer has as many parameters; those of lazy ones come with the first call."""
    options = {name: judge.abstract(value) for name, value in example.kwargs.items()}
    made, _ = opcheck.run(entry, *judge.abstract(example.args), **options)
    real = judge.torchs(resolve(entry), example.args, example.kwargs)
    if not isinstance(made, Layer) or "Lazy" in entry:
        return True
    layers = [module for _, module in made.tree() if isinstance(module, Layer)]
    count = sum(module.parameter_count() for module in layers)
    return bool(count == sum(p.numel() for p in real.parameters()))


def alike(mine: Any, real: Any) -> bool:
    """Whether a result is the judge's; a number that is not known is no claim."""
    if isinstance(mine, Unknown):
        return isinstance(real, (bool, int, float, complex, str))
    return judge.same(mine, real)


def shown(example: Example) -> str:
    return f"{judge.abstract(example.args)} {judge.abstract(tuple(example.kwargs.items()))}" + (
        "" if example.inputs is None else f" called with {judge.abstract(example.inputs)}"
    )


# -- ways to judge a draw ---------------------------------------------------------------------

SIZES_NAMED = frozenset(range(2, 3000))
JUNK: tuple[Any, ...] = (2.5, -1, True, None, "x", [1], (1, 2), [], {}, [2.5], ["x"], object)
SPOILS = st.tuples(
    st.sampled_from(["replace", "replace", "replace", "drop", "extra", "keyword"]),
    st.integers(0, 9),
    st.sampled_from(JUNK),
)
Spoil = tuple[str, int, Any]


def with_symbols(entry: str, example: Example) -> None:
    """With symbols for sizes, nothing is said that the judge shows to be otherwise."""
    __tracebackhide__ = True
    tensors = symbols.symbolic(judge.abstract(example.args), SIZES_NAMED)
    inputs = example.inputs
    if inputs is not None:
        tensors, inputs = example.args, symbols.symbolic(judge.abstract(inputs), SIZES_NAMED)
    changed = example._replace(args=tensors, inputs=inputs)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        mine = ours(entry, changed)
        symbols.consistent(f"{entry}: {shown(changed)}", mine, theirs(entry, example))


def spoiled(entry: str, example: Example, spoil: Spoil) -> Example:
    """The same call with one mistake; of a layer, in its construction."""
    way, at, junk = copy.deepcopy(spoil)
    if way != "keyword" and not UNTYPED.isdisjoint((entry, *above(entry))):
        way = "drop" if at % 2 and example.args else "keyword"
    args = list(example.args)
    # A method is one of a tensor, and so is what stands in brackets.
    first = int(entry.startswith(("Tensor.", "operator.getitem", "operator.setitem")))
    if way == "keyword":
        return example._replace(kwargs={**example.kwargs, "strange": junk})
    if way == "extra" or len(args) == first:
        return example._replace(args=(*args, junk))
    if way == "drop":
        return example._replace(args=tuple(args[:-1]))
    args[first + at % (len(args) - first)] = junk
    return example._replace(args=tuple(args))


WAYS = ("agree", "symbols", "mistakes")


def check(entry: str, draws: int = DRAWN, ways: Collection[str] = WAYS) -> Counter[str]:
    """Judge an entry on so many draws; how many had a result, and how many an error.

    agree: the same result, or an error on both sides. symbols: nothing is said of symbols for the
    sizes that the judge shows to be otherwise. mistakes: a call spoiled by one is refused where the
    judge refuses it, and nowhere else.
    """
    outcomes: Counter[str] = Counter()
    if entry.startswith("Tensor.") and entry[7:] in registry.ATTRIBUTES:
        ways = {*ways} - {"mistakes"}  # an attribute has no arguments
    for strategy in strategies(entry):

        @settings(derandomize=True, deadline=None, max_examples=draws, database=None)
        @given(strategy, SPOILS)
        def agrees(example: Example | Program, spoil: Spoil) -> None:
            if "agree" in ways:
                outcomes["results" if compared(entry, example) else "errors"] += 1
            if isinstance(example, Example):
                if "symbols" in ways:
                    with_symbols(entry, example)
                    outcomes["symbols"] += 1
                if "mistakes" in ways:
                    compared(entry, spoiled(entry, example, spoil))
                    outcomes["mistakes"] += 1

        agrees()
    return outcomes
