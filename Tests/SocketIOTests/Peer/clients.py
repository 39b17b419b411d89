"""The client python-socketio, over polling, over WebSocket, and with the upgrade."""

import asyncio

import socketio
from wire import BASE, run


async def conversation(transports, reconnects=False):
    client = socketio.AsyncClient(reconnection_delay=0.05, reconnection_delay_max=0.1)
    told, connected = asyncio.Queue(), asyncio.Queue()
    client.on("told", lambda *arguments: told.put_nowait(arguments))
    client.on("connect", lambda: connected.put_nowait(True))
    await client.connect(BASE, transports=transports, auth={"token": "good"})
    await connected.get()
    assert (await client.call("join", "ward")) == ["ward"]
    text = "é 日本語 👩‍⚕️ \x1e"
    await client.emit("tell", (1, text, {"a": [None, True]}))
    assert (await told.get())[:3] == (1, text, {"a": [None, True]})
    await client.emit("say", ("ward", "told", b"\0\1\2"))
    assert (await told.get())[0] == b"\0\1\2"
    for number in range(50):
        await client.emit("say", ("ward", "told", number))
    assert [(await told.get())[0] for _ in range(50)] == list(range(50))
    if transports is None:
        assert client.transport() == "websocket"
    if reconnects:
        await client.emit("kick", True)
        await asyncio.wait_for(connected.get(), 5)
        assert (await client.call("me"))[2] == []
    await client.disconnect()


async def talks_over_polling(http):
    await conversation(["polling"])


async def talks_over_websocket(http):
    await conversation(["websocket"], reconnects=True)


async def talks_with_the_upgrade(http):
    await conversation(None, reconnects=True)


async def hears_a_refusal(http):
    client = socketio.AsyncClient(reconnection=False)
    refusals = asyncio.Queue()
    client.on("connect_error", refusals.put_nowait)
    try:
        await client.connect(BASE, auth={"token": "refused"}, retry=False)
    except socketio.exceptions.ConnectionError:
        pass
    assert (await asyncio.wait_for(refusals.get(), 5)) == {"message": 'not "you"', "data": {"code": 7}}


if __name__ == "__main__":
    asyncio.run(run([talks_over_polling, talks_over_websocket, talks_with_the_upgrade, hears_a_refusal]))
