"""Engine.IO v4, packet by packet, against the echo at /engine.io/ (ping interval 300 ms, timeout 200 ms)."""

import asyncio
import base64
import gzip
import json
import socket as sockets
import time

from wire import BASE, PORT, Peer, is_closed, main, probe, receive

HEARTBEAT = 0.5


async def opens_a_session_over_polling(http):
    peer = Peer(http)
    status, text, headers = await peer.request("GET", peer.url("polling", t="abc", b64="1"))
    assert status == 200 and text[0] == "0"
    handshake = json.loads(text[1:])
    assert list(handshake) == ["sid", "upgrades", "pingInterval", "pingTimeout", "maxPayload"], handshake
    assert handshake["sid"].startswith("1-") and len(handshake["sid"]) == 22
    assert handshake["upgrades"] == ["websocket"]
    assert [handshake[key] for key in ("pingInterval", "pingTimeout", "maxPayload")] == [300, 200, 1_000_000]
    assert headers["content-type"] == "text/plain; charset=UTF-8"
    assert headers["cache-control"] == "no-store"
    assert headers["access-control-allow-origin"] == "*"


async def every_answer_names_the_instance(http):
    peer = Peer(http)
    sid = await peer.open()
    await peer.push(sid, "4hello")
    for method, url, body in (
        ("GET", peer.url("polling"), None), ("GET", peer.url("polling", sid), None),
        ("POST", peer.url("polling", sid), "4again"), ("GET", peer.url("polling", "2-unknown"), None),
    ):
        _, _, headers = await peer.request(method, url, body)
        assert headers["x-instance"] == "1", (url, headers)


async def opens_a_session_over_websocket(http):
    socket = await Peer(http).socket()
    handshake = json.loads((await receive(socket))[1:])
    assert list(handshake) == ["sid", "upgrades", "pingInterval", "pingTimeout", "maxPayload"], handshake
    assert handshake["upgrades"] == []


async def refuses_with_the_codes_of_the_protocol(http):
    peer = Peer(http)
    sid = await peer.open()
    for method, url, status, code, message in (
        ("GET", "?EIO=4", 400, 0, "Transport unknown"),
        ("GET", "?EIO=4&transport=abc", 400, 0, "Transport unknown"),
        ("GET", "?EIO=4&transport=polling&sid=unknown", 400, 1, "Session ID unknown"),
        ("POST", "?EIO=4&transport=polling&sid=unknown", 400, 1, "Session ID unknown"),
        ("POST", "?EIO=4&transport=polling", 400, 2, "Bad handshake method"),
        ("PUT", "?EIO=4&transport=polling", 400, 2, "Bad handshake method"),
        ("PROPFIND", "?EIO=4&transport=polling", 400, 2, "Bad handshake method"),
        ("DELETE", f"?EIO=4&transport=polling&sid={sid}", 400, 3, "Bad request"),
        ("GET", "?EIO=4&transport=websocket", 400, 3, "Bad request"),
        ("POST", f"?EIO=4&transport=websocket&sid={sid}", 400, 3, "Bad request"),
        ("GET", "?transport=polling", 400, 5, "Unsupported protocol version"),
        ("GET", "?EIO=3&transport=polling", 400, 5, "Unsupported protocol version"),
        ("GET", "?EIO=abc&transport=polling", 400, 5, "Unsupported protocol version"),
    ):
        got = await peer.request(method, f"{BASE}/engine.io/{url}")
        assert got[0] == status and json.loads(got[1]) == {"code": code, "message": message}, (method, url, got)
        assert got[2]["content-type"] == "application/json", got
        assert got[2]["access-control-allow-origin"] == "*", got


async def refuses_a_websocket_before_the_upgrade(http):
    for query in ("transport=websocket", "EIO=abc&transport=websocket", "EIO=4", "EIO=4&transport=abc"):
        try:
            await http.ws_connect(f"{BASE}/engine.io/?{query}")
        except Exception as refused:
            assert refused.status == 400, refused
        else:
            raise AssertionError(query)


