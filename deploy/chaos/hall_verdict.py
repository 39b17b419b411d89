"""What must be true of a waiting room: of everything that was shown during the faults, and when all is quiet again.

A screen or a phone shows what was committed within two seconds. Time does not count while a process is away that the
line needs, nor until a client that comes back has the first state: the two seconds begin then. The short form allows more.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from chaos.chronicle import Chronicle
from chaos.hall import Hall
from suite import database
from suite.line_history import Face, LineHistory, Turn, differences_from_the_database, wrong_numbers
from suite.listeners import Heard, Listener, Spell


def summary(hall: Hall) -> str:
    """What a report says of it."""
    found = sorted(delay.seconds for delay in delays(hall)) or [0]
    connections = sum(len(listener.spells) for listener in hall.listeners)
    return (
        f"{hall.calls} calls were followed by {len(hall.listeners)} listeners on {connections} connections, "
        f"{found[int(len(found) * 0.99)]:.2f} s behind in 99 of 100 moments, {found[-1]:.2f} s at most.")


def unrest(hall: Hall) -> Iterator[str]:
    """What is still on its way."""
    version = database.value(f"SELECT line_version FROM queues WHERE id = '{hall.room.queue}'", hall.schema)
    if (arrived := len([e for e in list(hall.auditor.events) if e.subject == f"line/{hall.room.queue}"])) != version:
        yield f"{arrived} events of the {version} of the line have arrived"
        return
    history = hall.history()
    for listener in hall.listeners:
        if listener.is_stopped or listener.gone is not None:
            continue
        if not listener.is_connected:
            yield f"a {listener} is not connected"
        elif wrong := _difference(listener, listener.last, history, version):
            yield wrong


def _difference(listener: Listener, state: dict, history: LineHistory, version: int) -> str | None:
    """How a state differs from that of the line at a version."""
    if listener.room.startswith("display:"):
        shown, wanted = Face.shown(state), history.faces[version]
    else:
        shown, wanted = Turn.shown(state), history.turn(_ticket(listener, history), version)
        if shown.agrees(wanted):
            return None
    return None if shown == wanted else f"a {listener} shows {shown} at version {version}, not {wanted}"


def _ticket(phone: Listener, history: LineHistory) -> str:
    return history.ticket_of(phone.room.removeprefix("patient:"))


def the_log_is_what_was_announced(hall: Hall) -> Iterator[str]:
    """Each change once, in order, and none that was not committed."""
    history = hall.history()
    yield from history.faults
    yield from hall.auditor.faults
    yield from differences_from_the_database(history, hall.schema)


def each_call_has_one_counter_and_one_ticket(hall: Hall) -> Iterator[str]:
    history = hall.history()
    answered = Counter(
        operation.answer.json["ticket"]["id"] for operation in hall.journal.of("call")
        if operation.outcome == "ok" and operation.answer.json.get("ticket"))
    called = Counter(history.called)
    for id in answered.keys() | called.keys():
        if answered[id] != called[id]:
            yield f"ticket {id} was called {called[id]} times, and {answered[id]} counters were answered so"


def the_first_in_line_is_called(hall: Hall) -> Iterator[str]:
    for number in hall.history().overtaken:
        yield f"{number} was called before its turn"


def numbers_are_unique_and_have_no_gaps(hall: Hall) -> Iterator[str]:
    yield from wrong_numbers(hall.room.queue, hall.schema)
    joined = [operation for operation in hall.journal.of("join", "walk in") if operation.outcome == "ok"]
    tokens = {operation.answer["patientToken"] for operation in joined}
    stored = database.value(f"SELECT count(*) FROM tickets WHERE queue = '{hall.room.queue}'", hall.schema)
    if not len(tokens) == len(joined) == stored:
        yield f"{len(joined)} patients got {len(tokens)} tokens and {stored} tickets"


def every_state_that_was_shown_was_true(hall: Hall) -> Iterator[str]:
    history = hall.history()
    for listener in hall.listeners:
        yield from (f"a {listener} was refused: {refusal}" for refusal in listener.refusals)
        for heard in listener.states:
            version = heard.payload["version"]
            if version > history.version:
                yield f"a {listener} was sent version {version}, which never happened"
            elif wrong := _difference(listener, heard.payload, history, version):
                yield wrong


def no_phone_was_sent_away_before_its_ticket_ended(hall: Hall) -> Iterator[str]:
    history = hall.history()
    for phone in hall.phones:
        if phone.gone is not None and phone.last:
            version = hall.chronicle.version_after(phone.gone) or history.version
            if not (turn := history.turn(_ticket(phone, history), version)).is_over:
                yield f"a {phone} was sent away at version {version}, when it was {turn}"


def no_listener_went_back_in_time(hall: Hall) -> Iterator[str]:
    """Within one connection; on the next one the client applies what is not older than what it has."""
    for listener in hall.listeners:
        for spell in listener.spells:
            versions = [h.payload["version"] for h in listener.states if spell.begun <= h.at <= spell.ended]
            if versions != sorted(versions):
                yield f"a {listener} was sent {versions}"


def no_answer_was_strange(hall: Hall) -> Iterator[str]:
    for answer, count in hall.journal.strange.items():
        yield f"{count} times {answer}"
    for operation in hall.journal.unknown:
        yield f"{operation.kind} {operation.key}: {operation.answer!r}"


def nothing_was_shown_late(hall: Hall) -> Iterator[str]:
    yield from (str(delay) for delay in delays(hall) if delay.seconds > hall.bound_seconds)


def the_line_ends_right(hall: Hall) -> Iterator[str]:
    yield from unrest(hall)


CHECKS = [
    the_log_is_what_was_announced, each_call_has_one_counter_and_one_ticket, the_first_in_line_is_called,
    numbers_are_unique_and_have_no_gaps, every_state_that_was_shown_was_true,
    no_phone_was_sent_away_before_its_ticket_ended, no_listener_went_back_in_time,
    nothing_was_shown_late, no_answer_was_strange, the_line_ends_right,
]


@dataclass(frozen=True)
class Delay:
    """How far a listener was behind."""

    listener: Listener
    at: float
    seconds: float

    def __str__(self) -> str:
        return f"a {self.listener} was {self.seconds:.1f} s behind"


def delays(hall: Hall) -> list[Delay]:
    """How long after each commit each connected listener showed it, or something newer. Time counts from the first state of
    the connection, and from the end of an interruption, if that is later."""
    history, found = hall.history(), []
    for listener in hall.listeners:
        states = listener.states
        for spell in listener.spells:
            heard = [heard for heard in states if spell.begun <= heard.at <= spell.ended]
            for moment, version in _commits(hall.chronicle, spell):
                shown = next(
                    (at for at, state in _shown(heard, max(moment, spell.begun))
                     if _includes(listener, state, history, version, hall.chronicle.version_after(at))),
                    min(spell.ended, hall.chronicle.samples[-1][0]))
                back = [end for begin, end in hall.interruptions if moment < end and begin < shown]
                begun = max(moment, spell.begun, *back)
                found.append(Delay(listener, begun, max(0, shown - begun)))
    return found


def _commits(chronicle: Chronicle, spell: Spell) -> Iterator[tuple[float, int]]:
    """The versions that are committed during a spell, and the last one before it."""
    last = -1
    samples = list(chronicle.samples)
    first = max(0, bisect_right(samples, (spell.begun, 0)) - 1)
    for moment, version in samples[first:]:
        if moment >= spell.ended:
            return
        if version != last:
            yield moment, version
        last = version


def _shown(heard: list[Heard], since: float) -> Iterator[tuple[float, dict]]:
    """What is shown at a moment, and from when on what is shown later."""
    first = max(0, bisect_right(heard, since, key=lambda each: each.at) - 1)
    yield from ((max(since, each.at), each.payload) for each in islice(heard, first, None))


def _includes(listener: Listener, state: dict, history: LineHistory, version: int, latest: int | None) -> bool:
    """Whether a state is that of a version or of a later one. A patient is sent only what has changed for them."""
    if listener.room.startswith("display:"):
        return state["version"] >= version
    turns = history.turns_between(_ticket(listener, history), version, latest or history.version)
    return any(Turn.shown(state).agrees(turn) for turn in turns)
