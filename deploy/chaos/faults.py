"""What is done to the processes, and how long the suite takes to be whole again."""

import random
import re
import time
import urllib.request
from abc import ABC, abstractmethod
from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime, timezone
from urllib.error import URLError

from chaos.journal import Journal
from suite import database, stack
from suite.disk import SmallDisk
from suite.people import Tenant

WHOLE_WITHIN_SECONDS = 180
# A pause is longer than an absence: it shall outlast what clients and health checks wait for.
PAUSE_FACTOR = 3
# Longer than every timeout: of requests, of the gateway, of sessions, of the broker's heartbeats.
FREEZE_FACTOR = 7
# A change is on its way to those who search through these.
PUBLICATION_NEEDS = ("booking", "availability", "postgres-main", "rabbitmq")


class Fault(ABC):
    # How much longer than a usual one it lasts.
    factor = 1
    # The versions of appointments that Availability never received because of it.
    lost: Set[tuple[str, int]] = frozenset()

    @property
    @abstractmethod
    def stops_publication(self) -> bool:
        """Whether what changes while it lasts may be seen only afterwards."""

    @abstractmethod
    def begin(self) -> None: ...

    @abstractmethod
    def end(self) -> None: ...


@dataclass(frozen=True)
class Death(Fault):
    process: str

    def __str__(self) -> str:
        return f"kill -9 {self.process}"

    @property
    def stops_publication(self) -> bool:
        return self.process.startswith(PUBLICATION_NEEDS)

    def begin(self) -> None:
        stack.act("kill", self.process)

    def end(self) -> None:
        stack.act("start", self.process)


@dataclass(frozen=True)
class Pause(Fault):
    """The process keeps its connections and does not answer."""

    process: str
    factor = PAUSE_FACTOR

    def __str__(self) -> str:
        return f"SIGSTOP {self.process}"

    @property
    def stops_publication(self) -> bool:
        return self.process.startswith(PUBLICATION_NEEDS)

    def begin(self) -> None:
        stack.act("pause", self.process)

    def end(self) -> None:
        stack.act("cont", self.process)


@dataclass(frozen=True)
class Freeze(Pause):
    """A pause that outlasts whatever others grant the process."""

    factor = FREEZE_FACTOR

    def __str__(self) -> str:
        return f"long SIGSTOP {self.process}"


@dataclass(frozen=True)
class WrongClock(Fault):
    """The replica runs on a machine whose clock is ahead or behind."""

    process: str
    seconds: int
    factor = PAUSE_FACTOR

    def __str__(self) -> str:
        return f"clock {self.seconds:+} s {self.process}"

    @property
    def stops_publication(self) -> bool:
        # It is restarted.
        return self.process.startswith(PUBLICATION_NEEDS)

    def begin(self) -> None:
        stack.act("stop", self.process)
        stack.act("start", self.process, f"{self.seconds:+}s")

    def end(self) -> None:
        stack.act("stop", self.process)
        stack.act("start", self.process)


@dataclass(frozen=True)
class FullDisk(Fault):
    """Nothing more can be stored of the tenants whose tables lie on the disk."""

    disk: SmallDisk

    def __str__(self) -> str:
        return f"full disk of {self.disk.server}"

    @property
    def stops_publication(self) -> bool:
        return self.disk.server == "main"

    def begin(self) -> None:
        self.disk.fill()

    def end(self) -> None:
        self.disk.free()


@dataclass(frozen=True)
class ReadOnly(Fault):
    """A server of PostgreSQL takes no writes, as one that was demoted."""

    server: str

    def __str__(self) -> str:
        return f"read-only {self.server}"

    @property
    def stops_publication(self) -> bool:
        return self.server == "main"

    def begin(self) -> None:
        self._set("ALTER SYSTEM SET default_transaction_read_only = on")

    def end(self) -> None:
        self._set("ALTER SYSTEM RESET default_transaction_read_only")

    def _set(self, statement: str) -> None:
        for each in (statement, "SELECT pg_reload_conf()"):
            database.execute(each, server=self.server)


@dataclass(frozen=True)
class Recovery:
    fault: Fault
    # When the fault began, and the first moment after it when every replica is ready, the gateway sees it, Redis is
    # believed, work succeeds, and what had piled up until then has come to Availability.
    begun: float
    whole: float
    # From the end of the fault to then.
    seconds: float
    # The longest time without any success, from the fault to then.
    silence: float
    is_whole: bool


