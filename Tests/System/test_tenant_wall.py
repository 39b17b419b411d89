"""Two clinics on one installation: whatever people of one ask, they neither see nor touch anything of the other."""

import base64
import json
import random
import re
from collections import Counter

import pytest
from conftest import operations
from reception import Reception

from suite import database
from suite.clinic import Clinic, patient
from suite.contract import Operation
from suite.http import Client
from suite.people import Installation, expect, fresh
from suite.problems import assert_problem
from suite.waiting import await_that

SEED, REQUESTS = 20260102, 250
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# What these operations do is the caller's own affair, and would end the walk: they take no id.
OWN_AFFAIRS = {"POST /api/auth/logout", "POST /api/auth/password"}


class Neighbour:
    """A clinic with something of everything, all of it marked with words that occur nowhere else."""

    def __init__(self, installation: Installation):
        self.clinic = Clinic.open(installation.tenant("mur"))
        self.tenant = self.clinic.tenant
        self.name, self.person = fresh("Nom"), fresh("Personne")
        self.phone = f"+2135{random.randrange(10**8):08}"
        appointment = self.clinic.book(self.clinic.instant(3, 9), patient(self.name, self.phone))
        hold = self.clinic.hold(self.clinic.instant(3, 10), role="patient")
        self.user = self.tenant.new_user("staff", self.person).id
        line = Reception.open(self.tenant, counter=fresh("Cabinet"), numberPrefix="M")
        number = line.join(self.name)["ticketNumber"]
        self.display = line.display()
        self.ids = [
            appointment["id"], appointment["patientId"], hold["id"], self.user, self.tenant.id, self.clinic.room,
            line.queue, line.counter, line.ticket(number), self.display["id"], *self.clinic.practitioners, *(user.id for user in self.tenant.users.values() if user.role != "super_admin"),
        ]
        self._await_events()

    def _await_events(self) -> None:
        """Others learn of the clinic by events: what still arrives would look like an effect of the walk."""
        own = database.value("SELECT version FROM calendar", self.tenant.schema("booking"))
        heard = ("SELECT max(version) FROM calendar", self.tenant.schema("availability"))
        await_that(
            lambda: database.value(*heard) == own, f"Availability has not got the calendar of {self.tenant.slug}")
        paired = ("SELECT count(*) FROM displays", self.tenant.schema("realtime"))
        await_that(lambda: database.value(*paired) == 1, f"Realtime has not got the display of {self.tenant.slug}")

    def secrets_from(self, operation: Operation) -> list[str]:
        """What the operation must not disclose to others. The trail repeats the ids that its own people asked for."""
        words = [self.name, self.person, self.phone]
        return words if str(operation) == "GET /api/audit" else [*words, *self.ids, self.tenant.slug]

    def fingerprint(self) -> list[str]:
        """Changes with any row of the tenant, sessions and the relay's marks aside."""
        tables = {
            "booking": ("appointments", "appointment_history", "allocations", "patients", "resources", "care_types"),
            "identity": ("users",),
            "availability": ("calendar", "care_alerts"),
            "queue": ("queues", "counters", "tickets", "line_transitions", "displays"),
            "realtime": ("displays",),
        }
        return [
            database.value(
                f"SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) AS sum FROM {table} AS t",
                self.tenant.schema(service))
            for service, names in tables.items() for table in names
        ]


@pytest.fixture(scope="module")
def neighbours(installation: Installation) -> tuple[Neighbour, Neighbour]:
    return Neighbour(installation), Neighbour(installation)


@pytest.mark.parametrize("direction", [1, -1], ids=["there", "back"])
def test_random_requests_with_the_others_ids_leak_and_change_nothing(
    neighbours: tuple[Neighbour, Neighbour], client: Client, direction: int
):
    asker, other = neighbours[::direction]
    chance, outcomes = random.Random(SEED + direction), Counter()
    candidates = [o for o in operations() if o.roles and o.role != "super_admin" and str(o) not in OWN_AFFAIRS]
    before = other.fingerprint()
    for _ in range(REQUESTS):
        operation = chance.choice(candidates)
        role = chance.choice(sorted(operation.roles - {"super_admin"}))
        answer = ask(operation, asker, other, role, chance, client)
        outcomes[answer.status] += 1
        disclosed = [mark for mark in other.secrets_from(operation) if mark.encode() in answer.body]
        assert not disclosed, f"{operation} as {role} disclosed {disclosed}: {answer!r}"
        found = operation.resource_name is not None and answer.status < 400
        assert not found, f"{operation} as {role} found what is not there for it: {answer!r}"
    assert outcomes[404] > REQUESTS / 10, f"the walk hardly asked for what the other has: {outcomes}"
    assert outcomes[200] > 0, f"the walk was refused everywhere: {outcomes}"
    assert other.fingerprint() == before


def ask(operation: Operation, asker: Neighbour, other: Neighbour, role: str, chance: random.Random, client: Client):
    """The operation, with an id of the other wherever one may stand, and the other's slug in made-up headers."""
    target = operation.target(chance.choice(other.ids + [other.tenant.slug]))
    filters = [p["name"] for p in operation.parameters if p["in"] == "query" and "uuid" in json.dumps(p["schema"])]
    for name in filters:
        target += ("&" if "?" in target else "?") + f"{name}={chance.choice(other.ids)}"
    body = operation.body()
    if body is not None:
        body = json.loads(_ID.sub(lambda _: chance.choice(other.ids), json.dumps(body)))
        for member in ("practitioner", "patientId", "room"):
            if member in operation.members:
                body[member] = chance.choice(other.ids)
    fields = {**operation.headers(), "X-Tenant": other.tenant.slug, "X-Tenant-Id": other.tenant.id}
    return client.request(
        operation.method, target, token=asker.tenant.token(role), json_body=body, headers=fields)


def test_a_token_that_was_changed_is_worth_nothing(neighbours: tuple[Neighbour, Neighbour], client: Client):
    one, other = neighbours
    header, payload, signature = one.tenant.token("admin").split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
    slug = one.tenant.slug
    assert slug in json.dumps(claims)
    moved = encoded(json.loads(json.dumps(claims).replace(slug, other.tenant.slug)))
    unsigned = encoded(json.loads(base64.urlsafe_b64decode(header + "==")) | {"alg": "none"})
    for token in (f"{header}.{moved}.{signature}", f"{unsigned}.{moved}.", f"{unsigned}.{moved}.{signature}"):
        for path in ("/api/users", "/api/appointments"):
            assert_problem(client.get(path, token), 401)


def test_a_session_of_one_tenant_opens_nothing_in_another(neighbours: tuple[Neighbour, Neighbour], client: Client):
    one, other = neighbours
    user = one.tenant.user("staff")
    expect(user.log_in(), 200)
    assert_problem(user.log_in(tenant=other.tenant.slug), 401)


def encoded(claims: dict) -> str:
    return base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
