"""Thousands of clients of one replica of Realtime: how soon they hear of a change, and what they cost."""

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from websockets.sync.client import connect

from bench import processes
from bench.crowd import Crowd, upgrade
from bench.feigned import FeignedQueue
from bench.lines import Lines
from suite import stack

REPLICA = "realtime-1"
ROOM = 20  # so many clients are in a clinic: its patients, a display and the staff
TELEPHONES = ROOM - 2
_MARKER = '"version":'
_SOCKET_IO = "/socket.io/?EIO=4&transport=websocket"
_COMPRESSION = "permessage-deflate; client_max_window_bits"
_PAUSE = 10  # seconds from the end of all connections to the weighing


def clinics(lines: Lines) -> Crowd:
    """Plain WebSockets of everyone in every line: the patients, then a display and the staff."""
    token, rooms = lines.tenant.token(), []
    for queue in range(lines.count):
        rooms += [[_join(f"patient:{lines.token(queue, lines.called + place)}")] for place in range(TELEPHONES)]
        rooms += [[_authenticate(token), _join(f"{kind}:{lines.queue(queue)}")] for kind in ("display", "clinic")]
    return _crowd(upgrade("/ws"), rooms, sum(map(len, rooms)))


def patients(lines: Lines) -> Crowd:
    """Clients of Socket.IO, which can be recovered: as many patients of every line."""
    rooms = [["40" + json.dumps({"rooms": [f"patient:{lines.token(queue, lines.called + place)}"]})]
             for queue in range(lines.count) for place in range(ROOM)]
    # Each is sent the session, the connection and the state.
    return _crowd(upgrade(_SOCKET_IO), rooms, 3 * len(rooms))


def displays(lines: Lines, count: int, *, compressed: bool = False) -> Crowd:
    """Plain WebSockets that show the first line."""
    extensions = {"Sec_WebSocket_Extensions": _COMPRESSION} if compressed else {}
    messages = [_authenticate(lines.tenant.token()), _join(f"display:{lines.queue(0)}")]
    return _crowd(upgrade("/ws", **extensions), [messages] * count, 2 * count)


def socket_io_displays(lines: Lines, count: int) -> Crowd:
    """The same with Socket.IO."""
    credentials = {"token": lines.tenant.token(), "rooms": [f"display:{lines.queue(0)}"]}
    return _crowd(upgrade(_SOCKET_IO), [["40" + json.dumps(credentials)]] * count, 3 * count)


def shown(lines: Lines) -> dict:
    """What a display of the first line is sent."""
    with connect(f"ws://127.0.0.1:{_port()}/ws") as socket:
        socket.send(_authenticate(lines.tenant.token()))
        socket.recv()
        socket.send(_join(f"display:{lines.queue(0)}"))
        return json.loads(socket.recv())["data"]


def _join(room: str) -> str:
    return json.dumps({"type": "join", "room": room})


def _authenticate(token: str) -> str:
    return json.dumps({"type": "auth", "token": token})


def _port() -> int:
    return int(stack.replicas("realtime")[0].rpartition(":")[2])


def _crowd(request: str, first: list[list[str]], messages: int, port: int = 0) -> Crowd:
    """Clients that have sent what they send first, and got that many messages together."""
    crowd = Crowd(port or _port(), len(first), request, first=first, marker=_MARKER)
    came = crowd.wait(messages, 60)["messages"]
    if came < messages:
        raise RuntimeError(f"{came} of {messages} messages came: {crowd.opening}, {crowd.state()}")
    time.sleep(1.5)  # staff are sent who is connected, a second after the last one
    crowd.arrivals()
    return crowd


class Scale:
    """Weighs the connections of a replica that was just started, and has served a few clients: code that has not run yet is
    not resident."""

    def __init__(self, lines: Lines) -> None:
        processes.start_up(REPLICA)
        with displays(lines, 100):
            pass
        time.sleep(1)
        self._before = processes.resident(REPLICA)

    def each(self, connections: int) -> float:
        """The resident bytes of each of the present connections."""
        return (processes.resident(REPLICA) - self._before) / connections

    def left(self) -> float:
        """By how much the replica is larger than before once all have left, as a share."""
        time.sleep(_PAUSE)
        return processes.resident(REPLICA) / self._before - 1


