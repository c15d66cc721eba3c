"""The command line: show, check, facts, verify, explain, server.

Exit codes: 0 done, 1 `check` found errors or `verify` differences, 2 the command could not be carried out.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import io
import json
import os
import re
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from conv_lsp import __version__
from conv_lsp.config import load, unknown_rules

if TYPE_CHECKING:
    from conv_lsp.analysis import Analysis
    from conv_lsp.findings import Finding
    from conv_lsp.project import Project
    from conv_lsp.source import Cells, Source

STEPS = 20_000_000
"""The command line has more time than an editor."""

INTERRUPTED = 130
"""As shells report a program that was stopped from the keyboard."""

ROUNDS = 6
"""How often a file is fixed, at most."""

FIXED = "fixed"

NAMED = 8
"""Names that a message lists."""


class Problem(Exception):
    """The command cannot be carried out; the message names the place and what is accepted."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; its exit code."""
    args = parser().parse_args(argv)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal may lack a character of a hint
            stream.reconfigure(errors="replace")
    try:
        code: int = args.command(args)
        sys.stdout.flush()
    except Problem as problem:
        print(f"conv-lsp: {problem}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader has seen enough, as in `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return INTERRUPTED
    return code


def parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    top = argparse.ArgumentParser(
        prog="conv-lsp",
        description="Sizes and receptive fields of PyTorch models, read from the code as it stands.",
    )
    top.add_argument("--version", action="version", version=f"conv-lsp {__version__}")
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    shown = analysing(commands, "show", "print a file with its sizes", show)
    shown.add_argument("file", metavar="FILE", help="a Python file or a notebook")
    shown.add_argument(
        "--receptive-field", action="store_true", help="print how the receptive field grows instead"
    )
    shown.add_argument(
        "--contract", action="store_true", help="print what sizes the networks take instead"
    )
    checked = analysing(
        commands, "check", "report shape errors; exit code 1 if there are any", check
    )
    checked.add_argument(
        "paths", metavar="PATH", nargs="+", help="Python files, notebooks, and directories of them"
    )
    checked.add_argument(
        "--format", choices=("text", "json"), default="text", help="of what is printed; text"
    )
    checked.add_argument(
        "--fix", action="store_true", help="change the files first where one fix is clearly meant"
    )
    stated = analysing(commands, "facts", "print everything that is known as JSON", facts)
    stated.add_argument("file", metavar="FILE", nargs="?", help="a Python file or a notebook")
    stated.add_argument(
        "--unknown", metavar="PATH", nargs="+", help="count instead what is not known, and why"
    )
    verified = analysing(
        commands, "verify", "RUN a file with your torch, and compare every tensor line", verify
    )
    verified.add_argument("file", metavar="FILE", help="a Python file")
    verified.add_argument(
        "--timeout",
        type=seconds,
        default=120.0,
        metavar="SECONDS",
        help="how long the code may run; 120 if left out",
    )
    explained = commands.add_parser("explain", help="print the page of a rule")
    explained.add_argument(
        "code", metavar="CODE", nargs="?", help="such as linear-features; without it, all rules"
    )
    explained.set_defaults(command=explain)
    served = commands.add_parser(
        "server", help="run the language server on standard input and output"
    )
    served.add_argument(
        "--tcp", metavar="HOST:PORT", help="listen there instead; HOST is 127.0.0.1 if left out"
    )
    served.add_argument(
        "--stdio",
        action="store_true",
        help="standard input and output, which is what it does anyway",
    )
    served.set_defaults(command=server)
    return top


def analysing(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, text: str, run: object
) -> argparse.ArgumentParser:
    """A command that analyses files, with the options that all of those have."""
    made: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
    made.set_defaults(command=run)
    entry = made.add_mutually_exclusive_group()
    entry.add_argument(
        "--run",
        metavar="EXPR",
        help="an expression in the file's namespace, and nothing else: 'resnet18()'",
    )
    entry.add_argument("--main", action="store_true", help="the file as a script, and nothing else")
    made.add_argument(
        "--input",
        metavar="SHAPE",
        action="append",
        default=[],
        help="a shape for each argument of what --run gives: '(2, 3, 224, 224)'; names are symbols",
    )
    made.add_argument("--train", action="store_true", help="keep --run in training mode")
    made.add_argument(
        "--python",
        metavar="PATH",
        help="an interpreter whose installed packages are read; only verify runs it",
    )
    return made


def seconds(text: str) -> float:
    """A time that something can run. Raises ValueError, as argparse expects."""
    number = float(text)
    if not 0 < number < threading.TIMEOUT_MAX:
        raise ValueError(text)
    return number


# -- analysing --------------------------------------------------------------------------------


class Analyser:
    """Analyses files as the options of a command say; the files of one root share a project.

    Raises Problem where the options cannot be followed.
    """

    def __init__(self, args: argparse.Namespace) -> None:
        from conv_lsp.analysis import Options
        from conv_lsp.source import ShapeTextError, parse_shape

        for option, given in (("--input", args.input), ("--train", args.train)):
            if given and not args.run:
                raise Problem(f"{option} goes with --run, which says what is called")
        try:
            shapes = tuple(parse_shape(text) for text in args.input)
        except ShapeTextError as error:
            raise Problem(f"--input: {error}") from None
        run = (expression(args.run),) if args.run else ()
        if args.python and not Path(args.python).exists():
            raise Problem(f"--python: there is no interpreter at {args.python}")
        self.python: str | None = args.python and os.path.abspath(args.python)
        self.options = Options(run, shapes, args.main, args.train, STEPS)
        self.projects: dict[Path, Project] = {}

    def project(self, path: Path) -> Project:
        """The project that a file belongs to. What is wrong with its settings is said once."""
        from conv_lsp.findings import RULES
        from conv_lsp.project import Outlines, Project

        above = Path(os.path.realpath(path)).parents  # links may lead in a circle
        root = next((p for p in above if (p / "pyproject.toml").is_file()), above[0])
        if root not in self.projects:
            settings, problems = load(root / "pyproject.toml")
            problems += unknown_rules(settings, RULES)
            if self.python:
                settings = replace(settings, python=self.python)
            project = self.projects[root] = Project(root, settings, Outlines.of_user())
            if self.python and project.problems:
                raise Problem(f"--{project.problems[0]}; it takes the path of an interpreter")
            for problem in problems + project.problems:
                print(f"conv-lsp: {root}: {problem}", file=sys.stderr)
        return self.projects[root]

    def refused(self, file: str) -> str:
        """Why a file cannot be read; empty if it can."""
        from conv_lsp.project import Unreadable

        path = Path(file)
        if path.is_dir():
            return "this is a directory; name one file"
        loaded = self.project(path).load(path)
        return loaded.why if isinstance(loaded, Unreadable) else ""

    def source(self, file: str) -> Source:
        """The text of a file; of one that cannot be read, why."""
        return self.project(Path(file)).source(file)

    def readable(self, file: str) -> Source:
        """The text of a file. Raises Problem if it cannot be read."""
        refused = self.refused(file)
        if refused:
            raise Problem(f"{file}: {refused}")
        return self.source(file)

    def analyze(self, source: Source, *, everywhere: bool = False) -> Analysis:
        """Analyse a file; its findings are at the levels that the settings give them."""
        from conv_lsp.advice import advise
        from conv_lsp.analysis import analyze, with_deep_stack
        from conv_lsp.comments import comment_findings
        from conv_lsp.findings import leveled
        from conv_lsp.project import module_name_of, package_of

        project = self.project(Path(source.path))

        def work() -> Analysis:
            return analyze(
                source,
                project,
                self.options,
                name=module_name_of(source.path),
                package=package_of(source.path),
                everywhere=everywhere,
            )

        analysis: Analysis = with_deep_stack(work)
        for run in analysis.runs:
            if run.unresolved:
                raise Problem(
                    f"{source.path}: --run {run.label!r}: {run.unresolved}; {defined(source)}"
                )
        levels = project.settings.rules
        advice = with_deep_stack(lambda: advise(analysis, levels))
        told = comment_findings(analysis, source)
        analysis.findings = (*leveled((*analysis.findings, *told), levels), *advice)
        return analysis


def expression(text: str) -> str:
    """The text of --run, which must be an expression."""
    try:
        ast.parse(text.strip(), "--run", "eval")
    except SyntaxError as error:
        why = error.msg
    except (ValueError, RecursionError, MemoryError):
        why = "it holds a null byte or is nested too deeply"
    else:
        return text
    raise Problem(f"--run {text!r} is no expression: {why}; write for example 'Net(10)'")


def defined(source: Source) -> str:
    """The classes and functions that --run can name, in words."""
    kinds = (ast.ClassDef, ast.FunctionDef)
    names = [s.node.name for s in source.statements if isinstance(s.node, kinds)]
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return f"the file defines {', '.join(names[:NAMED]) or 'no class and no function'}{more}"


def python_files(paths: Sequence[str]) -> list[str]:
    """The Python files and notebooks at and below the paths. Raises Problem where there are none."""
    from conv_lsp.project import files_below
    from conv_lsp.source import NOTEBOOK_SUFFIX

    found: list[str] = []
    for path in paths:
        if os.path.isdir(path):
            inside = sorted(files_below(path, (".py", NOTEBOOK_SUFFIX)))
            if not inside:
                raise Problem(f"{path}: there is no Python file in this directory")
            found += inside
        elif os.path.exists(path):
            found.append(path)
        else:
            raise Problem(f"{path}: there is no such file or directory")
    return list(dict.fromkeys(found))


# -- commands ---------------------------------------------------------------------------------


def show(args: argparse.Namespace) -> int:
    """`conv-lsp show`."""
    from conv_lsp.terminal import growth_table, print_contracts, print_source

    analyser = Analyser(args)
    source = analyser.readable(args.file)
    analysis = analyser.analyze(source)
    if args.receptive_field:
        growth_table(analysis)
    elif args.contract:
        print_contracts(analysis)
    else:
        print_source(analysis, source, analyser.project(Path(args.file)).settings.hints)
    return 0


def check(args: argparse.Namespace) -> int:
    """`conv-lsp check`."""
    from conv_lsp.terminal import print_findings

    files = python_files(args.paths)
    if args.fix:
        fix_files(args, files)
    analyser = Analyser(args)
    found: dict[tuple[str, object], Finding] = {}
    notebooks: dict[str, Cells] = {}
    for file in files:
        # A file that cannot be read is a finding: the others are still checked.
        source = analyser.source(file)
        if source.cells is not None:
            notebooks[source.path] = source.cells
        for finding in analyser.analyze(source).findings:
            found.setdefault((finding.rule.code, finding.span), finding)
    errors = sum(f.severity == "error" for f in found.values())
    if args.format == "json":
        print(json.dumps([finding_row(f, notebooks) for f in found.values()], indent=1))
    else:
        print_findings(list(found.values()), len(files), notebooks)
    return 1 if errors else 0


def fix_files(args: argparse.Namespace, files: Sequence[str]) -> None:
    """`conv-lsp check --fix`: change files by the preferred fixes of what is found in them."""
    analyser = Analyser(args)
    for file in files:
        for turn in range(ROUNDS):  # one mistake can hide another
            done = fix_file(analyser, file)
            if done and (turn == 0 or done != FIXED):
                print(f"conv-lsp: {file}: {done}", file=sys.stderr)
            if done != FIXED:
                break


def fix_file(analyser: Analyser, file: str) -> str:
    """Apply the preferred fixes of what is found in a file now; what was done, if anything."""
    from conv_lsp.fixes import fix_all
    from conv_lsp.fixes.files import rewrite

    source = analyser.source(file)
    analysis = analyser.analyze(source)
    edits = fix_all(analysis, analysis.findings, source)
    if not edits:
        return ""
    if source.cells is not None:
        return "left as it is: notebooks are changed in editors only"
    if source.errors:
        return "left as it is: its syntax comes first"
    return FIXED if rewrite(source, edits) else "left as it is: its line ends differ"


def finding_row(finding: Finding, notebooks: Mapping[str, Cells]) -> dict[str, object]:
    """A finding as JSON; in a notebook lines count from the beginning of the cell."""
    from conv_lsp.document import place

    span = finding.span
    where: dict[str, object] = {"file": span.path, **place(span)}
    message = finding.message
    if span.path in notebooks:
        message = notebooks[span.path].told(message)
        cell, where["line"] = notebooks[span.path].place(span.line)
        _, where["end_line"] = notebooks[span.path].place(span.end_line)
        where["cell"] = cell
    return {
        **where,
        "severity": finding.severity,
        "code": finding.rule.code,
        "message": message,
    }


def facts(args: argparse.Namespace) -> int:
    """`conv-lsp facts`."""
    from conv_lsp.document import document

    if args.unknown:
        return count_unknown(args)
    if not args.file:
        raise Problem("facts takes a FILE, or --unknown with paths")
    analyser = Analyser(args)
    analysis = analyser.analyze(analyser.readable(args.file), everywhere=True)
    json.dump(document(analysis), sys.stdout)
    print()
    return 0


def count_unknown(args: argparse.Namespace) -> int:
    """`conv-lsp facts --unknown`: the causes by count."""
    from collections import Counter

    from conv_lsp.terminal import print_counts

    analyser = Analyser(args)
    causes: Counter[str] = Counter()
    for file in python_files(args.unknown):
        source = analyser.source(file)
        causes.update(problem.message for problem in source.errors)
        causes.update(why for _, why in analyser.analyze(source).unknown)
    print_counts(causes)
    return 0


def verify(args: argparse.Namespace) -> int:
    """`conv-lsp verify`: exit code 1 if something differs."""
    from conv_lsp.comments import comment_findings
    from conv_lsp.witness import interpreter_of
    from conv_lsp.witness.verifying import Request, Unverified, told
    from conv_lsp.witness.verifying import verify as run

    analyser = Analyser(args)
    source = analyser.readable(args.file)
    if source.cells is not None:
        raise Problem(f"{args.file}: a notebook is not run; name a Python file")
    interpreter = interpreter_of(analyser.project(Path(args.file)).environment)
    if isinstance(interpreter, str):
        raise Problem(f"{interpreter}; --python names an interpreter that has torch")
    analysis = analyser.analyze(source)
    given = analyser.options
    what = f"{args.run} of {args.file}" if args.run else args.file
    print(f"conv-lsp: this runs the code of {what} with {interpreter.python}", file=sys.stderr)
    request = Request(args.run or "", given.inputs, args.main, args.train, args.timeout)
    try:
        verdict = run(analysis, interpreter, request)
    except Unverified as problem:
        other = "" if args.run else "; --run says what else to run"
        raise Problem(f"{args.file} could not be verified: {problem}{other}") from None
    wrong = [(f.span.line, f.message) for f in comment_findings(analysis, source)]
    print("\n".join(told(verdict, args.file, wrong)))
    return 1 if verdict.differences else 0


def explain(args: argparse.Namespace) -> int:
    """`conv-lsp explain`."""
    from conv_lsp.findings import RULES
    from conv_lsp.terminal import print_page

    if args.code is None:
        width = max(map(len, RULES))
        for code, rule in sorted(RULES.items()):
            print(f"{code:{width}}  {rule.severity:7}  {re.sub('{.*?}', '…', rule.message)}")
        return 0
    if args.code not in RULES:
        near = difflib.get_close_matches(args.code, RULES, 3)
        hint = f"; did you mean {' or '.join(near)}?" if near else "; `conv-lsp explain` lists them"
        raise Problem(f"there is no rule {args.code!r}{hint}")
    print_page(rule_page(args.code))
    return 0


def rule_page(code: str) -> str:
    """The page of a rule, from the package or from the checkout."""
    from importlib import resources

    for place in (
        resources.files("conv_lsp") / "_rules",
        Path(__file__).parent.parent / "docs" / "rules",
    ):
        page = place / f"{code}.md"
        if page.is_file():
            return page.read_text("utf-8")
    raise Problem(f"the page of {code} is not installed")


def server(args: argparse.Namespace) -> int:
    """`conv-lsp server`."""
    from conv_lsp.lsp.server import run_stdio, run_tcp

    if args.tcp is None:
        run_stdio()
        return 0
    host, _, port = args.tcp.rpartition(":")
    if not port.isdigit() or int(port) > 65535:
        raise Problem(f"--tcp takes HOST:PORT, such as 127.0.0.1:2087, not {args.tcp!r}")
    run_tcp(host or "127.0.0.1", int(port))
    return 0
