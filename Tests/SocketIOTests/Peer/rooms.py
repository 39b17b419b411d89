"""Rooms, refusals, limits and the drain, without recovery."""

import asyncio
import json

import aiohttp
from wire import Peer, is_closed, main, receive, stays_silent, until

PATH = "/socket.io/"


async def client(http, auth=""):
    socket, answer = await Peer(http, PATH).connected(auth=auth)
    assert list(answer) == ["sid"]
    return socket


async def call(socket, *event):
    await socket.send_str(f"421{json.dumps(event)}")
    answer = await receive(socket)
    assert answer.startswith("431["), answer
    return json.loads(answer[3:])


async def a_room_gets_what_is_said_to_it(http):
    members = [await client(http) for _ in range(5)]
    outsider, speaker = await client(http), await client(http)
    for member in members:
        await call(member, "join", "ward")
    await call(outsider, "join", "other")
    await call(speaker, "say", "ward", "news", 1, {"a": [None]})
    for member in members:
        assert await receive(member) == '42["news",1,{"a": [null]}]'
    assert await stays_silent(outsider, 0.05)
    await call(members[0], "leave", "ward")
    await call(speaker, "say", "ward", "news", 2)
    for member in members[1:]:
        assert await receive(member) == '42["news",2]'
    assert await stays_silent(members[0], 0.05)


async def leaving_in_any_order_leaves_the_others(http):
    members = [await client(http) for _ in range(6)]
    speaker = await client(http)
    for member in members:
        await call(member, "join", "ward")
        await call(member, "join", "ward")
    left = list(members)
    for index in (2, 0, 3, 1):
        await left.pop(index).close()
        await call(speaker, "say", "ward", "news", index)
        for member in left:
            assert await receive(member) == f'42["news",{index}]'


async def everyone_gets_what_is_said_to_all(http):
    members = [await client(http) for _ in range(3)]
    await members[0].send_str('42["say",null,"news",1]')
    for member in members:
        assert await receive(member) == '42["news",1]'


async def attachments_reach_a_room(http):
    member, speaker = await client(http), await client(http)
    await call(member, "join", "ward")
    await speaker.send_str('451-["say","ward","news",{"_placeholder":true,"num":0}]')
    await speaker.send_bytes(b"\1\2")
    assert await receive(member) == '451-["news",{"_placeholder":true,"num":0}]'
    assert await receive(member) == b"\1\2"


async def attachments_are_no_longer_together_than_one_message(http):
    speaker, places = await client(http), ",".join(f'{{"_placeholder":true,"num":{number}}}' for number in range(3))
    await speaker.send_str(f'453-["nothing",{places}]')
    for _ in range(3):
        await speaker.send_bytes(bytes(30_000))
    assert await is_closed(speaker)


async def a_refusal_has_its_reason(http):
    socket = await Peer(http, PATH).opened()
    await socket.send_str('40{"token":"refused"}')
    assert await receive(socket) == '44{"message":"not \\"you\\"","data":{"code":7}}'
    await socket.send_str('42["me"]')
    await socket.send_str("40")
    assert (await receive(socket)).startswith("40{")


async def a_passing_failure_closes_the_connection(http):
    socket = await Peer(http, PATH).opened()
    await socket.send_str('40{"token":"busy"}')
    assert await is_closed(socket)


async def events_wait_for_a_slow_connect(http):
    socket = await Peer(http, PATH).opened()
    await socket.send_str('40{"token":"slow"}')
    for number in range(3):
        await socket.send_str(f'42{number}["join","{number}"]')
    assert (await receive(socket)).startswith("40{")
    for number in range(3):
        assert (await receive(socket)).startswith(f"43{number}[")


async def too_many_events_during_a_connect_close(http):
    socket = await Peer(http, PATH).opened()
    await socket.send_str('40{"token":"slow"}')
    for _ in range(40):
        await socket.send_str('42["me"]')
    assert await is_closed(socket)


async def too_many_bytes_during_a_connect_close(http):
    socket = await Peer(http, PATH).opened()
    await socket.send_str('40{"token":"slow"}')
    for _ in range(3):
        await socket.send_str(f'42["nothing","{"x" * 30_000}"]')
    assert await is_closed(socket)


