"""Tensors that do not match where they are added or joined."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from conv_lsp.analysis import Event
from conv_lsp.dims import Dim
from conv_lsp.fixes.calls import argument, parameters_of, set_argument
from conv_lsp.fixes.fix import Fix
from conv_lsp.fixes.scene import Made, Place, Scene
from conv_lsp.library.convolution_layers import ConvNd
from conv_lsp.source import Span

STRIDES = (1, 2, 4, 8)
"""Strides that a shortcut may have."""
Sizes = tuple[Dim, ...]


def operands(place: Place) -> tuple[Place, Place] | None:
    """The two sides of a sum."""
    node = place.node
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return place.of(node.left), place.of(node.right)
    if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Add):
        return place.of(node.target), place.of(node.value)
    return None


def one_shape(place: Place) -> Sizes | None:
    """Its shape, if it is known and the same in all contexts, of an image or a sequence."""
    shapes = place.shapes
    return shapes[0] if len(shapes) == 1 and 3 <= len(shapes[0]) <= 5 else None


def stride_of(a: Sizes, b: Sizes) -> int | None:
    """The stride that makes of an image of shape `a` one of the sizes of `b`, by a 1x1 window."""
    for stride in STRIDES:
        if tuple((n - 1) // stride + 1 for n in a[2:]) == b[2:]:
            return stride
    return None


# -- shortcuts --------------------------------------------------------------------------------


def match_shortcut(scene: Scene) -> Iterator[Fix]:
    """A stride on the shortcut's convolution, or a 1x1 projection of the block's input."""
    place = scene.place
    sides = operands(place) if place is not None else None
    if place is None or sides is None:
        return
    for one, other in (sides, sides[::-1]):
        a, b = one_shape(one), one_shape(other)
        if a is None or b is None or len(a) != len(b) or a[0] != b[0]:
            continue
        stride = stride_of(a, b)
        if stride is None:
            continue
        if a[1] == b[1]:
            yield from strided(scene, one, stride)
        else:
            yield from projected(one, a, b, stride)


def strided(scene: Scene, shortcut: Place, stride: int) -> Iterator[Fix]:
    """Set the stride of the 1x1 convolution whose output this is."""
    event = maker(scene, shortcut)
    layer = event.module if event is not None else None
    if not isinstance(layer, ConvNd) or layer.transposed is not False or layer.made is None:
        return
    made = Made.at(scene.page, layer.made.span)
    bare = set(layer.kernel_size) == {1} and set(layer.stride) == {1} and not padded(layer)
    if made is None or not bare or len({id(e.module) for e in made.events}) != 1:
        return
    if len(made.events) != 1:
        return
    edit = set_argument(made.place, "stride", parameters_of(layer), str(stride))
    if edit is not None:
        yield Fix(f"Set stride of the shortcut to {stride}", (edit,), preferred=True)


def padded(layer: ConvNd) -> bool:
    """Whether a convolution pads."""
    return isinstance(layer.padding, str) or any(p != 0 for p in layer.padding)


def maker(scene: Scene, place: Place) -> Event | None:
    """The call of a layer whose output a tensor is."""
    values = place.values
    found = [e for e in scene.page.analysis.calls if any(e.output is v for v in values)]
    return found[-1] if found else None


def projected(shortcut: Place, a: Sizes, b: Sizes, stride: int) -> Iterator[Fix]:
    """A 1x1 convolution in the constructor, applied to the block's input where it is added."""
    page = shortcut.page
    method = shortcut.around(ast.FunctionDef)
    owner = method.parent if method is not None else None
    if method is None or owner is None or not isinstance(owner.node, ast.ClassDef):
        return
    if not isinstance(shortcut.node, ast.Name) or not is_input(shortcut, method):
        return
    name = free_name(owner, "projection")
    nn = module_name(page.source.statements, "nn")
    inits = [n for n in owner.node.body if isinstance(n, ast.FunctionDef) and n.name == "__init__"]
    if not inits or not nn or not all(isinstance(size, int) for size in (a[1], b[1])):
        return
    last = owner.of(inits[0].body[-1]).span
    first = owner.of(inits[0].body[0]).span
    line = page.source.line_text(last.end_line)
    indent = page.source.line_text(first.line)[: first.col]
    if first.line == owner.of(inits[0]).span.line or indent.strip():
        return  # a constructor on one line
    end = len(line.encode("utf-8", "surrogatepass"))
    at = Span(last.path, last.end_line, end, last.end_line, end)
    step = f", stride={stride}" if stride > 1 else ""
    made = f"{nn}.Conv{len(a) - 2}d({a[1]}, {b[1]}, 1{step})"
    edits = (
        (at, f"\n{indent}self.{name} = {made}"),
        shortcut.replaced(f"self.{name}({shortcut.text})"),
    )
    yield Fix(f"Project {shortcut.text} with a 1×1 convolution, {a[1]} to {b[1]} channels", edits)


