"""Clients that listen to rooms over every transport, and come back by themselves when their connection ends."""

import asyncio
import json
import random
import ssl
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field

import aiohttp
import socketio
import websockets
from socketio.exceptions import SocketIOError

from suite import stack

STATES = {"position:updated", "display:update", "queue:updated"}
# The server says something every five seconds: a connection that is silent for this long is dead.
SILENCE_SECONDS = 9
PAUSE_SECONDS = (0.1, 0.4)
# What is answered for a ticket that is over, by `/ws` and Socket.IO, and over HTTP.
GONE = {"not-found", "404"}


@dataclass(frozen=True)
class Heard:
    """A payload, and when it arrived."""

    at: float
    event: str
    payload: dict


@dataclass
class Spell:
    """The time from the first state on a connection until its end."""

    begun: float
    ended: float = float("inf")


class Refused(Exception):
    """The server does not let the client into the room, and says why."""


class Ended(Exception):
    """The room has ended."""


class Listener(ABC):
    """Follows one room until it is stopped or the room ends. Times are those of `time.monotonic`."""

    transport = ""

    def __init__(self, room: str, token: str | None = None, address: str = stack.GATEWAY):
        """`token` is that of a display, or an access token."""
        self.room, self.token, self.address = room, token, address.rstrip("/")
        self.heard: list[Heard] = []
        self.spells: list[Spell] = []
        self.refusals: list[str] = []
        # When the room ended, or was not found any more; None before.
        self.gone: float | None = None
        self.is_stopped = False
        self._work: asyncio.Task | None = None

    def __str__(self) -> str:
        return f"{self.room.partition(':')[0]} over {self.transport}"

    @property
    def states(self) -> list[Heard]:
        return [heard for heard in list(self.heard) if heard.event in STATES]

    @property
    def last(self) -> dict | None:
        """The last state."""
        return next((heard.payload for heard in reversed(self.heard) if heard.event in STATES), None)

    @property
    def is_connected(self) -> bool:
        return bool(self.spells) and self.spells[-1].ended == float("inf")

    async def run(self) -> None:
        while not self.is_stopped and self.gone is None:
            try:
                await self.follow()
            except Ended:
                self.gone = time.monotonic()
            except Refused as refusal:
                if str(refusal) in GONE:
                    self.gone = time.monotonic()
                elif str(refusal) != "busy":
                    self.refusals.append(str(refusal))
            except (OSError, asyncio.TimeoutError, aiohttp.ClientError, websockets.WebSocketException, SocketIOError):
                pass
            except Exception as error:  # the verdict names it
                self.refusals.append(repr(error))
            finally:
                self._cut()
            await asyncio.sleep(random.uniform(*PAUSE_SECONDS))

    @abstractmethod
    async def follow(self) -> None:
        """Connects, joins and listens until the connection ends."""

    def hear(self, event: str, payload: dict) -> None:
        if event == "room:closed":
            raise Ended
        if event in ("refused", "auth:expired"):
            raise Refused(payload.get("code", event))
        now = time.monotonic()
        if event in STATES and not self.is_connected:
            self.spells.append(Spell(now))
        self.heard.append(Heard(now, event, payload))

    def _cut(self) -> None:
        if self.is_connected:
            self.spells[-1].ended = time.monotonic()


class SocketListener(Listener):
    """Over `/ws`."""

    transport = "WebSocket"

    async def follow(self) -> None:
        url = self.address.replace("http", "ws", 1) + "/ws"
        async with websockets.connect(
            url, ssl=_trust(url), open_timeout=SILENCE_SECONDS, ping_interval=4, ping_timeout=4, close_timeout=1,
        ) as socket:
            wish = {"type": "join", "room": self.room}
            if self.token and self.room.startswith("display:"):
                wish["token"] = self.token
            elif self.token:
                await socket.send(json.dumps({"type": "auth", "token": self.token}))
            await socket.send(json.dumps(wish))
            async for text in socket:
                self._take(json.loads(text))

    def _take(self, message: dict) -> None:
        if message["type"] == "error":
            raise Refused(message["code"])
        if message["type"] == "joined":
            self.hear(message["event"], message["data"])
        elif message["type"] != "authenticated":
            self.hear(message["type"], message.get("data", {}))


