"""Work-done progress: the client is told of long work, and may cancel it."""

from __future__ import annotations

import asyncio
import logging
import uuid
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.exceptions import JsonRpcException

if TYPE_CHECKING:
    from collections.abc import Callable

    from conv_lsp.lsp.language_server import Server

log = logging.getLogger(__name__)

LONG = 1.0
"""Seconds after which a work is worth showing."""


class Progress:
    """One work. With the client's token it is shown at once; else if it takes `LONG` seconds and the
    client agrees. `on_cancel` is called when the person does not want it any more.
    """

    def __init__(
        self,
        server: Server,
        title: str,
        on_cancel: Callable[[], None],
        token: types.ProgressToken | None = None,
    ) -> None:
        self._server = server
        self._title = title
        self._on_cancel = on_cancel
        self._token = token
        self._shown = False
        self._ended = False
        self._timer: asyncio.TimerHandle | None = None
        self._asking: asyncio.Task[None] | None = None
        if token is not None:
            self._begin(token)
        elif server.session.client.shows_progress:
            self._timer = asyncio.get_running_loop().call_later(LONG, self._ask)

    def report(self, message: str, percentage: int) -> None:
        if self._shown and not self._ended and self._token is not None:
            value = types.WorkDoneProgressReport(message=message, percentage=percentage)
            self._server.work_done_progress.report(self._token, value)

    def end(self) -> None:
        if self._ended:
            return
        self._ended = True
        if self._timer is not None:
            self._timer.cancel()
        if self._shown and self._token is not None:
            self._server.work_done_progress.end(self._token, types.WorkDoneProgressEnd())
            self._server.work_done_progress.tokens.pop(self._token, None)

    def _ask(self) -> None:
        self._asking = asyncio.ensure_future(self._asked())  # kept, or it would be collected

    async def _asked(self) -> None:
        """A client that never answers keeps nobody waiting."""
        token = f"conv-lsp {uuid.uuid4()}"
        try:
            await self._server.work_done_progress.create_async(token)
        except JsonRpcException as error:
            log.info("the client shows no progress: %s", error)
            return
        if self._ended:
            self._server.work_done_progress.tokens.pop(token, None)
        else:
            self._begin(token)

    def _begin(self, token: types.ProgressToken) -> None:
        self._token, self._shown = token, True
        value = types.WorkDoneProgressBegin(self._title, cancellable=True, percentage=0)
        progress = self._server.work_done_progress
        progress.begin(token, value)
        progress.tokens[token].add_done_callback(lambda _: self._on_cancel())
