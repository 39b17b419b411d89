"""Programs that others generate from the descriptions work: each plays a visit to the counter."""

import json
import subprocess
import uuid
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from clients import generator, python_client
from clients.visit import Appointment, Counter, Refusal

from suite import contract
from suite.clinic import Clinic
from suite.people import Installation

GENERATORS = {
    "openapi-python-client": (python_client.generate, python_client.PythonClient),
    "openapi-generator": (generator.generate, generator.GeneratedClient),
}


@pytest.fixture(scope="module")
def practice(installation: Installation) -> Clinic:
    return Clinic.open(installation.tenant("clients"), practitioners=1)


@pytest.fixture(params=GENERATORS.values(), ids=GENERATORS)
def counter(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Counter:
    generate: Callable[[Path, str, Path], None]
    generate, client = request.param
    for service, description in contract.documents().items():
        file = tmp_path / f"{service}.json"
        file.write_text(json.dumps(description))
        try:
            generate(file, service, tmp_path)
        except subprocess.CalledProcessError as failure:
            pytest.fail(f"{service}: {failure.stdout[-3000:]}{failure.stderr[-3000:]}")
    monkeypatch.syspath_prepend(tmp_path)
    return client()


def test_a_generated_client_plays_a_visit(counter: Counter, practice: Clinic):
    user = practice.tenant.user("staff")
    counter.log_in(user.tenant, user.email, user.password)
    start, practitioner = counter.free_slot("consultation", instant(practice, 2), instant(practice, 9))

    booked = counter.book("consultation", start, practitioner, str(uuid.uuid4()))
    assert isinstance(booked, Appointment) and (booked.status, booked.start) == ("confirmed", start)

    refused = counter.book("consultation", start, practitioner, str(uuid.uuid4()))
    assert isinstance(refused, Refusal) and refused.code == "slot-taken"
    assert len(refused.alternatives) == 3 and start not in refused.alternatives

    moved = counter.reschedule(booked, refused.alternatives[0], str(uuid.uuid4()))
    assert (moved.id, moved.start) == (booked.id, refused.alternatives[0])
    assert moved.tag != booked.tag

    assert counter.cancel(moved).status == "cancelled"


def instant(clinic: Clinic, day: int) -> datetime:
    return datetime.fromisoformat(clinic.instant(day, 0))