class StreamListener(Listener):
    """Server-sent events."""

    transport = "SSE"

    async def follow(self) -> None:
        fields = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=SILENCE_SECONDS, sock_read=SILENCE_SECONDS)
        async with aiohttp.ClientSession(timeout=timeout, headers=fields) as session:
            url = f"{self.address}/api/realtime/events"
            async with session.get(url, params={"room": self.room}, ssl=_trust(url)) as answer:
                if answer.status != 200:
                    raise Refused("busy" if answer.status in (502, 503, 504) else str(answer.status))
                await self._read(answer.content)

    async def _read(self, content: aiohttp.StreamReader) -> None:
        event, data = "", ""
        async for line in content:
            name, _, value = line.decode().rstrip("\r\n").partition(":")
            if name == "event":
                event = value.strip()
            elif name == "data":
                data += value.strip()
            elif not name and not value and data:
                if event == "end":
                    return
                self.hear(event, json.loads(data))
                event, data = "", ""


class SocketIOListener(Listener):
    """python-socketio, which begins a new session on each connection."""

    def __init__(self, room: str, token: str | None = None, address: str = stack.GATEWAY, polls: bool = False):
        super().__init__(room, token, address)
        self.transport = "Socket.IO polling" if polls else "Socket.IO"
        self._transports = ["polling"] if polls else None

    async def follow(self) -> None:
        over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        connector = aiohttp.TCPConnector(ssl=_trust(self.address))
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=SILENCE_SECONDS, sock_read=30)
        async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:
            client = socketio.AsyncClient(reconnection=False, http_session=session)
            self._serve(client, over)
            auth = {"rooms": [self.room]} | ({"token": self.token} if self.token else {})
            try:
                await self._connect(client, auth, over)
                await over
            finally:
                await client.disconnect()

    async def _connect(self, client: socketio.AsyncClient, auth: dict, over: asyncio.Future) -> None:
        try:
            await client.connect(self.address, auth=auth, transports=self._transports, wait_timeout=SILENCE_SECONDS)
        except TypeError as error:
            # python-engineio fails so when the connection ends while it is being made.
            raise ConnectionError from error
        except SocketIOError:
            if over.done():
                # It raises why the server refused.
                await over
            raise

    def _serve(self, client: socketio.AsyncClient, over: asyncio.Future) -> None:
        def settle(reason: Exception | None) -> None:
            if not over.done():
                over.set_exception(reason) if reason else over.set_result(None)

        def hear(event: str, *arguments: dict) -> None:
            try:
                self.hear(event, arguments[0] if arguments else {})
            except (Ended, Refused) as reason:
                settle(reason)

        def refuse(data: object = None) -> None:
            if isinstance(data, dict):
                settle(Refused(data.get("message", "")))

        client.on("*", hear)
        client.on("connect_error", refuse)
        client.on("disconnect", lambda *_: settle(None))


def _trust(address: str) -> ssl.SSLContext | bool | None:
    if address.startswith(("https", "wss")):
        return ssl.create_default_context(cafile=stack.AUTHORITY)
    return None if address.startswith("ws") else False


TRANSPORTS: list[Callable[..., Listener]] = [
    SocketListener, StreamListener, SocketIOListener, lambda *room: SocketIOListener(*room, polls=True)]


@dataclass
class Listening:
    """All listeners of a test, in one thread, until the end of the block."""

    listeners: list[Listener] = field(default_factory=list)

    def __enter__(self) -> "Listening":
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="listeners", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        for listener in self.listeners:
            self.stop(listener)
        tasks = [listener._work for listener in self.listeners if listener._work]
        asyncio.run_coroutine_threadsafe(_settled(tasks), self._loop).result(30)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def add(self, listener: Listener) -> Listener:
        """Starts a listener."""
        self.listeners.append(listener)

        async def start() -> None:
            listener._work = asyncio.ensure_future(listener.run())

        self.run(start())
        return listener

    def stop(self, listener: Listener) -> None:
        """Ends a listener, and its connection."""
        listener.is_stopped = True
        if listener._work:
            self._loop.call_soon_threadsafe(listener._work.cancel)

    def run(self, work):
        """The result of a coroutine in the thread of the listeners."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)


async def _settled(tasks: list[asyncio.Task]) -> None:
    await asyncio.gather(*tasks, return_exceptions=True)
