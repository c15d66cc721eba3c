"""Runs what was analysed with the user's torch, and compares the sizes of every line."""

from __future__ import annotations

import ast
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from conv_lsp.analysis import Analysis, Context
from conv_lsp.dims import Dim, evaluate, symbols
from conv_lsp.document import expression
from conv_lsp.interp.frames import Function
from conv_lsp.project import module_name_of
from conv_lsp.values import Class, Module, Tensor
from conv_lsp.witness.interpreter import Interpreter, short
from conv_lsp.witness.process import PROGRAMS

SECONDS: Final = 120.0
"""The time that the user's code gets."""
GRACE: Final = 20.0
"""Seconds after that for the process to tell what it has seen."""
BATCH: Final = 2
SIDES: Final = (224, 64, 32, 28, 256, 512)
"""Numbers tried for the symbols of an input, one after the other."""

Place = tuple[int, int, int, int]


class Unverified(Exception):
    """Nothing could be run; the message says why."""


@dataclass(frozen=True, slots=True)
class Request:
    """What to run: the file as a script, or an expression with inputs; with neither, the script and
    then what it does not reach: classes and functions that give a network without arguments, on
    sizes of ours.
    """

    run: str = ""
    inputs: tuple[tuple[int | str, ...], ...] = ()
    main: bool = False
    train: bool = False
    seconds: float = SECONDS


@dataclass(frozen=True, slots=True)
class Difference:
    """A place where torch has seen other shapes than the facts have."""

    place: Place
    said: list[Any]
    seen: list[Any]


@dataclass(slots=True)
class Verdict:
    """What came of it. Lines count from 1.

    agreed: lines all of whose tensors are as the facts have them. partly: those with sizes that the
    facts do not know. unknown: lines of which the facts do not know the tensors, and why, if that
    is told. unreached: lines with facts that did not run.
    """

    torch: str
    device: str
    agreed: list[int] = field(default_factory=list)
    partly: list[int] = field(default_factory=list)
    unknown: dict[int, str] = field(default_factory=dict)
    unreached: list[int] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    positions: int = 0
    raised: str = ""
    line: int = 0

    @property
    def witness(self) -> str:
        return f"torch {short(self.torch)}" if self.torch else "torch"


def verify(
    analysis: Analysis,
    interpreter: Interpreter,
    request: Request,
    folder: str | None = None,
    on_start: Callable[[subprocess.Popen[bytes]], None] = lambda _: None,
) -> Verdict:
    """Run and compare. Executes the user's code. Raises Unverified.

    on_start: is told of every process, so that it can be ended.

    An expression runs on the meta device, where tensors have no numbers, and if that fails on the
    CPU; a script runs on the CPU.
    """
    calls, sizes = calls_of(analysis, request)
    device = "meta" if request.run else "cpu"
    row = traced(analysis, interpreter, request, calls, device, folder, on_start)
    if device == "meta" and (row["raised"] or not row["seen"]):
        device = "cpu"
        row = traced(analysis, interpreter, request, calls, device, folder, on_start)
    if row["raised"] and not row["seen"]:
        raise Unverified(f"the code ended before any tensor was made, with {row['raised']}")
    if not row["seen"]:
        raise Unverified("it ran and made no tensor")
    return compared(analysis, row, device, tried(sizes, row["chosen"]) or [{}])


# -- what to run ------------------------------------------------------------------------------


