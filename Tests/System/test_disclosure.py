"""What leaves for the telephone of a patient, for a display, for people of other roles and tenants, for subscribers of the
broker and for logs has nothing of another person: captured as it leaves, and searched."""

import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field

import pytest
from reception import Reception
from wiretap import ALL, SocketTap, Tap

from suite import stack
from suite.clinic import Clinic, patient
from suite.events import Auditor
from suite.people import Installation, expect, fresh
from suite.waiting import await_that

PREFIX = "QZX"
TOPICS = ("queue.#", "realtime.#", "booking.#", "identity.#")


@dataclass
class Person:
    """A patient with a ticket, and what only they and the staff may know."""

    name: str
    number: str
    ticket: str
    token: str
    code: str

    def secrets(self) -> dict[str, str]:
        return {"name": self.name, "token": self.token.partition(".")[2], "code": f'"{self.code}"'}

    def needles(self) -> dict[str, str]:
        digest = urlsafe_b64encode(hashlib.sha256(self.token.encode()).digest()).decode().rstrip("=")
        return self.secrets() | {"digest": digest, "ticket": self.ticket, "number": self.number}


@dataclass
class Story:
    """A morning in a waiting room, and those who listened."""

    people: list[Person]
    own: dict[str, list[Tap]] = field(default_factory=dict)
    displays: list[Tap] = field(default_factory=list)
    staff: list[Tap] = field(default_factory=list)
    outsiders: list[Tap] = field(default_factory=list)
    # Numbers that were called, or next, at some time.
    shown: set[str] = field(default_factory=set)
    events: list[bytes] = field(default_factory=list)
    secrets: dict[str, str] = field(default_factory=dict)
    # The name of the queue.
    queue: str = ""

    @property
    def followed(self) -> list[Person]:
        """Those whose telephones listen: the last of them changes the queue."""
        return [*self.people[:2], self.people[3]]

    @property
    def taps(self) -> list[Tap]:
        return [tap for taps in self.own.values() for tap in taps] + self.displays + self.staff + self.outsiders

    def others(self, number: str) -> dict[str, str]:
        return {f"{what} of {it.number}": text
                for it in self.people if it.number != number for what, text in it.needles().items()}


def found(needles: dict[str, str], text: str) -> set[str]:
    return {name for name, needle in needles.items() if needle in text}


def joined(line: Reception) -> Person:
    name = fresh("Zoubida")
    view = line.join(name)
    number = view["ticketNumber"]
    return Person(name, number, line.ticket(number), view["patientToken"], view["ticket"]["shortCode"])


def play(line: Reception, other: Reception, story: Story) -> None:
    """Everything that can happen to a line."""
    people = story.people

    def note() -> None:
        waiting = [it for it in line.ask("GET", f"{line.path}/tickets")["items"] if it["status"] == "waiting"]
        if waiting:
            story.shown.add(min(waiting, key=lambda it: it["place"])["ticketNumber"])

    def called() -> dict:
        note()
        ticket = line.call_next()
        story.shown.add(ticket["ticketNumber"])
        note()
        return ticket

    note()
    line.ask("POST", f"{line.path}/message", {"message": "Trente minutes de retard"})
    first = called()["id"]
    for verb in ("recall", "serve", "finish"):
        line.act(verb, first)
    second = called()["id"]
    for verb in ("no-show", "return", "hold", "resume"):
        line.act(verb, second)
        note()
    third = people[2]
    line.act("priority", third.ticket, {"priority": "priority"})
    note()
    for verb in ("late", "leave", "undo"):
        expect(line.tenant.client.request("POST", f"/queue/{third.token}/{verb}"), 200)
        note()
    line.act("transfer", people[3].ticket, {"queue": other.queue})
    note()
    line.ask("POST", f"{line.path}/close")
    line.ask("POST", f"{line.path}/open")