async def answers_a_preflight(http):
    headers = {"origin": "https://page.example", "access-control-request-method": "POST"}
    status, _, got = await Peer(http).request("OPTIONS", f"{BASE}/engine.io/?EIO=4&transport=polling", headers=headers)
    assert status == 204
    assert got["access-control-allow-origin"] == "*"
    assert "POST" in got["access-control-allow-methods"]
    assert "content-type" in got["access-control-allow-headers"].lower()


async def echoes_packets_over_polling(http):
    peer = Peer(http)
    for body in ("4hello", "4test1\x1e4test2\x1e4test3", "4hello\x1ebAQIDBA==", "4", "4日本語 👩‍⚕️ \\u001e", "bAQ==\x1ebAQI=\x1ebAQID"):
        sid = await peer.open()
        assert await peer.push(sid, body.encode()) == (200, "ok")
        assert await peer.poll(sid) == (200, body)


async def answers_a_post_as_text(http):
    peer = Peer(http)
    sid = await peer.open()
    status, text, headers = await peer.request("POST", peer.url("polling", sid), "4x")
    assert (status, text, headers["content-type"]) == (200, "ok", "text/html")
    assert headers["access-control-allow-origin"] == "*"
    assert headers["cache-control"] == "no-store"


async def takes_a_body_in_chunks(http):
    async def pieces():
        for piece in (b"4he", b"llo", b"\x1e4you"):
            yield piece

    peer = Peer(http)
    sid = await peer.open()
    assert await peer.push(sid, pieces()) == (200, "ok")
    assert await peer.poll(sid) == (200, "4hello\x1e4you")


async def answers_a_poll_as_soon_as_there_is_a_packet(http):
    peer = Peer(http)
    sid = await peer.open()
    poll = asyncio.create_task(peer.poll(sid))
    await asyncio.sleep(0.05)
    assert not poll.done()
    await peer.push(sid, "4now")
    assert await asyncio.wait_for(poll, 0.2) == (200, "4now")


async def closes_upon_a_malformed_packet_over_polling(http):
    peer = Peer(http)
    for body in (b"abc", b"", b"4x\x1e", b"2", b"2probe", b"5", b"0{}", b"bA", b"b****", b"7", b"4\xff\xfe"):
        sid = await peer.open()
        status, _ = await peer.push(sid, body)
        assert status == 400, (body, status)
        assert (await peer.poll(sid))[0] == 400, body


async def closes_upon_a_second_poll(http):
    peer = Peer(http)
    sid = await peer.open()
    first = asyncio.create_task(peer.poll(sid))
    await asyncio.sleep(0.05)
    assert (await peer.poll(sid))[0] == 400
    assert await first == (200, "1")
    assert (await peer.poll(sid))[0] == 400


async def closes_upon_a_cancelled_poll(http):
    peer = Peer(http)
    sid = await peer.open()
    poll = asyncio.create_task(peer.poll(sid))
    await asyncio.sleep(0.05)
    poll.cancel()
    assert (await peer.poll(sid))[0] == 400


async def does_not_answer_into_a_cancelled_poll(http):
    peer = Peer(http)
    sid = await peer.open()
    poll = asyncio.create_task(peer.poll(sid))
    await asyncio.sleep(0.05)
    poll.cancel()
    await asyncio.sleep(0.02)
    await peer.push(sid, "4lost")
    assert (await peer.poll(sid))[0] == 400


async def closes_when_a_body_is_too_long(http):
    peer = Peer(http)
    sid = await peer.open()
    status, _, headers = await peer.request("POST", peer.url("polling", sid), b"4" + b"x" * 1_000_000)
    assert status == 413 and headers["access-control-allow-origin"] == "*", status
    sid = await peer.open()
    assert (await peer.push(sid, b"4" + b"x" * 999_999))[0] == 200


