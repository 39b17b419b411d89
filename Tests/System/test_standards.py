"""What programs of strangers rely on: SMART Scheduling Links, FHIR R4 and iCalendar, by the rules that the standards publish.

Links: github.com/smart-on-fhir/smart-scheduling-links, specification.md. FHIR: hl7.org/fhir/R4.
"""

import gzip
import json
import re
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from icalendar import Calendar

from suite import stack
from suite.clinic import Clinic, patient
from suite.http import Answer, Client
from suite.people import Installation, expect
from suite.problems import assert_problem
from suite.waiting import await_that

MANIFEST = "/api/availability/$bulk-publish"
ID = re.compile(r"[A-Za-z0-9.-]{1,64}")
# With the offset of the place, as both standards recommend.
LOCAL = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
EXTENSIONS = "http://fhir-registry.smarthealthit.org/StructureDefinition/"
PHONE, BOOKING = "+213551234567", "https://rdv.exemple.dz/cabinet?langue=fr"
IDENTIFIER = {"system": "https://sante.exemple.dz/etablissements", "value": "06-0117"}
# Of the required value set `issue-type`, those that a read-only server has a use for.
ISSUES = {
    "invalid", "forbidden", "not-found", "not-supported", "too-long", "throttled", "timeout", "transient", "exception"}


@pytest.fixture(scope="module")
def clinic(installation: Installation) -> Clinic:
    """A clinic that is open to the public, once every replica shows it."""
    clinic = Clinic.open(installation.tenant("normes"))
    clinic.publish(
        "Béjaïa", phone=PHONE, bookingUrl=BOOKING, state="Béjaïa", postalCode="06000", identifiers=[IDENTIFIER])
    return clinic


def fetch(client: Client, url: str, **headers: str) -> Answer:
    """What lies at an address that an answer named."""
    assert url.startswith(stack.GATEWAY), f"{url} is not where clients reach the suite"
    return client.request("GET", url.removeprefix(stack.GATEWAY), headers=headers)


def manifest(client: Client, query: str = "") -> dict:
    return expect(client.get(MANIFEST + query), 200).json


def files(client: Client, kind: str, query: str = "") -> list[str]:
    return [file["url"] for file in manifest(client, query)["output"] if file["type"] == kind]


def lines(answer: Answer) -> list[dict]:
    """The resources of a file, each on a line of its own and minified."""
    assert answer.media_type == "application/fhir+ndjson", answer
    text = answer.body.decode()
    assert text == "" or text.endswith("\n")
    found = [json.loads(line) for line in text.splitlines()]
    minified = [json.dumps(it, separators=(",", ":"), ensure_ascii=False) for it in found]
    assert [len(line) for line in text.splitlines()] == [len(line) for line in minified]
    return found


def resources(client: Client, kind: str) -> list[dict]:
    return [it for url in files(client, kind) for it in lines(expect(fetch(client, url), 200))]


def slots(client: Client, clinic: Clinic, query: str = "") -> list[dict]:
    mine = [url for url in files(client, "Slot", query) if f"/{clinic.tenant.slug}/" in url]
    return [it for url in mine for answer in [fetch(client, url)] if answer.status == 200 for it in lines(answer)]


def coded(slot: dict) -> str:
    return slot["serviceType"][0]["coding"][0]["code"]


def assert_resource(resource: dict, kind: str) -> None:
    """What holds of every resource: its id, and that nothing is empty."""
    assert resource["resourceType"] == kind, resource
    assert ID.fullmatch(resource["id"]), resource
    assert_nothing_empty(resource)


def assert_nothing_empty(value: Any) -> None:
    assert value not in ("", None, [], {}), value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        assert_nothing_empty(part)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def assert_slot(slot: dict) -> None:
    assert_resource(slot, "Slot")
    assert slot["status"] in ("free", "busy"), slot
    assert LOCAL.fullmatch(slot["start"]) and LOCAL.fullmatch(slot["end"]), slot
    assert moment(slot["start"]) < moment(slot["end"]), slot
    assert slot["serviceType"][0]["coding"][0]["display"], slot
    assert slot["schedule"]["reference"].startswith("Schedule/"), slot
    assert slot["serviceType"][0]["coding"][0]["system"].startswith("https://"), slot


# SMART Scheduling Links.


