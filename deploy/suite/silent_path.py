"""A network that can lose everything silently: no connection ends, and nothing arrives."""

import asyncio
import contextlib
import socket
import threading
from urllib.parse import urlsplit

# So little that what is sent through a silenced path is soon more than it takes, and is not acknowledged any more.
BUFFER_SIZE = 2048


class SilentPath:
    """Carries bytes to a server until it is silenced, within the block. Its `address` stands for that of the server."""

    def __init__(self, address: str):
        self._target = urlsplit(address)
        self._loop = asyncio.new_event_loop()
        self._is_open: asyncio.Event | None = None
        self._thread = threading.Thread(target=self._loop.run_forever, name="silent-path", daemon=True)

    def __enter__(self) -> "SilentPath":
        self._thread.start()
        self._port = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    @property
    def address(self) -> str:
        return f"{self._target.scheme}://{self._target.hostname}:{self._port}"

    def silence(self) -> None:
        """From now on nothing arrives on either side."""
        self._loop.call_soon_threadsafe(self._is_open.clear)

    def heal(self) -> None:
        """What was sent meanwhile arrives, as TCP repeats it."""
        self._loop.call_soon_threadsafe(self._is_open.set)

    async def _listen(self) -> int:
        self._is_open = asyncio.Event()
        self._is_open.set()
        listener = socket.create_server(("127.0.0.1", 0))
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_SIZE)
        self._server = await asyncio.start_server(self._carry, sock=listener, limit=BUFFER_SIZE)
        return listener.getsockname()[1]

    async def _close(self) -> None:
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.CancelledError):
            await self._is_open.wait()
            far = socket.socket()
            far.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_SIZE)
            far.setblocking(False)
            await asyncio.get_running_loop().sock_connect(far, (self._target.hostname, self._target.port))
            far_reader, far_writer = await asyncio.open_connection(sock=far, limit=BUFFER_SIZE)
            await asyncio.gather(self._pass(reader, far_writer), self._pass(far_reader, writer))

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(BUFFER_SIZE):
                await self._is_open.wait()
                writer.write(data)
                await writer.drain()
        await self._is_open.wait()
        writer.close()
