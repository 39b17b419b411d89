"""Something stored in a clinic for each kind of resource that a path can name."""

from itertools import count

from suite.clinic import Clinic, patient
from suite.contract import A_DAY, Operation
from suite.people import expect, fresh, key
from suite.subscribers import Subscription


class Resources:
    """Makes a new one for each test, so that none finds what another has deleted."""

    def __init__(self, clinic: Clinic):
        self.clinic = clinic
        self._slots = count()

    def make(self, operation: Operation) -> str:
        """The id of a new resource that the operation's path can name."""
        collection = operation.path.split("/")[3 if operation.path.startswith("/api/availability/") else 2]
        if collection == "alerts":
            return self._alert(operation.role)
        make = getattr(self, "_" + collection.replace("-", "_"), None)
        assert make, f"there is no example of what {operation.path} names: add it to {__file__}"
        return make()

    def _appointments(self) -> str:
        return self.clinic.book(self._start(), patient())["id"]

    def _users(self) -> str:
        return self.clinic.tenant.new_user("staff", "Collègue").id

    def _service_accounts(self) -> str:
        return expect(self.clinic.tenant.client.request(
            "POST", "/api/service-accounts", token=self.clinic.tenant.token("admin"), headers=key(),
            json_body={"name": fresh("Programme"), "scopes": []}), 201).json["id"]

    def _subscribers(self) -> str:
        return Subscription.create(self.clinic.tenant, "guichet.booking.calendar").view["id"]

    def _tenants(self) -> str:
        return self.clinic.tenant.slug

    def _calendar(self) -> str:
        return self._practitioners()

    def _practitioners(self) -> str:
        id = self._with_exception("practitioners")
        self.clinic.manage("POST", f"/api/practitioners/{id}/feed")
        return id

    def _rooms(self) -> str:
        return self._with_exception("rooms")

    def _with_exception(self, collection: str) -> str:
        id = self.clinic.manage("POST", f"/api/{collection}", {"name": "Essai", "hours": {}})["id"]
        self.clinic.manage("PUT", f"/api/{collection}/{id}/exceptions/{A_DAY}", {"hours": []})
        return id

    def _patients(self) -> str:
        return self.clinic.book(self._start(), patient(fresh("Nom")))["patientId"]

    def _queues(self) -> str:
        queue = self.clinic.manage("POST", "/api/queues", {"settings": {"name": fresh("File")}})["id"]
        self.clinic.manage("POST", f"/api/queues/{queue}/open")
        self.clinic.manage("PUT", f"/api/queues/{queue}/hours", {"openings": []})
        self.clinic.manage("PUT", f"/api/queues/{queue}/limits", {"waiting": 20})
        return queue

    def _queue(self) -> str:
        """A display: its path begins with `/api/queue`."""
        pairing = expect(self.clinic.tenant.client.request("POST", "/api/queue/displays/pairings"), 201).json
        body = {"code": pairing["code"], "name": fresh("Écran"), "queues": [self._queues()]}
        return self.clinic.manage("POST", "/api/queue/displays", body)["id"]

    def _tickets(self) -> str:
        return self.clinic.manage("POST", f"/api/queues/{self._queues()}/walk-ins", {})["ticket"]["id"]

    def _alert(self, role: str) -> str:
        """Of the very person who is to remove it."""
        body = {"careType": "consultation", "from": self.clinic.instant(2, 8), "to": self.clinic.instant(9, 8)}
        tenant = self.clinic.tenant
        return expect(tenant.client.request(
            "POST", "/api/availability/alerts", token=tenant.token(role), json_body=body, headers=key()), 201).json["id"]

    def _start(self) -> str:
        day, place = divmod(next(self._slots), 20)
        return self.clinic.instant(2 + day, 8 + place // 2, place % 2 * 30)