def test_the_manifest_says_what_there_is(client: Client, clinic: Clinic):
    answer = expect(client.request("GET", MANIFEST, headers={"Accept": "application/json"}), 200)
    assert answer.media_type == "application/json"
    found = answer.json
    assert INSTANT.fullmatch(found["transactionTime"])
    assert abs(datetime.fromisoformat(found["transactionTime"]) - datetime.now(timezone.utc)) < timedelta(minutes=2)
    assert found["request"] == stack.GATEWAY + MANIFEST
    assert found["error"] == []
    assert {file["type"] for file in found["output"]} == {"Location", "Schedule", "Slot"}
    assert all(urlsplit(file["url"]).scheme in ("http", "https") for file in found["output"])
    assert manifest(client)["output"] == found["output"], "an Accept field makes no difference"


def test_locations_tell_where_and_how_to_call(client: Client, clinic: Clinic):
    (place,) = [it for it in resources(client, "Location") if it["id"] == clinic.tenant.slug]
    assert_resource(place, "Location")
    assert place["name"] and place["address"]["line"] and place["address"]["city"] == "Béjaïa"
    assert {"system": "phone", "value": PHONE} in place["telecom"]
    assert {contact["system"] for contact in place["telecom"]} <= {"phone", "url"}
    assert (place["address"]["state"], place["address"]["postalCode"]) == ("Béjaïa", "06000")
    assert place["identifier"] == [IDENTIFIER]


def test_schedules_have_one_place_and_what_is_given(client: Client, clinic: Clinic):
    mine = [it for it in resources(client, "Schedule") if it["id"] in clinic.practitioners]
    assert {it["id"] for it in mine} == set(clinic.practitioners)
    for schedule in mine:
        assert_resource(schedule, "Schedule")
        assert [actor["reference"] for actor in schedule["actor"]] == [f"Location/{clinic.tenant.slug}"]
        assert {kind["coding"][0]["code"] for kind in schedule["serviceType"]} == {"consultation", "chirurgie"}


def test_slots_hang_together_and_can_be_booked(client: Client, clinic: Clinic):
    found = slots(client, clinic)
    assert len({slot["id"] for slot in found}) == len(found)
    for slot in found:
        assert_slot(slot)
        assert slot["schedule"]["reference"].removeprefix("Schedule/") in clinic.practitioners
        extensions = {it["url"]: it for it in slot["extension"]}
        assert extensions[EXTENSIONS + "booking-phone"]["valueString"] == PHONE
        link = urlsplit(extensions[EXTENSIONS + "booking-deep-link"]["valueUrl"])
        assert (link.scheme, link.netloc, link.path) == ("https", "rdv.exemple.dz", "/cabinet")
        assert parse_qs(link.query) == {"langue": ["fr"], "slot": [slot["id"]]}


def test_a_booked_slot_becomes_busy_and_keeps_its_name(client: Client, clinic: Clinic):
    start, doctor = clinic.instant(1, 9), clinic.practitioners
    before = {
        slot["id"] for slot in slots(client, clinic)
        if moment(slot["start"]) == moment(start) and coded(slot) == "consultation"}
    assert len(before) == len(doctor)
    for _ in doctor:
        clinic.book(start, patient())

    def states() -> set[str]:
        return {slot["status"] for slot in slots(client, clinic) if slot["id"] in before}

    await_that(lambda: states() == {"busy"}, "the slot is still free")


def test_what_has_not_changed_is_not_sent_again(client: Client, clinic: Clinic):
    url = next(url for url in files(client, "Slot") if f"/{clinic.tenant.slug}/" in url)
    answer = expect(fetch(client, url), 200)
    assert re.search(r"max-age=\d+", answer.headers["cache-control"])
    again = fetch(client, url, **{"If-None-Match": answer.headers["etag"]})
    # Between the two the minute may have turned, with which slots of today go.
    assert again.status == 304 and not again.body or again.headers["etag"] != answer.headers["etag"]


def test_a_week_is_compressed_for_those_who_accept_it(client: Client, clinic: Clinic):
    url = next(url for url in files(client, "Slot") if f"/{clinic.tenant.slug}/" in url)
    for path in (url.removeprefix(stack.GATEWAY), "/api/availability/bulk/schedules", "/openapi/booking.json"):
        plain, coded = (
            expect(client.request("GET", path, headers={"Accept-Encoding": coding}), 200)
            for coding in ("identity", "gzip"))
        assert "content-encoding" not in plain.headers
        if len(plain.body) < 1400:
            continue
        assert coded.headers["content-encoding"] == "gzip"
        assert plain.headers["vary"].lower() == coded.headers["vary"].lower() == "accept-encoding"
        assert len(coded.body) < len(plain.body) / 4
        # Between the two the minute may have turned.
        assert gzip.decompress(coded.body) == plain.body or coded.headers.get("etag") != f"W/{plain.headers['etag']}"
        again = client.request(
            "GET", path, headers={"Accept-Encoding": "gzip", "If-None-Match": coded.headers.get("etag", "")})
        assert again.status == 304 or again.headers.get("etag") != coded.headers.get("etag") or path.startswith("/open")


