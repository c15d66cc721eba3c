"""Layers made for another number of channels or features than the one that arrives."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from conv_lsp.dims import Dim, product
from conv_lsp.fixes.calls import argument, parameters_of, set_argument
from conv_lsp.fixes.fix import Edit, Fix
from conv_lsp.fixes.scene import Made, Place, Scene
from conv_lsp.library.convolution_layers import ConvNd
from conv_lsp.source import Span
from conv_lsp.values import Class, Module

Sizes = tuple[Dim, ...]
Wanted = tuple[str, int | tuple[int, ...]]
"""A parameter, and the value with which a layer takes an input."""


def set_features(scene: Scene) -> Iterator[Fix]:
    """Set in_channels, in_features, num_features, normalized_shape to what arrives.

    Only where every call of the layers that are made there wants the same number. Where the number
    is a parameter of the constructor around, it is set in the call that gives it.
    """
    made = scene.made
    if made is None:
        return
    wanted = wanted_by_all(made)
    if wanted is None:
        yield from set_for_one_block(made)
        return
    name, value = wanted
    edits = edits_of(made, name, value)
    if edits is not None:
        given = argument(made.place, name, parameters_of(made.modules[0]))
        certain = given is not None and is_plain(given.node)
        yield Fix(f"Set {name} to {text_of(value)}", tuple(edits), preferred=certain)


IMAGES = 4
"""The most channels of an image that was read from a file."""


def channels_first(scene: Scene) -> Iterator[Fix]:
    """`permute`, where the channels that the layer takes stand last, as in images from files."""
    made, place = scene.made, scene.place
    call = place.taker if place is not None else None
    if made is None or place is None or call is None or not made.called_by(call):
        return
    takes = {getattr(module, "in_channels", None) for module in made.modules}
    spatial = {getattr(module, "SPATIAL", 0) for module in made.modules}
    count = takes.pop() if len(takes) == 1 else None
    rank = spatial.pop() + 2 if len(spatial) == 1 else 0
    if not isinstance(count, int) or not place.shapes:
        return
    if all(len(s) == rank and s[-1] == count and count not in s[1:-1] for s in place.shapes):
        order = ", ".join(map(str, (0, rank - 1, *range(1, rank - 1))))
        new = place.replaced(f"{place.primary()}.permute({order})")
        title = f"Move the channels to dimension 1 with permute({order})"
        yield Fix(title, (new,), preferred=count <= IMAGES)


def wanted_by_all(made: Made) -> Wanted | None:
    """What all calls of these layers want; None if they differ or it is not known."""
    found = {wanted(module, sizes) for module, sizes in made.inputs()}
    return found.pop() if len(found) == 1 else None


def wanted(module: Module, sizes: Sizes | None) -> Wanted | None:
    """The parameter that has to be another one for an input of these sizes, and its value."""
    if sizes is None:
        return None
    for kind in type(module).__mro__:
        rule = WANTED.get(kind.__name__)
        if rule is not None and module.kind is type(module):
            found = rule(module, sizes)
            value = None if found is None else number(found[1])
            return None if found is None or value is None else (found[0], value)
    return None


def number(value: Dim | Sizes) -> int | tuple[int, ...] | None:
    """A size, or several, that can be written down; None for others."""
    if isinstance(value, tuple):
        whole = tuple(size for size in value if isinstance(size, int))
        return whole if len(whole) == len(value) else None
    return value if isinstance(value, int) and value > 0 else None


def by_axis(name: str, axis: int) -> Callable[[Module, Sizes], tuple[str, Dim] | None]:
    """A parameter that is the size of one axis."""
    return lambda _, sizes: (name, sizes[axis]) if len(sizes) > max(axis, -axis - 1) else None


def of_convolution(module: Module, sizes: Sizes) -> tuple[str, Dim] | None:
    spatial = getattr(module, "SPATIAL", 0)
    return ("in_channels", sizes[-spatial - 1]) if len(sizes) > spatial else None


def of_shaped_norm(module: Module, sizes: Sizes) -> tuple[str, Dim | Sizes] | None:
    count = len(getattr(module, "normalized_shape", ()))
    if not 0 < count <= len(sizes):
        return None
    return "normalized_shape", sizes[-1] if count == 1 else sizes[-count:]


def of_instance_norm(module: Module, sizes: Sizes) -> tuple[str, Dim] | None:
    spatial = getattr(module, "SPATIAL", 0)
    return ("num_features", sizes[-spatial - 1]) if len(sizes) > spatial else None


def of_group_norm(module: Module, sizes: Sizes) -> tuple[str, Dim] | None:
    groups = getattr(module, "num_groups", 0)
    fits = len(sizes) > 1 and isinstance(groups, int) and groups and sizes[1] % groups == 0
    return ("num_channels", sizes[1]) if fits else None


WANTED: dict[str, Callable[[Module, Sizes], tuple[str, Dim | Sizes] | None]] = {
    "_ConvNd": of_convolution,
    "Linear": by_axis("in_features", -1),
    "RNNBase": by_axis("input_size", -1),
    "RNNCellBase": by_axis("input_size", -1),
    "_NormBase": by_axis("num_features", 1),
    "_InstanceNorm": of_instance_norm,
    "GroupNorm": of_group_norm,
    "LayerNorm": of_shaped_norm,
    "RMSNorm": of_shaped_norm,
    "PReLU": by_axis("num_parameters", 1),
}
"""By torch's name of a class (so that none is loaded for this): the parameter that follows the input,
and its value."""


def edits_of(made: Made, name: str, value: int | tuple[int, ...]) -> list[Edit] | None:
    """The edits of a construction; None where they do not make it right."""
    layer = made.modules[0]
    names = parameters_of(layer)
    edit = set_argument(made.place, name, names, text_of(value)) if name in names else None
    if edit is None:
        return None
    groups = getattr(layer, "groups", 1) if isinstance(layer, ConvNd) else 1
    if groups == 1:
        return [edit]
    if not isinstance(groups, int) or not isinstance(value, int):
        return None
    if value % groups == 0:
        return [edit]
    given = argument(made.place, "groups", names)
    out = getattr(layer, "out_channels", 0)
    depthwise = groups == getattr(layer, "in_channels", 0) and isinstance(out, int)
    if depthwise and out % value == 0 and given is not None and is_plain(given.node):
        return [edit, given.replaced(str(value))]
    return None


def text_of(value: int | tuple[int, ...]) -> str:
    """A value as code has it."""
    return str(value)


def is_plain(node: ast.AST) -> bool:
    """Whether an expression is made of numbers alone."""
    kinds = (ast.Constant, ast.BinOp, ast.UnaryOp, ast.operator, ast.unaryop, ast.Tuple, ast.List)
    return all(isinstance(n, (*kinds, ast.expr_context)) for n in ast.walk(node))


# -- numbers that a block is given --------------------------------------------------------------


def set_for_one_block(made: Made) -> Iterator[Fix]:
    """Where blocks that are made in several places want different numbers: the number that one of
    them is given.
    """
    by_block: dict[Span, set[Wanted | None]] = {}
    owners: dict[Span, Module] = {}
    for event in made.events:
        owner = event.context.parent.module if event.context.parent is not None else None
        if owner is None or owner.made is None or not isinstance(owner.kind, Class):
            return
        span = owner.made.span
        owners[span] = owner
        first = event.inputs[0] if event.inputs else None
        sizes = getattr(first, "shape", None)
        by_block.setdefault(span, set()).add(
            wanted(event.module, sizes if isinstance(sizes, tuple) else None)
        )
    for span, found in by_block.items():
        fix = block_fix(made, span, owners[span], found.pop()) if len(found) == 1 else None
        if fix is not None:
            yield fix


def block_fix(made: Made, span: Span, owner: Module, value: Wanted | None) -> Fix | None:
    """Set the number in the call that makes one block, if only this layer is made with it."""
    block = made.place.page.at(span)
    function = made.place.around(ast.FunctionDef)
    if value is None or block is None or function is None or not isinstance(block.node, ast.Call):
        return None
    given = argument(made.place, value[0], parameters_of(made.modules[0]))
    if given is None or not isinstance(given.node, ast.Name) or not is_constructor(function, owner):
        return None
    assert isinstance(function.node, ast.FunctionDef)
    name = given.node.id
    parameters = [a.arg for a in function.node.args.args[1:]]
    uses = [n for n in ast.walk(function.node) if isinstance(n, ast.Name) and n.id == name]
    there = argument(block, name, parameters)
    if name not in parameters or len(uses) != 1 or there is None or not is_plain(there.node):
        return None
    if there.text == text_of(value[1]):
        return None
    called = ast.unparse(block.node.func)
    new = text_of(value[1])
    return Fix(f"Set {name} of this {called} to {new}", (there.replaced(new),), preferred=True)


def is_constructor(function: Place, owner: Module) -> bool:
    """Whether a function is the constructor of the owner's own class."""
    around = function.parent
    kind = owner.kind
    return (
        isinstance(function.node, ast.FunctionDef)
        and function.node.name == "__init__"
        and around is not None
        and isinstance(around.node, ast.ClassDef)
        and isinstance(kind, Class)
        and kind.site is not None
        and kind.site.span == around.span
    )


# -- inputs that lack a flatten -------------------------------------------------------------------


def flatten_first(scene: Scene) -> Iterator[Fix]:
    """Flatten the input of a linear layer, where it has the right number of features in all."""
    made, place = scene.made, scene.place
    if made is None or place is None:
        return
    if not all(
        sizes is not None
        and len(sizes) > 2
        and product(sizes[1:]) == getattr(module, "in_features", None)
        for module, sizes in made.inputs()
    ):
        return
    around = made.place.parent
    if around is not None and isinstance(around.node, ast.Call):
        if ast.unparse(around.node.func).endswith("Sequential"):
            name = ast.unparse(made.node.func)
            prefix = name.rpartition(".")[0]
            if prefix or not name:
                start = made.place.span
                at = Span(start.path, start.line, start.col, start.line, start.col)
                title = "Flatten the input with nn.Flatten()"
                yield Fix(title, ((at, f"{prefix}.Flatten(), "),), preferred=True)
            return
    call = place.taker
    if call is None or not isinstance(call.node, ast.Call):
        return
    if made.called_by(call):
        edit = place.replaced(f"{place.primary()}.flatten(1)")
        yield Fix("Flatten the input with flatten(1)", (edit,), preferred=True)
