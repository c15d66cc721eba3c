"""Windows, groups and heads that do not fit."""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator, Sequence

from conv_lsp.dims import Dim
from conv_lsp.fixes.calls import argument, known_parameters, parameters_of, set_argument
from conv_lsp.fixes.features import is_plain
from conv_lsp.fixes.fix import Fix
from conv_lsp.fixes.scene import Made, Place, Scene
from conv_lsp.library.convolution_layers import ConvNd
from conv_lsp.values import Module


def set_to(scene: Scene, name: str, value: int, why: str = "") -> Iterator[Fix]:
    """Set a parameter of the layer, or of the function that is called, to a number."""
    made, place = scene.made, scene.place
    call = made.place if made is not None else place.call if place is not None else None
    if call is None or not isinstance(call.node, ast.Call):
        return
    names = parameters_of(made.modules[0]) if made is not None else known_parameters(call.node)
    if name not in names:
        return
    given = argument(call, name, names)
    edit = set_argument(call, name, names, str(value))
    if edit is not None:
        certain = given is None or is_plain(given.node)
        yield Fix(f"Set {name} to {value}{why}", (edit,), preferred=certain)


def pool_padding(scene: Scene) -> Iterator[Fix]:
    """The largest padding that a window takes is half of it."""
    kernel = scene.number("kernel")
    if kernel is not None:
        yield from set_to(scene, "padding", kernel // 2, f", half of kernel size {kernel}")


def output_padding(scene: Scene) -> Iterator[Fix]:
    """The largest output padding is one less than the stride, or the dilation if that is larger."""
    stride, dilation = scene.number("stride"), scene.number("dilation")
    if stride is not None and dilation is not None:
        yield from set_to(scene, "output_padding", max(stride, dilation) - 1)


def fewer_groups(scene: Scene) -> Iterator[Fix]:
    """The largest number of groups below that divides the channels."""
    got, groups, place = scene.number("got"), scene.number("groups"), scene.place
    call = place.taker if place is not None else None
    if not got or not groups or call is None or not isinstance(call.node, ast.Call):
        return
    names = known_parameters(call.node)
    name = next((n for n in ("groups", "num_groups") if n in names), "")
    given = argument(call, name, names)
    if given is None:
        return
    best = math.gcd(got, groups)
    both = [argument(call, n, names) for n in ("in_channels", "out_channels")]
    others = [b for b in both if b is not None and "channels" in names[0]]
    plain = True
    for other in others:
        if isinstance(other.node, ast.Constant) and isinstance(other.node.value, int):
            best = math.gcd(best, other.node.value)
        else:
            plain = plain and other.text == others[0].text
    if plain and best > 0:
        certain = all(is_plain(other.node) for other in (*others, given))
        title = f"Set {name} to {best}, which divides {got}"
        yield Fix(title, (given.replaced(str(best)),), preferred=certain)


def fewer_heads(scene: Scene) -> Iterator[Fix]:
    """The largest number of heads below that divides the embedding."""
    embed, heads, place = scene.number("embed"), scene.number("heads"), scene.place
    if not embed or not heads or place is None or heads < 1:
        return
    best = next(n for n in range(min(heads, embed), 0, -1) if embed % n == 0)
    call = place.taker
    if call is None or not isinstance(call.node, ast.Call):
        return
    given = argument(call, "num_heads", known_parameters(call.node))
    if given is not None:
        title = f"Set num_heads to {best}, which divides {embed}"
        edit = given.replaced(str(best))
        yield Fix(title, (edit,), preferred=is_plain(given.node))


def keep_size(scene: Scene) -> Iterator[Fix]:
    """The padding with which a convolution keeps the size: dilation·(kernel − 1)/2."""
    made = scene.made
    if made is not None:
        yield from keeping_padding(made)


def keeping_padding(made: Made) -> Iterator[Fix]:
    """Set the padding of the convolutions that are made there, if one is right for all."""
    found = {same_padding(module) for module in made.modules}
    padding = found.pop() if len(found) == 1 else None
    if padding is None:
        return
    text = repr(padding) if isinstance(padding, str) else once(padding)
    edit = set_argument(made.place, "padding", parameters_of(made.modules[0]), text)
    if edit is not None:
        yield Fix(f"Set padding to {text}, which keeps the size", (edit,), preferred=True)


def same_padding(module: Module) -> tuple[int, ...] | str | None:
    """The padding with which a convolution keeps the size, before its stride."""
    if not isinstance(module, ConvNd) or module.transposed is not False:
        return None
    if module.kind is not type(module):
        return None
    reaches = [
        d * (k - 1) if isinstance(d, int) and isinstance(k, int) else None
        for d, k in zip(module.dilation, module.kernel_size, strict=False)
    ]
    whole = [reach for reach in reaches if reach is not None]
    if len(whole) < len(reaches) or not whole:
        return None
    if all(reach % 2 == 0 for reach in whole):
        return tuple(reach // 2 for reach in whole)
    return "same" if all(stride == 1 for stride in module.stride) else None


def once(values: Sequence[int]) -> str:
    """One number where all are the same."""
    return str(values[0]) if len(set(values)) == 1 else str(tuple(values))


# -- pooling ----------------------------------------------------------------------------------


def smaller_window(scene: Scene) -> Iterator[Fix]:
    """A window as large as the input, or one that may reach over the edge."""
    place, made = scene.place, scene.made
    shapes = arriving(made, place)
    call = made.place if made is not None else place.taker if place is not None else None
    if not shapes or call is None or not isinstance(call.node, ast.Call):
        return
    names = parameters_of(made.modules[0]) if made is not None else known_parameters(call.node)
    kernel = number_of(argument(call, "kernel_size", names))
    stride = argument(call, "stride", names)
    step = kernel if stride is None else number_of(stride)
    if kernel is None or step is None or any(argument(call, n, names) for n in OTHERS):
        return
    count = next((int(c) for c in ast.unparse(call.node.func)[-2:-1] if c in "123"), 0)
    sizes = {size for shape in shapes for size in shape[len(shape) - count :]} if count else set()
    if len(sizes) != 1 or not isinstance(size := sizes.pop(), int) or not 0 < size < kernel:
        return
    edit = set_argument(call, "kernel_size", names, str(size))
    if size > 1 and edit is not None:
        yield Fix(f"Set kernel_size to {size}, the size of the input", (edit,))
    edit = set_argument(call, "ceil_mode", names, "True") if "ceil_mode" in names else None
    if edit is not None and size - kernel + step > 0:
        yield Fix("Set ceil_mode to True: the window may reach over the edge", (edit,))


OTHERS = ("padding", "dilation", "ceil_mode")
"""Parameters that the arithmetic of smaller windows leaves out."""


def arriving(made: Made | None, place: Place | None) -> list[tuple[Dim, ...]]:
    """The shapes that a layer or a function is given, in every context; empty if not all known."""
    if made is not None:
        shapes = [sizes for _, sizes in made.inputs()]
        return [s for s in shapes if s is not None] if None not in shapes else []
    return place.shapes if place is not None else []


def number_of(place: Place | None) -> int | None:
    """A number that is written down."""
    node = place.node if place is not None else None
    plain = isinstance(node, ast.Constant) and type(node.value) is int
    return node.value if plain and isinstance(node, ast.Constant) else None  # type: ignore[return-value]


def smaller_padding(scene: Scene) -> Iterator[Fix]:
    """The largest padding by reflection is one less than the size."""
    made = scene.made
    if made is None or scene.words.get("mode") != "reflect":
        return
    given = argument(made.place, "padding", parameters_of(made.modules[0]))
    shapes = arriving(made, None)
    spatial = getattr(made.modules[0], "SPATIAL", 0)
    if number_of(given) is None or not shapes or not spatial:
        return
    sizes = [size for shape in shapes for size in shape[-spatial:]]
    whole = [size for size in sizes if isinstance(size, int)]
    if given is not None and len(whole) == len(sizes) and min(whole) > 0:
        new = min(whole) - 1
        title = f"Set padding to {new}, the most for size {min(whole)}"
        yield Fix(title, (given.replaced(str(new)),))