def test_parameters_against_caches_change_nothing(client: Client, clinic: Clinic):
    for kind in ("Location", "Schedule", "Slot"):
        for url in files(client, kind, "?nocache=17"):
            joint = "&" if "?" in url else "?"
            expect(fetch(client, f"{url}{joint}_=1700000000&_=2"), 200)


def test_only_changes_are_sent_to_those_who_ask_for_them(client: Client, clinic: Clinic):
    later = (datetime.now(timezone.utc) + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    found = manifest(client, f"?_since={later}")
    assert found["request"] == f"{stack.GATEWAY}{MANIFEST}?_since={later}"
    assert slots(client, clinic, f"?_since={later}") == []
    earlier = (datetime.now(timezone.utc) - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert slots(client, clinic, f"?_since={earlier}")
    assert_problem(client.get(MANIFEST, _since="hier"), 400)


# FHIR R4.


@pytest.fixture(scope="module")
def base(clinic: Clinic) -> str:
    return f"/api/fhir/{clinic.tenant.slug}"


def fhir(client: Client, path: str, status: int = 200) -> dict:
    answer = expect(client.get(path), status)
    assert answer.media_type == "application/fhir+json", answer
    assert_nothing_empty(answer.json)
    return answer.json


def test_the_server_says_what_it_can(client: Client, base: str):
    statement = fhir(client, f"{base}/metadata")
    assert statement["resourceType"] == "CapabilityStatement"
    assert statement["status"] in ("draft", "active", "retired", "unknown") and statement["kind"] == "instance"
    assert statement["implementation"]["description"] and statement["implementation"]["url"] == stack.GATEWAY + base
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", statement["date"]) and statement["fhirVersion"] == "4.0.1"
    assert "application/fhir+json" in statement["format"]
    (rest,) = statement["rest"]
    offered = {it["type"]: {one["code"] for one in it["interaction"]} for it in rest["resource"]}
    assert offered["Slot"] == offered["Schedule"] == {"read", "search-type"}
    assert offered["Location"] == offered["Practitioner"] == {"read"}


def test_a_search_is_a_bundle_of_what_was_asked_for(client: Client, clinic: Clinic, base: str):
    start, end = clinic.instant(2, 9), clinic.instant(2, 11)
    doctor = clinic.practitioners[0]
    query = (
        f"{base}/Slot?schedule=Schedule/{doctor}&start=ge{start}&start=lt{end}&status=free"
        "&service-type=consultation&_include=Slot:schedule&_sort=start")
    bundle = fhir(client, query)
    assert bundle["resourceType"] == "Bundle" and bundle["type"] == "searchset"
    matches = [it["resource"] for it in bundle["entry"] if it["search"]["mode"] == "match"]
    included = [it["resource"] for it in bundle["entry"] if it["search"]["mode"] == "include"]
    assert bundle["total"] == len(matches) > 0
    assert [it["id"] for it in included] == [doctor]
    assert [moment(it["start"]) for it in matches] == sorted(moment(it["start"]) for it in matches)
    for slot in matches:
        assert_slot(slot)
        assert moment(start) <= moment(slot["start"]) < moment(end)
        assert slot["status"] == "free" and coded(slot) == "consultation"
        assert slot["schedule"]["reference"] == f"Schedule/{doctor}"
    for entry in bundle["entry"]:
        it = entry["resource"]
        assert entry["fullUrl"] == f"{stack.GATEWAY}{base}/{it['resourceType']}/{it['id']}"
        assert fhir(client, entry["fullUrl"].removeprefix(stack.GATEWAY))["id"] == it["id"]


def test_pages_are_followed_by_their_links(client: Client, clinic: Clinic, base: str):
    window = f"start=ge{clinic.instant(3, 8)}&start=lt{clinic.instant(3, 12)}"
    everything = fhir(client, f"{base}/Slot?{window}&_count=500")
    seen, url = [], f"{stack.GATEWAY}{base}/Slot?{window}&_count=5"
    while url:
        page = fhir(client, url.removeprefix(stack.GATEWAY))
        links = {link["relation"]: link["url"] for link in page["link"]}
        assert links["self"] == url and len(page["entry"]) <= 5
        seen += [entry["resource"]["id"] for entry in page["entry"]]
        url = links.get("next")
    assert seen == [entry["resource"]["id"] for entry in everything["entry"]]


def test_actors_of_schedules_can_be_read(client: Client, clinic: Clinic, base: str):
    bundle = fhir(client, f"{base}/Schedule?actor=Location/{clinic.tenant.slug}")
    assert {entry["resource"]["id"] for entry in bundle["entry"]} == set(clinic.practitioners)
    for schedule in (entry["resource"] for entry in bundle["entry"]):
        assert_resource(schedule, "Schedule")
        assert schedule["planningHorizon"]["start"] < schedule["planningHorizon"]["end"]
        kinds = []
        for actor in schedule["actor"]:
            kind, id = actor["reference"].split("/")
            assert_resource(fhir(client, f"{base}/{kind}/{id}"), kind)
            kinds.append(kind)
        assert kinds == ["Location", "Practitioner"]


@pytest.mark.parametrize("query", ["_format=json", "_format=application/fhir+json", "_pretty=true", "_summary=false"])
def test_an_answer_can_be_asked_for_in_json(client: Client, clinic: Clinic, base: str, query: str):
    for path in ("metadata", "Slot", "Schedule", f"Location/{clinic.tenant.slug}", f"Schedule/{clinic.practitioners[0]}"):
        fhir(client, f"{base}/{path}?{query}")


def test_matches_can_be_counted_alone(client: Client, base: str):
    whole = fhir(client, f"{base}/Schedule")
    for query in ("_count=0", "_summary=count"):
        counted = fhir(client, f"{base}/Schedule?{query}")
        assert counted["total"] == whole["total"] > 0 and "entry" not in counted


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("Slot?start=demain", 400), ("Slot?_format=xml", 406), ("Patient", 404), ("Slot?%", 400), ("../../users", 400), ("Slot?status=libre", 400), ("Slot?couleur=bleu", 400), ("Slot/rien", 404),
        ("Slot?_count=1&_count=2", 400), ("Schedule/01890000-0000-7000-8000-000000000000", 404), ("Location/rien", 404),
    ])
