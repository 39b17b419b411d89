"""The clients: they book, hold, confirm, move and cancel, each their own appointments, all the same slots."""

import random
import threading
import time
from abc import ABC, abstractmethod

from chaos.journal import Journal, Operation
from suite.clinic import Clinic, patient
from suite.http import Client, Unanswered
from suite.people import Tenant, User, fresh

# A paused replica does not answer: a client gives up and asks again, long before the gateway does.
TIMEOUT_SECONDS = 6
DAYS = range(2, 6)
OWNED_AT_MOST = 8


class Worker(ABC, threading.Thread):
    """Works until it is asked to stop, and finishes what it has begun."""

    def __init__(self, journal: Journal, name: str):
        super().__init__(name=name, daemon=True)
        self.journal = journal
        self.client = Client(timeout=TIMEOUT_SECONDS)
        self.stopping = threading.Event()

    def run(self) -> None:
        while not self.stopping.is_set():
            self.work()
            self.stopping.wait(self.pause)

    @property
    @abstractmethod
    def pause(self) -> float: ...

    @abstractmethod
    def work(self) -> None: ...


class Booker(Worker):
    def __init__(self, clinic: Clinic, user: User, journal: Journal, seed: int, longest_pause: float):
        super().__init__(journal, f"booker-{seed}")
        self.clinic, self.user, self.chance = clinic, user, random.Random(seed)
        self.longest_pause = longest_pause
        # The appointments of this client, as last acknowledged.
        self.mine: dict[str, dict] = {}

    @property
    def pause(self) -> float:
        return self.chance.uniform(0, self.longest_pause)

    def work(self) -> None:
        if self.mine and (len(self.mine) >= OWNED_AT_MOST or self.chance.random() < 0.6):
            self._change(self.chance.choice(list(self.mine.values())))
        else:
            self._take()

    def _take(self) -> None:
        care = "chirurgie" if self.chance.random() < 0.15 else "consultation"
        body = {"careType": care, "start": self._start()}
        if self.chance.random() < 0.3:
            self._do(Operation("hold", self.user, "POST", "/api/appointments/holds", body))
        else:
            operation = Operation("book", self.user, "POST", "/api/appointments/create", body)
            body |= {"patient": self._patient(), "reason": operation.key}
            self._do(operation)

    def _change(self, appointment: dict) -> None:
        path, seen = f"/api/appointments/{appointment['id']}", {"If-Match": f'"{appointment["version"]}"'}
        if appointment["status"] == "held" and self.chance.random() < 0.8:
            operation = Operation("confirm", self.user, "POST", f"{path}/confirm", {"patient": self._patient()})
            operation.body["reason"] = operation.key
        elif self.chance.random() < 0.5:
            operation = Operation("move", self.user, "PATCH", path, {"start": self._start(appointment["start"])}, seen)
            operation.body["reason"] = operation.key
        else:
            operation = Operation("cancel", self.user, "DELETE", path, headers=seen)
            operation.path += f"?reason={operation.key}"
        self._do(operation, appointment["id"])

    def _do(self, operation: Operation, appointment: str | None = None) -> None:
        self.journal.perform(operation, self.client)
        if operation.outcome == "ok":
            view = operation.answer.json
            self.mine[view["id"]] = view
        # What is in doubt is left alone until the end, and so is a hold that has lapsed.
        is_over = operation.outcome == "ok" and operation.kind == "cancel"
        is_lost = operation.outcome == "fail" and operation.kind != "move"
        if appointment and (is_over or is_lost or operation.outcome == "unknown"):
            self.mine.pop(appointment, None)

    def _start(self, other_than: str = "") -> str:
        """Somewhere in the few days that all want. To move to where one is already would be no change."""
        while True:
            day, hour, minute = self.chance.choice(DAYS), self.chance.randrange(8, 18), self.chance.choice((0, 30))
            if (start := self.clinic.instant(day, hour, minute)) != other_than:
                return start

    def _patient(self) -> dict:
        return patient(f"Patient {self.chance.randrange(40)}", f"+2135500000{self.chance.randrange(10, 50)}")


class Registrar(Worker):
    """Takes colleagues on and lets them log in, so that Identity has something to lose too."""

    # Identity grants an address sixty attempts to log in per minute and process.
    pause = 1.5

    def __init__(self, tenant: Tenant, journal: Journal):
        super().__init__(journal, "registrar")
        self.tenant = tenant
        self.logged_in: list[str] = []

    def work(self) -> None:
        colleague = User(self.client, self.tenant.slug, f"{fresh()}@guichet.example", fresh("Phrase secrète"), "staff")
        body = {
            "email": colleague.email, "name": "Collègue", "role": "staff", "password": colleague.password}
        manager = self.tenant.user("manager")
        operation = self.journal.perform(Operation("register", manager, "POST", "/api/users", body), self.client)
        if operation.outcome == "ok":
            self._log_in(colleague, operation.answer.json["id"])

    def _log_in(self, colleague: User, identifier: str) -> None:
        for _ in range(5):
            try:
                if colleague.log_in().status == 200:
                    self.logged_in.append(identifier)
                    return
            except Unanswered:
                pass
            time.sleep(0.5)
