"""People who search while others book: each of their searches, and what it offered when."""

import threading
import time
from dataclasses import dataclass
from itertools import cycle

from demo.person import TIMEOUT_SECONDS, Person, Refused
from suite.http import Client, Unanswered

PUBLIC, PROFESSIONAL = "/api/availability/search", "/api/availability/slots"
PAUSE = 0.02


@dataclass(frozen=True)
class Glimpse:
    """One answer: what was offered between `sent` and `received`, in seconds since 1970."""

    path: str
    care_type: str
    begins: str
    ends: str
    sent: float
    received: float
    is_degraded: bool
    offered: frozenset

    def covers(self, place):
        """Whether a place that is free must be among those offered."""
        care_type, start, *_ = place
        return care_type == self.care_type and self.begins <= start < self.ends


def place(slot):
    """What tells a slot from others, whichever service offers it."""
    return slot["careType"], slot["start"], slot["end"], slot["practitioner"]["id"]


def offered(answer, office):
    """The places that a search offers at one clinic."""
    return frozenset(place(slot) for slot in answer["slots"] if slot["office"] == office)


class Watch:
    """Citizens who search by city and by clinic, without a token, and a professional of the clinic, one search after the other."""

    def __init__(self, citizen, professional, clinic, week, care_types):
        self.glimpses, self.failures = [], []
        self._clinic, self._places = clinic, {}
        self._stopping = threading.Event()
        windows = [week.span(first, first + 1) for first in (0, 2, 4)]
        where = cycle(({"place": clinic.city}, {"office": clinic.slug}))
        searches = [(citizen, PUBLIC, [{"careType": care_type, **window, **next(where)} for window in windows])
                    for care_type in care_types]
        searches.append((professional, PROFESSIONAL, [
            {"careType": care_type, **window} for care_type in care_types for window in windows]))
        self._questions = sum(len(questions) for _, _, questions in searches)
        without_retries = Client(timeout=TIMEOUT_SECONDS)  # what fails must be seen to fail
        self._threads = [
            threading.Thread(target=self._search, args=(Person(without_retries, person.user), path, questions), daemon=True)
            for person, path, questions in searches]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def _search(self, person, path, questions):
        for question in cycle(questions):
            if self._stopping.wait(PAUSE):
                return
            sent = time.time()
            try:
                answer = person.get(path, limit=500, **question)
            except (Refused, Unanswered) as failure:
                self.failures.append(failure)
            else:
                self.glimpses.append(self._glimpse(path, question, sent, answer))

    def _glimpse(self, path, question, sent, answer):
        # A place keeps one object however often it is offered.
        seen = frozenset(self._places.setdefault(one, one) for one in offered(answer, self._clinic.slug))
        ends = answer["slots"][-1]["start"] if answer["isCut"] else question["to"]
        return Glimpse(path, question["careType"], question["from"], ends, sent, time.time(), answer["degraded"], seen)

    def await_calm(self, booked, seconds=30):
        """Returns once the latest answer to each question believes the cache and offers nothing of what is `booked`; at
        the latest after `seconds`."""
        since, places = time.time(), {place(appointment) for appointment in booked}
        while time.time() < since + seconds:
            latest = {(glimpse.path, glimpse.care_type, glimpse.begins): glimpse
                      for glimpse in list(self.glimpses) if glimpse.sent > since}
            if len(latest) == self._questions and not any(
                    glimpse.is_degraded or glimpse.offered & places for glimpse in latest.values()):
                return
            time.sleep(0.05)
