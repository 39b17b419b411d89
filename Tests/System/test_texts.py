"""Text that is too long, cannot be seen or turns its line is refused wherever a request may have text.

The places come from the OpenAPI documents: a member that is added is tried without a word here.
"""

import copy
import json
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from conftest import operations
from resources import Resources

from suite import database, stack
from suite.clinic import Clinic
from suite.contract import Operation
from suite.http import Answer, Client
from suite.people import TENANT_ROLES, Installation, expect, fresh

TEXTS = {
    "marks": "e" + "\u0301" * 28_000, "direction": "Ami\u202ena", "zero width": "Ami\u200bna", "isolate": "\u2066Amina\u2069",
    "line": "Ami\u2028na", "nul": "Ami\0na", "nothing": "\u3164"}
# What a request with such a text is answered.
REFUSALS = {"invalid-body", "booking-invalid", "time-zone-unknown", "database-unknown"}
# Compared with what is stored, or hashed: any short text may be one.
SECRETS = {"password", "currentPassword", "newPassword", "code", "ticket", "refreshToken", "secret", "token"}

# A mark given a function alone would decorate it.
only = pytest.mark.only.with_args
Place = tuple[str | int, ...]


def takes_body(operation: Operation) -> bool:
    return operation.body_schema is not None


def texts(operation: Operation, schema: dict, place: Place = ()) -> Iterator[tuple[Place, dict]]:
    """The places of a body that take text, with their schemas."""
    schema = operation.resolved(schema)
    choices = schema.get("anyOf", schema.get("oneOf"))
    if choices:
        for choice in choices:
            yield from texts(operation, choice, place)
    elif schema.get("type") == "object":
        for name, member in schema.get("properties", {}).items():
            yield from texts(operation, member, (*place, name))
        if isinstance(schema.get("additionalProperties"), dict):
            yield from texts(operation, schema["additionalProperties"], (*place, "monday"))
    elif schema.get("type") == "array":
        yield from texts(operation, schema["items"], (*place, 0))
    elif schema.get("type") == "string" and "enum" not in schema and not schema.get("readOnly"):
        yield place, schema


def body_with(operation: Operation, place: Place, text: str) -> object:
    """The smallest body that has the text in that place."""
    body = copy.deepcopy(operation.body())
    value, schema = body, operation.resolved(operation.body_schema)
    for step, following in zip(place, (*place[1:], None)):
        schema = operation.part(schema, step)
        if following is None:
            new = text
        elif isinstance(value, list) and value or isinstance(value, dict) and step in value:
            new = value[step]
        else:
            new = operation.sample(schema, str(step))
        if isinstance(value, list):
            value[:] = [new]
        else:
            value[step] = new
        value = new
    return body


def send(client: Client, operation: Operation, clinic: Clinic, path: str, body: object) -> Answer:
    token = clinic.tenant.token(operation.role) if operation.role else None
    # As UTF-8: escaped, the longest text would be more than a body may have.
    answer = client.request(
        operation.method, path, token=token, body=json.dumps(body, ensure_ascii=False).encode(),
        headers={"Content-Type": "application/json", **operation.headers()})
    assert answer.status in operation.responses, f"{operation} does not document {answer!r}"
    return answer


@pytest.fixture(scope="module")
def place_of_texts(installation: Installation) -> Clinic:
    """A clinic whose data does not matter, with everything that a request can replace."""
    clinic = Clinic.open(installation.tenant("textes"))
    office = {"isOpen": False, "city": "Alger", "latencyLimitMilliseconds": 2000}
    expect(clinic.tenant.client.request(
        "PUT", "/api/availability/office", token=clinic.tenant.token("admin"), json_body=office), 200, 201)
    return clinic


@pytest.fixture(scope="module")
def resources(place_of_texts: Clinic) -> Resources:
    return Resources(place_of_texts)


@pytest.fixture
def path(operation: Operation, resources: Resources, place_of_texts: Clinic) -> str:
    """The target of the operation, with something stored if it names that. Routes for anyone name the tenant."""
    if operation.roles is None:
        return operation.target(place_of_texts.tenant.slug)
    return operation.target(resources.make(operation)) if operation.resource_name else operation.target()


@only(takes_body)
def test_a_text_that_no_one_can_read_is_refused(
    operation: Operation, path: str, client: Client, place_of_texts: Clinic
):
    for place, schema in texts(operation, operation.body_schema):
        for kind, text in TEXTS.items():
            answer = send(client, operation, place_of_texts, path, body_with(operation, place, text))
            told = f"{operation} {place} {kind}: {answer!r}"
            assert 400 <= answer.status < 500, told
            if place[-1] not in SECRETS:
                assert answer.problem_kind in REFUSALS, told
            elif kind == "marks":
                # Too many: by those of the other texts.
                assert answer.problem_kind in (
                    "invalid-body", "password-refused", "too-many-attempts", "not-found", "join-token-refused"), told


@only(lambda operation: any(is_text(parameter) for parameter in operation.parameters))
def test_such_a_text_in_a_query_is_refused_or_finds_nothing(
    operation: Operation, path: str, client: Client, place_of_texts: Clinic
):
    token = place_of_texts.tenant.token(operation.role) if operation.role else None
    for parameter in filter(is_text, operation.parameters):
        for kind, text in TEXTS.items():
            # The gateway ends the connection of a head over 16 KiB.
            query = urlencode({parameter["name"]: text[:2000]})
            answer = client.request(
                operation.method, f"{path}{'&' if '?' in path else '?'}{query}", token=token,
                headers=operation.headers())
            assert answer.status < 500, f"{operation} {parameter['name']} {kind}: {answer!r}"


def is_text(parameter: dict) -> bool:
    return parameter["in"] == "query" and parameter["schema"].get("type") == "string" and "enum" not in parameter["schema"]


def test_nothing_of_it_is_stored(place_of_texts: Clinic):
    schemas = stack.services() + [
        place_of_texts.tenant.schema(service) for service in stack.services()]
    for schema in schemas:
        content = database.dump(schema)
        for kind, text in TEXTS.items():
            assert text.replace("\0", "") not in content, f"{schema} has {kind}"
        assert "\u0301" * 200 not in content and "\u202e" not in content and "\u200b" not in content, schema


@only(lambda operation: takes_body(operation) and operation.role in TENANT_ROLES)
def test_a_text_of_the_documented_length_fits_every_column(
    operation: Operation, path: str, client: Client, place_of_texts: Clinic
):
    for place, schema in texts(operation, operation.body_schema):
        if "pattern" in schema or "format" in schema or place[-1] in SECRETS:
            continue
        for length, fits in ((schema["maxLength"], True), (schema["maxLength"] + 1, False)):
            body = body_with(operation, place, "𝔸" * length)
            answer = send(client, operation, place_of_texts, path, body)
            assert answer.status < 500, f"{operation} {place} {length}: {answer!r}"
            assert fits or answer.status >= 400, f"{operation} {place} {length}: {answer!r}"


@pytest.mark.parametrize("server", ["main", "second"])
def test_the_log_of_the_database_has_no_row(server: str):
    mark = fresh("ligne").replace("-", "")
    # The row has the mark many times; the statement, which is logged, has it once.
    with pytest.raises(RuntimeError, match="violates check constraint"):
        database.execute(
            "CREATE TEMPORARY TABLE t (name text CHECK (length(name) <= 120)); "
            f"INSERT INTO t VALUES (repeat('{mark}', 20))", server=server)
    log = (stack.LOGS / f"postgres-{server}.log").read_text(errors="replace")
    assert "violates check constraint" in log and mark * 2 not in log, server
