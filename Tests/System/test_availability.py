"""What the public is shown of two clinics is what can be booked there, and nothing else of them."""

import json
import random
from collections import Counter
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from suite import cache, database, stack
from suite.clinic import Clinic, patient
from suite.events import Auditor
from suite.http import Answer, Client
from suite.people import Installation, expect, fresh, key
from suite.problems import assert_problem
from suite.waiting import await_that

SEED, PROBES = 20260104, 300
CARES = ("consultation", "chirurgie")
DAYS = range(1, 6)
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def clinics(installation: Installation) -> list[Clinic]:
    """Two that are open to the public, in cities where no other is."""
    clinics = [Clinic.open(installation.tenant(word), practitioners=2) for word in ("ouvert", "public")]
    for clinic in clinics:
        clinic.city = fresh("Ville")
        clinic.publish(clinic.city)
    return clinics


@pytest.fixture(scope="module")
def clinic(clinics: list[Clinic]) -> Clinic:
    return clinics[0]


def search(client: Client, clinic: Clinic, care: str, day: int, headers: dict | None = None, **more: str) -> Answer:
    """The answer once Availability has got what is to be `seen`, for which a busy machine takes some time."""
    answers: list[Answer] = []

    def is_answered() -> bool:
        answers.append(search_once(client, clinic, care, day, headers, **more))
        return answers[-1].status != 503

    await_that(is_answered, lambda: f"the search is answered {answers[-1]!r}")
    return answers[-1]


def search_once(client: Client, clinic: Clinic, care: str, day: int, headers: dict | None = None, **more: str) -> Answer:
    query = {
        "office": clinic.tenant.slug, "careType": care, "from": clinic.instant(day, 0),
        "to": clinic.instant(day + 1, 0), "limit": 500, **more,
    }
    return client.request("GET", "/api/availability/search", query=query, headers=headers)


def starts(answer: Answer) -> set[str]:
    return {slot["start"] for slot in expect(answer, 200).json["slots"]}


def book(clinic: Clinic, care: str, start: str) -> Answer:
    body = {"careType": care, "start": start, "patient": patient()}
    return clinic.tenant.client.request(
        "POST", "/api/appointments/create", token=clinic.tenant.token(), json_body=body, headers=key())


def seen(clinic: Clinic, appointment: dict, version: int = 0) -> str:
    return f"{clinic.tenant.slug}/{appointment['id']}/{version or appointment['version']}"


def test_what_search_lists_can_be_booked_and_nothing_else(clinics: list[Clinic], client: Client):
    """Anything at any quarter of an hour, open or closed, after whatever was booked before."""
    chance, outcomes, newest = random.Random(SEED), Counter(), {}
    for probe in range(PROBES):
        clinic, care = chance.choice(clinics), chance.choice(CARES)
        day, start = chance.choice(DAYS), (chance.randrange(7, 19), chance.choice((0, 15, 30, 45)))
        known = {"seen": newest[clinic.tenant.slug]} if clinic.tenant.slug in newest else {}
        wish = clinic.instant(day, *start)
        is_listed = wish in starts(search(client, clinic, care, day, **known))
        answer = book(clinic, care, wish)
        outcomes[is_listed, answer.status] += 1
        assert answer.status == (201 if is_listed else 409), f"probe {probe}: {care} at {wish}: {answer!r}"
        if not is_listed and outcomes[False, 409] % 5 == 0:
            alternative = assert_problem(answer, 409)["alternatives"][0]
            day = days_until(alternative["start"], clinic)
            assert alternative["start"] in starts(search(client, clinic, care, day))
            answer = expect(book(clinic, care, alternative["start"]), 201)
        if answer.status == 201:
            newest[clinic.tenant.slug] = seen(clinic, answer.json)
    assert min(outcomes[True, 201], outcomes[False, 409]) > PROBES / 10, outcomes


def days_until(start: str, clinic: Clinic) -> int:
    return next(day for day in range(-1, 20) if clinic.instant(day, 0) <= start < clinic.instant(day + 1, 0))


def test_whoever_has_booked_sees_it_at_every_replica(clinic: Clinic, client: Client):
    for hour in range(9, 17):
        booked = [clinic.book(clinic.instant(7, hour), patient()) for _ in clinic.practitioners]
        for replica in map(Client, stack.replicas("availability")):
            for appointment in booked:
                shown = starts(search(replica, clinic, "consultation", 7, seen=seen(clinic, appointment)))
            assert clinic.instant(7, hour) not in shown and clinic.instant(7, hour, 30) in shown


def test_what_has_not_come_yet_is_waited_for_and_then_refused(clinic: Clinic, client: Client):
    booked = clinic.book(clinic.instant(8, 9), patient())
    answer = search_once(client, clinic, "consultation", 8, seen=seen(clinic, booked, version=99))
    assert assert_problem(answer, 503)["type"].endswith("/not-yet-visible")
    assert int(answer.headers["retry-after"]) >= 1


def test_an_answer_that_is_still_right_is_not_sent_again(clinic: Clinic, client: Client):
    first = expect(search(client, clinic, "consultation", 9), 200)
    known = {"If-None-Match": first.headers["etag"]}
    again = search(client, clinic, "consultation", 9, known)
    assert (again.status, again.body) == (304, b"")
    for _ in clinic.practitioners:
        booked = clinic.book(clinic.instant(9, 9), patient())
        other = expect(search(client, clinic, "consultation", 9, known, seen=seen(clinic, booked)), 200)
    assert other.headers["etag"] != first.headers["etag"]
    assert starts(first) - starts(other) == {clinic.instant(9, *time) for time in ((8, 45), (9, 0), (9, 15))}