def calls_of(
    analysis: Analysis, request: Request
) -> tuple[list[dict[str, Any]], list[list[dict[str, int]]]]:
    """The expressions to evaluate with alternatives of their inputs; what their symbols are there."""
    if request.main:
        return [], []
    if request.run and request.inputs:
        names = [d for shape in request.inputs for d in shape if isinstance(d, str)]
        choices = numbers(names)
        shapes = [[[c.get(str(d), d) for d in shape] for shape in request.inputs] for c in choices]
        return [{"run": request.run, "inputs": shapes}], [choices]
    calls: list[dict[str, Any]] = []
    sizes: list[list[dict[str, int]]] = []
    for _, root, context in analysis.roots:
        run = request.run or alone(root, context)
        if not run or any(call["run"] == run for call in calls):
            continue
        inputs = inputs_of(context)
        if inputs is None:
            continue
        names = sorted({n for shape in inputs for d in shape for n in symbols(d)})
        choices = numbers(names)
        shapes = [[[evaluate(d, c) for d in shape] for shape in inputs] for c in choices]
        # A function that calls its network itself is only evaluated.
        calls.append({"run": run, "inputs": shapes if request.run or ours(context) else []})
        sizes.append(choices)
        if request.run:
            break
    if request.run and not calls:
        return [{"run": request.run, "inputs": []}], [[]]  # nothing is known of what it takes
    return calls, sizes


def tried(sizes: Sequence[list[dict[str, int]]], chosen: Sequence[int]) -> list[dict[str, int]]:
    """What the symbols were wherever a call ran: those of alternatives that failed ran up to there."""
    found: list[dict[str, int]] = []
    for number, choices in enumerate(sizes[: len(chosen) + 1]):
        found += choices[: chosen[number] + 1] if number < len(chosen) else choices
    return found


def numbers(names: Sequence[str]) -> list[dict[str, int]]:
    """Numbers for symbols: a batch of two, and sides of several sizes."""
    if not names:
        return [{}]
    return [{n: BATCH if n in ("N", "B", "b") else side for n in names} for side in SIDES]


def alone(root: Module, context: Context) -> str:
    """The expression for a network that the script does not make; empty where there is none."""
    if not context.run.invented:
        return ""
    if context.run.label.endswith("()"):  # a function that needs no arguments
        return context.run.label
    return f"{context.run.label}()" if constructible(root, context) else ""


def ours(context: Context) -> bool:
    """Whether a network is called by us, at its definition, and not by the code."""
    return context.use is None or isinstance(
        context.use.site.node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    )


def constructible(root: Module, context: Context) -> bool:
    """Whether a class can be constructed without arguments, by its name."""
    kind = root.kind
    if not isinstance(kind, Class) or kind.name != context.run.label:
        return False
    init = kind.find("__init__")
    if not isinstance(init, Function):
        return True
    given = init.node.args
    required = len(given.posonlyargs) + len(given.args) - len(given.defaults)
    return required <= 1 and None not in given.kw_defaults


def inputs_of(context: Context) -> list[tuple[Dim, ...]] | None:
    """The shapes that a network is called on; None where they are not known."""
    use = context.use
    given = [] if use is None else [v for v in use.inputs if not isinstance(v, Module)]
    if not all(isinstance(v, Tensor) and v.known for v in given):
        return None
    return [tuple(v.sizes) for v in given]


# -- running it -------------------------------------------------------------------------------


def traced(
    analysis: Analysis,
    interpreter: Interpreter,
    request: Request,
    calls: list[dict[str, Any]],
    device: str,
    folder: str | None,
    on_start: Callable[[subprocess.Popen[bytes]], None],
) -> dict[str, Any]:
    """What the process has seen. Raises Unverified."""
    row = json.dumps(question(analysis, request, calls, device)).encode()
    command = [interpreter.python, str(PROGRAMS / "tracing.py")]
    with tempfile.TemporaryFile() as errors:
        try:
            process = subprocess.Popen(  # noqa: S603  it was asked for in so many words
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                cwd=folder,
                env={**os.environ, "MPLBACKEND": "Agg"},
                start_new_session=True,
            )
        except OSError as error:
            raise Unverified(f"{interpreter.python} cannot be run: {error.strerror}") from None
        on_start(process)
        try:
            out, _ = process.communicate(row, request.seconds + GRACE)
        except subprocess.TimeoutExpired:
            kill(process)
            raise Unverified(f"the code has not ended after {request.seconds:g} s") from None
        except BaseException:
            kill(process)
            raise
        errors.seek(max(0, errors.tell() - 2000))
        last = errors.read().decode("utf-8", "replace").strip().splitlines()
    return answered(out, last[-1] if last else f"exit code {process.returncode}")


