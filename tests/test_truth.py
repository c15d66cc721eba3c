"""CPU torch runs every case, and confirms what its comments claim."""

from __future__ import annotations

import ast
import contextlib
import io
import itertools
import shutil
import sys
import traceback
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from conv_lsp.findings import RULES
from tests import dependence, test_cases
from tests.harness import CASES, Case, Claim, Run, cases
from tests.harness import name as name_of

torch = dependence.torch
torch.set_num_threads(1)

SIZES = (
    {"N": 2, "H": 32, "W": 40, "L": 24, "D": 8},
    {"N": 3, "H": 33, "W": 47, "L": 29, "D": 9},
)
"""What stands for symbols, unless a case says otherwise."""


class Anything:
    """A size that is not claimed."""

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]


class Recorded(ast.NodeTransformer):
    """Has every value that a claim speaks of pass through `__claim__`."""

    def __init__(self, case: Case) -> None:
        self.lines = {case.subject(claim.line): claim.line for claim in case.claims}

    def visit(self, node: ast.AST) -> Any:
        line = self.lines.get(node)  # type: ignore[call-overload]
        super().generic_visit(node)
        if isinstance(node, (ast.AugAssign, ast.For)) and node.target in self.lines:
            read = ast.parse(ast.unparse(node.target), mode="eval").body
            record = ast.Expr(_claimed(self.lines[node.target], read))
            if isinstance(node, ast.For):
                node.body.insert(0, record)
                return node
            return [node, record]
        if line is None or not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
            return node
        return ast.copy_location(_claimed(line, node), node)  # type: ignore[arg-type]


def _claimed(line: int, value: ast.expr) -> ast.Call:
    return ast.Call(ast.Name("__claim__", ast.Load()), [ast.Constant(line), value], [])


def tensors(value: Any) -> list[Any]:
    if isinstance(value, torch.Tensor):
        return [value]
    parts = value.values() if isinstance(value, dict) else value
    return [t for p in parts for t in tensors(p)] if isinstance(value, (tuple, list, dict)) else []


class Execution:
    """What a run did: distinct values by line in order of execution, and what it raised where."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.values: dict[int, dict[Any, tuple[Any, list[Any]]]] = {}
        """By line, by shapes: the value, and the inputs of its run."""
        self.inputs: list[Any] = []
        self.raised: list[tuple[int, BaseException]] = []
        # A tree of its own: the transformer writes into it.
        own = Case(case.path)
        tree = ast.fix_missing_locations(Recorded(own).visit(own.tree))
        self.code = compile(tree, str(case.path), "exec")

    def claim(self, line: int, value: Any) -> Any:
        shapes = tuple(tuple(t.shape) for t in tensors(value))
        if shapes:
            self.values.setdefault(line, {}).setdefault(shapes, (value, self.inputs))
        return value

    def run(self, run: Run | None, inputs: list[Any]) -> None:
        module = types.ModuleType("__main__" if run is None else "case")
        space = module.__dict__
        space["__claim__"] = self.claim
        torch.manual_seed(0)
        self.inputs = inputs
        try:
            with surroundings(self.case.path.parent, module):
                exec(self.code, space)
                value = eval(run.expression, space) if run is not None else None
                if isinstance(value, torch.nn.Module):
                    value.eval()
                if value is not None and inputs:
                    value(*inputs)
        except Exception as error:
            places = [
                f.lineno
                for f in traceback.extract_tb(error.__traceback__)
                if f.filename == str(self.case.path)
            ]
            self.raised.append((places[-1] or 0 if places else 0, error))


@contextlib.contextmanager
def surroundings(folder: Path, module: types.ModuleType) -> Iterator[None]:
    """As when the file is run by itself: siblings importable, no arguments, nothing printed."""
    before, argv, path = dict(sys.modules), sys.argv, sys.path
    sys.argv, sys.path = ["script"], [str(folder), *path]
    sys.modules[module.__name__] = module
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            yield
    finally:
        sys.argv, sys.path = argv, path
        for name in [n for n in sys.modules if n not in before]:
            if str(getattr(sys.modules[name], "__file__", None) or "").startswith(str(folder)):
                del sys.modules[name]
        sys.modules.pop(module.__name__)
        sys.modules.update({k: v for k, v in before.items() if k == module.__name__})


def numbers(run: Run, sizes: dict[str, int]) -> list[list[int]]:
    """The shapes of a run's inputs."""
    return [[d if isinstance(d, int) else sizes[d] for d in shape] for shape in run.inputs]


def executions(case: Case) -> Iterator[tuple[dict[str, int], Execution]]:
    """The case on each set of sizes."""
    symbolic = any(isinstance(d, str) for run in case.runs for s in run.inputs for d in s)
    for sizes in case.sizes or (SIZES if symbolic else SIZES[:1]):
        execution = Execution(case)
        for run in case.runs:
            execution.run(run, [torch.randn(shape) for shape in numbers(run, sizes)])
        if not case.runs:
            execution.run(None, [])
        yield sizes, execution


def problems(case: Case) -> list[str]:
    """Where torch and the claims differ."""
    return [p for sizes, run in executions(case) for p in (*errors(run), *shapes(run, sizes))]