def listen(story: Story, line: Reception, stranger: Reception) -> dict:
    """Lets everyone listen, those who may and those who may not. Returns the display."""
    tenant, foreign, display = line.tenant, stranger.tenant.token("staff"), line.display()
    room, closed = f"display:{line.queue}", (f"clinic:{line.queue}", f"clinic:{tenant.slug}")
    for it in story.followed:
        story.own[it.number] = [tap([f"patient:{it.token}"]) for tap in ALL]
    story.displays = [tap([room], display["token"]) for tap in ALL] + [SocketTap([room], tenant.token("display"))]
    story.staff = [SocketTap([f"clinic:{line.queue}"], tenant.token("staff"))]
    for role in ("patient", "waiter", "cashier", "display"):
        story.outsiders += [tap([name], tenant.token(role)) for tap in ALL for name in closed]
    for name in (*closed, room, f"user:{tenant.user('staff').id}", f"clinic:{stranger.queue}"):
        story.outsiders += [tap([name], foreign) for tap in ALL]
    await_that(lambda: all('"waiting"' in tap.text for taps in story.own.values() for tap in taps), "no telephone listens")
    await_that(lambda: all('"queueName"' in tap.text for tap in story.displays + story.staff), "no display listens")
    return display


@pytest.fixture(scope="module")
def story(installation: Installation, stranger: Clinic) -> Iterator[Story]:
    clinic = Clinic.open(installation.tenant("discret"))
    tenant = clinic.tenant
    line, other = Reception.open(tenant, numberPrefix=PREFIX), Reception.open(tenant)
    with ExitStack() as ends:
        auditors = [ends.enter_context(Auditor(tenant.slug, topic=topic)) for topic in TOPICS]
        people, booked = [joined(line) for _ in range(6)], fresh("Meriem")
        clinic.book(clinic.instant(2, 9), patient(booked))
        story = Story(people, queue=line.ask("GET", line.path)["name"])
        ends.callback(lambda: [tap.close() for tap in story.taps])
        display = listen(story, line, Reception.open(stranger.tenant))
        story.secrets = {
            "join token": line.code(), "display token": display["token"].partition(".")[2],
            "name of the appointment": booked, "telephone": "551234567", "e-mail": tenant.user("staff").email, "access token": tenant.token("staff"),
        } | {f"{what} of {it.number}": text for it in people for what, text in it.secrets().items()}
        play(line, other, story)
        end = fresh("Fin")
        line.ask("POST", f"{line.path}/message", {"message": end})
        heard = [tap for it in story.followed[:2] for tap in story.own[it.number]]
        await_that(lambda: all(end in tap.text for tap in heard + story.displays + story.staff), "the end was not heard")
        await_that(lambda: any(end in event.body.decode() for event in auditors[0].events))
        story.events = [event.body for auditor in auditors for event in auditor.events]
        assert not [fault for auditor in auditors for fault in auditor.faults]
        yield story


def test_staff_see_every_ticket_so_the_search_finds_what_there_is(story: Story):
    seen = found(story.others(""), story.staff[0].text)
    for person in story.people:
        assert {f"number of {person.number}", f"ticket of {person.number}"} <= seen
    assert not {it for it in seen if it.split()[0] not in ("number", "ticket")}


def test_a_telephone_gets_nothing_of_another_person(story: Story):
    for number, taps in story.own.items():
        for tap in taps:
            assert number in tap.text
            assert not found(story.others(number) | {"token": tap.rooms[0].partition(".")[2]}, tap.text), tap


def test_a_display_gets_the_numbers_that_it_shows_and_nothing_else(story: Story):
    unseen = {it.number for it in story.people} - story.shown
    assert story.shown and unseen
    for tap in story.displays:
        seen = found(story.others(""), tap.text)
        assert {it for it in seen if it.split()[0] != "number"} == set(), tap
        assert {it.split()[-1] for it in seen} <= story.shown, tap


def test_people_of_other_roles_and_tenants_get_nothing(story: Story):
    needles = story.others("") | {"a number": PREFIX, "name of the queue": story.queue}
    await_that(lambda: all(tap.text for tap in story.outsiders), "not all were answered")
    for tap in story.outsiders:
        assert not found(needles, tap.text), (tap.rooms, tap.text[:500])


def test_events_have_no_names_and_no_tokens(story: Story):
    assert len(story.events) > 30
    assert {json.loads(it)["type"].split(".")[1] for it in story.events} >= {"queue", "realtime", "booking"}
    for event in story.events:
        assert not found(story.secrets, event.decode()), event


def test_logs_have_no_names_and_no_tokens(story: Story):
    # Beside those of the services and servers lie what the test runs have printed.
    files = [file for file in stack.LOGS.glob("*.log") if not file.name.startswith("test-")]
    assert {"queue-1.log", "realtime-1.log", "booking-1.log"} <= {file.name for file in files}
    for file in files:
        assert not found(story.secrets, file.read_text(errors="replace")), file
