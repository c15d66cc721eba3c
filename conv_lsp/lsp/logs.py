"""The server's log goes to the client, as `window/logMessage`.

Standard error stays quiet: editors show whatever arrives there as an error.
"""

from __future__ import annotations

import logging
import threading
import warnings
from typing import TYPE_CHECKING

from lsprotocol import types

if TYPE_CHECKING:
    import asyncio

    from conv_lsp.lsp.language_server import Server

_LEVELS = (
    (logging.ERROR, types.MessageType.Error),
    (logging.WARNING, types.MessageType.Warning),
    (logging.INFO, types.MessageType.Info),
)


class ClientHandler(logging.Handler):
    """Sends records to the client, from whichever thread they come."""

    def __init__(self, server: Server, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._server = server
        self._loop = loop
        self._thread = threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        kind = next((k for level, k in _LEVELS if record.levelno >= level), types.MessageType.Log)
        params = types.LogMessageParams(kind, self.format(record))
        try:
            if threading.get_ident() == self._thread:
                self._server.window_log_message(params)
            else:
                self._loop.call_soon_threadsafe(self._server.window_log_message, params)
        except Exception:  # noqa: S110  # a log line is not worth an error, and has nowhere to go
            pass


def log_from(level: str) -> None:
    """Log what is at least as severe as error, warning, info or debug."""
    logging.getLogger("conv_lsp").setLevel(level.upper())


def send_to_client(server: Server, loop: asyncio.AbstractEventLoop) -> None:
    """Take over the log of the whole process."""
    warnings.simplefilter("ignore")  # Python warns on stderr about the code that it parses
    root = logging.getLogger()
    root.handlers[:] = [ClientHandler(server, loop)]
    root.setLevel(logging.WARNING)
    log_from("info")
    # What matters of pygls's own complaints comes through Server.report_server_error.
    logging.getLogger("pygls").setLevel(logging.CRITICAL + 1)
