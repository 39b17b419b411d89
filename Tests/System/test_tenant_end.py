"""A tenant is closed, opened again, exported and removed, as docs/operations.md says."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from suite import cache, database, stack
from suite.clinic import Clinic, patient
from suite.http import Client
from suite.people import Installation, Tenant, User, expect, fresh, key
from suite.waiting import await_that

USAGE = 64
REPLICAS = [address for service in stack.services() for address in stack.replicas(service)]
# A route of each service that needs a token of the administrator.
PROBES = {"identity": "/api/auth/me", "booking": "/api/settings", "availability": "/api/availability/office",
          "queue": "/api/queues"}


def tenants(*arguments: str) -> str:
    return stack.output("identity", "tenants", *arguments)


def refusal(*arguments: str) -> str:
    done = stack.command("identity", "tenants", *arguments)
    assert done.returncode == USAGE, done
    return json.loads(done.stderr.splitlines()[-1])["error"]


def listed(slug: str) -> str:
    return next((line for line in tenants("list").splitlines() if line.split("\t")[0] == slug), "")


def statuses(token: str) -> set[int]:
    """What each replica answers to the token."""
    return {
        Client(address).get(PROBES[service], token).status
        for service in PROBES for address in stack.replicas(service)}


def schemas(tenant: Tenant, server: str = "main") -> list[str]:
    names = [tenant.schema(service) for service in stack.services()]
    found = database.rows(
        f"SELECT nspname FROM pg_namespace WHERE nspname IN ({', '.join(map(repr, names))}) ORDER BY 1", server=server)
    return [row["nspname"] for row in found]


def shown(clinic: Clinic) -> list[dict]:
    """The free slots that a stranger finds in a few hours."""
    week = {"from": clinic.instant(2, 10), "to": clinic.instant(2, 13)}
    answer = clinic.tenant.client.get(
        "/api/availability/search", office=clinic.tenant.slug, careType="consultation", **week)
    return expect(answer, 200).json["slots"]


def is_public(clinic: Clinic) -> bool:
    client, slug = clinic.tenant.client, clinic.tenant.slug
    manifest = expect(client.get("/api/availability/$bulk-publish"), 200).body.decode()
    return bool(shown(clinic)) or slug in manifest or client.get(f"/api/fhir/{slug}/Location").status == 200


@contextmanager
def bookings(clinic: Clinic) -> Iterator[list[int]]:
    """Books and cancels all the time; yields the statuses of what was answered."""
    answers: list[int] = []
    stopping, token = threading.Event(), clinic.tenant.token()

    def run() -> None:
        client, body = Client(), {"careType": "consultation", "start": clinic.instant(5, 9), "patient": patient()}
        while not stopping.is_set():
            answer = client.request("POST", "/api/appointments/create", token=token, json_body=body, headers=key())
            answers.append(answer.status)
            if answer.status == 201:
                client.request("DELETE", f"/api/appointments/{answer.json['id']}", token=token, headers=key())

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield answers
    finally:
        stopping.set()
        thread.join()


@pytest.fixture(scope="module")
def neighbour(installation: Installation) -> Clinic:
    return Clinic.open(installation.tenant("voisin"))


@pytest.fixture(scope="module")
def clinic(installation: Installation) -> Clinic:
    clinic = Clinic.open(installation.tenant("fin"))
    clinic.publish()
    return clinic


def test_a_tenant_is_closed_while_bookings_run_and_opened_again(clinic: Clinic, neighbour: Clinic):
    tenant = clinic.tenant
    kept = clinic.book(clinic.instant(2, 9), patient())
    token, slug = tenant.token("admin"), tenant.slug
    assert statuses(token) == {200} and "\topen\t" in listed(slug) and is_public(clinic)
    with bookings(neighbour) as others, bookings(clinic) as own:
        await_that(lambda: 201 in own and 201 in others)
        tenants("close", slug)
        # The command returns when the announcement has been sent.
        begin = time.monotonic()
        await_that(lambda: statuses(token) == {401})
        assert time.monotonic() - begin < 1
        await_that(lambda: not is_public(clinic))
        before = len(others)
        await_that(lambda: own[-1] == 401 and len(others) > before)
    # A request that was let in before finds no tenant.
    assert set(others) == {201} and set(own) <= {201, 401, 404}
    assert "\tclosed since " in listed(slug)
    assert tenant.user("staff").log_in().status == 401
    assert "may be removed from" in refusal("remove", slug)

    tenants("reopen", slug)
    await_that(lambda: is_public(clinic) and tenant.user("staff").log_in().status == 200)
    # No session of before goes on.
    assert statuses(token) == {401}
    tenant.users = {role: User(tenant.client, slug, user.email, user.password, role, totp_secret=user.totp_secret)
                    for role, user in tenant.users.items()}
    answer = tenant.client.get(f"/api/appointments/{kept['id']}", tenant.token())
    assert expect(answer, 200).json["status"] == "confirmed"
    assert refusal("remove", slug).endswith("is open: close it first")


def test_an_export_has_the_personal_data_and_no_credentials(clinic: Clinic):
    name = fresh("Zohra")
    booked = clinic.book(clinic.instant(3, 9), {"name": name, "phone": "+213551234567"})
    lines = {
        service: [json.loads(line) for line in stack.output(service, "export", clinic.tenant.slug).splitlines()]
        for service in stack.services()}
    rows = [line["row"] for line in lines["booking"] if line["table"] == "patients"]
    assert name in [row["contact"]["name"] for row in rows]
    visits = [line["row"] for line in lines["booking"] if line["table"] == "appointments"]
    assert booked["id"] in [row["id"] for row in visits]
    users = [line["row"] for line in lines["identity"] if line["table"] == "users"]
    assert {user.email for user in clinic.tenant.users.values() if user.role != "super_admin"} <= {
        row["email"] for row in users}
    everything = json.dumps(lines)
    assert r"\\x" not in everything and "$scrypt$" not in everything and "password_hash" not in everything


def test_a_tenant_is_removed_everywhere_and_its_name_can_be_used_again(
    installation: Installation, clinic: Clinic, neighbour: Clinic,
):
    tenant, slug = clinic.tenant, clinic.tenant.slug
    old = clinic.book(clinic.instant(2, 11), patient())
    tenants("close", slug)
    assert len(schemas(tenant)) == len(stack.services()) and cache.entries(f"guichet:availability:{slug}:")
    # One service is away, and a replica of another is killed in the middle.
    for number in (1, 2):
        stack.act("stop", f"availability-{number}")
    with bookings(neighbour) as others:
        tenants("remove", slug, "--now")
        stack.act("kill", "booking-1")
        stack.act("start", "booking-1")
        assert tenants("remove", slug, "--now")
        await_that(lambda: schemas(tenant) == [tenant.schema("availability")])
        await_that(lambda: "not yet by availability" in listed(slug), lambda: listed(slug))
        for number in (1, 2):
            stack.act("start", f"availability-{number}")
        await_that(lambda: schemas(tenant) == [] and listed(slug) == "", lambda: listed(slug))
    assert 201 in others
    assert cache.entries(f"guichet:availability:{slug}:") == {}
    assert database.rows("SELECT FROM offices WHERE tenant = '" + slug + "'", "availability") == []
    assert refusal("close", slug).startswith("there is no tenant")

    admin = User(tenant.client, slug, f"admin@{slug}.example", fresh("Phrase secrète"), "admin")
    successor = Clinic.open(installation.create(admin, name="Nouveau cabinet", address="2 rue de l’Essai, Alger"))
    assert not is_public(successor)
    assert tenant.client.get(f"/api/appointments/{old['id']}", successor.tenant.token()).status == 404
    successor.publish()
    booked = successor.book(successor.instant(2, 11), patient())
    assert database.value("SELECT number FROM generation", tenant.schema("booking")) > 1
    start = successor.instant(2, 11)
    await_that(lambda: sum(slot["start"] == start for slot in shown(successor)) == 1)
    assert booked["patientId"] != old["patientId"]
