"""What must be true of the publication of free slots: during the faults, and when all is quiet again.

The bound: a search that begins more than two seconds after an acknowledgement does not offer what was acknowledged as
taken. Time does not count while a process is stopped that publication needs, nor until the backlog is published: the two
seconds begin then. The short form, which must hold on a busy machine, allows more than two seconds.
"""

import base64
import hashlib
import time
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from chaos.faults import Recovery
from chaos.journal import Journal, Operation
from chaos.searchers import CARES, LIMIT, Offer, Search, Sightings, minute
from chaos.tampering import Tampering
from suite import cache, database
from suite.clinic import Clinic
from suite.http import Client
from suite.people import expect

HORIZON_DAYS = 13
# From one look of the audit to the next, with some time for the look itself; see GUICHET_AVAILABILITY_AUDIT_INTERVAL.
AUDIT_SECONDS = 5.5
PREFIX = "guichet:availability:"
# From the clock on the wall to the one that the journal reads.
_SHIFT = time.monotonic() - time.time()
# A hold is not relied upon in its last moments.
_EARLY = 1


@dataclass(frozen=True)
class Stay:
    """What an appointment surely takes, from an acknowledgement to the first request that may end it."""

    appointment: str
    version: int
    taken: Offer
    begin: float
    end: float

    def excludes(self, offer: Offer) -> bool:
        taken = self.taken
        if offer.end <= taken.start or taken.end <= offer.start:
            return False
        return offer.practitioner == taken.practitioner or (offer.needs_room and taken.needs_room)


def stays(journal: Journal) -> list[Stay]:
    endings = defaultdict(list)
    for operation in journal.of("move", "cancel"):
        endings[_appointment(operation)].append(operation.begun)
    found = []
    for operation in journal.of("book", "hold", "confirm", "move"):
        if operation.outcome != "ok":
            continue
        view = operation.answer.json
        end = min((begun for begun in endings[view["id"]] if begun > operation.begun), default=float("inf"))
        if view["status"] == "held":
            lapse = datetime.fromisoformat(view["holdExpires"]).timestamp() + _SHIFT
            end = min(end, lapse - _EARLY)
        taken = Offer(
            view["practitioner"]["id"], minute(view["start"]), minute(view["end"]) + CARES[view["careType"]],
            "room" in view)
        found.append(Stay(view["id"], view["version"], taken, operation.ended, end))
    return found


def _appointment(operation: Operation) -> str:
    return operation.path.split("/")[3].partition("?")[0]


@dataclass
class Publication:
    """The evidence: what was shown, what was done meanwhile, and where to look afterwards."""

    clinic: Clinic
    journal: Journal
    sightings: Sightings
    recoveries: list[Recovery]
    bound_seconds: float

    @property
    def schema(self) -> str:
        return self.clinic.tenant.schema("availability")

    @property
    def tamperings(self) -> list[Tampering]:
        return [recovery.fault for recovery in self.recoveries if isinstance(recovery.fault, Tampering)]

    @property
    def audit_seconds(self) -> float:
        """How long the audit needs to come round, if it must: it looks at one week of one tenant at a time."""
        if not any(tampering.is_silent for tampering in self.tamperings):
            return 0
        schemas = database.rows("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'availability\\_%'")
        weeks = [
            database.value("SELECT count(*) / 7 + 2 FROM days", schema["nspname"]) for schema in schemas]
        return AUDIT_SECONDS * sum(weeks)

    def due(self, moment: float) -> float:
        """When every search must show what was acknowledged at a moment."""
        due = moment + self.bound_seconds
        for recovery in self.recoveries:
            if recovery.fault.stops_publication and recovery.begun < due:
                due = max(due, recovery.whole + self.bound_seconds)
        return due

    def offered_although_taken(self) -> Iterator[tuple[Search, Stay, Offer]]:
        """All offers of what was taken, unless its event was lost on purpose."""
        lost = {version for tampering in self.tamperings for version in tampering.lost}
        searches = sorted(self.sightings.searches, key=lambda search: search.begun)
        begins = [search.begun for search in searches]
        for stay in stays(self.journal):
            if (stay.appointment, stay.version) in lost:
                continue
            for search in searches[bisect_left(begins, stay.begin):]:
                if search.ended >= stay.end:
                    break
                yield from ((search, stay, offer) for offer in search.offers if stay.excludes(offer))


    @property
    def summary(self) -> list[str]:
        """What the report says of it."""
        searches = self.sightings.searches
        degraded = sum(search.is_degraded for search in searches)
        unanswered = sum(search.status != 200 for search in searches)
        late = [
            search.begun - stay.begin for search, stay, _ in self.offered_although_taken()
            if self.due(stay.begin) == stay.begin + self.bound_seconds]
        lost = sum(len(tampering.lost) for tampering in self.tamperings)
        repeated = sum(tampering.repeated for tampering in self.tamperings)
        return [
            f"{len(searches)} searches, {degraded} of them degraded, {unanswered} not answered.",
            f"With all there that publication needs {len(late)} offers were late, {max(late, default=0):.2f} s at most.",
            f"Of what was put into disorder {repeated} events came twice and {lost} never.",
        ]


