"""The publication of the agenda: opened to the public, compared with the index, healed, looked up in its journal."""

import time
from datetime import date, timedelta

import agenda
from api import Client, Refused
from cache import Cache, damage
from report import count, milliseconds, percentile
from watch import PUBLIC, offered, place

PUBLISHED_WITHIN = 60  # seconds for a clinic that nobody knew, or whose whole calendar has changed
HEALED_WITHIN = 10
SHOWN = 3  # days of the week that people look at while the cache is damaged


class Publication:
    """What the public sees of the clinic in the week that is played."""

    def __init__(self, installation, people, clinic, week, report):
        self.installation, self.clinic, self.week, self.report = installation, clinic, week, report
        self.staff, self.patient, self.manager = people["staff"], people["patient"], people["manager"]
        self.citizen = Client(installation)

    def open(self, neighbour):
        """The manager lets everybody search the clinic; the neighbour has not decided that."""
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
        # Days are published in their order, so the last ones tell of all.
        last = agenda.Week(self.clinic, date.today() + timedelta(days=agenda.SETTINGS["horizonDays"] - 7))
        differing, places = self._compare(self.week, PUBLISHED_WITHIN)
        differing_last, places_last = self._compare(last, PUBLISHED_WITHIN)
        self.report.promise(
            "L’agenda ouvert est publié en entier", places and places_last and not differing + differing_last,
            f"{places} places de la semaine, {places_last} de la dernière, {time.monotonic() - began:.1f} s après")
        shown = [slot for care_type in agenda.CARE_TYPES for slot in
                 self._search(care_type, self.week.span(), office=neighbour.slug)["slots"]]
        self.report.promise("Qui n’est pas ouvert n’est pas montré", not shown,
                            f"{count(len(shown), 'place')} chez {neighbour.name}")

    def equals_index(self):
        """Whatever the cache and the messages went through, the public sees what Booking has."""
        differing, places = self._compare(self.week, 15)
        for care_type, day in differing[:5]:
            self.report.say(f"{care_type} diffère le {self.week.saturday + timedelta(days=day)}")
        compared = len(agenda.CARE_TYPES) * 7
        self.report.promise("La recherche publique est égale à l’index", not differing,
                            f"{compared - len(differing)} sur {compared} (soin, jour), {places} places")

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
        """Entries of the cache are damaged behind everybody's back. Nobody books meanwhile: the index stands still."""
        cache = Cache(self.installation.redis)
        index = {care_type: self._index(care_type, self.week.span(0, SHOWN - 1)) for care_type in agenda.CARE_TYPES}
        self._offers(index)  # so that the cache holds what is looked at
        entries = cache.days(self.clinic.slug)
        shown = [f"guichet:availability:{self.clinic.slug}:{day}" for day in self._shown_days()]
        damaged, began = damage(cache, entries, shown), time.monotonic()
        self.report.say(f"{count(len(damaged), 'entrée', 'altérée')} sur {len(entries)}, "
                        f"dont {SHOWN} jours que l’on cherche")
        sick, wrong, searches = set(damaged), set(), 0
        while sick and time.monotonic() < began + HEALED_WITHIN:
            for care_type, offers in self._offers(index):
                wrong |= offers - index[care_type]
                searches += 1
            sick = {name for name in sick if cache("GET", name) != damaged[name]}
        seconds = time.monotonic() - began
        cache.close()
        self.report.promise(f"Un cache altéré guérit sous {HEALED_WITHIN} s", not sick,
                            f"{len(damaged) - len(sick)} sur {len(damaged)} en {seconds:.1f} s")
        self.report.promise("Rien de faux n’est montré entre-temps", not wrong,
                            f"{count(searches, 'recherche')}, {count(len(wrong), 'place', 'fausse')}")

    def _shown_days(self):
        return [self.week.saturday + timedelta(days=day) for day in range(SHOWN)]

    def _offers(self, care_types):
        span = self.week.span(0, SHOWN - 1)
        return [(care_type, offered(self._search(care_type, span, office=self.clinic.slug), self.clinic.slug))
                for care_type in care_types]

    def read_own_writes(self, person):
        """Who names the appointment he has just made is never shown what was before it."""
        slot = agenda.slots(self.staff, "soin", self.week.span(5, 5))[0]
        booked = self.staff.post("/api/appointments/create", {**agenda.wish(slot), "patient": person})
        after_booking = self._knowing(booked, slot)
        cancelled = self.staff.delete(f"/api/appointments/{booked['id']}")
        after_cancelling = self._knowing(cancelled, slot)
        self.report.promise(
            "Qui a réservé voit aussitôt son effet (seen)",
            place(slot) not in after_booking and place(slot) in after_cancelling,
            "créneau absent après la réservation, présent après l’annulation")

    def _knowing(self, appointment, slot):
        seen = f"{self.clinic.slug}/{appointment['id']}/{appointment['version']}"
        span = {"from": slot["start"], "to": slot["end"]}
        return offered(self._search(slot["careType"], span, office=self.clinic.slug, seen=seen), self.clinic.slug)

    def alert(self, person, subscriber):
        """A patient waits for a slot that somebody else gives back; returns the alert."""
        tomorrow = date.today() + timedelta(days=1)
        span = {"from": f"{tomorrow}T00:00:00Z", "to": f"{tomorrow + timedelta(days=30)}T00:00:00Z"}
        slot = agenda.slots(self.staff, "prothese", span)[-1]
        booked = self.staff.post("/api/appointments/create", {**agenda.wish(slot), "patient": person})
        alert = self.patient.post("/api/availability/alerts", {
            "careType": slot["careType"], "practitioner": slot["practitioner"]["id"],
            "from": slot["start"], "to": slot["end"]})
        self.report.say(f"le patient attend le {self.week.clock(slot['start'])}, déjà pris")
        self.staff.delete(f"/api/appointments/{booked['id']}", reason="Empêchement")
        raised = subscriber.await_event(
            "availability.care-alert.raised", lambda event: event["subject"].endswith(alert["id"]))
        self.report.say(f"le créneau se libère : {'l’alerte part' if raised else 'rien ne part'}")
        return alert["id"]

    def forget(self, alert):
        self.patient.delete(f"/api/availability/alerts/{alert}")

    def journal(self, subscriber):
        """The first day's journal knows each booking of that day, and when everybody could see its effect."""
        events = {event["id"] for event in subscriber.told("booking.appointment.confirmed")
                  if self.week.day(event["data"]["appointment"]["start"]) == self.week.saturday}
        found = list(self.manager.pages("/api/availability/publications", day=str(self.week.saturday)))
        for line in found[:5]:
            self.report.say(
                f"{line['eventId']}  {line['eventType'].removeprefix('guichet.')} v{line['aggregateVersion']}"
                f" → jour v{line['viewVersion']} {line['outcome']}, {line['latencyMilliseconds']} ms")
        missing = events - {line["eventId"] for line in found if line["visibleAt"]}
        self.report.promise("Le journal explique chaque publication", not missing,
                            f"{count(len(found), 'ligne')} pour le {self.week.saturday:%d/%m}, "
                            f"{count(len(missing), 'absente')}")
        latencies = [line["latencyMilliseconds"] / 1000 for line in found if line["eventId"] in events]
        self.report.figure("De l’écriture à la publication", f"p50 {milliseconds(percentile(latencies, 0.5))}, "
                           f"p99 {milliseconds(percentile(latencies, 0.99))}, selon le journal")
