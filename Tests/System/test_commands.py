"""What an operator does on the command line, as docs/operations.md says."""

import json
import re
import secrets
import uuid
from collections.abc import Iterator

import pika
import pytest
from conftest import operations

from suite import database, events, stack
from suite.clinic import Clinic, patient
from suite.http import Client
from suite.people import Installation, Tenant, User, expect, file_with, fresh, key
from suite.waiting import await_that

USAGE = 64


# The command line.


@pytest.mark.parametrize("service", stack.services())
def test_help_lists_the_commands_of_a_service(service: str):
    lines = stack.output(service, "help").splitlines()
    assert all(line.startswith(f"guichet-{service} ") for line in lines)
    assert any(line.startswith(f"guichet-{service} parked  ") for line in lines)


@pytest.mark.parametrize(
    "line",
    [
        "booking nonsense", "booking parked nonsense", "booking parked discard", "booking parked discard a b",
        "booking parked replay now", "availability parked nonsense", "identity nonsense", "identity keys",
        "identity keys rotate now", "identity tenants", "identity tenants delete", "identity tenants create",
        "identity tenants create --slug", "identity tenants create --colour red", "identity bootstrap",
        "identity bootstrap --email nobody --password-file /nowhere",
        "identity bootstrap --email a@guichet.example --password-file /nowhere",
    ])
def test_a_wrong_command_line_is_refused_with_one_line(line: str):
    refused(*line.split())


def refused(*line: str) -> str:
    """Why the command did nothing."""
    done = stack.command(*line)
    assert (done.returncode, done.stdout) == (USAGE, ""), done
    (said,) = map(json.loads, done.stderr.splitlines())
    assert said["level"] == "error" and said["error"], said
    return said["error"]


# Tenants.


def creation(slug: str, **changes: str) -> list[str]:
    options = {
        "slug": slug, "name": "Cabinet du terminal", "address": "1 rue de l’Essai, Alger", "time-zone": "Africa/Algiers",
        "locale": "fr-DZ", "phone-country": "DZ", **changes,
    }
    return ["tenants", "create", *(part for name, text in options.items() for part in (f"--{name}", text))]


def test_a_tenant_is_made_once_and_its_administrator_comes_in(installation: Installation, client: Client):
    slug, password = fresh("terminal"), fresh("Phrase secrète")
    admin = User(client, slug, f"admin@{slug}.example", password, "admin")
    with file_with(password) as file:
        line = creation(
            slug, **{"admin-email": admin.email, "admin-name": "Direction", "admin-password-file": file})
        made, again = (stack.output("identity", *line).strip() for _ in range(2))
        assert made == again
        assert "other arguments" in refused("identity", *line, "--name", "Un autre")
    reply = expect(client.get(f"/api/tenants/{slug}", installation.root.token), 200).json
    assert (reply["id"], reply["name"]) == (made, "Cabinet du terminal")
    installation.await_readiness(slug)
    await_that(lambda: admin.log_in().status == 200)  # seated by a job when not at once
    Clinic.open(Tenant(client, made, slug, {"admin": admin}), practitioners=1)
    assert len(audited("tenant.create", made)) == 1


@pytest.mark.parametrize(
    "changes",
    [{"time-zone": "Africa/Nowhere"}, {"database": "nowhere"}, {"slug": "api"}, {"slug": "Mal écrit"}, {"locale": "?"}],
    ids=lambda changes: next(iter(changes)))
def test_a_tenant_that_cannot_be_is_not_made(changes: dict[str, str]):
    slug = changes.get("slug", fresh("terminal"))
    refused("identity", *creation(**{"slug": slug, **changes}))
    assert database.rows(f"SELECT FROM tenants WHERE slug = '{slug}'", "identity") == []


def audited(action: str, thing: str | None = None) -> list[dict]:
    """What the trail of the platform says of commands."""
    condition = f"object = '{thing}'" if thing else "object IS NULL"
    return database.rows(
        f"SELECT id FROM access_audit WHERE action = '{action}' AND user_id IS NULL AND {condition}",
        "identity_guichet")


# Keys.


def key_ids(address: str) -> set[str]:
    reply = expect(Client(address).get("/.well-known/jwks.json"), 200)
    return {entry["kid"] for entry in reply.json["keys"]}


