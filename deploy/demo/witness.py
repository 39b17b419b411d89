"""What PostgreSQL says beside the API: a witness, never used for what the demo does."""

from demo.people import Clinic
from suite import database


class Witness:
    """Reads the schema that one service keeps for one clinic."""

    def __init__(self, clinic: Clinic, service: str = "booking"):
        self._place = {"schema": f"{service}_{clinic.slug}", "server": clinic.database}

    def overlaps(self) -> int:
        """Pairs of live appointments that take one resource at one time, buffers included; counted without the
        constraint that prevents them."""
        return database.value("""
            WITH taken AS (
                SELECT id, unnest(ARRAY[practitioner, room]) AS resource, tstzrange(blocked_from, blocked_to) AS during
                FROM appointments WHERE status NOT IN ('held', 'expired', 'cancelled'))
            SELECT count(*) FROM taken AS one JOIN taken AS other USING (resource)
            WHERE one.id < other.id AND one.during && other.during""", **self._place)

    def commits(self) -> dict[str, float]:
        """When the last change of each appointment was committed, in seconds since 1970."""
        rows = database.rows("""
            SELECT id, extract(epoch FROM pg_xact_commit_timestamp(xmin))::float8 AS moment FROM appointments
            WHERE pg_xact_commit_timestamp(xmin) IS NOT NULL""", **self._place)
        return {row["id"]: row["moment"] for row in rows}

    def last_event(self) -> int:
        """Where the outbox ends now."""
        return database.value("SELECT coalesce(max(position), 0) FROM outbox", **self._place)

    def events_since(self, position: int) -> list[str]:
        """The ids of the events written since, as the events themselves say them."""
        rows = database.rows(f"SELECT body::json ->> 'id' AS id FROM outbox WHERE position > {position}", **self._place)
        return [row["id"] for row in rows]

    def has_published_all(self) -> bool:
        return database.value("SELECT count(*) FROM outbox WHERE published_at IS NULL", **self._place) == 0

    def line(self, queue: str) -> dict:
        """The last eight calls of a queue and their counters, the newest first; how many tickets wait, and the next."""
        calls = database.rows(f"""
            SELECT {_SHOWN} AS number, counters.label FROM {_TICKETS} LEFT JOIN counters ON counters.id = counter
            WHERE tickets.queue = '{queue}' AND last_called_at IS NOT NULL ORDER BY last_called_at DESC LIMIT 8""",
            **self._place)
        waiting = database.rows(f"""
            SELECT {_SHOWN} AS number FROM {_TICKETS}
            WHERE tickets.queue = '{queue}' AND status = 'waiting' ORDER BY place, tickets.id""", **self._place)
        return {"calls": [(call["number"], call["label"]) for call in calls], "waiting": len(waiting),
                "next": waiting[0]["number"] if waiting else None}

    def calls(self, tickets: list[str]) -> list[str]:
        """The tickets of all calls of these tickets, as the log of the line has them."""
        rows = database.rows(f"""
            SELECT ticket FROM line_transitions WHERE verb = 'called' AND ticket IN ({_list(tickets)})
            ORDER BY version""", **self._place)
        return [row["ticket"] for row in rows]

    def order(self, tickets: list[str]) -> list[str]:
        """These tickets in the order of their places."""
        rows = database.rows(f"SELECT id FROM tickets WHERE id IN ({_list(tickets)}) ORDER BY place, id", **self._place)
        return [row["id"] for row in rows]


_TICKETS = "tickets JOIN queues ON queues.id = tickets.queue"
# A number as it is shown.
_SHOWN = "number_prefix || lpad(number::text, greatest(number_digits, length(number::text)), '0')"


def _list(ids: list[str]) -> str:
    return ", ".join(f"'{id}'" for id in ids)
