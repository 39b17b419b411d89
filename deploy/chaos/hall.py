"""A waiting room that is at work during the faults: patients join and follow their tickets, counters call."""

import random
from contextlib import ExitStack
from dataclasses import dataclass, field

from chaos.chronicle import Chronicle
from chaos.clients import Worker
from chaos.journal import Journal, Operation
from suite.events import Auditor
from suite.line_history import LineHistory, Turn
from suite.listeners import TRANSPORTS, Listener, Listening
from suite.people import Tenant, User
from suite.waiting_room import WaitingRoom

PRIORITIES = ("normal", "normal", "normal", "normal", "priority", "urgent")


class CounterClerk(Worker):
    """Calls the next one to one counter, over and over. Some do not come, and some of those return."""

    def __init__(self, room: WaitingRoom, number: int, user: User, journal: Journal, seed: int, longest_pause: float):
        super().__init__(journal, f"counter-{number}")
        self.room, self.counter, self.user = room, room.counters[number], user
        self.chance, self.longest_pause = random.Random(seed), longest_pause
        self.present: str | None = None
        self.missed: list[str] = []

    @property
    def pause(self) -> float:
        # Where no one waits there is nothing to do for a moment.
        return self.chance.uniform(0, self.longest_pause) + (0 if self.present else 0.1)

    def work(self) -> None:
        if self.present and self.chance.random() < 0.1:
            self._do("recall", f"/api/tickets/{self.present}/recall")
        if self.missed and self.chance.random() < 0.3:
            self._do("return", f"/api/tickets/{self.missed.pop()}/return")
        ending = "missed" if self.chance.random() < 0.1 else "finished"
        operation = self._do("call", f"{self.room.path}/call-next", {"counter": self.counter, "present": ending})
        if operation.outcome != "ok":
            return
        if self.present and ending == "missed":
            self.missed.append(self.present)
        ticket = operation.answer.json.get("ticket")
        self.present = ticket and ticket["id"]

    def _do(self, kind: str, path: str, body: dict | None = None) -> Operation:
        return self.journal.perform(Operation(kind, self.user, "POST", path, body), self.client)


class Doorkeeper(Worker):
    """Lets patients in while fewer wait than wanted. Some follow their ticket."""

    def __init__(self, hall: "Hall", seed: int, longest_pause: float, phones: int):
        super().__init__(hall.journal, f"door-{seed}")
        self.hall, self.chance, self.longest_pause = hall, random.Random(seed), longest_pause
        self.phones: list[Listener] = []
        self._most_phones, self._code = phones, hall.room.join_token()

    @property
    def pause(self) -> float:
        return self.chance.uniform(0, self.longest_pause)

    def work(self) -> None:
        for phone in [phone for phone in self.phones if _is_over(phone)]:
            self.hall.listening.stop(phone)
            self.phones.remove(phone)
        if self.hall.waiting >= self.hall.most_waiting:
            return
        priority = self.chance.choice(PRIORITIES)
        if priority == "normal":
            operation = Operation("join", None, "POST", "/api/queue/join", {"token": self._code})
        else:
            operation = Operation(
                "walk in", self.hall.user, "POST", f"{self.hall.room.path}/walk-ins", {"priority": priority})
        self.journal.perform(operation, self.client)
        if operation.outcome == "ok" and len(self.phones) < self._most_phones:
            self._follow(operation.answer["patientToken"])

    def _follow(self, token: str) -> None:
        phone = self.chance.choice(TRANSPORTS)(f"patient:{token}")
        self.phones.append(self.hall.add(phone))


def _is_over(phone: Listener) -> bool:
    """Whether a patient stops listening, because their ticket has ended."""
    return phone.gone is not None or phone.last is not None and Turn.shown(phone.last).is_over


@dataclass
class Hall:
    """The waiting room of a clinic, those in it, and what they saw."""

    room: WaitingRoom
    user: User
    journal: Journal
    auditor: Auditor
    listening: Listening
    chronicle: Chronicle
    most_waiting: int
    displays: list[Listener] = field(default_factory=list)
    phones: list[Listener] = field(default_factory=list)
    doors: list[Worker] = field(default_factory=list)
    clerks: list[Worker] = field(default_factory=list)
    # When processes were away that the line needs, and how soon after it must be shown.
    interruptions: list[tuple[float, float]] = field(default_factory=list)
    bound_seconds: float = 2
    _played: tuple[int, LineHistory] | None = None

    @classmethod
    def open(
        cls, stack: ExitStack, tenant: Tenant, counters: int, seed: int, *, pause: float, door_pause: float,
        doors: int = 2, phones: int = 4, displays: int = 4, most_waiting: int = 60, users: int = 2,
    ) -> "Hall":
        """`stack` ends the listeners. `phones` of the patients follow their tickets at each door. Counters and doors pause
        for so many seconds at most."""
        # It hears the first event of the queue, too.
        auditor = stack.enter_context(Auditor(tenant.slug, topic="queue.line.#"))
        room = WaitingRoom.open(tenant, counters)
        staff = [tenant.user("staff"), *(tenant.new_user("staff") for _ in range(users - 1))]
        hall = cls(
            room, staff[0], Journal(), auditor, stack.enter_context(Listening()),
            stack.enter_context(Chronicle(room.queue, tenant.schema("queue"))), most_waiting)
        _, token = room.display()
        for number in range(displays):
            listener = TRANSPORTS[number % len(TRANSPORTS)](f"display:{room.queue}", token)
            hall.displays.append(hall.listening.add(listener))
        hall.doors += [
            Doorkeeper(hall, seed * 1000 + n, door_pause, phones) for n in range(doors)]
        hall.clerks += [
            CounterClerk(room, n, staff[n % users], hall.journal, seed * 1000 + 100 + n, pause)
            for n in range(counters)]
        return hall

    @property
    def workers(self) -> list[Worker]:
        return [*self.doors, *self.clerks]

    @property
    def schema(self) -> str:
        return self.room.tenant.schema("queue")

    @property
    def waiting(self) -> int:
        """How many tickets wait, as the first display shows it."""
        return (self.displays[0].last or {"waiting": 0})["waiting"]

    @property
    def calls(self) -> int:
        return sum(bool(operation.answer.json.get("ticket")) for operation in self.journal.of("call")
                   if operation.outcome == "ok")

    @property
    def listeners(self) -> list[Listener]:
        return [*self.displays, *self.phones]

    def add(self, phone: Listener) -> Listener:
        self.phones.append(phone)
        return self.listening.add(phone)

    def history(self) -> LineHistory:
        """What has arrived so far, played once for all who ask."""
        watched = {phone.last["ticketNumber"] for phone in self.phones if phone.last}
        if self._played is None or len(self.auditor.events) != self._played[0] or watched != self._played[1].watched:
            events = list(self.auditor.events)
            self._played = len(events), LineHistory(self.room.queue, events, watched)
        return self._played[1]
