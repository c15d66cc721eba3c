"""`conv-lsp.verify [uri]`: the document's code is run with the user's torch, and its lines are compared.

Only on this request, and only where the client says that the workspace is trusted. The result:
`{"witness", "device", "agree", "partly", "unknown", "unreached": lines from 0, "differ": [{"line",
"shown", "seen"}], "raised"}`, or `{"refused": reason}`.
"""

from __future__ import annotations

import asyncio
import logging
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from lsprotocol import types

from conv_lsp.lsp.progress import Progress
from conv_lsp.lsp.text import Lines, line_map

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterable, Mapping

    from conv_lsp.analysis import Analysis
    from conv_lsp.lsp.answer import Answer
    from conv_lsp.lsp.documents import Document
    from conv_lsp.lsp.language_server import Server
    from conv_lsp.witness.verifying import Verdict

log = logging.getLogger(__name__)

VERIFY: Final = "conv-lsp.verify"
SECONDS: Final = 60.0
"""What the code gets when an editor asks."""
UNTRUSTED: Final = "the code is not run, because the workspace is not trusted"


@dataclass(frozen=True, slots=True)
class Verified:
    """What torch agreed with: lines of a text, from 1, and the shapes that were shown there."""

    witness: str
    lines: Lines
    shapes: Mapping[int, object]

    def of(self, answer: Answer, line: int) -> str:
        """What a hover tells of a line, as long as its code and its shapes are what they were."""
        if answer.analysis is None:
            return ""
        then = next((o for o, n in line_map(self.lines, answer.lines).items() if n == line), None)
        if then is None or then not in self.shapes:
            return ""
        same = self.shapes[then] == shapes_of(answer.analysis, {line})[line]
        return f"verified with {self.witness}" if same else ""


def shapes_of(analysis: Analysis, lines: Iterable[int]) -> dict[int, list[Any]]:
    """The shapes that are shown on lines, by column."""
    from conv_lsp.witness.verifying import shown

    found: dict[int, list[Any]] = {line: [] for line in lines}
    for (line, column, _, end), shapes in shown(analysis):
        if line in found:
            found[line].append((column, end, shapes))
    return {line: sorted(rows, key=repr) for line, rows in found.items()}


async def verify(ls: Server, *given: Any) -> dict[str, Any]:
    """Run the code of a document; what came of it, which the person is told as well."""
    document = ls.session.find(str(given[0] if given else ""))
    if document is None:
        return _refused(ls, "there is no such document")
    if ls.session.settings.get("trusted") is not True:
        return _refused(ls, UNTRUSTED)
    if document.verifying:
        return _refused(ls, "the code runs already")
    document.verifying = True
    try:
        return await _verify(ls, document)
    finally:
        document.verifying = False


async def _verify(ls: Server, document: Document) -> dict[str, Any]:
    from conv_lsp.witness import interpreter_of
    from conv_lsp.witness.verifying import Request, Unverified, kill
    from conv_lsp.witness.verifying import verify as run

    answer = await ls.session.answer(document, for_position=False, whole=True)
    analysis, environment = answer.analysis, answer.environment
    if analysis is None or environment is None:
        return _refused(ls, "the code could not be analysed")
    if not _is_saved(document.path):
        return _refused(ls, "only a Python file that has been saved is run")
    interpreter = interpreter_of(environment)
    if isinstance(interpreter, str):
        return _refused(ls, f"the code is not run: {interpreter}")
    processes: list[subprocess.Popen[bytes]] = []

    def stop() -> None:
        for process in processes:
            kill(process)

    name = os.path.basename(document.path)
    log.info("the code of %s is run with %s", document.path, interpreter.python)
    progress = Progress(ls, f"conv-lsp: running the code of {name}", stop)
    request = Request(run=document.choice.run, seconds=SECONDS)
    folder = os.path.dirname(document.path)
    try:
        verdict = await asyncio.get_running_loop().run_in_executor(
            None, run, analysis, interpreter, request, folder, processes.append
        )
    except Unverified as problem:
        return _refused(ls, f"{name} could not be verified: {problem}")
    finally:
        progress.end()
        stop()  # the server may be ending
    document.verified = Verified(verdict.witness, answer.lines, shapes_of(analysis, verdict.agreed))
    _tell(ls, document, verdict)
    return _row(verdict)


def _is_saved(path: str) -> bool:
    """Whether a document is a file of Python, and not a notebook or untitled."""
    return os.path.isfile(path) and not path.endswith(".ipynb")


def _tell(ls: Server, document: Document, verdict: Verdict) -> None:
    from conv_lsp.witness.verifying import counted, told

    name = os.path.basename(document.path)
    log.info("verified:\n%s", "\n".join(told(verdict, name)))
    differing = sorted({d.place[0] for d in verdict.differences})
    text = (
        f"{name}, {verdict.witness} on {verdict.device}: {counted(verdict.agreed)} agree"
        f"{'s' * (len(verdict.agreed) == 1)}, {len(differing)} differ"
    )
    vague = len(verdict.unknown) + len(verdict.partly)
    text += f", {vague} {'is' if vague == 1 else 'are'} not fully known" if vague else ""
    if verdict.unreached:
        text += f", {len(verdict.unreached)} did not run"
    if differing:
        text += f"; line {differing[0]} is the first that differs"
    if verdict.raised:
        text += f"; the run ended with {verdict.raised}"
    kind = types.MessageType.Warning if differing else types.MessageType.Info
    ls.window_show_message(types.ShowMessageParams(kind, text))


def _row(verdict: Verdict) -> dict[str, Any]:
    return {
        "witness": verdict.witness,
        "device": verdict.device,
        "agree": [line - 1 for line in verdict.agreed],
        "partly": [line - 1 for line in verdict.partly],
        "unknown": [line - 1 for line in verdict.unknown],
        "unreached": [line - 1 for line in verdict.unreached],
        "differ": [
            {"line": d.place[0] - 1, "shown": d.said, "seen": d.seen} for d in verdict.differences
        ],
        "raised": verdict.raised,
    }


def _refused(ls: Server, reason: str) -> dict[str, Any]:
    message = types.ShowMessageParams(types.MessageType.Warning, f"conv-lsp: {reason}")
    ls.window_show_message(message)
    return {"refused": reason}
