"""The trace of a request, given by the caller, is found in everything that the request causes."""

import json
import secrets

import pytest

from suite import database, stack
from suite.clinic import Clinic, patient
from suite.events import Auditor, Received
from suite.http import Client
from suite.people import Installation, expect, key
from suite.waiting import await_that


@pytest.fixture(scope="module")
def clinic(installation: Installation) -> Clinic:
    return Clinic.open(installation.tenant("trace"))


def logged(pattern: str, member: str, trace: str, count: int) -> list[dict]:
    """The lines of that trace, once there are so many: the gateway writes a line when all is said."""

    def lines() -> list[dict]:
        return [
            json.loads(line)
            for file in stack.LOGS.glob(pattern) for line in file.read_text(errors="replace").splitlines() if trace in line
        ]

    await_that(lambda: len(lines()) >= count, lambda: f"{pattern} has {lines()} of the trace")
    found = lines()
    assert all(line[member] == trace for line in found), found
    return found


def test_a_booking_is_one_trace_from_the_gateway_to_the_day_that_it_changes(clinic: Clinic, client: Client):
    trace, parent, tenant = secrets.token_hex(16), secrets.token_hex(8), clinic.tenant
    given = {"traceparent": f"00-{trace}-{parent}-01"}
    body = {"careType": "consultation", "start": clinic.instant(2, 9), "patient": patient()}
    with Auditor(tenant.slug) as booking, Auditor(tenant.slug, topic="availability.day.#") as availability:
        answer = client.request(
            "POST", "/api/appointments/create", token=tenant.token(), json_body=body, headers=key() | given)
        booked = expect(answer, 201).json
        (event,) = booking.await_events(booked["id"], 1)

        def caused() -> list[Received]:
            return [e for e in list(availability.events) if e.event.get_extension("causationid") == event.id]

        await_that(caused, "Availability announced no day because of the booking")
        days = caused()

    (line,) = logged("gateway.log", "trace", trace, 1)
    assert (line["path"], line["status"]) == ("/api/appointments/create", 201)
    (line,) = logged("booking-*.log", "trace_id", trace, 1)
    assert (line["message"], line["http_route"], line["http_status"]) == ("request", "/api/appointments/create", 201)
    # The service is a span of its own below the caller's.
    assert line["span_id"] != parent

    assert event.event.get_extension("traceparent") == f"00-{trace}-{line['span_id']}-01"
    assert event.headers["cloudEvents_traceparent"] == event.event.get_extension("traceparent")
    assert event.event.get_extension("correlationid") == trace
    # A day is processed once its changes are committed, several events at a time: it names them and their trace.
    assert [day.event.get_extension("correlationid") for day in days] == [trace]
    correlations = database.rows(
        f"SELECT DISTINCT correlation FROM publications WHERE event_id = '{event.id}'", tenant.schema("availability"))
    assert correlations == [{"correlation": trace}]


def test_who_looked_at_a_record_is_noted_with_the_trace(clinic: Clinic, client: Client):
    trace, tenant = secrets.token_hex(16), clinic.tenant
    booked = clinic.book(clinic.instant(2, 10), patient())
    given = {"traceparent": f"00-{trace}-{secrets.token_hex(8)}-00"}
    expect(client.request("GET", f"/api/patients/{booked['patientId']}", token=tenant.token(), headers=given), 200)
    noted = database.rows(f"SELECT patient FROM access_audit WHERE trace_id = '{trace}'", tenant.schema("booking"))
    assert noted == [{"patient": booked["patientId"]}]


@pytest.mark.parametrize(
    "given",
    [
        "", "00-abc", f"00-{'0' * 32}-{'1' * 16}-01", f"00-{'a' * 32}-{'0' * 16}-01", f"ff-{'a' * 32}-{'1' * 16}-01",
        f"00-{'A' * 32}-{'1' * 16}-01", f"00-{'a' * 32}-{'1' * 16}-01-more",
    ])
def test_a_trace_that_is_none_is_replaced_by_one_in_all_logs(clinic: Clinic, client: Client, given: str):
    path, tenant = f"/api/patients/{clinic.tenant.id}", clinic.tenant
    answer = client.request("GET", path, token=tenant.token(), headers={"traceparent": given})
    request = expect(answer, 404).headers["x-request-id"]
    (line,) = logged("gateway.log", "request", request, 1)
    assert line["trace"] not in given and len(logged("booking-*.log", "trace_id", line["trace"], 1)) == 1
