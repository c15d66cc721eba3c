"""Says what torch's operators give for tensors of given shapes; started by `conv_lsp.witness`.

    python -I -S operators.py DIRECTORY...

The directories are where torch is found. A line of JSON comes in for every question, and one goes
out: `{"id": 1, "op": "torch.gradient", "args": [{"t": [2, "s0"], "d": "float32"}], "kwargs": {}}`
is answered by `{"id": 1, "said": {"l": [...]}}`, or by `{"id": 1, "why": ...}` where torch cannot
say. The first line out tells torch's version, or why there is no torch.

Operators run on fake tensors, which have sizes and no numbers. A size that is a name is a symbol:
an answer is given only if it holds for every number the symbol may be. What has no fake kernel runs
on small tensors of the CPU, unless torch marks it as looking at numbers. Nothing else can be asked
for than what torch lets tensors override: functions of tensors.
"""

from __future__ import annotations

import ast
import itertools
import json
import os
import sys
from collections.abc import Callable, Iterator
from typing import IO, Any

PROTOCOL = 1
MAX_LINE = 64_000
"""Characters of a question."""
MAX_RANK = 64
MAX_SIZE = 2**40
MAX_ELEMENTS = 1 << 20
"""Elements of all tensors together where numbers are needed."""
MAX_WHY = 200
MEMORY = 3 << 30
"""Bytes that answers may take, beside what torch itself takes."""
NO_KERNEL = "it has no kernel that does without numbers, and sizes are symbols"
CHECKS = 64
"""Small sizes at which an answer with symbols is checked."""
HINT = 211
"""What the first symbol stands for while torch runs; the next are apart from it, and all are odd."""

WITH_EFFECT = frozenset(
    "apply_ backward cuda cpu ipu map_ map2_ module_load mtia pin_memory record_stream "
    "register_hook register_post_accumulate_grad_hook requires_grad_ retain_grad set_ "
    "share_memory_ storage storage_type to xpu data_ptr numpy tolist".split()
)
"""Methods that do something else than compute, or give no tensor."""


class NotSaid(Exception):
    """There is no answer to a question; the message is the reason."""


def main() -> None:
    """Answer until standard input ends."""
    out = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # libraries that print do not speak for us
    sys.path.extend(sys.argv[1:])
    try:
        os.nice(19)  # whoever types comes first
    except (AttributeError, OSError):  # no such thing on this system
        pass
    try:
        import torch

        version = str(torch.__version__)
        if int(version.partition(".")[0]) < 2:
            raise NotSaid(f"torch {version} is too old to be asked; 2.0 is the first that can")  # noqa: TRY301
        torch.set_num_threads(1)
        operators = Operators(torch)
    except BaseException as error:  # whatever a broken torch raises
        write(out, {"broken": reason(error)})
        return
    limit_memory()
    write(out, {"torch": version, "protocol": PROTOCOL})
    while line := sys.stdin.buffer.readline(MAX_LINE + 1):
        write(out, answer(operators, line))


def write(out: IO[bytes], row: dict[str, Any]) -> None:
    """One line of JSON."""
    out.write(json.dumps(row).encode() + b"\n")


def answer(operators: Operators, line: bytes) -> dict[str, Any]:
    """The answer to one line; never raises."""
    number: object = None
    try:
        if len(line) > MAX_LINE:
            while line and not line.endswith(b"\n"):
                line = sys.stdin.buffer.readline(MAX_LINE)
            raise NotSaid("the question is too long")  # noqa: TRY301
        question = json.loads(line)
        number = question["id"]
        said = operators.answer(question["op"], question["args"], question["kwargs"])
        return {"id": number, "said": said}
    except BaseException as error:  # a failed operator costs its answer
        return {"id": number, "why": reason(error)}


def reason(error: BaseException) -> str:
    """One line about what went wrong."""
    lines = str(error).strip().splitlines()
    text = lines[0] if lines else type(error).__name__
    text = text if isinstance(error, NotSaid) else f"{type(error).__name__}: {text}"
    return text if len(text) <= MAX_WHY else text[: MAX_WHY - 3] + "..."


def limit_memory() -> None:
    """No answer may take all memory of the machine."""
    try:
        import resource

        with open("/proc/self/statm", encoding="ascii") as file:
            taken = int(file.read().split()[0]) * resource.getpagesize()
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (taken + MEMORY, hard))
    except (ImportError, OSError, ValueError):  # another system: the time limit stands alone
        pass


