"""pygls's protocol, with the parts replaced that answer late, wrongly or not at all."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.exceptions import (
    JsonRpcException,
    JsonRpcInvalidRequest,
    JsonRpcServerNotInitialized,
)
from pygls.protocol import LanguageServerProtocol, lsp_method

if TYPE_CHECKING:
    from collections.abc import Generator

log = logging.getLogger(__name__)

_PREFERRED = ("utf-8", "utf-16", "utf-32")


class ServerProtocol(LanguageServerProtocol):
    initialized = False

    def structure_message(self, data: dict[str, Any]) -> Any:
        """Decode a message. One that cannot be decoded is answered, so that nobody waits for ever."""
        try:
            return super().structure_message(data)  # type: ignore[no-untyped-call, unused-ignore]
        except JsonRpcException as error:
            identity = data.get("id")
            log.warning("a message could not be decoded: %s", data.get("method", "an answer"))
            if "method" in data:
                self.refuse(identity, error)
            elif isinstance(identity, (int, str)):
                pending = self._request_futures.pop(identity, None)
                if pending is not None and not pending.done():
                    pending.set_exception(error)
            raise

    def refuse(self, identity: object, error: JsonRpcException) -> None:
        """Answer a request with an error; a notification has nobody to answer to."""
        if isinstance(identity, (int, str)):
            self._send_response(identity, error=error.to_response_error())

    def handle_message(self, message: Any) -> None:
        method = getattr(message, "method", None)
        identity = getattr(message, "id", None)
        if method is not None and method != types.EXIT:
            if self._shutdown:
                self.refuse(identity, JsonRpcInvalidRequest("the server is shutting down"))
                return
            if not self.initialized and method != types.INITIALIZE:
                self.refuse(identity, JsonRpcServerNotInitialized())
                return
        super().handle_message(message)

    @lsp_method(types.INITIALIZE)
    def lsp_initialize(
        self, params: types.InitializeParams
    ) -> Generator[Any, Any, types.InitializeResult]:
        """UTF-8 if the client knows it, however late in its list: the engine counts in bytes."""
        general = params.capabilities.general
        if general is not None and general.position_encodings:
            general.position_encodings = sorted(
                general.position_encodings,
                key=lambda kind: _PREFERRED.index(kind) if kind in _PREFERRED else len(_PREFERRED),
            )
        result = yield from super().lsp_initialize(params)
        self.initialized = True
        return result

    @lsp_method(types.SHUTDOWN)
    def lsp_shutdown(self, *args: Any) -> Generator[Any, Any, None]:
        """Answer those who wait. pygls goes through the table of requests while they leave it."""
        yield self.fm.features[types.SHUTDOWN], args, None
        this = self.msg_id
        for identity, future in tuple(self._request_futures.items()):
            if identity != this and not future.done():
                future.cancel()
        self._shutdown = True

    # pygls keeps documents whose lines end at form feeds; ours are kept by the handlers alone.

    @lsp_method(types.TEXT_DOCUMENT_DID_OPEN)
    def lsp_text_document__did_open(
        self, params: types.DidOpenTextDocumentParams
    ) -> Generator[Any, Any, None]:
        yield self.fm.features[types.TEXT_DOCUMENT_DID_OPEN], (params,), None

    @lsp_method(types.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(
        self, params: types.DidChangeTextDocumentParams
    ) -> Generator[Any, Any, None]:
        yield self.fm.features[types.TEXT_DOCUMENT_DID_CHANGE], (params,), None

    @lsp_method(types.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(
        self, params: types.DidCloseTextDocumentParams
    ) -> Generator[Any, Any, None]:
        yield self.fm.features[types.TEXT_DOCUMENT_DID_CLOSE], (params,), None

    @lsp_method(types.NOTEBOOK_DOCUMENT_DID_OPEN)
    def lsp_notebook_document__did_open(
        self, params: types.DidOpenNotebookDocumentParams
    ) -> Generator[Any, Any, None]:
        yield self.fm.features[types.NOTEBOOK_DOCUMENT_DID_OPEN], (params,), None

    @lsp_method(types.NOTEBOOK_DOCUMENT_DID_CHANGE)
    def lsp_notebook_document__did_change(
        self, params: types.DidChangeNotebookDocumentParams
    ) -> Generator[Any, Any, None]:
        yield self.fm.features[types.NOTEBOOK_DOCUMENT_DID_CHANGE], (params,), None

    @lsp_method(types.NOTEBOOK_DOCUMENT_DID_CLOSE)
    def lsp_notebook_document__did_close(
        self, params: types.DidCloseNotebookDocumentParams
    ) -> Generator[Any, Any, None]:
        yield self.fm.features[types.NOTEBOOK_DOCUMENT_DID_CLOSE], (params,), None
