"""What the suite publishes about appointments: each change once, in order, and without personal data."""

import json
import random
from urllib.parse import urlsplit

import pytest

from suite import database, stack
from suite.clinic import LONG_HOLD_SECONDS, Clinic, patient
from suite.events import Auditor
from suite.http import Answer, Client
from suite.people import Installation, Tenant, expect, fresh, key
from suite.waiting import await_that

HOLD_SECONDS = 5


@pytest.fixture(scope="module")
def clinic(installation: Installation) -> Clinic:
    return Clinic.open(installation.tenant("annonces"))


@pytest.fixture(scope="module")
def auditor(clinic: Clinic):
    with Auditor(clinic.tenant.slug) as auditor:
        yield auditor


def change(clinic: Clinic, method: str, appointment: dict, suffix: str = "", body: dict | None = None) -> dict:
    fields = key() | {"If-Match": f'"{appointment["version"]}"'}
    answer = clinic.tenant.client.request(
        method, f"/api/appointments/{appointment['id']}{suffix}", token=clinic.tenant.token(), json_body=body,
        headers=fields)
    return expect(answer, 200).json


def test_every_change_of_an_appointment_is_published_once_and_in_order(clinic: Clinic, auditor: Auditor):
    held = clinic.hold(clinic.instant(1, 9))
    confirmed = change(clinic, "POST", held, "/confirm", {"patient": patient()})
    moved = change(clinic, "PATCH", confirmed, body={"start": clinic.instant(2, 9)})
    change(clinic, "DELETE", moved)
    events = auditor.await_events(held["id"], 4)
    assert [event.verb for event in events] == ["held", "confirmed", "rescheduled", "cancelled"]
    assert [event.sequence for event in events] == [1, 2, 3, 4]
    appointment = events[2].event.get_data()["appointment"]
    assert appointment["start"] == moved["start"]
    assert appointment["blocked"]["from"] <= moved["start"] < moved["end"] <= appointment["blocked"]["to"]


def test_a_hold_that_lapses_frees_its_slot_and_is_published(clinic: Clinic, auditor: Auditor):
    start = clinic.instant(3, 9)
    clinic.rule(holdLifetimeSeconds=HOLD_SECONDS)
    held = [clinic.hold(start) for _ in clinic.practitioners]
    clinic.rule(holdLifetimeSeconds=LONG_HOLD_SECONDS)
    # How soon the slot is free again, the demo measures.
    await_that(lambda: book(clinic, start).status == 201, "the slot is not free after its hold lapsed")
    for hold in held:
        assert [event.verb for event in auditor.await_events(hold["id"], 2)] == ["held", "expired"]


def book(clinic: Clinic, start: str) -> Answer:
    body = {"careType": "consultation", "start": start, "patient": patient()}
    return clinic.tenant.client.request(
        "POST", "/api/appointments/create", token=clinic.tenant.token(), json_body=body, headers=key())


def test_a_repeated_request_is_answered_again_and_published_once(clinic: Clinic, auditor: Auditor, client: Client):
    body = {"careType": "chirurgie", "start": clinic.instant(4, 9), "patient": patient()}
    fields, token = key(), clinic.tenant.token()
    first, again = (
        client.request("POST", "/api/appointments/create", token=token, json_body=body, headers=fields)
        for _ in range(2)
    )
    assert expect(first, 201).json == expect(again, 201).json
    auditor.await_events(first.json["id"], 2, seconds=1)
    assert [event.sequence for event in auditor.of(first.json["id"])] == [1]


def test_the_outbox_and_the_subscriber_agree_to_the_byte(clinic: Clinic, auditor: Auditor):
    for hour in range(9, 17):
        booked = clinic.book(clinic.instant(5, hour), patient())
    auditor.await_events(booked["id"], 1)
    stored = database.rows(
        "SELECT event_id, body FROM outbox WHERE aggregate LIKE 'appointment/%'", clinic.tenant.schema("booking"))
    assert {row["event_id"]: row["body"].encode() for row in stored} == {e.id.lower(): e.body for e in auditor.events}
    assert auditor.faults == []
    assert {e.event.get_extension("tenantid") for e in auditor.events} == {clinic.tenant.slug}


def test_an_event_has_the_same_id_in_its_body_and_headers(clinic: Clinic, auditor: Auditor):
    booked = clinic.book(clinic.instant(7, 9), patient())
    (event,) = auditor.await_events(booked["id"], 1)
    assert event.id == event.headers["cloudEvents_id"]


# Names, telephones and addresses that occur nowhere else are looked for wherever they must not be.


@pytest.fixture(scope="module")
def canaries(clinic: Clinic, auditor: Auditor, client: Client) -> list[str]:
    name, mail, colleague = fresh("Canari"), f"{fresh('canari')}@exemple.dz", fresh("Serin")
    phone = f"+2136{random.randrange(10**8):08}"
    body = {
        "careType": "consultation", "start": clinic.instant(6, 9),
        "patient": {"name": name, "phone": phone, "email": mail},
    }
    tenant = clinic.tenant
    booked = client.request(
        "POST", "/api/appointments/create", token=tenant.token(), json_body=body, headers=key())
    record = f"/api/patients/{expect(booked, 201).json['patientId']}"
    assert name in expect(client.get(record, tenant.token()), 200).body.decode(), "it is really kept"
    client.get("/api/patients", tenant.token(), phone=phone)
    wrong = body | {"inconnu": name}
    client.request("POST", "/api/appointments/create", token=tenant.token(), json_body=wrong, headers=key())
    user = tenant.new_user("staff", colleague)
    user.log_in(password="faux")
    assert auditor.await_events(booked.json["id"], 1)
    secrets = [user.password, secret_of_feed(tenant, clinic)]
    return [name, mail, phone, phone.removeprefix("+"), colleague, user.email, *secrets]


def secret_of_feed(tenant: Tenant, clinic: Clinic) -> str:
    """The secret in the address of a practitioner's calendar, which was read once."""
    url = clinic.manage("POST", f"/api/practitioners/{clinic.practitioners[0]}/feed")["url"]
    expect(tenant.client.get(urlsplit(url).path), 200)
    return url.rsplit("/", 1)[1].removesuffix(".ics")


def test_events_carry_none(canaries: list[str], auditor: Auditor):
    published = "\n".join(event.body.decode() + json.dumps(event.headers) for event in auditor.events)
    assert [word for word in canaries if word in published] == []


def test_logs_hold_none(canaries: list[str]):
    found = {
        (file.name, word)
        for file in stack.LOGS.glob("*.log") if not file.name.startswith("test-")
        for text in [file.read_text(errors="replace")]
        for word in canaries if word in text
    }
    assert found == set()


def test_what_lies_in_the_database_cannot_be_read(canaries: list[str], clinic: Clinic):
    stored = database.dump(clinic.tenant.schema("booking"))
    assert "appointments" in stored
    assert [word for word in canaries[:4] if word in stored or word.encode().hex() in stored] == []
