"""Connection-state recovery: a client that was cut off goes on where it was, or learns that it cannot."""

import asyncio
import json
import sys

import wire
from wire import Peer, is_closed, main, receive, stays_silent

PATH = "/socket.io/"


class Client:
    """A client with what it must remember: the session and the last offset."""

    def __init__(self, http):
        self.peer = Peer(http, PATH)
        self.pid = self.offset = self.sid = self.socket = None
        self.last_ack = 0

    async def connect(self, offset=True, pid=None, auth=None):
        request = dict(auth or {})
        if pid or self.pid:
            request["pid"] = pid or self.pid
        if offset and self.offset:
            request["offset"] = self.offset
        self.socket, answer = await self.peer.connected(auth=json.dumps(request))
        recovered = answer["pid"] == self.pid
        self.sid, self.pid = answer["sid"], answer["pid"]
        return recovered

    async def event(self):
        """The next event without its offset."""
        message = await receive(self.socket)
        if message is None:
            return None
        assert message.startswith("42"), message
        event = json.loads(message[2:])
        if isinstance(event[-1], str):
            self.offset = event[-1]
        return event[:-1]

    async def call(self, *event):
        """Sends an event and returns the arguments of the answer; no other event may come before."""
        self.last_ack += 1
        await self.socket.send_str(f"42{self.last_ack}{json.dumps(event)}")
        answer = await receive(self.socket)
        assert answer.startswith(f"43{self.last_ack}["), answer
        return json.loads(answer[2 + len(str(self.last_ack)) :])

    def cut(self):
        """Ends the TCP connection without a word of WebSocket."""
        self.socket._response.connection.transport.abort()



async def left_alone(speaker):
    """Waits until no other client is connected."""
    while (await speaker.call("count"))[0] > 1:
        await asyncio.sleep(0.005)


async def pair(http, room="ward", **auth):
    """A client in a room and one that speaks to it."""
    client, speaker = Client(http), Client(http)
    await client.connect(auth=auth)
    await client.call("join", room)
    await speaker.connect()
    return client, speaker


async def answers_with_a_session_to_go_on_with(http):
    client = Client(http)
    socket, answer = await client.peer.connected()
    assert list(answer) == ["sid", "pid"]
    assert answer["sid"] not in answer["pid"]


async def sends_what_was_missed_in_order(http):
    client, speaker = await pair(http)
    await speaker.call("say", "ward", "news", 0)
    assert await client.event() == ["news", 0]
    client.cut()
    await left_alone(speaker)
    for number in range(1, 20):
        await speaker.call("say", "ward", "news", number)
    sid = client.sid
    assert await client.connect()
    assert client.sid == sid
    for number in range(1, 20):
        assert await client.event() == ["news", number]
    await speaker.call("say", "ward", "news", 20)
    assert await client.event() == ["news", 20]
    assert (await client.call("me"))[:3] == [sid, True, ["ward"]]


async def recovers_a_client_that_has_received_nothing(http):
    client, speaker = await pair(http)
    client.cut()
    await left_alone(speaker)
    await speaker.call("say", "ward", "news", 1)
    assert await client.connect()
    assert await client.event() == ["news", 1]


async def resends_what_was_on_its_way(http):
    client, speaker = await pair(http)
    await speaker.call("say", "ward", "news", 1)
    assert await client.event() == ["news", 1]
    offset = client.offset
    await speaker.call("say", "ward", "news", 2)
    client.cut()
    client.offset = offset
    assert await client.connect()
    assert await client.event() == ["news", 2]


async def volatile_events_carry_offsets_and_are_not_kept(http):
    client, speaker = await pair(http)
    await speaker.call("say", "ward", "news", "a")
    await speaker.call("murmur", "ward", "rumour", "text at the end")
    assert await client.event() == ["news", "a"]
    assert await client.event() == ["rumour", "text at the end"]
    client.cut()
    await left_alone(speaker)
    await speaker.call("murmur", "ward", "rumour", "unheard")
    await speaker.call("say", "ward", "news", "b")
    assert await client.connect()
    assert await client.event() == ["news", "b"]


