"""A morning at the clinic, through the gateway: what the suite promises, seen from outside."""

import sys
from concurrent.futures import ThreadPoolExecutor

import agenda
import guide
import people
import verdict
import visibility
from api import Refused
from installation import Installation
from listening import Listening
from publication import Publication
from report import Report
from rush import BOOKINGS, CARE_TYPES, CLIENTS, Faults, Rush
from visits import Visits, refusal
from watch import Watch

ROLES = {"manager": "Samia Belkacem", "staff": "Mourad Saïdi", "patient": "Yasmine Ould Ali"}


class Morning:
    """The story, one method a chapter."""

    def __init__(self, installation, report, suffix):
        self.installation, self.report = installation, report
        self.clinic, self.neighbour = people.clinics(suffix)

    def play(self):
        self.open_clinics()
        self.set_up()
        self.report.step("Un abonné extérieur écoute les événements du cabinet")
        self.listening = Listening(self.installation, self.clinic, self.neighbour, self.report)
        self.listening.begin()
        self.keep_apart()
        visits = Visits(self.team, self.clinic, self.week, self.report)
        self.publication = Publication(self.installation, self.team, self.clinic, self.week, self.report)
        self.report.step("Le cabinet s’ouvre au public")
        self.publication.open(self.neighbour)
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
        self.report.step("Le public voit ce qui change")
        self.publication.read_own_writes(visits.person)
        alert = self.publication.alert(visits.person, self.listening.subscriber)
        self.report.step("Le cache est altéré exprès")
        self.publication.heal()
        self.publication.equals_index()
        self.report.step("Le journal du jour")
        self.publication.journal(self.listening.subscriber)
        self.report.step("Ce que l’abonné a reçu")
        self.listening.end(alert)
        self.publication.forget(alert)
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

    def rush(self):
        self.report.step("Une matinée d’affluence")
        rush = Rush(self.team["staff"], self.clinic, self.week)
        wanted = rush.wish()
        self.report.say(f"{BOOKINGS} patients veulent {len(wanted)} créneaux, par {CLIENTS} clients à la fois")
        self.report.say("des citoyens cherchent sans jeton, par ville et par cabinet ; l’accueil cherche aussi")
        faults = Faults(self.installation, self.report)
        with Watch(self.publication.citizen, self.team["staff"], self.clinic, self.week, CARE_TYPES) as watch:
            try:
                rush.run(faults)
            finally:
                faults.finish(len(rush.booked))
            watch.await_calm([appointment for _, _, appointment in rush.booked])
        verdict.on_rush(rush, self.team["staff"], self.week, self.listening.booking, self.report)
        self.report.step("Ce que les autres ont vu pendant ce temps")
        visibility.on_watch(watch, rush, self.listening.booking, faults, self.report)

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
