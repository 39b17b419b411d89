"""Single visits: a hold that lapses, one that is confirmed, a move, a cancellation, and the strict request."""

import time
from datetime import datetime

from demo import agenda
from demo.person import Refused
from demo.report import count

HOLD_SECONDS = 5
FREE_WITHIN = 2


def refusal(call, *arguments, **named):
    """The refusal that a call ends with; None when it was not refused."""
    try:
        call(*arguments, **named)
    except Refused as refused:
        return refused
    return None


class Visits:
    """Uses slots of the end of the week, which the rush does not reach."""

    def __init__(self, people, clinic, week, report):
        self.staff, self.patient, self.manager = people["staff"], people["patient"], people["manager"]
        self.clinic, self.week, self.report = clinic, week, report
        self.person = {"name": "Yasmine Ould Ali", "phone": clinic.phone(week.number * 10_000 + 9_999)}

    def _slots(self, care_type, day):
        return agenda.slots(self.staff, care_type, self.week.span(day, day, "08:00", "16:30"))

    def _is_free(self, slot):
        found = agenda.slots(
            self.staff, slot["careType"], {"from": slot["start"], "to": slot["end"]},
            practitioner=slot["practitioner"]["id"])
        return any(other["start"] == slot["start"] for other in found)

    def _book(self, slot):
        return self.staff.post("/api/appointments/create", {**agenda.wish(slot), "patient": self.person})

    def closed_days(self, holiday):
        """No slot on Friday nor on the holiday."""
        friday = agenda.slots(self.staff, "consultation", self.week.span(6, 6))
        closed = agenda.slots(self.staff, "consultation", agenda.day_span(holiday))
        self.report.promise("Closed on Friday and on the holiday", not friday and not closed,
                            f"{count(len(friday) + len(closed), 'slot')} offered")

    def hold_that_lapses(self):
        slot = self._slots("consultation", 4)[0]
        agenda.change_settings(self.manager, holdLifetimeSeconds=HOLD_SECONDS)
        try:
            held = self.patient.post("/api/appointments/holds", agenda.wish(slot))
        finally:
            agenda.change_settings(self.manager)
        self.report.say(f"the patient holds {self.week.clock(slot['start'])} for {HOLD_SECONDS} s")
        lost = refusal(self._book, slot)
        self.report.say(f"the counter wants the same slot: {lost.problem['detail'] if lost else 'accepted!'}")
        lapses = datetime.fromisoformat(held["holdExpires"]).timestamp()
        time.sleep(max(0, lapses - time.time()))
        while not (is_free := self._is_free(slot)) and time.time() < lapses + 10:
            time.sleep(0.05)
        late = time.time() - lapses
        self._book(slot)
        while (status := self._status(held["id"])) != "expired" and time.time() < lapses + 10:
            time.sleep(0.05)
        announced = time.time() - lapses
        self.report.promise(
            f"A slot is free within {FREE_WITHIN} s after its hold lapsed",
            lost and lost.kind == "slot-refused" and is_free and late <= FREE_WITHIN and status == "expired"
            and announced <= FREE_WITHIN, f"free after {late:.2f} s, expired after {announced:.2f} s")

    def _status(self, appointment):
        return self.staff.get(f"/api/appointments/{appointment}")["status"]

    def hold_that_is_confirmed(self):
        slot = self._slots("detartrage", 4)[-1]
        held = self.patient.post("/api/appointments/holds", agenda.wish(slot))
        confirmed = self.patient.post(f"/api/appointments/{held['id']}/confirm", {"patient": self.person})
        self.report.promise("A hold is confirmed", confirmed["status"] == "confirmed",
                            f"{self.week.clock(slot['start'])}, {slot['practitioner']['name']}")

    def move(self):
        before, after = self._slots("soin", 5)[0], self._slots("soin", 5)[-1]
        booked = self._book(before)
        path = f"/api/appointments/{booked['id']}"
        moved = self.staff.patch(
            path, {"start": after["start"], "practitioner": after["practitioner"]["id"]}, booked.etag)
        stale = refusal(self.staff.patch, path, {"start": before["start"]}, booked.etag)
        self.report.say(f"from {self.week.clock(before['start'])} to {self.week.clock(moved['start'])}")
        self.report.promise(
            "A move is one step", moved["start"] == after["start"] and self._is_free(before)
            and not self._is_free(after) and stale and stale.status == 412,
            "old slot free, new slot taken, stale version refused")

    def cancel(self):
        slot = self._slots("prothese", 5)[0]
        booked = self._book(slot)
        cancelled = self.staff.delete(f"/api/appointments/{booked['id']}", reason="Patient empêché")
        history = self.staff.get(f"/api/appointments/{booked['id']}/history")["changes"]
        self.report.promise(
            "A cancellation frees the slot",
            cancelled["status"] == "cancelled" and self._is_free(slot) and history[-1].get("reason"),
            ", then ".join(change["event"] for change in history))

    def strict_request(self):
        """The six actions of the strict request, and what it refuses."""
        found = self._strict("FIND_SLOTS", care_type="extraction", slot=_place(self._slots("extraction", 5)[0]))
        first, second = found["available_slots"][0], found["available_slots"][-1]
        person = {"name": self.person["name"], "phone_e164": self.person["phone"]}
        asked = self._strict("NEED_INFO", care_type="extraction")
        created = self._strict("CREATE", care_type="extraction", slot=_place(first), patient=person,
                               practitioner_id=first["practitioner"]["id"])
        booked = created["appointment"]["appointment_id"]
        confirmed = self._strict("CONFIRMATION", appointment_id=booked)
        moved = self._strict("RESCHEDULE", appointment_id=booked, slot=_place(second),
                             practitioner_id=second["practitioner"]["id"])
        cancelled = self._strict("CANCEL", appointment_id=booked, reason="Empêchement")
        statuses = [answer["status"] for answer in (found, asked, created, confirmed, moved, cancelled)]
        wanted = ["SLOTS_FOUND", "NEED_INFO", "CONFIRMED", "CONFIRMED", "RESCHEDULED", "CANCELLED"]
        self.report.promise("The strict request has six actions", statuses == wanted, f"{len(statuses)} answers")
        refused = [
            refusal(self._strict, "FIND_SLOTS", care_type="soin", clinic_address=self.clinic.address.lower()),
            refusal(self._strict, "FIND_SLOTS", care_type="soin", timezone="Europe/Paris"),
            refusal(self._strict, "NEED_INFO", patient={**person, "phone_e164": "+33612345678"}),
            refusal(self._strict, "FIND_SLOTS", care_type="blanchiment"),
            refusal(self._strict, "FIND_SLOTS", care_type="soin", remarque="champ inconnu"),
        ]
        self.report.promise(
            "Inexact requests are refused", all(one and one.status in (400, 422) for one in refused),
            f"{sum(one is not None for one in refused)} of {len(refused)}: address, time zone, telephone, care, field")

    def _strict(self, action, **fields):
        answer = self.staff.post("/api/appointments", {
            "action": action, "clinic_address": self.clinic.address, "timezone": self.clinic.time_zone, **fields})
        self.report.say(f"{action:<12} → {answer['status']:<11} {answer['message']}")
        return answer.json


def _place(slot):
    """A slot as the strict request writes it, from either route."""
    return {"start_iso": slot.get("start_iso") or slot["start"], "end_iso": slot.get("end_iso") or slot["end"],
            "duration_minutes": slot["durationMinutes"] if "durationMinutes" in slot else slot["duration_minutes"]}
