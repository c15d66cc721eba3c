from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest_asyncio

from tests.lsp.editor import FAKE, Editor

Start = Callable[..., Awaitable[Editor]]


@pytest_asyncio.fixture
async def start(tmp_path: Path) -> AsyncIterator[Start]:
    """Starts editors on servers, and sees to it that the servers end as they should."""
    editors: list[Editor] = []

    async def begin(
        name: str = "neovim",
        command: list[str] = FAKE,
        settings: dict[str, Any] | None = None,
        options: Any = None,
    ) -> Editor:
        editor = Editor(tmp_path, name, settings)
        editors.append(editor)
        await editor.start(command, options)
        return editor

    yield begin
    for editor in editors:
        assert await editor.leave() == 0
