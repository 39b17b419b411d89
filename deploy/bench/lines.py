"""Queues with people who wait, written straight into the tables of a tenant: ids and tokens can be computed."""

import base64
import hashlib
import time
import uuid
from dataclasses import dataclass

from suite import database
from suite.people import Tenant

FINISHED = 20  # so many visits have ended in each line: as many as an expected wait is computed of
_NUMBERS = 100_000  # the id of a ticket is `queue * _NUMBERS + number`; the scripts for pgbench count with it too


@dataclass(frozen=True)
class Lines:
    """The lines of a group of queues. In each the first tickets are finished, the next one is called, the others wait."""

    tenant: Tenant
    group: int
    count: int
    waiting: int
    since: int  # when the first ticket joined, less a second, in seconds since 1970

    @classmethod
    def furnish(cls, tenant: Tenant, group: int, count: int, waiting: int) -> "Lines":
        lines = cls(tenant, group, count, waiting, int(time.time()) - 7200)
        database.execute(_FURNISH.format(
            group=group, last=count - 1, finished=FINISHED, called=lines.called, tickets=lines.called + waiting,
            slug=tenant.slug, numbers=_NUMBERS, since=lines.since), tenant.schema("queue"))
        return lines

    @property
    def called(self) -> int:
        """The number of the ticket that is called."""
        return FINISHED + 1

    @property
    def queues(self) -> list[str]:
        return [self.queue(number) for number in range(self.count)]

    def queue(self, number: int) -> str:
        return f"{self.group:08}-0000-7000-8000-{number:012}"

    def counter(self, number: int) -> str:
        return f"{self.group:08}-0000-7000-9000-{number:012}"

    def ticket(self, queue: int, number: int) -> str:
        return f"{self.group:08}-0000-7000-a000-{queue * _NUMBERS + number:012}"

    def token(self, queue: int, number: int) -> str:
        """The secret of a ticket."""
        secret = hashlib.sha256(self.ticket(queue, number).encode()).digest()[:24]
        content = base64.urlsafe_b64encode(uuid.UUID(self.queue(queue)).bytes + secret).rstrip(b"=").decode()
        return f"{self.tenant.slug}.{content}"

    def digest(self, queue: int, number: int) -> str:
        """What events say of the secret of a ticket."""
        digest = hashlib.sha256(self.token(queue, number).encode()).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    def shortest(self) -> int:
        """How many wait in the shortest line."""
        return database.value(
            "SELECT coalesce(min(waiting), 0) FROM (SELECT count(tickets.id) AS waiting FROM queues LEFT JOIN tickets"
            f" ON queue = queues.id AND status = 'waiting' WHERE queues.id::text LIKE '{self.group:08}-%'"
            " GROUP BY queues.id) AS lines", self.tenant.schema("queue"))


_FURNISH = """
INSERT INTO queues (id, name, number_prefix, number_digits, capacity, near_at, recall_limit, return_behind,
    accepts_other_tickets, is_open, day, last_number, line_version)
SELECT ('{group:08}-0000-7000-8000-' || lpad(q::text, 12, '0'))::uuid, 'Clinique ' || q, 'A', 3, 5000, 2, 3, 2, true, true,
    (now() AT TIME ZONE 'Africa/Algiers')::date, {tickets}, 1
FROM generate_series(0, {last}) AS q;

INSERT INTO counters (id, queue, label, is_in_service)
SELECT ('{group:08}-0000-7000-9000-' || lpad(q::text, 12, '0'))::uuid,
    ('{group:08}-0000-7000-8000-' || lpad(q::text, 12, '0'))::uuid, 'Cabinet 1', true
FROM generate_series(0, {last}) AS q;

INSERT INTO tickets (id, queue, day, number, token_digest, source, joined_at, status, place, priority, counter, called_at,
    last_called_at, recalls, ended_at, returns, is_near)
SELECT id, queue, (now() AT TIME ZONE 'Africa/Algiers')::date, n,
    sha256(convert_to('{slug}.' || translate(encode(decode(replace(queue::text, '-', ''), 'hex')
        || substring(sha256(convert_to(id::text, 'UTF8')) FOR 24), 'base64'), '+/=', '-_'), 'UTF8')),
    'code', joined_at, CASE WHEN n <= {finished} THEN 'finished' WHEN n = {called} THEN 'called' ELSE 'waiting' END,
    (extract(epoch FROM joined_at) * 1000)::bigint, 'normal', CASE WHEN n <= {called} THEN counter END,
    CASE WHEN n <= {called} THEN now() - make_interval(mins => {called} - n) END,
    CASE WHEN n <= {called} THEN now() - make_interval(mins => {called} - n) END, 0,
    CASE WHEN n <= {finished} THEN now() - make_interval(mins => {called} - n - 1) END, 0, n <= {called} + 3
FROM (
    SELECT n, to_timestamp({since} + n) AS joined_at,
        ('{group:08}-0000-7000-a000-' || lpad((q::bigint * {numbers} + n)::text, 12, '0'))::uuid AS id,
        ('{group:08}-0000-7000-8000-' || lpad(q::text, 12, '0'))::uuid AS queue,
        ('{group:08}-0000-7000-9000-' || lpad(q::text, 12, '0'))::uuid AS counter
    FROM generate_series(0, {last}) AS q, generate_series(1, {tickets}) AS n) AS made;

ANALYZE queues, counters, tickets
"""