def frozen_and_late(chance: random.Random) -> list[Fault]:
    """One replica of each service freezes for longer than every timeout, and one has a wrong clock: more wrong than tokens
    tolerate, when it must be left alone, or less, when it serves."""
    faults: list[Fault] = []
    for service in stack.services():
        replicas = [f"{service}-{n}" for n in range(1, len(stack.replicas(service)) + 1)]
        faults.append(Freeze(chance.choice(replicas)))
        faults.append(WrongClock(chance.choice(replicas), chance.choice((-90, -6, 6, 90))))
    return faults


def deaths(chance: random.Random) -> list[Fault]:
    """Each process dies once, one replica of a service and Redis freeze, in random order."""
    replicas = [f"{service}-{n}" for service in stack.services() for n in range(1, len(stack.replicas(service)) + 1)]
    booking = [name for name in replicas if name.startswith("booking")]
    faults = [Death(process) for process in [*replicas, "postgres-main", "rabbitmq", "redis", "gateway"]]
    faults += [Pause(chance.choice(booking)), Pause("redis")]
    chance.shuffle(faults)
    return faults


def outages(disks: list[SmallDisk]) -> list[Fault]:
    """Each disk is full once, and each server of PostgreSQL takes no writes once."""
    return [*(FullDisk(disk) for disk in disks), ReadOnly("main"), ReadOnly("second")]


def inflict(fault: Fault, journal: Journal, tenant: Tenant, seconds: float) -> Recovery:
    begun = time.monotonic()
    fault.begin()
    time.sleep(seconds * fault.factor)
    restarted = time.monotonic()
    fault.end()
    deadline = restarted + WHOLE_WITHIN_SECONDS
    while not (whole := _is_whole(journal, restarted)) and time.monotonic() < deadline:
        time.sleep(0.05)
    up = datetime.now(timezone.utc)
    while whole and (piled := piled_up(tenant, up)) - fault.lost and time.monotonic() < deadline:
        time.sleep(0.2)
    now = time.monotonic()
    is_whole = whole and not piled - fault.lost
    return Recovery(fault, begun, now, now - restarted, journal.longest_silence(begun, now), is_whole)


def _is_whole(journal: Journal, since: float) -> bool:
    return journal.acknowledged_at[-1:] > [since] and everything_is_ready() and redis_is_believed()


def piled_up(tenant: Tenant, until: datetime) -> set[tuple[str, int]]:
    """The versions of appointments from before that moment which Availability has not heard of, nor of a later one: neither
    by an event nor, when that got lost, by a report."""
    rows = database.rows(
        f"""
        SELECT split_part(written.aggregate, '/', 2) AS appointment, written.version
        FROM "{tenant.schema('booking')}".outbox AS written LEFT JOIN "{tenant.schema('availability')}".inbox AS heard
                ON heard.aggregate = written.aggregate AND heard.version >= written.version
            LEFT JOIN "{tenant.schema('availability')}".placements AS reported
                ON reported.appointment::text = split_part(written.aggregate, '/', 2) AND reported.version >= written.version
        WHERE written.aggregate LIKE 'appointment/%' AND written.created_at < '{until.isoformat()}'
            AND heard.aggregate IS NULL AND reported.appointment IS NULL
        """)
    return {(row["appointment"], row["version"]) for row in rows}


def everything_is_ready() -> bool:
    """Every replica says so, and the gateway sends requests to each of them."""
    addresses = [address for service in stack.services() for address in stack.replicas(service)]
    try:
        for address in addresses:
            _get(f"{address}/readyz")
        seen = re.findall(
            r'^haproxy_server_status\{.*state="UP"\} 1$', _get(stack.ENVIRONMENT["GUICHET_GATEWAY_METRICS_URL"]),
            re.MULTILINE)
    except (URLError, OSError):
        return False
    return len(seen) == len(addresses)


def redis_is_believed() -> bool:
    """No replica of Availability reads the database in its place."""
    try:
        return all(
            "\nguichet_publication_degraded 0\n" in _get(f"{address}/metrics")
            for address in stack.replicas("availability"))
    except (URLError, OSError):
        return False


def _get(address: str) -> str:
    with urllib.request.urlopen(address, timeout=1) as answer:
        return answer.read().decode()
