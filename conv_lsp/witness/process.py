"""A program in another process that answers in lines of JSON, whatever becomes of it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from queue import Empty, Full, Queue
from typing import IO, Any, Final

PROGRAMS: Final = Path(__file__).parent.parent / "torch_worker"
"""The programs that import torch."""
MAX_LINE: Final = 1_000_000
"""Bytes of an answer."""
MEMORY: Final = 12 << 30
"""Bytes of data a program may have, where the system can hold it to that."""
FREE: Final = ("PATH", "HOME", "LANG", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "LD_LIBRARY_PATH")
"""What of our environment variables a program is given."""


class Lost(Exception):
    """A program gave no answer that means anything; the message says why."""


class Process:
    """A running program. Belongs to one thread, but for `end`.

    It has nothing of ours but its arguments: no variables that change how Python or torch start,
    a working directory that nobody's project is in, and no standard error.
    """

    def __init__(self, command: Sequence[str]) -> None:
        variables = {n: v for n, v in os.environ.items() if n.upper() in FREE}
        try:
            self._process = subprocess.Popen(  # noqa: S603  who calls has been told that it may
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=os.path.abspath(os.sep),
                env={
                    **variables,
                    "CUDA_VISIBLE_DEVICES": "",
                    "OMP_NUM_THREADS": "1",
                    "MKL_NUM_THREADS": "1",
                    "TORCH_DEVICE_BACKEND_AUTOLOAD": "0",
                },
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            raise Lost(f"{command[0]} cannot be run: {error}") from None
        _limit(self._process.pid)
        self._lines: Queue[bytes] = Queue(maxsize=4)
        self._ended = threading.Event()
        reader = threading.Thread(
            target=self._read, args=(self._process.stdout,), name="witness", daemon=True
        )
        reader.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def send(self, row: Mapping[str, Any]) -> None:
        """One line. Raises Lost if nobody reads any more."""
        stdin = self._process.stdin
        assert stdin is not None
        try:
            stdin.write(json.dumps(row).encode() + b"\n")
            stdin.flush()
        except (OSError, ValueError):
            raise Lost("it has stopped") from None

    def receive(self, timeout: float) -> Mapping[str, Any]:
        """The next line, within so many seconds. Raises Lost."""
        try:
            line = self._lines.get(timeout=timeout)
        except Empty:
            raise Lost(f"there was no answer in {timeout:g} s") from None
        if not line:
            raise Lost("it has stopped")
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            row = None
        if not isinstance(row, dict):
            raise Lost("what it writes is no answer")
        return row

    def end(self) -> None:
        """Kill it, and what it has started."""
        self._ended.set()
        process = self._process
        with contextlib.suppress(OSError):
            if sys.platform == "win32":
                process.kill()
            elif process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
        for stream in (process.stdin, process.stdout):
            with contextlib.suppress(OSError, ValueError):
                if stream is not None and stream is not process.stdout:
                    stream.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=5)

    def _read(self, stream: IO[bytes]) -> None:
        """Lines as they come; a program that writes and writes is made to wait."""
        with contextlib.suppress(OSError, ValueError), stream:
            while line := stream.readline(MAX_LINE):
                if not self._hand(line):
                    return
        self._hand(b"")

    def _hand(self, line: bytes) -> bool:
        while not self._ended.is_set():
            try:
                self._lines.put(line, timeout=0.5)
                return True
            except Full:
                continue
        return False


def _limit(pid: int) -> None:
    """Hold a program to a bounded amount of memory, where that is possible from outside."""
    if sys.platform != "linux":
        return
    import resource

    with contextlib.suppress(OSError, ValueError):
        resource.prlimit(pid, resource.RLIMIT_DATA, (MEMORY, MEMORY))
        resource.prlimit(pid, resource.RLIMIT_CORE, (0, 0))
