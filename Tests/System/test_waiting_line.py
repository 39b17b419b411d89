"""A waiting line under attack: fifty counters call at once while processes of Queue, Realtime and the broker end."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from chaos import hall_verdict
from chaos.faults import Death, Fault, Pause
from chaos.hall import Hall
from suite.people import Installation
from suite.waiting import await_that

COUNTERS, CALLS = 50, 1000
# The processes, and for how many seconds each is away.
FAULTS: list[tuple[Fault, float]] = [
    (Death("queue-1"), 0.5), (Death("realtime-1"), 0.5), (Pause("queue-2"), 6), (Death("rabbitmq"), 0.5),
    (Death("realtime-2"), 0.5), (Pause("realtime-1"), 3), (Death("queue-2"), 0.5)]


@pytest.fixture(scope="module")
def scene(installation: Installation) -> Iterator[Hall]:
    tenant = installation.tenant("file")
    with ExitStack() as stack:
        scene = Hall.open(
            stack, tenant, COUNTERS, seed=11, pause=3, door_pause=0.5, doors=16, phones=1, displays=8,
            most_waiting=300, users=4)
        # How soon all is shown depends on the machine; the last test prints it.
        scene.bound_seconds = 15
        for door in scene.doors:
            door.start()
        await_that(lambda: scene.waiting >= COUNTERS, "no line forms")
        for clerk in scene.clerks:
            clerk.start()
        try:
            for fault, seconds in FAULTS:
                time.sleep(1.5)
                scene.interruptions.append(_inflict(fault, seconds))
            await_that(lambda: scene.calls >= CALLS, lambda: f"only {scene.calls} calls")
        finally:
            for worker in scene.workers:
                worker.stopping.set()
            for worker in scene.workers:
                worker.join()
        for operation in scene.journal.unknown:
            operation.resolve(scene.workers[0].client)
        # A failure is named by the test that looks for it.
        deadline = time.monotonic() + 60
        while list(hall_verdict.unrest(scene)) and time.monotonic() < deadline:
            time.sleep(0.5)
        yield scene


def _inflict(fault: Fault, seconds: float) -> tuple[float, float]:
    begun = time.monotonic()
    fault.begin()
    time.sleep(seconds)
    fault.end()
    return begun, time.monotonic()


@pytest.mark.parametrize("check", hall_verdict.CHECKS, ids=lambda check: check.__name__)
def test_a_line_is_called_in_order_and_shown_as_it_is(scene: Hall, check: Callable[[Hall], Iterator[str]]):
    assert scene.calls >= CALLS
    assert list(check(scene)) == []


def test_listeners_were_interrupted_and_came_back(scene: Hall, capsys: pytest.CaptureFixture[str]):
    with capsys.disabled():
        print(f"\n{hall_verdict.summary(scene)}")
    assert all(len(display.spells) > 1 for display in scene.displays)
