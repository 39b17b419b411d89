"""The people who book while others attack: what they asked for, how long it took, and whether it failed."""

import random
import threading
import time
from dataclasses import dataclass
from typing import Any

from suite.clinic import CLOSING, OPENING, Clinic, patient
from suite.http import Answer, Client, Unanswered
from suite.people import Installation, key
from suite.waiting import await_that

TIMEOUT_SECONDS = 20
LONGEST_PAUSE = 0.3
DAYS = range(2, 25)


@dataclass(frozen=True)
class Sample:
    """One request."""

    begun: float
    seconds: float
    # What was answered instead of success, or that no answer came.
    failure: str | None


class Guest(threading.Thread):
    """Books, looks at the appointment and cancels it, on a new connection each time."""

    def __init__(self, clinic: Clinic, number: int):
        super().__init__(name=f"guest-{number}", daemon=True)
        self.clinic, self.practitioner = clinic, clinic.practitioners[number]
        self.chance, self.stopping = random.Random(number), threading.Event()
        self.samples: list[Sample] = []

    def run(self) -> None:
        while not self.stopping.is_set():
            self._visit(Client(timeout=TIMEOUT_SECONDS))
            self.stopping.wait(self.chance.uniform(0, LONGEST_PAUSE))

    def _visit(self, client: Client) -> None:
        start = self.clinic.instant(
            self.chance.choice(DAYS), self.chance.randrange(OPENING, CLOSING), self.chance.choice((0, 30)))
        body = {
            "careType": "consultation", "start": start, "practitioner": self.practitioner,
            "patient": patient(self.name, f"+2135512{self.chance.randrange(10_000, 100_000)}")}
        booked = self._ask(client, 201, "POST", "/api/appointments/create", json_body=body, headers=key())
        if booked is None:
            return
        path = f"/api/appointments/{booked['id']}"
        self._ask(client, 200, "GET", path)
        self._ask(client, 200, "DELETE", path, headers=key() | {"If-Match": booked.etag or "*"})

    def _ask(self, client: Client, wanted: int, method: str, path: str, **request: Any) -> Answer | None:
        token = self.clinic.tenant.token()
        begun, failure = time.monotonic(), None
        try:
            answer = client.request(method, path, token=token, **request)
            if answer.status != wanted:
                failure = f"{method} {path}: {answer!r}"
        except Unanswered as error:
            failure = str(error)
        self.samples.append(Sample(begun, time.monotonic() - begun, failure))
        return answer if failure is None else None


class Guests:
    """All of them, at a clinic where each has a practitioner alone."""

    def __init__(self, count: int):
        clinic = Clinic.open(Installation(Client()).tenant("edge"), practitioners=count)
        clinic.rule(concurrentBookings=10_000, bookingsPerMinute=100_000)
        self._all = [Guest(clinic, number) for number in range(count)]

    def __enter__(self) -> "Guests":
        for guest in self._all:
            guest.start()
        return self

    def __exit__(self, *_: object) -> None:
        for guest in self._all:
            guest.stopping.set()
        for guest in self._all:
            guest.join()

    def await_requests(self, since: float) -> None:
        """Until the request of each is over that was under way then, and another one, too."""
        await_that(
            lambda: all(guest.samples and guest.samples[-1].begun >= since for guest in self._all),
            "those who book do not go on", 3 * TIMEOUT_SECONDS)

    def between(self, begin: float, end: float) -> list[Sample]:
        """The requests that began in that time, once they are over."""
        self.await_requests(end)
        return [sample for guest in self._all for sample in list(guest.samples) if begin <= sample.begun < end]
