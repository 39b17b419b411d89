"""The same SQL without the services: pgbench, on the same server, with the statements that a service sends."""

import re
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import place
from bench.load import CLIENTS, FOLDER, THREADS
from bench.place import Place
from suite import database, stack
from suite.people import Tenant

# pgbench prepares a script's statements with the first one, which for that must not be in a pipeline. There is no
# search path yet then: a session gets one from its options.
_PRELUDE = "\\if :is_prepared = 0\nSELECT;\n\\set is_prepared 1\n\\endif\n"
_VALUE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_LOGGED = re.compile(r"^\S+ \S+ \S+ \[(\d+)\] \S+ LOG: [^\n]* execute \w+: (.*?)(?=^\d{4}-\d\d-\d\d |\Z)", re.M | re.S)


@dataclass(frozen=True)
class Run:
    """What pgbench gave; times are in milliseconds."""

    rate: float
    p50: float
    p99: float
    most: int  # transactions of one session


def play(script: str, schema: str, variables: dict[str, Any], *extent: str) -> Run:
    """Plays a script in 32 sessions. `extent` says for how long, as an option of pgbench."""
    connection, environment = database.connection("main")
    definitions = [f"-D{name}={value}" for name, value in (variables | {"is_prepared": 0}).items()]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, script)
        file.write_text(_PRELUDE + _VALUE.sub(r"\1", (FOLDER / script).read_text()))
        done = subprocess.run(
            ["pgbench", *connection, "-n", "-M", "prepared", "-c", str(CLIENTS), "-j", str(THREADS),
             *extent, "-f", file, "-l", "--log-prefix", f"{folder}/log", *definitions],
            env=environment | {"PGOPTIONS": f'-c search_path="{schema}"'}, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"pgbench: {done.stderr[-2000:]}")
        # One line a transaction: session, its number there, microseconds, and more.
        lines = [line.split() for log in Path(folder).glob("log*") for line in log.open()]
    times = sorted(int(line[2]) / 1000 for line in lines)
    rate = float(re.search(r"^tps = ([\d.]+) \(without", done.stdout, re.MULTILINE)[1])
    most = max(int(line[1]) for line in lines)
    return Run(rate, times[len(times) // 2], times[len(times) * 99 // 100], most)


class Twin:
    """A tenant that pgbench books in, as if it were a service."""

    def __init__(self, tenant: Tenant, model: Place):
        """`model` has bookings already: what is stored here has the size of what is stored there."""
        self._schema = tenant.schema("booking")
        newest = database.rows(
            "SELECT routing_key, body, headers FROM outbox WHERE aggregate LIKE 'appointment/%' ORDER BY position DESC LIMIT 1",
            model.schema)[0]
        kept = database.rows(
            "SELECT scope, body FROM idempotency_keys ORDER BY created_at DESC LIMIT 1", model.schema)[0]
        self._variables = {
            "schema": f'"{self._schema}"', "first": model.first, "step": place.STEP, "slots": place.SLOTS,
            "practitioners": place.PRACTITIONERS, "care": place.CARE, "clients": CLIENTS, "owner": kept["scope"].split()[0],
            "scope": kept["scope"], "answer": kept["body"], "event": newest["body"],
            "headers": newest["headers"], "routing_key": newest["routing_key"],
            "calendar": database.value("SELECT version FROM calendar", self._schema),
            "contact": database.value("SELECT contact::text FROM patients LIMIT 1", model.schema),
        }
        self._done = 0

    def book(self, seconds: int) -> Run:
        """As many bookings as 32 sessions can do."""
        run = play("booking.sql", self._schema, self._variables | {"n": self._done}, "-T", str(seconds))
        self._done += run.most
        return run


def transactions(seconds: int) -> float:
    """How many transactions a second end on the main server."""
    def count() -> int:
        return database.value("SELECT sum(xact_commit + xact_rollback)::bigint FROM pg_stat_database")

    before = count()
    time.sleep(seconds)
    return (count() - before) / seconds


def require_equivalence(script: str, mark: str, send_once: Callable[[], object]) -> None:
    """Raises unless the script's statements are those that the service sends for what is done now: the transactions with a
    statement that contains `mark`."""
    sent, scripted = _sent(mark, send_once), _scripted(script)
    if sent != scripted:
        pairs = [f"  service: {ours}\n  script:  {theirs}" for ours, theirs in zip(sent, scripted) if ours != theirs]
        raise RuntimeError(f"{script} is not what the service sends ({len(sent)} and {len(scripted)} statements):\n"
                           + "\n".join(pairs))


def _scripted(script: str) -> list[str]:
    sql = "\n".join(line for line in (FOLDER / script).read_text().splitlines() if not line.startswith(("--", "\\")))
    return [_one_line(_VALUE.sub("?", text)) for text in sql.split(";") if text.strip()]


def _sent(mark: str, send_once: Callable[[], object]) -> list[str]:
    """The server is asked to log every statement meanwhile."""
    log = stack.LOGS / "postgres-main.log"
    begin = log.stat().st_size
    _configure("SET log_min_duration_statement = 0")
    try:
        send_once()
        time.sleep(0.5)
    finally:
        _configure("RESET log_min_duration_statement")
    sessions: dict[str, list[list[str]]] = {}
    for session, text in _LOGGED.findall(log.read_bytes()[begin:].decode()):
        transactions = sessions.setdefault(session, [])
        # The search path is the first statement of each transaction, or the second one after BEGIN.
        is_begun = bool(transactions) and transactions[-1] == ["BEGIN"]
        if text.strip() == "BEGIN" or "set_config('search_path'" in text and not is_begun or not transactions:
            transactions.append([])
        transactions[-1].append(_one_line(re.sub(r"\$\d+", "?", text)))
    marked = [transaction for transactions in sessions.values() for transaction in transactions
              if any(mark in statement for statement in transaction)]
    # Reading comes before writing, whichever sessions did it.
    marked.sort(key=lambda transaction: any("INSERT" in statement for statement in transaction))
    return [statement for transaction in marked for statement in transaction]


def _configure(change: str) -> None:
    database.execute(f"ALTER SYSTEM {change}")
    database.execute("SELECT pg_reload_conf()")
    time.sleep(0.3)


def _one_line(statement: str) -> str:
    """Spaces and line ends, which differ, mean nothing."""
    return re.sub(r"\s*([(),])\s*", r"\1", " ".join(statement.split()))
