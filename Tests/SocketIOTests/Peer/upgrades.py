"""Upgrades of Engine.IO while messages pass both ways, against an echo at /engine.io/ that waits long for pongs."""

import asyncio

from wire import Peer, main, probe, receive


async def loses_nothing_in_many_upgrades(http):
    async def one(number):
        peer = Peer(http)
        sid = await peer.open()
        got, sent = [], 0

        async def push():
            nonlocal sent
            await peer.push(sid, f"4{sent}")
            sent += 1

        async def poll():
            while True:
                status, text = await peer.poll(sid)
                assert status == 200, (number, status, text)
                packets = text.split("\x1e")
                got.extend(packet for packet in packets if packet[0] == "4")
                if "2" in packets:
                    await peer.push(sid, "3")
                if "6" in packets:
                    return

        polling = asyncio.create_task(poll())
        for _ in range(5):
            await push()
        socket = await probe(peer, sid)
        for _ in range(5):
            await push()
        await polling
        await socket.send_str("5")
        for turn in range(5):
            await socket.send_str(f"4{sent + turn}")
        while len(got) < sent + 5:
            got.append(await receive(socket))
        assert got == [f"4{index}" for index in range(sent + 5)], (number, got)

    await asyncio.gather(*(one(number) for number in range(30)))


if __name__ == "__main__":
    main(globals())
