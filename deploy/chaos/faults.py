"""What is done to the processes, and how long the suite takes to be whole again."""

import random
import re
import time
import urllib.request
from dataclasses import dataclass
from urllib.error import URLError

from chaos.journal import Journal
from suite import stack

WHOLE_WITHIN_SECONDS = 60
# A pause is longer than an absence: it shall outlast what clients and health checks wait for.
PAUSE_FACTOR = 3


@dataclass(frozen=True)
class Fault:
    process: str
    # A paused process keeps its connections and answers nobody.
    is_pause: bool = False

    def __str__(self) -> str:
        return f"{'SIGSTOP' if self.is_pause else 'kill -9'} {self.process}"

    def begin(self) -> None:
        stack.act("pause" if self.is_pause else "kill", self.process)

    def end(self) -> None:
        stack.act("cont" if self.is_pause else "start", self.process)


@dataclass(frozen=True)
class Recovery:
    fault: Fault
    # From the end of the fault to the first moment when every replica is ready, the gateway sees it, and work succeeds.
    seconds: float
    # The longest time without any success, from the fault to then.
    silence: float
    is_whole: bool


def round_of_faults(chance: random.Random) -> list[Fault]:
    """Each process once, in an order of its own. Redis is left out: no service uses it."""
    replicas = [f"{service}-{n}" for service in stack.services() for n in range(1, len(stack.replicas(service)) + 1)]
    faults = [Fault(process) for process in [*replicas, "postgres-main", "rabbitmq", "gateway"]]
    faults.append(Fault(chance.choice([name for name in replicas if name.startswith("booking")]), is_pause=True))
    chance.shuffle(faults)
    return faults


def inflict(fault: Fault, journal: Journal, seconds: float) -> Recovery:
    begun = time.monotonic()
    fault.begin()
    time.sleep(seconds * PAUSE_FACTOR if fault.is_pause else seconds)
    restarted = time.monotonic()
    fault.end()
    while not (whole := _is_whole(journal, restarted)) and time.monotonic() < restarted + WHOLE_WITHIN_SECONDS:
        time.sleep(0.05)
    now = time.monotonic()
    return Recovery(fault, now - restarted, journal.longest_silence(begun, now), whole)


def _is_whole(journal: Journal, since: float) -> bool:
    return journal.acknowledged_at[-1:] > [since] and everything_is_ready()


def everything_is_ready() -> bool:
    """Every replica says so, and the gateway sends requests to each of them."""
    addresses = [address for service in stack.services() for address in stack.replicas(service)]
    try:
        for address in addresses:
            urllib.request.urlopen(f"{address}/readyz", timeout=1).close()
        with urllib.request.urlopen(stack.ENVIRONMENT["GUICHET_GATEWAY_METRICS_URL"], timeout=1) as metrics:
            seen = re.findall(r'^haproxy_server_status\{.*state="UP"\} 1$', metrics.read().decode(), re.MULTILINE)
    except (URLError, OSError):
        return False
    return len(seen) == len(addresses)
