"""What an outside subscriber hears of a clinic, held against what the services wrote."""

from collections import Counter

from report import count, milliseconds, percentile
from subscriber import Subscriber, admit
from witness import Witness


class Listening:
    """The subscriber, and the outboxes as witnesses: those of the clinic, and that of its neighbour."""

    def __init__(self, installation, clinic, neighbour, report):
        self.installation, self.clinic, self.neighbour, self.report = installation, clinic, neighbour, report
        self.booking = Witness(installation, clinic)
        self._publishers = (self.booking, Witness(installation, clinic, "availability"))
        self._beside = Witness(installation, neighbour)

    def begin(self):
        user, password = admit(self.installation, self.clinic.slug)
        self.subscriber = Subscriber(self.installation, self.clinic.slug, user, password)
        # What is written from here on is published when the queue is there already.
        self._since = {witness: witness.last_event() for witness in (*self._publishers, self._beside)}
        self.report.say(f"utilisateur {user}, file {self.subscriber.queue}")
        keys = ("#", f"{self.neighbour.slug}.#", "*.booking.#")
        answers = self.subscriber.refusals(keys)
        self.report.promise("Tout autre abonnement refusé (403)", answers == [403] * len(keys),
                            ", ".join(f"{key} {code or 'permis'}" for key, code in zip(keys, answers)))

    def _expected(self, *witnesses):
        return {id for witness in witnesses for id in witness.events_since(self._since[witness])}

    def end(self, alert):
        """The verdict; `alert` is what the patient waited for."""
        subscriber, expected = self.subscriber, self._expected(*self._publishers)
        missing, foreign = subscriber.await_events(expected), self._expected(self._beside)
        subscriber.close()
        received = subscriber.events
        written = {id for witness in self._publishers for id in witness.events_since(0)}
        unknown = set(received) - written
        self.report.promise("Chaque événement reçu, une fois", not missing and not unknown,
                            f"{len(expected)} attendus, {count(len(missing), 'manquant')}, "
                            f"{count(subscriber.repeated, 'doublon', 'écarté')}")
        gaps, kinds = subscriber.gaps(), subscriber.aggregates()
        self.report.promise("Versions sans trou par objet", not gaps,
                            f"{', '.join(f'{kind} {number}' for kind, number in kinds.items())} : "
                            f"{count(len(gaps), 'trou')}")
        anomalies = Counter(event["data"]["kind"] for event in subscriber.told("availability.anomaly.detected"))
        self.report.say("anomalies annoncées : " + ", ".join(f"{kind} {number}" for kind, number in anomalies.items()))
        raised = [event for event in subscriber.told("availability.care-alert.raised")
                  if event["subject"] == f"care-alert/{alert}"]
        self.report.promise("Une seule alerte pour le créneau libéré", len(raised) == 1, count(len(raised), "alerte"))
        strangers = [event for event in received.values() if event["tenantid"] != self.clinic.slug]
        self.report.promise(
            "Rien d’un autre cabinet",
            not strangers and foreign and self._beside.has_published_all() and not foreign & set(received),
            f"{count(len(foreign), 'événement', 'publié')} à côté, {count(len(strangers), 'reçu')}")
        self.report.figure("De l’écriture à l’abonné", f"p50 {milliseconds(percentile(subscriber.delays, 0.5))}, "
                           f"p99 {milliseconds(percentile(subscriber.delays, 0.99))}")