def call_times(lines: Lines, crowd: Crowd, rate: int, seconds: int) -> list[float]:
    """Milliseconds from the publication of a call to the last telephone of its clinic that hears of it; sorted."""
    count = min(rate * seconds, lines.count * (ROOM - 5))
    begun: list[int] = []
    calls: dict[tuple[int, int], int] = {}  # the number of the call, by clinic and version
    with FeignedQueue(lines) as queue:
        start = time.monotonic()
        for number in range(count):
            time.sleep(max(0.0, start + number / rate - time.monotonic()))
            clinic = number % lines.count
            begin, versions = queue.call_next(clinic)
            begun.append(begin)
            calls |= {(clinic, version): number for version in versions}
        time.sleep(1)
    last, heard = [0] * count, [set() for _ in range(count)]
    for arrival in crowd.arrivals():
        number = calls.get((arrival.client // ROOM, arrival.number))
        if number is not None and arrival.client % ROOM < TELEPHONES:
            last[number] = max(last[number], arrival.at)
            heard[number].add(arrival.client)
    # A patient whose visit has ended hears of the line no more.
    deaf = sum(len(clients) < TELEPHONES - number // lines.count for number, clients in enumerate(heard))
    if deaf:
        raise RuntimeError(f"{deaf} of {count} calls were not heard by everyone")
    return sorted((end - begin) / 1e6 for begin, end in zip(begun, last))


def broadcast_times(queue: FeignedQueue, crowd: Crowd, clients: int, rate: int, count: int) -> list[float]:
    """Milliseconds from the publication of a change to each client that hears of it; sorted."""
    begun: dict[int, int] = {}
    start = time.monotonic()
    for number in range(count):
        time.sleep(max(0.0, start + number / rate - time.monotonic()))
        begin, (version,) = queue.change(0)
        begun[version] = begin
    crowd.wait(count * clients, 10)
    times = sorted((arrival.at - begun[arrival.number]) / 1e6 for arrival in crowd.arrivals() if arrival.number in begun)
    if len(times) != count * clients:
        raise RuntimeError(f"{len(times)} of {count * clients} messages came")
    return times


def cost_of_a_delivery(queue: FeignedQueue, crowd: Crowd, clients: int, count: int) -> float:
    """The seconds that the replica computes for a message to one of the clients in a room, one broadcast after the other."""
    before = processes.computed(REPLICA)
    for _ in range(count):
        queue.change(0)
        crowd.wait(clients, 10)
        _take(crowd, clients)
    return (processes.computed(REPLICA) - before) / (count * clients)


def _take(crowd: Crowd, wanted: int) -> None:
    came = len(crowd.arrivals())
    if came < wanted:
        raise RuntimeError(f"{came} of {wanted} messages came")


@dataclass(frozen=True)
class Flood:
    """The bytes by which a client that stopped reading made the replica grow, while so many were sent to its room."""

    growth: float
    sent: int  # bytes


def flood(lines: Lines, messages: int, size: int) -> Flood:
    """Sends messages to a room of three of whom one has stopped to read, as fast as the others read."""
    others: list[set[int]] = [set(), set()]

    def note() -> None:
        for arrival in crowd.arrivals():
            if arrival.client < len(others):
                others[arrival.client].add(arrival.number)

    with displays(lines, 3) as crowd, FeignedQueue(lines) as queue:
        queue.change(0, "x" * size, times=20)
        crowd.wait(60, 10)
        crowd.arrivals()
        crowd.stop(2)
        before = largest = processes.resident(REPLICA)
        versions: set[int] = set()
        while len(versions) < messages:
            versions.update(queue.change(0, "x" * size, times=40)[1])
            crowd.wait(80, 10)
            note()
            largest = max(largest, processes.resident(REPLICA))
        crowd.wait(messages, 2)
        note()
    if any(not versions <= heard for heard in others):
        raise RuntimeError(f"the others got {[len(heard & versions) for heard in others]} of {len(versions)} messages")
    return Flood(largest - before, len(versions) * size)


class Peer:
    """python-socketio with clients in one room."""

    def __init__(self, clients: int):
        self._clients = clients
        port = int(stack.GATEWAY.rpartition(":")[2]) + 95
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.peer", str(port)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._process.stdout.readline()
        self._crowd = _crowd(upgrade(_SOCKET_IO), [["40"]] * clients, 2 * clients, port)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._crowd.__exit__()
        self._process.terminate()
        self._process.wait()

    def cost_of_a_delivery(self, content: dict, count: int) -> float:
        """The seconds that it computes for a message to one of them."""
        folder = Path("/proc", str(self._process.pid))
        before = processes.computed_by(folder)
        for _ in range(count):
            self._process.stdin.write(f"1 {json.dumps(content)}\n")
            self._process.stdin.flush()
            self._process.stdout.readline()
            self._crowd.wait(self._clients, 30)
            _take(self._crowd, self._clients)
        return (processes.computed_by(folder) - before) / (count * self._clients)
