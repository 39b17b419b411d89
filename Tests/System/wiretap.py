"""Clients that keep every byte that a server sends them, over each transport of live updates and through the gateway."""

import json
import socket
import ssl
import threading
from collections.abc import Iterable
from contextlib import suppress
from urllib.parse import quote, urlsplit

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from suite import stack
from suite.http import Client

_TRUST = ssl.create_default_context(cafile=stack.AUTHORITY)
_GATEWAY = urlsplit(stack.GATEWAY)
_SOCKETS = f"wss://{_GATEWAY.netloc}"


class Tap:
    """A client in rooms. A client whose rooms are refused goes on for as long as the server lets it."""

    def __init__(self, rooms: Iterable[str], token: str | None = None):
        self.rooms, self.token = list(rooms), token
        self._received, self._open, self._ended = bytearray(), None, False
        threading.Thread(target=self._run, name=type(self).__name__, daemon=True).start()

    @property
    def text(self) -> str:
        """Everything so far, with escapes resolved."""
        text = self._received.decode(errors="replace")
        return text + text.encode("ascii", "backslashreplace").decode("unicode_escape", "replace")

    def close(self) -> None:
        self._ended = True
        with suppress(OSError):  # it may have ended by itself
            if isinstance(self._open, socket.socket):
                self._open.shutdown(socket.SHUT_RDWR)
            elif self._open is not None:
                self._open.close()

    def _keep(self, data: str | bytes) -> None:
        self._received += data.encode() if isinstance(data, str) else data

    def _run(self) -> None:
        try:
            self._listen()
        except (ConnectionClosed, OSError, ValueError):
            if not self._ended:
                self._keep("\n(cut)\n")

    def _listen(self) -> None:
        raise NotImplementedError

    @property
    def _auth(self) -> str:
        return json.dumps({"rooms": self.rooms} | ({"token": self.token} if self.token else {}))


class PlainTap(Tap):
    """`/ws`."""

    def _listen(self) -> None:
        is_display = self.token is not None and self.token.count(".") == 1  # an access token has two
        with connect(f"{_SOCKETS}/ws", ssl=_TRUST, max_size=None) as self._open:
            if self.token and not is_display:
                self._open.send(json.dumps({"type": "auth", "token": self.token}))
            for room in self.rooms:
                self._open.send(json.dumps({"type": "join", "room": room} | ({"token": self.token} if is_display else {})))
            for message in self._open:
                self._keep(message)


class SocketTap(Tap):
    """Socket.IO over a WebSocket, which asks for each room as well."""

    def _listen(self) -> None:
        with connect(f"{_SOCKETS}/socket.io/?EIO=4&transport=websocket", ssl=_TRUST, max_size=None) as self._open:
            self._keep(self._open.recv())
            self._open.send(f"40{self._auth}")
            for message in self._open:
                self._keep(message)
                if message == "2":
                    self._open.send("3")


class PollTap(Tap):
    """Socket.IO over long polling."""

    def _listen(self) -> None:
        client, path = Client(), "/socket.io/?EIO=4&transport=polling"
        opened = client.get(path)
        self._keep(opened.body)
        path += "&sid=" + json.loads(opened.body[1:])["sid"]
        client.request("POST", path, body=f"40{self._auth}".encode())
        while not self._ended:
            answer = client.get(path)
            self._keep(answer.body)
            if answer.status != 200:
                return
            if b"2" in answer.body.split(b"\x1e"):
                client.request("POST", path, body=b"3")


class StreamTap(Tap):
    """Server-sent events."""

    def _listen(self) -> None:
        query = "&".join(f"room={quote(room)}" for room in self.rooms) + (f"&token={self.token}" if self.token else "")
        with socket.create_connection((_GATEWAY.hostname, _GATEWAY.port)) as plain:
            with _TRUST.wrap_socket(plain, server_hostname=_GATEWAY.hostname) as stream:
                self._open = stream
                stream.sendall(
                    f"GET /api/realtime/events?{query} HTTP/1.1\r\nHost: {_GATEWAY.netloc}\r\n\r\n".encode())
                while data := stream.recv(65536):
                    self._keep(data)
                self._open = None


ALL = (PlainTap, SocketTap, PollTap, StreamTap)
