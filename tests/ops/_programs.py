"""Expressions run as they stand, by the engine and by torch."""

from __future__ import annotations

import warnings
from functools import cache
from pathlib import Path
from typing import Any

from conv_lsp.analysis import Options, analyze, with_deep_stack
from conv_lsp.config import Settings
from conv_lsp.project import Project
from conv_lsp.source import Source
from conv_lsp.values import MISSING
from tests import judge

IMPORTS = """\
import torch, numpy, einops
import numpy as np
import torch.nn as nn
import torch.nn.functional as F
"""
PLACE = Path("program.py").absolute()


@cache
def ran(text: str) -> bool:
    """Whether torch gave a result and not an error; fails where the engine says otherwise."""
    __tracebackhide__ = True
    *before, last = text.split("\n")
    program = IMPORTS + "\n".join([*before, f"result = {last}"]) + "\n"
    mine, complaints = analysed(program)
    real = executed(program)
    refused = isinstance(real, str) and real == "error"
    said = f"{text}\n  ours   {mine} {complaints}\n  judge  {judge.shown(real)}"
    assert bool(complaints) == refused, said
    assert refused or judge.same(mine, real), said
    return not refused


def analysed(program: str) -> tuple[Any, list[str]]:
    """The tensors of the last statement, and the errors reported."""
    project = Project(PLACE.parent, Settings())
    source = Source.parse(str(PLACE), program)
    analysis = with_deep_stack(lambda: analyze(source, project, Options(main=True)))
    complaints = [f.message for f in analysis.findings if f.rule.severity == "error"]
    line = len(program.splitlines())
    found: Any = MISSING
    for span, fact in analysis.facts.get(str(PLACE), {}).items():
        if (span.line, span.col) == (line, 0):
            found = fact.running[-1].value
    return found, complaints


def executed(program: str) -> Any:
    names: dict[str, Any] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        judge.torchs(exec, (compile(program, "program", "exec"), names), {})
    return names.get("result", "error")
