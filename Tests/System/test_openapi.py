"""The documents that the services publish are valid OpenAPI, and the services keep to them."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import operations
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from suite import contract, stack
from suite.clinic import Clinic
from suite.people import ROLES, Installation, Tenant, bootstrap

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
SEED, EXAMPLES = 20260101, 10


def callers() -> Iterator[tuple[str, str, list[str]]]:
    """For each service its administrators and patients, who call everything, and the roles that may call what those may
    not, with the paths of that: a super administrator who called everything would delete the others."""
    for service in stack.services():
        missing = [operation for operation in operations() if operation.service == service and operation.roles]
        for role in ("admin", "patient"):
            if any(role in operation.roles for operation in missing):
                yield service, role, []
        missing = [operation for operation in missing if not operation.roles & {"admin", "patient"}]
        while missing:
            role = next(role for role in ROLES if role in missing[0].roles)
            yield service, role, sorted({operation.path for operation in missing if role in operation.roles})
            missing = [operation for operation in missing if role not in operation.roles]


@pytest.fixture(scope="module")
def documents() -> dict[str, dict]:
    return contract.documents()


@pytest.mark.parametrize("service", stack.services())
def test_the_document_is_valid(documents: dict[str, dict], service: str):
    OpenAPIV31SpecValidator(documents[service]).validate()


def bodies(value: object) -> Iterator[dict]:
    """Every body in a part of a document that has an example."""
    if isinstance(value, dict):
        if "schema" in value and "example" in value:
            yield value
        if "type" in value and isinstance(value.get("examples"), list):
            yield from ({"schema": value, "example": example} for example in value["examples"])
        for part in value.values():
            yield from bodies(part)
    elif isinstance(value, list):
        for part in value:
            yield from bodies(part)


@pytest.mark.parametrize("service", stack.services())
def test_every_example_fits_its_schema(documents: dict[str, dict], service: str):
    # A reference within the document is one to it for a schema that is taken out of it.
    document = json.loads(json.dumps(documents[service]).replace('"#/', '"urn:document#/'))
    registry = Registry().with_resource("urn:document", Resource(document, DRAFT202012))
    found = list(bodies(document))
    assert len(found) > 10
    for body in found:
        validator = Draft202012Validator(
            body["schema"], registry=registry, format_checker=Draft202012Validator.FORMAT_CHECKER)
        validator.validate(body["example"])


def test_the_repository_has_the_documents_as_they_are_served(documents: dict[str, dict]):
    for service, document in documents.items():
        assert json.loads((stack.ROOT / "docs/openapi" / f"{service}.json").read_text()) == document


@pytest.fixture(scope="module")
def guinea_pig(installation: Installation) -> Tenant:
    """A tenant whose data does not matter."""
    return Clinic.open(installation.tenant("cobaye")).tenant


@pytest.mark.parametrize(("service", "role", "paths"), list(callers()), ids=lambda it: it if isinstance(it, str) else "")
def test_no_request_gets_an_undocumented_answer(
    service: str, role: str, paths: list[str], guinea_pig: Tenant, tmp_path: Path
):
    """Hundreds of requests, right and wrong, straight at a replica: none is answered outside the document.

    They come from an address of their own, so that the other tests keep their attempts to log in, and from a user of
    their own: some of them log out, or lock the account by wrong passwords.
    """
    user = bootstrap(guinea_pig.client) if role == "super_admin" else guinea_pig.new_user(role)
    arguments = [
        "run", f"{stack.replicas(service)[0]}/openapi.json", "--checks", CHECKS, "--max-examples", str(EXAMPLES),
        "--seed", str(SEED), "--generation-database", "none", "--phases", "examples,coverage,fuzzing",
        "--suppress-health-check", "all", "--no-color", "--header", f"Authorization: Bearer {user.token}",
        "--header", "X-Forwarded-For: 198.51.100.7",
        "--header", f"X-Gateway-Secret: {stack.ENVIRONMENT['GUICHET_TEST_GATEWAY_SECRET']}",
        *(word for path in paths for word in ("--include-path", path)),
    ]
    done = subprocess.run(
        [sys.executable, "-m", "schemathesis.cli", *arguments], cwd=tmp_path, capture_output=True, text=True,
        check=False)
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2000:]
