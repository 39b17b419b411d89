"""The clinic that is measured: a fresh tenant whose calendar is so large that bookings hardly ever meet."""

from dataclasses import dataclass
from datetime import UTC, datetime

from suite import database
from suite.clinic import Clinic, patient
from suite.people import Installation, Tenant, expect, key

PRACTITIONERS = 16
CARE = "detartrage"
DAYS = 360
SLOTS_A_DAY = 40  # of 15 minutes, from 08:00 to 18:00; the scripts count with it too
SLOTS = PRACTITIONERS * DAYS * SLOTS_A_DAY
STEP = 64_007  # prime to SLOTS: slot k * STEP modulo SLOTS is another one for each k, here and there in the calendar


@dataclass
class Place:
    """A clinic, and when the first of its slots begins."""

    tenant: Tenant
    practitioners: list[str]
    first: int
    booked: int = 0  # so many of its slots may be taken

    @classmethod
    def open(cls, installation: Installation) -> "Place":
        clinic = Clinic.open(installation.tenant("bench"), PRACTITIONERS)
        clinic.offer(CARE, 15)
        clinic.rule(horizonDays=DAYS + 10, concurrentBookings=10_000, bookingsPerMinute=100_000)
        return cls(clinic.tenant, clinic.practitioners, _seconds(clinic.instant(2, 8)))

    def book_one(self) -> tuple[str, str]:
        """Books the next slot that is free; returns when it starts, and with whom."""
        slot = self.booked * STEP % SLOTS
        day, quarter = divmod(slot // PRACTITIONERS, SLOTS_A_DAY)
        body = {
            "careType": CARE, "start": _text(self.first + day * 86_400 + quarter * 900),
            "practitioner": self.practitioners[slot % PRACTITIONERS],
            "patient": patient(f"Patient {self.booked:06}", f"+2136{self.booked:08}"),
        }
        self.booked += 1
        expect(self.tenant.client.request(
            "POST", "/api/appointments/create", token=self.tenant.token(), json_body=body, headers=key()), 201)
        return body["start"], body["practitioner"]

    def day(self, number: int) -> str:
        """When a day of the calendar begins to be booked."""
        return _text(self.first + number * 86_400)

    @property
    def schema(self) -> str:
        return self.tenant.schema("booking")

    def week_of(self, practitioner: int) -> str:
        """The search for a week's slots of one practitioner, as a path."""
        begin, end = self.day(0), self.day(7)
        return (f"/api/slots?careType={CARE}&practitioner={self.practitioners[practitioner]}"
                f"&from={begin}&to={end}&limit=500")


def twin(installation: Installation) -> Tenant:
    """A tenant for the same SQL without the services: its practitioners have ids that a script can compute."""
    tenant = installation.tenant("bench-sql")
    database.execute(
        "INSERT INTO resources (id, kind, name) SELECT ('03000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid,"
        f" 'practitioner', 'Dr ' || n FROM generate_series(0, {PRACTITIONERS - 1}) AS n", tenant.schema("booking"))
    return tenant


def _seconds(instant: str) -> int:
    return int(datetime.fromisoformat(instant).timestamp())


def _text(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
