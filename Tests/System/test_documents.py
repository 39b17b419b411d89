"""The commands of the documents do what they say, for a clinic of the demo."""

import os
import re
import secrets
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from demo import agenda, kept, people
from demo.person import Person

from suite import one_time, stack
from suite.clinic import Clinic
from suite.people import Tenant
from suite.waiting import PATIENCE_SECONDS, await_that

FOLDERS = (".", "docs", "docs/adr", "Services/*", "deploy")
BLOCK = re.compile(
    r"(?:<!-- not run by the tests: (?P<reason>.+) -->\n)?^ *```(?P<language>\w+)\n(?P<text>.*?)^ *```$", re.M | re.S)
LONGEST_SECONDS = 300
# What the output of a document must say beside that every command succeeded.
OUTPUTS = {
    "docs/api.md": [
        '"code": "slot-taken"', '"alternatives": [', '"cancelled"', '"status": "confirmed"', '"raised": 0',
        '"slug": "clinique-', "\n10\n", '"isOpen": true', '"staff"', '"actor":"service_account"',
        'scope="patients:read"', '{"ticketNumber":"A001","position":1}', '"counter":"Cabinet 1"', '"finished"'],
    "docs/development.md": ["ey"],
    "docs/events.md": ['"queue": "sub.cabinet-daboussy.rappels-', "\n43\n"],
    "docs/interoperability.md": ['"type": "Location"', '"resourceType": "Bundle"', '"resourceType": "Schedule"'],
    "docs/operations.md": ['"http_route"', "0 replayed", "no such message", "generation "],
    "README.md": ["==> make test"],
}
# `make test` contains this test, and `make demo` builds: of these only is seen that they are commands of the Makefile.
PRELUDE = """set -Eeuo pipefail
trap 'echo "failed: $BASH_COMMAND" >&2' ERR
make() { command make --dry-run "$@" > /dev/null && echo "==> make $*"; }
"""


@dataclass(frozen=True)
class Block:
    """Commands of a document, in a language; why they are not run, if they are not."""

    language: str
    text: str
    reason: str | None


def blocks(document: str) -> list[Block]:
    found = BLOCK.finditer((stack.ROOT / document).read_text())
    return [Block(match["language"], match["text"], match["reason"]) for match in found]


def documents() -> Iterator[str]:
    for folder in FOLDERS:
        yield from sorted(str(path.relative_to(stack.ROOT)) for path in stack.ROOT.glob(f"{folder}/*.md"))


def with_commands(*languages: str) -> list[str]:
    return [it for it in documents() if any(block.language in languages for block in blocks(it))]


@pytest.fixture(scope="module", autouse=True)
def team() -> dict[str, Person]:
    """The people of the demo's clinic, which has its calendar and is open to the public."""
    if kept.secret("password") is None:
        kept.keep("password", secrets.token_urlsafe(18))
    clinic, _ = people.clinics()
    people.open_clinic(people.log_operator_in(), clinic)
    team = people.hire(clinic, {"manager": "Samia Belkacem", "staff": "Mourad Saïdi"})
    agenda.set_up(team["manager"], clinic)
    users = {role: person.user for role, person in team.items()}
    tenant = Tenant(team["admin"].client, "", clinic.slug, users)
    Clinic(tenant, [], "").publish(clinic.city, phone=clinic.phone(0))
    return team


def run(script: str, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {name: text for name, text in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    return subprocess.run(
        [*command, script], cwd=stack.ROOT, env=environment | variables, capture_output=True, text=True,
        timeout=LONGEST_SECONDS, check=False)


@pytest.mark.parametrize("document", with_commands("bash", "sh"))
def test_the_commands_of_a_document_succeed_in_their_order(document: str):
    texts = [block.text for block in blocks(document) if block.language in ("bash", "sh") and not block.reason]
    if any("deploy/demo/code" in text for text in texts):
        one_time.wait_for_next_step()  # The code of the present step was used to open the clinic.
    done = run(PRELUDE + "\n".join(texts), "bash", "-c")
    assert done.returncode == 0, f"{done.stderr[-2000:]}\n{done.stdout[-2000:]}"
    for output in OUTPUTS.get(document, []):
        assert output in done.stdout, done.stdout[-4000:]


@pytest.mark.parametrize("document", with_commands("sql"))
def test_the_statements_of_a_document_are_carried_out(document: str):
    for block in blocks(document):
        if block.language == "sql":
            done = run(block.text, "psql", stack.ENVIRONMENT["GUICHET_SUITE_POSTGRES_URL"], "-qX", "-v",
                       "ON_ERROR_STOP=1", "-c")
            assert done.returncode == 0, f"{done.stderr}\n{block.text}"


def test_the_subscriber_of_events_md_receives_what_happens(team: dict[str, Person], tmp_path: Path):
    admission, program = (
        next(block.text for block in blocks("docs/events.md") if block.language == language)
        for language in ("bash", "python"))
    one_time.wait_for_next_step()
    done = run(f"{PRELUDE}{admission}\necho $ID $QUEUE $AMQP_URL $CA_FILE", "bash", "-c")
    assert done.returncode == 0, done.stderr
    id, queue, address, authority = done.stdout.split()[-4:]
    received, errors = tmp_path / "received", tmp_path / "errors"
    with received.open("w") as output, errors.open("w") as complaints:
        subscriber = subprocess.Popen(
            [sys.executable, "-c", program], stdout=output, stderr=complaints,
            env=os.environ | {
                "QUEUE": queue, "AMQP_URL": address, "CA_FILE": authority, "STORE": str(tmp_path / "store")})
        try:
            def has_heard() -> bool:
                assert subscriber.poll() is None, errors.read_text()
                book_and_cancel(team["staff"])
                return "applied guichet.booking.appointment." in received.read_text()

            await_that(has_heard, f"the subscriber receives nothing: {errors.read_text()}")
        finally:
            subscriber.terminate()
            subscriber.wait(PATIENCE_SECONDS)
    team["admin"].delete(f"/api/subscribers/{id}")


def book_and_cancel(staff: Person) -> None:
    days = [(datetime.now(timezone.utc) + timedelta(days=day)).strftime("%Y-%m-%dT%H:%M:%SZ") for day in (20, 40)]
    slot = staff.get("/api/slots", careType="consultation", **{"from": days[0], "to": days[1]}, limit=1)["slots"][0]
    patient = {"name": "Amina Kaci", "phone": "+213550123456"}
    made = staff.post(
        "/api/appointments/create", {"careType": "consultation", "start": slot["start"], "patient": patient})
    staff.delete(f"/api/appointments/{made['id']}")


@pytest.mark.parametrize("document", with_commands("bash", "sh", "sql"))
def test_blocks_that_are_not_run_say_why(document: str):
    assert len([block for block in blocks(document) if block.reason]) <= 1
