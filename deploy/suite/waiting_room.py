"""A queue of a clinic with its counters, and what patients and screens need to follow it."""

from dataclasses import dataclass
from typing import Any

from suite.people import Tenant, expect, fresh, key


@dataclass(frozen=True)
class WaitingRoom:
    tenant: Tenant
    queue: str
    # The ids of the counters.
    counters: list[str]

    @classmethod
    def open(cls, tenant: Tenant, counters: int = 2, **settings: Any) -> "WaitingRoom":
        """A new queue that is open and takes as many patients as any queue does."""
        body = {
            "settings": {"name": fresh("File"), "numberPrefix": "A", "capacity": 10_000, **settings},
            "counters": [f"Guichet {number}" for number in range(1, counters + 1)]}
        made = _manage(tenant, "POST", "/api/queues", body)
        room = cls(tenant, made["id"], [counter["id"] for counter in made["counters"]])
        room.manage("POST", f"{room.path}/open")
        return room

    @property
    def path(self) -> str:
        return f"/api/queues/{self.queue}"

    def join_token(self) -> str:
        """What the QR code at the door holds."""
        return expect(self.tenant.client.get(f"{self.path}/join-token", self.tenant.token()), 200)["token"]

    def join(self) -> dict:
        """A new ticket of a patient with a telephone."""
        body = {"token": self.join_token()}
        return expect(self.tenant.client.request("POST", "/api/queue/join", json_body=body, headers=key()), 201).json

    def call_next(self, counter: int = 0) -> dict | None:
        body = {"counter": self.counters[counter]}
        return self.manage("POST", f"{self.path}/call-next", body).get("ticket")

    def display(self) -> tuple[str, str]:
        """The id and the token of a new display of the queue."""
        client = self.tenant.client
        pairing = expect(client.request("POST", "/api/queue/displays/pairings"), 201).json
        body = {"code": pairing["code"], "name": fresh("Écran"), "queues": [self.queue]}
        id = self.manage("POST", "/api/queue/displays", body)["id"]
        claim = {"secret": pairing["secret"]}
        return id, expect(client.request("POST", "/api/queue/displays/pairings/token", json_body=claim), 200)["token"]

    def manage(self, method: str, path: str, body: dict | None = None) -> dict:
        """What the direction does."""
        return _manage(self.tenant, method, path, body)


def _manage(tenant: Tenant, method: str, path: str, body: dict | None = None) -> dict:
    answer = tenant.client.request(method, path, token=tenant.token("admin"), json_body=body, headers=key())
    return expect(answer, 200, 201).json