async def the_server_disconnects(http):
    socket = await client(http)
    await socket.send_str('42["kick",false]')
    await socket.send_str('42["on its way"]')
    assert await receive(socket) == "41"
    assert await stays_silent(socket, 0.05)
    await socket.send_str("40")
    assert (await receive(socket)).startswith("40{")
    await socket.send_str('42["kick",true]')
    assert await is_closed(socket)


async def the_server_asks(http):
    socket = await client(http)
    await socket.send_str('42["ask",1]')
    question = await receive(socket)
    assert question == '421["question",1]', question
    await socket.send_str('4399["not that"]')
    await socket.send_str('431["yes",2]')
    assert await receive(socket) == '42["answer","yes",2]'
    await socket.send_str('42["ask"]')
    assert (await receive(socket)) == '422["question"]'
    assert await receive(socket) == '42["answer","none"]'


async def watchers_learn_who_left(http):
    watcher, other = await client(http), await client(http)
    await call(watcher, "join", "watchers")
    await other.close()
    assert json.loads((await receive(watcher))[2:])[2] == "connection(SocketIO.EngineCloseReason.client)"


async def a_client_that_sends_too_much_is_closed(http):
    socket = await client(http)
    for _ in range(400):
        await socket.send_str('42["nothing"]')
    assert await is_closed(socket)


async def a_poll_session_is_bounded(http):
    peer = Peer(http, PATH)
    sid = await peer.open()
    await peer.push(sid, '40\x1e421["join","ward"]')
    speaker = await client(http)
    await call(speaker, "flood", "ward", 300, "x" * 1000)
    assert (await peer.poll(sid))[0] == 400


async def a_stopped_reader_is_cut_and_others_are_not(http):
    stopped, reader, speaker = await client(http), await client(http), await client(http)
    for member in (stopped, reader):
        await call(member, "join", "ward")
    stopped._response.connection.transport.pause_reading()
    received = 0

    async def read():
        nonlocal received
        while await receive(reader):
            received += 1

    reading = asyncio.create_task(read())
    for _ in range(80):
        await call(speaker, "flood", "ward", 10, "x" * 10_000)
    await until(lambda: received == 800)
    while (await call(speaker, "count"))[0] > 2:
        await asyncio.sleep(0.01)
    reading.cancel()


async def a_source_has_its_share(http):
    peer = Peer(http, PATH)
    sessions = [await peer.open() for _ in range(20)]
    status, text, _ = await peer.request("GET", peer.url("polling"))
    assert (status, json.loads(text)["message"]) == (503, "Too many connections"), (status, text)
    try:
        await peer.socket()
    except aiohttp.WSServerHandshakeError as refused:
        assert refused.status == 503
    else:
        raise AssertionError("the connection was accepted")
    for sid in sessions:
        await peer.push(sid, "1")
    await (await client(http)).close()


async def pages_of_other_origins_are_refused(http):
    peer = Peer(http, PATH)
    headers = {"origin": "https://evil.example"}
    status, text, got = await peer.request("GET", peer.url("polling"), headers=headers)
    assert (status, text) == (403, '{"code":4,"message":"Forbidden"}'), text
    try:
        await peer.socket(headers=headers)
    except aiohttp.WSServerHandshakeError as refused:
        assert refused.status == 403
    else:
        raise AssertionError("the connection was accepted")


async def zzz_a_drain_spreads_its_farewells(http):
    sockets = [await client(http) for _ in range(10)]
    peer = Peer(http, PATH)
    sid = await peer.open()
    poll = asyncio.create_task(peer.poll(sid))
    await asyncio.sleep(0.02)
    await sockets[0].send_str('42["drain"]')
    loop = asyncio.get_running_loop()
    start, ends = loop.time(), []

    async def end(socket):
        messages = []
        while (message := await receive(socket)) is not None:
            messages.append(message)
        assert messages == [], messages
        assert socket.close_code == 1001
        ends.append(loop.time() - start)

    await asyncio.gather(*(end(socket) for socket in sockets))
    assert await poll == (200, "1")
    assert ends[-1] - ends[0] > 0.2, ends
    assert (await peer.request("GET", peer.url("polling")))[0] == 503


if __name__ == "__main__":
    main(globals())