def test_a_place_is_found_with_and_without_accents_and_only_what_is_there(clinics: list[Clinic], client: Client):
    city = fresh("Béjaïa-Été-")
    clinics[1].publish(city)
    for place in (city, city.lower(), city.replace("é", "e").replace("É", "e").replace("ï", "i")):
        found = in_city(client, clinics[1], place)
        assert {office["office"] for office in found["offices"]} == {clinics[1].tenant.slug}, place
        assert {slot["office"] for slot in found["slots"]} == {clinics[1].tenant.slug}
    assert in_city(client, clinics[1], fresh("Nulle-part"))["slots"] == []


def in_city(client: Client, clinic: Clinic, place: str) -> dict:
    return expect(client.get(
        "/api/availability/search", place=place, careType="consultation",
        **{"from": clinic.instant(1, 0), "to": clinic.instant(3, 0)}), 200).json


def test_a_clinic_that_is_not_open_is_shown_to_its_own_people_only(
    installation: Installation, clinics: list[Clinic], client: Client
):
    shut, city = Clinic.open(installation.tenant("ferme")), clinics[0].city
    shut.publish(city)
    shut.publish(city, is_open=False)
    slug = shut.tenant.slug
    for replica in map(Client, stack.replicas("availability")):
        assert starts(search(replica, shut, "consultation", 2)) == set()
        assert slug not in json.dumps(in_city(replica, shut, city))
        window = {"from": shut.instant(2, 0), "to": shut.instant(3, 0), "careType": "consultation"}
        own = replica.get("/api/availability/slots", shut.tenant.token(), **window)
        foreign = replica.get("/api/availability/slots", clinics[0].tenant.token(), office=slug, **window)
        assert starts(own) and not starts(foreign)


def test_what_is_damaged_in_the_cache_is_never_shown_and_is_announced(clinic: Clinic, client: Client):
    before = starts(search(client, clinic, "consultation", 10))
    name = f"guichet:availability:{clinic.tenant.slug}:{clinic.instant(10, 12)[:10]}"
    text = cache.entries(name)[name]
    assert "+15x" in text
    with Auditor(clinic.tenant.slug, "availability.anomaly.#") as auditor:
        cache.put(name, text.replace("+15x", "+10x"))

        def is_repaired() -> bool:
            assert starts(search(client, clinic, "consultation", 10)) == before
            return cache.entries(name)[name] == text

        await_that(is_repaired, "the entry is not repaired")
        # On a busy machine there are anomalies of another kind: late publications.
        await_that(
            lambda: "corrupt-cache" in [event.event.get_data()["kind"] for event in list(auditor.events)],
            "the anomaly is not announced")


def test_its_events_keep_to_the_document_and_name_no_person(clinic: Clinic):
    document, name = yaml.safe_load((ROOT / "docs/asyncapi.yaml").read_text()), fresh("Canari")
    with Auditor(clinic.tenant.slug, "availability.#") as auditor:
        booked = clinic.book(clinic.instant(11, 9), patient(name))
        await_that(
            lambda: any(booked["start"][:10] in event.subject for event in auditor.events),
            "the publication is not announced")
    assert auditor.faults == []
    messages = {message["name"]: message for message in document["components"]["messages"].values()}
    for event in auditor.events:
        message = messages[event.event.get_type()]
        schema = {**message["payload"], "components": document["components"]}
        Draft202012Validator(schema).validate(json.loads(event.body))
    announced = "".join(event.body.decode() for event in auditor.events)
    stored = database.dump(clinic.tenant.schema("availability"))
    held = "".join(cache.entries(f"guichet:availability:{clinic.tenant.slug}").values())
    assert "placements" in stored and held
    assert [place for place, text in (("events", announced), ("tables", stored), ("cache", held)) if name in text] == []


def test_each_version_of_a_day_is_announced_once_and_in_order(clinic: Clinic):
    schema = clinic.tenant.schema("availability")
    with Auditor(clinic.tenant.slug, "availability.day.#") as auditor:
        booked = [clinic.book(clinic.instant(12, hour), patient()) for hour in range(8, 16)]
        day = booked[0]["start"][:10]

        def announced() -> list[int]:
            return [event.sequence for event in list(auditor.events) if event.subject.endswith(day)]

        # Bookings that come together are one version; the last version contains all of them.
        await_that(
            lambda: announced()[-1:] == [_version_with(booked, day, schema)],
            lambda: f"versions {announced()} were announced")
        versions = announced()
    assert versions == list(range(versions[0], versions[0] + len(versions)))


def _version_with(booked: list[dict], day: str, schema: str) -> int | None:
    """The version of a day once it knows of these appointments; nothing before."""
    subjects = ", ".join(f"'appointment/{view['id']}'" for view in booked)
    done = database.value(
        f"SELECT count(*) FROM publications WHERE aggregate IN ({subjects}) AND view_version IS NOT NULL", schema)
    return database.value(f"SELECT version FROM days WHERE day = '{day}'", schema) if done == len(booked) else None