async def takes_over_a_connection_that_seems_alive(http):
    client, speaker = await pair(http)
    await speaker.call("say", "ward", "news", 1)
    assert await client.event() == ["news", 1]
    old, sid = client.socket, client.sid
    await asyncio.sleep(0.01)
    assert await client.connect()
    assert client.sid == sid
    assert await is_closed(old)
    await speaker.call("say", "ward", "news", 2)
    assert await client.event() == ["news", 2]
    assert (await speaker.call("count")) == [2]


async def one_session_is_never_two(http):
    client, speaker = await pair(http)
    client.cut()
    await left_alone(speaker)
    both = [Client(http), Client(http)]
    for one in both:
        one.pid, one.offset = client.pid, client.offset
    # The first may be replaced before it is answered.
    await asyncio.gather(*(one.connect() for one in both), return_exceptions=True)
    await asyncio.sleep(0.05)
    assert await speaker.call("count") == [2]
    await speaker.call("say", "ward", "news", 1)
    got = await asyncio.gather(*(one.event() for one in both if one.socket))
    assert [event for event in got if event] == [["news", 1]], got


async def a_forged_session_is_a_new_one(http):
    client, speaker = await pair(http)
    for pid in ("x", client.pid[:-2] + ("AA" if client.pid[-2:] != "AA" else "BB"), client.sid, "A" * 9000):
        thief = Client(http)
        assert not await thief.connect(pid=pid)
        assert thief.sid != client.sid
        assert await stays_silent(thief.socket, 0.05)
    assert (await client.call("me"))[0] == client.sid


async def a_farewell_is_final(http):
    client, speaker = await pair(http)
    await client.socket.send_str("41")
    await left_alone(speaker)
    await speaker.call("say", "ward", "news", 1)
    sid = client.sid
    assert not await client.connect()
    assert client.sid != sid
    event = await client.event()
    assert event[:2] == ["snapshot", "notHere"], event


async def a_ring_that_has_wrapped_says_so(http):
    client, speaker = await pair(http)
    await speaker.call("say", "ward", "news", 0)
    assert await client.event() == ["news", 0]
    client.cut()
    await left_alone(speaker)
    await speaker.call("flood", "ward", 100, "x")
    sid = client.sid
    assert not await client.connect()
    assert client.sid != sid
    assert await client.event() == ["snapshot", "tooOld", ["ward"], []]
    assert (await client.call("me"))[1:3] == [False, []]


async def a_ring_is_bounded_by_bytes(http):
    client, speaker = await pair(http)
    client.cut()
    await left_alone(speaker)
    await speaker.call("flood", "ward", 10, "x" * 2000)
    assert not await client.connect()
    assert (await client.event())[:2] == ["snapshot", "tooOld"]


async def traffic_of_other_rooms_does_not_matter(http):
    client, speaker = await pair(http)
    await speaker.call("join", "elsewhere")
    client.cut()
    await left_alone(speaker)
    await speaker.socket.send_str('42["flood","elsewhere",500,"x"]')
    for _ in range(500):
        await speaker.event()
    await speaker.call("say", "ward", "news", 1)
    assert await client.connect()
    assert await client.event() == ["news", 1]


async def events_before_a_join_are_not_sent(http):
    client, speaker = await pair(http, room="first")
    await speaker.call("join", "second")
    await speaker.socket.send_str('42["say","second","news",1]')
    await speaker.event()
    await client.call("join", "second")
    client.cut()
    await left_alone(speaker)
    await speaker.socket.send_str('42["say","second","news",2]')
    await speaker.event()
    assert await client.connect()
    assert await client.event() == ["news", 2]


