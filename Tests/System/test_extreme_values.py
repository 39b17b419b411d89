"""Values at the ends of what can be written are refused or find nothing. They end no process."""

import json
from urllib.parse import quote

import pytest
from reception import Reception
from websockets.sync.client import connect

from suite import stack
from suite.clinic import Clinic
from suite.http import Client
from suite.people import key

TIMES = [
    "0000-01-01T00:00:00+01:00", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59Z",
    "9999-12-31T23:59:59-23:59", "1899-12-31T23:59:59Z", "3000-01-01T00:00:00Z"]
DAYS = ["0000-01-01", "0001-01-01", "1899-12-31", "3000-01-01", "9999-12-31"]
# Arguments of events, names of rooms, and numbers of the protocol.
PACKETS = [
    '42["join:patient",{"patientToken":1e999}]', '42["join:patient",{"patientToken":"\\ud800"}]', '42["join:clinic",{"clinicId":null}]',
    '42["join:display",{"clinicId":"00000000-0000-0000-0000-000000000000","token":"\\u0000"}]', '42["join:patient"' + ",[]" * 5000 + "]",
    '42["join:patient",' + "[" * 60 + "]" * 60 + "]", '42["join:patient",' + "[" * 5000 + "]" * 5000 + "]",
    '429007199254740993["join:patient",{}]', '439223372036854775808[]', '4599999999999999999999-["a"]', "40/" + "n" * 10_000,
    '40{"pid":"' + "A" * 12_000 + '","offset":"zzzzzzzzzzzzzzzz"}', "4" * 16_000]
ROOMS = ["patient:" + "x" * 5000, "clinic:\0", "display:", ":", "user:99999999999999999999", "patient:a." + "A" * 54]
NUMBERS = ["-1", "541728000", "999999999999", "1099511627775", "9223372036854775807", "99999999999999999999"]


@pytest.fixture(scope="module")
def line(clinic: Clinic) -> Reception:
    return Reception.open(clinic.tenant)


@pytest.mark.parametrize("time", TIMES)
def test_times_beyond_the_calendar_are_refused(time: str, clinic: Clinic):
    query = {"from": time, "to": clinic.instant(2, 0), "careType": "consultation"}
    asked = [
        ("booking", "/api/slots", query), ("booking", "/api/appointments", {"from": time}),
        ("availability", "/api/availability/slots", query), ("availability", "/api/availability/search", query),
        ("availability", "/api/availability/$bulk-publish", {"_since": time})]
    for service, path, values in asked:
        answers_with(service, path, values, clinic, 400)
    day = {"careType": "consultation", "start": time}
    for replica in map(Client, stack.replicas("booking")):
        answer = replica.request(
            "POST", "/api/appointments/holds", token=clinic.tenant.token(), json_body=day,
            headers={"Idempotency-Key": "extreme"})
        assert answer.status == 400, answer


@pytest.mark.parametrize("day", DAYS)
def test_days_beyond_the_calendar_are_refused(day: str, clinic: Clinic):
    answers_with("booking", "/api/holidays", {"from": day}, clinic, 400)
    answers_with("booking", "/api/statistics", {"from": day, "to": day}, clinic, 400, role="admin")
    for replica in map(Client, stack.replicas("availability")):
        answer = replica.request(
            "POST", f"/api/availability/days/{day}/recalculate", token=clinic.tenant.token("admin"))
        assert answer.status in (400, 404), answer


@pytest.mark.parametrize("day", DAYS)
def test_days_without_a_line_are_refused_or_empty(day: str, clinic: Clinic, line: Reception):
    for ends in ({"from": day, "to": day}, {"from": "1900-01-01", "to": day}, {"from": day, "to": "2999-12-31"}):
        for replica in map(Client, stack.replicas("queue")):
            for path in ("statistics", "statistics.csv"):
                answer = replica.get(f"{line.path}/{path}", clinic.tenant.token("admin"), **ends)
                assert answer.status in (200, 400), (ends, answer)
                assert answer.status == 400 or len(set(ends.values())) == 1, (ends, answer)


@pytest.mark.parametrize("number", ["1", *NUMBERS, "1e400", "-0.5"])
def test_numbers_of_a_queue_that_cannot_be_are_refused(number: str, clinic: Clinic):
    for member in ("numberDigits", "capacity", "nearAt", "expectedVisitMinutes", "recallLimit", "returnBehind"):
        body = f'{{"settings": {{"name": "Essai", "{member}": {number}}}}}'.encode()
        for replica in map(Client, stack.replicas("queue")):
            answer = replica.request(
                "POST", "/api/queues", token=clinic.tenant.token("admin"), body=body,
                headers={"Content-Type": "application/json", **key()})
            assert answer.status == (201 if number == "1" else 400), (member, answer)


@pytest.mark.parametrize("packet", PACKETS, ids=lambda it: it[:40])
def test_packets_that_cannot_be_end_no_process(packet: str, line: Reception):
    room = f"patient:{line.join()['patientToken']}"
    for replica in stack.replicas("realtime"):
        address = replica.replace("http:", "ws:")
        with connect(f"{address}/socket.io/?EIO=4&transport=websocket") as socket:
            socket.recv()
            socket.send("40")
            socket.recv()
            socket.send(packet)
        assert is_served(address, room)


@pytest.mark.parametrize("room", ROOMS, ids=lambda it: ascii(it[:20]))
def test_rooms_that_cannot_be_are_refused(room: str, line: Reception):
    own = f"patient:{line.join()['patientToken']}"
    for replica in stack.replicas("realtime"):
        answer = Client(replica).request(
            "GET", f"/api/realtime/events?room={quote(room)}", headers={"Last-Event-ID": "9" * 5000})
        # A token of the right form may be that of a line which is not known yet.
        assert answer.status in (400, 404, 503), answer
        assert is_served(replica.replace("http:", "ws:"), own)


def is_served(replica: str, room: str) -> bool:
    """Whether that process lets a client into its room."""
    with connect(f"{replica}/ws") as socket:
        socket.send(json.dumps({"type": "join", "room": room}))
        return json.loads(socket.recv(30))["type"] == "joined"


@pytest.mark.parametrize("minutes", NUMBERS)
def test_slots_that_cannot_be_are_not_there(minutes: str, clinic: Clinic):
    name = f"01a1faa0d37073b4821c389a0c65bf5e-{minutes}-consultation"
    for replica in map(Client, stack.replicas("availability")):
        assert replica.get(f"/api/fhir/{clinic.tenant.slug}/Slot/{name}").status == 404
        found = replica.get(f"/api/fhir/{clinic.tenant.slug}/Slot", _after=name)
        assert found.status in (400, 404), found


def answers_with(service: str, path: str, query: dict, clinic: Clinic, status: int, role: str = "staff") -> None:
    """Each replica does, and is there afterwards."""
    for replica in map(Client, stack.replicas(service)):
        for _ in range(2):
            answer = replica.get(path, clinic.tenant.token(role), **query)
            assert answer.status == status, (path, answer)
