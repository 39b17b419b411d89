"""The morning, one chapter after the other, and the table at its end."""

import sys
from concurrent.futures import ThreadPoolExecutor

from demo import agenda, guide, people, verdict, visibility, waiting_verdict
from demo.listening import Listening
from demo.person import Refused
from demo.publication import Publication
from demo.report import Report
from demo.rush import BOOKINGS, CARE_TYPES, CLIENTS, Faults, Rush
from demo.visits import Visits, refusal
from demo.waiting_room import WaitingRoom
from demo.watch import Watch
from suite.http import Unanswered

ROLES = {"manager": "Samia Belkacem", "staff": "Mourad Saïdi", "patient": "Yasmine Ould Ali"}


class Morning:
    """The story, one method a chapter."""

    def __init__(self, report, suffix):
        self.report = report
        self.clinic, self.neighbour = people.clinics(suffix)

    def play(self):
        self.open_clinics()
        self.set_up()
        self.report.step("An outside subscriber listens to the events of the clinic")
        self.listening = Listening(self.clinic, self.neighbour, self.report)
        self.listening.begin()
        self.keep_apart()
        visits = Visits(self.team, self.clinic, self.week, self.report)
        self.publication = Publication(self.team, self.clinic, self.week, self.report)
        self.report.step("The clinic opens to the public")
        self.publication.open(self.neighbour)
        self.rush()
        self.report.step("Closed days")
        visits.closed_days(self.holiday)
        self.report.step("Holds")
        visits.hold_that_lapses()
        visits.hold_that_is_confirmed()
        self.report.step("One appointment is moved, another one cancelled")
        visits.move()
        visits.cancel()
        self.report.step("The strict request of assistants")
        visits.strict_request()
        self.report.step("The public sees what changes")
        self.publication.read_own_writes(visits.person)
        alert = self.publication.alert(visits.person, self.listening.subscriber)
        self.report.step("The cache is damaged on purpose")
        self.publication.heal()
        self.publication.equals_index()
        self.report.step("The journal of the day")
        self.publication.journal(self.listening.subscriber)
        self.report.step("The waiting room")
        room = WaitingRoom(self.team, self.clinic, self.report)
        room.play()
        waiting_verdict.on_waiting_room(room, self.report)
        self.report.step("What the subscriber has received")
        self.listening.end(alert)
        self.publication.forget(alert)
        self.occupancy()

    def open_clinics(self):
        self.report.step("The clinics open")
        installation = people.log_operator_in()
        self.report.say(f"{people.OPERATOR} is logged in, with a one-time code")
        for clinic in (self.clinic, self.neighbour):
            seconds = people.open_clinic(installation, clinic)
            state = "exists already" if seconds is None else f"created, ready in all services after {seconds:.1f} s"
            self.report.say(f"{clinic.name} ({clinic.slug}, {clinic.time_zone}, server {clinic.database}): {state}")
        with ThreadPoolExecutor() as pool:
            self.team, self.others = pool.map(
                lambda clinic: people.hire(clinic, ROLES), (self.clinic, self.neighbour))
        self.report.say("administrator, manager, counter and a patient are users of each")

    def set_up(self):
        self.report.step("The calendar")
        self.holiday = agenda.set_up(self.team["manager"], self.clinic)
        agenda.set_up(self.others["manager"], self.neighbour)
        self.week = agenda.Week.first_empty(self.team["staff"], self.clinic, self.holiday)
        self.report.say(f"{len(agenda.PRACTITIONERS)} practitioners, {len(agenda.ROOMS)} rooms, "
                        f"{len(agenda.CARE_TYPES)} types of care, closed on Friday and on {self.holiday}")
        self.report.say(f"the week from {self.week.saturday:%d %b %Y} on is empty: the morning takes place in it")

    def keep_apart(self):
        self.report.step("The clinics do not see each other")
        staff = self.others["staff"]
        week = agenda.Week.first_empty(staff, self.neighbour, self.holiday)
        patient = {"name": "Camille Roux", "phone": self.neighbour.phone(week.number * 10_000)}
        for _ in range(3):
            slot = agenda.slots(staff, "soin", week.span())[0]
            theirs = staff.post("/api/appointments/create", Rush.request(slot, patient))
        self.report.say(f"{self.neighbour.name} books three appointments of its own")
        answers = [
            refusal(self.team["admin"].get, f"/api/appointments/{theirs['id']}"),
            refusal(self.team["admin"].get, f"/api/tenants/{self.neighbour.slug}"),
            refusal(self.team["admin"].delete, f"/api/appointments/{theirs['id']}"),
        ]
        self.report.promise("The other clinic cannot be found (404)",
                            all(answer and answer.status == 404 for answer in answers),
                            ", ".join(str(answer.status if answer else "allowed") for answer in answers))

    def rush(self):
        self.report.step("A busy morning")
        rush = Rush(self.team["staff"], self.clinic, self.week)
        wanted = rush.wish()
        self.report.say(f"{BOOKINGS} patients want {len(wanted)} slots, through {CLIENTS} clients at once")
        self.report.say("citizens search without a token, by city and by clinic; the counter searches, too")
        faults = Faults(self.report)
        with Watch(self.publication.citizen, self.team["staff"], self.clinic, self.week, CARE_TYPES) as watch:
            try:
                rush.run(faults)
            finally:
                faults.finish(len(rush.booked))
            watch.await_calm([appointment for _, _, appointment in rush.booked])
        verdict.on_rush(rush, self.team["staff"], self.week, self.listening.booking, self.report)
        self.report.step("What the others saw meanwhile")
        visibility.on_watch(watch, rush, self.listening.booking, faults, self.report)

    def occupancy(self):
        occupancy = self.team["manager"].get("/api/statistics", **self.week.days)["occupancy"]
        self.report.figure("The week", f"from {self.week.saturday:%d %b %Y} on, occupied to {occupancy:.0%}")


def main():
    report = Report()
    morning = Morning(report, sys.argv[1] if len(sys.argv) > 1 else None)
    try:
        morning.play()
    except (Refused, Unanswered, RuntimeError, OSError, AssertionError) as failure:
        report.promise("The demo comes to its end", False, str(failure))
    report.table()
    guide.say_where_to_look(morning.clinic)
    sys.exit(report.is_broken)


if __name__ == "__main__":
    main()
