"""The telephones of a waiting room, its display and the screen at the desk: who follows the line, and in which way."""

import time
from collections import Counter
from dataclasses import dataclass

from suite.live import FeedFollower, Follower, Loop, Network, SocketFollower, StreamFollower

WAYS = {"polling": "Socket.IO by polling", "websocket": "by WebSocket", "upgrade": "by polling, then WebSocket",
        "ws": "/ws", "events": "server-sent events"}
# The phone whose network falls silent is one of the last in line, so that it waits until nearly the end.
SILENT = 27


@dataclass
class Patient:
    """One who waits, and the telephone that follows the ticket."""

    name: str
    number: str
    token: str
    ticket: str = ""
    phone: Follower | None = None


class Phones:
    """All that is connected in the waiting room."""

    def __init__(self, patients, queue, display_token, staff_token):
        self._loop, self.network = Loop(), Network()
        self._loop.run(self.network.start())
        self.patients, self.silent = patients, patients[SILENT]
        self.display = SocketFollower(f"display:{queue}", display_token)
        self.desk = SocketFollower(f"clinic:{queue}", staff_token)
        self.ways = Counter()
        for place, patient in enumerate(patients):
            patient.phone = self._phone(patient, list(WAYS)[place % len(WAYS)])

    def _phone(self, patient, way):
        if patient is self.silent:
            way = "websocket"
        self.ways[WAYS[way]] += 1
        room = f"patient:{patient.token}"
        if patient is self.silent:
            return SocketFollower(room, address=self.network.address, transport=way)
        return {"ws": FeedFollower, "events": StreamFollower}.get(way, SocketFollower)(
            room, **({"transport": way} if way in ("polling", "websocket", "upgrade") else {}))

    @property
    def all(self):
        return [self.display, self.desk, *(patient.phone for patient in self.patients)]

    def connect(self):
        """Returns once every one has a state; throws if one has none after ten seconds."""
        self._loop.run_all([follower.start() for follower in self.all])
        assert wait_for(lambda: all(follower.state for follower in self.all), 10), "a telephone gets no state"

    def disconnect(self):
        self._loop.run_all([follower.stop() for follower in self.all])
        self._loop.run(self.network.stop())


def wait_for(condition, seconds):
    """Whether the condition holds within `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True