async def compresses_long_polls(http):
    peer = Peer(http)
    for size, coding in ((4000, "gzip"), (1000, None)):
        sid = await peer.open()
        await peer.push(sid, "4" + "x" * size)
        async with http.get(peer.url("polling", sid), headers={"accept-encoding": "gzip"}, auto_decompress=False) as got:
            body = await got.read()
            assert got.headers.get("content-encoding") == coding, got.headers
            assert (gzip.decompress(body) if coding else body) == b"4" + b"x" * size
            assert not coding or len(body) < 100
    sid = await peer.open()
    await peer.push(sid, "4" + "x" * 4000)
    async with http.get(peer.url("polling", sid), headers={"accept-encoding": "identity"}) as got:
        assert "content-encoding" not in got.headers


async def echoes_packets_over_websocket(http):
    socket = await Peer(http).opened()
    for message in ("4hello", "4", "4日本語 👩‍⚕️", "4" + "x" * 125, "4" + "x" * 70_000):
        await socket.send_str(message)
        assert await receive(socket) == message
    for message in (b"\1\2\3\4", b"", b"x" * 70_000):
        await socket.send_bytes(message)
        assert await receive(socket) == message


async def closes_upon_a_malformed_packet_over_websocket(http):
    for message in ("abc", "", "2", "2probe", "5", "0{}", "7", "1x"):
        socket = await Peer(http).opened()
        await socket.send_str(message)
        assert await is_closed(socket), message


async def limits_messages_over_websocket(http):
    socket = await Peer(http).opened()
    await socket.send_str("4" + "x" * 1_000_000)
    assert await is_closed(socket)
    assert socket.close_code == 1009, socket.close_code


async def pings_over_polling(http):
    peer = Peer(http)
    sid = await peer.open()
    for _ in range(3):
        start = time.monotonic()
        assert await peer.poll(sid) == (200, "2")
        assert 0.2 < time.monotonic() - start < 0.45
        assert await peer.push(sid, "3") == (200, "ok")


async def pings_over_websocket(http):
    socket = await Peer(http).opened()
    for _ in range(3):
        assert await receive(socket, pings=True) == "2"
        await socket.send_str("3")


async def ends_a_polling_session_at_its_deadline(http):
    peer = Peer(http)
    for _ in range(3):
        sid = await peer.open()
        await asyncio.sleep(HEARTBEAT)
        assert (await peer.poll(sid))[0] == 400


async def ends_a_websocket_at_its_deadline(http):
    socket = await Peer(http).opened()
    start = time.monotonic()
    assert await is_closed(socket)
    assert 0.4 < time.monotonic() - start < 0.9


async def ends_a_poll_that_waits_at_the_deadline(http):
    peer = Peer(http)
    sid = await peer.open()
    assert await peer.poll(sid) == (200, "2")
    assert await peer.poll(sid) == (200, "1")
    assert (await peer.poll(sid))[0] == 400


async def closes_over_polling(http):
    peer = Peer(http)
    sid = await peer.open()
    poll = asyncio.create_task(peer.poll(sid))
    await asyncio.sleep(0.05)
    assert await peer.push(sid, "1") == (200, "ok")
    assert await poll == (200, "6")
    for status, text in (await peer.poll(sid), await peer.push(sid, "4x")):
        assert status == 400 and json.loads(text)["code"] == 1


async def answers_the_last_poll_that_was_overtaken(http):
    peer = Peer(http)
    sid = await peer.open()
    assert await peer.push(sid, "1") == (200, "ok")
    assert await peer.poll(sid) == (200, "6")
    assert (await peer.poll(sid))[0] == 400
    sid = await peer.open()
    await peer.push(sid, "1")
    await asyncio.sleep(0.15)
    assert (await peer.poll(sid))[0] == 400


async def closes_over_websocket_at_once(http):
    socket = await Peer(http).opened()
    start = time.monotonic()
    await socket.send_str("1")
    assert await is_closed(socket)
    assert time.monotonic() - start < 0.1


async def upgrades_and_releases_a_later_poll(http):
    peer = Peer(http)
    sid = await peer.open()
    socket = await probe(peer, sid)
    assert await peer.poll(sid) == (200, "6")
    await socket.send_str("5")
    await socket.send_str("4hello")
    assert await receive(socket) == "4hello"


