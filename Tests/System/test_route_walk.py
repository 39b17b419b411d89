"""Every route of every service refuses what it must refuse, in the one form of problems.

The routes come from the OpenAPI documents: a route that is added is walked without a word here.
"""

import pytest
from conftest import operations
from resources import Resources

from suite.clinic import Clinic
from suite.contract import Operation
from suite.http import Answer, Client
from suite.people import Tenant
from suite.problems import assert_problem

# The routes that ask for no token, each with its reason.
OPEN_TO_ANYONE = {
    "POST /api/auth/login": "there is no token before the login",
    "POST /api/auth/totp/enrol": "the enrolment ticket stands for the token that is not there yet",
    "POST /api/auth/token": "the secret of the service account stands for the token that is not there yet",
    "POST /api/auth/refresh": "the refresh token stands for the access token that is over",
    "GET /.well-known/jwks.json": "public keys, which every verifier needs",
    "GET /.well-known/oauth-authorization-server": "where a verifier finds them",
    "GET /api/availability/search": "the public looks for a slot before it has an account anywhere",
    **dict.fromkeys(
        ("GET /api/availability/$bulk-publish", "GET /api/availability/bulk/locations",
         "GET /api/availability/bulk/schedules", "GET /api/availability/bulk/slots/{tenant}/{day}"),
        "aggregators fetch what is open to the public"),
    **dict.fromkeys(
        (f"GET /api/fhir/{{tenant}}/{path}" for path in (
            "metadata", "Location/{id}", "Practitioner/{id}", "Schedule", "Schedule/{id}", "Slot", "Slot/{id}")),
        "programs read what is open to the public"),
    "POST /api/queue/tickets/found": "patients have no account: the code of the ticket stands for it",
    **dict.fromkeys(
        ("POST /api/queue/displays/pairings", "POST /api/queue/displays/pairings/token"),
        "a screen has no account: staff confirm it"),
    "POST /api/queue/join": "patients have no account: the code at the door stands for it",
    **dict.fromkeys(
        ("GET /queue/{token}", *(f"POST /queue/{{token}}/{verb}" for verb in ("leave", "late", "return", "undo"))),
        "the token of the ticket is in the address"),
    **dict.fromkeys(
        ("GET /ws", "GET /api/realtime/events"), "the connection opens; each room asks for its own token"),
    "GET /api/calendar/{tenant}/{token}": "calendar programs send no token: the address is the secret",
}
# Routes about a stored resource that only the installation's own people may call: no tenant is foreign to them.
ABOVE_TENANTS = {"PATCH /api/tenants/{tenant}"}
# The path names two resources; the tests of the services have these cases.
NESTED = {
    "DELETE /api/service-accounts/{id}/secrets/{secret}", "PUT /api/queues/{id}/counters/{counter}",
    "DELETE /api/queues/{id}/counters/{counter}"}

# A mark given a function alone would decorate it.
only = pytest.mark.only.with_args


def has_access_rule(operation: Operation) -> bool:
    return operation.roles is not None


def takes_body(operation: Operation) -> bool:
    return operation.body_schema is not None


def names_a_resource(operation: Operation) -> bool:
    return has_access_rule(operation) and operation.resource_name is not None \
        and str(operation) not in ABOVE_TENANTS | NESTED


@pytest.fixture(scope="module")
def resources(clinic: Clinic) -> Resources:
    return Resources(clinic)


def call(client: Client, operation: Operation, tenant: Tenant, **parts) -> Answer:
    """The operation with everything that it requires, and `parts` in place of that."""
    token = tenant.token(operation.role) if operation.role else None
    fields = {**operation.headers(), **parts.pop("headers", {})}
    target, token = parts.pop("target", operation.target()), parts.pop("token", token)
    answer = client.request(operation.method, target, token=token, headers=fields, **parts)
    assert answer.status in operation.responses, f"{operation} does not document {answer!r}"
    return answer


def test_only_the_listed_routes_are_open_to_anyone():
    assert {str(o) for o in operations() if o.roles is None} == set(OPEN_TO_ANYONE)


@only(has_access_rule)
@pytest.mark.parametrize("token", [None, "rien", "eyJhbGciOiJub25lIn0.e30."], ids=["none", "garbage", "unsigned"])
def test_without_a_valid_token_nothing_is_disclosed(operation: Operation, client: Client, tenant: Tenant, token: str | None):
    assert_problem(call(client, operation, tenant, token=token), 401)


@only(has_access_rule)
def test_every_other_role_is_refused(operation: Operation, client: Client, tenant: Tenant):
    for role in operation.refused_roles:
        assert_problem(call(client, operation, tenant, token=tenant.token(role)), 403)


@pytest.fixture(scope="module")
def programs(tenant: Tenant) -> dict[str | None, str]:
    """A token of a service account without a scope, and one for each scope."""
    return tokens_of_programs(tenant)


@pytest.fixture(scope="module")
def strange_programs(stranger: Clinic) -> dict[str | None, str]:
    """The same of another clinic."""
    return tokens_of_programs(stranger.tenant)


def scopes() -> list[str]:
    """Every scope that the documents declare."""
    scheme = operations()[0].document["components"]["securitySchemes"]["serviceAccount"]
    return sorted(scheme["flows"]["clientCredentials"]["scopes"])


