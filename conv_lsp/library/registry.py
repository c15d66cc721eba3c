"""How callables outside the user's code are declared, found and called.

A rule is a function whose parameters are torch's own, after `call`. The annotations say what the
rule can take: an argument that is not known, where the annotation does not admit `Unknown`, makes
the result unknown without running the rule.

    @op("torch.flatten")
    @method("flatten")
    def flatten(call: Call, input: Tensor, start_dim: int = 0, end_dim: int = -1) -> Tensor: ...

Annotations with a meaning:
    Tensor     a tensor of known rank (numbers are taken as 0-d tensors)
    AnyRank    a tensor whose rank may be unknown: the rule re-anchors it
    Tensors    a sequence of tensors of known rank
    int        a plain integer            Dim    a size: int or symbolic
    Sizes      an int or a tuple of ints, one per axis
    bool str float and anything else      must be known
    object     taken as it is, known or not
`| None` is admitted on all.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NoReturn, Protocol, TypeAlias, TypeVar

from conv_lsp.dims import Comparison, Dim, Expr, equal, less, unknown_size
from conv_lsp.findings import RULES, Rule
from conv_lsp.library.arguments import NUMPY_WORDS, Misfit, Parameters, admit
from conv_lsp.library.loading import Table, families
from conv_lsp.library.older import FORMS, modern
from conv_lsp.values import (
    MISSING,
    Answers,
    List,
    Module,
    Shape,
    Site,
    Tensor,
    Unknown,
    Value,
    takes_call,
)

AnyRank: TypeAlias = Tensor
Tensors: TypeAlias = Sequence[Tensor]
Sizes: TypeAlias = int | tuple[int, ...]

F = TypeVar("F", bound=Callable[..., Any])
C = TypeVar("C", bound=type)

Fold: TypeAlias = Callable[[Value, Sequence[Value], Mapping[str, Value], Sequence[Value]], None]
"""Sets the numbers of a rule's result, given its arguments, as bound and as they were written."""

OPS: Table[Op] = Table()
"""Callables by dotted path: functions, and nothing else."""
METHODS: Table[Op] = Table("Tensor.")
"""Methods of tensors by name."""
ATTRIBUTES: dict[str, Callable[[Tensor], Value]] = {}
"""Attributes of tensors that are no methods: all of them in a family that is always loaded."""
PROPERTIES: dict[str, Op] = {}
"""As ATTRIBUTES, of those that not every tensor has: rules of the tensor alone."""
ARRAY_ATTRIBUTES: Table[Callable[[Tensor], Value]] = Table("array.")
"""Attributes of arrays, which are tensors of another class, that are no methods."""
FOLDS: dict[str, Fold] = {}
"""What rules do with the numbers of small constants, by the paths of the rules."""
NAMES: Table[Value] = Table()
"""Everything else by dotted path: module classes, constants, real Python callables."""


TRANSPARENT: list[type] = []
"""Classes of the library's own values whose attributes interpreted code may read as they are."""


