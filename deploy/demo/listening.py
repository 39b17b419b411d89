"""What an outside subscriber receives of a clinic, compared with what the services wrote."""

from collections import Counter

from demo.report import count, milliseconds, percentile
from demo.subscriber import Subscriber
from demo.witness import Witness

BOOKING = "/guichet/booking"


class Listening:
    """The subscriber, and the outboxes as witnesses: those of the clinic, and that of its neighbour."""

    def __init__(self, clinic, neighbour, report):
        self.clinic, self.neighbour, self.report = clinic, neighbour, report
        self.booking = Witness(clinic)
        self._publishers = (self.booking, *(Witness(clinic, name) for name in ("availability", "queue", "realtime")))
        self._beside = Witness(neighbour)
        self.subscriber = Subscriber(clinic.slug)

    def begin(self):
        self.subscriber.__enter__()
        # What is written from now on is published when the queue exists.
        self._since = {witness: witness.last_event() for witness in (*self._publishers, self._beside)}
        self.report.say(f"user {self.subscriber.user}, queue {self.subscriber.queue}")
        keys = ("#", f"{self.neighbour.slug}.#", "*.booking.#")
        answers = self.subscriber.refusals(keys)
        self.report.promise("Any other subscription is refused (403)", answers == [403] * len(keys),
                            ", ".join(f"{key} {code or 'allowed'}" for key, code in zip(keys, answers)))

    def _expected(self, *witnesses):
        return {id for witness in witnesses for id in witness.events_since(self._since[witness])}

    def end(self, alert):
        """The verdict; `alert` is the id of the alert that the patient waited for."""
        subscriber, expected = self.subscriber, self._expected(*self._publishers)
        missing, foreign = subscriber.missing(expected), self._expected(self._beside)
        subscriber.__exit__()
        received = {event.id for event in subscriber.recorded}
        for fault in subscriber.faults[:5]:
            self.report.say(f"not a valid event: {fault}")
        written = {id for witness in self._publishers for id in witness.events_since(0)}
        unknown = received - written
        self.report.promise("Every event is received, once",
                            not missing and not unknown and not subscriber.faults,
                            f"{len(expected)} expected, {len(missing)} missing, "
                            f"{count(subscriber.repetitions, 'repetition')} dropped")
        gaps, kinds = subscriber.gaps(), subscriber.aggregates()
        self.report.promise("Versions of each object have no gap", not gaps,
                            f"{', '.join(f'{kind} {number}' for kind, number in kinds.items())}: "
                            f"{count(len(gaps), 'gap')}")
        anomalies = Counter(event.event.get_data()["kind"] for event in subscriber.of_kind("availability.anomaly.detected"))
        self.report.say("anomalies announced: " + ", ".join(f"{kind} {number}" for kind, number in anomalies.items()))
        raised = [event for event in subscriber.of_kind("availability.care-alert.raised")
                  if event.subject == f"care-alert/{alert}"]
        self.report.promise("One alert for the slot that became free", len(raised) == 1, count(len(raised), "alert"))
        strangers = [event for event in subscriber.events if event.event.get_extension("tenantid") != self.clinic.slug]
        self.report.promise(
            "Nothing of another clinic",
            not strangers and foreign and self._beside.has_published_all() and not foreign & received,
            f"{count(len(foreign), 'event')} published there, {len(strangers)} received")
        delays = subscriber.delays(BOOKING)
        self.report.figure("From commit to subscriber", f"p50 {milliseconds(percentile(delays, 0.5))}, "
                           f"p99 {milliseconds(percentile(delays, 0.99))}")
