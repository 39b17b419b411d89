"""What the scripts share: requests and frames of Engine.IO, and the runner of their checks."""

import asyncio
import inspect
import json
import sys
import time
import traceback

import aiohttp

PORT = int(sys.argv[1])
BASE = f"http://127.0.0.1:{PORT}"


class Peer:
    """One client of Engine.IO at a path."""

    def __init__(self, http, path="/engine.io/"):
        self.http = http
        self.path = path

    def url(self, transport, sid=None, **query):
        parts = {"EIO": "4", "transport": transport} | ({"sid": sid} if sid else {}) | query
        return f"{BASE}{self.path}?" + "&".join(f"{name}={value}" for name, value in parts.items())

    async def request(self, method, url, body=None, **options):
        async with self.http.request(method, url, data=body, **options) as answer:
            return answer.status, await answer.text(), answer.headers

    async def open(self):
        status, text, _ = await self.request("GET", self.url("polling"))
        assert status == 200, (status, text)
        assert text[0] == "0", text
        return json.loads(text[1:])["sid"]

    async def poll(self, sid, **query):
        status, text, _ = await self.request("GET", self.url("polling", sid, **query))
        return status, text

    async def push(self, sid, body):
        status, text, _ = await self.request("POST", self.url("polling", sid), body)
        return status, text

    async def socket(self, sid=None, **options):
        return await self.http.ws_connect(self.url("websocket", sid), autoping=True, max_msg_size=0, **options)

    async def opened(self):
        """A WebSocket whose handshake is read."""
        socket = await self.socket()
        handshake = await receive(socket)
        assert handshake[0] == "0", handshake
        return socket

    async def connected(self, namespace="", auth=""):
        """A WebSocket that is connected to a namespace, and what the server answered."""
        socket = await self.opened()
        await socket.send_str(f"40{namespace}{auth}")
        answer = await receive(socket)
        assert answer.startswith(f"40{namespace}"), answer
        return socket, json.loads(answer[len(namespace) + 2 :])


async def receive(socket, pings=False):
    """The next message; pings of Engine.IO are answered and passed over."""
    while True:
        message = await asyncio.wait_for(socket.receive(), 5)
        if message.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.CLOSING):
            return None
        assert message.type in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY), message
        if message.data != "2" or pings:
            return message.data
        await socket.send_str("3")


async def probe(peer, sid):
    """Opens the WebSocket to which a session changes, as far as the answer to its probe."""
    socket = await peer.socket(sid)
    await socket.send_str("2probe")
    assert await receive(socket) == "3probe"
    return socket


async def is_closed(socket):
    """Whether the server closes the connection, whatever it sends before."""
    while (await receive(socket, pings=True)) is not None:
        pass
    return True


async def stays_silent(socket, seconds=0.1):
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        try:
            message = await asyncio.wait_for(socket.receive(), left)
        except TimeoutError:
            return True
        if message.data != "2":
            return False
        await socket.send_str("3")
    return True


async def until(condition, seconds=5):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never happened"
        await asyncio.sleep(0.005)


async def run(checks):
    """Runs all checks, each with a session of its own, and prints one line for each."""
    failures = 0
    for check in checks:
        try:
            async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
                await asyncio.wait_for(check(http), 30)
            print("ok", check.__name__)
        except Exception:
            failures += 1
            print("failed", check.__name__)
            traceback.print_exc(file=sys.stdout)
    sys.exit(1 if failures else 0)


def main(names):
    """Runs the functions of a module that take nothing but `http`."""
    functions = [item for item in names.values() if asyncio.iscoroutinefunction(item) and item.__module__ == "__main__"]
    checks = [item for item in functions if list(inspect.signature(item).parameters) == ["http"]]
    chosen = [name for name in sys.argv[2:] if not name.isdigit()]
    asyncio.run(run([check for check in checks if not chosen or check.__name__ in chosen]))
