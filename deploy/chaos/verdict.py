"""What must be true when all is quiet again. Each check yields what is wrong, and nothing when all is well."""

import base64
import json
import time
import urllib.request
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from chaos import hall_verdict, neighbours, publication
from chaos.hall import Hall
from chaos.journal import Journal
from chaos.neighbours import Neighbour
from chaos.publication import Publication
from suite import database, stack
from suite.events import Auditor
from suite.people import Tenant

# Without the time that the audit takes to come round.
QUIET_WITHIN_SECONDS = 180
APPOINTMENTS = ("book", "hold", "confirm", "move", "cancel")
TAKES_SLOT = ("held", "confirmed", "completed")


@dataclass
class Evidence:
    tenant: Tenant
    journal: Journal
    auditor: Auditor
    logged_in: list[str]
    publication: Publication
    neighbour: Neighbour
    hall: Hall

    @property
    def schema(self) -> str:
        return self.tenant.schema("booking")

    @property
    def last_acknowledged(self) -> dict[str, dict]:
        """Of each appointment, the latest state that was acknowledged."""
        last: dict[str, dict] = {}
        for operation in self.journal.of(*APPOINTMENTS):
            if operation.outcome == "ok":
                view = operation.answer.json
                if view["version"] > last.get(view["id"], {"version": 0})["version"]:
                    last[view["id"]] = view
        return last


def violations(evidence: Evidence) -> list[str]:
    checks = [(check, evidence) for check in CHECKS]
    checks += [(check, evidence.publication) for check in publication.CHECKS]
    checks += [(check, evidence.neighbour) for check in neighbours.CHECKS]
    checks += [(check, evidence.hall) for check in hall_verdict.CHECKS]
    return [f"{check.__name__.replace('_', ' ')}: {found}" for check, subject in checks for found in check(subject)]


def nothing_overlaps(evidence: Evidence) -> Iterator[str]:
    for table, resource in (("practitioner", "a.practitioner = b.practitioner"), ("room", "a.room = b.room")):
        pairs = database.value(
            f"""
            SELECT count(*) FROM appointments a JOIN appointments b ON a.id < b.id AND {resource}
                AND tstzrange(a.blocked_from, a.blocked_to) && tstzrange(b.blocked_from, b.blocked_to)
            WHERE a.status IN {TAKES_SLOT} AND b.status IN {TAKES_SLOT}
            """, evidence.schema)
        if pairs:
            yield f"{pairs} pairs of appointments share a {table}"
    pairs = database.value(
        """
        SELECT count(*) FROM allocations a JOIN allocations b
            ON a.resource = b.resource AND a.appointment < b.appointment AND a.during && b.during
        """, evidence.schema)
    if pairs:
        yield f"{pairs} pairs of allocations overlap"


def what_is_taken_is_what_is_booked(evidence: Evidence) -> Iterator[str]:
    wrong = database.value(
        f"""
        WITH wanted AS (
            SELECT id, unnest(array_remove(ARRAY[practitioner, room], NULL)) AS resource,
                tstzrange(blocked_from, blocked_to) AS during FROM appointments WHERE status IN {TAKES_SLOT})
        SELECT count(*) FROM wanted FULL JOIN allocations AS taken
            ON taken.appointment = wanted.id AND taken.resource = wanted.resource AND taken.during = wanted.during
        WHERE wanted.id IS NULL OR taken.appointment IS NULL
        """, evidence.schema)
    if wrong:
        yield f"{wrong} allocations are missing or left over"


def every_acknowledged_write_is_there(evidence: Evidence) -> Iterator[str]:
    stored = {row["id"]: row for row in database.rows(
        "SELECT id, status, starts_at, version FROM appointments", evidence.schema)}
    acknowledged = evidence.last_acknowledged
    for identifier, view in acknowledged.items():
        row = stored.get(identifier)
        if row is None or not _agrees(view, row):
            yield f"acknowledged {view}, stored {row}"
    for identifier in stored.keys() - acknowledged.keys():
        yield f"no answer acknowledged {stored[identifier]}"


def _agrees(view: dict, row: dict) -> bool:
    if view["status"] == "held" and row["status"] == "expired":
        return row["version"] == view["version"] + 1
    starts = datetime.fromisoformat(view["start"]) == datetime.fromisoformat(row["starts_at"])
    return starts and (view["status"], view["version"]) == (row["status"], row["version"])


def no_key_had_two_effects(evidence: Evidence) -> Iterator[str]:
    rows = database.rows("SELECT reason, version FROM appointment_history WHERE reason IS NOT NULL", evidence.schema)
    effects = defaultdict(list)
    for row in rows:
        effects[row["reason"]].append(row["version"])
    for operation in evidence.journal.of("book", "confirm", "move", "cancel"):
        wanted = [operation.answer.json["version"]] if operation.outcome == "ok" else []
        if effects[operation.key] != wanted:
            had = effects[operation.key]
            yield f"{operation.kind} {operation.key} was {operation.outcome} and had the effects {had}"
    taken = Counter(o.answer.json["id"] for o in evidence.journal.of("book", "hold") if o.outcome == "ok")
    for identifier, count in taken.items():
        if count > 1:
            yield f"{count} keys were answered with {identifier}"


