"""A morning at the clinic, through the gateway: what the suite promises, seen from outside."""

import sys
from concurrent.futures import ThreadPoolExecutor

import agenda
import guide
import people
import verdict
from api import Refused
from installation import Installation
from report import Report, count, milliseconds, percentile
from rush import BOOKINGS, CLIENTS, Assassin, Rush
from subscriber import Subscriber, admit
from visits import Visits, refusal
from witness import Witness

ROLES = {"manager": "Samia Belkacem", "staff": "Mourad Saïdi", "patient": "Yasmine Ould Ali"}


class Morning:
    """The story, one method a chapter."""

    def __init__(self, installation, report, suffix):
        self.installation, self.report = installation, report
        self.clinic, self.neighbour = people.clinics(suffix)

    def play(self):
        self.open_clinics()
        self.set_up()
        self.subscribe()
        self.keep_apart()
        visits = Visits(self.team, self.clinic, self.week, self.report)
        self.rush()
        self.report.step("Les jours de fermeture")
        visits.closed_days(self.holiday)
        self.report.step("Des réservations provisoires")
        visits.hold_that_lapses()
        visits.hold_that_is_confirmed()
        self.report.step("Un rendez-vous est déplacé, un autre annulé")
        visits.move()
        visits.cancel()
        self.report.step("La requête stricte des assistants")
        visits.strict_request()
        self.events()
        self.occupancy()

    def open_clinics(self):
        self.report.step("Les cabinets ouvrent")
        operator = people.bootstrap(self.installation)
        self.report.say(f"{people.OPERATOR} est connecté, avec un code à usage unique")
        password = self.installation.secret("password")
        for clinic in (self.clinic, self.neighbour):
            seconds = people.open_clinic(operator, clinic, password)
            state = "existe déjà" if seconds is None else f"créé, prêt dans tous les services en {seconds:.1f} s"
            self.report.say(f"{clinic.name} ({clinic.slug}, {clinic.time_zone}, serveur {clinic.database}) : {state}")
        with ThreadPoolExecutor() as pool:
            self.team, self.others = pool.map(
                lambda clinic: people.hire(self.installation, clinic, ROLES), (self.clinic, self.neighbour))
        self.report.say("direction, accueil et un patient se connectent dans chacun")

    def set_up(self):
        self.report.step("L’agenda")
        self.holiday = agenda.set_up(self.team["manager"], self.clinic)
        agenda.set_up(self.others["manager"], self.neighbour)
        self.week = agenda.Week.first_empty(self.team["staff"], self.clinic, self.holiday)
        self.report.say(f"{len(agenda.PRACTITIONERS)} praticiens, {len(agenda.ROOMS)} salles, "
                        f"{len(agenda.CARE_TYPES)} types de soin, fermé le vendredi et le {self.holiday}")
        self.report.say(f"la semaine du {self.week.saturday:%d/%m/%Y} est libre : c’est elle que l’on joue")

    def keep_apart(self):
        self.report.step("Les cabinets ne se voient pas")
        staff = self.others["staff"]
        week = agenda.Week.first_empty(staff, self.neighbour, self.holiday)
        patient = {"name": "Camille Roux", "phone": self.neighbour.phone(week.number * 10_000)}
        for _ in range(3):
            slot = agenda.slots(staff, "soin", week.span())[0]
            theirs = staff.post("/api/appointments/create", Rush.request(slot, patient))
        self.report.say(f"{self.neighbour.name} prend trois rendez-vous de son côté")
        answers = [
            refusal(self.team["admin"].get, f"/api/appointments/{theirs['id']}"),
            refusal(self.team["admin"].get, f"/api/tenants/{self.neighbour.slug}"),
            refusal(self.team["admin"].delete, f"/api/appointments/{theirs['id']}"),
        ]
        self.report.promise("L’autre cabinet est introuvable (404)",
                            all(answer and answer.status == 404 for answer in answers),
                            ", ".join(str(answer.status if answer else "permis") for answer in answers))

    def subscribe(self):
        self.report.step("Un abonné extérieur écoute les événements du cabinet")
        self.witness = Witness(self.installation, self.clinic)
        self.beside = Witness(self.installation, self.neighbour)
        self.since, self.since_beside = self.witness.last_event(), self.beside.last_event()
        user, password = admit(self.installation, self.clinic.slug)
        self.subscriber = Subscriber(self.installation, self.clinic.slug, user, password)
        self.report.say(f"utilisateur {user}, file {self.subscriber.queue}")
        keys = ("#", f"{self.neighbour.slug}.#", "*.booking.#")
        answers = self.subscriber.refusals(keys)
        self.report.promise("Tout autre abonnement refusé (403)", answers == [403] * len(keys),
                            ", ".join(f"{key} {code or 'permis'}" for key, code in zip(keys, answers)))

    def rush(self):
        self.report.step("Une matinée d’affluence")
        rush = Rush(self.team["staff"], self.clinic, self.week)
        wanted = rush.wish()
        self.report.say(f"{BOOKINGS} patients veulent {len(wanted)} créneaux, par {CLIENTS} clients à la fois")
        assassin = Assassin(self.installation, self.report)
        try:
            rush.run(assassin)
        finally:
            assassin.finish(len(rush.booked))
        verdict.on_rush(rush, self.team["staff"], self.week, self.witness, self.report)

    def events(self):
        self.report.step("Ce que l’abonné a reçu")
        expected, foreign = self.witness.events_since(self.since), self.beside.events_since(self.since_beside)
        missing = self.subscriber.await_events(expected)
        received, subscriber = self.subscriber.events, self.subscriber
        subscriber.close()
        strangers = [event for event in received.values() if event["tenantid"] != self.clinic.slug]
        unknown = {id for id, event in received.items() if event["source"] == "/guichet/booking"} - set(expected)
        self.report.promise("Chaque événement reçu, une fois", not missing and not unknown,
                            f"{len(expected)} attendus, {count(len(missing), 'manquant')}, "
                            f"{count(subscriber.repeated, 'doublon', 'écarté')}")
        self.report.promise("Versions sans trou par rendez-vous", not subscriber.gaps(),
                            count(len(subscriber.gaps()), "trou"))
        self.report.promise(
            "Rien d’un autre cabinet",
            not strangers and foreign and self.beside.has_published_all() and not set(foreign) & set(received),
            f"{count(len(foreign), 'événement', 'publié')} à côté, {count(len(strangers), 'reçu')}")
        delays = subscriber.delays
        self.report.figure("De l’écriture à l’abonné", f"p50 {milliseconds(percentile(delays, 0.5))}, "
                           f"p99 {milliseconds(percentile(delays, 0.99))}")

    def occupancy(self):
        occupancy = self.team["manager"].get("/api/statistics", **self.week.days)["occupancy"]
        self.report.figure("Semaine jouée", f"du {self.week.saturday:%d/%m/%Y}, occupée à {occupancy:.0%}")


def main():
    installation, report = Installation(), Report()
    morning = Morning(installation, report, sys.argv[1] if len(sys.argv) > 1 else None)
    try:
        morning.play()
    except (Refused, RuntimeError, OSError) as failure:
        report.promise("La démonstration va jusqu’au bout", False, str(failure))
    report.table()
    guide.say_where_to_look(installation, morning.clinic)
    sys.exit(report.is_broken)


if __name__ == "__main__":
    main()
