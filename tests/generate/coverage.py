"""How much of what real models call is in the tables."""

from __future__ import annotations

import json
from pathlib import Path

from conv_lsp.library import registry
from conv_lsp.values import MISSING

ROWS = Path(__file__).with_name("frequency.json")
"""Calls in 600 model files of 90 repositories and in 16 packages: name, user, library, library CNN."""
COLUMNS = ("user code", "libraries", "their CNNs")
GOALS = (99, 99, 98)
OPERATORS = {
    "+": "add",
    "-": "sub",
    "*": "mul",
    "/": "truediv",
    "//": "floordiv",
    "%": "mod",
    "**": "pow",
    "@": "matmul",
    "&": "and_",
    "|": "or_",
    "^": "xor",
    "<<": "lshift",
    ">>": "rshift",
    "-/~": "neg",
    "tensor": "lt",
    "on": "getitem",
}
PLACES = {
    "nn.": "torch.nn.",
    "F.": "torch.nn.functional.",
    "init.": "torch.nn.init.",
    "einops.Rearrange": "einops.layers.torch.Rearrange",
    "einops.Reduce": "einops.layers.torch.Reduce",
    "einops.EinMix": "einops.layers.torch.EinMix",
}
READ = ("timm.* call", "torchvision.* call")
"""Packages that are read from their source."""


def is_known(name: str) -> bool:
    """Whether the tables have what the survey counted under this name."""
    name = name.removesuffix(" (as value)")
    if name == "tensor[...] index":
        return "operator.getitem" in registry.OPS
    if name.endswith("on tensor"):
        return f"operator.{OPERATORS.get(name.split()[1], 'lt')}" in registry.OPS
    if name.startswith("Tensor."):
        return registry.METHODS.get(name[7:]) is not None or name[7:] in registry.ATTRIBUTES
    for short, place in PLACES.items():
        if name.startswith(short):
            name = place + name.removeprefix(short)
            break
    path = name.removesuffix(".__init__")
    return registry.find(path) is not MISSING or path in registry.packages()


def coverage() -> str:
    """The table of calls, and what is missing."""
    rows = json.loads(ROWS.read_text("utf-8"))
    lines = [
        "## How much of real code that is",
        "",
        "Calls on tensors, layers and configurations in 600 model files of 90 repositories, and in 16 packages.",
        "",
        "| | calls | in these tables | read from source | neither |",
        "|---|---|---|---|---|",
    ]
    for column, words in enumerate(COLUMNS, 1):
        total = sum(row[column] for row in rows)
        read = sum(row[column] for row in rows if row[0] in READ)
        known = sum(row[column] for row in rows if row[0] not in READ and is_known(row[0]))
        rest = total - read - known
        parts = [f"{100 * part / total:.2f} %" for part in (known, read, rest)]
        lines.append(f"| {words} | {total:,} | {' | '.join(parts)} |")
    lacking = [row for row in rows if row[0] not in READ and not is_known(row[0])]
    lacking.sort(key=lambda row: -row[1] - row[2])
    names = ", ".join(f"`{row[0]}` ({row[1] + row[2]})" for row in lacking)
    return "\n".join([*lines, "", f"Not known, with the number of calls: {names}.", ""])
