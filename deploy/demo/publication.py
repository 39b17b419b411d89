"""The publication of the agenda: opened to the public, compared with the index, healed, found in its journal."""

import time
from datetime import date, timedelta

from demo import agenda, damage
from demo.person import Person, Refused, RetryingClient
from demo.report import count, milliseconds, percentile
from demo.watch import PUBLIC, offered, place
from suite import cache

PUBLISHED_WITHIN = 60  # seconds for a new clinic, or one whose whole calendar has changed
HEALED_WITHIN = 10
SHOWN = 3  # days of the week that people search while the cache is damaged


class Publication:
    """What the public sees of the clinic in the week that is played."""

    def __init__(self, people, clinic, week, report):
        self.clinic, self.week, self.report = clinic, week, report
        self.staff, self.patient, self.manager = people["staff"], people["patient"], people["manager"]
        self.citizen = Person(RetryingClient())

    def open(self, neighbour):
        """The manager opens the clinic to the public; the neighbour does not."""
        path = "/api/availability/office"
        try:
            seen = self.manager.get(path).etag
        except Refused as refusal:
            if refusal.status != 404:
                raise
            seen = None
        self.manager.put(path, {
            "isOpen": True, "city": self.clinic.city, "phone": self.clinic.phone(0),
            "bookingUrl": f"https://{self.clinic.slug}.example/rendez-vous", "latencyLimitMilliseconds": 2000}, seen)
        began = time.monotonic()
        # Days are published in their order, so the last ones stand for all.
        last = agenda.Week(self.clinic, date.today() + timedelta(days=agenda.SETTINGS["horizonDays"] - 7))
        differing, places = self._compare(self.week, PUBLISHED_WITHIN)
        differing_last, places_last = self._compare(last, PUBLISHED_WITHIN)
        self.report.promise(
            "An open calendar is published completely", places and places_last and not differing + differing_last,
            f"{places} slots of the week, {places_last} of the last one, after {time.monotonic() - began:.1f} s")
        shown = [slot for care_type in agenda.CARE_TYPES for slot in
                 self._search(care_type, self.week.span(), office=neighbour.slug)["slots"]]
        self.report.promise("A clinic that is not open is not shown", not shown,
                            f"{count(len(shown), 'slot')} of {neighbour.name}")

    def equals_index(self):
        """Whatever the cache and the messages went through, the public sees what Booking has."""
        differing, places = self._compare(self.week, 15)
        for care_type, day in differing[:5]:
            self.report.say(f"{care_type} differs on {self.week.saturday + timedelta(days=day)}")
        compared = len(agenda.CARE_TYPES) * 7
        self.report.promise("The public search equals the index", not differing,
                            f"{compared - len(differing)} of {compared} pairs of care type and day, {places} slots")

    def _compare(self, week, seconds):
        """The pairs of care type and day that still differ from the index after `seconds`; and all places offered."""
        waiting = [(care_type, day) for care_type in agenda.CARE_TYPES for day in range(7)]
        offers, deadline = {}, time.monotonic() + seconds
        while True:
            for care_type, day in list(waiting):
                span = week.span(day, day)
                answer = self._search(care_type, span, office=self.clinic.slug)
                offers[care_type, day] = offered(answer, self.clinic.slug)
                if not answer["withheld"] and offers[care_type, day] == self._index(care_type, span):
                    waiting.remove((care_type, day))
            if not waiting or time.monotonic() > deadline:
                return waiting, sum(map(len, offers.values()))
            time.sleep(0.1)

    def _index(self, care_type, span):
        return {place(slot) for slot in agenda.slots(self.staff, care_type, span)}

    def _search(self, care_type, span, **where):
        return self.citizen.get(PUBLIC, careType=care_type, limit=500, **span, **where)

    def heal(self):
        """Entries of the cache are damaged without the services knowing. Nothing is booked meanwhile: the index stays."""
        index = {care_type: self._index(care_type, self.week.span(0, SHOWN - 1)) for care_type in agenda.CARE_TYPES}
        self._offers(index)  # so that the cache holds what is searched
        entries = damage.days(self.clinic.slug)
        shown = [f"guichet:availability:{self.clinic.slug}:{day}" for day in self._shown_days()]
        damaged, began = damage.damage(entries, shown), time.monotonic()
        self.report.say(f"{len(damaged)} of {count(len(entries), 'entry', 'entries')} damaged, "
                        f"among them {SHOWN} days that people search")
        sick, wrong, searches = set(damaged), set(), 0
        while sick and time.monotonic() < began + HEALED_WITHIN:
            for care_type, offers in self._offers(index):
                wrong |= offers - index[care_type]
                searches += 1
            held = cache.values(sorted(sick))
            sick = {name for name in sick if held.get(name) != damaged[name]}
        seconds = time.monotonic() - began
        self.report.promise(f"A damaged cache heals within {HEALED_WITHIN} s", not sick,
                            f"{len(damaged) - len(sick)} of {len(damaged)} in {seconds:.1f} s")
        self.report.promise("Nothing wrong is shown meanwhile", not wrong,
                            f"{count(searches, 'search', 'searches')}, {count(len(wrong), 'wrong slot')}")

    def _shown_days(self):
        return [self.week.saturday + timedelta(days=day) for day in range(SHOWN)]

    def _offers(self, care_types):
        span = self.week.span(0, SHOWN - 1)
        return [(care_type, offered(self._search(care_type, span, office=self.clinic.slug), self.clinic.slug))
                for care_type in care_types]

    def read_own_writes(self, person):
        """Those who name the appointment that they have just booked are never shown an older state."""
        slot = agenda.slots(self.staff, "soin", self.week.span(5, 5))[0]
        booked = self.staff.post("/api/appointments/create", {**agenda.wish(slot), "patient": person})
        after_booking = self._knowing(booked, slot)
        cancelled = self.staff.delete(f"/api/appointments/{booked['id']}")
        after_cancelling = self._knowing(cancelled, slot)
        self.report.promise(
            "People see at once what they have booked (seen)",
            place(slot) not in after_booking and place(slot) in after_cancelling,
            "slot absent after the booking, present after the cancellation")

    def _knowing(self, appointment, slot):
        seen = f"{self.clinic.slug}/{appointment['id']}/{appointment['version']}"
        span = {"from": slot["start"], "to": slot["end"]}
        return offered(self._search(slot["careType"], span, office=self.clinic.slug, seen=seen), self.clinic.slug)

    def alert(self, person, subscriber):
        """A patient waits for a slot that another one gives back; returns the alert."""
        tomorrow = date.today() + timedelta(days=1)
        span = {"from": f"{tomorrow}T00:00:00Z", "to": f"{tomorrow + timedelta(days=30)}T00:00:00Z"}
        slot = agenda.slots(self.staff, "prothese", span)[-1]
        booked = self.staff.post("/api/appointments/create", {**agenda.wish(slot), "patient": person})
        alert = self.patient.post("/api/availability/alerts", {
            "careType": slot["careType"], "practitioner": slot["practitioner"]["id"],
            "from": slot["start"], "to": slot["end"]})
        self.report.say(f"the patient waits for {self.week.clock(slot['start'])}, which is taken")
        self.staff.delete(f"/api/appointments/{booked['id']}", reason="Empêchement")
        raised = subscriber.await_event(
            "availability.care-alert.raised", lambda event: event.subject.endswith(alert["id"]))
        self.report.say(f"the slot becomes free: {'the alert is raised' if raised else 'no alert is raised'}")
        return alert["id"]

    def forget(self, alert):
        self.patient.delete(f"/api/availability/alerts/{alert}")

    def journal(self, subscriber):
        """The first day's journal has each booking of that day, and when its effect was visible to all."""
        events = {event.id for event in subscriber.of_kind("booking.appointment.confirmed")
                  if self.week.day(event.event.get_data()["appointment"]["start"]) == self.week.saturday}
        found = list(self.manager.pages("/api/availability/publications", day=str(self.week.saturday)))
        for line in found[:5]:
            self.report.say(
                f"{line['eventId']}  {line['eventType'].removeprefix('guichet.')} v{line['aggregateVersion']}"
                f" → day v{line['viewVersion']} {line['outcome']}, {line['latencyMilliseconds']} ms")
        missing = events - {line["eventId"] for line in found if line["visibleAt"]}
        self.report.promise("The journal explains every publication", not missing,
                            f"{count(len(found), 'line')} for {self.week.saturday:%d %b}, "
                            f"{len(missing)} missing")
        latencies = [line["latencyMilliseconds"] / 1000 for line in found if line["eventId"] in events]
        self.report.figure("From commit to publication", f"p50 {milliseconds(percentile(latencies, 0.5))}, "
                           f"p99 {milliseconds(percentile(latencies, 0.99))}, by the journal")