def question(
    analysis: Analysis, request: Request, calls: list[dict[str, Any]], device: str
) -> dict[str, Any]:
    """What the process needs to know."""
    path = os.path.abspath(analysis.path)
    name = module_name_of(path)
    root = path
    for _ in name.split("."):
        root = os.path.dirname(root)
    if os.path.basename(path) == "__init__.py":
        root = os.path.dirname(root)
    return {
        "path": path,
        "text": analysis.source.text,
        "name": name,
        "root": os.path.dirname(path) if request.main else root,
        "main": not request.run,
        "calls": calls,
        "train": request.train,
        "device": device,
        "seconds": request.seconds,
    }


def answered(out: bytes, last: str) -> dict[str, Any]:
    """The last line that the process has written. Raises Unverified, with its last complaint."""
    try:
        answer = json.loads(out.splitlines()[-1])
    except (ValueError, IndexError):
        raise Unverified(f"the process gave no answer: {last}") from None
    if not isinstance(answer, dict) or not answer.get("torch"):
        raise Unverified(f"torch was not imported: {answer.get('raised') or 'no reason is given'}")
    return answer


def kill(process: subprocess.Popen[bytes]) -> None:
    """End a process and what it has started."""
    if sys.platform == "win32":
        process.kill()
    elif process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=5)


# -- comparing --------------------------------------------------------------------------------


def compared(
    analysis: Analysis, row: Mapping[str, Any], device: str, sizes: list[dict[str, int]]
) -> Verdict:
    """Facts against what was seen, by place and then by line."""
    verdict = Verdict(row["torch"], device, raised=row["raised"], line=row["line"])
    facts = {place: shapes for place, shapes in shown(analysis) if shapes}
    states: dict[int, set[str]] = {}
    reached: set[int] = set()
    for number, seen in row["seen"]:
        place: Place = tuple(row["places"][number])
        verdict.positions += 1
        reached.add(place[0])
        said = facts.get(place)
        state = "unknown" if said is None else judged(said, seen, sizes)
        states.setdefault(place[0], set()).add(state)
        if state == "differs" and said is not None:
            verdict.differences.append(Difference(place, said, seen))
    why = {span.line: text for span, text in analysis.unknown if span.path == analysis.path}
    for line, found in sorted(states.items()):
        if "differs" in found:
            continue
        if "unknown" in found:
            verdict.unknown[line] = why.get(line, "")
        elif "partly" in found:
            verdict.partly.append(line)
        else:
            verdict.agreed.append(line)
    verdict.unreached = sorted({p[0] for p in facts} - reached)
    verdict.differences.sort(key=lambda d: d.place)
    return verdict


def shown(analysis: Analysis) -> Iterator[tuple[Place, list[Any]]]:
    """The facts of the analysed file: places and their shapes."""
    for fact in analysis.facts.get(analysis.path, {}).values():
        if fact.current:
            r = expression(fact, building=analysis.script)
            yield (r["line"], r["col"], r["end_line"], r["end_col"]), r["shapes"]


def judged(said: list[Any], seen: list[Any], sizes: list[dict[str, int]]) -> str:
    """Whether all shapes that were seen are among those that are said, for sizes that ran."""
    states = [
        max((fits(one, shape, names) for one in said for names in sizes), default=0)
        for shape in seen
    ]
    return ("differs", "partly", "agrees")[min(states, default=2)]


def fits(said: Any, seen: Any, names: Mapping[str, int]) -> int:
    """2 where a shape is the one that is said, 1 where it may be, 0 where it is not."""
    if isinstance(seen, list):
        if said is None:
            return 1  # a part of which the facts tell nothing
        if not isinstance(said, list) or len(said) != len(seen):
            return 0
        return min((fits(a, b, names) for a, b in zip(said, seen, strict=True)), default=2)
    if isinstance(said, str) and isinstance(seen, int):
        number = worked_out(said, names)
        return 1 if number is None else 2 if number == seen else 0
    return 2 if said == seen else 0


