"""Socket.IO v5, packet by packet, against the namespaces / and /custom at /socket.io/."""

import asyncio
import json

from wire import Peer, is_closed, main, receive, stays_silent

PATH = "/socket.io/"


async def connected(http, namespace="", auth=""):
    """A WebSocket that is connected and has its event `auth`."""
    socket, answer = await Peer(http, PATH).connected(namespace, auth)
    await receive(socket)
    return socket


async def closes(http, *messages, before=("40",)):
    """Expects that the messages end the connection."""
    socket = await Peer(http, PATH).opened()
    for message in before:
        await socket.send_str(message)
    for message in messages:
        await (socket.send_str if isinstance(message, str) else socket.send_bytes)(message)
    assert await is_closed(socket), messages


async def connects_to_the_main_namespace(http):
    for auth, echoed in (("", "{}"), ("{}", "{}"), ('{"token":"123"}', '{"token":"123"}'), ('{ "a" : [1] }', '{ "a" : [1] }')):
        socket, answer = await Peer(http, PATH).connected(auth=auth)
        assert list(answer) == ["sid"] and isinstance(answer["sid"], str)
        assert await receive(socket) == f'42["auth",{echoed}]'


async def connects_to_another_namespace(http):
    for request, echoed in (("40/custom", "{}"), ("40/custom,", "{}"), ('40/custom,{"token":"abc"}', '{"token":"abc"}')):
        socket = await Peer(http, PATH).opened()
        await socket.send_str(request)
        answer = await receive(socket)
        assert answer.startswith("40/custom,")
        assert list(json.loads(answer[10:])) == ["sid"]
        assert await receive(socket) == f'42/custom,["auth",{echoed}]'


async def refuses_an_unknown_namespace(http):
    socket = await Peer(http, PATH).opened()
    await socket.send_str("40/random")
    assert await receive(socket) == '44/random,{"message":"Invalid namespace"}'
    await socket.send_str("40")
    assert (await receive(socket)).startswith("40{")


async def names_sockets_apart_from_sessions(http):
    peer = Peer(http, PATH)
    sid = await peer.open()
    await peer.push(sid, "40")
    _, text = await peer.poll(sid)
    assert json.loads(text.split("\x1e")[0][2:])["sid"] != sid


async def closes_a_session_without_a_namespace(http):
    peer = Peer(http, PATH)
    socket = await peer.opened()
    loop = asyncio.get_running_loop()
    start = loop.time()
    while await receive(socket) is not None:
        pass
    assert 1.8 < loop.time() - start < 2.5


async def connects_nothing_by_itself(http):
    for message in ('42["message",1]', "41", "431[]", "42/custom,[1]", "4abc"):
        await closes(http, message, before=())
    await closes(http, '42/custom,["message",1]')


async def closes_upon_a_second_connect(http):
    await closes(http, "40")
    await closes(http, "40/custom,", before=("40", "40/custom"))


async def waits_with_events_that_come_with_the_connect(http):
    peer = Peer(http, PATH)
    sid = await peer.open()
    await peer.push(sid, '40\x1e42["message",1]\x1e421["message-with-ack",2]')
    packets = []
    while len(packets) < 4:
        packets += (await peer.poll(sid))[1].split("\x1e")
    assert packets[0].startswith("40{")
    assert packets[1:] == ['42["auth",{}]', '42["message-back",1]', "431[2]"]


async def disconnects_from_one_namespace(http):
    socket = await connected(http)
    await socket.send_str("40/custom")
    await receive(socket), await receive(socket)
    await socket.send_str("41/custom,")
    await socket.send_str('42["message","still here"]')
    assert await receive(socket) == '42["message-back","still here"]'
    await socket.send_str("40/custom")
    assert (await receive(socket)).startswith("40/custom,")


async def keeps_the_session_after_a_disconnect(http):
    socket = await connected(http)
    await socket.send_str("41")
    assert await receive(socket, pings=True) == "2"
    await socket.send_str("3")
    await socket.send_str("40")
    assert (await receive(socket)).startswith("40{")


async def passes_arguments_on_as_they_are(http):
    socket = await connected(http)
    for arguments in (
        "", ',1,"2",{"3":[true]}', ',1.50e+10,-0,"\\u00e9\\ud83d\\ude00\\n",null', ',"日本語 👩‍⚕️"', ', [ ] , { "b" : 1 , "a" : 2 }',
        ',{"__proto__":{"x":1}},"\\u001e"', "," + "[" * 40 + "]" * 40, ',"' + "x" * 60_000 + '"',
    ):
        await socket.send_str(f'42["message"{arguments}]')
        compact = json.loads(f"[0{arguments}]")
        answer = await receive(socket)
        assert answer.startswith('42["message-back"') and json.loads(answer[2:])[1:] == compact[1:], answer
    await socket.send_str('42["message",1,"2",{"3":[true]}]')
    assert await receive(socket) == '42["message-back",1,"2",{"3":[true]}]'


async def passes_attachments_on(http):
    socket = await connected(http)
    holders = '{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}'
    await socket.send_str(f'452-["message",{holders}]')
    await socket.send_bytes(b"\1\2\3")
    await socket.send_bytes(b"\4\5\6")
    assert [await receive(socket) for _ in range(3)] == [f'452-["message-back",{holders}]', b"\1\2\3", b"\4\5\6"]


