"""Queue under load: patients who join, counters that call, and what the same SQL does without the service."""

import asyncio
import json
import ssl
import time
from dataclasses import dataclass

from websockets.asyncio.client import connect

from bench import load, sql
from bench.lines import Lines
from suite import database, stack
from suite.http import Client
from suite.people import Tenant, expect, key

QUEUES = 64
WAITING = 60
GROUP = 3  # that of the queues; the scripts for pgbench count with it too


class Counters:
    """A tenant whose lines are loaded through the gateway, and one for the same SQL."""

    def __init__(self, tenant: Tenant, twin: Tenant):
        self._tenant, self.lines = tenant, Lines.furnish(tenant, GROUP, QUEUES, WAITING)
        self._codes = [self._code(queue) for queue in self.lines.queues]
        sql.require_equivalence("joining.sql", "ORDER BY id FOR UPDATE", self._join_one)
        sql.require_equivalence("calling.sql", "ORDER BY id FOR UPDATE", self._call_one)
        self._twin = Lines.furnish(twin, GROUP, QUEUES, WAITING)
        self._schema = twin.schema("queue")
        self._variables = {"schema": f'"{self._schema}"', "clients": load.CLIENTS, "queues": QUEUES,
                           "day": database.value("SELECT day::text FROM queues LIMIT 1", self._schema), **self._model()}
        self._joined = self._called = 0  # transactions of each session

    def join(self, seconds: int) -> load.Load:
        return load.join(self._codes, seconds)

    def call(self, seconds: int) -> load.Load:
        return load.call(self.lines.queues, seconds, self._tenant.token())

    def join_by_sql(self, transactions: int) -> sql.Run:
        """So many for each session, rounded up so that all lines get the same number."""
        run = self._play("joining.sql", self._joined, transactions, last=self._twin.called + WAITING)
        self._joined += run.most
        return run

    def call_by_sql(self, transactions: int) -> sql.Run:
        last = self._twin.called + WAITING + self._joined * load.CLIENTS // QUEUES
        run = self._play("calling.sql", self._called, transactions, called=self._twin.called, last=last)
        self._called += run.most
        return run

    def require_waiting(self) -> None:
        """Raises if a line may have been empty: a call that finds no ticket costs less."""
        if min(self.lines.shortest(), self._twin.shortest()) < 5:
            raise RuntimeError("a line was empty, which measures nothing")

    def _play(self, script: str, done: int, transactions: int, **variables: int) -> sql.Run:
        turns = QUEUES // load.CLIENTS
        count = -(-transactions // turns) * turns
        # The scripts count before the first transaction.
        return sql.play(script, self._schema, self._variables | {"n": done - 1} | variables, "-t", str(count))

    def _code(self, queue: str) -> str:
        return expect(self._tenant.client.get(f"/api/queues/{queue}/join-token", self._tenant.token()), 200)["token"]

    def _join_one(self) -> None:
        expect(self._tenant.client.request(
            "POST", "/api/queue/join", json_body={"token": self._codes[0]}, headers=key()), 201)

    def _call_one(self) -> None:
        expect(self._tenant.client.request(
            "POST", f"/api/queues/{self.lines.queue(0)}/call-next", token=self._tenant.token(), json_body={},
            headers=key()), 200)

    def _model(self) -> dict[str, str]:
        """What the service has stored for the join and the call that were made."""
        schema = self._tenant.schema("queue")
        stored = {
            row["routing_key"].split(".")[3]: row for row in database.rows(
                "SELECT routing_key, body, headers FROM outbox WHERE aggregate LIKE 'line/%'", schema)}
        kept = database.rows("SELECT scope, body FROM idempotency_keys ORDER BY created_at DESC LIMIT 1", schema)[0]
        model = {"scope": kept["scope"], "answer": kept["body"], "staff": kept["scope"].split()[0],
                 "headers": stored["called"]["headers"], "joined": stored["joined"]["body"],
                 "joined_key": stored["joined"]["routing_key"],
                 "undo": database.value("SELECT undo_state FROM tickets WHERE undo_state IS NOT NULL LIMIT 1", schema)}
        for verb in ("finished", "called", "approached"):
            model |= {f"{verb}_event": stored[verb]["body"], f"{verb}_key": stored[verb]["routing_key"]}
        return model


@dataclass(frozen=True)
class Path:
    """Milliseconds from the request of a call, and from its answer, to the telephone; sorted."""

    from_request: list[float]
    from_answer: list[float]


def paths(lines: Lines, rate: int) -> Path:
    """Calls the next ticket of each line once, and waits for the telephone of its patient, all through the gateway."""
    return asyncio.run(_paths(lines, rate))


async def _paths(lines: Lines, rate: int) -> Path:
    trust = ssl.create_default_context(cafile=stack.AUTHORITY)
    address = f"{stack.GATEWAY.replace('https', 'wss', 1)}/ws"
    client, token = Client(), lines.tenant.token()
    heard: dict[int, int] = {}

    async def listen(queue: int, is_ready: asyncio.Event) -> None:
        async with connect(address, ssl=trust) as socket:
            room = f"patient:{lines.token(queue, lines.called + 1)}"
            await socket.send(json.dumps({"type": "join", "room": room}))
            async for message in socket:
                event = json.loads(message)["type"]
                if event == "joined":
                    is_ready.set()
                if event == "patient:called":
                    heard[queue] = time.monotonic_ns()
                    return

    def call(queue: int) -> tuple[int, int]:
        begin = time.monotonic_ns()
        expect(client.request(
            "POST", f"/api/queues/{lines.queue(queue)}/call-next", token=token, json_body={}, headers=key()), 200)
        return begin, time.monotonic_ns()

    ready = [asyncio.Event() for _ in range(lines.count)]
    listening = [asyncio.create_task(listen(queue, ready[queue])) for queue in range(lines.count)]
    await asyncio.wait_for(asyncio.gather(*(event.wait() for event in ready)), 60)
    start, called = time.monotonic(), []
    for queue in range(lines.count):
        await asyncio.sleep(max(0.0, start + queue / rate - time.monotonic()))
        called.append(await asyncio.to_thread(call, queue))
    await asyncio.wait_for(asyncio.gather(*listening), 30)
    return Path(*(sorted((heard[queue] - called[queue][which]) / 1e6 for queue in range(lines.count)) for which in (0, 1)))