def worked_out(text: str, names: Mapping[str, int]) -> int | None:
    """The number that a size is; None if some symbol has none."""
    try:
        return number_of(ast.parse(text, mode="eval").body, names)
    except (SyntaxError, ValueError, KeyError, ArithmeticError, RecursionError):
        return None


OPERATORS: Final[dict[type, Callable[[int, int], int]]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.FloorDiv: lambda a, b: a // b,
    ast.Mod: lambda a, b: a % b,
}


def number_of(node: ast.AST, names: Mapping[str, int]) -> int:
    """The number of a size's syntax."""
    match node:
        case ast.Constant(value=int(number)):
            return number
        case ast.Name(id=name):
            return names[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -number_of(operand, names)
        case ast.BinOp(left=a, op=operator, right=b) if type(operator) in OPERATORS:
            return OPERATORS[type(operator)](number_of(a, names), number_of(b, names))
        case ast.BinOp(left=a, op=ast.Pow(), right=ast.Constant(value=int(power))) if power < 64:
            return int(number_of(a, names) ** power)
        case ast.Call(func=ast.Name(id="min" | "max" as which), args=args):
            return (min if which == "min" else max)(number_of(a, names) for a in args)
    raise ValueError(ast.dump(node))


# -- in words ---------------------------------------------------------------------------------


def told(verdict: Verdict, path: str, wrong: Sequence[tuple[int, str]] = ()) -> Iterator[str]:
    """The report. wrong: what comments say and is not so, by line."""
    seen = len(verdict.agreed) + len(verdict.partly) + len(verdict.unknown)
    lines = seen + len({d.place[0] for d in verdict.differences})
    yield f"{verdict.witness} on {verdict.device}: {verdict.positions} tensors on {lines} line{'s' * (lines != 1)}"
    yield f"  {counted(verdict.agreed)} agree{'s' * (len(verdict.agreed) == 1)}"
    if verdict.partly:
        yield f"  {len(verdict.partly)} agree as far as their sizes are known: {runs(verdict.partly)}"
    if verdict.unreached:
        yield f"  {counted(verdict.unreached)} did not run: {runs(verdict.unreached)}"
    yield f"  {len(verdict.unknown)} {'is' if len(verdict.unknown) == 1 else 'are'} not known" + (
        f": {runs(sorted(verdict.unknown))}" if verdict.unknown else ""
    )
    for line, why in verdict.unknown.items():
        if why:
            yield f"    {path}:{line}: {why}"
    differing = sorted({d.place[0] for d in verdict.differences})
    yield f"  {len(differing)} differ{'s' * (len(differing) == 1)}" + (
        f": {runs(differing)}" if differing else ""
    )
    for one in verdict.differences:
        said, seen_ = (" or ".join(map(shape_words, s)) for s in (one.said, one.seen))
        yield f"    {path}:{one.place[0]}:{one.place[1] + 1}: {said} is shown, {seen_} is what torch gives"
    for line, message in wrong:
        good = "torch agrees with the facts there" if line in verdict.agreed else "not verified"
        yield f"  {path}:{line}: {message} ({good})"
    if verdict.raised:
        at = f"{path}:{verdict.line}: " if verdict.line else ""
        yield f"  {at}the run ended with {verdict.raised}"


def shape_words(shape: Any) -> str:
    """(2, 3), and [(2, 3), ·] of a container."""
    if not isinstance(shape, list):
        return "·"
    if all(isinstance(d, (int, str)) for d in shape):
        return f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"
    return f"[{', '.join(map(shape_words, shape))}]"


def counted(lines: Sequence[int]) -> str:
    """1 line, 2 lines."""
    return f"{len(lines)} line{'s' * (len(lines) != 1)}"


def runs(lines: Sequence[int]) -> str:
    """3, 5-8, 11"""
    found: list[list[int]] = []
    for line in lines:
        if found and line == found[-1][1] + 1:
            found[-1][1] = line
        else:
            found.append([line, line])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in found)