def is_input(place: Place, method: Place) -> bool:
    """Whether a name stands for what the method was given."""
    assert isinstance(method.node, ast.FunctionDef)
    values = place.values
    given = [
        v for a in method.node.args.args for v in _parameter_values(method.of(a)) if v is not None
    ]
    return bool(values) and all(any(v is g for g in given) for v in values)


def _parameter_values(parameter: Place) -> list[object]:
    """What a parameter was; its place is its name without the annotation."""
    node, span = parameter.node, parameter.span
    assert isinstance(node, ast.arg)
    name = Span(span.path, span.line, span.col, span.line, span.col + len(node.arg.encode()))
    fact = parameter.page.analysis.facts.get(span.path, {}).get(name)
    return [] if fact is None else [reading.value for reading in fact.running]


def free_name(owner: Place, wish: str) -> str:
    """A name that the class does not use."""
    used = {n.attr for n in ast.walk(owner.node) if isinstance(n, ast.Attribute)}
    number = 1
    while (name := wish if number == 1 else f"{wish}{number}") in used:
        number += 1
    return name


def module_name(statements: tuple[object, ...], wanted: str) -> str:
    """How a file calls `torch.nn` ("nn") or `torch.nn.functional` ("F"); empty if not at all."""
    names: dict[str, str] = {}
    for statement in statements:
        node = getattr(statement, "node", None)
        if isinstance(node, ast.Import):
            for alias in node.names:
                names[alias.name] = alias.asname or alias.name
        elif isinstance(node, ast.ImportFrom) and not node.level:
            for alias in node.names:
                names[f"{node.module}.{alias.name}"] = alias.asname or alias.name
    nn = names.get("torch.nn") or (f"{names['torch']}.nn" if "torch" in names else "")
    if wanted == "nn":
        return nn
    return names.get("torch.nn.functional") or (f"{nn}.functional" if nn else "")


# -- sizes ------------------------------------------------------------------------------------


def resize(scene: Scene) -> Iterator[Fix]:
    """Resize the smaller of two feature maps to the size of the larger one."""
    place, dim = scene.place, scene.number("dim")
    pair = joined_pair(scene, place) if place is not None else None
    if place is None or pair is None or (dim is not None and dim < 2):
        return
    functional = module_name(scene.page.source.statements, "F")
    a, b = (side.shapes for side in pair)
    shapes = (*a, *b)
    if not functional or not a or not b or not all(3 <= len(s) <= 5 for s in shapes):
        return
    if len({len(s) for s in shapes}) > 1 or len({s[0] for s in shapes}) > 1:
        return
    sums = scene.finding.rule.code != "cat-sizes"
    if sums and len({s[1] for s in shapes}) > 1:
        return
    first, second = pair
    less = all(smaller(s, t) for s in a for t in b)
    if less:
        small, large = first, second
    elif all(smaller(t, s) for s in a for t in b):
        small, large = second, first
    else:
        return
    if isinstance(large.node, (ast.Name, ast.Attribute)) and isinstance(small.node, ast.expr):
        if isinstance(place.node, ast.AugAssign) and small.node is place.node.target:
            return
        new = f"{functional}.interpolate({small.text}, size={large.text}.shape[2:])"
        title = f"Resize {small.text} to the size of {large.text}"
        yield Fix(title, (small.replaced(new),))


def smaller(a: Sizes, b: Sizes) -> bool:
    """Whether no spatial size is larger, and one is certainly less."""
    pairs = list(zip(a[2:], b[2:], strict=True))
    gaps = [y - x for x, y in pairs]
    return all(isinstance(g, int) and g >= 0 for g in gaps) and any(gaps)


def joined_pair(scene: Scene, place: Place) -> tuple[Place, Place] | None:
    """The two tensors that do not match."""
    sides = operands(place)
    if sides is not None:
        return sides
    index = scene.number("index")
    node = place.node
    if not isinstance(node, (ast.List, ast.Tuple)) or not index or index >= len(node.elts):
        return None
    call = place.taker
    if scene.finding.rule.code == "cat-sizes":
        dim = None if call is None else argument(call, "dim", ("tensors", "dim"))
        if dim is None or dim.text != "1":
            return None
    elif len(node.elts) > 2:
        return None
    return place.of(node.elts[0]), place.of(node.elts[index])