async def passes_attachments_on_over_polling(http):
    peer = Peer(http, PATH)
    sid = await peer.open()
    await peer.push(sid, '40\x1e451-["message",{"num":0,"_placeholder":true}]\x1ebAQIDBA==')
    packets = []
    while len(packets) < 4:
        packets += (await peer.poll(sid))[1].split("\x1e")
    assert packets[2:] == ['451-["message-back",{"num":0,"_placeholder":true}]', "bAQIDBA=="], packets


async def answers_with_acknowledgements(http):
    socket = await connected(http)
    for number in ("456", "0", "9007199254740992"):
        await socket.send_str(f'42{number}["message-with-ack",1,"2",{{"3":[false]}}]')
        assert await receive(socket) == f'43{number}[1,"2",{{"3":[false]}}]'
    await socket.send_str('427["message-with-ack"]')
    assert await receive(socket) == "437[]"


async def answers_with_attachments(http):
    socket = await connected(http)
    holders = '{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}'
    await socket.send_str(f'452-789["message-with-ack",{holders}]')
    await socket.send_bytes(b"\1\2\3")
    await socket.send_bytes(b"\4\5\6")
    assert [await receive(socket) for _ in range(3)] == [f"462-789[{holders}]", b"\1\2\3", b"\4\5\6"]


async def ignores_acknowledgements_that_it_does_not_await(http):
    socket = await connected(http)
    await socket.send_str('43999["x"]')
    await socket.send_str('42["unheard of",1]')
    await socket.send_str('42[7,"a number is a name"]')
    assert await stays_silent(socket)
    await socket.send_str('42["message"]')
    assert await receive(socket) == '42["message-back"]'


async def closes_upon_a_packet_without_a_type(http):
    for message in ("4abc", "4", "47", "4-1[]", "48[]"):
        await closes(http, message)


async def closes_upon_malformed_content(http):
    for message in (
        "42", "42{}", '42{"a":1}', "42[]", "42[null]", "42[true]", "42[{}]", '42["message"', '42["message",]', '42["message"]x',
        '42["message",01]', '42["message",1.]', '42["message","\\x"]', '42["message","\\u12g4"]', '42["message",nul]',
        '42["a" "b"]', '42["message",{"a"}]', '42["message",{a:1}]', '42["message",NaN]', '42abc["message"]', '42["\\ud800"]',
        '42["message","\n"]', "40[]", '40"x"', "43[]", "431{}", "431", '41["x"]', "44{}", "40{", '40{"a":1}}',
    ):
        await closes(http, message)


async def closes_upon_reserved_names(http):
    for name in ("connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener", "conn\\u0065ct"):
        await closes(http, f'42["{name}"]')


async def closes_upon_acknowledgements_beyond_counting(http):
    await closes(http, '429007199254740993["message-with-ack"]')
    await closes(http, '42' + "9" * 400 + '["message-with-ack"]')


async def closes_upon_wrong_attachments(http):
    one = '{"_placeholder":true,"num":0}'
    for messages in (
        (f'451-["message",{one}]', "42[1]"), (f'451-["message",{one}]', "40/custom"), (b"\1",),
        (f'451["message",{one}]',), (f'45["message",{one}]',), ('451-["message"]', b"\1"), (f'452-["message",{one}]', b"\1"),
        (f'452-["message",{one},{one}]', b"\1"), ('451-["message",{"_placeholder":true,"num":1}]', b"\1"),
        ('451-["message",{"_placeholder":true,"num":-1}]', b"\1"), ('451-["message",{"_placeholder":true}]', b"\1"),
        ('451-["message",{"_placeholder":true,"num":"splice"}]', b"\1"), (f'4511-["message",{one}]', b"\1"),
        (f'451000000-["message",{one}]', b"\1"), (f'45-1-["message",{one}]', b"\1"), (f'451-["connect",{one}]', b"\1"),
    ):
        await closes(http, *messages)


async def survives_hostile_packets(http):
    for message in (
        '42["message",' + "[" * 200_000, '42["message",' + '{"a":' * 200_000, "40/" + "x" * 100_000, "40/\0,", '42["message",1e999999x]',
        "45" + "1" * 100_000 + "-[]", '42["__proto__",' + "9" * 100_000 + "x]", "40/__proto__," + "{" * 1000,
    ):
        socket = await Peer(http, PATH).opened()
        await socket.send_str("40")
        await socket.send_str(message)
        await asyncio.sleep(0.01)
        await socket.close()
    socket = await connected(http)
    for argument in ("1e999", '"\\ud800"', "9" * 5000, '{"a":1,"a":2}'):
        await socket.send_str(f'42["message",{argument}]')
        assert await receive(socket) == f'42["message-back",{argument}]'


async def serves_namespaces_apart(http):
    socket = await connected(http)
    await socket.send_str("40/custom")
    await receive(socket), await receive(socket)
    await socket.send_str('42/custom,["message",1]')
    await socket.send_str('42["message",2]')
    assert await receive(socket) == '42["message-back",2]'


async def upgrades_a_connected_client(http):
    peer = Peer(http, PATH)
    sid = await peer.open()
    await peer.push(sid, "40")
    await peer.poll(sid)
    socket = await peer.socket(sid)
    await socket.send_str("2probe")
    assert await receive(socket) == "3probe"
    await socket.send_str("5")
    await socket.send_str('421["message-with-ack",1]')
    while (answer := await receive(socket)).startswith("42"):
        pass
    assert answer == "431[1]"


if __name__ == "__main__":
    main(globals())
