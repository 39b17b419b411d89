"""Where a text is stored: in any table of any service, in Redis, and in the queues of the broker."""

import json
from dataclasses import dataclass
from urllib.parse import quote

from suite import cache, database, stack

# Returns a row for each column of each row that has one of the needles, of all tables of all schemas. Bytes are compared
# as hexadecimal digits, everything else as text.
_WALK = r"""
CREATE FUNCTION pg_temp.walk(needles text[]) RETURNS TABLE (place text, needle text) LANGUAGE plpgsql AS $walk$
DECLARE
    found record;
    pattern text := array_to_string(needles, '|');
BEGIN
    FOR found IN
        SELECT table_schema, table_name FROM information_schema.tables
        WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')
    LOOP
        RETURN QUERY EXECUTE format(
            'SELECT DISTINCT %L || ''.'' || %L || ''.'' || member.key, hit[1]
            FROM %I.%I AS line, jsonb_each_text(to_jsonb(line)) AS member, regexp_matches(member.value, $1, ''gi'') AS hit
            WHERE line::text ~* $1', found.table_schema, found.table_name, found.table_schema, found.table_name)
        USING '(' || pattern || ')';
    END LOOP;
END $walk$;
SELECT coalesce(json_agg(found), '[]') FROM pg_temp.walk(ARRAY[{needles}]) AS found
"""


@dataclass(frozen=True, order=True)
class Trace:
    """A place, such as `booking.patients.contact`, and what was found there."""

    place: str
    needle: str


class Needles:
    """Texts to look for, each under a name for what it is."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def add(self, name: str, text: str) -> None:
        """A text, which may also be stored as bytes."""
        self._names[text.lower()] = name
        self._names[text.encode().hex()] = name

    def add_bytes(self, name: str, hexadecimal: str) -> None:
        """Bytes as PostgreSQL writes them, `\\x12ab`."""
        self._names[hexadecimal.removeprefix(r"\x").lower()] = name

    def find(self) -> set[Trace]:
        """Every place in which one of the texts is stored, as `<service>.<table>.<column>` without the tenant's name."""
        return self._in_tables("main") | self._in_tables("second") | self._in_cache() | self._in_queues()

    def _in_tables(self, server: str) -> set[Trace]:
        escaped = ("".join(f"\\{it}" if it in r".+*?()[]{}|^$\\" else it for it in text) for text in self._names)
        needles = ", ".join("'" + text.replace("'", "''") + "'" for text in escaped)
        rows = json.loads(database.script(_WALK.format(needles=needles), server))
        return {Trace(_without_tenant(row["place"]), self._names[row["needle"].lower()]) for row in rows}

    def _in_cache(self) -> set[Trace]:
        return {
            Trace("redis", name) for entry, value in cache.entries("").items() for text, name in self._names.items()
            if text in f"{entry} {value}".lower()}

    def _in_queues(self) -> set[Trace]:
        """Reads the queues and puts everything back."""
        found = set()
        for queue in stack.broker_api("queues/guichet"):
            if queue.get("arguments", {}).get("x-single-active-consumer") or queue.get("exclusive"):
                # Only its consumer may read it: it has to be empty.
                found |= {Trace(queue["name"], "a message")} if queue.get("messages") else set()
                continue
            request = {"count": 20_000, "ackmode": "ack_requeue_true", "encoding": "auto"}
            path = f"queues/guichet/{quote(queue['name'], safe='')}/get"
            for message in stack.broker_api(path, request):
                content = json.dumps(message, ensure_ascii=False).lower()
                found |= {Trace(queue["name"], name) for text, name in self._names.items() if text in content}
        return found


def _without_tenant(place: str) -> str:
    schema, _, rest = place.partition(".")
    return f"{schema.partition('_')[0]}.{rest}"