def test_another_signing_key_is_published_and_all_stay_logged_in(tenant: Tenant):
    replicas = stack.replicas("identity")
    token, before, lines = tenant.token("staff"), key_ids(stack.GATEWAY), len(audited("keys.rotate"))
    assert stack.output("identity", "keys", "rotate") == ""
    await_that(lambda: all(key_ids(replica) > before for replica in replicas))
    assert all(len(key_ids(replica) - before) == 1 for replica in replicas)
    assert len(audited("keys.rotate")) == lines + 1
    newest = max(key_ids(stack.GATEWAY) - before)
    for service in set(stack.services()) - {"identity"}:
        await_that(lambda: newest in database.value("SELECT key_set::text FROM verification_keys", service))
    paths = {o.service: o.target() for o in operations() if o.method == "GET" and o.roles}
    for service, path in paths.items():
        for replica in stack.replicas(service):
            assert Client(replica).get(path, token).status != 401, replica
    expect(tenant.user("staff").log_in(), 200)


# Messages that could not be handled.


def parked(service: str, message: str) -> list[str]:
    return [line for line in stack.output(service, "parked").splitlines() if line.startswith(f"{message}  ")]


@pytest.fixture(params=stack.services())
def poison(request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    """A message in a service's queue that cannot be decoded: the service, and its id."""
    service, message = request.param, str(uuid.uuid4())
    connection = events.connect()
    channel = connection.channel()
    channel.confirm_delivery()
    channel.basic_publish(
        "", f"guichet.{service}.0", b"poison", pika.BasicProperties(message_id=message, type="trial.poison"))
    connection.close()
    yield service, message
    stack.output(service, "parked", "discard", message)


def test_poison_is_listed_comes_back_when_replayed_and_is_discarded(poison: tuple[str, str]):
    service, message = poison
    await_that(lambda: parked(service, message))
    (line,) = parked(service, message)
    assert line.startswith(f"{message}  trial.poison  ") and "MalformedEvent" in line, line
    # The service may park it again while the command looks for more.
    replayed = stack.output(service, "parked", "replay")
    assert re.fullmatch(r"[1-9]\d* replayed\n", replayed), replayed
    await_that(lambda: parked(service, message))
    assert stack.output(service, "parked", "discard", message) == "discarded\n"
    assert parked(service, message) == []
    assert stack.output(service, "parked", "discard", message) == "no such message\n"
    assert stack.output(service, "parked", "replay") == "0 replayed\n"


def test_what_was_mended_is_handled_when_it_is_replayed(installation: Installation, client: Client):
    """Availability cannot store an appointment until the cause is removed."""
    clinic = Clinic.open(installation.tenant("panne"))
    schema, trace = clinic.tenant.schema("availability"), secrets.token_hex(16)
    database.execute("ALTER TABLE placements ADD CONSTRAINT outage CHECK (false) NOT VALID", schema)
    body = {"careType": "consultation", "start": clinic.instant(2, 9), "patient": patient()}
    fields = key() | {"traceparent": f"00-{trace}-{secrets.token_hex(8)}-01"}
    answer = client.request(
        "POST", "/api/appointments/create", token=clinic.tenant.token(), json_body=body, headers=fields)
    appointment = expect(answer, 201).json["id"]
    event = database.value(
        f"SELECT event_id FROM outbox WHERE aggregate = 'appointment/{appointment}'", clinic.tenant.schema("booking"))
    await_that(lambda: parked("availability", event))
    (line,) = parked("availability", event)
    assert "guichet.booking.appointment.confirmed.v1" in line and "outage" in line, line
    said = {(line["level"], line["message"], line.get("tenant")) for line in lines_of(trace, "availability")}
    assert ("error", "a message is parked", clinic.tenant.slug) in said
    database.execute("ALTER TABLE placements DROP CONSTRAINT outage", schema)
    assert stack.output("availability", "parked", "replay") != "0 replayed\n"
    placed = f"SELECT version FROM placements WHERE appointment = '{appointment}'"
    await_that(lambda: database.rows(placed, schema) == [{"version": 1}])

    # The days were withheld, and reports of them that Booking made meanwhile are parked, too.
    def is_empty() -> bool:
        stack.output("availability", "parked", "replay")
        return stack.output("availability", "parked") == ""

    await_that(is_empty)


def lines_of(trace: str, service: str) -> list[dict]:
    files = stack.LOGS.glob(f"{service}-*.log")
    return [json.loads(line) for file in files for line in file.read_text().splitlines() if trace in line]
