"""Clients that begin what they never end, from many addresses of the loopback network, in a process of their own."""

import asyncio
import multiprocessing
import os
import resource
import socket
import ssl
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from urllib.parse import urlsplit

from suite import stack

CONNECT_SECONDS = 10
# How long a client waits before it takes the place of a connection that has ended.
PAUSE_SECONDS = 1
# Their computing would be done elsewhere: it gives way to that of the suite and of those who book.
NICENESS = 10
START_SECONDS = 90


@dataclass
class Tally:
    """What became of the connections."""

    opened: int = 0
    # Ended by the gateway, or never accepted.
    ended: int = 0


@dataclass(frozen=True)
class Attack(ABC):
    name: str
    addresses: int
    # At a time, from all addresses together.
    connections: int

    # Whether the TLS handshake is done.
    speaks_tls = True

    def __str__(self) -> str:
        return f"{self.connections} {self.name}, {self.addresses} address{'es' if self.addresses > 1 else ''}"

    @abstractmethod
    async def play(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Returns or throws once the gateway has ended the connection."""

    async def one(self, number: int, tally: Tally) -> None:
        """Keeps one connection open as long as the gateway permits, and then opens another."""
        address = f"127.0.1.{1 + number % self.addresses}"
        while True:
            with suppress(OSError, TimeoutError, EOFError):
                reader, writer = await asyncio.wait_for(self._connect(address), CONNECT_SECONDS)
                tally.opened += 1
                try:
                    await self.play(reader, writer)
                finally:
                    writer.transport.abort()
            tally.ended += 1
            await asyncio.sleep(PAUSE_SECONDS)

    async def _connect(self, address: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        url = urlsplit(stack.GATEWAY)
        connection = socket.socket()
        connection.setblocking(False)
        # Small, so that what is not read stays with the gateway.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.bind((address, 0))
        try:
            await asyncio.get_running_loop().sock_connect(connection, ("127.0.0.1", url.port))
        except BaseException:
            connection.close()
            raise
        tls = {"ssl": _TLS, "server_hostname": url.hostname} if self.speaks_tls else {}
        return await asyncio.open_connection(sock=connection, limit=4096, **tls)


@dataclass(frozen=True)
class Silent(Attack):
    speaks_tls = False

    async def play(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()


@dataclass(frozen=True)
class Half(Attack):
    """Sends the beginning of a request and then a byte a second."""

    begin: bytes = b""

    async def play(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(self.begin)
        answer = asyncio.ensure_future(reader.read())
        try:
            while not (await asyncio.wait([answer], timeout=1))[0]:
                writer.write(b"x")
        finally:
            answer.cancel()


@dataclass(frozen=True)
class SlowReader(Attack):
    """Asks for a large answer and takes a few bytes of it a second."""

    async def play(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"GET /openapi/booking.json HTTP/1.1\r\nHost: x\r\n\r\n")
        while await reader.read(100):
            await asyncio.sleep(1)


@dataclass(frozen=True)
class Churn(Attack):
    """Opens connections and closes them at once, as fast as it can, every other one with the handshake half done."""

    speaks_tls = False

    async def play(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None: ...

    async def one(self, number: int, tally: Tally) -> None:
        address = f"127.0.1.{1 + number % self.addresses}"
        # The beginning of a ClientHello.
        hello = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"
        while True:
            with suppress(OSError, TimeoutError):
                _, writer = await asyncio.wait_for(self._connect(address), CONNECT_SECONDS)
                tally.opened += 1
                if tally.opened % 2:
                    writer.write(hello)
                    await asyncio.sleep(0.01)
                writer.transport.abort()
            tally.ended += 1
            await asyncio.sleep(0.1)


_TLS = ssl.create_default_context(cafile=stack.AUTHORITY)
_HEAD = b"GET /api/slots HTTP/1.1\r\nHost: x\r\nX-Slow: "
_BODY = (b"POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n"
         + b" " * 20_000)


def all_attacks(size: float = 1) -> list[Attack]:
    """The larger, the more connections; with 1 as many as shut everyone out before there were shares."""
    def count(connections: int) -> int:
        return max(10, round(connections * size))

    return [
        Silent("silent connections", 1, count(2050)),
        Silent("silent connections at once", 20, count(2000)),
        Half("half heads", 10, count(600), begin=_HEAD),
        Half("half bodies", 10, count(640), begin=_BODY),
        SlowReader("slow readers", 10, count(400)),
        Churn("clients that open and close connections", 4, count(40)),
    ]


@contextmanager
def under(attack: Attack) -> Iterator[Tally]:
    """Attacks until the end of the context, when the tally is filled in. Begins once each connection was tried."""
    context, tally = multiprocessing.get_context("spawn"), Tally()
    ours, theirs = context.Pipe()
    process = context.Process(target=_attack, args=(attack, theirs), daemon=True)
    process.start()
    try:
        if not ours.poll(START_SECONDS):
            raise TimeoutError(f"not all connections were tried: {attack}")
        ours.recv()
        yield tally
        ours.send("end")
        result: Tally = ours.recv()
        tally.opened, tally.ended = result.opened, result.ended
    finally:
        process.kill()
        process.join()


def _attack(attack: Attack, link: Connection) -> None:
    os.nice(NICENESS)
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    asyncio.run(_play(attack, link))


async def _play(attack: Attack, link: Connection) -> None:
    tally = Tally()
    clients = [asyncio.ensure_future(attack.one(number, tally)) for number in range(attack.connections)]
    while tally.opened + tally.ended < attack.connections:
        await asyncio.sleep(0.05)
    link.send("begun")
    await asyncio.get_running_loop().run_in_executor(None, link.recv)
    link.send(tally)
    for client in clients:
        client.cancel()
    await asyncio.gather(*clients, return_exceptions=True)
