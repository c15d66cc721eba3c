"""The pages that are made from the code."""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

from conv_lsp.findings import RULES, Rule
from conv_lsp.fixes import FIXES, WITHOUT
from conv_lsp.library import registry
from conv_lsp.library.loading import load_all
from conv_lsp.library.registry import Op
from tests.generate.coverage import coverage
from tests.generate.fields import seen_of, short

DOCS = Path(__file__).parent.parent.parent / "docs"
PACKAGES = ("torch", "torchvision", "einops", "numpy", "torchinfo", "torchsummary", "operator")
"""Whose names are listed; Python's own modules differ between its versions."""
MADE = "<!-- made by `python -m tests.generate`; do not edit -->\n"

HEAD = """
# What is modelled

{count:,} names whose effect on sizes is known, by what they do. Everything else gives an unknown value with the reason;
a package that is not listed (timm, torchvision's models) is read from its source, if the project's environment has it. Of
Python's own modules, what configurations use is called for real.

Shape, receptive field and this page come from one declaration, the rule, and every rule is compared with torch on drawn
arguments (`tests/ops`). *Sees* is what a unit of the result depends on, read from the rule's own links between axes:

| sees | |
|---|---|
| same | the same position of the input (and whatever the sizes broadcast to) |
| window | a range of positions, of some size and step |
| whole | all positions along an axis |
| moved | one position, which stands elsewhere |
| uneven | positions at no fixed step: axes that are joined, windows drawn at random |
| nothing | numbers of its own |
"""


def names() -> dict[str, Any]:
    """Every public name that is listed, with its rule or class."""
    found: dict[str, Any] = {}
    for path, value in (*registry.OPS.items(), *registry.NAMES.items()):
        hidden = any(part.startswith("_") for part in path.split(".") if part[:2] != "__")
        if path.partition(".")[0] not in PACKAGES or hidden or ".modules." in path:
            continue
        # Exceptions, protocols and the like stand for themselves.
        if isinstance(value, Op) or (isinstance(value, type) and "conv_lsp" in value.__module__):
            found[path] = value
    found |= {f"Tensor.{name}": op for name, op in registry.METHODS.items()}
    found |= {f"Tensor.{name}": get for name, get in registry.ATTRIBUTES.items()}
    return found


def said(value: object) -> str:
    """What the declaration says of itself: the first paragraph."""
    text = getattr(value, "__doc__", None) or ""
    return " ".join(text.strip().partition("\n\n")[0].split()).rstrip(".")


def declared_by(value: Any) -> tuple[str, str]:
    """The module of a rule or a class, and the first paragraph of its documentation."""
    rule = value.function if isinstance(value, Op) else value
    return str(getattr(rule, "__module__", "")), said(rule)


def ops() -> str:
    """What is supported: every name the library knows, by family."""
    groups: defaultdict[str, defaultdict[tuple[str, str], list[str]]]
    groups = defaultdict(lambda: defaultdict(list))
    listed = names()
    for path, value in listed.items():
        module, line = declared_by(value)
        groups[module][line, seen_of(path, value)].append(f"`{short(path)}`")
    parts = [MADE + HEAD.format(count=len(listed)), coverage(), ""]
    for module, rows in sorted(groups.items(), key=lambda item: title(item[0])):
        parts += [f"## {title(module)}", "", "| names | what comes out | sees |", "|---|---|---|"]
        for (line, seen), found in sorted(rows.items(), key=lambda row: sorted(row[1])):
            parts.append(f"| {' '.join(sorted(found))} | {line.replace('|', '&#124;')} | {seen} |")
        parts.append("")
    return "\n".join(parts)


def title(module: str) -> str:
    return said(sys.modules[module])


def rules() -> str:
    """Every rule with its message and its quick fixes."""
    rows = [
        f"| [{rule.code}](rules/{rule.code}.md) | {rule.level({})} | {rule.message} | {fix(rule)} |"
        for rule in sorted(RULES.values(), key=lambda rule: rule.code)
    ]
    head = ["# Rules", "", "| code | severity | message | quick fix |", "|---|---|---|---|"]
    return "\n".join([MADE, *head, *rows]) + "\n"


def fix(rule: Rule) -> str:
    """What the fixes of a rule do, or why there is none."""
    if rule.code in WITHOUT:
        return f"none: {WITHOUT[rule.code]}"
    told = (" ".join((make.__doc__ or "").split()) for make in FIXES[rule.code])
    return " ".join(f"{text.partition('. ')[0].removesuffix('.')}." for text in told)


load_all()
PAGES = {DOCS / "ops.md": ops, DOCS / "rules.md": rules}


def stale() -> list[Path]:
    """The pages that are not what the code says."""
    return [
        path
        for path, make in PAGES.items()
        if not path.exists() or path.read_text(encoding="utf-8") != make()
    ]