def every_colleague_is_there(evidence: Evidence) -> Iterator[str]:
    schema = evidence.tenant.schema("identity")
    stored = Counter(row["id"] for row in database.rows("SELECT id FROM users", schema))
    for operation in evidence.journal.of("register"):
        if operation.outcome == "ok" and not stored.pop(operation.answer.json["id"], 0):
            yield f"{operation.answer.json['id']} was taken on and is not there"
    others = [*evidence.tenant.users.values(), *(clerk.user for clerk in evidence.hall.clerks)]
    for identifier in stored.keys() - {user.id for user in others}:
        yield f"no answer acknowledged the colleague {identifier}"
    sessions = {row["user_id"] for row in database.rows("SELECT user_id FROM sessions", schema)}
    for identifier in set(evidence.logged_in) - sessions:
        yield f"{identifier} logged in and has no session"


def every_event_arrived_once_in_effect(evidence: Evidence) -> Iterator[str]:
    rows = database.rows("SELECT event_id, body FROM outbox WHERE aggregate LIKE 'appointment/%'", evidence.schema)
    stored = {row["event_id"]: row["body"] for row in rows}
    received = {event.id.lower(): event.body.decode() for event in evidence.auditor.events}
    yield from evidence.auditor.faults
    for identifier in stored.keys() - received.keys():
        yield f"{identifier} never arrived"
    for identifier in received.keys() - stored.keys():
        yield f"{identifier} arrived and was never recorded"
    for identifier in stored.keys() & received.keys():
        if stored[identifier] != received[identifier]:
            yield f"{identifier} arrived changed"


def sequences_are_gapless_and_in_order(evidence: Evidence) -> Iterator[str]:
    sequences = defaultdict(list)
    for event in evidence.auditor.events:
        sequences[event.subject].append(event.sequence)
    for subject, numbers in sequences.items():
        if numbers != list(range(1, len(numbers) + 1)):
            yield f"{subject} came as {numbers}"


def no_outcome_stays_unknown(evidence: Evidence) -> Iterator[str]:
    for operation in evidence.journal.unknown:
        yield f"{operation.kind} {operation.key}: {operation.answer!r}"


def no_answer_was_strange(evidence: Evidence) -> Iterator[str]:
    for answer, count in evidence.journal.strange.items():
        yield f"{count} times {answer}"


def all_is_published_and_consumed(evidence: Evidence) -> Iterator[str]:
    yield from await_quiet(evidence)  # other tenants have messages, too: one that is seen once may be over


CHECKS: list[Callable[[Evidence], Iterator[str]]] = [
    nothing_overlaps, what_is_taken_is_what_is_booked, every_acknowledged_write_is_there, no_key_had_two_effects,
    every_colleague_is_there, every_event_arrived_once_in_effect, sequences_are_gapless_and_in_order,
    no_outcome_stays_unknown, no_answer_was_strange, all_is_published_and_consumed,
]


def await_quiet(evidence: Evidence) -> list[str]:
    """Waits until nothing is on its way any more; returns what still is when patience ends."""
    deadline = time.monotonic() + QUIET_WITHIN_SECONDS + evidence.publication.audit_seconds
    while (found := list(unrest(evidence))) and time.monotonic() < deadline:
        time.sleep(0.5)
    return found


def unrest(evidence: Evidence) -> Iterator[str]:
    tenants = [evidence.tenant.schema(service) for service in stack.services()]
    for schema in (*stack.services(), *tenants):
        if waiting := database.value("SELECT count(*) FROM outbox WHERE published_at IS NULL", schema):
            yield f"{waiting} events wait in the outbox of {schema}"
    if held := database.value("SELECT count(*) FROM appointments WHERE status = 'held'", evidence.schema):
        yield f"{held} holds have not lapsed"
    recorded = database.value("SELECT count(*) FROM outbox WHERE aggregate LIKE 'appointment/%'", evidence.schema)
    if (arrived := len(evidence.auditor.events)) != recorded:
        yield f"{arrived} events of {recorded} have arrived"
    for name, messages in _queues().items():
        # The unrouted queue keeps what no queue was bound for, as it should; other names are those of subscribers.
        if messages and name.startswith("guichet.") and name != "guichet.unrouted":
            yield f"{messages} messages lie in {name}"
    yield from publication.unrest(evidence.publication)
    yield from neighbours.unrest(evidence.neighbour)
    yield from hall_verdict.unrest(evidence.hall)


def _queues() -> dict[str, int]:
    url = urlsplit(stack.ENVIRONMENT["GUICHET_TEST_AMQP_MANAGEMENT_URL"])
    credentials = base64.b64encode(f"{url.username}:{url.password}".encode()).decode()
    request = urllib.request.Request(
        f"http://{url.hostname}:{url.port}/api/queues/guichet", headers={"Authorization": f"Basic {credentials}"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return {queue["name"]: queue.get("messages", 0) for queue in json.load(answer)}
