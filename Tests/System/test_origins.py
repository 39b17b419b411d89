"""Which web pages may read the API, by the CORS protocol and through the gateway."""

import pytest
from conftest import operations

from suite import stack
from suite.clinic import Clinic
from suite.contract import Operation
from suite.http import Answer, Client
from suite.people import Installation, expect
from suite.waiting import await_that

PAGE, ELSEWHERE = "https://rdv.cabinet.example", "https://ailleurs.example"


def reader(answer: Answer) -> str | None:
    assert "access-control-allow-credentials" not in answer.headers
    return answer.headers.get("access-control-allow-origin")


def is_for_any_page(operation: Operation) -> bool:
    return operation.roles is None and operation.method == "GET"


def preflight(client: Client, operation: Operation, origin: str) -> Answer:
    fields = {"Origin": origin, "Access-Control-Request-Method": operation.method,
              "Access-Control-Request-Headers": "authorization, content-type, idempotency-key, if-match"}
    return expect(client.request("OPTIONS", operation.target().partition("?")[0], headers=fields), 204)


def test_a_preflight_permits_any_page_to_read_what_anyone_may_read(operation: Operation, client: Client):
    answer = preflight(client, operation, ELSEWHERE)
    assert reader(answer) == ("*" if is_for_any_page(operation) else None)
    assert answer.body == b""


@pytest.mark.only.with_args(is_for_any_page)
def test_any_page_reads_what_anyone_may_read_also_a_refusal(operation: Operation, client: Client):
    for origin in ({}, {"Origin": ELSEWHERE}):
        assert reader(client.request("GET", operation.target(), headers=origin)) == "*"


@pytest.mark.parametrize("path", ["/", "/docs", "/asyncapi.yaml", "/docs/service.js", "/nowhere"])
def test_any_page_reads_what_the_gateway_answers(client: Client, path: str):
    assert reader(client.request("GET", path, headers={"Origin": ELSEWHERE})) == "*"


@pytest.fixture(scope="module")
def open_clinic(installation: Installation, clinic: Clinic) -> Clinic:
    """The clinic, which permits a page; every replica knows it."""
    path, root = f"/api/tenants/{clinic.tenant.slug}", installation.root
    seen = expect(root.client.get(path, root.token), 200)
    answer = root.client.request(
        "PATCH", path, token=root.token, json_body={"allowedOrigins": [PAGE]}, headers={"If-Match": seen.etag})
    assert expect(answer, 200)["allowedOrigins"] == [PAGE]
    for service, operation in {o.service: o for o in operations() if o.roles and "staff" in o.roles}.items():
        for replica in map(Client, stack.replicas(service)):
            await_that(lambda: reader(preflight(replica, operation, PAGE)) == PAGE)
    return clinic


def test_a_page_that_a_tenant_permits_reads_the_answers_to_its_people(open_clinic: Clinic, client: Client):
    token = open_clinic.tenant.token("staff")
    answer = client.request("GET", "/api/appointments", token=token, headers={"Origin": PAGE})
    assert (answer.status, reader(answer)) == (200, PAGE)
    assert "ETag" in answer.headers["access-control-expose-headers"]
    assert "Origin" in answer.headers["vary"]
    assert reader(client.request("GET", "/api/appointments", token=token, headers={"Origin": ELSEWHERE})) is None


def test_it_reads_no_answer_to_the_people_of_another_tenant(open_clinic: Clinic, stranger: Clinic, client: Client):
    answer = client.request("GET", "/api/appointments", token=stranger.tenant.token(), headers={"Origin": PAGE})
    assert (answer.status, reader(answer)) == (200, None)


def test_it_may_log_in_and_read_that_a_token_is_missing(open_clinic: Clinic, client: Client):
    user = open_clinic.tenant.user("staff")
    body = {"tenant": user.tenant, "email": user.email, "password": user.password}
    for origin, permitted in ((PAGE, PAGE), (ELSEWHERE, None)):
        answer = client.request("POST", "/api/auth/login", json_body=body, headers={"Origin": origin})
        assert (answer.status, reader(answer)) == (200, permitted)
        refused = client.request("GET", "/api/appointments", headers={"Origin": origin})
        assert (refused.status, reader(refused)) == (401, permitted)
