"""Clients of live updates: over Socket.IO, a plain WebSocket and server-sent events. They come back by themselves."""

import asyncio
import json
import random
import ssl
import threading
import time
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

import aiohttp
import socketio
import websockets

from suite import stack

# The events that carry the whole state of a room.
STATES = ("position:updated", "queue:updated", "display:update")
TRANSPORTS = {"polling": ["polling"], "websocket": ["websocket"], "upgrade": ["polling", "websocket"]}
_TRUST = ssl.create_default_context(cafile=stack.AUTHORITY)


class Loop:
    """An event loop in a thread of its own, for a program that is none."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, name="live", daemon=True).start()

    def run(self, work: Coroutine, seconds: float = 60) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(seconds)

    def run_all(self, works: list[Coroutine], seconds: float = 60) -> None:
        async def together() -> None:
            await asyncio.gather(*works)

        self.run(together(), seconds)


@dataclass(frozen=True)
class Heard:
    """An event as it came, at a time of `time.monotonic`."""

    event: str
    payload: dict
    at: float


@dataclass(frozen=True)
class Absence:
    """From the loss of the connection to the next state."""

    lost: float
    back: float


class Follower:
    """A client in one room. It applies states by their version, as docs/realtime.md says."""

    def __init__(self, room: str, token: str | None = None, address: str = stack.GATEWAY):
        self.room, self.token, self.address = room, token, address
        self.heard: list[Heard] = []
        self.absences: list[Absence] = []
        self.state: dict = {}
        self.lost_at: float | None = None
        self._is_stopped = False

    async def start(self) -> None:
        """Connects and joins the room."""
        raise NotImplementedError

    async def stop(self) -> None:
        self._is_stopped = True

    def reached_at(self, event: str, **members: Any) -> float | None:
        """When an event with these members came first; None if it has not."""
        return next((heard.at for heard in self.events(event) if members.items() <= heard.payload.items()), None)

    def events(self, name: str) -> list[Heard]:
        return [heard for heard in list(self.heard) if heard.event == name]

    def hear(self, event: str, payload: dict) -> None:
        now = time.monotonic()
        self.heard.append(Heard(event, payload, now))
        if event not in STATES:
            return
        if payload["version"] >= self.state.get("version", 0):
            self.state = payload
        if self.lost_at is not None:
            self.absences.append(Absence(self.lost_at, now))
            self.lost_at = None

    def lose(self) -> None:
        if self.lost_at is None and not self._is_stopped:
            self.lost_at = time.monotonic()


class SocketFollower(Follower):
    """python-socketio as it comes, which reconnects after a pause of its own."""

    def __init__(self, room: str, token: str | None = None, address: str = stack.GATEWAY, transport: str = "upgrade"):
        super().__init__(room, token, address)
        self.transport = transport

    async def start(self) -> None:
        # Of the loop that runs it, so it is made here.
        limits = aiohttp.ClientTimeout(total=None, sock_connect=2)
        self._http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=_TRUST, limit=0), timeout=limits)
        self.client = socketio.AsyncClient(http_session=self._http)
        # A text for the recovery of the connection follows the payload.
        self.client.on("*", lambda event, payload, *_: self.hear(event, payload))
        self.client.on("disconnect", lambda *_: self.lose())
        auth = {"rooms": [self.room]} | ({"token": self.token} if self.token else {})
        await self.client.connect(self.address, transports=TRANSPORTS[self.transport], auth=auth, wait_timeout=10)

    async def stop(self) -> None:
        await super().stop()
        try:
            await asyncio.wait_for(self.client.shutdown(), 5)
        except TimeoutError:
            pass  # its connections are closed all the same
        await self._http.close()

    @property
    def instance(self) -> str:
        """The name of the process that has the session."""
        return self.client.eio.sid.partition("-")[0]


class RestartingFollower(Follower):
    """One that connects again in a loop of its own."""

    async def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        await super().stop()
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            try:
                await self.follow()
            except (OSError, aiohttp.ClientError, websockets.WebSocketException, TimeoutError):
                pass  # it connects again
            self.lose()
            await asyncio.sleep(self.pause())

    async def follow(self) -> None:
        """Connects, joins the room, and hears what comes until the connection is lost."""
        raise NotImplementedError

    def pause(self) -> float:
        """How long to wait before the next connection."""
        raise NotImplementedError


class FeedFollower(RestartingFollower):
    """A client of `/ws`."""

    async def follow(self) -> None:
        address = self.address.replace("https:", "wss:") + "/ws"
        # The server pings every five seconds.
        async with websockets.connect(address, ssl=_TRUST, ping_interval=None) as connection:
            await connection.send(json.dumps({"type": "join", "room": self.room}))
            while True:
                message = json.loads(await asyncio.wait_for(connection.recv(), 60))
                self.hear(message.get("event", message["type"]), message.get("data") or message)
                if message["type"] == "error":
                    raise ConnectionError(message["code"])

    def pause(self) -> float:
        return random.uniform(0, 2)


class StreamFollower(RestartingFollower):
    """What an `EventSource` does."""

    async def follow(self) -> None:
        query = {"room": self.room} | ({"token": self.token} if self.token else {})
        # A heartbeat comes every five seconds.
        limits = aiohttp.ClientTimeout(total=None, sock_connect=5, sock_read=10)
        async with (
            aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=_TRUST), timeout=limits) as http,
            http.get(self.address + "/api/realtime/events", params=query) as answer,
        ):
            answer.raise_for_status()
            event, data = "", ""
            async for line in answer.content:
                name, _, text = line.decode().rstrip("\n").partition(": ")
                if name == "event":
                    event = text
                elif name == "data":
                    data = text
                elif not name and event:
                    self.hear(event, json.loads(data))
                    event, data = "", ""

    def pause(self) -> float:
        return 2


class Network:
    """A way to the gateway that can fall silent: connections stay open, and nothing passes through them any more."""

    def __init__(self) -> None:
        self._server: asyncio.Server | None = None
        self._is_silent = False
        self._generation = 0

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._connect, "127.0.0.1")

    async def stop(self) -> None:
        self._server.close()

    @property
    def address(self) -> str:
        return f"https://localhost:{self._server.sockets[0].getsockname()[1]}"

    def fall_silent(self) -> None:
        self._is_silent = True
        self._generation += 1

    def come_back(self) -> None:
        """For new connections: those that were silent stay so, as after a change of network."""
        self._is_silent = False

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        port = int(stack.GATEWAY.rpartition(":")[2])
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", port)
        generation = -1 if self._is_silent else self._generation
        await asyncio.gather(
            self._pass(reader, far_writer, generation), self._pass(far_reader, writer, generation),
            return_exceptions=True)
        for end in (writer, far_writer):
            end.close()

    async def _pass(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, generation: int) -> None:
        while data := await source.read(65536):
            if generation == self._generation:
                sink.write(data)
                await sink.drain()
        if generation == self._generation:
            sink.close()
