"""What an erased person leaves: every table, every entry of Redis and every queue is looked at, also those that are new."""

import time

import pytest
from reception import Reception

from suite import database, stack
from suite.clinic import Clinic
from suite.http import Client
from suite.people import Installation, User, expect, fresh, key
from suite.traces import Needles, Trace
from suite.waiting import await_that

PSEUDONYM = "a pseudonym once nothing else is left of the person"
MESSAGES = "events of a week, which a service that comes back may ask for again"
# What may stay, and why.
ALLOWED_OF_AN_ACCOUNT = {
    ("identity.users.id", "user id"): PSEUDONYM,
    ("identity.access_audit.user_id", "user id"): "the audit, for a year",
    ("identity.access_audit.object", "user id"): "the audit, for a year",
    ("identity.outbox.aggregate", "user id"): MESSAGES,
    ("identity.outbox.body", "user id"): MESSAGES,
    ("identity.outbox.headers", "user id"): MESSAGES,
    **{(f"{service}.inbox.aggregate", "user id"): "the erasure was handled, for thirty days"
       for service in stack.services() if service != "identity"},
    # For a quarter of an hour, until no request of the account can be under way.
    **{(f"{service}.erased_accounts.account", "user id"): "the second removal" for service in stack.services()},
    ("queue.line_transitions.actor_id", "user id"): PSEUDONYM,
    ("guichet.unrouted", "user id"): "events without a subscriber, for a week",
}
ALLOWED_OF_A_PATIENT = {
    ("booking.patients.id", "patient id"): PSEUDONYM,
    ("booking.appointments.patient", "patient id"): PSEUDONYM,
    ("booking.consents.patient", "patient id"): "the proof of what was allowed",
    ("booking.access_audit.patient", "patient id"): "the audit, for seven years",
    ("booking.outbox.body", "patient id"): MESSAGES,
    ("queue.booked_appointments.patient", "patient id"): PSEUDONYM,
}


@pytest.fixture(scope="module")
def clinic(installation: Installation) -> Clinic:
    return Clinic.open(installation.tenant("efface"))


def left(needles: Needles, allowed: dict[tuple[str, str], str]) -> list[Trace]:
    return sorted(it for it in needles.find() if (it.place, it.needle) not in allowed)


def await_nothing_left(needles: Needles, allowed: dict[tuple[str, str], str]) -> None:
    await_that(lambda: not left(needles, allowed), lambda: f"still stored: {left(needles, allowed)}")


def request(user: User, method: str, path: str, body: dict | None = None) -> dict:
    answer = user.client.request(method, path, token=user.token, json_body=body, headers=key())
    return expect(answer, 200, 201).json


def add_indexes(needles: Needles, table: str, schema: str, row: str) -> None:
    """The digests by which the person is found, and what is encrypted."""
    (stored,) = database.rows(f"SELECT * FROM {table} WHERE id = '{row}'", schema)
    for column, value in stored.items():
        if isinstance(value, str) and value.startswith(r"\x"):
            needles.add_bytes(column, value)
        if column == "name_beginnings":
            for number in value:
                needles.add(column, str(number))


def test_an_erased_account_leaves_nothing_but_its_pseudonym(client: Client, clinic: Clinic):
    tenant, word = clinic.tenant, fresh("Efface")
    user = tenant.new_user("patient", word)
    phone = f"+2135{time.time_ns() % 10**8:08}"
    needles = Needles()
    for name, text in {"e-mail": user.email, "name": word, "telephone": phone, "user id": user.id}.items():
        needles.add(name, text)
    record = request(user, "POST", "/api/patients", {"name": word, "phone": phone, "email": user.email})
    add_indexes(needles, "patients", tenant.schema("booking"), record["id"])
    add_indexes(needles, "users", tenant.schema("identity"), user.id)
    wish = {"careType": "consultation", "from": clinic.instant(1, 0), "to": clinic.instant(8, 0)}
    taken = clinic.book(clinic.instant(2, 9), {"name": "Autre Personne", "phone": "+213551234567"})
    request(user, "POST", "/api/availability/alerts", wish)
    expect(client.request("DELETE", f"/api/appointments/{taken['id']}", token=tenant.token(), headers=key()), 200)
    request(user, "POST", "/api/appointments/holds", {"careType": "consultation", "start": clinic.instant(3, 9)})

    expect(client.request("DELETE", f"/api/users/{user.id}?erase=true", token=tenant.token("admin")), 204)
    await_nothing_left(needles, ALLOWED_OF_AN_ACCOUNT)


def test_an_erased_account_of_staff_leaves_nothing_but_its_pseudonym_in_the_line(client: Client, clinic: Clinic):
    tenant, word = clinic.tenant, fresh("Efface")
    user, line = tenant.new_user("staff", word), Reception.open(tenant)
    line.join()
    request(user, "POST", f"{line.path}/call-next", {"counter": line.counter})
    needles = Needles()
    for name, text in {"e-mail": user.email, "name": word, "user id": user.id}.items():
        needles.add(name, text)
    add_indexes(needles, "users", tenant.schema("identity"), user.id)

    expect(client.request("DELETE", f"/api/users/{user.id}?erase=true", token=tenant.token("admin")), 204)
    await_nothing_left(needles, ALLOWED_OF_AN_ACCOUNT)


def test_an_erased_patient_leaves_nothing_but_a_pseudonym(client: Client, clinic: Clinic):
    tenant, word = clinic.tenant, fresh("Oublie")
    phone, email = f"+2136{time.time_ns() % 10**8:08}", f"{word}@personne.example"
    booked = clinic.book(clinic.instant(4, 9), {"name": word, "phone": phone, "email": email})
    patient = booked["patientId"]
    needles = Needles()
    for name, text in {"e-mail": email, "name": word, "telephone": phone, "patient id": patient}.items():
        needles.add(name, text)
    add_indexes(needles, "patients", tenant.schema("booking"), patient)
    reason = {"reason": f"{word} est malade"}
    expect(client.request(
        "DELETE", f"/api/appointments/{booked['id']}", token=tenant.token(), headers=key(), query=reason), 200)

    expect(client.request("DELETE", f"/api/patients/{patient}", token=tenant.token("admin")), 200)
    await_nothing_left(needles, ALLOWED_OF_A_PATIENT)


def test_the_walk_finds_texts_and_bytes_in_tables_that_are_new(clinic: Clinic):
    word, schema = fresh("Nouveau"), clinic.tenant.schema("booking")
    needles = Needles()
    needles.add("name", word)
    database.execute(
        f"""CREATE TABLE novelty (plain text, document jsonb, bytes bytea);
        INSERT INTO novelty VALUES ('- {word} -', '{{"a": ["{word}"]}}', convert_to('{word}', 'UTF8'))""", schema)
    try:
        assert {it.place for it in needles.find()} == {f"booking.novelty.{it}" for it in ("plain", "document", "bytes")}
    finally:
        database.execute("DROP TABLE novelty", schema)
