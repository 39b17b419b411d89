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
