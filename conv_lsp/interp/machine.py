"""The state of one analysis, and what the library may ask of it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from conv_lsp.dims import Comparison, Dim, Expr, equal, has_anonymous, symbols
from conv_lsp.findings import RULES, Rule
from conv_lsp.interp.frames import BoundMethod, Frame, Function
from conv_lsp.interp.records import Complaint, Record, Remembered
from conv_lsp.interp.signals import Cancelled, Raised, Refined, Settled, Stopped
from conv_lsp.interp.store import NEWBORN, Store, escape
from conv_lsp.library.registry import is_layer
from conv_lsp.source import Files, Source
from conv_lsp.values import (
    MISSING,
    Answers,
    Class,
    Derived,
    Dict,
    Instance,
    List,
    Module,
    Site,
    Tensor,
    Unknown,
    Value,
    implied_by,
    kind_of,
    method_of,
)

DEPTH = 120
"""Calls inside calls, past which a call is unknown."""
LENGTH = 100_000
"""Elements of a collection, past which it is unknown."""
SURE, LIKELY, GUESSED = 1, 2, 3
"""How sure a use of an input is about its rank: unpacking its shape; a convolution, taken as
batched; a linear layer, which takes any number of dimensions.
"""
NESTING = 20
"""Containers inside containers, past which a value has no key: it may hold itself."""
SIMPLE = frozenset((int, bool, float, str, type(None), Tensor, Expr))
"""Types of what a layer without children holds, and tuples of them."""
MODE = "training"
"""The attribute that `train` and `eval` write to every module."""
COPIED = 16
"""Elements of a container that are copied or looked at for a step."""
POLL = 256
"""Steps between two looks at whether the answer is still wanted."""

BASES = {
    "ModuleNotFoundError": "ImportError",
    "KeyError": "LookupError",
    "IndexError": "LookupError",
    "NotImplementedError": "RuntimeError",
    "ZeroDivisionError": "ArithmeticError",
    "FileNotFoundError": "OSError",
    "UnboundLocalError": "NameError",
    "RecursionError": "RuntimeError",
    "JSONDecodeError": "ValueError",
}


class Machine:
    """Interprets code over values. Implements `registry.Host`."""

    def __init__(
        self,
        files: Files,
        budget: int,
        stop: Callable[[], bool],
        answers: Answers | None = None,
    ) -> None:
        self.files = files
        self.answers = answers
        self.asked: dict[str, object] = {}
        """What has been asked of `answers`, and what was said."""
        self.budget = budget
        self.stop = stop
        self.steps = 0
        self.store = Store()
        self.namespaces: dict[str, Any] = {}
        self.memo: dict[object, Remembered] = {}
        self.structures: dict[object, int] = {}
        """Numbers of the structures that objects have."""
        self._nesting = 0
        self.kept: list[Value] = []
        """Values whose identity is part of a key; kept so that no other takes it."""
        self.record: Record | None = None
        """Record of the function that runs now."""
        self.start = 0
        """Birth of the oldest object that the running function can have made."""
        self.undecided = 0
        """How many conditions that are not known lead here from the start of the function."""
        self.certain = True
        """Whether the running function itself was certain to be called."""
        self.doubt = 0
        """How many conditions that are not known lead to the start of the running function."""
        self.limit = 0
        """Steps at which the calls of a function that runs under such conditions are unknown."""
        self.costly: set[int] = set()
        """Functions in which that happened; under such conditions they do not run again."""
        self.depth = 0
        self.catching: list[frozenset[str]] = []
        """Exceptions caught by the `try` statements around, innermost last."""
        self.tolerated = 0
        """How many `with` around are of what is not known: it may swallow exceptions."""
        self.layer: Module | None = None
        """The library layer whose rule runs, if one does."""
        self.doubtful: dict[int, int] = {}
        """How often each function runs now inside itself under a condition that is not known."""
        self.reached: set[int] = set()
        """Identities of the function definitions that ran."""
        self.trail: list[int] = []
        """The same in the order in which they ran, over and over."""
        self.inputs: set[str] = set()
        """Symbols of the entry's inputs that one use may still settle."""
        self.at_yield: Callable[[Value], None] | None = None
        """For the next function that runs: see `contexts`."""
        self.refinable = GUESSED
        """How uncertain a first use may be that tells the shape of an input."""
        self.guessing = False
        """Whether an entry runs whose arguments are ours: what it passes on is not all there is."""
        self.mixed = False
        """Whether some code changes the precision of tensors that do not tell it."""
        self.inside = False
        """Whether the forward of some module runs."""
        self.shared: dict[int, Any] = {}
        """Containers that files share, by identity: see `registries`."""
        self.looked: dict[tuple[int, str], bool] = {}
        """Keys that have been looked for, by container, and whether a statement speaks of them."""
        self.families: dict[str, tuple[int, list[Any]]] = {}
        """Files of packages that have been looked through."""
        self.loading = 0
        """How many statements of other files are running, one for the sake of the other."""
        self.script: Any = None
        """The namespace of the file that is analysed."""
        self.roots: list[Record] = []
        """Records of top-level statements that ran, in order."""
        self.lookups: dict[str, Source | None] = {}
        """The files that modules were found in, and those that were not found."""
        self.internals: set[str] = set()
        """Files of packages that are only in part written in Python."""

    # -- bounds -------------------------------------------------------------------------------

    def step(self, count: int = 1) -> None:
        """Spend from the budget."""
        self.steps += count
        if self.steps > self.budget:
            raise Stopped(f"stopped after {self.budget:,} steps")
        if self.steps % POLL < count and self.stop():
            raise Cancelled

    def reach(self, *code: int) -> None:
        """Note that function definitions run, or would without what is remembered."""
        self.reached.update(code)
        self.trail.extend(code)

    def ran_since(self, mark: int) -> frozenset[int]:
        """The definitions that have run since the trail was so long."""
        return frozenset(self.trail[mark:])

    @property
    def sure_to_raise(self) -> bool:
        """Whether a raise that is reached proves something: while another file is loaded, not all of
        its statements have run.
        """
        return not (self.undecided or self.loading or self.is_internal)

    @property
    def is_internal(self) -> bool:
        """Whether a file runs of a package that is only in part written in Python."""
        return self.record is not None and self.record.statement.path in self.internals

    def rest(self) -> None:
        """Be as before an entry runs, however the last one ended."""
        self.record = self.layer = None
        self.start = self.depth = self.undecided = self.doubt = self.tolerated = 0
        self.certain, self.inside, self.guessing = True, False, False
        self.loading = 0
        self.catching.clear()
        self.costly.clear()

    # -- Host: reports ------------------------------------------------------------------------

    def report(self, rule: Rule, site: Site, at: object, words: Mapping[str, object]) -> None:
        """See `registry.Host`."""
        message = rule.message.format(**words)
        if self.catches(rule.raises):
            raise Raised(exception_names(rule.raises), message, site)
        record = self.record
        if record is not None and not self.is_internal:
            node = at if isinstance(at, ast.AST) else None
            record.complaints.append(
                Complaint(
                    rule,
                    site,
                    node,
                    message,
                    not (self.undecided or self.tolerated),
                    self.layer,
                    raised=rule.code == "always-raises",
                    words=tuple(
                        (k, v if isinstance(v, (int, str)) else str(v)) for k, v in words.items()
                    ),
                )
            )

    def catches(self, name: str) -> bool:
        """Whether a `try` around the running code handles this exception."""
        if not self.catching:
            return False
        names = exception_names(name)
        return any(not caught.isdisjoint(names) for caught in self.catching)

    def need(self, comparison: Comparison, rule: Rule, site: Site) -> None:
        """See `registry.Host`."""
        record = self.record
        if record is None or self.undecided or self.tolerated or self.catches(rule.raises):
            return
        if not (has_anonymous(comparison[1]) or has_anonymous(comparison[2])):
            record.conditions.append((comparison, site, rule))

    def learn(self, condition: Value, wanted: bool, names: Sequence[str], site: Site) -> None:
        """A condition that is not decided has to be true, or false, or these exceptions end it all."""
        if not any(map(self.catches, names)):
            for comparison in implied_by(condition)[not wanted]:
                self.need(comparison, RULES["always-raises"], site)

    def refine(self, unknown: Unknown, shape: Sequence[Dim], *, sure: bool = False) -> None:
        """See `registry.Host`. `sure`: the code itself says how many dimensions there are."""
        level = SURE if sure else GUESSED if len(shape) < 3 else LIKELY
        if unknown.parameter and level <= self.refinable:
            raise Refined(unknown, shape)

    def settle(self, got: Dim, want: Dim) -> None:
        """Two sizes must be equal; if one is a free symbol of an input, the other is its value."""
        if not self.inputs or self.undecided or not self.certain:
            return
        if isinstance(want, Expr):
            got, want = want, got
        if isinstance(got, Expr) and isinstance(want, int) and want > 0:
            names = symbols(got)
            if len(names) == 1 and names <= self.inputs and str(got) in names:
                raise Settled(str(got), want)

    # -- Host: values -------------------------------------------------------------------------

    def new(self, value: Value) -> Value:
        """See `registry.Host`."""
        if isinstance(value, (List, Dict, Instance)):
            value.birth = self.store.born()
        return value

    def list(self, items: Sequence[Value] | Iterator[Value]) -> List:
        """A new list of the interpreted code."""
        return List(items, self.store.born())

    def writes(self, value: Value) -> None:
        """See `registry.Host`."""
        if self.store.marks:
            self.step(len(value) // COPIED)  # what is in it now is kept
        self.store.before_change(value)
        self.store.wrote(getattr(value, "birth", 0), self.start)
        if getattr(value, "keyed", False):
            self.store.epoch += 1

    def attribute(self, value: Value, name: str, site: Site) -> Value:
        """See `registry.Host`."""
        from conv_lsp.interp.objects import attribute

        try:
            with self.handling(frozenset(("AttributeError",))):
                return attribute(self, value, name, site)
        except Raised as raised:
            if "AttributeError" in raised.names:
                return MISSING
            raise

    def set_attribute(self, value: Value, name: str, new: Value) -> None:
        """See `registry.Host`."""
        store = self.store
        if isinstance(value, Instance):
            linked = value.__dict__.get("__dict__")
            if linked is not None and name != "__dict__" and isinstance(linked, Dict):
                # After `self.__dict__ = self.shared` the attributes are the shared dict's.
                self.writes(linked)
                linked[name] = new
                return
            store.set_item(value.__dict__, name, new)
            store.wrote(value.birth, self.start)
            if value.cached_key is not None or isinstance(value, Module):
                store.epoch += 1
                if name != MODE:
                    value.plain_key = None
            if value.birth < self.start:
                escape((new,))
        elif isinstance(value, (Class, Function)):
            store.set_item(value.attributes, name, new)
            store.wrote(0, self.start)
        elif isinstance(value, Derived):
            self._set_derived(value, name, new)

    def assign_attribute(self, value: Value, name: str, new: Value, site: Site) -> None:
        """See `registry.Host`."""
        kind = value.kind if isinstance(value, Instance) else getattr(value, "interpreted", None)
        if isinstance(kind, Class):
            own = kind.find("__setattr__")
            if isinstance(own, Function):
                self.invoke(own, (value, name, new), {}, site)
                return
            if self.set_by_descriptor(kind, value, name, new, site):
                return
        self.set_attribute(value, name, new)

    def set_by_descriptor(
        self, kind: Class, value: Value, name: str, new: Value, site: Site
    ) -> bool:
        """Set an attribute through what its class holds under the name: a property, a descriptor."""
        found = kind.find(name)
        setter: Value = MISSING
        if isinstance(found, property):
            setter = found.fset
        elif isinstance(found, Instance):
            method = method_of(found, "__set__")
            setter = BoundMethod(method, found) if isinstance(method, Function) else MISSING
        if setter is None or setter is MISSING:
            return False
        self.invoke(setter, (value, new), {}, site)
        return True

    def _set_derived(self, value: Value, name: str, new: Value) -> None:
        """An attribute of an object that is a real dict, list or text."""
        store = self.store
        linked = value.__dict__.get("__dict__")
        if isinstance(linked, dict) and name != "__dict__":  # `self.__dict__ = self`
            self.writes(linked)
            linked[name] = new
        elif name == "__dict__" and value is not new and isinstance(new, dict):
            for key, part in new.items():
                store.set_item(value.__dict__, key, part)
        else:
            store.set_item(value.__dict__, name, new)
        birth = getattr(value, "birth", 0)
        store.wrote(birth, self.start)
        if birth < self.start:
            escape((new,))

    def bind(self, frame: Frame, name: str, value: Value) -> None:
        """Give a variable of a running function, class body or file a value."""
        scope = frame.scope_of(name)
        if scope is frame.namespace.variables and name in scope and name in frame.namespace.asked:
            self.store.wrote(0, self.start)  # remembered calls have read it
        elif scope is not frame.variables:
            self.store.wrote(0, self.start)  # nonlocal: seen outside the running call
        self.store.set_item(scope, name, value)

    def elements(self, value: Value, site: Site) -> Sequence[Value] | Unknown:
        """See `registry.Host`."""
        from conv_lsp.interp.objects import elements

        return elements(self, value, site)

    def truth(self, value: Value) -> bool | None:
        """See `registry.Host`."""
        if value is None or isinstance(value, (bool, int, float, str, bytes, complex)):
            return bool(value)
        if isinstance(value, Unknown):
            return value.truth
        if isinstance(value, Expr):
            zero = equal(value, 0)
            return None if zero is None else not zero
        if isinstance(value, Tensor):
            return bool(value.data) if isinstance(value.data, (bool, int, float)) else None
        if isinstance(value, (List, Dict)) and value.vague:
            return None
        if isinstance(value, Instance):
            return self._instance_truth(value)
        if isinstance(value, Derived) and method_of(value, "__bool__") is not MISSING:
            return self._instance_truth(value)
        if isinstance(value, (tuple, list, dict, set, frozenset, range)):
            return len(value) > 0
        return True

    def _instance_truth(self, value: Value) -> bool | None:
        elements = getattr(type(value), "elements", None)
        if elements is not None and (held := elements(value)) is not None:
            return len(held) > 0
        kind = kind_of(value)
        if isinstance(kind, Class):
            for name in ("__bool__", "__len__"):
                found = kind.find(name)
                if isinstance(found, Function):
                    site = Site(found.statement, found.node)
                    return self.truth(self.invoke(BoundMethod(found, value), (), {}, site))
        return True

    def invoke(
        self, function: Value, args: Sequence[Value], kwargs: Mapping[str, Value], site: Site
    ) -> Value:
        """See `registry.Host`."""
        from conv_lsp.interp.calls import call

        return call(self, function, args, kwargs, site, None)

    # -- undecided code -----------------------------------------------------------------------

    @contextmanager
    def maybe(self) -> Iterator[None]:
        """What runs inside may not really run."""
        self.undecided += 1
        try:
            yield
        finally:
            self.undecided -= 1

    @contextmanager
    def handling(self, names: frozenset[str]) -> Iterator[None]:
        """Inside, these exceptions are caught."""
        self.catching.append(names)
        try:
            yield
        finally:
            self.catching.pop()

    # -- keys ---------------------------------------------------------------------------------

    def key(self, value: Value, links: dict[Any, int]) -> object:
        """A hashable key: calls with equal keys do the same. Raises NoKey where there is none.

        links: numbers the axes met so far, so that only their pattern counts, not what they are.
        """
        kind = value.__class__
        if kind is Tensor:
            return tensor_key(value, links)
        if value is None or kind in (int, str, bool, float, Expr, bytes, complex):
            return (kind, value)
        if isinstance(value, (tuple, List, Dict)):
            return self._container_key(value, links)
        if isinstance(value, Instance):
            return self.instance_key(value)
        if isinstance(value, Unknown):
            self.kept.append(value)
            return ("?", id(value))
        if isinstance(value, BoundMethod):
            return (
                "bound",
                self.key(value.function, links),
                self.key(value.self, links),
            )
        if isinstance(value, Function):
            if value.closure is not None:
                raise NoKey
            self.kept.append(value)
            return ("function", id(value))
        if isinstance(value, (type, Class)) or is_layer(value):
            return ("class", id(value))
        if isinstance(value, range):
            return (range, value)
        if isinstance(value, Derived):
            return self._derived_key(value, str(value), links)
        if isinstance(value, partial):
            keywords = tuple([(k, self.key(v, links)) for k, v in value.keywords.items()])
            return (partial, self.key(value.func, links), self.key(value.args, links), keywords)
        raise NoKey

    def _container_key(
        self, value: tuple[Value, ...] | List | Dict, links: dict[Any, int]
    ) -> object:
        if getattr(value, "vague", "") or self._nesting > NESTING:
            raise NoKey
        self._nesting += 1
        self.step(len(value) // COPIED)
        if not isinstance(value, tuple):
            value.keyed = True
        try:
            if isinstance(value, Derived):
                content = dict(value) if isinstance(value, dict) else tuple(value)
                own = Dict(content.items()) if isinstance(content, dict) else content
                return self._derived_key(value, self._container_key(own, links), links)
            if isinstance(value, Dict):
                return (Dict, tuple([(k, self.key(v, links)) for k, v in value.items()]))
            parts = tuple([self.key(v, links) for v in value])
            return (value.__class__, parts, getattr(value, "maxlen", None))
        finally:
            self._nesting -= 1

    def _derived_key(self, value: Value, content: object, links: dict[Any, int]) -> object:
        own = tuple([(n, self.key(v, links)) for n, v in value.__dict__.items() if v is not value])
        return (id(type(value)), content, own)

    def instance_key(self, value: Instance) -> object:
        """The structural key of an object: its class and attributes."""
        if value.birth == NEWBORN:
            raise NoKey
        plain = value.plain_key
        if plain is not None and plain[0] == self.store.rewinds:
            return ("layer", plain[1], value.__dict__.get(MODE))
        cached = value.cached_key
        if cached is not None and cached[0] == self.store.epoch:
            return cached[1]
        if isinstance(value, Module) and all(map(is_plain, value.__dict__.values())):
            return self._plain_key(value)
        value.cached_key = (self.store.epoch, ("cycle", id(value)))
        self.kept.append(value)
        links: dict[Any, int] = {}
        kind = value.kind
        try:
            key = (
                id(kind),
                tuple([(n, self.key(v, links)) for n, v in value.__dict__.items()]),
            )
        except NoKey:
            key = (id(kind), (("only", id(value)),))
        number = self.structures.setdefault(key, len(self.structures))
        value.cached_key = (self.store.epoch, ("object", number))
        return value.cached_key[1]

    def _plain_key(self, value: Module) -> object:
        """The key of a layer that holds nothing but numbers, words and tensors: it stays while the
        layer is not written to, whatever is written elsewhere; its mode is kept apart.
        """
        links: dict[Any, int] = {}
        attributes = value.__dict__
        parts = [(n, self.key(v, links)) for n, v in attributes.items() if n != MODE]
        key = (id(value.kind), tuple(parts))
        number = self.structures.setdefault(key, len(self.structures))
        value.plain_key = (self.store.rewinds, number)
        return ("layer", number, attributes.get(MODE))


class NoKey(Exception):
    """The value has no key: calls that take it are not remembered."""


def is_plain(value: Value) -> bool:
    """Whether a value cannot change, and holds nothing that can."""
    kind = value.__class__
    return kind in SIMPLE or (kind is tuple and SIMPLE.issuperset([v.__class__ for v in value]))


def tensor_key(value: Tensor, links: dict[Any, int]) -> object:
    """Shape, type and layout of a tensor, and the pattern of its links; never the fields."""
    if isinstance(value.shape, Unknown):
        return (Tensor, id(value.shape), value.dtype)
    data = value.data
    if isinstance(data, list):
        data = repr(data)
    return (
        Tensor,
        value.shape,
        value.dtype,
        value.strides,
        data,
        value.kind,
        tuple([None if a is None else links.setdefault(a, len(links)) for a in value.axes]),
        None if value.seen is None else links.setdefault(value.seen, len(links)),
    )


def exception_names(name: str) -> tuple[str, ...]:
    """An exception and its bases, by name."""
    names = [name]
    while names[-1] in BASES:
        names.append(BASES[names[-1]])
    return (*names, "Exception", "BaseException")
