"""The people who look for a free slot while others take them, and what they were shown."""

import random
import time
from dataclasses import dataclass, field
from datetime import datetime

from chaos.clients import DAYS, Worker
from chaos.journal import Journal
from suite.clinic import Clinic
from suite.http import Unanswered

CARES = {"consultation": 0, "chirurgie": 30}  # how long cleaning up takes, in minutes
LIMIT = 500


def minute(text: str) -> int:
    """An instant as whole minutes since 1970."""
    return int(datetime.fromisoformat(text).timestamp()) // 60


@dataclass(frozen=True)
class Offer:
    """A slot as a search showed it, in minutes since 1970."""

    practitioner: str
    start: int
    # When practitioner and room would be free again.
    end: int
    needs_room: bool


@dataclass(frozen=True)
class Search:
    begun: float
    ended: float
    # None without an answer.
    status: int | None
    is_degraded: bool = False
    offers: tuple[Offer, ...] = ()


@dataclass
class Sightings:
    """What all of them were shown."""

    searches: list[Search] = field(default_factory=list)
    # One object for equal offers: they are many.
    known: dict[Offer, Offer] = field(default_factory=dict)

    def note(self, search: Search) -> None:
        self.searches.append(search)

    def offer(self, slot: dict, care: str) -> Offer:
        offer = Offer(
            slot["practitioner"]["id"], minute(slot["start"]), minute(slot["end"]) + CARES[care], care == "chirurgie")
        return self.known.setdefault(offer, offer)


class Searcher(Worker):
    """Asks as the public does, without a token."""

    def __init__(self, clinic: Clinic, journal: Journal, sightings: Sightings, seed: int):
        super().__init__(journal, f"searcher-{seed}")
        self.clinic, self.sightings, self.chance = clinic, sightings, random.Random(seed)

    @property
    def pause(self) -> float:
        return self.chance.uniform(0.05, 0.35)

    def work(self) -> None:
        care, day = self.chance.choice(list(CARES)), self.chance.choice(DAYS)
        begun = time.monotonic()
        try:
            answer = self.client.get(
                "/api/availability/search", office=self.clinic.tenant.slug, careType=care, limit=LIMIT,
                **{"from": self.clinic.instant(day, 0), "to": self.clinic.instant(day + 1, 0)})
        except Unanswered:
            self.sightings.note(Search(begun, time.monotonic(), None))
            return
        ended = time.monotonic()
        if answer.status != 200:
            self.sightings.note(Search(begun, ended, answer.status))
            return
        offers = tuple(self.sightings.offer(slot, care) for slot in answer.json["slots"])
        self.sightings.note(Search(begun, ended, 200, answer.json["degraded"], offers))
