"""The language server: which request goes where, and how a session begins and ends."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.exceptions import (
    FeatureRequestError,
    JsonRpcContentModified,
    JsonRpcInternalError,
    JsonRpcMethodNotFound,
)
from pygls.lsp.server import LanguageServer

from conv_lsp.lsp import (
    actions,
    commands,
    configuration,
    diagnostics,
    hints,
    hover,
    lens,
    notebooks,
    sync,
    workspace,
)
from conv_lsp.lsp.cells import Outward, in_cells, joined_arguments
from conv_lsp.lsp.protocol import ServerProtocol
from conv_lsp.lsp.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable

    from pygls.server import ServerErrors

    from conv_lsp.lsp.text import Encoding

log = logging.getLogger(__name__)

_ENCODINGS: dict[str | None, Encoding] = {
    types.PositionEncodingKind.Utf8: "utf-8",
    types.PositionEncodingKind.Utf16: "utf-16",
    types.PositionEncodingKind.Utf32: "utf-32",
}


_MODULES = types.FileOperationRegistrationOptions(
    [
        types.FileOperationFilter(types.FileOperationPattern("**/*.py")),
        types.FileOperationFilter(
            types.FileOperationPattern("**", matches=types.FileOperationPatternKind.Folder)
        ),
    ]
)


class Server(LanguageServer):
    session: Session

    def __init__(self) -> None:
        super().__init__(
            "conv-lsp",
            _version(),
            protocol_cls=ServerProtocol,
            notebook_document_sync=notebooks.OPTIONS,
        )

    def end(self) -> None:
        """Stop analysing, if the client has left without a word."""
        session = getattr(self, "session", None)
        if session is not None:
            session.end()

    async def workspace_apply_edit_async(
        self, params: types.ApplyWorkspaceEditParams
    ) -> types.ApplyWorkspaceEditResult:
        """Have the client edit; what is in a notebook, in its cells."""
        edits = Outward(self.session.notebooks).all(params)
        if edits is None:
            return types.ApplyWorkspaceEditResult(applied=False)
        return await super().workspace_apply_edit_async(edits)

    def report_server_error(self, error: Exception, source: ServerErrors) -> None:
        """Into the log: pygls would open a message box."""
        if isinstance(error, (JsonRpcContentModified, JsonRpcMethodNotFound)):
            return
        kind = "a request failed" if source is FeatureRequestError else "a message failed"
        trace = ""
        if isinstance(error, JsonRpcInternalError) and isinstance(error.data, dict):
            trace = "\n" + "".join(error.data.get("traceback", ()))
        log.error("%s: %s%s", kind, error, trace)


def build() -> Server:
    """A server with all its requests, not yet connected."""
    server = Server()
    feature: Callable[..., Any] = server.feature
    feature(types.INITIALIZE)(_initialize)
    feature(types.INITIALIZED)(configuration.initialized)
    feature(types.SHUTDOWN)(_shutdown)
    feature(types.TEXT_DOCUMENT_DID_OPEN)(sync.did_open)
    feature(types.TEXT_DOCUMENT_DID_CHANGE)(sync.did_change)
    feature(types.TEXT_DOCUMENT_DID_CLOSE)(sync.did_close)
    feature(types.TEXT_DOCUMENT_DID_SAVE, types.SaveOptions(include_text=False))(sync.did_save)
    feature(types.NOTEBOOK_DOCUMENT_DID_OPEN)(notebooks.did_open)
    feature(types.NOTEBOOK_DOCUMENT_DID_CHANGE)(notebooks.did_change)
    feature(types.NOTEBOOK_DOCUMENT_DID_CLOSE)(notebooks.did_close)
    feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)(sync.did_change_watched_files)
    feature(types.WORKSPACE_DID_RENAME_FILES, _MODULES)(sync.did_rename_files)
    feature(types.WORKSPACE_DID_DELETE_FILES, _MODULES)(sync.did_delete_files)
    feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)(sync.did_change_workspace_folders)
    feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)(configuration.did_change_configuration)
    feature(types.TEXT_DOCUMENT_INLAY_HINT, hints.OPTIONS)(in_cells(hints.inlay_hints))
    feature(types.INLAY_HINT_RESOLVE)(in_cells(hints.resolve))
    feature(types.TEXT_DOCUMENT_HOVER)(in_cells(hover.hover))
    feature(types.TEXT_DOCUMENT_CODE_ACTION, actions.OPTIONS)(in_cells(actions.code_actions))
    feature(types.TEXT_DOCUMENT_CODE_LENS, lens.OPTIONS)(in_cells(lens.code_lenses))
    for name, work in commands.COMMANDS.items():
        _command(server, name, work)
    return server


def _command(server: Server, name: str, work: Callable[..., Any]) -> None:
    async def run(*given: Any) -> Any:  # pygls reads the annotations, of which ours are strings
        return await work(server, *joined_arguments(server.session.notebooks, given))

    command: Callable[..., Any] = server.command
    command(name)(run)


def _initialize(ls: Server, params: types.InitializeParams) -> None:
    ls.session = Session(ls, params, _ENCODINGS[ls.workspace.position_encoding])
    configuration.take(ls.session, params.initialization_options)
    if ls.session.client.pulls_diagnostics:
        feature: Callable[..., Any] = ls.feature
        feature(types.TEXT_DOCUMENT_DIAGNOSTIC, diagnostics.OPTIONS)(diagnostics.pull)
        feature(types.WORKSPACE_DIAGNOSTIC)(workspace.pull)


def _shutdown(ls: Server, _params: None) -> None:
    ls.session.end()


def _version() -> str:
    """The installed version. importlib.metadata would take longer than the rest of our imports."""
    installed = Path(__file__).parents[2].glob("conv_lsp-*.dist-info")
    return next((p.name[len("conv_lsp-") : -len(".dist-info")] for p in installed), "unknown")
