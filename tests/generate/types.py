"""Writes `conv_lsp/library/torch_types.py` from torch's own stubs: `python -m tests.generate`."""

from __future__ import annotations

import ast
import inspect
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch

VERSION = "2.13"
TARGET = Path(__file__).parent.parent.parent / "conv_lsp" / "library" / "torch_types.py"
STUBS = Path(torch.__file__).parent / "_C"
LETTERS = {
    **dict.fromkeys(("Tensor",), "T"),
    **dict.fromkeys(("_int", "SymInt", "torch.SymInt", "int"), "i"),
    **dict.fromkeys(("_bool", "bool"), "b"),
    **dict.fromkeys(("Number", "_complex", "_float", "float", "torch.SymFloat"), "f"),
    **dict.fromkeys(("_size", "list[_int]", "Sequence[_int]", "Sequence[_int | SymInt]"), "I"),
    **dict.fromkeys(("tuple[Tensor, ...]", "list[Tensor]", "Sequence[Tensor]"), "L"),
    **dict.fromkeys(("tuple[Tensor | None, ...]", "list[Tensor | None]"), "L"),
    "str": "s",
    "_dtype": "d",
    "None": "n",
}
SCHEMAS = {
    "Tensor": "T",
    "int": "i",
    "SymInt": "i",
    "bool": "b",
    "float": "f",
    "number": "f",
    "Scalar": "f",
    "List[int]": "I",
    "List[SymInt]": "I",
    "List[Tensor]": "L",
    "str": "s",
}
OTHER_NAMES = {"sub": "subtract", "mul": "multiply", "div": "divide"}
MOMENTS = "torch.var torch.std torch.var_mean torch.std_mean torch.Tensor.var torch.Tensor.std"
ALSO = [
    *((path, "dim", "b") for path in MOMENTS.split()),  # `unbiased`, where there is no dim
    *((f"torch.{name}", "dim", "n") for name in ("amax", "amin", "Tensor.amax", "Tensor.amin")),
]
"""What functions take that their stubs do not say."""
HEAD = '''\
"""What torch's compiled functions take, argument by argument. Made by `python -m tests.generate`.

T tensor, L several tensors, i integer, I integers, f number, b boolean, s text, d dtype, n None.
"""

from typing import Final

'''

Types = dict[str, set[str]]


def letters(annotation: ast.expr | None) -> set[str]:
    """The kinds of an annotation; "?" for what is not told apart."""
    if annotation is None:
        return {"?"}
    if isinstance(annotation, ast.BinOp):
        return letters(annotation.left) | letters(annotation.right)
    return {LETTERS.get(ast.unparse(annotation), "?")}


def stubs(file: str, kind: str = "") -> Iterator[tuple[str, Types]]:
    """The overloads in a stub file, or in a class of it."""
    body = ast.parse((STUBS / file).read_text("utf-8")).body
    if kind:
        body = next(n.body for n in body if isinstance(n, ast.ClassDef) and n.name == kind)
    for node in body:
        if isinstance(node, ast.FunctionDef):
            arguments = node.args
            every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
            types = {a.arg: letters(a.annotation) for a in every if a.annotation}
            for a, default in zip(
                reversed(arguments.args), reversed(arguments.defaults), strict=False
            ):
                if ast.unparse(default) == "()":  # of which None is another word
                    types[a.arg].add("n")
            if "self" in types:  # as the stubs of functions name what code calls `input`
                types["input"] = types.pop("self")
            if star := arguments.vararg:
                # What takes several integers takes one tuple of them, too.
                types[star.arg] = letters(star.annotation) | {"I"}
            yield node.name, types | places(types, [*arguments.posonlyargs, *arguments.args])


def places(types: Types, arguments: list[ast.arg]) -> Types:
    """The kinds by place, too: overloads have several words for one place."""
    names = ["input" if a.arg == "self" else a.arg for a in arguments]
    if "input" in names[1:]:  # a form that torch advises against
        return {}
    return {f"{i} {name}": types[name] for i, name in enumerate(names) if name in types}


def schema(path: str) -> Iterator[Types]:
    """What a function without a stub declares to the compiler."""
    for found in torch._C._jit_get_schemas_for_operator(f"aten::{path}"):
        types: Types = {}
        for argument in found.arguments:
            text = str(argument.type)
            kinds = {SCHEMAS.get(text.removeprefix("Optional[").removesuffix("]"), "?")}
            if text.startswith("Optional["):
                kinds = {SCHEMAS.get(text[9:-1], "?"), "n"}
            if argument.N and "I" in kinds:
                kinds.add("i")
            if argument.name == "dtype":
                kinds = {"d", "n"}
            # What the compiler calls `self` is `A` or `x` in torch.linalg and `input` elsewhere.
            names = ("input", "A", "x") if argument.name == "self" else (argument.name,)
            types |= dict.fromkeys(names, kinds)
        yield types


def compiled(function: Any) -> bool:
    return inspect.isbuiltin(function) or type(function).__name__ == "method_descriptor"


def collected() -> dict[str, Types]:
    """By dotted path, the kinds of every parameter, over all overloads."""
    found: defaultdict[str, Types] = defaultdict(lambda: defaultdict(set))

    def merge(path: str, types: Types) -> None:
        for name, kinds in types.items():
            found[path][name] |= kinds

    for name, types in stubs("_VariableFunctions.pyi"):
        if not name.startswith("_") and compiled(getattr(torch, name, None)):
            merge(f"torch.{name}", types)
    for name, other in OTHER_NAMES.items():
        # Under its other name, too, it takes numbers for tensors, which the stubs do not say.
        merge(f"torch.{other}", found[f"torch.{name}"])
    for name, types in stubs("__init__.pyi", "TensorBase"):
        if not name.startswith("_") and compiled(getattr(torch.Tensor, name, None)):
            merge(f"torch.Tensor.{name}", types)
    for name, types in stubs("_nn.pyi"):
        if compiled(getattr(torch.nn.functional, name, None)):
            merge(f"torch.nn.functional.{name}", types)
    for name, function in vars(torch.nn.functional).items():
        if compiled(function) and function is getattr(torch, name, None):
            merge(f"torch.nn.functional.{name}", found.get(f"torch.{name}", {}))
    for module in ("linalg", "fft", "special"):
        for name, function in vars(getattr(torch, module)).items():
            if compiled(function):
                for types in schema(f"{module}_{name}"):
                    merge(f"torch.{module}.{name}", types)
    for path, name, letter in ALSO:
        found[path][name].add(letter)
    return found


def merged(types: Types) -> Types:
    """The kinds of each parameter, with those of the others that stand at its place."""
    found = {name: set(kinds) for name, kinds in types.items() if " " not in name}
    by_place: defaultdict[str, set[str]] = defaultdict(set)
    for key in types:
        if " " in key:
            place, name = key.split()
            by_place[place].add(name)
    for place, names in by_place.items():
        for name in names:
            found[name] |= set().union(*(types[f"{place} {other}"] for other in names))
    return found


def collected_types() -> dict[str, str]:
    """The table: for each path, `name:letters` of the parameters whose types are told apart."""
    rows = {}
    for path, types in sorted(collected().items()):
        told = {n: k for n, k in merged(types).items() if "?" not in k and n != "out"}
        if told:
            rows[path] = " ".join(f"{n}:{''.join(sorted(kinds))}" for n, kinds in told.items())
    return rows


def text() -> str:
    """The module."""
    rows = [f'    "{path}": "{row}",\n' for path, row in collected_types().items()]
    return f"{HEAD}TYPES: Final[dict[str, str]] = {{\n{''.join(rows)}}}\n"
