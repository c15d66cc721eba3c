"""Texts: opened, changed, saved and closed in the editor, and changed on disk."""

from __future__ import annotations

import logging
from functools import partial
from pathlib import PurePath
from typing import TYPE_CHECKING

from lsprotocol import types

from conv_lsp.lsp import diagnostics
from conv_lsp.lsp.documents import path_of
from conv_lsp.lsp.projects import CONFIGURATION, Projects
from conv_lsp.lsp.text import Lines
from conv_lsp.lsp.typing import line_in_work

if TYPE_CHECKING:
    from conv_lsp.lsp.documents import Document
    from conv_lsp.lsp.language_server import Server
    from conv_lsp.lsp.session import Session

log = logging.getLogger(__name__)


def did_open(ls: Server, params: types.DidOpenTextDocumentParams) -> None:
    item = params.text_document
    lines = Lines.of(item.text, ls.session.encoding)
    document = ls.session.documents.opened(item.uri)
    appeared = document is None  # there may be no such file yet
    if document is None:
        document = ls.session.documents.open(item.uri, lines, item.version)
    else:
        document.edit(lines, item.version)
    document.language = item.language_id
    take(ls.session, document, lines, appeared=appeared)


def did_change(ls: Server, params: types.DidChangeTextDocumentParams) -> None:
    document = ls.session.documents.opened(params.text_document.uri)
    if document is None or document.lines is None:
        log.warning("%s was changed without being open", params.text_document.uri)
        return
    lines = document.lines.edited(params.content_changes)
    work = line_in_work(document.lines, params.content_changes, lines)
    document.edit(lines, params.text_document.version, work)
    take(ls.session, document, lines)


def take(session: Session, document: Document, lines: Lines, *, appeared: bool = False) -> None:
    """Let everybody know of a document's next text."""
    session.schedule.change(partial(_put, document.path, lines))
    others = [other for other in session.documents.everything() if other is not document]
    session.schedule.file_changed(document.path, others, appeared=appeared)
    session.schedule.renew(document)
    document.announce()  # those who asked about the text before


def _put(path: str, lines: Lines, projects: Projects) -> None:
    projects.open(path, lines.text)


def did_close(ls: Server, params: types.DidCloseTextDocumentParams) -> None:
    document = close(ls.session, params.text_document.uri)
    if document is not None and not ls.session.client.pulls_diagnostics:
        ls.text_document_publish_diagnostics(types.PublishDiagnosticsParams(document.uri, []))


def close(session: Session, uri: str) -> Document | None:
    """From now on the file on disk counts."""
    document = session.documents.close(uri)
    if document is None:
        log.warning("%s was closed without being open", uri)
        return None
    path = document.path
    session.schedule.change(lambda projects: projects.close(path))
    session.schedule.file_changed(path, session.documents.everything())
    document.announce()
    diagnostics.update(session)  # what this one found in others
    return document


def did_save(ls: Server, params: types.DidSaveTextDocumentParams) -> None:
    if PurePath(path_of(params.text_document.uri)).name == CONFIGURATION:
        _reconfigure(ls.session)


def did_change_watched_files(ls: Server, params: types.DidChangeWatchedFilesParams) -> None:
    session = ls.session
    if any(PurePath(path_of(event.uri)).name == CONFIGURATION for event in params.changes):
        _reconfigure(session)
        return
    for event in params.changes:
        if session.documents.opened(event.uri) is None:  # else the open text counts
            appeared = event.type == types.FileChangeType.Created
            _on_disk(session, event.uri, appeared=appeared)


def did_rename_files(ls: Server, params: types.RenameFilesParams) -> None:
    """Of a directory the watchers do not always tell."""
    for renamed in params.files:
        _on_disk(ls.session, renamed.old_uri)
        _on_disk(ls.session, renamed.new_uri, appeared=True)


def did_delete_files(ls: Server, params: types.DeleteFilesParams) -> None:
    for deleted in params.files:
        _on_disk(ls.session, deleted.uri)


def _on_disk(session: Session, uri: str, *, appeared: bool = False) -> None:
    documents = session.documents.everything()
    session.schedule.file_changed(path_of(uri), documents, appeared=appeared)


def did_change_workspace_folders(ls: Server, params: types.DidChangeWorkspaceFoldersParams) -> None:
    session = ls.session
    gone = {path_of(folder.uri) for folder in params.event.removed}
    added = [path_of(folder.uri) for folder in params.event.added]
    folders = [folder for folder in session.folders if folder not in gone] + added
    session.folders = folders
    session.schedule.change(lambda projects: projects.set_folders(folders))
    session.renew_all()


def _reconfigure(session: Session) -> None:
    session.schedule.change(Projects.reload)
    session.renew_all()