def test_what_goes_wrong_is_an_outcome(client: Client, base: str, path: str, status: int):
    outcome = fhir(client, f"{base}/{path}", status)
    assert outcome["resourceType"] == "OperationOutcome"
    for issue in outcome["issue"]:
        assert issue["severity"] in ("fatal", "error", "warning", "information")
        assert issue["code"] in ISSUES
        assert issue["details"]["coding"][0]["code"] and issue["diagnostics"]


def test_a_closed_tenant_is_not_there(client: Client, stranger: Clinic):
    slug = stranger.tenant.slug
    assert fhir(client, f"/api/fhir/{slug}/Slot", 404)["resourceType"] == "OperationOutcome"
    assert slug not in json.dumps(manifest(client))
    assert_problem(client.get(f"/api/availability/bulk/slots/{slug}/2026-11-16"), 404)


def test_a_wrong_method_is_an_outcome(client: Client, base: str):
    answer = expect(client.request("DELETE", f"{base}/Slot"), 405)
    assert answer.media_type == "application/fhir+json" and answer.json["resourceType"] == "OperationOutcome"


# iCalendar, RFC 5545.


def feed(clinic: Clinic, practitioner: str) -> Answer:
    url = clinic.manage("POST", f"/api/practitioners/{practitioner}/feed")["url"]
    assert url.endswith(".ics")
    return expect(fetch(clinic.tenant.client, f"{url}?_=17"), 200)


def test_an_agenda_is_a_calendar_that_programs_read(clinic: Clinic):
    booked = clinic.book(clinic.instant(4, 9), patient())
    answer = feed(clinic, booked["practitioner"]["id"])
    assert answer.media_type == "text/calendar" and answer.headers["cache-control"] == "private, max-age=60"
    calendar = Calendar.from_ical(answer.body)
    assert calendar.errors == []
    (zone,) = calendar.walk("VTIMEZONE")
    assert zone.to_tz().utcoffset(datetime(2026, 12, 1)) == timedelta(hours=1)
    (event,) = (it for it in calendar.walk("VEVENT") if it["UID"].startswith(booked["id"]))
    assert event.errors == [] and event["DTSTART"].dt == moment(booked["start"]) and event["LOCATION"]


def test_an_empty_agenda_has_a_component(clinic: Clinic):
    new = clinic.manage("POST", "/api/practitioners", {"name": "Dr Nouveau", "hours": {}})["id"]
    calendar = Calendar.from_ical(feed(clinic, new).body)
    assert [it.name for it in calendar.subcomponents] == ["VTIMEZONE"] and calendar.errors == []
