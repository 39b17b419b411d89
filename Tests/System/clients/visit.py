"""What a client at the counter does, with the client of any generator."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID


@dataclass(frozen=True)
class Appointment:
    """What a client has read of one, and the tag of its version."""

    id: UUID
    status: str
    start: datetime
    tag: str


@dataclass(frozen=True)
class Refusal:
    """Why a slot is not booked, and the starts of others."""

    code: str
    alternatives: list[datetime]


class Counter(Protocol):
    """A generated client as the visit uses it. Names, types and errors are those that the generator has made."""

    def log_in(self, tenant: str, email: str, password: str) -> None: ...

    def free_slot(self, care: str, begin: datetime, end: datetime) -> tuple[datetime, UUID]:
        """The start and the practitioner of one that is free."""

    def book(self, care: str, start: datetime, practitioner: UUID, key: str) -> Appointment | Refusal: ...

    def reschedule(self, appointment: Appointment, start: datetime, key: str) -> Appointment: ...

    def cancel(self, appointment: Appointment) -> Appointment: ...


def plain(value: Any) -> str:
    """The text of an enumeration's member, or the text itself."""
    return str(getattr(value, "value", value))
