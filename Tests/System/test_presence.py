"""Staff see which phones and displays listen, whatever process of Realtime these and the staff are connected to."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from suite import stack
from suite.listeners import Listener, Listening, SocketIOListener, SocketListener, StreamListener
from suite.people import Tenant, expect
from suite.silent_path import SilentPath
from suite.waiting import await_that
from suite.waiting_room import WaitingRoom

# Two processes, as on two machines.
HERE, THERE = stack.replicas("realtime")


class Desk:
    """What a member of staff sees of a line."""

    def __init__(self, listener: Listener):
        self.listener = listener

    def phones(self) -> set[str]:
        """The numbers of the tickets whose phones are connected."""
        state = self.listener.last or {"entries": []}
        return {entry["ticketNumber"] for entry in state["entries"] if entry["isConnected"]}

    def displays(self) -> set[str]:
        return set((self.listener.last or {"connectedDisplays": []})["connectedDisplays"])

    def sees(self, phones: set[str], displays: set[str]) -> None:
        await_that(
            lambda: self.phones() == phones and self.displays() == displays,
            lambda: f"staff see {self.phones()} and {self.displays()}, not {phones} and {displays}")


@dataclass
class Scene:
    """Phones by the numbers of their tickets, and displays by their ids."""

    room: WaitingRoom
    tokens: dict[str, str]
    phones: dict[str, Listener]
    displays: dict[str, Listener]
    desks: list[Desk]
    paths: list[SilentPath]

    def is_seen_as(self, *away: Listener) -> None:
        """Waits until each desk sees all as connected but these."""
        phones, displays = (
            {name for name, listener in listeners.items() if listener not in away}
            for listeners in (self.phones, self.displays))
        for desk in self.desks:
            desk.sees(phones, displays)

    def is_shown_as_it_is(self) -> None:
        """Waits until each phone shows what the database has, and the displays the same."""
        first, *others = self.displays.values()
        await_that(lambda: all(other.last == first.last for other in others), "displays differ")
        for number, phone in self.phones.items():
            stored = expect(self.room.tenant.client.get(f"/queue/{self.tokens[number]}"), 200).json
            members = ("status", "position", "message")
            wanted = [stored.get(member) for member in members]
            await_that(
                lambda: [phone.last.get(member) for member in members] == wanted,
                lambda: f"a {phone} shows {phone.last}, not {wanted}")


@pytest.fixture(scope="module")
def scene(tenant: Tenant) -> Iterator[Scene]:
    room = WaitingRoom.open(tenant)
    with ExitStack() as block:
        listening = block.enter_context(Listening())
        far, near, outside = (block.enter_context(SilentPath(to)) for to in (THERE, HERE, stack.GATEWAY))
        tickets = [room.join() for _ in range(5)]
        rooms = [f"patient:{ticket['patientToken']}" for ticket in tickets]
        (first, token), (second, other) = room.display(), room.display()
        shown = f"display:{room.queue}"
        phones = [
            SocketListener(rooms[0], address=far.address), SocketIOListener(rooms[1], address=far.address, polls=True),
            SocketListener(rooms[2], address=near.address), StreamListener(rooms[3], address=outside.address),
            StreamListener(rooms[4], address=THERE)]
        displays = [SocketIOListener(shown, token, far.address), SocketIOListener(shown, other, HERE)]
        for listener in (*phones, *displays):
            listening.add(listener)
        await_that(lambda: all(each.is_connected for each in (*phones, *displays)), "they are not connected")
        # Those who ask later learn of those who were there before.
        staff = [SocketListener(f"clinic:{room.queue}", tenant.token(), address) for address in (HERE, THERE)]
        yield Scene(
            room, {ticket["ticketNumber"]: ticket["patientToken"] for ticket in tickets},
            {ticket["ticketNumber"]: phone for ticket, phone in zip(tickets, phones)},
            {first: displays[0], second: displays[1]}, [Desk(listening.add(each)) for each in staff],
            [far, near, outside])
        assert [each.refusals for each in (*phones, *displays, *staff) if each.refusals] == []


def test_staff_see_who_falls_silent_and_these_come_back_with_the_present_state(scene: Scene):
    scene.is_seen_as()
    *silent, reachable = scene.phones.values()
    lost, kept = scene.displays.values()
    for path in scene.paths:
        path.silence()
    assert scene.room.call_next()["ticketNumber"] == next(iter(scene.phones))
    # Nothing of it is taken by those who are silent, and no one else waits for them.
    for number in range(20):
        text = f"{number} minutes de retard " + "." * 200
        scene.room.manage("POST", f"{scene.room.path}/message", {"message": text})
    await_that(lambda: (reachable.last["position"], reachable.last.get("message")) == (4, text), "a phone hears nothing")
    await_that(lambda: kept.last["message"] == text, "a display hears nothing")
    scene.is_seen_as(*silent, lost)
    for path in scene.paths:
        path.heal()
    scene.is_seen_as()
    scene.is_shown_as_it_is()


def test_staff_see_that_those_of_a_process_that_ended_are_away(scene: Scene):
    scene.is_seen_as()
    desk, other = scene.desks
    scene.desks = [desk]
    stack.act("kill", "realtime-2")
    try:
        *_, last = scene.phones.values()
        await_that(lambda: not last.is_connected, "its connections do not end")
        # What the process has said last would be believed for longer.
        (number, id), *_ = zip(scene.phones, scene.displays)
        await_that(
            lambda: number not in desk.phones() and id not in desk.displays(), "they are seen for too long", 30)
    finally:
        stack.act("start", "realtime-2")
        scene.desks = [desk, other]
    scene.is_seen_as()
    scene.is_shown_as_it_is()