def statement(case: Case, line: int) -> range:
    """The lines of the innermost statement at a line; of a compound one, its head."""
    found = range(line, line + 1)
    for node in ast.walk(case.tree):
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or 0):
            body = getattr(node, "body", None)
            end = body[0].lineno if body else (node.end_lineno or 0) + 1
            found = range(node.lineno, max(end, line + 1))
    return found


def errors(run: Execution) -> Iterator[str]:
    """Raised and not claimed, or the other way round."""
    claimed = [c for c in run.case.complaints if c.severity == "error"]
    for line, error in run.raised:
        here = [c for c in claimed if c.line in statement(run.case, line)]
        if not here:
            yield f"{line}: torch raises {error!r}"
        for claim in here:
            claimed.remove(claim)
            if RULES[claim.code].raises not in {k.__name__ for k in type(error).__mro__}:
                yield f"{line}: {claim.code} raises {error!r}"
    yield from (f"{claim.line}: torch does not raise: {claim.code}" for claim in claimed)


def shapes(run: Execution, sizes: dict[str, int]) -> Iterator[str]:
    """Claimed shapes that are not torch's."""
    names = {"min": min, "max": max, "_": Anything(), **sizes}
    for claim in run.case.claims:
        found = list(run.values.get(claim.line, ()))
        if claim.shapes is None:
            continue
        if not found:
            if not claim.maybe and not run.raised:
                yield f"{claim.line}: does not run"
            continue
        wanted = [eval(text, dict(names)) for text in claim.shapes]
        wanted = [w if w and isinstance(w[0], tuple) else (w,) for w in wanted]
        if distinct(wanted) != found:
            yield f"{claim.line}: {claim.shapes} of {sizes}: {found}"


def distinct(values: list[Any]) -> list[Any]:
    """Without repetitions: with numbers for symbols, shapes may be the same."""
    return [v for i, v in enumerate(values) if v not in values[:i]]


def fields(case: Case) -> list[str]:
    """Claimed receptive fields that are not what the values depend on."""
    execution = Execution(case)
    sizes = (case.sizes or SIZES)[0]
    torch.set_default_dtype(torch.float64)
    try:
        for run in case.runs:
            inputs = dependence.sources(numbers(run, sizes))
            with dependence.Dependence():
                execution.run(run, inputs)
    finally:
        torch.set_default_dtype(torch.float32)
    claims = [c for c in case.claims if c.fields is not None and not c.why_unjudged]
    return [problem for c in claims for problem in differing(c, execution.values.get(c.line, {}))]


def differing(claim: Claim, values: dict[Any, tuple[Any, list[Any]]]) -> Iterator[str]:
    for text, found in itertools.zip_longest(claim.fields or [], values.values()):
        value, inputs = found or (None, [])
        measured = [a for t in tensors(value) for s in inputs for a in dependence.measured(t, s)]
        if text not in ("x".join(measured), *set(measured[: len(set(measured)) == 1])):
            yield f"{claim.line}: field {text}: {measured}"


def judged(path: Path) -> Case:
    case = Case(path)
    if case.unjudged:
        pytest.skip(case.unjudged)
    if "einops" in case.text:
        pytest.importorskip("einops")
    return case


@pytest.mark.parametrize("path", cases(), ids=name_of)
def test_torch_confirms_every_claim(path: Path) -> None:
    assert not problems(judged(path))


@pytest.mark.parametrize(
    "path", [p for p in cases() if "field:" in p.read_text("utf-8")], ids=name_of
)
def test_gradients_confirm_receptive_fields(path: Path) -> None:
    assert not fields(judged(path))


# -- the tests themselves -----------------------------------------------------------------------

STEM = CASES / "layers" / "stem.py"
LIES = {
    "shape": ("(2, 64, 16, 20)", "(2, 64, 16, 21)", (test_cases.problems, problems)),
    "field": ("field: 11x11", "field: 11x10", (test_cases.problems, fields)),
    "an error too many": (
        "x = F.max_pool2d(x, 3, 2, padding=1)  #",
        'x = F.max_pool2d(x, 3, 2, padding=1)  # error: pool-padding "padding"',
        (test_cases.problems, problems),
    ),
    "an error too few": (
        '  # error: conv-channels "64 channels; the layer takes 3"',
        "",
        (test_cases.problems, problems),
    ),
    "its words": ("64 channels", "63 channels", (test_cases.problems,)),
    "its rule": ("conv-channels", "input-rank", (test_cases.problems, problems)),
    "not unknown": ("# shape: (2, 64, 32, 40)", '# unknown: "stem"', (test_cases.problems,)),
}


@pytest.mark.parametrize(("true", "false", "tests"), LIES.values(), ids=LIES)
def test_a_false_claim_fails(
    true: str, false: str, tests: tuple[Callable[[Case], list[str]], ...], tmp_path: Path
) -> None:
    copy = Path(shutil.copy(STEM, tmp_path))
    assert copy.read_text("utf-8").count(true) == 1
    copy.write_text(STEM.read_text("utf-8").replace(true, false), "utf-8")
    for test in tests:
        assert test(Case(copy)), test
