"""A standby of PostgreSQL answers the queries that bear delay, and none that decisions depend on."""

import subprocess
import time
from collections.abc import Callable, Iterator

import pytest

from suite import database, stack
from suite.clinic import Clinic, patient
from suite.http import Client
from suite.people import Installation, expect
from suite.waiting import await_that


# How long Booking waits for an answer of the standby.
STANDBY_TIMEOUT_SECONDS = 2


def standby(action: str) -> None:
    subprocess.run([stack.ROOT / "deploy/local/standby", action], check=True, capture_output=True)


def restart_booking() -> None:
    for number in range(1, len(stack.replicas("booking")) + 1):
        stack.act("stop", f"booking-{number}")
        stack.act("start", f"booking-{number}")


@pytest.fixture(autouse=True)
def streaming() -> Iterator[None]:
    """A standby that follows, and replicas of Booking that know it."""
    standby("up")
    try:
        restart_booking()
        yield
    finally:
        standby("down")
        restart_booking()


@pytest.fixture
def clinic(installation: Installation) -> Clinic:
    return Clinic.open(installation.tenant("replique"))


def listed(clinic: Clinic) -> int:
    week = {"from": clinic.instant(1, 0), "to": clinic.instant(8, 0)}
    return len(expect(clinic.tenant.client.get("/api/appointments", clinic.tenant.token(), **week), 200).json["items"])


def seconds_to_list(clinic: Clinic) -> float:
    begun = time.monotonic()
    listed(clinic)
    return time.monotonic() - begun


def counted(clinic: Clinic) -> int:
    days = {"from": clinic.instant(1, 0)[:10], "to": clinic.instant(8, 0)[:10]}
    answer = expect(clinic.tenant.client.get("/api/statistics", clinic.tenant.token("admin"), **days), 200)
    return sum(answer.json["byCareType"].values())


def becomes(expected: int, *numbers: Callable[[], int]) -> None:
    def found() -> list[int]:
        return [number() for number in numbers]

    await_that(lambda: found() == [expected] * len(numbers), lambda: f"{found()}, not {expected}")


def test_what_bears_delay_is_read_from_the_standby_and_what_is_decided_by_is_not(clinic: Clinic):
    lists = (lambda: listed(clinic), lambda: counted(clinic))
    clinic.book(clinic.instant(2, 9), patient())
    becomes(1, *lists)

    database.execute("SELECT pg_wal_replay_pause()", server="standby")
    second = clinic.book(clinic.instant(2, 10), patient())
    becomes(1, *lists)  # the standby is asked, and stands still
    # What books and what shows one appointment reads what is.
    for replica in map(Client, stack.replicas("booking")):
        path = f"/api/appointments/{second['id']}"
        assert expect(replica.get(path, clinic.tenant.token()), 200).json["id"] == second["id"]
        free = expect(replica.get(
            "/api/slots", clinic.tenant.token(), careType="consultation", practitioner=second["practitioner"]["id"],
            **{"from": clinic.instant(2, 9), "to": clinic.instant(2, 12)}), 200).json["slots"]
        assert second["start"] not in {slot["start"] for slot in free}
    database.execute("SELECT pg_wal_replay_resume()", server="standby")
    becomes(2, *lists)

    # A frozen standby delays the first requests, and no later ones; a stopped one delays none.
    stack.act("pause", "postgres-standby")
    clinic.book(clinic.instant(2, 11), patient())
    for _ in range(8):
        assert [number() for number in lists] == [3, 3], "what answers when the standby does not is the primary"
    # From time to time one request tries the standby and waits for it; the others do not.
    assert min(seconds_to_list(clinic) for _ in range(4)) < STANDBY_TIMEOUT_SECONDS
    stack.act("kill", "postgres-standby")
    clinic.book(clinic.instant(2, 12), patient())
    assert [number() for number in lists] == [4, 4]

    # It comes back, follows again, and is asked again.
    stack.act("start", "postgres-standby")
    becomes(4, lambda: database.value("SELECT count(*) FROM appointments", clinic.tenant.schema("booking"), "standby"))
    before = database.value("SELECT count(*) FROM pg_stat_activity WHERE usename = 'booking'", server="standby")
    assert before == 0

    def is_read_again() -> bool:
        assert [number() for number in lists] == [4, 4]
        return database.value("SELECT count(*) > 0 FROM pg_stat_activity WHERE usename = 'booking'", server="standby")

    await_that(is_read_again, "Booking does not read from the standby again")
