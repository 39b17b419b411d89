"""A waiting line: patients join by the code at the door, staff call them."""

from dataclasses import dataclass
from typing import Any

from suite.people import Tenant, expect, fresh, key


@dataclass
class Reception:
    """An open queue with one counter."""

    tenant: Tenant
    queue: str
    counter: str

    @classmethod
    def open(cls, tenant: Tenant, counter: str = "Cabinet 1", **settings: Any) -> "Reception":
        body = {"settings": {"name": fresh("Accueil"), **settings}, "counters": [counter]}
        made = cls(tenant, "", "").ask("POST", "/api/queues", body, role="admin")
        line = cls(tenant, made["id"], made["counters"][0]["id"])
        line.ask("POST", f"{line.path}/open")
        return line

    @property
    def path(self) -> str:
        return f"/api/queues/{self.queue}"

    def ask(self, method: str, path: str, body: Any = None, role: str = "staff") -> dict:
        answer = self.tenant.client.request(
            method, path, token=self.tenant.token(role), json_body=body, headers=key() if method == "POST" else {})
        return expect(answer, 200, 201).json

    def code(self) -> str:
        """What the QR code at the door says."""
        return self.ask("GET", f"{self.path}/join-token")["token"]

    def join(self, name: str | None = None, **wishes: str) -> dict:
        """A new ticket, with its secret `patientToken`. The client has no account."""
        body = {"token": self.code(), **({"name": name} if name else {}), **wishes}
        return expect(self.tenant.client.request("POST", "/api/queue/join", json_body=body, headers=key()), 201).json

    def ticket(self, number: str) -> str:
        """The id of the ticket with this number."""
        return next(it["id"] for it in self.ask("GET", f"{self.path}/tickets")["items"] if it["ticketNumber"] == number)

    def call_next(self) -> dict:
        return self.ask("POST", f"{self.path}/call-next", {"counter": self.counter})["ticket"]

    def act(self, verb: str, ticket: str, body: Any = None) -> dict:
        """What staff do with a ticket, for example `finish`."""
        return self.ask("POST", f"/api/tickets/{ticket}/{verb}", body)

    def display(self) -> dict:
        """A paired display of the queue: its view, with its secret `token`."""
        pairing = expect(self.tenant.client.request("POST", "/api/queue/displays/pairings"), 201).json
        body = {"code": pairing["code"], "name": fresh("Écran"), "queues": [self.queue]}
        view = self.ask("POST", "/api/queue/displays", body)
        claimed = expect(self.tenant.client.request(
            "POST", "/api/queue/displays/pairings/token", json_body={"secret": pairing["secret"]}), 200).json
        return {**view, "token": claimed["token"]}
