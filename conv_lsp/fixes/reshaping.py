"""Views, axes and numbers of sizes that do not fit."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from conv_lsp.dims import Dim, product
from conv_lsp.fixes.features import is_plain
from conv_lsp.fixes.fix import Edit, Fix
from conv_lsp.fixes.geometry import number_of
from conv_lsp.fixes.scene import Place, Scene
from conv_lsp.source import Span

RESHAPES = ("view", "reshape")


def reshape_for_view(scene: Scene) -> Iterator[Fix]:
    """`reshape` copies where `view` cannot."""
    call = scene.place
    if call is None or not isinstance(call.node, ast.Call):
        return
    func = call.node.func
    if isinstance(func, ast.Attribute) and func.attr == "view":
        end = call.of(func).span
        name = Span(end.path, end.end_line, end.end_col - 4, end.end_line, end.end_col)
        yield Fix("Use reshape, which copies if it must", ((name, "reshape"),), preferred=True)


def sizes_of(call: Place) -> tuple[Place, list[Place]] | None:
    """What `x.view(...)`, `x.reshape(...)` or `torch.reshape(x, ...)` reshapes, and the sizes."""
    node = call.node
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return None
    args = list(node.args)
    if node.keywords or node.func.attr not in RESHAPES or not args:
        return None
    what: ast.expr = node.func.value
    if isinstance(what, ast.Name) and what.id == "torch":
        what = args.pop(0)
    if len(args) == 1 and isinstance(args[0], (ast.Tuple, ast.List)):
        args = list(args[0].elts)
    if not args or any(isinstance(a, ast.Starred) for a in args):
        return None
    return call.of(what), [call.of(a) for a in args]


def right_count(scene: Scene) -> Iterator[Fix]:
    """flatten(1) for a view of two sizes, the number that fits, or -1 for one that does not."""
    place = scene.place
    call = place.call if place is not None else None
    found = sizes_of(call) if call is not None else None
    if call is None or found is None:
        return
    what, sizes = found
    shapes = what.shapes
    if not shapes:
        return
    if len(sizes) == 2 and all(len(shape) > 1 for shape in shapes) and not is_rest(sizes[1]):
        new = call.replaced(f"{what.primary()}.flatten(1)")
        batches = {shape[0] for shape in shapes}
        kept = is_batch(sizes[0], what) or is_rest(sizes[0]) or batches == {number_of(sizes[0])}
        yield Fix("Flatten all but the batch with flatten(1)", (new,), preferred=kept)
        counts = {product(shape[1:]) for shape in shapes}
        count = counts.pop() if len(counts) == 1 else None
        if isinstance(count, int) and kept:
            yield Fix(f"Set the size to {count}", (sizes[1].replaced(str(count)),))
        return
    numbers = [number_of(size) for size in sizes]
    if not all(n is not None and n > 0 for n in numbers):
        return
    whole = [n for n in numbers if n is not None]
    for at in reversed(range(1, len(sizes))):
        rest = product(n for i, n in enumerate(whole) if i != at)
        if all(divides(rest, product(shape)) for shape in shapes):
            title = f"Let the size at dimension {at} be inferred (-1)"
            yield Fix(title, (sizes[at].replaced("-1"),))
            return


def divides(rest: Dim, count: Dim) -> bool:
    """Whether it is certain that a number of elements is a multiple."""
    return isinstance(rest, int) and isinstance(count, int) and rest > 0 and count % rest == 0


def is_rest(size: Place) -> bool:
    """Whether a size is what the others leave."""
    return "".join(size.text.split()) == "-1"


def is_batch(size: Place, what: Place) -> bool:
    """Whether a size is that of the tensor's first axis: x.size(0), x.shape[0]."""
    text = "".join(size.text.split())
    return text in (f"{what.text}.size(0)", f"{what.text}.shape[0]")


def infer_expanded(scene: Scene) -> Iterator[Fix]:
    """-1 keeps the size of an axis that cannot be expanded."""
    call, dim = scene.place, scene.number("dim")
    if call is None or dim is None or not isinstance(call.node, ast.Call):
        return
    func, args = call.node.func, call.node.args
    if not isinstance(func, ast.Attribute) or func.attr != "expand" or call.node.keywords:
        return
    if len(args) == 1 and isinstance(args[0], (ast.Tuple, ast.List)):
        args = args[0].elts
    ranks = {len(shape) for shape in call.of(func.value).shapes}
    if ranks == {len(args)} and dim < len(args) and is_plain(args[dim]):
        yield Fix(f"Keep the size at dimension {dim} (-1)", (call.of(args[dim]).replaced("-1"),))


def right_split(scene: Scene) -> Iterator[Fix]:
    """The last part of a split gets what the others leave."""
    parts, total = scene.place, scene.number("total")
    dim = scene.number("dim")
    if parts is None or total is None or dim is None:
        return
    call = parts.taker
    if not isinstance(parts.node, (ast.List, ast.Tuple)) or call is None:
        return
    assert isinstance(call.node, ast.Call)
    numbers = [number_of(parts.of(element)) for element in parts.node.elts]
    whole = [n for n in numbers if n is not None]
    func = call.node.func
    if len(whole) < len(numbers) or not whole or not isinstance(func, ast.Attribute):
        return
    what = call.of(func.value)
    if isinstance(func.value, ast.Name) and func.value.id == "torch":
        what = call.of(call.node.args[0])
    totals = {shape[dim] for shape in what.shapes if -len(shape) <= dim < len(shape)}
    left = total - sum(whole[:-1])
    if totals == {total} and left > 0:
        last = parts.of(parts.node.elts[-1])
        yield Fix(f"Set the last size to {left}", (last.replaced(str(left)),))


