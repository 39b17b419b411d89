"""The processes of the suite, as the kernel sees them: memory, and processor time while something happens."""

import os
import re
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from suite import stack

_SERVERS = stack.ROOT.joinpath(".local").resolve() / "servers"
_TICKS = os.sysconf("SC_CLK_TCK")


def replicas() -> list[str]:
    """`booking-1` and so on."""
    return [f"{service}-{number}" for service in stack.services()
            for number in range(1, len(stack.replicas(service)) + 1)]


def memory(replica: str) -> tuple[float, float]:
    """Resident and proportional size in MiB. What processes share counts whole in the first, by shares in the second."""
    (process,) = _processes(replica)
    rollup = (process / "smaps_rollup").read_text()
    resident, proportional = (int(re.search(rf"^{name}: +(\d+)", rollup, re.M)[1]) / 1024 for name in ("Rss", "Pss"))
    return resident, proportional


def resident(replica: str) -> float:
    """Resident size in bytes."""
    (process,) = _processes(replica)
    return int(re.search(r"^VmRSS:\s+(\d+)", (process / "status").read_text(), re.M)[1]) * 1024


def computed(replica: str) -> float:
    """The seconds of processor time that one replica has taken since its start."""
    (process,) = _processes(replica)
    return computed_by(process)


def computed_by(process: Path) -> float:
    """The same of a process, given as its folder in /proc."""
    fields = (process / "stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def start_up(replica: str) -> float:
    """Stops a replica and starts it again; the seconds until it is ready."""
    stack.act("stop", replica)
    begin = time.monotonic()
    stack.act("start", replica)
    return time.monotonic() - begin


def tenants(service: str) -> int:
    """How many tenants each replica of a service serves at least."""
    return min(_metric(f"{address}/metrics", "guichet_tenants_ready") for address in stack.replicas(service))


@contextmanager
def without(server: str) -> Iterator[None]:
    """Runs the block while a server is away."""
    stack.act("kill", server)
    try:
        yield
    finally:
        stack.act("start", server)


@contextmanager
def processor_time() -> Iterator[Counter[str]]:
    """The seconds that the parts of the suite compute in the block, known at its end."""
    spent: Counter[str] = Counter()
    before = _computed()
    yield spent
    spent.update({name: seconds - before[name] for name, seconds in _computed().items()})


def rest(seconds: int = 120) -> None:
    """Until the servers have little left to do: PostgreSQL cleans up behind what was measured, which takes its time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with processor_time() as spent:
            time.sleep(2)
        if sum(spent.values()) < 0.6:  # 30 % of one core
            return


def _computed() -> Counter[str]:
    """Seconds of processor time by part, replicas and sessions together."""
    parts: Counter[str] = Counter()
    for folder in _SERVERS.iterdir():
        for process in _processes(folder.name):
            try:
                parts[re.sub(r"-(\d+|main|second)$", "", folder.name)] += computed_by(process)
            except FileNotFoundError:
                continue  # it ended; sessions of PostgreSQL come and go
    return parts


def _processes(server: str) -> list[Path]:
    """A server's processes are those that work in its folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if Path(os.readlink(process / "cwd")) == _SERVERS / server:
                found.append(process)
        except (FileNotFoundError, PermissionError, ProcessLookupError):
            continue
    return found


def _metric(address: str, name: str) -> int:
    with urllib.request.urlopen(address, timeout=10) as reply:
        return int(float(re.search(rf"^{name} (\S+)", reply.read().decode(), re.M)[1]))
