"""einops.pack and einops.unpack."""

from __future__ import annotations

from conv_lsp.axes import joined, merged
from conv_lsp.dims import Dim, product, proves_unequal, total
from conv_lsp.findings import BROADCAST, CALL_ARGUMENTS
from conv_lsp.library.algebra import show
from conv_lsp.library.einops import explained, quotient, reshaped, vague
from conv_lsp.library.einops_pattern import (
    PatternError,
    check_name,
)
from conv_lsp.library.layout import crop
from conv_lsp.library.registry import Call, op, size_of
from conv_lsp.values import Shape, Size, Tensor, Unknown, Value


def one(call: Call, tensor: Value, at: str) -> Tensor | Unknown:
    """A tensor of known rank."""
    if isinstance(tensor, Tensor):
        return tensor if tensor.known else tensor.shape  # type: ignore[return-value]
    if isinstance(tensor, Unknown):
        return tensor
    problem = f"takes tensors, not a {type(tensor).__name__.lower()}"
    call.fail(CALL_ARGUMENTS, at=at, name=call.name.rpartition(".")[2] or "pack", problem=problem)


def _around(pattern: str) -> tuple[int, int]:
    """How many axes stand before and after the star."""
    words = pattern.split()
    if len(set(words)) < len(words):
        raise PatternError("a name is there twice")
    if "*" not in words:
        raise PatternError("there is no '*'")
    for word in words:
        if word != "*":
            check_name(word)
    before = words.index("*")
    return before, len(words) - before - 1


@op("einops.pack")
def pack(call: Call, tensors: object, pattern: str) -> Value:
    """The axes at the star are flattened, and the tensors concatenated along them."""
    if isinstance(tensors, Tensor):
        tensors = call.host.elements(tensors, call.site)
    if isinstance(tensors, Unknown) or vague(tensors):
        return Unknown("the tensors are not known")
    if not isinstance(tensors, (list, tuple)) or not tensors:
        kind = "none" if tensors in ([], ()) else f"a {type(tensors).__name__}"
        problem = f"takes a sequence of tensors, {kind} given"
        call.fail(CALL_ARGUMENTS, at="tensors", name="pack", problem=problem)
    parts = [one(call, tensor, "tensors") for tensor in tensors]
    for part in parts:
        if isinstance(part, Unknown):
            return part
    known = [part for part in parts if isinstance(part, Tensor)]
    with explained(call, pattern):
        before, after = _around(pattern)
        for i, tensor in enumerate(known):
            if tensor.rank < before + after:
                problem = f"tensor {i} has {tensor.rank} dimensions, it takes {before + after}"
                raise PatternError(problem)
    shapes = [Size(t.sizes[before : t.rank - after]) for t in known]
    outer = [(*t.sizes[:before], *t.sizes[t.rank - after :]) for t in known]
    for other in outer[1:]:
        for dim, (a, b) in enumerate(zip(outer[0], other, strict=True)):
            if proves_unequal(a, b):
                shapes_text = " and ".join(show(t.shape) for t in known)
                call.fail(BROADCAST, at="tensors", a=a, b=b, dim=dim, shapes=shapes_text)
    first = known[0]
    packed = total(product(shape) for shape in shapes)
    links = [joined(*(t.axes[i] for t in known)) for i in range(before)]
    ends = [joined(*(t.axes[i - after] for t in known)) for i in range(after)]
    middle = [link for t in known for link in t.axes[before : t.rank - after]]
    tensor = Tensor(
        (*first.sizes[:before], packed, *first.sizes[first.rank - after :]),
        (*links, merged(None, *middle), *ends),
        seen=joined(*(t.seen for t in known)),
        dtype=first.dtype,
    )
    return tensor, call.host.new(shapes)


@op("einops.unpack")
def unpack(call: Call, tensor: Tensor, packed_shapes: object, pattern: str) -> Value:
    """The inverse of pack; one of all sizes may be -1."""
    if packed_shapes is None or isinstance(packed_shapes, (int, float, str, type)):
        problem = f"packed_shapes are shapes, not {packed_shapes!r}"
        call.fail(CALL_ARGUMENTS, at="packed_shapes", name="unpack", problem=problem)
    if packed_shapes == {}:
        packed_shapes = []
    if not isinstance(packed_shapes, (list, tuple)):
        return packed_shapes if isinstance(packed_shapes, Unknown) else Unknown("no list of shapes")
    for shape in packed_shapes:
        if shape is None or isinstance(shape, (int, float, str, type)):
            problem = f"a shape is a tuple of sizes, not {shape!r}"
            call.fail(CALL_ARGUMENTS, at="packed_shapes", name="unpack", problem=problem)
    shapes = [_sizes(shape) for shape in packed_shapes]
    for shape in shapes:
        if isinstance(shape, Unknown):
            return shape
    known = [shape for shape in shapes if not isinstance(shape, Unknown)]
    with explained(call, pattern):
        before, after = _around(pattern)
        if tensor.rank != before + 1 + after:
            problem = f"it takes {before + 1 + after} dimensions, the tensor has {tensor.rank}"
            raise PatternError(problem)
        known = _filled(tensor.sizes[before], known)
    parts: list[Tensor] = []
    start: Dim = 0
    for shape in known:
        length = product(shape)
        part = crop(tensor, before, start, length)
        start = start + length
        around = tensor.sizes[:before], tensor.sizes[before + 1 :]
        parts.append(reshaped(part, (*around[0], *shape, *around[1])))
    return call.host.new(parts)


def _sizes(shape: Value) -> Shape | Unknown:
    if not isinstance(shape, (list, tuple)):
        return Unknown("a shape to unpack to is not known")
    sizes = [size_of(value) for value in shape]
    return tuple(size for size in sizes if size is not None)


def _filled(size: Dim, shapes: list[Shape]) -> list[Shape]:
    """The shapes with the -1 found."""
    if not shapes:
        return []
    unsolved = [i for i, shape in enumerate(shapes) if -1 in shape]
    if len(unsolved) > 1 or any(shape.count(-1) > 1 for shape in shapes):
        raise PatternError("more than one -1 in the shapes")
    rest = total(product(s) for i, s in enumerate(shapes) if i not in unsolved)
    if not unsolved:
        if proves_unequal(size, rest):
            raise PatternError(f"{size} cannot be split into shapes of {rest} elements")
        return shapes
    shape = shapes[unsolved[0]]
    found = quotient(size - rest, product(s for s in shape if s != -1))
    filled = tuple(found if s == -1 else s for s in shape)
    return [filled if i in unsolved else s for i, s in enumerate(shapes)]