def last_axis(scene: Scene) -> Iterator[Fix]:
    """-1 is the last axis whatever their number."""
    place, rank = scene.place, scene.number("rank")
    if place is not None and rank and number_of(place) is not None:
        yield Fix("Use the last dimension (-1)", (place.replaced("-1"),))


def take_the_rest(scene: Scene) -> Iterator[Fix]:
    """`*_` takes the values for which there are no names."""
    place = scene.place
    got, want = scene.number("got"), scene.number("want")
    if place is None or got is None or want is None or got <= want:
        return
    node = place.node
    if isinstance(node, (ast.Tuple, ast.List)) and node.elts:
        end = place.of(node.elts[-1]).span
        at = Span(end.path, end.end_line, end.end_col, end.end_line, end.end_col)
        if not any(isinstance(e, ast.Starred) for e in node.elts):
            yield Fix("Leave out the other values with *_", ((at, ", *_"),))


def transpose_operand(scene: Scene) -> Iterator[Fix]:
    """A matrix product whose right side fits when it is transposed."""
    right = scene.place
    left = operand_before(right) if right is not None else None
    if right is None or left is None:
        return
    pairs = [(a, b) for a in left.shapes for b in right.shapes if len(a) > 1 and len(b) > 1]
    if not pairs or len(pairs) != len(left.shapes) * len(right.shapes):
        return
    if all(a[-1] == b[-1] and a[-2] != b[-2] for a, b in pairs):
        edit: Edit = right.replaced(f"{right.primary()}.transpose(-2, -1)")
        yield Fix("Transpose the right side", (edit,), preferred=True)
    elif all(a[-2] == b[-2] and a[-1] != b[-1] for a, b in pairs):
        edit = left.replaced(f"{left.primary()}.transpose(-2, -1)")
        yield Fix("Transpose the left side", (edit,), preferred=True)
    elif all(a[-2:] == b[-2:] for a, b in pairs):
        edit = right.replaced(f"{right.primary()}.transpose(-2, -1)")
        yield Fix("Transpose the right side", (edit,), preferred=True)


def operand_before(right: Place) -> Place | None:
    """The left side of a matrix product, by its right side."""
    parent = right.parent
    if parent is None:
        return None
    node = parent.node
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        return parent.of(node.left) if node.right is right.node else None
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and not node.keywords:
        name = node.func.attr
        if name in ("matmul", "bmm", "mm") and node.args[-1] is right.node:
            torch = isinstance(node.func.value, ast.Name) and node.func.value.id == "torch"
            return parent.of(node.args[0] if torch else node.func.value)
    return None


def rank_of_layer(scene: Scene) -> Iterator[Fix]:
    """BatchNorm1d where BatchNorm2d is given three dimensions, and so on."""
    made = scene.made
    if made is None or not isinstance(made.node.func, ast.Attribute):
        return
    name = made.node.func.attr
    count = name[-2:-1]
    features = {"BatchNorm": "num_features", "InstanceNorm": "num_features", "Conv": "in_channels"}
    feature = features.get(name[:-2])
    given = (*made.node.args, *(k.value for k in made.node.keywords))
    if feature is None or count not in ("1", "2", "3") or any(map(is_several, given)):
        return
    ranks = set()
    for module, sizes in made.inputs():
        if sizes is None or len(sizes) < 2 or sizes[1] != getattr(module, feature, None):
            return
        ranks.add(max(len(sizes) - 2, 1) if name[:-2] == "BatchNorm" else len(sizes) - 2)
    new = ranks.pop() if len(ranks) == 1 else 0
    if 1 <= new <= 3 and str(new) != count:
        end = made.place.of(made.node.func).span
        at = Span(end.path, end.end_line, end.end_col - 2, end.end_line, end.end_col - 1)
        yield Fix(f"Use {name[:-2]}{new}d", ((at, str(new)),), preferred=True)


def is_several(node: ast.expr) -> bool:
    """Whether an argument may be a number for each axis."""
    return not isinstance(node, (ast.Constant, ast.Name, ast.BinOp)) or (
        isinstance(node, ast.BinOp) and not is_plain(node)
    )


def batch_of_one(scene: Scene) -> Iterator[Fix]:
    """unsqueeze(0) for a normalisation that is given one image."""
    made, place = scene.made, scene.place
    call = place.taker if place is not None else None
    if made is None or place is None or call is None or not made.called_by(call):
        return
    spatial = getattr(made.modules[0], "SPATIAL", 0)
    features = getattr(made.modules[0], "num_features", None)
    here = place.shapes
    if here and all(len(s) == spatial + 1 and s[0] == features for s in here):
        edit = place.replaced(f"{place.primary()}.unsqueeze(0)")
        yield Fix("Make it a batch of one with unsqueeze(0)", (edit,))
