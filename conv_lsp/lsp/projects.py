"""The engine as the server sees it: one project with its cache for every root.

Everything here runs on the worker's thread.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conv_lsp.analysis import Cache, Options, analyze
from conv_lsp.comments import comment_findings
from conv_lsp.config import Settings, from_client, load, unknown_rules
from conv_lsp.findings import RULES, leveled
from conv_lsp.lsp.answer import Answer
from conv_lsp.lsp.choice import FIRST, Choice
from conv_lsp.lsp.text import Encoding, Lines
from conv_lsp.lsp.witnesses import Witnesses
from conv_lsp.present import fitted, hints
from conv_lsp.project import Outlines, Project, module_name_of, package_of
from conv_lsp.witness import Said, Witness

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from conv_lsp.analysis import Analysis
    from conv_lsp.findings import Finding
    from conv_lsp.present import Hint

log = logging.getLogger(__name__)

CONFIGURATION = "pyproject.toml"
_ROOT_MARKERS = (CONFIGURATION, "setup.py", "setup.cfg", ".git")


@dataclass
class _Rooted:
    project: Project
    settings: Settings
    cache: Cache
    torch: Witness | Said

    @property
    def answers(self) -> Said:
        """What is known now of operators that are not modelled."""
        return self.torch if isinstance(self.torch, Said) else self.torch.said

    def made(self, answer: Answer) -> bool:
        """Whether its imports lead to the very texts that the answer was made from, and torch has
        said nothing more.
        """
        find = self.project.find
        return all(find(name) is found for name, found in answer.lookups.items()) and all(
            self.answers.get(question) is said for question, said in answer.asked.items()
        )


class Projects:
    """`problems` collects what is wrong with the settings, for the client to be told."""

    def __init__(
        self,
        folders: Iterable[str],
        encoding: Encoding,
        on_news: Callable[[], None] = lambda: None,
    ) -> None:
        self.witnesses = Witnesses(on_news)
        self._folders = tuple(folders)
        self._encoding: Encoding = encoding
        self._client: Mapping[str, Any] = {}
        self._open: dict[str, str] = {}
        self._roots: dict[Path, _Rooted] = {}
        self._outlines = Outlines.of_user()
        self.problems: list[str] = []

    def open(self, path: str, text: str) -> None:
        """Take an open document's text, or its next one."""
        self._open[path] = text
        for rooted in self._roots.values():
            rooted.project.open(path, text)

    def close(self, path: str) -> None:
        self._open.pop(path, None)
        for rooted in self._roots.values():
            rooted.project.close(path)

    def configure(self, client: Mapping[str, Any]) -> None:
        """Take the editor's settings, and read the project files again."""
        self._client = client
        self._roots.clear()
        if client.get("trusted") is not True:
            self.witnesses.end()

    def reload(self) -> None:
        """Read the project files again."""
        self._roots.clear()

    def set_folders(self, folders: Iterable[str]) -> None:
        self._folders = tuple(folders)
        self._roots.clear()

    def analyze(
        self,
        path: str,
        lines: Lines | None,
        stop: Callable[[], bool],
        last: Answer | None = None,
        choice: Choice = FIRST,
        *,
        shown: bool = True,
    ) -> Answer:
        """The answer about a document; the `last` one, if nothing has changed that it was made of.

        Of one that is not `shown` only the findings, and nothing is kept for the next time.

        Raises Cancelled if `stop` says so, and whatever is wrong with the engine.
        """
        rooted = self._rooted(path)
        source = rooted.project.source(path)
        same = last is not None and last.choice == choice and not last.is_unfinished
        if same and last is not None and last.source is source and rooted.made(last):
            seen = lines or last.lines
            return replace(last, lines=seen, texts={**last.texts, path: seen})
        run = (choice.run,) if choice.run else ()
        options = Options(run=run, steps=rooted.settings.steps)
        analysis = analyze(
            source,
            rooted.project,
            options,
            stop=stop,
            cache=rooted.cache if shown else None,
            answers=rooted.answers,
            name=module_name_of(path),
            package=package_of(path),
        )
        if shown and not isinstance(rooted.torch, Said):
            rooted.torch.want(q for q, said in analysis.asked.items() if said is None)
        found = (*analysis.findings, *comment_findings(analysis, source))
        findings = tuple(leveled(found, rooted.settings.rules))
        seen = lines or Lines.of(source.text, self._encoding)
        labels = self._hints(analysis, path, rooted.settings, choice) if shown else ()
        analysis.shared = True  # from here on the protocol's thread reads it
        texts = self._texts(findings, rooted.project, {path: seen})
        if last is not None:
            texts = self._texts(last.advice, rooted.project, texts)
        answer = Answer(
            path=path,
            lines=seen,
            hints=labels,
            findings=findings,
            advice=last.advice_now(texts) if last is not None else (),
            advised=False,
            texts=texts,
            source=source,
            lookups=analysis.lookups,
            asked=analysis.asked,
            analysis=analysis,
            choice=choice,
            environment=rooted.project.environment,
        )
        return answer if shown else replace(self.advised(answer), analysis=None)

    def advised(self, answer: Answer) -> Answer:
        """The answer with the advice on its own text."""
        from conv_lsp.advice import advise  # which nobody waits for

        if answer.advised or answer.analysis is None:
            return replace(answer, advised=True)
        rooted = self._rooted(answer.path)
        advice = advise(answer.analysis, rooted.settings.rules)
        texts = self._texts(advice, rooted.project, dict(answer.texts))
        return replace(answer, advice=advice, advised=True, texts=texts)

    def _hints(
        self, analysis: Analysis, path: str, settings: Settings, choice: Choice
    ) -> tuple[Hint, ...]:
        return tuple(
            fitted(hint, settings.max_hint_length)
            for hint in hints(analysis, path, settings.hints, choice.context)
        )

    def _texts(
        self, findings: Iterable[Finding], project: Project, known: dict[str, Lines]
    ) -> dict[str, Lines]:
        for finding in findings:
            for span in (finding.span, *(span for span, _ in finding.related)):
                if span.path not in known:
                    source = project.read(span.path)
                    text = source.text if source is not None else ""
                    known[span.path] = Lines.of(text, self._encoding)
        return known

    def _rooted(self, path: str) -> _Rooted:
        root = _root(path, self._folders)
        rooted = self._roots.get(root)
        if rooted is None:
            settings = self._settings(root)
            chosen = self._client.get("interpreter")
            interpreter = chosen if isinstance(chosen, str) else None
            project = Project(root, settings, self._outlines, interpreter)
            trusted = self._client.get("trusted") is True
            torch = self.witnesses.of(project.environment, settings, trusted=trusted)
            rooted = _Rooted(project, settings, Cache(), torch)
            self.problems += rooted.project.problems
            for opened, text in self._open.items():
                rooted.project.open(opened, text)
            self._roots[root] = rooted
            log.info("project root: %s", root)
        return rooted

    def _settings(self, root: Path) -> Settings:
        """The project's settings, and over them what the editor sets."""
        settings, problems = load(root / CONFIGURATION)
        self.problems += problems
        settings, problems = from_client(self._client, settings)
        self.problems += problems + unknown_rules(settings, RULES)
        return settings


def _root(path: str, folders: Iterable[str]) -> Path:
    """The nearest directory above that is a project's, no higher than the workspace folder."""
    file = Path(path)
    if not file.is_absolute():  # an untitled document
        return Path(next(iter(folders), "."))
    limits = [Path(folder) for folder in folders]
    inside = [limit for limit in limits if limit in file.parents]
    for directory in file.parents:
        if directory in inside or any((directory / marker).exists() for marker in _ROOT_MARKERS):
            return directory
    return file.parent