async def upgrades_and_releases_the_pending_poll(http):
    peer = Peer(http)
    sid = await peer.open()
    poll = asyncio.create_task(peer.poll(sid))
    await asyncio.sleep(0.05)
    socket = await probe(peer, sid)
    assert await asyncio.wait_for(poll, 0.1) == (200, "6")
    await socket.send_str("5")
    await socket.send_str("4hello")
    assert await receive(socket) == "4hello"


async def keeps_packets_back_during_an_upgrade(http):
    peer = Peer(http)
    sid = await peer.open()
    socket = await probe(peer, sid)
    await peer.push(sid, "4one\x1e4two")
    assert await peer.poll(sid) == (200, "6")
    await socket.send_str("5")
    assert await receive(socket) == "4one"
    assert await receive(socket) == "4two"


async def stays_with_polling_when_the_probe_is_abandoned(http):
    peer = Peer(http)
    sid = await peer.open()
    socket = await probe(peer, sid)
    await peer.push(sid, "4kept")
    await socket.close()
    assert await peer.poll(sid) == (200, "4kept")
    socket = await peer.socket(sid)
    await socket.send_str("4not a probe")
    assert await is_closed(socket)
    await peer.push(sid, "4alive")
    assert await peer.poll(sid) == (200, "4alive")


async def refuses_polls_after_the_upgrade(http):
    peer = Peer(http)
    sid = await peer.open()
    socket = await probe(peer, sid)
    await socket.send_str("5")
    await socket.send_str("4hello")
    assert await receive(socket) == "4hello"
    assert (await peer.poll(sid))[0] == 400
    assert (await peer.push(sid, "4x"))[0] == 400
    await socket.send_str("4still here")
    assert await receive(socket) == "4still here"


async def closes_a_second_websocket_of_a_session(http):
    peer = Peer(http)
    sid = await peer.open()
    first = await probe(peer, sid)
    assert await is_closed(await peer.socket(sid))
    await first.send_str("5")
    assert await is_closed(await peer.socket(sid))
    await first.send_str("4hello")
    assert await receive(first) == "4hello"


def raw(*pieces, pause=0.0):
    """Sends bytes as they are; returns what comes back within half a second."""
    with sockets.create_connection(("127.0.0.1", PORT)) as connection:
        connection.setsockopt(sockets.IPPROTO_TCP, sockets.TCP_NODELAY, 1)
        connection.settimeout(0.25)
        for piece in pieces:
            connection.sendall(piece)
            if pause:
                time.sleep(pause)
        received = b""
        try:
            while chunk := connection.recv(65536):
                received += chunk
        except TimeoutError:
            pass
        return received


UPGRADE = (
    b"GET /engine.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + base64.b64encode(b"0123456789abcdef") + b"\r\n\r\n"
)


def frame(content, first=0x81):
    return bytes([first, 0x80 | len(content), 1, 2, 3, 4]) + bytes(
        byte ^ (1, 2, 3, 4)[index % 4] for index, byte in enumerate(content)
    )


async def takes_frames_in_the_segment_of_the_upgrade(http):
    received = await asyncio.to_thread(raw, UPGRADE + frame(b"4first") + frame(b"4second"))
    assert received.index(b'0{"sid"') < received.index(b"\x81\x064first") < received.index(b"\x81\x074second"), received


async def takes_frames_in_any_pieces(http):
    stream = UPGRADE + b"".join(frame(b"4%d" % number) for number in range(50))
    received = await asyncio.to_thread(raw, stream)
    assert received.count(b"\x814") == 0
    for number in range(50):
        assert b"4%d" % number in received, number
    pieces = [UPGRADE] + [bytes([byte]) for byte in frame(b"4by", 0x01) + frame(b"", 0x89) + frame(b"te", 0x80)]
    received = await asyncio.to_thread(lambda: raw(*pieces, pause=0.001))
    assert b"\x8a\x00" in received and b"\x81\x054byte" in received, received


if __name__ == "__main__":
    main(globals())
