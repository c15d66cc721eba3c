"""One entry that runs: what is asked for, where its inputs come from, and the bounds that end it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conv_lsp.findings import RULES
from conv_lsp.interp.frames import Frame
from conv_lsp.interp.machine import Machine
from conv_lsp.interp.namespaces import Namespace
from conv_lsp.interp.records import Complaint, Record
from conv_lsp.interp.signals import Cancelled, Raised, Refined, Settled, Stopped
from conv_lsp.source import Statement
from conv_lsp.values import Site

if TYPE_CHECKING:
    from conv_lsp.contract import Inferred


@dataclass(frozen=True, slots=True)
class Options:
    """What to analyse: nothing given means the file as an editor shows it.

    run: expressions in the file's namespace; nothing else is analysed then.
    inputs: one shape per argument, of numbers and names.
    main: the file as a script. train: `run` stays in training mode.
    """

    run: tuple[str, ...] = ()
    inputs: tuple[tuple[int | str, ...], ...] = ()
    main: bool = False
    train: bool = False
    steps: int = 500_000


@dataclass(slots=True)
class Run:
    """One entry that ran. `invented`: its inputs or arguments are ours, not the code's."""

    label: str
    source: str
    records: list[Record] = field(default_factory=list)
    invented: bool = False
    stopped: str = ""
    unresolved: str = ""
    """Why the expression that was asked for gives nothing, if so."""
    inferred: Inferred | None = None
    """The size of the inputs, where a flatten before a linear layer tells it."""

    @property
    def origin(self) -> str:
        """Where the sizes of the inputs come from, as the file stands now."""
        return self.source if self.inferred is None else self.inferred.origin


def bounded(m: Machine, run: Run, work: Callable[[], None]) -> None:
    """Do the work of a run; a bound that it hits is its end, and said."""
    try:
        work()
    except Stopped as stopped:
        run.stopped = str(stopped)
    except RecursionError:
        run.stopped = "stopped: the code is nested too deeply"
    except (Raised, Refined, Settled, Cancelled):
        raise
    except Exception as error:  # a fault of the engine must not cost the rest of the file
        run.stopped = f"an internal error: {type(error).__name__}: {error}"
        internal_error(m, error)
    finally:
        m.rest()


def internal_error(m: Machine, error: Exception) -> None:
    """Tell of a fault of the engine at the statement whose analysis it ended."""
    if m.record is not None:
        rule = RULES["internal-error"]
        site = Site(m.record.statement, m.record.statement.node)
        message = rule.message.format(error=f"{type(error).__name__}: {error}")
        m.record.complaints.append(Complaint(rule, site, None, message, certain=True))


def top_frame(m: Machine, space: Namespace, statement: Statement, run: Run) -> Frame:
    """A frame at the top of the file for something that is not written there."""
    record = Record(statement, run.label, 0)
    run.records.append(record)
    m.record = record
    return Frame(space.variables, space, statement, record)


def attempt(m: Machine, run: Run, work: Callable[[], None]) -> None:
    """Run an entry to its end, or to where it raises."""
    roots = len(m.roots)
    try:
        bounded(m, run, work)
    except Raised:
        pass  # a finding tells of it where it is certain
    run.records = m.roots[roots:] + run.records