class Operators:
    """Torch's functions of tensors, and how they are tried."""

    def __init__(self, torch: Any) -> None:
        from torch._subclasses.fake_tensor import FakeTensorMode
        from torch.fx.experimental import symbolic_shapes
        from torch.overrides import get_testing_overrides

        self.torch = torch
        self.mode = FakeTensorMode
        self.shapes = symbolic_shapes
        self.known = get_testing_overrides()

    def find(self, path: str) -> Callable[..., Any]:
        """The function at a dotted path. Raises NotSaid for what is no function of tensors."""
        words = path.split(".")
        if words[0] != "torch" or not all(w.isidentifier() and w[0] != "_" for w in words):
            raise NotSaid("it is no operator of torch")
        found: Any = self.torch
        for word in words[1:]:
            found = getattr(found, word, None)
        try:
            known = found in self.known
        except TypeError:  # what has no hash
            known = False
        if not known or words[-1] in WITH_EFFECT:
            raise NotSaid("it is no operator of torch that can be asked")
        function: Callable[..., Any] = found
        return function

    def answer(self, path: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
        """What the operator gives, as JSON."""
        function = self.find(path)
        names = sorted({name for given in (args, kwargs) for name in symbols_in(given)})
        if names:
            try:
                return self.with_symbols(function, args, kwargs, names)
            except NotImplementedError:
                raise NotSaid(NO_KERNEL) from None
            except RuntimeError as error:
                if "Unsupported" in type(error).__name__:
                    raise NotSaid(NO_KERNEL) from None
                raise
        try:
            return self.try_out(function, args, kwargs, {})
        except NotSaid:
            raise
        except Exception:  # of fake tensors alone, or truly: the CPU is the judge
            return self.on_cpu(function, args, kwargs)

    def try_out(
        self, function: Callable[..., Any], args: Any, kwargs: Any, sizes: dict[str, Any]
    ) -> Any:
        """Run an operator on fake tensors, with numbers for the symbols."""
        env = self.shapes.ShapeEnv(specialize_zero_one=False, duck_shape=False)
        with self.mode(shape_env=env):
            made = Arguments(self.torch, sizes)
            result = function(*made.of(args), **made.of(kwargs))
            return described(self.torch, result, {})

    def with_symbols(
        self, function: Callable[..., Any], args: Any, kwargs: Any, names: list[str]
    ) -> Any:
        """The answer for all sizes. Raises NotSaid where torch decides something by a size.

        What torch has required of the symbols on the way is true of large ones; sizes below are
        tried one by one. An equality is a special case, and no answer.
        """
        env = self.shapes.ShapeEnv(specialize_zero_one=False, duck_shape=False)
        with self.mode(shape_env=env):
            symbols = {n: self.symbol(env, n, HINT + 90 * i) for i, n in enumerate(names)}
            called = {s.node.expr: n for n, s in symbols.items()}
            made = Arguments(self.torch, symbols)
            result = function(*made.of(args), **made.of(kwargs))
            said = described(self.torch, result, called)
            required = [guard.expr for guard in env.guards]
        if env.deferred_runtime_asserts or any(e.func.__name__ == "Equality" for e in required):
            raise NotSaid("it does not say for every size")
        for sizes in small_sizes(names, required):
            try:
                concrete = self.try_out(function, args, kwargs, sizes)
            except Exception:
                concrete = said  # refused: there is nothing to be said of these sizes
            if concrete is not said and not agree(said, concrete, sizes):
                raise NotSaid("it says something else for small sizes")
        return said

    def symbol(self, env: Any, name: str, hint: int) -> Any:
        """A size that torch computes with."""
        source = source_type()(name)
        made = env.create_symbol(
            hint, source=source, dynamic_dim=self.shapes.DimDynamic.DYNAMIC, constraint_dim=None
        )
        return env.create_symintnode(made, hint=hint, source=source)

    def on_cpu(self, function: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        """Run an operator on numbers, twice; not if torch says that it looks at them."""
        if elements(args) + elements(kwargs) > MAX_ELEMENTS:
            raise NotSaid("it has no fake kernel, and the tensors are large")
        said = []
        for seed in (0, 1):
            self.torch.manual_seed(seed)
            made = Arguments(self.torch, {}, numbers=True)
            given, words = made.of(args), made.of(kwargs)
            with watching(self.torch), self.torch.no_grad():
                said.append(described(self.torch, function(*given, **words), {}))
        if said[0] != said[1]:
            raise NotSaid("what it gives depends on the numbers")
        return said[0]


def source_type() -> Callable[[str], Any]:
    """torch wants to know where a symbol comes from, by name."""
    from torch._guards import Source

    class Word(str):  # a property in some versions of torch and a method in others
        __slots__ = ()

        def __call__(self) -> str:
            return str(self)

    class Named(Source):
        def __init__(self, word: str) -> None:
            object.__setattr__(self, "word", word)

        @property
        def name(self) -> Any:
            return Word(self.word)

        def __hash__(self) -> int:
            return hash(self.word)

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Named) and self.word == other.word

    return Named


def watching(torch: Any) -> Any:
    """A mode in which operators are refused whose results depend on numbers."""
    from torch.utils._python_dispatch import TorchDispatchMode

    looking = {
        tag
        for name in ("dynamic_output_shape", "data_dependent_output")
        if (tag := getattr(torch.Tag, name, None)) is not None
    }

    class Watching(TorchDispatchMode):
        def __torch_dispatch__(
            self, func: Any, types: Any, args: Any = (), kwargs: Any = None
        ) -> Any:
            if looking & set(func.tags):
                raise NotSaid("what it gives depends on the numbers")
            return func(*args, **(kwargs or {}))

    return Watching()


class Arguments:
    """Makes the arguments of an operator out of their description.

    sizes: what the symbols stand for. numbers: whether tensors hold any, and not sizes alone.
    """

    def __init__(self, torch: Any, sizes: dict[str, Any], *, numbers: bool = False) -> None:
        self.torch = torch
        self.sizes = sizes
        self.numbers = numbers

    def of(self, given: Any) -> Any:
        """One argument, or all that a list or a table of names holds."""
        if isinstance(given, list):
            return [self.of(part) for part in given]
        if not isinstance(given, dict):
            return given
        if "t" in given:
            return self.tensor([self.size(d) for d in given["t"]], self.dtype(given["d"]))
        if "dtype" in given:
            return self.dtype(given["dtype"])
        if "e" in given:
            return self.size(given["e"])
        if "l" in given:
            return self.of(given["l"])
        if "u" in given:
            return tuple(self.of(given["u"]))
        return {str(name): self.of(part) for name, part in given["k"].items()}

    def dtype(self, name: str) -> Any:
        """torch.float32 of its name."""
        found = getattr(self.torch, name, None)
        if not isinstance(found, self.torch.dtype):
            raise NotSaid(f"there is no dtype {name}")
        return found

    def size(self, given: Any) -> Any:
        """A number, or a symbolic size."""
        if isinstance(given, str):
            return computed(ast.parse(given, mode="eval").body, self.sizes)
        if not isinstance(given, int) or not 0 <= given <= MAX_SIZE:
            raise NotSaid(f"{given!r} is no size")
        return given

    def tensor(self, shape: list[Any], dtype: Any) -> Any:
        """A tensor of a shape."""
        if len(shape) > MAX_RANK:
            raise NotSaid(f"a tensor of {len(shape)} dimensions")
        if not self.numbers:
            return self.torch.empty(shape, dtype=dtype)
        if dtype.is_floating_point or dtype.is_complex:
            return self.torch.rand(shape).to(dtype)
        return self.torch.randint(0, 2, shape).to(dtype)


def computed(node: ast.AST, sizes: dict[str, Any]) -> Any:
    """An expression of sizes: + - * // of names and numbers, and nothing else."""
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return node.value
    if isinstance(node, ast.Name) and node.id in sizes:
        return sizes[node.id]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -computed(node.operand, sizes)
    if isinstance(node, ast.BinOp):
        a, b = computed(node.left, sizes), computed(node.right, sizes)
        if isinstance(node.op, ast.Add):
            return a + b
        if isinstance(node.op, ast.Sub):
            return a - b
        if isinstance(node.op, ast.Mult):
            return a * b
        if isinstance(node.op, ast.FloorDiv):
            return a // b
        if isinstance(node.op, ast.Pow) and isinstance(b, int) and 0 <= b <= 8:
            return a**b
    raise NotSaid("a size that cannot be told to torch")


def symbols_in(given: Any) -> Iterator[str]:
    """The names of the symbols in the description of arguments."""
    if isinstance(given, list):
        for part in given:
            yield from symbols_in(part)
    elif isinstance(given, dict):
        texts = [d for d in (*given.get("t", ()), given.get("e")) if isinstance(d, str)]
        for text in texts:
            nodes = ast.walk(ast.parse(text, mode="eval"))
            yield from (node.id for node in nodes if isinstance(node, ast.Name))
        if "t" not in given:
            yield from symbols_in([p for p in given.values() if isinstance(p, (list, dict))])


def elements(given: Any) -> int:
    """How many elements the tensors of a description have."""
    if isinstance(given, list):
        return sum(map(elements, given))
    if not isinstance(given, dict):
        return 0
    if "t" in given:
        count = 1
        for d in given["t"]:
            count *= d
        return count
    return sum(elements(part) for part in given.values() if isinstance(part, (list, dict)))


def small_sizes(names: list[str], required: list[Any]) -> Iterator[dict[str, int]]:
    """Sizes at which what torch has required may not hold: around the numbers it speaks of."""
    numbers = {1, 2, 3}
    for condition in required:
        for atom in condition.atoms():
            if getattr(atom, "is_Integer", False) and 1 <= int(atom) <= HINT:
                numbers |= {max(1, int(atom) - 1), int(atom)}
    choices = itertools.product(sorted(numbers), repeat=len(names))
    for sizes in itertools.islice(choices, CHECKS):
        yield dict(zip(names, sizes))  # noqa: B905  as old a Python as torch 2.0's


def agree(said: Any, concrete: Any, sizes: dict[str, int]) -> bool:
    """Whether an answer with symbols is the concrete one at these sizes."""
    if isinstance(said, list):
        return (
            isinstance(concrete, list)
            and len(said) == len(concrete)
            and all(agree(a, b, sizes) for a, b in zip(said, concrete))  # noqa: B905
        )
    if isinstance(said, dict) and "t" in said:
        shapes = said["t"], concrete.get("t", ())
        return (
            said["d"] == concrete.get("d")
            and len(shapes[0]) == len(shapes[1])
            and all(agree_size(a, b, sizes) for a, b in zip(*shapes))  # noqa: B905
        )
    if isinstance(said, dict):
        return said.keys() == concrete.keys() and all(
            agree(said[k], concrete[k], sizes) for k in said
        )
    return bool(said == concrete)


def agree_size(said: Any, concrete: int, sizes: dict[str, int]) -> bool:
    """The same of one size."""
    if said == "?":
        return True
    return bool(number_of(said, sizes) == concrete)


def number_of(said: Any, sizes: dict[str, int]) -> int:
    """The number that a size is: see `size_tree`."""
    if isinstance(said, int):
        return said
    if isinstance(said, str):
        return sizes[said]
    parts = [number_of(part, sizes) for part in said[1:]]
    if said[0] == "+":
        return sum(parts)
    if said[0] == "//":
        return parts[0] // parts[1]
    product = 1
    for part in parts:
        product *= part
    return product


def described(torch: Any, value: Any, called: dict[Any, str]) -> Any:
    """A result as JSON: its tensors, and where they are. `{}` stands for what is no tensor."""
    if isinstance(value, torch.Tensor):
        if value.layout is not torch.strided:
            raise NotSaid("it gives a sparse tensor")
        shape = [size_tree(d, called) for d in value.shape]
        whole = all(isinstance(d, int) for d in shape) and value.is_contiguous()
        return {"t": shape, "d": str(value.dtype).rpartition(".")[2], "c": bool(whole)}
    if isinstance(value, (tuple, list)) and len(value) <= MAX_RANK:
        parts = [described(torch, part, called) for part in value]
        if isinstance(value, list):
            return {"l": parts}
        fields = [n for n in names_of(value) if n.isidentifier()]
        return {"u": parts, "n": fields} if len(fields) == len(parts) else {"u": parts}
    return {}


def names_of(value: Any) -> list[str]:
    """The names of the parts of torch's named results."""
    if hasattr(value, "_fields"):
        return list(value._fields)
    if not hasattr(value, "n_sequence_fields"):
        return []
    kind = type(value)
    found: dict[int, str] = {}
    for name in dir(kind):
        if name[0] != "_" and name not in ("count", "index", "n_fields"):
            for at in range(len(value)):
                if getattr(value, name) is value[at]:
                    found.setdefault(at, name)
    return [found[at] for at in sorted(found)]


def size_tree(size: Any, called: dict[Any, str]) -> Any:
    """A size: a number, the name of a symbol asked with, `["+", a, b, ...]`, `["*", a, b, ...]` or
    `["//", a, b]` of such; "?" for all else.
    """
    return size if type(size) is int else expression_tree(size.node.expr, called)


def expression_tree(expr: Any, called: dict[Any, str]) -> Any:
    """The same of what torch writes sizes as."""
    if expr.is_Integer:
        return int(expr)
    if expr in called:
        return called[expr]
    kind = expr.func.__name__
    parts = [expression_tree(part, called) for part in expr.args]
    if "?" in parts:
        return "?"
    if kind in ("Add", "Mul"):
        return ["+" if kind == "Add" else "*", *parts]
    if kind == "FloorDiv" and len(parts) == 2:
        return ["//", *parts]
    if kind == "Pow" and isinstance(parts[1], int) and 2 <= parts[1] <= 8:
        return ["*", *[parts[0]] * parts[1]]
    return "?"


if __name__ == "__main__":
    main()
