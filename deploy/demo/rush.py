"""The rush: many clients want the same slots at once, while a replica is killed and the cache is stopped."""

import queue
import random
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

from demo import agenda, gateway
from demo.person import Refused
from suite import stack
from suite.http import Unanswered

CLIENTS, BOOKINGS, WANTED = 50, 200, 40
CARE_TYPES = ("consultation", "urgence", "detartrage", "soin")
NAMES = ("Amina", "Bilal", "Chafia", "Djamel", "Farida", "Ghani", "Houria", "Ilyes", "Kenza", "Lounès", "Malika",
         "Nassim", "Ouardia", "Rachid", "Sabrina", "Tarek", "Warda", "Yanis", "Zahra", "Zineb")


class Rush:
    """What the clients did: bookings acknowledged, refusals, and how long the acknowledged requests took."""

    def __init__(self, staff, clinic, week):
        self._staff, self._clinic, self._week = staff, clinic, week
        self._wishes = queue.SimpleQueue()
        self._lock = threading.Lock()
        self.booked, self.seconds = [], []  # booked: (request, idempotency key, appointment)
        self.refused, self.without_alternatives = 0, 0
        self.failures = []
        self.duration, self.retries, self.rerouted = 0, 0, 0  # retries by clients, and by the gateway

    def wish(self):
        """Picks slots of the week's first morning and has each wanted by several patients; returns the slots."""
        morning = self._week.span(0, 0, "08:00", "12:00")
        found = [slot for care_type in CARE_TYPES for slot in agenda.slots(self._staff, care_type, morning)]
        random.shuffle(found)
        agendas = {}
        for slot in found:
            agendas.setdefault(slot["practitioner"]["id"], []).append(slot)
        wanted = [slot for mornings in agendas.values() for slot in mornings[:WANTED // len(agendas)]]
        wishes = list(enumerate(wanted * (BOOKINGS // WANTED)))
        random.shuffle(wishes)
        for wish in wishes:
            self._wishes.put(wish)
        return wanted

    def run(self, at_milestone):
        """All clients book until every patient has an appointment; meanwhile `at_milestone` is called with the number of
        bookings."""
        began, retried, rerouted = time.monotonic(), self._staff.client.retries, gateway.rerouted("booking")
        threads = [threading.Thread(target=self._client) for _ in range(CLIENTS)]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            at_milestone(len(self.booked))
            time.sleep(0.02)
        self.duration = time.monotonic() - began
        self.retries = self._staff.client.retries - retried
        self.rerouted = gateway.rerouted("booking") - rerouted

    def _client(self):
        while True:
            try:
                number, slot = self._wishes.get_nowait()
            except queue.Empty:
                return
            try:
                self._book(number, slot)
            except (Refused, Unanswered) as failure:
                self.failures.append(f"patient {number}: {failure}")

    def _book(self, number, slot):
        """Asks for the slot and, when it is taken, for one of the alternatives, until one is booked."""
        patient = {
            "name": f"{NAMES[number % 20]} {chr(ord('A') + number // 20)}.",
            "phone": self._clinic.phone(self._week.number * 10_000 + number % 10_000)}
        while True:
            request, key = self.request(slot, patient), str(uuid.uuid4())
            began = time.monotonic()
            try:
                appointment = self._staff.post("/api/appointments/create", request, key).json
            except Refused as refusal:
                if refusal.kind != "slot-refused":
                    raise
                slot = self._alternative(refusal)
                continue
            with self._lock:
                self.seconds.append(time.monotonic() - began)
                self.booked.append((request, key, appointment))
            return

    def _alternative(self, refusal):
        alternatives = refusal.problem.get("alternatives", [])
        with self._lock:
            self.refused += 1
            self.without_alternatives += len(alternatives) != 3
        if not alternatives:
            raise refusal
        return random.choice(alternatives)

    @staticmethod
    def request(slot, patient):
        return {**agenda.wish(slot), "patient": patient}

    def repeat(self, count):
        """Repeats acknowledged requests under their keys; returns how many gave another appointment."""
        sample = random.sample(self.booked, min(count, len(self.booked)))
        return sum(self._staff.post("/api/appointments/create", request, key)["id"] != appointment["id"]
                   for request, key, appointment in sample)


class Faults:
    """What goes wrong in the middle of the rush, each at a number of bookings: a replica of Booking is killed, and the
    cache stops; both come back a little later."""

    STEPS = (
        (60, ("kill", "booking-2"), "booking-2 is killed (kill -9)"), (90, ("stop", "redis"), "Redis is stopped"),
        (120, ("start", "booking-2"), "booking-2 starts again"), (150, ("start", "redis"), "Redis starts again"),
    )

    def __init__(self, report):
        self._report = report
        self._hand = ThreadPoolExecutor(1)
        self._to_come, self._under_way = list(self.STEPS), []
        self._times, self._shown = {}, 0

    def __call__(self, booked):
        if booked >= self._shown + 50:
            self._shown = booked - booked % 50
            self._report.say(f"{self._shown} appointments booked")
        if self._to_come and booked >= self._to_come[0][0]:
            self._next(booked)

    def _next(self, booked):
        _, step, sentence = self._to_come.pop(0)
        self._report.say(f"{sentence} ({booked} appointments booked)")
        self._under_way.append(self._hand.submit(self._do, step))

    def _do(self, step):
        began = time.time()
        stack.act(*step)
        self._times[step] = began, time.time()

    def began(self, *step):
        """When a step began, in seconds since 1970."""
        return self._times[step][0]

    def ended(self, *step):
        """When a step had taken effect."""
        return self._times[step][1]

    def finish(self, booked):
        """Returns once everything is up again, however early the rush ended; throws what went wrong."""
        while self._to_come:
            self._next(booked)
        for step in self._under_way:
            step.result()