async def events_for_all_and_for_one_are_recovered(http):
    client, speaker = await pair(http)
    await client.socket.send_str('42["tell","you"]')
    assert await client.event() == ["told", "you"]
    client.offset = None
    client.cut()
    await left_alone(speaker)
    await speaker.socket.send_str('42["say",null,"news","all"]')
    assert await speaker.event() == ["news", "all"]
    assert await client.connect()
    assert await client.event() == ["told", "you"]
    assert await client.event() == ["news", "all"]


async def data_survives(http):
    client, speaker = await pair(http)
    await client.call("keep", {"a": 1})
    client.cut()
    await left_alone(speaker)
    assert await client.connect()
    assert (await client.call("me"))[3] == {"a": 1}


async def asks_the_application_again(http):
    client, speaker = await pair(http)
    client.cut()
    await left_alone(speaker)
    await speaker.call("say", "ward", "news", 1)
    socket = await client.peer.opened()
    await socket.send_str("40" + json.dumps({"pid": client.pid, "token": "refused"}))
    assert await receive(socket) == '44{"message":"not \\"you\\"","data":{"code":7}}'
    assert await stays_silent(socket, 0.05)
    assert not await client.connect()


async def sends_what_comes_during_a_slow_connect_once(http):
    client, speaker = await pair(http)
    client.cut()
    await left_alone(speaker)
    await speaker.call("say", "ward", "news", 0)
    connecting = asyncio.create_task(client.connect(auth={"token": "slow"}))
    await asyncio.sleep(0.05)
    for number in range(1, 5):
        await speaker.socket.send_str(f'42["say",null,"news",{number}]')
        assert await speaker.event() == ["news", number]
    await speaker.call("say", "ward", "news", 5)
    assert await connecting
    for number in range(6):
        assert await client.event() == ["news", number]
    assert await stays_silent(client.socket, 0.05)


async def goes_on_after_a_slow_connect_was_cut(http):
    client, speaker = await pair(http)
    client.cut()
    await left_alone(speaker)
    await speaker.call("say", "ward", "news", 0)
    socket = await client.peer.opened()
    await socket.send_str("40" + json.dumps({"pid": client.pid, "token": "slow"}))
    await asyncio.sleep(0.05)
    socket._response.connection.transport.abort()
    await asyncio.sleep(0.05)
    await speaker.call("say", "ward", "news", 1)
    assert await client.connect()
    assert [await client.event() for _ in range(2)] == [["news", 0], ["news", 1]]


async def recovers_a_crowd_without_gap_or_duplicate(http):
    speaker = Client(http)
    await speaker.connect()
    clients = [Client(http) for _ in range(100)]
    for client in clients:
        await client.connect()
        await client.call("join", "ward")
    got = {id(client): [] for client in clients}

    async def listen(client, end):
        while not got[id(client)] or got[id(client)][-1] != end:
            got[id(client)].append((await client.event())[1])

    async def speak():
        for number in range(60):
            await speaker.call("say", "ward", "news", number)
            await asyncio.sleep(0.002)

    speaking = asyncio.create_task(speak())
    await asyncio.gather(*(listen(client, 10) for client in clients))
    for client in clients:
        client.cut()
    assert all(await asyncio.gather(*(client.connect() for client in clients)))
    await asyncio.gather(*(listen(client, 59) for client in clients))
    await speaking
    for numbers in got.values():
        assert numbers == list(range(60)), numbers


async def another_instance_learns_who_it_was(http):
    """The second port is another server with the same keys."""
    client = Client(http)
    await client.connect(auth={"room": "lobby", "identity": "named"})
    await client.call("join", "later")
    wire.BASE = f"http://127.0.0.1:{sys.argv[2]}"
    sid = client.sid
    assert not await client.connect()
    assert client.sid != sid
    assert await client.event() == ["snapshot", "notHere", ["lobby"], [1, 2, 3]]


if __name__ == "__main__":
    main(globals())
