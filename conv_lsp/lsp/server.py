"""How the server starts and ends. Nothing is imported before it has to be."""

from __future__ import annotations

import asyncio
import gc
import sys
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from conv_lsp.lsp.protocol import ServerProtocol

# Seconds that a busy thread keeps the others waiting: a request arrives while an analysis runs.
SWITCH_INTERVAL = 0.001

# An analysis makes many objects and keeps most: at Python's own thresholds a fifth of it is spent
# on looking for garbage. It is done when the worker is idle; this is for who types without a pause.
# Until an analysis has taken the place of the last one, both are there: 20,000 is reached each time.
COLLECTION = (100_000, 20, 1_000)


def run_stdio() -> None:
    """Serve one client on standard input and output until it leaves."""

    def serve(protocol: ServerProtocol) -> Awaitable[None]:
        from conv_lsp.lsp import transport

        return transport.serve_stdio(protocol, sys.stdin.buffer, transport.claim_stdout())

    _run(serve)


def run_tcp(host: str = "127.0.0.1", port: int = 2087) -> None:
    """Serve one client on a TCP port until it leaves; port 0 is any free one.

    Whoever can connect can have files read: other hosts than this one are the caller's choice.
    Raises SystemExit with the reason if the port cannot be had.
    """

    def serve(protocol: ServerProtocol) -> Awaitable[None]:
        from conv_lsp.lsp import transport

        return transport.serve_tcp(protocol, host, port)

    try:
        _run(serve)
    except OSError as error:
        raise SystemExit(f"conv-lsp: cannot listen on {host}:{port}: {error}") from None


def _run(serve: Callable[[ServerProtocol], Awaitable[None]]) -> None:
    # The imports make a thousand classes and no garbage: an eighth of them is spent on looking.
    gc.disable()
    from conv_lsp.lsp import logs
    from conv_lsp.lsp.language_server import build

    server = build()
    gc.freeze()
    gc.enable()
    gc.set_threshold(*COLLECTION)
    sys.setswitchinterval(SWITCH_INTERVAL)

    async def main() -> None:
        logs.send_to_client(server, asyncio.get_running_loop())
        await serve(cast("ServerProtocol", server.protocol))

    try:
        asyncio.run(main())
    except (KeyboardInterrupt, BrokenPipeError):
        pass
    finally:
        server.end()
