"""Tenants lie on several database servers. One that is away is the trouble of its own tenants."""

from suite import database, stack
from suite.clinic import Clinic, patient
from suite.http import Client
from suite.people import Installation, expect
from suite.waiting import await_that


def is_free(clinic: Clinic, hour: int, replica: Client) -> bool:
    """Whether that replica of Availability shows the slot as free."""
    query = {
        "careType": "consultation", "practitioner": clinic.practitioners[0], "from": clinic.instant(2, hour),
        "to": clinic.instant(2, hour, 30)}
    return bool(expect(replica.get("/api/availability/slots", clinic.tenant.token(), **query), 200).json["slots"])


def test_what_is_published_of_others_goes_on_while_a_server_is_away(installation: Installation):
    here, there = (
        Clinic.open(installation.tenant(word, database=server), practitioners=1)
        for word, server in (("ici", "main"), ("ailleurs", "second")))
    replicas = [Client(address) for address in stack.replicas("availability")]
    for clinic in (here, there):
        await_that(
            lambda: all(is_free(clinic, 9, replica) for replica in replicas), "a calendar is not published")

    # Nobody has seen the bookings when the server goes.
    for number in range(1, len(replicas) + 1):
        stack.act("pause", f"availability-{number}")
    try:
        for hour in range(9, 15):
            there.book(there.instant(2, hour), patient())
        unpublished = "SELECT count(*) FROM outbox WHERE published_at IS NULL"
        await_that(
            lambda: database.value(unpublished, there.tenant.schema("booking"), "second") == 0,
            "the relay has not sent the bookings")
        stack.act("kill", "postgres-second")
        here.book(here.instant(2, 9), patient())
    finally:
        for number in range(1, len(replicas) + 1):
            stack.act("cont", f"availability-{number}")
    try:
        for hour in 9, 10:
            await_that(
                lambda: not any(is_free(here, hour, replica) for replica in replicas), "others wait for the server")
            here.book(here.instant(2, hour + 1), patient())
    finally:
        stack.act("start", "postgres-second")

    await_that(lambda: there.tenant.client.get("/api/slots", there.tenant.token(), careType="consultation", **{
        "from": there.instant(3, 9), "to": there.instant(3, 10)}).status == 200, "the server is not used again")
    # What was put aside comes by itself.
    await_that(
        lambda: not any(is_free(there, hour, replica) for hour in range(9, 15) for replica in replicas),
        "what was put aside is lost")
    assert stack.output("availability", "parked") == ""
