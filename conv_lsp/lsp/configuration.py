"""Settings from the editor: with `initialize`, pulled when the client is ready, or pushed."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from conv_lsp.config import log_level
from conv_lsp.lsp.logs import log_from
from conv_lsp.lsp.projects import CONFIGURATION, Projects

if TYPE_CHECKING:
    from conv_lsp.lsp.language_server import Server
    from conv_lsp.lsp.session import Session

log = logging.getLogger(__name__)

SECTION = "conv-lsp"


async def initialized(ls: Server, _params: types.InitializedParams) -> None:
    if ls.session.client.watches_files:
        watchers = [types.FileSystemWatcher(glob) for glob in ("**/*.py", f"**/{CONFIGURATION}")]
        ls.client_register_capability(
            types.RegistrationParams(
                [
                    types.Registration(
                        id="files",
                        method=types.WORKSPACE_DID_CHANGE_WATCHED_FILES,
                        register_options=types.DidChangeWatchedFilesRegistrationOptions(watchers),
                    )
                ]
            )
        )
    if ls.session.client.has_configuration:
        await _pull(ls)


async def did_change_configuration(ls: Server, params: types.DidChangeConfigurationParams) -> None:
    if ls.session.client.has_configuration:
        await _pull(ls)
    else:
        take(ls.session, params.settings)


async def _pull(ls: Server) -> None:
    items = [types.ConfigurationItem(section=SECTION)]
    try:
        answers = await ls.workspace_configuration_async(types.ConfigurationParams(items))
    except JsonRpcException as error:
        log.warning("the client does not tell its settings: %s", error)
        return
    take(ls.session, answers[0] if answers else None)


def take(session: Session, given: Any) -> None:
    """Use settings, given as they are or under the section's name; null says nothing."""
    settings = _plain(given)
    if isinstance(settings, Mapping) and isinstance(settings.get(SECTION), Mapping):
        settings = settings[SECTION]
    if settings is None:
        return
    if not isinstance(settings, Mapping):
        log.warning("settings: expected an object, got %s", type(settings).__name__)
        return
    chosen = {name: value for name, value in settings.items() if value is not None}
    if chosen == session.settings:
        return
    session.settings = chosen
    log_from(log_level(chosen))
    session.schedule.change(partial(_configure, chosen))
    session.renew_all()


def _configure(settings: Mapping[str, Any], projects: Projects) -> None:
    projects.configure(settings)


def _plain(value: Any) -> Any:
    """pygls gives JSON objects of unknown type as named tuples or as dicts."""
    if isinstance(value, Mapping):
        return {str(name): _plain(item) for name, item in value.items()}
    if hasattr(value, "_asdict"):
        return _plain(value._asdict())
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value
