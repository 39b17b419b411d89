"""The waiting room: patients join by the QR code, two counters call them, and telephones and a display follow."""

import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import cycle

from demo.person import Person, RetryingClient
from demo.phones import Patient, Phones, wait_for
from demo.report import milliseconds
from demo.rush import NAMES
from demo.witness import Witness
from suite import stack
from suite.http import Client

PATIENTS, IN_TURN, DURING_FAULT = 30, 16, 8
SETTINGS = {"name": "Accueil", "numberPrefix": "A"}
LABELS = ["Guichet 1", "Guichet 2"]
PAUSE = 0.25  # seconds between two calls of a counter while a replica is away
PATIENCE = 10
# What a telephone shows of its ticket. The expected wait changes with time alone.
SHOWN = ("ticketNumber", "status", "position", "isNear", "counter", "isOpen", "queueName")


@dataclass
class Call:
    """A call: its ticket, when call-next was answered, and the seconds from then to the last telephone and the display."""

    number: str
    answered: float
    to_phones: float | None = None
    to_display: float | None = None


class WaitingRoom:
    """One queue from its opening to the last call."""

    def __init__(self, people, clinic, report):
        self.staff, self.manager = people["staff"], people["manager"]
        self.clinic, self.report = clinic, report
        self.citizen = Person(RetryingClient())
        self.witness = Witness(clinic, "queue")
        self.calls, self.differing, self.false_displays, self.compared = [], [], [], 0
        self._lock = threading.Lock()

    def play(self):
        """Everything until no one waits."""
        self.open()
        self.join()
        screen, token = self.pair()
        self.phones = Phones(self.patients, self.queue["id"], token, self.staff.user.token)
        try:
            self.phones.connect()
            self.report.say("telephones follow: " + ", ".join(
                f"{number} {way}" for way, number in self.phones.ways.items()))
            self.lose_network()
            self.call_in_turn(IN_TURN)
            self.kill_replica()
            self.find_network()
            self.compare()
            self.call_in_turn(PATIENTS - IN_TURN - DURING_FAULT)
            self.finish()
        finally:
            self.phones.disconnect()
            self.staff.delete(f"/api/queue/displays/{screen}")

    def open(self):
        """Takes the queue of an earlier run if there is one. What an interrupted run has left in it ends."""
        present = {queue["name"]: queue for queue in self.staff.pages("/api/queues")}
        self.queue = present.get(SETTINGS["name"]) or self.manager.post(
            "/api/queues", {"settings": SETTINGS, "counters": LABELS}).json
        self.path = f"/api/queues/{self.queue['id']}"
        self.staff.post(f"{self.path}/end-of-day")
        self.staff.post(f"{self.path}/open")
        self.counters = {counter["id"]: counter["label"] for counter in self.queue["counters"]}
        self.report.say(f"the queue {SETTINGS['name']} opens, with {' and '.join(self.counters.values())}")

    def join(self):
        """All read the QR code and join; one reads it a second time."""
        image = self.staff.get(f"{self.path}/qr.png").body
        read = subprocess.run(["zbarimg", "-q", "--raw", "-"], input=image, capture_output=True, check=True).stdout
        code = read.decode().strip().rpartition("/")[2]
        names = [f"{name} {letter}." for letter in "AB" for name in NAMES][:PATIENTS]
        began = time.monotonic()
        with ThreadPoolExecutor(10) as pool:
            joined = pool.map(lambda name: self.citizen.post("/api/queue/join", {"token": code, "name": name}), names)
            patients = {answer["ticketNumber"]: Patient(name, answer["ticketNumber"], answer["patientToken"])
                        for name, answer in zip(names, joined)}
        seconds = time.monotonic() - began
        known = patients[min(patients)]
        self.again = self.citizen.post("/api/queue/join", {"token": code, "ticket": known.token})
        self.is_same_ticket = self.again["ticketNumber"] == known.number
        self.patients = []
        for ticket in self.staff.pages(f"{self.path}/tickets"):
            patient = patients[ticket["ticketNumber"]]
            patient.ticket = ticket["id"]
            self.patients.append(patient)
        self.report.say(f"{len(self.patients)} patients join by the token in its QR code, in {seconds:.1f} s: "
                        f"{min(patients)} to {max(patients)}")

    def pair(self):
        """A screen shows a code, the counter confirms it, and the screen takes its token. Returns display and token."""
        pairing = self.citizen.post("/api/queue/displays/pairings")
        display = self.staff.post("/api/queue/displays", {
            "code": pairing["code"], "name": "Salle d’attente", "queues": [self.queue["id"]]})
        state = self.citizen.post("/api/queue/displays/pairings/token", {"secret": pairing["secret"]})
        self.report.say(f"a display shows the code {pairing['code']}, and the counter confirms it")
        return display["id"], state["token"]

    def lose_network(self):
        self.spared, self.lost = self.phones.silent.phone.instance, time.monotonic()
        self.phones.network.fall_silent()
        self.report.say(f"the telephone of {self.phones.silent.number} loses its network; its connection stays open, silent")

    def call_in_turn(self, number):
        """The counters call in turn, each when everyone has heard of the last call."""
        for counter, _ in zip(cycle(self.counters), range(number)):
            call = self._call(counter)
            wait_for(lambda: self._measure(call), PATIENCE)
        self.report.say(f"{len(self.calls)} called; the last call was on all telephones {self._last_delay()}")

    def _last_delay(self):
        delay = self.calls[-1].to_phones
        return "never" if delay is None else f"{milliseconds(delay)} after its answer"

    def _call(self, counter):
        ticket = self.staff.post(f"{self.path}/call-next", {"counter": counter}).json.get("ticket")
        assert ticket, "the line is empty too early"
        call = Call(ticket["ticketNumber"], time.monotonic())
        with self._lock:
            self.calls.append(call)
        return call

    def _measure(self, call):
        """Notes when the last telephone and the display had the call. Returns false while one has not."""
        shown, last = self.phones.display.reached_at("display:called", ticketNumber=call.number), 0
        for position, patient in enumerate(self.patients[len(self.calls) - 1:]):
            if position == 0:
                reached = patient.phone.reached_at("patient:called", ticketNumber=call.number)
            elif not self._is_away(patient):
                reached = patient.phone.reached_at("position:updated", position=position)
            if reached is None or shown is None:
                return False
            last = max(last, reached)
        call.to_phones, call.to_display = last - call.answered, shown - call.answered
        return True

    def _is_away(self, patient):
        """Whether the telephone is the one that has no network."""
        return patient is self.phones.silent and not patient.phone.absences

    def kill_replica(self):
        """Kills the replica that does not have the silent telephone. The counters go on calling."""
        instances = {number: self._instance(number) for number in (1, 2)}
        (victim,) = (number for number, name in instances.items() if name != self.spared)
        self.killed = time.monotonic()
        stack.act("kill", f"realtime-{victim}")
        self.report.say(f"realtime-{victim} is killed (kill -9); both counters go on calling")
        with ThreadPoolExecutor() as pool:
            list(pool.map(self._call_on, self.counters))
        followers = [one for one in self.phones.all if one is not self.phones.silent.phone]
        version = self.staff.get(f"/queue/{self.patients[0].token}")["version"]
        wait_for(lambda: not any(one.lost_at for one in followers)
                 and self.phones.display.state["version"] >= version, PATIENCE)
        self.cut = [one for one in followers if one.lost_at or any(a.back > self.killed for a in one.absences)]
        self.absences = [absence.back - self.killed for one in followers for absence in one.absences
                         if absence.back > self.killed]
        self.still_away = [one for one in followers if one.lost_at]
        self.report.say(f"{len(self.cut)} of {len(followers)} clients were cut, "
                        f"the last is back after {max(self.absences, default=0):.1f} s")
        stack.act("start", f"realtime-{victim}")

    @staticmethod
    def _instance(number):
        """The name of a replica's process, past the gateway."""
        answer = Client(stack.replicas("realtime")[number - 1]).get("/socket.io/", EIO=4, transport="polling")
        return answer.headers["x-instance"]

    def _call_on(self, counter):
        for _ in range(DURING_FAULT // len(self.counters)):
            self._call(counter)
            time.sleep(PAUSE)

    def find_network(self):
        """The network comes back once staff have seen that the telephone is away."""
        silent = self.phones.silent
        self.noticed = wait_for(lambda: not self._is_connected(silent), PATIENCE) and time.monotonic() - self.lost
        self.place_before = silent.phone.state.get("position")
        self.phones.network.come_back()
        came_back = time.monotonic()
        wait_for(lambda: silent.phone.absences, PATIENCE)
        self.found = silent.phone.absences and silent.phone.absences[-1].back - came_back
        self.place_after = silent.phone.state.get("position")
        self.report.say(f"staff see after {self.noticed or 0:.1f} s that {silent.number} is away; "
                        f"its network comes back, and it has its state {self.found or 0:.1f} s later")

    def _is_connected(self, patient):
        entries = self.phones.desk.state["entries"]
        return any(entry["id"] == patient.ticket and entry["isConnected"] for entry in entries)

    def compare(self):
        """Compares what each telephone shows with what the server has, and the display with the database."""
        for patient in self.patients:
            self.compared += 1
            if not wait_for(lambda: self._shows_truth(patient), 2):
                self.differing.append(patient.number)
                self.report.say(f"the telephone of {patient.number} shows {patient.phone.state}")
        truth = self.witness.line(self.queue["id"])
        if not wait_for(lambda: _displayed(self.phones.display.state) == truth, 2):
            self.false_displays.append(self.phones.display.state)
            self.report.say(f"the display shows {_displayed(self.phones.display.state)}, the database has {truth}")

    def _shows_truth(self, patient):
        truth, shown = self.citizen.get(f"/queue/{patient.token}").json, patient.phone.state
        return all(truth.get(member) == shown.get(member) for member in SHOWN)

    def finish(self):
        """Both counters end their last visit, and the queue closes."""
        self.left_over = [self.staff.post(f"{self.path}/call-next", {"counter": counter}).json.get("ticket")
                          for counter in self.counters]
        self.staff.post(f"{self.path}/close")
        self.compare()


def _displayed(state):
    """The part of a display's state that the database has, too."""
    calls = [(call["ticketNumber"], call["counter"]) for call in state["calls"]]
    return {"calls": calls, "waiting": state["waiting"], "next": state.get("next")}
