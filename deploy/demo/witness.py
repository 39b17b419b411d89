"""What PostgreSQL says beside the API: it is asked as a witness, never for what the demo does."""


class Witness:
    """Reads the schema that one service keeps for one clinic."""

    def __init__(self, installation, clinic, service="booking"):
        self._installation, self._database = installation, clinic.database
        self._schema = f'"{service}_{clinic.slug}"'

    def _rows(self, statement):
        return self._installation.sql(self._database, f"SET search_path = {self._schema}; {statement}")

    def overlaps(self):
        """Pairs of live appointments that take one resource at one time, buffers included; counted without the
        constraint that is to prevent them."""
        return int(self._rows("""
            WITH taken AS (
                SELECT id, unnest(ARRAY[practitioner, room]) AS resource, tstzrange(blocked_from, blocked_to) AS during
                FROM appointments WHERE status NOT IN ('held', 'expired', 'cancelled'))
            SELECT count(*) FROM taken AS one JOIN taken AS other USING (resource)
            WHERE one.id < other.id AND one.during && other.during""")[0][0])

    def commits(self):
        """When the last change of each appointment was committed, in seconds since 1970."""
        rows = self._rows("""
            SELECT id, extract(epoch FROM pg_xact_commit_timestamp(xmin)) FROM appointments
            WHERE pg_xact_commit_timestamp(xmin) IS NOT NULL""")
        return {id: float(seconds) for id, seconds in rows}

    def last_event(self):
        """Where the outbox ends now."""
        return int(self._rows("SELECT coalesce(max(position), 0) FROM outbox")[0][0])

    def events_since(self, position):
        """The ids of the events written since, as the events themselves say them."""
        rows = self._rows(f"SELECT body::json ->> 'id' FROM outbox WHERE position > {int(position)}")
        return [row[0] for row in rows]

    def has_published_all(self):
        return self._rows("SELECT count(*) FROM outbox WHERE published_at IS NULL") == [["0"]]
