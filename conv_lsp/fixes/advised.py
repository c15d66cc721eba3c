"""Fixes of what is advised. None is preferred: what is advised against may be what is meant."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from conv_lsp.advice.norms import bias_before_norm
from conv_lsp.advice.slides import Network
from conv_lsp.fixes.calls import added, parameters_of, set_argument
from conv_lsp.fixes.fix import Fix
from conv_lsp.fixes.geometry import keeping_padding
from conv_lsp.fixes.reshaping import RESHAPES
from conv_lsp.fixes.scene import Made, Scene


def without_bias(scene: Scene) -> Iterator[Fix]:
    """`bias=False`, where a norm follows in every context."""
    page, span = scene.page, scene.finding.span
    made = Made.at(page, span)
    if made is None or not made.events:
        return
    followed = {r.path for r in bias_before_norm(Network(page.analysis)) if r.span == span}
    if not followed.issuperset(event.path for event in made.events):
        return
    names = parameters_of(made.modules[0])
    edit = set_argument(made.place, "bias", names, "False") if "bias" in names else None
    if edit is not None:
        yield Fix("Set bias to False", (edit,))


def keep_size(scene: Scene) -> Iterator[Fix]:
    """The padding with which the map keeps its size."""
    made = Made.at(scene.page, scene.finding.span)
    for fix in keeping_padding(made) if made is not None and made.events else ():
        yield fix.milder()


def keep_batch(scene: Scene) -> Iterator[Fix]:
    """`flatten(1)`, which keeps the batch."""
    call = scene.place
    if call is None or not isinstance(call.node, ast.Call):
        return
    func, args = call.node.func, call.node.args
    if not isinstance(func, ast.Attribute) or call.node.keywords:
        return
    of_torch = isinstance(func.value, ast.Name) and func.value.id == "torch"
    title = "Keep the batch with flatten(1)"
    if func.attr == "flatten" and len(args) == int(of_torch):
        yield Fix(title, (added(call, "1"),))
    elif func.attr in RESHAPES and not of_torch and len(args) == 1:
        what = call.of(func.value)
        yield Fix(title, (call.replaced(f"{what.primary()}.flatten(1)"),))
