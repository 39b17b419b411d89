"""A waiting line as its events tell it: what everyone must be shown of it at each version."""

from base64 import b64encode
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Container, Iterator
from dataclasses import dataclass
from hashlib import sha256

from suite import database
from suite.events import Received

SHOWN_CALLS = 8
ENDED = {"left", "finished", "transferred"}


@dataclass(frozen=True)
class Face:
    """What displays show."""

    calls: tuple[str, ...]
    waiting: int
    next: str | None

    @classmethod
    def shown(cls, payload: dict) -> "Face":
        """That of a `display:update`."""
        calls = tuple(call["ticketNumber"] for call in payload["calls"])
        assert payload.get("calledNumber") == (calls[0] if calls else None), payload
        return cls(calls, payload["waiting"], payload.get("next"))


@dataclass(frozen=True)
class Turn:
    """What the patient of a ticket sees."""

    status: str
    # From 1; None unless the ticket waits.
    position: int | None

    @classmethod
    def shown(cls, payload: dict) -> "Turn":
        """That of a `position:updated`."""
        return cls(payload["status"], payload.get("position"))

    @property
    def is_over(self) -> bool:
        """Whether the ticket has ended. One whose end a process did not hear of is shown as `ended`."""
        return self.status in ENDED | {"ended"}

    def agrees(self, other: "Turn | None") -> bool:
        return self == other or self.status == "ended" and other is not None and other.is_over


class LineHistory:
    """Plays the events of one line, in the order of their versions. Of what the service says in them it uses the ticket
    that changed alone, its place and its status."""

    def __init__(self, queue: str, events: list[Received], watched: Container[str]):
        """`watched` are the numbers of the tickets whose patients listen."""
        self.queue, self.watched = queue, watched
        self.events = [event for event in list(events) if event.subject == f"line/{queue}"]
        # What displays show, by version. The first is that of a queue to which nothing has happened.
        self.faces = [Face((), 0, None)]
        # What the patient of each ticket sees: the versions at which it changes, and what it is from then on.
        self.turns: dict[str, tuple[list[int], list[Turn]]] = {}
        # The ticket of each patient, by the digest of their token.
        self.holders: dict[str, str] = {}
        # The tickets that were called, in order, and those of them that were not the first of the line.
        self.called: list[str] = []
        self.overtaken: list[str] = []
        self.faults: list[str] = []
        self._order: list[tuple[int, str]] = []
        self._tickets: dict[str, dict] = {}
        self._calls: list[str] = []
        for event in sorted(self.events, key=lambda event: event.sequence):
            self._play(event)

    @property
    def version(self) -> int:
        return len(self.faces) - 1

    @property
    def tickets(self) -> dict[str, dict]:
        """The tickets as they are in the end, by id."""
        return self._tickets

    def ticket_of(self, token: str) -> str | None:
        """The ticket that a patient token opens."""
        return self.holders.get(b64encode(sha256(token.encode()).digest(), b"-_").decode().rstrip("="))

    def turn(self, ticket: str, version: int) -> Turn | None:
        """What the patient sees at a version; None before the ticket joined."""
        versions, turns = self.turns[ticket]
        index = bisect_left(versions, version + 1) - 1
        return turns[index] if index >= 0 else None

    def turns_between(self, ticket: str, first: int, last: int) -> set[Turn | None]:
        """Everything that the patient may be shown at one of these versions."""
        versions, turns = self.turns[ticket]
        return {self.turn(ticket, first), *turns[bisect_left(versions, first):bisect_left(versions, last + 1)]}

    def _play(self, event: Received) -> None:
        data, verb = event.event.get_data(), event.verb
        if event.sequence != len(self.faces):
            self.faults.append(f"version {event.sequence} follows {len(self.faces) - 1}")
        if ticket := data.get("ticket"):
            self._apply(verb, ticket)
        waiting = [self._tickets[id]["number"] for _, id in self._order[:1]]
        calls = tuple(self._tickets[id]["number"] for id in self._calls[:SHOWN_CALLS])
        self.faces.append(Face(calls, len(self._order), waiting[0] if waiting else None))
        for rank, (_, id) in enumerate(self._order):
            if self._tickets[id]["number"] in self.watched:
                self._note(id, Turn("waiting", rank + 1))
        if ticket and ticket["status"] != "waiting":
            self._note(ticket["id"], Turn(ticket["status"], None))

    def _apply(self, verb: str, ticket: dict) -> None:
        id, before = ticket["id"], self._tickets.get(ticket["id"])
        if (before is None) != (verb == "joined"):
            self.faults.append(f"{ticket['number']} {verb}, and was {before and before['status']} before")
        if verb == "called":
            self._call(ticket, before)
        if verb in ("called", "recalled"):
            self._calls = [id, *(other for other in self._calls if other != id)]
        if before and before["status"] == "waiting":
            self._order.remove((before["place"], id))
        if ticket["status"] == "waiting":
            insort(self._order, (ticket["place"], id))
        self._tickets[id], self.holders[ticket["tokenDigest"]] = ticket, id

    def _call(self, ticket: dict, before: dict | None) -> None:
        self.called.append(ticket["id"])
        if not before or before["status"] not in ("waiting", "held", "missed"):
            self.faults.append(f"{ticket['number']} is called although it is {before and before['status']}")
        elif self._order and self._order[0][1] != ticket["id"]:
            self.overtaken.append(ticket["number"])

    def _note(self, id: str, turn: Turn) -> None:
        versions, turns = self.turns.setdefault(id, ([], []))
        if not turns or turns[-1] != turn:
            versions.append(len(self.faces) - 1)
            turns.append(turn)


def differences_from_the_database(history: LineHistory, schema: str) -> Iterator[str]:
    """What was announced and is not so, or is so and was not announced."""
    rows = database.rows(
        f"SELECT version, verb, ticket FROM line_transitions WHERE queue = '{history.queue}' ORDER BY version",
        schema)
    recorded = [(row["version"], row["verb"], row["ticket"]) for row in rows]
    announced = [
        (event.sequence, event.verb, (event.event.get_data().get("ticket") or {}).get("id"))
        for event in history.events]
    for only in sorted(set(announced) - set(recorded))[:5]:
        yield f"{only} was announced and never happened"
    for only in sorted(set(recorded) - set(announced))[:5]:
        yield f"{only} happened and was never announced"
    if [version for version, *_ in recorded] != list(range(1, len(recorded) + 1)):
        yield "the versions of the line have gaps"
    if [version for version, *_ in announced] != list(range(1, len(announced) + 1)):
        yield "the versions arrived in another order"
    stored = {
        row["id"]: (row["status"], row["place"])
        for row in database.rows(f"SELECT id, status, place FROM tickets WHERE queue = '{history.queue}'", schema)}
    known = {id: (ticket["status"], ticket["place"]) for id, ticket in history.tickets.items()}
    for id in stored.keys() | known.keys():
        if stored.get(id) != known.get(id):
            yield f"ticket {id} is {stored.get(id)}, and was last announced as {known.get(id)}"


def wrong_numbers(queue: str, schema: str) -> Iterator[str]:
    """Numbers count from 1 on each day, without gaps, in the order of joining."""
    rows = database.rows(
        f"""
        SELECT t.day, t.number FROM tickets t JOIN line_transitions l ON l.ticket = t.id AND l.verb = 'joined'
        WHERE t.queue = '{queue}' ORDER BY l.version
        """, schema)
    counted: Counter[str] = Counter()
    for row in rows:
        counted[row["day"]] += 1
        if row["number"] != counted[row["day"]]:
            yield f"the ticket {counted[row['day']]} of {row['day']} has the number {row['number']}"
