"""A clinic on the other PostgreSQL server, whose outages must be its own: it is at work during all faults, too."""

from collections.abc import Iterator
from dataclasses import dataclass

from chaos.clients import Booker
from chaos.journal import Journal
from suite import database
from suite.clinic import Clinic
from suite.people import Installation

SERVER = "second"
CLIENTS = 4
_TAKES_SLOT = ("held", "confirmed")


@dataclass
class Neighbour:
    clinic: Clinic
    journal: Journal
    bookers: list[Booker]

    @classmethod
    def open(cls, installation: Installation, hold_seconds: int, seed: int, longest_pause: float) -> "Neighbour":
        clinic = Clinic.open(
            installation.tenant("voisin", database=SERVER), practitioners=4, hold_seconds=hold_seconds)
        journal, user = Journal(), clinic.tenant.user("staff")
        assert user.token
        bookers = [Booker(clinic, user, journal, seed * 1000 + 500 + n, longest_pause) for n in range(CLIENTS)]
        return cls(clinic, journal, bookers)

    def rows(self, service: str, sql: str) -> list[dict]:
        return database.rows(sql, self.clinic.tenant.schema(service), SERVER)

    @property
    def stored(self) -> dict[str, dict]:
        return {row["id"]: row for row in self.rows("booking", "SELECT id, status, version FROM appointments")}


def unrest(neighbour: Neighbour) -> Iterator[str]:
    """What is still on its way."""
    for service in ("booking", "availability"):
        if waiting := neighbour.rows(service, "SELECT FROM outbox WHERE published_at IS NULL"):
            yield f"{len(waiting)} events wait in the outbox of the neighbour's {service}"
    if doubted := neighbour.rows("availability", "SELECT day FROM days WHERE doubt IS NOT NULL"):
        yield f"{len(doubted)} days of the neighbour are in doubt"
    yield from _unknown_to_availability(neighbour)


def _unknown_to_availability(neighbour: Neighbour) -> Iterator[str]:
    known = {
        row["appointment"]: row["version"]
        for row in neighbour.rows("availability", "SELECT appointment, version FROM placements")}
    for identifier, row in neighbour.stored.items():
        if row["status"] in _TAKES_SLOT and known.get(identifier) != row["version"]:
            yield f"of the neighbour's {identifier} Availability knows version {known.get(identifier)}, not {row['version']}"


def nothing_of_the_neighbour_is_lost(neighbour: Neighbour) -> Iterator[str]:
    stored, last = neighbour.stored, {}
    for operation in neighbour.journal.of("book", "hold", "confirm", "move", "cancel"):
        if operation.outcome == "ok":
            view = operation.answer.json
            if view["version"] > last.get(view["id"], {"version": 0})["version"]:
                last[view["id"]] = view
    for identifier, view in last.items():
        if identifier not in stored or stored[identifier]["version"] < view["version"]:
            yield f"the neighbour's {view} was acknowledged, stored is {stored.get(identifier)}"
    for answer, count in neighbour.journal.strange.items():
        yield f"{count} times the neighbour was answered {answer}"
    yield from unrest(neighbour)


CHECKS = [nothing_of_the_neighbour_is_lost]
