"""`functools`, `itertools`, `contextlib`: functions of functions and of iterables.

What Python makes lazily is a list here.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from conv_lsp.library.arithmetic import binary
from conv_lsp.library.iterators import (
    LENGTH,
    Endless,
    endless,
    held_by,
    new_list,
    stopped,
    vague,
)
from conv_lsp.library.raising import certainly_raises
from conv_lsp.library.registry import NAMES, OPS, Call, Op, models, op
from conv_lsp.library.wrappers import ITSELF
from conv_lsp.values import Dict, Instance, Once, Unknown, Value

# -- functools --------------------------------------------------------------------------------


@models("functools.partial")
class Partial(Instance):
    """A function with some of its arguments."""

    __slots__ = ()

    def __init__(self, call: Call, func: object, *args: object, **keywords: object) -> None:
        if isinstance(func, Partial):
            args = (*func.__dict__["args"], *args)
            keywords = {**func.__dict__["keywords"], **keywords}
            func = func.__dict__["func"]
        self.__dict__.update(func=func, args=args, keywords=Dict(keywords.items()))

    def __call__(self, call: Call, *args: object, **kwargs: object) -> Value:
        own = self.__dict__
        return call.invoke(own["func"], *own["args"], *args, **{**own["keywords"], **kwargs})


@models("functools.partialmethod")
class PartialMethod(Partial):
    """The same as a method: what it is asked of is the first argument."""

    __slots__ = ()

    def bind(self, call: Call, instance: object) -> Value:
        own = self.__dict__
        return call.invoke(Partial, own["func"], instance, *own["args"], **own["keywords"])


@op("functools.reduce")
def reduce(call: Call, function: object, iterable: object, *initial: object) -> Value:
    """The function applied to the elements from the left."""
    held = held_by(call, iterable)
    if isinstance(held, Unknown):
        return held
    values = [*initial[:1], *held]
    if not values:
        return Unknown("reduce() of nothing")
    result = values[0]
    for value in values[1:]:
        result = call.invoke(function, result, value)
    return result


@op("functools.lru_cache", "functools.cache")
def cache(call: Call, *args: object, **kwargs: object) -> Value:
    """The function itself, or a decorator that leaves it as it is."""
    return args[0] if args and not isinstance(args[0], int) and args[0] is not None else ITSELF


@op("functools.singledispatch", "functools.singledispatchmethod")
def dispatched(call: Call, func: object) -> Value:
    """Which function runs depends on the class of an argument."""
    return Unknown("a function that is chosen by the class of its argument")


@op("functools.total_ordering")
def first_argument(call: Call, wrapper: object, *args: object, **kwargs: object) -> Value:
    """The first argument."""
    return wrapper


@op("builtins.cached_property")
def cached_property(call: Call, func: object) -> Value:
    """A real one, around a function of the interpreted code."""
    return functools.cached_property(func)  # type: ignore[arg-type]


NAMES["functools.cached_property"] = functools.cached_property

# -- itertools --------------------------------------------------------------------------------


def bounded(call: Call, values: Iterable[Value]) -> Value:
    """A list of what a real iterator gives, if that is not too much."""
    held = list(itertools.islice(values, LENGTH + 1))
    return stopped() if len(held) > LENGTH else new_list(call, held)


def columns(call: Call, iterables: Sequence[Value]) -> list[Sequence[Value]] | Unknown:
    """The elements of several iterables."""
    held = [held_by(call, v) for v in iterables]
    unknown = next((h for h in held if isinstance(h, Unknown)), None)
    return [h for h in held if not isinstance(h, Unknown)] if unknown is None else unknown


def lazily(function: Callable[..., Iterable[Any]]) -> Callable[..., Value]:
    """A rule for a function of iterables only."""

    def rule(call: Call, *iterables: object, **kwargs: object) -> Value:
        held = columns(call, iterables)
        return held if isinstance(held, Unknown) else bounded(call, function(*held, **kwargs))

    return rule


def choosing(function: Callable[..., Iterable[Any]]) -> Callable[..., Value]:
    """A rule for a function of one iterable and a number."""

    def rule(call: Call, iterable: object, r: object = None) -> Value:
        held = held_by(call, iterable)
        if isinstance(held, Unknown):
            return held
        if r is not None and not isinstance(r, int):
            return Unknown("a number of elements that is not known")
        return bounded(call, function(held, *([] if r is None else [r])))

    return rule


LAZY: Final = ("chain", "product", "zip_longest", "pairwise", "compress")
CHOOSING: Final = ("combinations", "combinations_with_replacement", "permutations")
for _names, _rule in ((LAZY, lazily), (CHOOSING, choosing)):
    for _name in _names:
        _path = f"itertools.{_name}"
        OPS[_path] = Op(_path, _rule(getattr(itertools, _name)))


@op("itertools.chain.from_iterable")
def chain_from_iterable(call: Call, iterable: object) -> Value:
    """The elements of the elements."""
    held = held_by(call, iterable)
    if isinstance(held, Unknown):
        return held
    parts = columns(call, held)
    return parts if isinstance(parts, Unknown) else bounded(call, itertools.chain(*parts))


@op("itertools.repeat")
def repeat(call: Call, object: object, times: object = None) -> Value:
    """One value again and again."""
    if times is None:
        return endless(call, object, None)
    if not isinstance(times, int):
        return Unknown(times.why if isinstance(times, Unknown) else f"a repetition {times} times")
    return bounded(call, itertools.repeat(object, times))


@op("itertools.count")
def count(call: Call, start: object = 0, step: object = 1) -> Value:
    """Numbers without an end."""
    if isinstance(start, (int, float)) and isinstance(step, (int, float)):
        return endless(call, start, step)
    return Unknown("numbers that are not known")


@op("itertools.groupby")
def groupby(call: Call, iterable: object, key: object = None) -> Value:
    """Runs of elements with equal plain keys, each with its key."""
    held = held_by(call, iterable)
    if isinstance(held, Unknown):
        return held
    keys = [v if key is None else call.invoke(key, v) for v in list(held)]
    if not all(isinstance(k, (int, str, float, bool, type(None))) for k in keys):
        return Unknown("groups by what is not known")
    runs: list[tuple[Value, list[Value]]] = []
    for found, value in zip(keys, held, strict=True):
        if not runs or runs[-1][0] != found:
            runs.append((found, []))
        runs[-1][1].append(value)
    return call.host.new(Once((found, call.host.new(Once(run))) for found, run in runs))


@op("itertools.cycle")
def cycle(call: Call, iterable: object) -> Value:
    """The elements again and again."""
    held = held_by(call, iterable)
    if isinstance(held, Unknown):
        return held
    made = Once(list(held) * (AHEAD // max(len(held), 1)))
    made.endless = "an iteration without an end" if held else ""
    return call.host.new(made)


AHEAD: Final = 2_000
"""Elements of an endless iteration that are worked out ahead."""


@op("itertools.takewhile", "itertools.dropwhile")
def split_where(call: Call, predicate: object, iterable: object) -> Value:
    """The elements before (after) the first for which the function does not hold."""
    held = held_by(call, iterable)
    if isinstance(held, Unknown):
        return held
    values = list(held)
    for at, value in enumerate(values):
        truth = call.host.truth(call.invoke(predicate, value))
        if truth is None:
            return Unknown("where a condition that is not known changes")
        if not truth:
            return new_list(call, values[:at] if call.name.endswith("takewhile") else values[at:])
    return new_list(call, values if call.name.endswith("takewhile") else [])


@op("itertools.islice")
def islice(call: Call, iterable: object, *bounds: object) -> Value:
    """A slice of the elements."""
    if not all(b is None or isinstance(b, int) for b in bounds) or not bounds:
        return Unknown("a slice whose bounds are not known")
    numbers: list[Any] = list(bounds)
    stop = numbers[0] if len(numbers) == 1 else numbers[1]
    if isinstance(iterable, Endless):
        held: Sequence[Value] | Unknown = (
            iterable.first(stop) if isinstance(stop, int) and stop <= LENGTH else stopped()
        )
    elif isinstance(iterable, Once) and isinstance(stop, int):
        if vague(iterable) or (iterable.endless and stop > len(iterable)):
            return Unknown(vague(iterable) or iterable.endless)
        held = list(iterable[: max(stop, 0)])
        call.host.writes(iterable)
        del iterable[: len(held)]
    else:
        held = held_by(call, iterable)
    if isinstance(held, Unknown):
        return held
    try:
        return bounded(call, itertools.islice(held, *numbers))
    except ValueError as error:
        certainly_raises(call, "ValueError", str(error))


@op("itertools.accumulate")
def accumulate(
    call: Call, iterable: object, func: object = None, *, initial: object = None
) -> Value:
    """Running sums, or what the function makes of them."""
    held = held_by(call, iterable)
    if isinstance(held, Unknown):
        return held
    results: list[Value] = [] if initial is None else [initial]
    for value in held:
        if not results:
            results.append(value)
        elif func is None:
            results.append(binary(call, "add", results[-1], value))
        else:
            results.append(call.invoke(func, results[-1], value))
    return new_list(call, results)


@op("itertools.starmap")
def starmap(call: Call, function: object, iterable: object) -> Value:
    """The function called with the elements of each element."""
    held = held_by(call, iterable)
    if isinstance(held, Unknown):
        return held
    rows = columns(call, held)
    if isinstance(rows, Unknown):
        return rows
    return new_list(call, [call.invoke(function, *row) for row in rows])


@op("itertools.tee")
def tee(call: Call, iterable: object, n: object = 2) -> Value:
    """Independent iterators, as lists."""
    held = held_by(call, iterable)
    if isinstance(held, Unknown):
        return held
    return tuple(new_list(call, held) for _ in range(n if isinstance(n, int) else 2))


# -- contextlib -------------------------------------------------------------------------------


@models(
    "contextlib.suppress",
    "contextlib.closing",
    "contextlib.redirect_stdout",
    "contextlib.redirect_stderr",
    "contextlib.AbstractContextManager",
)
class Context(Instance):
    """A context that lets its block run and changes nothing that is followed."""

    __slots__ = ()

    def __init__(self, call: Call, *args: object, **kwargs: object) -> None:
        pass

    def __call__(self, call: Call, function: object = None) -> Value:
        """As a decorator it leaves the function as it is."""
        return function


@models("contextlib.nullcontext")
class NullContext(Context):
    """Gives its argument to the `with` statement."""

    __slots__ = ()

    def __init__(self, call: Call, enter_result: object = None) -> None:
        self.__dict__["enter_result"] = enter_result

    def enter(self, call: Call) -> Value:
        return self.__dict__["enter_result"]


@op("contextlib.contextmanager", "contextlib.asynccontextmanager")
def contextmanager(call: Call, func: object) -> Value:
    """The generator function itself: `with` enters with the first value it yields."""
    return func
