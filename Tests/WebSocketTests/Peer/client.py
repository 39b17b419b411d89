"""An independent WebSocket client: asks an echo server for everything that a well-behaved client may do.

Usage: client.py PORT TOKEN. Prints one line for each check that passed; fails with a traceback at the first that did not.
"""

import asyncio
import sys

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

URL = f"ws://127.0.0.1:{sys.argv[1]}"
HEADERS = {"Authorization": f"Bearer {sys.argv[2]}"}


def session(path="/echo", compression=None, **options):
    return connect(URL + path, additional_headers=HEADERS, compression=compression, max_size=None, **options)


async def echoes_text_and_bytes_of_every_length():
    async with session() as socket:
        for size in (0, 1, 125, 126, 127, 128, 65_535, 65_536):
            for message in ("x" * size, b"\x00\xff" * (size // 2)):
                await socket.send(message)
                assert await socket.recv() == message, size


async def echoes_text_outside_ascii():
    async with session() as socket:
        for text in ("é", "日本語", "👩‍⚕️", "\u0000", "\U0010ffff"):
            await socket.send(text)
            assert await socket.recv() == text


async def joins_fragments():
    async with session() as socket:
        await socket.send(["one ", "two ", "", "three"])
        assert await socket.recv() == "one two three"
        await socket.send(iter([b"a", b"b", b"c"]))
        assert await socket.recv() == b"abc"


async def answers_pings():
    async with session() as socket:
        for content in (b"", b"x", b"y" * 125):
            await asyncio.wait_for(await socket.ping(content), 5)


async def closes_in_order():
    async with session() as socket:
        await socket.close(4001, "bye")
        assert (socket.close_code, socket.close_reason) == (4001, "bye")


async def is_closed_by_the_server():
    async with session() as socket:
        await socket.send("close 4002")
        try:
            await socket.recv()
        except ConnectionClosed as closed:
            assert closed.rcvd.code == 4002, closed
            return
        raise AssertionError("the connection stayed open")


async def chooses_a_subprotocol():
    async with session(subprotocols=["unknown", "second", "first"]) as socket:
        assert socket.subprotocol == "first"
    async with session(subprotocols=["unknown"]) as socket:
        assert socket.subprotocol is None


async def is_refused_before_the_upgrade():
    for path, headers, status in (("/echo", {}, 401), ("/nothing", HEADERS, 404)):
        try:
            async with connect(URL + path, additional_headers=headers):
                raise AssertionError("the connection was accepted")
        except InvalidStatus as refused:
            assert refused.response.status_code == status, refused
            assert refused.response.headers["Content-Type"] == "application/problem+json"


async def compresses_in_both_directions():
    async with session(compression="deflate") as socket:
        assert [extension.name for extension in socket.protocol.extensions] == ["permessage-deflate"]
        for size in (0, 1, 1023, 1024, 5_000, 65_535):
            for message in ("été " * (size // 6), bytes(index * index % 251 for index in range(size))):
                await socket.send(message)
                assert await socket.recv() == message, size


async def talks_at_once_on_many_connections():
    async def one(number):
        async with session() as socket:
            for turn in range(20):
                await socket.send(f"{number} {turn}")
                assert await socket.recv() == f"{number} {turn}"

    await asyncio.gather(*(one(number) for number in range(100)))


async def main():
    for check in (
        echoes_text_and_bytes_of_every_length,
        echoes_text_outside_ascii,
        joins_fragments,
        answers_pings,
        closes_in_order,
        is_closed_by_the_server,
        chooses_a_subprotocol,
        is_refused_before_the_upgrade,
        compresses_in_both_directions,
        talks_at_once_on_many_connections,
    ):
        await asyncio.wait_for(check(), 30)
        print(check.__name__)


asyncio.run(main())
