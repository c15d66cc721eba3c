"""Words and types: misspelt keywords, numbers of the wrong kind, directives."""

from __future__ import annotations

import ast
import difflib
import re
from collections.abc import Iterator

from conv_lsp.findings import RULES
from conv_lsp.fixes.calls import called, known_parameters
from conv_lsp.fixes.fix import Fix
from conv_lsp.fixes.scene import Page, Place, Scene
from conv_lsp.source import Span
from conv_lsp.values import Tensor

CASTS = {
    "float32": "float",
    "float64": "double",
    "float16": "half",
    "int64": "long",
    "int32": "int",
    "bool": "bool",
}
"""Methods that change a tensor's type, by the type."""


def right_keyword(scene: Scene) -> Iterator[Fix]:
    """The parameter that is spelt nearly like a keyword that there is not."""
    place = scene.place
    keyword = place.parent if place is not None else None
    call = place.taker if place is not None else None
    if keyword is None or call is None or not isinstance(keyword.node, ast.keyword):
        return
    assert isinstance(call.node, ast.Call)
    word = keyword.node.arg
    names = known_parameters(call.node) or own_parameters(call)
    taken = {k.arg for k in call.node.keywords} | set(names[: len(call.node.args)])
    if word is None or word in names:
        return
    near = difflib.get_close_matches(word, [n for n in names if n not in taken], 1, 0.6)
    if near:
        start = keyword.span
        end = start.col + len(word.encode())
        at = Span(start.path, start.line, start.col, start.line, end)
        yield Fix(f"Change {word} to {near[0]}", ((at, near[0]),), preferred=True)


def right_attribute(scene: Scene) -> Iterator[Fix]:
    """The attribute that is spelt nearly like one that the object does not have."""
    place, near = scene.place, scene.words.get("near")
    if place is None or not isinstance(place.node, ast.Attribute) or not near:
        return
    word, whole = place.node.attr, place.span
    if place.text.endswith(f".{word}"):
        start = whole.end_col - len(word.encode())
        at = Span(whole.path, whole.end_line, start, whole.end_line, whole.end_col)
        yield Fix(f"Change {word} to {near}", ((at, str(near)),), preferred=True)


def own_parameters(call: Place) -> list[str]:
    """The parameters of the file's own function or class of this name; empty if there are several."""
    assert isinstance(call.node, ast.Call)
    found = list(definitions(call.page, called(call.node)))
    if len(found) != 1:
        return []
    given = found[0].args
    return [a.arg for a in (*given.posonlyargs, *given.args, *given.kwonlyargs)]


def definitions(page: Page, name: str) -> Iterator[ast.FunctionDef]:
    """Functions of a name, and constructors of classes of that name."""
    for statement in page.source.statements:
        node = statement.node
        if isinstance(node, ast.FunctionDef) and node.name == name:
            yield node
        if isinstance(node, ast.ClassDef) and node.name == name:
            yield from (
                n for n in node.body if isinstance(n, ast.FunctionDef) and n.name == "__init__"
            )


def whole_number(scene: Scene) -> Iterator[Fix]:
    """`//` for `/`, 1 for 1.0, where an integer is taken."""
    place = scene.place
    if place is None or "an integer" not in str(scene.words.get("problem")):
        return
    node = place.node
    if isinstance(node, ast.Constant) and isinstance(node.value, float):
        if node.value.is_integer():
            new = str(int(node.value))
            yield Fix(f"Write {new}", (place.replaced(new),), preferred=True)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        left, right = place.of(node.left).span, place.of(node.right).span
        between = Span(left.path, left.end_line, left.end_col, right.line, right.col)
        text = place.page.text(between)
        if text.count("/") == 1 and "#" not in text:
            edit = (between, text.replace("/", "//"))
            yield Fix("Divide with //, which gives an integer", (edit,), preferred=True)


def cast(scene: Scene) -> Iterator[Fix]:
    """The tensor as the type that is taken."""
    place, words = scene.place, scene.words
    want = str(words.get("want")).partition(" ")[0]
    if place is None or want not in CASTS or not isinstance(place.node, ast.expr):
        return
    values = place.values
    if values and all(isinstance(v, Tensor) and v.dtype == words.get("got") for v in values):
        edit = place.replaced(f"{place.primary()}.{CASTS[want]}()")
        exact = want.startswith("float")
        yield Fix(f"Convert it with {CASTS[want]}()", (edit,), preferred=exact)


def squeeze(scene: Scene) -> Iterator[Fix]:
    """Drop the last axis of scores of shape (N, 1) for targets of shape (N,)."""
    target = scene.place
    call = target.taker if target is not None else None
    if target is None or call is None or not isinstance(call.node, ast.Call):
        return
    if len(call.node.args) < 2 or call.node.args[1] is not target.node:
        return
    scores = call.of(call.node.args[0])
    pairs = [(a, b) for a in scores.shapes for b in target.shapes]
    if pairs and all(a == (*b, 1) for a, b in pairs):
        edit = scores.replaced(f"{scores.primary()}.squeeze(-1)")
        yield Fix("Drop the last dimension with squeeze(-1)", (edit,), preferred=True)


def right_directive(scene: Scene) -> Iterator[Fix]:
    """The rule, or the word, that is spelt nearly like the one in a directive."""
    span = scene.finding.span
    text = scene.page.text(span)
    if re.match(r"#\s*conv-lsp\s+\w", text, re.IGNORECASE):
        fixed = re.sub(r"(?i)^(#\s*conv-lsp)\s+", r"\1: ", text)
        yield Fix("Add the colon", ((span, fixed),), preferred=True)
        return
    match = re.match(r"(?i)(#\s*conv-lsp\s*:\s*)([\w-]+)", text)
    if match is None:
        return
    if match[2] == "ignore":
        fixed = re.sub(r"[a-z][a-z0-9-]*(?=[\],\s])", near_code, text[match.end() :])
        fixed = text[: match.end()] + fixed
    else:
        near = difflib.get_close_matches(match[2], ("input", "ignore", "off", "on"), 1)
        fixed = match[1] + (near[0] if near else match[2]) + text[match.end() :]
    if fixed != text:
        yield Fix(f"Change it to {fixed}", ((span, fixed),), preferred=True)


def near_code(match: re.Match[str]) -> str:
    """A rule's code, or the nearest one to what is written."""
    near = difflib.get_close_matches(match[0], RULES, 1)
    return near[0] if near and match[0] not in RULES else match[0]


def replace_text(scene: Scene) -> Iterator[Fix]:
    """What the finding itself says should stand there."""
    new = scene.words.get("new")
    if isinstance(new, str):
        yield Fix(f"Change the comment to {new}", ((scene.finding.span, new),), preferred=True)
