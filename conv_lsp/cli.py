"""The command line: show, check, facts, explain, server.

Exit codes: 0 nothing found, 1 findings of severity error, 2 the command could not be carried out.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from conv_lsp import __version__
from conv_lsp.config import Settings, load

if TYPE_CHECKING:
    from conv_lsp.analysis import Analysis
    from conv_lsp.findings import Finding
    from conv_lsp.project import Project
    from conv_lsp.source import Shape, Source

STEPS = 20_000_000
"""The command line has more time than an editor."""


class Problem(Exception):
    """The command cannot be carried out; the message names the place and what is accepted."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; its exit code."""
    args = parser().parse_args(argv)
    try:
        code: int = args.command(args)
    except Problem as problem:
        print(f"conv-lsp: {problem}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        return 0
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
    shown.add_argument("file", metavar="FILE")
    shown.add_argument(
        "--receptive-field", action="store_true", help="print how the receptive field grows instead"
    )
    checked = analysing(commands, "check", "report shape errors; exit code 1 if there are any", check)
    checked.add_argument("paths", metavar="PATH", nargs="+")
    checked.add_argument("--format", choices=("text", "json"), default="text")
    stated = analysing(commands, "facts", "print everything that is known as JSON", facts)
    stated.add_argument("file", metavar="FILE", nargs="?")
    stated.add_argument(
        "--unknown", metavar="PATH", nargs="+", help="count instead what is not known, and why"
    )
    explained = commands.add_parser("explain", help="print the page of a rule")
    explained.add_argument("code", metavar="CODE", nargs="?")
    explained.set_defaults(command=explain)
    served = commands.add_parser("server", help="run the language server on standard input and output")
    served.add_argument("--tcp", metavar="HOST:PORT", help="listen there instead; HOST is 127.0.0.1 if left out")
    served.add_argument("--stdio", action="store_true", help="standard input and output, which is what it does anyway")
    served.set_defaults(command=server)
    return top


def analysing(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, text: str, run: object
) -> argparse.ArgumentParser:
    """A command that analyses files, with the options that all of those have."""
    made: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
    made.set_defaults(command=run)
    made.add_argument("--run", metavar="EXPR", help="an expression in the file's namespace, and nothing else: 'resnet18()'")
    made.add_argument("--input", metavar="SHAPE", action="append", default=[], help="a shape for each argument of what --run gives: '(2, 3, 224, 224)'; names are symbols")
    made.add_argument("--main", action="store_true", help="the file as a script")
    made.add_argument("--train", action="store_true", help="keep --run in training mode")
    made.add_argument("--python", metavar="PATH", help="an interpreter whose installed packages are read; it is not run")
    return made


# -- analysing --------------------------------------------------------------------------------


def settings_for(path: Path, args: argparse.Namespace) -> tuple[Path, Settings]:
    """The project root above a file, and its settings with those of the command line."""
    root = next((p for p in path.resolve().parents if (p / "pyproject.toml").is_file()), path.resolve().parent)
    settings, problems = load(root / "pyproject.toml")
    for problem in problems:
        print(f"conv-lsp: {root / 'pyproject.toml'}: {problem}", file=sys.stderr)
    if args.python:
        if not Path(args.python).exists():
            raise Problem(f"--python: there is no interpreter at {args.python}")
        settings = Settings(
            args.python, settings.hints, settings.max_hint_length, settings.rules, settings.steps
        )
    return root, settings


def shapes_of(args: argparse.Namespace) -> tuple[Shape, ...]:
    """The shapes of --input."""
    from conv_lsp.source import ShapeTextError, parse_shape

    if args.input and not args.run:
        raise Problem("--input goes with --run: it gives the arguments of what --run gives")
    try:
        return tuple(parse_shape(text) for text in args.input)
    except ShapeTextError as error:
        raise Problem(f"--input: {error}") from None


def expression(text: str) -> str:
    """The text of --run, which must be an expression."""
    try:
        compile(text, "--run", "eval")
    except (SyntaxError, ValueError) as error:
        raise Problem(f"--run {text!r} is no expression: {error}; write for example 'Net(10)'") from None
    return text


def analysis_of(file: str, args: argparse.Namespace, *, everywhere: bool = False) -> tuple[Analysis, Source, Project]:
    """Analyse one file as the options say."""
    from conv_lsp.analysis import Options, analyze, with_deep_stack
    from conv_lsp.project import Project, Unreadable, module_name_of, package_of

    path = Path(file)
    shapes = shapes_of(args)
    run = (expression(args.run),) if args.run else ()
    root, settings = settings_for(path, args)
    project = Project(root, settings)
    loaded = project.load(path)
    if isinstance(loaded, Unreadable):
        raise Problem(f"{file}: {loaded.why}")
    source = project.source(path)
    options = Options(run, shapes, args.main, args.train, STEPS)

    def work() -> Analysis:
        return analyze(
            source, project, options, name=module_name_of(path), package=package_of(path), everywhere=everywhere
        )

    analysis: Analysis = with_deep_stack(work)
    if run and analysis.runs and analysis.runs[0].unresolved:
        raise Problem(f"--run {args.run!r}: {analysis.runs[0].unresolved}")
    return analysis, source, project


def python_files(paths: Sequence[str]) -> list[str]:
    """The Python files at and below the paths."""
    found: list[str] = []
    for text in paths:
        path = Path(text)
        if path.is_dir():
            found.extend(
                str(p) for p in sorted(path.rglob("*.py")) if not any(part.startswith(".") for part in p.parts[len(path.parts) :])
            )
        elif path.exists():
            found.append(text)
        else:
            raise Problem(f"{text}: there is no such file or directory")
    return found


# -- commands ---------------------------------------------------------------------------------


def show(args: argparse.Namespace) -> int:
    """`conv-lsp show`."""
    from conv_lsp.terminal import growth_table, print_source

    analysis, source, _ = analysis_of(args.file, args)
    if args.receptive_field:
        growth_table(analysis)
    else:
        print_source(analysis, source)
    return 0


def check(args: argparse.Namespace) -> int:
    """`conv-lsp check`."""
    from conv_lsp.terminal import print_findings

    errors = 0
    found: dict[tuple[str, object], Finding] = {}
    files = python_files(args.paths)
    for file in files:
        analysis, _, _ = analysis_of(file, args)
        for finding in analysis.findings:
            found.setdefault((finding.rule.code, finding.span), finding)
    errors = sum(f.severity == "error" for f in found.values())
    if args.format == "json":
        print(json.dumps([finding_row(f) for f in found.values()], indent=1))
    else:
        print_findings(list(found.values()), len(files))
    return 1 if errors else 0


def finding_row(finding: Finding) -> dict[str, object]:
    """A finding as JSON."""
    from conv_lsp.document import place

    return {
        "file": finding.span.path,
        **place(finding.span),
        "severity": finding.severity,
        "code": finding.rule.code,
        "message": finding.message,
    }


def facts(args: argparse.Namespace) -> int:
    """`conv-lsp facts`."""
    from conv_lsp.document import document

    if args.unknown:
        return count_unknown(args)
    if not args.file:
        raise Problem("facts needs a FILE, or --unknown with paths")
    analysis, _, _ = analysis_of(args.file, args, everywhere=True)
    json.dump(document(analysis), sys.stdout)
    print()
    return 0


def count_unknown(args: argparse.Namespace) -> int:
    """`conv-lsp facts --unknown`: the causes by count."""
    from collections import Counter

    from conv_lsp.terminal import print_counts

    causes: Counter[str] = Counter()
    for file in python_files(args.unknown):
        analysis, _, _ = analysis_of(file, args)
        causes.update(why for _, why in analysis.unknown)
    print_counts(causes)
    return 0


def explain(args: argparse.Namespace) -> int:
    """`conv-lsp explain`."""
    from conv_lsp.findings import RULES
    from conv_lsp.terminal import print_page

    if args.code is None:
        print("\n".join(sorted(RULES)))
        return 0
    if args.code not in RULES:
        import difflib

        near = difflib.get_close_matches(args.code, RULES, 3)
        hint = f"; did you mean {' or '.join(near)}?" if near else "; `conv-lsp explain` lists them"
        raise Problem(f"there is no rule {args.code!r}{hint}")
    print_page(rule_page(args.code))
    return 0


def rule_page(code: str) -> str:
    """The page of a rule, from the package or from the checkout."""
    from importlib import resources

    for place in (resources.files("conv_lsp") / "_rules", Path(__file__).parent.parent / "docs" / "rules"):
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
