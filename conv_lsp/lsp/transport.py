"""Messages in and out: over standard input and output, or over one TCP connection.

Reading is our own. pygls reads standard input on the pool that its thread handlers use, in three
hand-overs a message, and leaves a request with undecodable parameters without an answer.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
import threading
from typing import TYPE_CHECKING, BinaryIO, Protocol

from pygls.exceptions import JsonRpcException, JsonRpcInvalidRequest, JsonRpcParseError
from pygls.io_ import StdoutWriter

if TYPE_CHECKING:
    from conv_lsp.lsp.protocol import ServerProtocol

log = logging.getLogger(__name__)

_CHUNK = 1 << 16


class _Input(Protocol):
    def fileno(self) -> int: ...


async def serve(protocol: ServerProtocol, reader: asyncio.StreamReader) -> None:
    """Handle messages until the client's end is closed."""
    while (body := await _read_message(reader)) is not None:
        _dispatch(protocol, body)


async def _read_message(reader: asyncio.StreamReader) -> bytes | None:
    """The body of the next message; None at the end of the stream."""
    length: int | None = None
    while True:
        try:
            header = await reader.readline()
        except ValueError:  # a line longer than the reader's limit is no header
            continue
        if not header:
            return None
        name, _, value = header.partition(b":")
        if name.strip().lower() == b"content-length" and value.strip().isdigit():
            length = int(value)
        elif not header.strip() and length is not None:
            break
    try:
        return await reader.readexactly(length)
    except asyncio.IncompleteReadError:
        return None


def _dispatch(protocol: ServerProtocol, body: bytes) -> None:
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        log.warning("a message is not JSON: %s", error)
        protocol.refuse(None, JsonRpcParseError())
        return
    if not isinstance(data, dict) or "jsonrpc" not in data:
        log.warning("a message is not JSON-RPC")
        identity = data.get("id") if isinstance(data, dict) else None
        protocol.refuse(identity, JsonRpcInvalidRequest())
        return
    try:
        message = protocol.structure_message(data)
    except JsonRpcException:
        return  # answered and logged where it was found
    try:
        protocol.handle_message(message)
    except Exception:
        log.exception("a message could not be handled")


def _feed(source: _Input, reader: asyncio.StreamReader, loop: asyncio.AbstractEventLoop) -> None:
    """Pass on what arrives, as it arrives. Runs on a thread of its own."""
    try:
        while chunk := os.read(source.fileno(), _CHUNK):
            loop.call_soon_threadsafe(reader.feed_data, chunk)
        loop.call_soon_threadsafe(reader.feed_eof)
    except (OSError, RuntimeError):  # the pipe broke, or the loop has ended before us
        if not loop.is_closed():
            loop.call_soon_threadsafe(reader.feed_eof)


async def serve_stdio(protocol: ServerProtocol, source: _Input, out: BinaryIO) -> None:
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    protocol.set_writer(StdoutWriter(out))
    # A daemon: a read that never returns must not hold up the end of the process.
    threading.Thread(target=_feed, args=(source, reader, loop), name="stdin", daemon=True).start()
    await serve(protocol, reader)


async def serve_tcp(protocol: ServerProtocol, host: str, port: int) -> None:
    """Serve one client and end with it."""
    done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if protocol.writer is not None:
            writer.close()
            return
        protocol.set_writer(writer)
        try:
            await serve(protocol, reader)
        except ConnectionError:
            log.info("the connection was lost")
        except SystemExit as exit_:
            # An exception in a connection's task would only be logged.
            done.set_exception(_Exit(exit_.code))
        finally:
            if not done.done():
                done.set_result(None)

    server = await asyncio.start_server(connected, host, port)
    address = server.sockets[0].getsockname()
    sys.stderr.write(f"conv-lsp: listening on {address[0]}:{address[1]}\n")
    sys.stderr.flush()
    async with server:
        try:
            await done
        except _Exit as exit_:
            raise SystemExit(exit_.code) from None


class _Exit(Exception):
    def __init__(self, code: object) -> None:
        super().__init__()
        self.code = code


def claim_stdout() -> BinaryIO:
    """The real standard output, for the protocol alone; whatever else prints goes to stderr."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return out
