"""How soon every search shows what was booked, and what a search costs."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Self

from bench import processes
from bench.place import CARE, DAYS, SLOTS, Place
from suite import database
from suite.clinic import Clinic
from suite.http import Client
from suite.people import Installation, expect

WIDE_DAYS = 90


def search(place: Place, days: int = 7, first: int = 0) -> str:
    """The professional search for a stretch of days, as a path."""
    begin, end = place.day(first), place.day(first + days)
    return f"/api/availability/slots?careType={CARE}&office={place.tenant.slug}&from={begin}&to={end}&limit=50"


def await_published(place: Place) -> None:
    """Until the last day that can be booked is searched."""
    deadline = time.monotonic() + 300
    path = search(place, 1, DAYS - 1)
    while not expect(place.tenant.client.get(path, place.tenant.token()), 200).json["slots"]:
        if time.monotonic() > deadline:
            raise RuntimeError("the calendar is not published")
        time.sleep(0.5)


def await_journal(place: Place) -> None:
    """Until everything that was booked is published."""
    deadline = time.monotonic() + 600
    while True:
        left = database.value("SELECT count(*) FROM outbox WHERE published_at IS NULL", place.schema)
        booked = database.value("SELECT count(*) FROM appointments", place.schema)
        known = database.value("SELECT count(*) FROM placements", place.tenant.schema("availability"))
        pending = database.value(
            "SELECT count(*) FROM publications WHERE view_version IS NULL OR visible_at IS NULL",
            place.tenant.schema("availability"))
        if left == 0 and known >= booked and pending == 0:
            return
        if time.monotonic() > deadline:
            raise RuntimeError(f"{booked - known} bookings are not published")
        time.sleep(0.5)


def settle(place: Place) -> None:
    """Until everything that was booked is published, Redis is believed and the servers rest: what is measured next must
    not meet what is left of this."""
    deadline = time.monotonic() + 600
    while any(_is_degraded(place) for _ in range(4)):
        if time.monotonic() > deadline:
            raise RuntimeError("Redis stays behind")
        time.sleep(0.5)
    await_journal(place)
    # PostgreSQL cleans up behind a flood once a minute: now, and not in the middle of what comes next.
    for schema in (place.schema, place.tenant.schema("availability")):
        for table in database.rows(f"SELECT tablename AS name FROM pg_tables WHERE schemaname = '{schema}'"):
            database.execute(f'VACUUM (ANALYZE) "{table["name"]}"', schema)
    processes.rest()


def _is_degraded(place: Place) -> bool:
    return expect(place.tenant.client.get(search(place), place.tenant.token()), 200).json["degraded"]


@dataclass(frozen=True)
class Latency:
    """Milliseconds from the time that an event states, which is before its commit, to its effect in the cache."""

    count: int
    p50: float
    p99: float
    longest: float


class Journal:
    """What the journal of publications says of the events of a block."""

    def __init__(self, place: Place):
        self._schema = place.tenant.schema("availability")

    def __enter__(self) -> Self:
        self._after = database.value("SELECT coalesce(max(id), 0) FROM publications", self._schema)
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def latency(self, expected: int, seconds: float = 60) -> Latency:
        """Waits until so many events are visible; fewer after that time are what there is."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            seen = database.value(
                f"SELECT count(visible_at) FROM publications WHERE id > {self._after}", self._schema)
            if seen >= expected:
                break
            time.sleep(0.5)
        late = "extract(epoch FROM visible_at - happened_at) * 1000"
        (row,) = database.rows(
            f"SELECT count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY {late}) AS p50,"
            f" percentile_cont(0.99) WITHIN GROUP (ORDER BY {late}) AS p99, max({late}) AS longest"
            f" FROM publications WHERE id > {self._after} AND visible_at IS NOT NULL", self._schema)
        return Latency(row["count"], row["p50"], row["p99"], row["longest"])


class Watcher:
    """Books a slot ten times a second and asks until the search no longer shows it."""

    def __init__(self, place: Place):
        self.milliseconds: list[float] = []
        # Half of the calendar away from the slots that the load takes.
        self._place, self._client = replace(place, booked=place.booked + SLOTS // 2), Client()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.wait(0.1):
            start, practitioner = self._place.book_one()
            answered = time.monotonic()
            path = (f"/api/availability/slots?careType={CARE}&office={self._place.tenant.slug}"
                    f"&practitioner={practitioner}&from={start}&to={start[:-3]}59Z")
            while expect(self._client.get(path, self._place.tenant.token()), 200).json["slots"]:
                if time.monotonic() - answered > 10:
                    break
                time.sleep(0.002)
            self.milliseconds.append((time.monotonic() - answered) * 1000)


@dataclass(frozen=True)
class Country:
    """Many tenants with a calendar, and how long their publication took."""

    tenants: int
    days: int
    seconds: float


def publish_everywhere(installation: Installation, count: int) -> Country:
    """Makes tenants with five practitioners and ninety days, and waits until all of it is published."""
    begin = time.monotonic()
    with ThreadPoolExecutor(4) as workers:
        slugs = list(workers.map(lambda _: _furnish(installation), range(count)))
    waiting, days = set(slugs), 0
    while waiting:
        for slug in sorted(waiting):
            (found,) = database.rows(
                "SELECT count(*), count(*) FILTER (WHERE doubt IS NULL AND cached_version = version AND"
                " calendar_version = (SELECT version FROM calendar)) AS published FROM days", f"availability_{slug}")
            if found["count"] > WIDE_DAYS and found["count"] == found["published"]:
                waiting.remove(slug)
                days += found["count"]
        if time.monotonic() - begin > 120 + 5 * count:
            raise RuntimeError(f"{len(waiting)} calendars are not published")
    return Country(count, days, time.monotonic() - begin)


def _furnish(installation: Installation) -> str:
    clinic = Clinic.open(installation.tenant("bench-wide"), 5)
    clinic.rule(horizonDays=WIDE_DAYS)
    return clinic.tenant.slug