def nothing_taken_was_offered_after_the_bound(evidence: Publication) -> Iterator[str]:
    last = {stay: search for search, stay, _ in evidence.offered_although_taken()}
    for stay, search in last.items():
        if search.begun > evidence.due(stay.begin):
            yield f"{stay.taken} was still offered {search.begun - stay.begin:.1f} s after it was acknowledged as taken"


def no_search_failed_for_want_of_redis(evidence: Publication) -> Iterator[str]:
    for recovery in evidence.recoveries:
        if getattr(recovery.fault, "process", "") == "redis":
            during = [s for s in evidence.sightings.searches if recovery.begun < s.begun < recovery.whole]
            for search in during:
                if search.status != 200:
                    yield f"a search during {recovery.fault} was answered {search.status}"
            if not any(search.is_degraded for search in during):
                yield f"none of {len(during)} searches during {recovery.fault} said that it was degraded"


def each_event_is_in_the_journal_once_a_day(evidence: Publication) -> Iterator[str]:
    rows = database.rows(
        "SELECT event_id, day, count(*) AS times FROM publications GROUP BY event_id, day HAVING count(*) > 1",
        evidence.schema)
    for row in rows:
        yield f"{row['event_id']} stands {row['times']} times in the journal of {row['day']}"
    if database.value("SELECT count(*) FROM publications WHERE outcome = 'published'", evidence.schema) == 0:
        yield "nothing was ever published"


def the_cache_holds_the_views_and_nothing_else(_: Publication) -> Iterator[str]:
    """Of every tenant, not only of the one that was tormented."""
    held = cache.entries(PREFIX)
    for server in ("main", "second"):
        for schema in database.rows("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'availability\\_%'", server=server):
            tenant = schema["nspname"].removeprefix("availability_")
            for row in database.rows("SELECT day, version, doubt, view FROM days", schema["nspname"], server):
                present = held.pop(f"{PREFIX}{tenant}:{row['day']}", None)
                wanted = _entry(tenant, row["day"], row["version"], "?" if row["doubt"] else row["view"])
                if present not in (None, wanted):
                    yield f"of {tenant} on {row['day']} the cache holds {present[:60]!r}, not version {row['version']}"
    for name, text in held.items():
        tenant, day = name.removeprefix(PREFIX).split(":")
        if text != _entry(tenant, day, 0, "-"):
            yield f"the cache holds {text[:60]!r} under {name}, of which the tables know nothing"


def _entry(tenant: str, day: str, version: int, body: str) -> str:
    digest = hashlib.sha256(f"{tenant} {day} {version}\n{body}".encode()).digest()[:12]
    return f"{version} {base64.urlsafe_b64encode(digest).decode().rstrip('=')}\n{body}"


def the_public_sees_what_the_index_has(evidence: Publication) -> Iterator[str]:
    clinic, client = evidence.clinic, Client()
    soon = (datetime.now(timezone.utc) + timedelta(minutes=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
    # Two days further than anything can be booked, where nothing may be shown.
    for day in range(HORIZON_DAYS + 3):
        window = {"from": max(clinic.instant(day, 0), soon), "to": clinic.instant(day + 1, 0)}
        if window["from"] >= window["to"]:
            continue  # the run has passed midnight
        for care in CARES:
            query = {"careType": care, "limit": LIMIT, **window}
            index = expect(client.get("/api/slots", clinic.tenant.token(), **query), 200).json
            shown = expect(client.get("/api/availability/search", office=clinic.tenant.slug, **query), 200).json
            free, offered = _slots(index), _slots(shown)
            if free != offered or shown["withheld"]:
                yield f"{care} in {day} days: unseen {sorted(free - offered)[:3]}, wrong {sorted(offered - free)[:3]}"


def _slots(answer: dict) -> set[tuple[str, str]]:
    assert not answer["isCut"]
    return {(slot["start"], slot["practitioner"]["id"]) for slot in answer["slots"]}


def unrest(evidence: Publication) -> Iterator[str]:
    """What is still to be done; the views are compared only when nothing else is."""
    waiting = {
        "days are in doubt": "SELECT count(*) FROM days WHERE doubt IS NOT NULL",
        "days are not in the cache": "SELECT count(*) FROM days WHERE cached_version < version",
        "publications were not yet visible": "SELECT count(*) FROM publications WHERE visible_at IS NULL",
    }
    counts = {what: database.value(sql, evidence.schema) for what, sql in waiting.items()}
    yield from (f"{count} {what}" for what, count in counts.items() if count)
    if not any(counts.values()):
        yield from the_public_sees_what_the_index_has(evidence)


CHECKS = [
    nothing_taken_was_offered_after_the_bound, no_search_failed_for_want_of_redis,
    each_event_is_in_the_journal_once_a_day, the_cache_holds_the_views_and_nothing_else,
]
