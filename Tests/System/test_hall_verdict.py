"""The verdict on a waiting room finds each kind of lie in evidence that is made here, and nothing in evidence that is true."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from hashlib import sha256
from types import SimpleNamespace
from typing import Any

import pytest
from chaos import hall_verdict
from chaos.chronicle import Chronicle
from chaos.hall import Hall
from chaos.journal import Journal, Operation
from suite.http import Answer
from suite.listeners import Heard, Listener, SocketListener, Spell, StreamListener

QUEUE = "0a"
TOKENS = {"t1": "one", "t2": "two", "t3": "three"}
# What happens in each version: the verb, and the ticket after it.
STORY = [
    ("opened", None), ("joined", ("t1", "waiting")), ("joined", ("t2", "waiting")), ("joined", ("t3", "waiting")),
    ("called", ("t1", "called")), ("finished", ("t1", "finished")), ("called", ("t2", "called"))]
# What a display and the phone of the third patient show from each version on.
DISPLAY = [((), 0, None), ((), 1, "A1"), ((), 2, "A1"), ((), 3, "A1"), (("A1",), 2, "A2"), (("A1",), 2, "A2"),
           (("A2", "A1"), 1, "A3")]
PHONE = {4: 3, 5: 2, 7: 1}
LAST = len(STORY)


def event(version: int, verb: str, ticket: tuple[str, str] | None) -> SimpleNamespace:
    data = {"ticket": snapshot(*ticket)} if ticket else {}
    return SimpleNamespace(
        subject=f"line/{QUEUE}", sequence=version, verb=verb, event=SimpleNamespace(get_data=lambda: data))


def snapshot(id: str, status: str) -> dict:
    digest = urlsafe_b64encode(sha256(TOKENS[id].encode()).digest()).decode().rstrip("=")
    return {"id": id, "number": f"A{id[1]}", "status": status, "place": int(id[1]), "tokenDigest": digest}


def operation(kind: str, answer: dict) -> Operation:
    done = Operation(kind, None, "POST", "/", outcome="ok")
    done.answer = Answer(200, {}, json.dumps(answer).encode())
    return done


def follow(listener: Listener, event: str, payloads: dict[int, dict]) -> Listener:
    """The listener is sent each version a tenth of a second after it was committed."""
    listener.heard = [
        Heard(version + 0.1, event, {"version": version} | payload) for version, payload in payloads.items()]
    listener.spells = [Spell(min(payloads) + 0.1)]
    return listener


@pytest.fixture
def hall(monkeypatch: pytest.MonkeyPatch) -> Hall:
    """Version N is committed at the second N."""
    journal = Journal()
    journal.operations = [operation("join", {"patientToken": token}) for token in TOKENS.values()]
    journal.operations += [operation("call", {"ticket": {"id": id}}) for id in ("t1", "t2")]
    journal.operations.append(operation("call", {}))
    chronicle = Chronicle(QUEUE, "queue_essai")
    chronicle.samples = [(float(version), version) for version in range(1, LAST + 1)] + [(20.0, LAST)]
    made = Hall(
        SimpleNamespace(queue=QUEUE, tenant=SimpleNamespace(schema=lambda _: "queue_essai")), None, journal,
        SimpleNamespace(events=[event(n + 1, *change) for n, change in enumerate(STORY)], faults=[]), None, chronicle, 10)
    faces = {
        n + 1: {"calls": [{"ticketNumber": number} for number in calls], "waiting": waiting, "next": next,
                "calledNumber": calls[0] if calls else None}
        for n, (calls, waiting, next) in enumerate(DISPLAY)}
    made.displays = [follow(SocketListener(f"display:{QUEUE}"), "display:update", faces)]
    turns = {version: {"ticketNumber": "A3", "status": "waiting", "position": rank} for version, rank in PHONE.items()}
    made.phones = [follow(StreamListener("patient:three"), "position:updated", turns)]
    rows = {
        "line_transitions WHERE": [
            {"version": n + 1, "verb": verb, "ticket": ticket and ticket[0]} for n, (verb, ticket) in enumerate(STORY)],
        "status, place": [
            {"id": "t1", "status": "finished", "place": 1}, {"id": "t2", "status": "called", "place": 2},
            {"id": "t3", "status": "waiting", "place": 3}],
        "l.verb = 'joined'": [{"day": "2026-01-01", "number": number} for number in (1, 2, 3)],
        "line_version": [{"it": LAST}], "count(*)": [{"it": 3}]}
    made.stored = rows
    monkeypatch.setattr("suite.database.rows", lambda sql, *_: next(rows[part] for part in rows if part in sql))
    return made


def found(hall: Hall) -> list[str]:
    return [f"{check.__name__}: {fault}" for check in hall_verdict.CHECKS for fault in check(hall)]


def test_the_truth_is_believed(hall: Hall):
    assert found(hall) == []


def payload(listener: Callable[[Hall], Listener], index: int, **members: Any) -> Callable[[Hall], None]:
    return lambda hall: listener(hall).heard[index].payload.update(members)


def _display(hall: Hall) -> Listener:
    return hall.displays[0]


def _phone(hall: Hall) -> Listener:
    return hall.phones[0]


def _swap_calls(hall: Hall) -> None:
    events = hall.auditor.events
    events[4], events[6] = event(5, "called", ("t2", "called")), event(7, "called", ("t1", "called"))


LIES: dict[str, tuple[str, Callable[[Hall], None]]] = {
    "an event that never happened": (
        "the_log_is", lambda hall: hall.auditor.events.append(event(8, "called", ("t3", "called")))),
    "a lost event": ("the_log_is", lambda hall: hall.auditor.events.pop(5)),
    "an event that came too early": ("the_log_is", lambda hall: hall.auditor.events.insert(0, hall.auditor.events.pop())),
    "a call that was rolled back": (
        "the_log_is", lambda hall: hall.stored["line_transitions WHERE"][6].update(verb="recalled")),
    "another state in the database": ("the_log_is", lambda hall: hall.stored["status, place"][2].update(status="called")),
    "a ticket that is called twice": (
        "the_log_is", lambda hall: hall.auditor.events.append(event(8, "called", ("t2", "called")))),
    "a call to two counters": (
        "each_call_has", lambda hall: hall.journal.operations.append(operation("call", {"ticket": {"id": "t2"}}))),
    "a call that no counter knows of": ("each_call_has", lambda hall: hall.journal.operations.pop(4)),
    "a call before its turn": ("the_first_in_line", _swap_calls),
    "a number twice": ("numbers_are", lambda hall: hall.stored["l.verb = 'joined'"][2].update(number=2)),
    "two patients with one ticket": ("numbers_are", lambda hall: hall.journal.operations.append(
        operation("join", {"patientToken": "three"}))),
    "a wrong position": ("every_state", payload(_phone, 1, position=3)),
    "a wrong number on a display": ("every_state", payload(_display, 6, next="A2")),
    "a call that a display lacks": (
        "every_state", payload(_display, 6, calls=[{"ticketNumber": "A2"}])),
    "a state from nowhere": ("every_state", payload(_display, 6, version=9)),
    "a refusal": ("every_state", lambda hall: _phone(hall).refusals.append("forbidden")),
    "a ticket that is not found": ("no_phone_was", lambda hall: setattr(_phone(hall), "gone", 6.5)),
    "an older state": ("no_listener", lambda hall: _display(hall).heard.insert(4, _display(hall).heard.pop(2))),
    "a display that stays behind": ("nothing_was", lambda hall: _display(hall).heard.pop()),
    "a phone that stays behind": ("nothing_was", lambda hall: _phone(hall).heard.pop()),
    "a wrong end": ("the_line_ends", lambda hall: _phone(hall).heard.pop()),
    "an answer that is not known": ("no_answer", lambda hall: setattr(hall.journal.operations[0], "outcome", "unknown")),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_is_named(hall: Hall, lie: str):
    check, tell = LIES[lie]
    tell(hall)
    assert any(fault.startswith(check) for fault in found(hall)), found(hall)