class Failed(Exception):
    """The call certainly raises; its finding is reported and there is no result to go on with.

    ends: the exception, where nothing is to be said of what follows, as after a `raise`.
    """

    def __init__(self, why: str, ends: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.ends = ends


class Host(Protocol):
    """What the interpreter does for the library. Its other half is `Call`."""

    mixed: bool
    """Whether some code changes the precision of tensors that do not tell it."""

    answers: Answers | None
    """Who knows of operators that are not modelled."""

    asked: dict[str, object]
    """What has been asked of it, and what was said."""

    guessing: bool
    """Whether an entry runs whose arguments are ours: a None among them need not be one."""

    def invoke(
        self, function: Value, args: Sequence[Value], kwargs: Mapping[str, Value], site: Site
    ) -> Value:
        """Call any value, as written at `site`."""

    def report(self, rule: Rule, site: Site, at: object, words: Mapping[str, object]) -> None:
        """Record a finding at node `at` of the site (None: the site itself).

        Raises where the interpreted code catches the exception that torch would raise.
        """

    def need(self, comparison: Comparison, rule: Rule, site: Site) -> None:
        """Sizes have to compare so, which is not decided; where they do not, the rule complains."""

    def refine(self, unknown: Unknown, shape: Sequence[Dim]) -> None:
        """An input of unknown rank has been met by a rule that tells its shape; may restart."""

    def catches(self, name: str) -> bool:
        """Whether a `try` around the running code handles this exception."""

    def settle(self, got: Dim, want: Dim) -> None:
        """Two sizes have to be equal, which is not decided; may restart with what that tells."""

    def attribute(self, value: Value, name: str, site: Site) -> Value:
        """`value.name`, or MISSING."""

    def set_attribute(self, value: Value, name: str, new: Value) -> None:
        """`value.name = new`, undone if the branch is."""

    def assign_attribute(self, value: Value, name: str, new: Value, site: Site) -> None:
        """The same as code says it: through a setter or a `__setattr__` of the class."""

    def elements(self, value: Value, site: Site) -> Sequence[Value] | Unknown:
        """The elements of an iterable."""

    def truth(self, value: Value) -> bool | None:
        """Whether the value is true, None where not known."""

    def writes(self, value: Value) -> None:
        """Tell the store that a list or dict is about to be changed in place."""

    def new(self, value: Value) -> Value:
        """Tell the store of a mutable value that was just made."""


class Call:
    """One call under interpretation: where it is written, and where to complain."""

    __slots__ = ("arguments", "host", "lenient", "name", "site")

    def __init__(self, host: Host, site: Site, name: str = "") -> None:
        self.host = host
        self.site = site
        self.name = name
        self.lenient = False
        """Whether nothing is proved by the types of its arguments: one is a None of our guess."""
        self.arguments: Mapping[str, object] = {}

    def report(self, rule: Rule, *, at: str = "", **words: object) -> None:
        """Complain about an argument (by parameter name); the rule goes on with what was declared."""
        if not (self.lenient and rule.code == "call-arguments"):
            self.host.report(rule, self.site, self.arguments.get(at), words)

    def fail(self, rule: Rule, *, at: str = "", **words: object) -> NoReturn:
        """Complain, and give up: there is no result."""
        self.report(rule, at=at, **words)
        raise Failed(rule.message.format(**words))

    def require_equal(
        self, rule: Rule, got: Dim, want: Dim, *, at: str = "", **words: object
    ) -> None:
        """Complain if no sizes of the symbols make the two equal."""
        if got == want:
            return
        same = equal(got, want)
        if same is False:
            self.report(rule, at=at, got=got, want=want, **words)
        elif same is None:
            self.host.settle(got, want)
            self.host.need(("==", got, want), rule, self.site)

    def differ(self, rule: Rule, a: Dim, b: Dim) -> bool:
        """Whether two sizes that must be equal certainly are not; notes what is not decided."""
        if a == b:
            return False
        same = equal(a, b)
        if same is None:
            self.host.need(("==", a, b), rule, self.site)
        return same is False

    def unlike(self, rule: Rule, got: Shape, want: Shape) -> bool:
        """Whether shapes that must be equal certainly are not; notes what is not decided."""
        return True in [self.differ(rule, a, b) for a, b in zip(got, want, strict=True)]

    def below(self, rule: Rule, a: Dim, least: Dim) -> bool:
        """Whether a size is certainly less than it must be; notes what is not decided."""
        short = less(a, least)
        if short is None:
            self.host.need(("<=", least, a), rule, self.site)
        return short is True

    def require(self, truth: bool | None, rule: Rule, *, at: str = "", **words: object) -> None:
        """Complain if the condition certainly fails; None (undecided) is silent."""
        if truth is False:
            self.report(rule, at=at, **words)

    def axis(self, rank: int, dim: int, *, at: str = "dim") -> int:
        """`dim` counted from the front. Fails with axis-range where there is no such dimension."""
        if not isinstance(dim, int):
            raise Failed(f"the dimension {dim} is not known")
        if -rank <= dim < rank:
            return dim % rank
        if rank == 0 and dim in (0, -1):
            return 0
        self.fail(RULES["axis-range"], at=at, dim=dim, rank=rank)

    def invoke(self, function: Value, *args: Value, **kwargs: Value) -> Value:
        """Call a value of the interpreted code (a child module, a key function)."""
        return self.host.invoke(function, args, kwargs, self.site)


def size_of(value: object) -> Dim | None:
    """A value as a size, an unknown one as its own symbol; None for what is no size."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, (int, Expr)):
        return value
    if isinstance(value, Unknown):
        return value.size()
    if isinstance(value, Tensor):
        return value.data if isinstance(value.data, int) else unknown_size()
    return None


class Op:
    """A callable of the library: a rule, the names that reach it, what its parameters admit."""

    __slots__ = ("_parameters", "fold", "function", "name", "returns_tensor", "writes")

    def __init__(self, name: str, function: Callable[..., Any]) -> None:
        self.name = name
        self.function = function
        self._parameters: Parameters | None = None
        self.fold: Fold | None = None
        self.writes = writes(name)
        self.returns_tensor = "Tensor" in str(function.__annotations__.get("return", ""))

    @property
    def parameters(self) -> Parameters:
        """Its parameters, read off the function at the first call."""
        found = self._parameters
        if found is None:
            found = self._parameters = Parameters(self.function, 1, self.name)
            self.fold = FOLDS.get(self.name)
        return found

    def __repr__(self) -> str:
        return f"<{self.name}>"

    def unknown(self, unknown: Unknown) -> Value:
        """The result where an argument is not known."""
        unknown = derived(unknown)
        return Tensor(unknown) if self.returns_tensor else unknown

    def __call__(self, call: Call, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Value:
        """Apply the rule to arguments as the interpreted code gave them."""
        if kwargs and not NUMPY_WORDS.keys().isdisjoint(kwargs):
            kwargs = {self.parameters.word(name): value for name, value in kwargs.items()}
        parameters = self._parameters or self.parameters
        call.lenient |= call.host.guessing and holds_none((*args, *kwargs.values()))
        bound = parameters.bind(args, kwargs)
        if isinstance(bound, Misfit) and self.name in FORMS:
            bound = parameters.bind(*modern(FORMS[self.name], args, kwargs))
        if isinstance(bound, Misfit):
            if call.lenient:
                return self.unknown(Unknown(bound.problem))
            name = self.name.rpartition(".")[2]
            call.fail(RULES["call-arguments"], at=bound.at, name=name, problem=bound.problem)
        unknown = admit(parameters, *bound)
        if unknown is None and self.name.startswith("torch."):
            unknown = vagueness(bound[0])
        if unknown is not None:
            return self.unknown(unknown)
        values, extra = bound
        result = self.function(call, *values, **extra)
        if self.writes and values:
            forget(values[0])
        elif self.fold is not None:
            first = values[0]
            if first.__class__ is not Tensor or first.data is not None:
                self.fold(result, values, extra, args)
        if extra and "out" in extra:
            forget(extra["out"])
        if result.__class__ is Unknown and not result.parameter:
            made = derived(result)
            made.number = result.number and self.name in GIVING_NUMBERS
            return made
        return result


GIVING_NUMBERS = frozenset(
    [
        *("builtins.int", "builtins.float", "torch.Tensor.item", "Tensor.item"),
        *map(
            "random.{}".format,
            "betavariate expovariate gauss getrandbits normalvariate randint random randrange"
            " triangular uniform".split(),
        ),
        *map(
            "numpy.random.{}".format,
            "rand randn random random_sample standard_normal uniform normal beta gamma"
            " randint".split(),
        ),
    ]
)
"""Functions whose result is a plain number where they say so; others may give an argument back."""


def holds_none(given: Iterable[Value]) -> bool:
    """Whether one of the arguments is None, or a list or tuple with None in it.

    In an entry that we call ourselves a parameter may be None only by its default, which nobody
    who calls it leaves so.
    """
    return any(
        v is None or (isinstance(v, (list, tuple)) and any(part is None for part in v))
        for v in given
    )


def writes(name: str) -> bool:
    """Whether a rule, by its path, writes into its first argument: `add_`, `x += y`, `x[i] = y`."""
    package, _, word = name.rpartition(".")
    if package == "operator":
        return word in WRITING
    return package.startswith("torch") and word[-1:] == "_" != word[-2:-1] and word not in KEEPING


WRITING = frozenset(
    "setitem iadd isub imul itruediv ifloordiv imod ipow iand ior ixor ilshift irshift".split()
)
KEEPING = frozenset("requires_grad_ share_memory_ detach_".split())
"""Methods in place that leave the numbers alone."""


def forget(value: Value) -> None:
    """Other numbers are in a tensor from here on, and in all that share its memory."""
    if isinstance(value, Tensor):
        value.data = None
        for other in value.family or ():
            other.data = None


def vagueness(values: Sequence[Value]) -> Unknown | None:
    """Why a list among the arguments is not known; torch's functions look into all of them."""
    for value in values:
        if isinstance(value, List) and value.vague:
            return Unknown(value.vague)
    return None


def derived(unknown: Unknown) -> Unknown:
    """What comes of an unknown value is another one, with the same reason.

    One object stands for one value: `n + 1` must not be the unknown that `n` is.
    """
    return Unknown(unknown.why)


# -- declaration ------------------------------------------------------------------------------


def op(*names: str) -> Callable[[F], F]:
    """Declare a rule for the functions with these dotted paths."""

    def declare(function: F) -> F:
        for name in names:
            OPS[name] = Op(name, function)
        return function

    return declare


def says(text: str) -> Callable[[F], F]:
    """What comes out of a rule, as its documentation says it, where the text is made of parts."""

    def declare(function: F) -> F:
        function.__doc__ = f"{text}."
        return function

    return declare


def method(*names: str) -> Callable[[F], F]:
    """Declare a rule for methods of tensors; its first parameter after `call` is the tensor."""

    def declare(function: F) -> F:
        for name in names:
            METHODS[name] = Op(f"torch.Tensor.{name}", function)
        return function

    return declare


def attribute(*names: str) -> Callable[[F], F]:
    """Declare a function of a tensor as an attribute."""

    def declare(function: F) -> F:
        for name in names:
            ATTRIBUTES[name] = function
        return function

    return declare


def checked_attribute(*names: str) -> Callable[[F], F]:
    """Declare a rule for attributes that torch refuses to some tensors."""

    def declare(function: F) -> F:
        for name in names:
            PROPERTIES[name] = Op(f"torch.Tensor.{name}", function)
        return function

    return declare


def models(*names: str) -> Callable[[C], C]:
    """Declare an abstract class for the library's classes with these dotted paths."""

    def declare(kind: C) -> C:
        for name in names:
            NAMES[name] = kind
        kind.path = names[0]  # type: ignore[attr-defined]
        kind.__name__ = names[0].rpartition(".")[2]
        return kind

    return declare


def find(path: str) -> Value:
    """What stands at a dotted path of a modelled library, or MISSING.

    A name goes before a rule of the same path: the name is what code sees (a type, a function that
    also takes plain numbers), the rule what the engine applies itself.
    """
    found = NAMES.get(path, MISSING)
    if found is MISSING:
        found = OPS.get(path, MISSING)
    if found is MISSING and path.startswith(NN_MODULES):
        # torch.nn.modules.conv.Conv2d is torch.nn.Conv2d.
        return find(f"torch.nn.{path.rpartition('.')[2]}")
    return found


STAND_INS: Final = frozenset(("torchvision.ops",))
"""Modules whose own source, where it is installed, goes before what is declared."""


def stands_in(path: str) -> bool:
    """Whether what is declared below a path is only for where its source is not installed."""
    return any(path == name or path.startswith(f"{name}.") for name in STAND_INS)


NN_MODULES = "torch.nn.modules."
NN_FILES = (
    "activation adaptive batchnorm channelshuffle container conv distance dropout flatten fold "
    "instancenorm linear loss module normalization padding pixelshuffle pooling rnn sparse "
    "transformer upsampling utils"
).split()
"""The files behind torch.nn, by which code sometimes reaches its classes."""


PACKAGES: set[str] = set()
"""Dotted paths of modelled packages and modules; see `packages`."""


def declared() -> Iterator[str]:
    """The dotted path of everything that is modelled, loaded or not."""
    yield from OPS
    yield from NAMES
    yield from (name for name in families() if not name.startswith("Tensor."))


UNREADABLE = frozenset(("numpy", "scipy"))
"""Packages whose Python files tell nothing without the compiled ones that they rest on."""
COMPILED = UNREADABLE | {"torch"}
"""Packages that are only in part written in Python: what their own files do proves nothing."""


def packages() -> set[str]:
    """Every prefix of a declared name; computed once."""
    if not PACKAGES:
        for name in declared():
            parts = name.split(".")
            PACKAGES.update(".".join(parts[:i]) for i in range(1, len(parts)))
        PACKAGES.update(NN_MODULES + name for name in NN_FILES)
    return PACKAGES


def exposed(kind: type) -> dict[str, Callable[..., Any]]:
    """The methods of a Python class that interpreted code may call: those that take `call`."""
    table = EXPOSED.get(kind)
    if table is None:
        table = {}
        for base in reversed(kind.__mro__):
            for name, member in vars(base).items():
                if inspect.isfunction(member) and takes_call(member):
                    table[name] = member
        EXPOSED[kind] = table
    return table


EXPOSED: dict[type, dict[str, Callable[..., Any]]] = {}
_PARAMETERS: dict[Callable[..., Any], Parameters] = {}


def parameters_of(function: Callable[..., Any]) -> Parameters:
    """The parameters of an exposed method after `self` and `call`."""
    found = _PARAMETERS.get(function)
    if found is None:
        found = _PARAMETERS[function] = Parameters(function, 2)
    return found


def apply_method(
    function: Callable[..., Any],
    self: object,
    call: Call,
    args: Sequence[Value],
    kwargs: Mapping[str, Value],
) -> Value:
    """Call an exposed method of a library object with arguments of the interpreted code."""
    parameters = parameters_of(function)
    call.lenient |= call.host.guessing and holds_none((*args, *kwargs.values()))
    bound = parameters.bind(args, kwargs)
    if isinstance(bound, Misfit):
        name = call.name or function.__name__
        call.fail(RULES["call-arguments"], at=bound.at, name=name, problem=bound.problem)
    unknown = admit(parameters, *bound)
    if unknown is not None:
        returns = str(function.__annotations__.get("return", ""))
        if function.__name__ == "__init__":
            raise Failed(unknown.why)
        unknown = derived(unknown)
        return Tensor(unknown) if "Tensor" in returns else unknown
    return function(self, call, *bound[0], **bound[1])


def is_layer(value: Value) -> bool:
    """Whether a value is a class of modelled layers."""
    return isinstance(value, type) and issubclass(value, Module)
