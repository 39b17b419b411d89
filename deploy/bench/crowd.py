"""Many clients of one server that keep their connections open, in a process of their own: `crowd.c`."""

import csv
import json
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from suite import stack

_SOURCE = Path(__file__).with_name("crowd.c")
_PROGRAM = stack.ROOT / ".local" / "crowd"


@dataclass
class Arrival:
    """A message at one client. The time is that of `time.monotonic_ns()`."""

    number: int
    at: int
    client: int


class Crowd:
    """Clients that have connected. Client number n sends the messages in `first[n]` when its WebSocket is open, modulo their
    number; `{n}` in texts is its number.

    `marker` is what stands before a number in each message, `"version":` for example. The clients have several addresses,
    so that limits per address do not meet them.
    """

    def __init__(self, port: int, connections: int, request: str, *, first: list[list[str]] | None = None,
                 marker: str = "", is_stream: bool = False, addresses: int = 50):
        _compile()
        self._folder = tempfile.TemporaryDirectory()
        command = [_PROGRAM, str(port), str(connections), str(addresses), "sse" if is_stream else "ws",
                   self._file("request", request), self._file("first", _lines(first)) if first else "", marker]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.opening = self._answer()

    def __enter__(self) -> "Crowd":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.stdin.close()
        self._process.wait()
        self._folder.cleanup()

    def wait(self, count: int, seconds: float) -> dict:
        """Until `count` messages have come since the last `arrivals`, at most so long."""
        return self._ask(f"wait {count} {int(seconds * 1000)}")

    def arrivals(self) -> list[Arrival]:
        """The messages that have come since it was last called."""
        path = Path(self._folder.name, "arrivals")
        self._ask(f"dump {path}")
        with path.open() as file:
            return [Arrival(*map(int, row)) for row in csv.reader(file)]

    def stop(self, client: int) -> None:
        """A client that reads no more, and stays connected."""
        self._ask(f"stop {client}")

    def say(self, text: str) -> None:
        """All clients send a message."""
        self._ask(f"say {text}")

    def reopen(self) -> dict:
        """Cuts all connections at once and opens them again; `ms` until each client has got a message, with the marker if
        there is one."""
        return self._ask("reopen")

    def state(self) -> dict:
        """How many connections are open, were closed by the server, were refused, have permessage-deflate; how many compressed
        messages have come."""
        return self._ask("state")

    def _file(self, name: str, text: str) -> str:
        path = Path(self._folder.name, name)
        path.write_bytes(text.encode())
        return str(path)

    def _ask(self, command: str) -> dict:
        self._process.stdin.write(command + "\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> dict:
        return json.loads(self._process.stdout.readline())


def upgrade(path: str, **headers: str) -> str:
    """The head of a request for a WebSocket. Underscores in names are hyphens."""
    return _head(path, Connection="Upgrade", Upgrade="websocket", Sec_WebSocket_Version="13",
                 Sec_WebSocket_Key="dGhlIHNhbXBsZSBub25jZQ==", **headers)


def stream(path: str, **headers: str) -> str:
    """The head of a request for a stream of events."""
    return _head(path, Accept="text/event-stream", **headers)


def _lines(messages: list[list[str]]) -> str:
    return "".join("\t".join(each) + "\n" for each in messages)


def _head(path: str, **headers: str) -> str:
    fields = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{fields}\r\n"


def _compile() -> None:
    if not _PROGRAM.exists() or _PROGRAM.stat().st_mtime < _SOURCE.stat().st_mtime:
        subprocess.run(["cc", "-O2", "-Wall", "-o", _PROGRAM, _SOURCE], check=True)
