"""Patients follow their tickets through the gateway with two replicas of Realtime, in every transport of Socket.IO."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby

import pytest

from suite import stack
from suite.http import Client
from suite.live import TRANSPORTS, Loop, SocketFollower
from suite.people import Tenant, expect, key
from suite.waiting import await_that

SESSIONS, POLLS = 12, 4
SHOWN = ("ticketNumber", "status", "position", "isNear", "counter")


class Line:
    """An open queue with one counter, and the patient tokens of those who have joined, in order."""

    def __init__(self, tenant: Tenant, name: str, patients: int):
        self.client, self.tenant = tenant.client, tenant
        self.queue = self._post("/api/queues", {"settings": {"name": name}}, "manager")["id"]
        self._post(f"/api/queues/{self.queue}/open")
        self.tokens = [self._post(f"/api/queues/{self.queue}/walk-ins", {})["patientToken"] for _ in range(patients)]

    def call_next(self) -> str:
        return self._post(f"/api/queues/{self.queue}/call-next", {})["ticket"]["ticketNumber"]

    def ticket(self, token: str) -> dict:
        return expect(self.client.get(f"/queue/{token}"), 200).json

    def shows_truth(self, phone: SocketFollower) -> bool:
        truth = self.ticket(phone.room.partition(":")[2])
        return all(truth.get(member) == phone.state.get(member) for member in SHOWN)

    def _post(self, path: str, body: dict | None = None, role: str = "staff") -> dict:
        token = self.tenant.token(role)
        return expect(self.client.request("POST", path, token=token, json_body=body, headers=key()), 200, 201).json


@pytest.fixture(scope="module")
def loop() -> Loop:
    return Loop()


@contextmanager
def phones(loop: Loop, tokens: list[str], transports: list[str]) -> Iterator[list[SocketFollower]]:
    """A telephone for each ticket, with its state."""
    followers = [
        SocketFollower(f"patient:{token}", transport=transports[number % len(transports)])
        for number, token in enumerate(tokens)]
    loop.run_all([follower.start() for follower in followers])
    try:
        await_that(lambda: all(follower.state for follower in followers), "a telephone has no state")
        yield followers
    finally:
        loop.run_all([follower.stop() for follower in followers])


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_telephones_follow_the_line_in_one_session(tenant: Tenant, loop: Loop, transport: str):
    line = Line(tenant, f"File {transport}", 4)
    with phones(loop, line.tokens, [transport]) as followers:
        sessions = [follower.client.eio.sid for follower in followers]
        for _ in line.tokens:
            number = line.call_next()
            await_that(lambda: all(line.shows_truth(follower) for follower in followers), "a telephone is behind")
            called = [follower for follower in followers if follower.state["ticketNumber"] == number]
            assert [len(follower.events("patient:called")) for follower in called] == [1]
        for place, follower in enumerate(followers):
            positions = (heard.payload.get("position") for heard in follower.events("position:updated"))
            # The expected wait may change where the position does not.
            steps = [position for position, _ in groupby(positions) if position]
            assert steps == list(range(place + 1, 0, -1))
            assert len(follower.events("turn:called")) == 1
            assert follower.absences == []
            assert follower.client.transport() == TRANSPORTS[transport][-1]
        assert [follower.client.eio.sid for follower in followers] == sessions


def test_polls_of_a_session_reach_its_replica_and_no_answer_names_it():
    headers, instances = set(), set()

    def ask(method: str, session: str = "", body: bytes | None = None) -> str:
        # A connection of its own each time, as after a change of network.
        path = "/socket.io/?EIO=4&transport=polling" + (f"&sid={session}" if session else "")
        answer = expect(Client().request(method, path, body=body, headers={"Content-Type": "text/plain"}), 200)
        headers.update(answer.headers)
        return answer.body.decode()

    for _ in range(SESSIONS):
        session = json.loads(ask("GET")[1:])["sid"]
        instances.add(session.partition("-")[0])
        assert ask("POST", session, b"40{}") == "ok"
        assert ask("GET", session).startswith('40{"sid":')
        for number in range(POLLS):
            assert ask("POST", session, b'42%d["join:patient",{"patientToken":"x"}]' % number) == "ok"
            assert ask("GET", session).startswith(f'43{number}[{{"code":"not-found"')
    assert len(instances) == 2
    assert "x-instance" not in headers
    unknown = Client().get("/socket.io/", EIO=4, transport="polling", sid=f"{'0' * 16}-none")
    assert unknown.status == 400


def test_a_killed_replica_costs_no_position(tenant: Tenant, loop: Loop):
    line = Line(tenant, "File en panne", SESSIONS)
    with phones(loop, line.tokens, list(TRANSPORTS)) as followers:
        at_home = {follower: follower.instance for follower in followers}
        answer = Client(stack.replicas("realtime")[0]).get("/socket.io/", EIO=4, transport="polling")
        killed = answer.headers["x-instance"]
        hit = [follower for follower in followers if at_home[follower] == killed]
        assert 0 < len(hit) < len(followers)
        stack.act("kill", "realtime-1")
        try:
            for _ in range(3):
                line.call_next()
            await_that(
                lambda: all(follower.lost_at is None and line.shows_truth(follower) for follower in followers)
                and all(follower.absences for follower in hit), "a telephone has not come back")
        finally:
            stack.act("start", "realtime-1")
        assert [follower for follower in followers if follower not in hit and follower.absences] == []
        line.call_next()
        await_that(lambda: all(line.shows_truth(follower) for follower in followers), "a telephone is behind")
