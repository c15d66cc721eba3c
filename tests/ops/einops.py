"""einops: patterns that are put together, and the same with a slip of the pen."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import strategies as st

from tests.judge import torch
from tests.ops.table import Example, add

einops = pytest.importorskip("einops")

SIZE = st.sampled_from([1, 2, 3, 4])
SIZES = st.sampled_from([0, 1, 1, 2, 2, 3, 4, -1])
KINDS = st.sampled_from([torch.float32] * 4 + [torch.int64, torch.bool, torch.float64])
NAMES = ("b", "c", "h1", "w", "x_y")
MORE = ("n", "k", "2", "3", "1")
SLIPS = ("", "(", ")", " ", "...", "->", "_", "1", "2", "x", "#", ".", "n ", "()", " c", "0 ")


@st.composite
def laid(draw: Any, shape: Any, kinds: Any = KINDS) -> Any:
    """A tensor of this shape, in some layout."""
    made = torch.zeros(shape, dtype=draw(kinds))
    way = draw(st.sampled_from(["plain", "plain", "permuted", "sliced"]))
    if way == "permuted":
        order = draw(st.permutations(range(len(shape))))
        made = made.permute(order).contiguous().permute([order.index(i) for i in range(len(order))])
    if way == "sliced" and shape:
        made = made.repeat(*[1] * (len(shape) - 1), 2)[..., : shape[-1]]
    return made


@st.composite
def grouped(draw: Any, names: list[str], *, left: bool) -> list[list[str]]:
    """Names put together into the axes of one side; an axis without names has size 1."""
    groups: list[list[str]] = []
    for name in names:
        apart = not groups or (left and "..." in (name, *groups[-1])) or draw(st.booleans())
        groups.append([name]) if apart or draw(st.booleans()) else groups[-1].append(name)
    if draw(st.integers(0, 3)) == 0:
        groups.insert(draw(st.integers(0, len(groups))), [])
    return groups


def side(groups: list[list[str]], empty: str) -> str:
    return " ".join(g[0] if len(g) == 1 else f"({' '.join(g)})" if g else empty for g in groups)


@st.composite
def calls(draw: Any, operation: str, *extra: Any) -> Example:
    """A tensor and a pattern that fits it, most of the time."""
    count = draw(st.integers(0, 4))
    names = [*draw(st.permutations(NAMES))[:count], *draw(st.sampled_from([[], [], ["..."]]))]
    names = draw(st.permutations(names))
    sizes = {name: draw(SIZE) for name in (*NAMES, *MORE)}
    hidden = draw(st.lists(SIZE, max_size=2))
    left = draw(grouped(names, left=True))
    wanted = draw(st.permutations(names))
    if operation == "reduce":
        wanted = wanted[: draw(st.integers(0, len(wanted)))]
    if operation == "repeat":
        wanted = draw(st.permutations([*wanted, *draw(st.lists(st.sampled_from(MORE)))[:2]]))
    right = draw(grouped(wanted, left=False))
    empty = draw(st.sampled_from(["1", "()"]))
    text = f"{side(left, empty)} -> {side(right, empty)}"
    shape: list[int] = []
    for group in left:
        numbers = [sizes[n] for n in group if n != "..."]
        product = 1
        for n in numbers:
            product *= n
        shape += hidden if group == ["..."] else [product]
    told = [name for group in left for name in group[1:]]
    told += [n for n in wanted if n in ("n", "k")]
    told += [n for n in names if n != "..." and draw(st.integers(0, 4)) == 0]
    lengths = {name: sizes[name] for name in told}
    if draw(st.integers(0, 2)) == 0:  # a slip
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(st.sampled_from(SLIPS)) + text[at + draw(st.integers(0, 1)) :]
        for name in [*lengths, "n"]:
            if draw(st.integers(0, 3)) == 0:
                lengths[name] = draw(SIZES)
        shape = [draw(SIZES.map(abs)) if draw(st.integers(0, 5)) == 0 else s for s in shape]
    tensor = draw(laid(tuple(shape)))
    if shape and shape[0] < 4 and draw(st.integers(0, 5)) == 0:
        tensor = [part.clone() for part in tensor]
    return Example((tensor, text, *map(draw, extra)), lengths)


REDUCTIONS = st.sampled_from("mean max min sum prod any all median".split())
add("einops.rearrange", calls("rearrange"))
add("einops.repeat", calls("repeat"))
add("einops.reduce", calls("reduce", REDUCTIONS))


def as_layer(example: Example) -> Example:
    """The same of a layer: made of the pattern, called with the tensor."""
    tensor, *made = example.args
    return Example(tuple(made), example.kwargs, (tensor,))


add("einops.layers.torch.Rearrange", calls("rearrange").map(as_layer))
add("einops.layers.torch.Reduce", calls("reduce", REDUCTIONS).map(as_layer))

FIXED = """b c h w -> b (c h w)|b c h w -> b h w c|b c (h p) (w q) -> b (h w) (p q c)|
b c (h p) (w q) -> (b h w) c p q|b ... -> ... b|b c h w -> b c h|b c h w|b b h w -> b h w|
b c h w -> -> b|b c (h (p q)) w -> b c h w|b c h w -> ... b c h w|b c (...) -> b c|
_b c h w -> _b c h w|b c 3 w -> b c w|1b c h w -> c|b (x y) h w -> b x y h w"""
WHOLE = st.sampled_from([p.strip() for p in FIXED.replace("\n", "").split("|")])
LENGTHS = st.fixed_dictionaries({}, optional=dict.fromkeys("pqxc", SIZE))


@st.composite
def images(draw: Any) -> Example:
    shape = draw(st.tuples(SIZE, SIZE, *[st.sampled_from([1, 2, 4, 6, 8])] * 2))
    return Example((torch.zeros(shape), draw(WHOLE)), draw(LENGTHS))


add("einops.rearrange", images())


# -- einsum, pack, unpack, shapes -------------------------------------------------------------

EINSUMS = """b in, in out -> b out|b in, in out|... in, in out -> ... out|b i, i o -> b x|
b in, b in -> b|b (i j), i -> b|b in -> b|b in, in out -> b 1|_ i, i o -> o|i i -> i|a b, b c, c d -> a d|
... a, ... a -> ...|b ... in, in -> ... b|a, b -> a b|a 2, a -> a|a -> b a|a b -> b a a|a,, b -> a"""
EINSUM = st.sampled_from([p.strip() for p in EINSUMS.replace("\n", "").split("|")])


@st.composite
def sums(draw: Any) -> tuple[Any, ...]:
    """As many tensors as the pattern takes, with sizes by the names, mostly."""
    text = draw(EINSUM)
    sizes: dict[str, int] = {}
    made = []
    for part in text.partition("->")[0].split(","):
        words = part.replace("(", "").replace(")", "").replace("...", "... " * 2).split()
        shape = [sizes.setdefault(w, draw(SIZE)) for w in words]
        if draw(st.integers(0, 9)) == 0:
            shape.append(draw(SIZE))
        made.append(torch.zeros([draw(SIZE) if draw(st.integers(0, 9)) == 0 else s for s in shape]))
    return (*made, text)


@st.composite
def packs(draw: Any) -> tuple[Any, ...]:
    before = draw(st.lists(SIZE, max_size=2))
    after = draw(st.lists(SIZE, max_size=2))
    inner = draw(st.lists(st.lists(SIZES.map(abs), max_size=2), min_size=1, max_size=3))
    words = ["i j"[: 2 * len(before)], "*", "k l"[: 2 * len(after)]]
    text = draw(st.sampled_from([" ".join(words)] * 4 + ["i *", "* i i", "i j", "_i *", "i (*)"]))
    made = [torch.zeros([*before, *shape, *after]) for shape in inner]
    if draw(st.integers(0, 4)) == 0:
        made.append(draw(laid(draw(st.lists(SIZE, max_size=4)))))
    return (draw(st.sampled_from([made, tuple(made)])), text)


@st.composite
def unpacks(draw: Any) -> tuple[Any, ...]:
    shapes = [tuple(s) for s in draw(st.lists(st.lists(SIZE, max_size=2), min_size=1, max_size=3))]
    count = sum(int(torch.tensor(s).prod()) if s else 1 for s in shapes)
    if draw(st.booleans()):
        at = draw(st.integers(0, len(shapes) - 1))
        shapes[at] = (*shapes[at][1:], -1)
    if draw(st.integers(0, 4)) == 0:
        count += draw(st.sampled_from([-1, 1, 2]))
    before = draw(st.lists(SIZE, max_size=2))
    after = draw(st.lists(SIZE, max_size=2))
    words = ["i j"[: 2 * len(before)], "*", "k l"[: 2 * len(after)]]
    text = draw(st.sampled_from([" ".join(words)] * 5 + ["i *", "i j"]))
    return (torch.zeros([*before, max(count, 0), *after]), shapes, text)


def plain(strategy: Any) -> Any:
    return strategy.map(lambda args: Example(tuple(args)))


add("einops.einsum", plain(sums()))
add("einops.pack", plain(packs()))
add("einops.unpack", plain(unpacks()))
SHAPES = st.sampled_from(
    [
        "b _ c",
        "b c",
        "b b c",
        "... c",
        "b (c) d",
        "b (c d) e",
        "2 b c",
        "b 1 c",
        "b c d -> e",
        "x# b",
    ]
)
add(
    "einops.parse_shape",
    plain(st.tuples(st.lists(SIZE, min_size=1, max_size=4).map(torch.zeros), SHAPES)),
)

# -- EinMix -----------------------------------------------------------------------------------

MIXES = """t b cin -> t b cout; cin cout|h w c -> hout w c; h hout|t b c -> t b c; c|
t b (head cin) -> t b (head cout); head cin cout|b ... c -> b ... d; c d|... c -> (d ...); c d|
b (c e) h -> b h d; c d|b c -> b x; c d|b c -> d b; c d q|b 3 -> b c; c|b c -> b (c c); c|b c; c|
b c -> b d; c (d)|b c -> b d 1; c d|b c h -> b d; c d|b c -> b d; c 1|... c -> d; c d|b c -> b d; c ... d"""
MIX = st.sampled_from([p.strip() for p in MIXES.replace("\n", "").split("|")])
BIASES = st.sampled_from([None, None, "cout", "c", "d", "d b", "hout", "head cout", "x", "d c"])


@st.composite
def mixes(draw: Any) -> Example:
    """A pattern with its weight, and an input that fits most of the time."""
    pattern, _, weight = draw(MIX).partition("; ")
    words = pattern.partition("->")[0].replace("(", " ( ").replace(")", " ) ").split()
    sizes = {word: draw(SIZE) for word in (*words, *"cout hout d c e x q".split())}
    shape: list[int] = []
    inner = False
    for word in words:
        if word in "()":
            shape += [1] if word == "(" else []
            inner = word == "("
        elif inner:
            shape[-1] *= sizes[word]
        else:
            shape += draw(st.lists(SIZE, max_size=2)) if word == "..." else [sizes[word]]
    if draw(st.integers(0, 5)) == 5:
        shape = [draw(SIZE) for _ in shape]
    bias = draw(BIASES)
    told = {n for n in weight.split() if n.isalpha() and draw(st.integers(0, 9)) < 9}
    told |= {n for n in (bias or "").split() if draw(st.integers(0, 9)) < 9}
    made = (pattern, weight) if bias is None else (pattern, weight, bias)
    given = draw(laid(shape, st.just(torch.float32)))
    return Example(made, {n: sizes.get(n, 2) for n in told}, (given,))


add("einops.layers.torch.EinMix", mixes())
add("einops.asnumpy", plain(st.tuples(laid((2, 3)))))
