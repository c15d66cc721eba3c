"""Writes the pages that are made from the code: `python -m tests.generate`."""

from __future__ import annotations

import inspect
from collections import defaultdict
from pathlib import Path

from conv_lsp.findings import RULES
from conv_lsp.library import registry
from conv_lsp.library.loading import load_all
from conv_lsp.library.registry import Op
from conv_lsp.values import Module

DOCS = Path(__file__).parent.parent.parent / "docs"
PACKAGES = ("torch", "torchvision", "einops", "numpy", "torchinfo", "torchsummary")
"""Whose names are listed; Python's own modules differ between its versions."""
MADE = "<!-- made by `python -m tests.generate`; do not edit -->\n"


def family(path: str, value: object) -> str:
    """Which group a name belongs to."""
    if isinstance(value, type) and issubclass(value, Module):
        return "Layers"
    if path.startswith("torch.nn.functional."):
        return "torch.nn.functional"
    if path.startswith("torch.nn.init."):
        return "torch.nn.init"
    if path.startswith("torch."):
        return "torch"
    return "Other packages: " + path.partition(".")[0]


def ops() -> str:
    """What is supported: every name the library knows, in groups."""
    groups: defaultdict[str, set[str]] = defaultdict(set)
    for path, value in (*registry.OPS.items(), *registry.NAMES.items()):
        if path.partition(".")[0] not in PACKAGES:
            continue
        if isinstance(value, Op) or callable(value) or inspect.isclass(value):
            group = family(path, value)
            prefix = {"Layers": "torch.nn.", "torch": "torch."}.get(group, group + ".")
            groups[group].add(path.removeprefix(prefix))
    groups["Methods and attributes of tensors"] = {*registry.METHODS, *registry.ATTRIBUTES}
    parts = [
        MADE,
        "# What is modelled",
        "",
        "Names whose effect on shapes is known. Everything else gives an unknown value with the reason;",
        "a package that is not listed is read from its source, if the project's environment has it. Of Python's own",
        "modules, what configurations use is called for real.",
    ]
    for group in sorted(groups, key=lambda g: (g.startswith("Other"), g)):
        names = sorted(n for n in groups[group] if not n.rpartition(".")[2].startswith("_"))
        parts += ["", f"## {group} ({len(names)})", "", " · ".join(f"`{n}`" for n in names)]
    return "\n".join(parts) + "\n"


def rules() -> str:
    """Every rule with its message."""
    rows = [
        f"| [{rule.code}](rules/{rule.code}.md) | {rule.severity} | {rule.message} |"
        for rule in sorted(RULES.values(), key=lambda rule: rule.code)
    ]
    head = ["# Rules", "", "| code | severity | message |", "|---|---|---|"]
    return "\n".join([MADE, *head, *rows]) + "\n"


load_all()
PAGES = {DOCS / "ops.md": ops, DOCS / "rules.md": rules}


def stale() -> list[Path]:
    """The pages that are not what the code says."""
    return [
        path
        for path, make in PAGES.items()
        if not path.exists() or path.read_text(encoding="utf-8") != make()
    ]
