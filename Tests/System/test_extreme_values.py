"""Values at the ends of what can be written are refused or find nothing. They end no process."""

import pytest

from suite import stack
from suite.clinic import Clinic
from suite.http import Client

TIMES = [
    "0000-01-01T00:00:00+01:00", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59Z",
    "9999-12-31T23:59:59-23:59", "1899-12-31T23:59:59Z", "3000-01-01T00:00:00Z"]
DAYS = ["0000-01-01", "0001-01-01", "1899-12-31", "3000-01-01", "9999-12-31"]
NUMBERS = ["-1", "541728000", "999999999999", "1099511627775", "9223372036854775807", "99999999999999999999"]


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