def tokens_of_programs(tenant: Tenant) -> dict[str | None, str]:
    return {None: tenant.program().token} | {scope: tenant.program(scope).token for scope in scopes()}


def test_every_scope_opens_a_route():
    assert {o.scope for o in operations() if o.scope} == set(scopes())


@only(has_access_rule)
def test_a_program_is_admitted_by_the_scope_of_the_route_alone(
    operation: Operation, client: Client, tenant: Tenant, programs: dict[str | None, str]
):
    for scope, token in programs.items():
        if scope is None or scope != operation.scope:
            assert_problem(call(client, operation, tenant, token=token), 403)
    if operation.scope:
        # Nothing is stored under the id, and no body is sent: whatever the answer is, the caller was admitted.
        admitted = call(client, operation, tenant, token=programs[operation.scope])
        assert admitted.status not in (401, 403), f"{operation} refuses {operation.scope}: {admitted!r}"


@only(names_a_resource)
def test_another_tenants_people_and_programs_find_nothing(
    operation: Operation, client: Client, clinic: Clinic, stranger: Clinic, resources: Resources,
    strange_programs: dict[str | None, str]
):
    target, body = operation.target(resources.make(operation)), operation.body()
    foreign = call(client, operation, stranger.tenant, target=target, json_body=body)
    assert_problem(foreign, 404)
    if operation.scope:
        token = strange_programs[operation.scope]
        assert_problem(call(client, operation, stranger.tenant, target=target, json_body=body, token=token), 404)
    own = call(client, operation, clinic.tenant, target=target, json_body=body)
    assert own.status != 404, f"the walk proves nothing: {operation} does not find its own either"


@only(takes_body)
@pytest.mark.parametrize(
    "body", [b"{", b"", b"\xff\xfe", b'{"a":1,"a":2}', b"[" * 5000], ids=["cut", "empty", "bytes", "twice", "deep"])
def test_malformed_json_is_refused(operation: Operation, client: Client, tenant: Tenant, body: bytes):
    assert_problem(call(client, operation, tenant, body=body, headers={"Content-Type": "application/json"}), 400)


@only(takes_body)
def test_an_oversized_body_is_refused(operation: Operation, client: Client, tenant: Tenant):
    body = b'"' + b"a" * 100_000 + b'"'
    assert_problem(call(client, operation, tenant, body=body, headers={"Content-Type": "application/json"}), 413)


@only(takes_body)
def test_a_huge_body_is_refused_by_its_declared_length(operation: Operation, client: Client, tenant: Tenant):
    """The gateway does not wait for it: it never comes here."""
    fields = {"Content-Type": "application/json", "Content-Length": "2000000", "Connection": "close"}
    assert_problem(call(client, operation, tenant, body=b"{", headers=fields), 413)


@only(takes_body)
def test_an_unknown_field_is_pointed_at(
    operation: Operation, client: Client, tenant: Tenant, resources: Resources
):
    target = operation.target(resources.make(operation) if operation.resource_name else "")
    body = {**operation.body(), "inconnu": True}
    problem = assert_problem(call(client, operation, tenant, target=target, json_body=body), 400)
    assert "/inconnu" in [fault["pointer"] for fault in problem["errors"]], problem


@only(lambda o: has_access_rule(o) and not o.path.startswith("/api/calendar/"))  # agendas pass over unknown ones
def test_an_unknown_query_parameter_is_pointed_at(operation: Operation, client: Client, tenant: Tenant):
    target = operation.target()
    target += ("&" if "?" in target else "?") + "inconnu=1"
    problem = assert_problem(call(client, operation, tenant, target=target, json_body=operation.body()), 400)
    assert "/inconnu" in [fault["pointer"] for fault in problem["errors"]], problem


@only(takes_body)
def test_another_content_type_is_refused(operation: Operation, client: Client, tenant: Tenant):
    assert_problem(call(client, operation, tenant, body=b"{}", headers={"Content-Type": "text/plain"}), 415)


@only(lambda o: any(p["name"] == "Idempotency-Key" and p.get("required") for p in o.parameters))
def test_a_missing_idempotency_key_is_refused(operation: Operation, client: Client, tenant: Tenant):
    answer = client.request(
        operation.method, operation.target(), token=tenant.token(operation.role), json_body=operation.body())
    assert assert_problem(answer, 400)["type"].endswith("/idempotency-key-missing")


def test_an_address_that_is_no_route_is_not_found(client: Client, tenant: Tenant):
    for path in ("/api", "/api/nulle-part", "/api/appointments/a/b/c", "/healthz", "/metrics", "/openapi.json"):
        assert_problem(client.get(path, tenant.token()), 404)


@pytest.mark.parametrize("path", sorted({o.path for o in operations()}))
def test_another_method_is_refused_with_those_allowed(path: str, client: Client, tenant: Tenant):
    here = [o for o in operations() if o.path == path]
    other = next(m for m in ("PUT", "DELETE", "PATCH", "POST") if m not in {o.method for o in here})
    answer = client.request(other, here[0].target(), token=tenant.token())
    if path == "/api/auth/token":
        assert answer.status == 405 and answer.json["error"] == "invalid_request", answer
    elif path.startswith("/api/fhir/"):
        assert answer.status == 405 and answer.json["resourceType"] == "OperationOutcome", answer
    else:
        assert_problem(answer, 405)
    assert {o.method for o in here} <= set(answer.headers["allow"].split(", ")), answer
