"""A morning at the clinic, through the gateway: what the suite promises, seen from outside."""

import sys
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import agenda
import people
from api import Client, Refused
from installation import Installation
from report import Report, count, milliseconds, percentile
from rush import BOOKINGS, CLIENTS, WANTED, Assassin, Rush
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
        self.report.step("Une matinée d’affluence")
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
        self.week = agenda.Week.first_empty(self.team["staff"], self.clinic)
        self.report.say(f"{len(agenda.PRACTITIONERS)} praticiens, {len(agenda.ROOMS)} salles, "
                        f"{len(agenda.CARE_TYPES)} types de soin, fermé le vendredi et le {self.holiday}")
        self.report.say(f"la semaine du {self.week.saturday:%d/%m/%Y} est libre : c’est elle que l’on joue")

    def keep_apart(self):
        self.report.step("Les cabinets ne se voient pas")
        staff, week = self.others["staff"], agenda.Week.first_empty(self.others["staff"], self.neighbour)
        patient = {"name": "Camille Roux", "phone": self.neighbour.phone(week.number * 10_000)}
        for day in range(2, 5):
            slot = agenda.slots(staff, "soin", week.span(day, day))[0]
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
        rush = Rush(self.team["staff"], self.clinic, self.week)
        wanted = rush.wish()
        self.report.say(f"{BOOKINGS} patients veulent {len(wanted)} créneaux, par {CLIENTS} clients à la fois")
        assassin = Assassin(self.installation, self.report)
        try:
            rush.run(assassin)
        finally:
            assassin.finish(len(rush.booked))
        for failure in rush.failures[:5]:
            self.report.say(f"échec : {failure}")
        self.report.figure("Réservations acquittées", f"{len(rush.booked)} en {rush.duration:.1f} s, "
                           f"après {rush.refused} refus")
        self.report.figure("Durée d’une réservation", f"p50 {milliseconds(percentile(rush.seconds, 0.5))}, "
                           f"p99 {milliseconds(percentile(rush.seconds, 0.99))}")
        self.check_rush(rush)

    def check_rush(self, rush):
        report, staff = self.report, self.team["staff"]
        # Alternatives are looked for up to two weeks ahead.
        found = staff.pages("/api/appointments", status="confirmed", **self.week.span(0, 15))
        patients = {appointment["patientId"] for _, _, appointment in rush.booked}
        present = [one for one in found if one["patientId"] in patients]
        acknowledged = {appointment["id"] for _, _, appointment in rush.booked}
        lost, extra = acknowledged - {one["id"] for one in present}, {one["id"] for one in present} - acknowledged
        report.promise("Chaque patient a son rendez-vous", len(rush.booked) == BOOKINGS and not rush.failures,
                       f"{len(rush.booked)} sur {BOOKINGS}")
        report.promise("Trois autres créneaux à chaque refus", rush.refused and not rush.without_alternatives,
                       f"{rush.refused} refus, {rush.without_alternatives} sans")
        report.promise("Aucun chevauchement", not agenda.overlaps(present) and not self.witness.overlaps(),
                       f"API {len(agenda.overlaps(present))}, SQL {self.witness.overlaps()}")
        report.promise("Rien d’acquitté n’est perdu malgré kill -9", not lost,
                       count(len(lost), "rendez-vous", "perdu"))
        others = rush.repeat(20)
        report.promise("Un seul effet par requête répétée", not extra and not others,
                       f"{rush.rerouted + rush.retries} reprises, 20 rejouées, "
                       + count(len(extra) + others, "effet") + " en trop")
        self.check_alternative(rush)

    def check_alternative(self, rush):
        request, _, _ = rush.booked[0]
        lost = refusal(self.team["staff"].post, "/api/appointments/create", request)
        offered = lost.problem["alternatives"] if lost and lost.kind == "slot-refused" else []
        for slot in offered:  # one after the other, since they may overlap
            booked = self.team["staff"].post("/api/appointments/create", Rush.request(slot, request["patient"]))
            self.team["staff"].delete(f"/api/appointments/{booked['id']}")
        self.report.promise("Les créneaux proposés se réservent", len(offered) == 3, f"{len(offered)} pris l’un après l’autre")

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


def say_where_to_look(installation, clinic):
    secrets, broker = installation.state / "secrets", urlsplit(installation.broker_management)
    print(f"""
La suite reste en marche (make down l’arrête).

  Entrée        {installation.gateway}   (autorité : {installation.state / 'tls/ca.pem'})
  OpenAPI       {installation.gateway}/openapi/identity.json et /openapi/booking.json
  Métriques     {installation.metrics}, et /metrics de chaque réplique (.local/env)
  Messages      http://{broker.hostname}:{broker.port}   (guichet, {secrets / 'rabbitmq-guichet'})
  État          make status
  Journaux      make logs NAME=booking-1

  Se connecter  POST /api/auth/login {{"tenant", "email", "password", "code"}}
                exploitant     guichet, {people.OPERATOR}
                direction      {clinic.slug}, {clinic.email('admin')}
                gestion        {clinic.slug}, {clinic.email('manager')} (sans code)
                accueil        {clinic.slug}, {clinic.email('staff')} (sans code)
                patient        {clinic.slug}, {clinic.email('patient')} (sans code)
  Mot de passe  le même pour tous : {secrets / 'demo-password'}
  Code          deploy/demo/code guichet, deploy/demo/code {clinic.slug}
  Abonné        utilisateur sub-{clinic.slug}, mot de passe {secrets / f'demo-subscriber-{clinic.slug}'}""")


def main():
    installation, report = Installation(), Report()
    morning = Morning(installation, report, sys.argv[1] if len(sys.argv) > 1 else None)
    try:
        morning.play()
    except (Refused, RuntimeError, OSError) as failure:
        report.promise("La démonstration va jusqu’au bout", False, str(failure))
    report.table()
    say_where_to_look(installation, morning.clinic)
    sys.exit(report.is_broken)


if __name__ == "__main__":
    main()
