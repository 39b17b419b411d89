"""A clinic's calendar, and the requests that fill it."""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

from suite import stack
from suite.http import Client
from suite.people import Tenant, expect, key
from suite.waiting import await_that

ALGIERS = ZoneInfo("Africa/Algiers")
OPENING, CLOSING = 8, 18
# Longer than any test takes.
LONG_HOLD_SECONDS = 1800
# What counts as today for the whole run: one that passes midnight goes on with the days that it began with.
TODAY = datetime.now(ALGIERS).replace(second=0, microsecond=0)


@dataclass
class Clinic:
    """Practitioners and a room, open every day from 08:00 to 18:00."""

    tenant: Tenant
    practitioners: list[str]
    room: str

    @classmethod
    def open(cls, tenant: Tenant, practitioners: int = 2, hold_seconds: int = LONG_HOLD_SECONDS) -> "Clinic":
        """Consultations take 30 minutes; surgery takes 60, the room, and half an hour to clean up."""
        clinic = cls(tenant, [], "")
        hours = [{"opens": f"{OPENING:02}:00", "closes": f"{CLOSING}:00"}]
        week = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), hours)
        for number in range(1, practitioners + 1):
            doctor = clinic.manage("POST", "/api/practitioners", {"name": f"Dr {number}", "hours": week})
            clinic.practitioners.append(doctor["id"])
        clinic.room = clinic.manage("POST", "/api/rooms", {"name": "Salle 1", "hours": week})["id"]
        clinic.offer("consultation", 30)
        clinic.offer("chirurgie", 60, bufferAfter=30, needsRoom=True, rooms=[clinic.room])
        clinic.rule(leadTimeMinutes=0, holdLifetimeSeconds=hold_seconds)
        return clinic

    def offer(self, care: str, minutes: int, **settings: Any) -> None:
        body = {
            "durationMinutes": minutes, "bufferBefore": 0, "bufferAfter": 0, "needsRoom": False,
            "practitioners": self.practitioners, "rooms": [], **settings,
        }
        self.manage("PUT", f"/api/care-types/{care}", body)

    def rule(self, **settings: int) -> None:
        """Changes some of the clinic's rules."""
        answer = expect(self.tenant.client.get("/api/settings", self.tenant.token("admin")), 200)
        # The settings are numbers; so is the version, which comes along.
        body = {name: it for name, it in answer.json.items() if isinstance(it, int) and name != "version"} | settings
        self.manage("PUT", "/api/settings", body, answer.headers["etag"])

    def publish(self, city: str = "Alger", is_open: bool = True, **settings: Any) -> None:
        """Opens the clinic to the public or closes it, and returns once every replica shows all or nothing."""
        decided = self.tenant.client.get("/api/availability/office", self.tenant.token("admin"))
        standard = {"phone": "+21321123456", "latencyLimitMilliseconds": 2000}
        body = {"isOpen": is_open, "city": city, **standard, **settings}
        self.manage("PUT", "/api/availability/office", body, decided.headers.get("etag"))
        for replica in map(Client, stack.replicas("availability")):
            await_that(
                lambda: self._is_shown_by(replica, city) == is_open,
                f"what {self.tenant.slug} decided did not reach every replica")

    def _is_shown_by(self, replica: Client, city: str) -> bool:
        week = {"from": self.instant(1, 0), "to": self.instant(8, 0)}
        answers = [
            expect(replica.get("/api/availability/search", office=self.tenant.slug, careType=care, **week), 200).json
            for care in ("consultation", "chirurgie")]
        return all(
            not answer["withheld"] and city in [office["city"] for office in answer["offices"]] for answer in answers)

    def manage(self, method: str, path: str, body: dict | None = None, seen: str | None = None) -> dict:
        """Something that only the direction may do."""
        fields = key() | ({"If-Match": seen} if seen else {})
        return expect(self.tenant.client.request(
            method, path, token=self.tenant.token("admin"), json_body=body, headers=fields), 200, 201).json

    def instant(self, day: int, hour: int, minute: int = 0) -> str:
        """That time on the clinic's clock, `day` days after today, as the services write it."""
        local = TODAY.replace(hour=hour, minute=minute) + timedelta(days=day)
        return local.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")

    def hold(self, start: str, care: str = "consultation", role: str = "staff") -> dict:
        return self._post("/api/appointments/holds", {"careType": care, "start": start}, role)

    def book(self, start: str, patient: dict, care: str = "consultation", role: str = "staff") -> dict:
        return self._post("/api/appointments/create", {"careType": care, "start": start, "patient": patient}, role)

    def _post(self, path: str, body: dict, role: str) -> dict:
        answer = self.tenant.client.request(
            "POST", path, token=self.tenant.token(role), json_body=body, headers=key())
        return expect(answer, 201).json


def patient(name: str = "Amel Essai", phone: str = "+213551234567") -> dict:
    return {"name": name, "phone": phone}
