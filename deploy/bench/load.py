"""Load on the gateway, by wrk: over TLS, on connections that stay open."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from bench import place
from bench.place import Place
from suite import stack
from suite.people import fresh

FOLDER = Path(__file__).resolve().parent
CLIENTS, THREADS = 32, 2


@dataclass(frozen=True)
class Load:
    """What one load gave. Times are in milliseconds: at a fixed rate from the moment at which a request was due, else from
    the moment at which it was sent."""

    requests: int
    seconds: float
    refused: int
    broken: int
    p50: float
    p95: float
    p99: float

    @property
    def rate(self) -> float:
        return (self.requests - self.refused) / self.seconds


def get(path: str | list[str], seconds: int, token: str = "", rate: int = 0) -> Load:
    """Asks for one thing, or for several in turn, `rate` times a second, or as often as it is answered when that is 0."""
    paths = [path] if isinstance(path, str) else path
    return _finish(_start(paths[0], "get.lua", seconds, token, rate, PATHS=" ".join(paths)))


def book(clinic: Place, seconds: int, rate: int = 0, clients: int = CLIENTS) -> Load:
    """Books slots that are free."""
    load = _finish(_start(
        "/", "book.lua", seconds, clinic.tenant.token(), rate, clients, FROM=clinic.booked, FIRST=clinic.first,
        STEP=place.STEP, CARE=place.CARE, SLOTS=place.SLOTS, PRACTITIONERS=",".join(clinic.practitioners)))
    # The threads count each for themselves, and one may be ahead of the other.
    clinic.booked += 2 * load.requests
    return load


def join(codes: list[str], seconds: int) -> Load:
    """Joins the lines behind these codes in turn."""
    return _finish(_start("/", "join.lua", seconds, "", 0, CODES=" ".join(codes), RUN=fresh("run")))


def call(queues: list[str], seconds: int, token: str) -> Load:
    """Calls the next ticket of these queues in turn."""
    return _finish(_start("/", "call.lua", seconds, token, 0, QUEUES=" ".join(queues), RUN=fresh("run")))


def _start(
        path: str, script: str, seconds: int, token: str, rate: int, clients: int = CLIENTS,
        **variables: object) -> subprocess.Popen:
    # At a fixed rate each connection has a thread of its own, which knows when its request was due.
    threads = clients if rate else min(THREADS, clients)
    variables |= {"THREADS": threads, "RATE": rate, "TOKEN": token}
    return subprocess.Popen(
        ["wrk", "-t", str(threads), "-c", str(clients), "-d", f"{seconds}s", "-s", script, stack.GATEWAY + path],
        cwd=FOLDER, env=os.environ | {f"BENCH_{name}": str(value) for name, value in variables.items()},
        stdout=subprocess.PIPE, text=True)


def _finish(wrk: subprocess.Popen) -> Load:
    output, _ = wrk.communicate()
    result = next((line for line in output.splitlines() if line.startswith("RESULT ")), None)
    if result is None:
        raise RuntimeError(f"wrk: {output}")
    load = Load(**json.loads(result.removeprefix("RESULT ")))
    if load.refused + load.broken > load.requests / 100:
        raise RuntimeError(f"more than 1 % were refused or broken, which measures nothing: {load}")
    return load
