"""A program comes in by a service account, and acts under its own name."""

import base64

import pytest

from suite.clinic import Clinic, patient
from suite.http import Answer, Client
from suite.people import Program, expect, fresh, key


@pytest.fixture(scope="module")
def practice(installation) -> Clinic:
    return Clinic.open(installation.tenant("programmes"))


def ask_for_token(client: Client, address: str, program: Program, **fields: str) -> Answer:
    """With HTTP Basic, as RFC 6749 section 2.3.1 prefers it."""
    basic = base64.b64encode(f"{program.id}:{program.secret}".encode()).decode()
    form = "&".join(f"{name}={text}" for name, text in {"grant_type": "client_credentials", **fields}.items())
    return client.request(
        "POST", "/" + address.split("/", 3)[3], body=form.encode(),
        headers={"Authorization": f"Basic {basic}", "Content-Type": "application/x-www-form-urlencoded"})


def test_the_metadata_lead_to_a_token(practice: Clinic, client: Client):
    metadata = expect(client.get("/.well-known/oauth-authorization-server"), 200).json
    assert metadata["grant_types_supported"] == ["client_credentials"]
    assert set(metadata["token_endpoint_auth_methods_supported"]) == {"client_secret_basic", "client_secret_post"}
    assert "slots:read" in metadata["scopes_supported"]
    program = practice.tenant.program("slots:read", "calendar:read")
    answer = expect(ask_for_token(client, metadata["token_endpoint"], program, scope="slots%3Aread"), 200)
    assert {**answer.json, "access_token": ""} == {
        "access_token": "", "token_type": "Bearer", "expires_in": 600, "scope": "slots:read"}
    assert "no-store" in answer.headers["cache-control"]
    token = answer.json["access_token"]
    week = {"careType": "consultation", "from": practice.instant(1, 0), "to": practice.instant(8, 0)}
    assert expect(client.get("/api/slots", token, **week), 200).json["slots"]
    # The account has this scope, the token does not.
    refused = expect(client.get("/api/care-types", token), 403)
    assert 'error="insufficient_scope", scope="calendar:read"' in refused.headers["www-authenticate"]


def test_a_failed_basic_authentication_gets_its_challenge(practice: Clinic, client: Client):
    address = "https://gateway/api/auth/token"
    program = practice.tenant.program("slots:read")
    stranger = Program(client, program.id, "", program.secret[:-1])
    for answer in (
        ask_for_token(client, address, stranger),
        ask_for_token(client, address, Program(client, practice.tenant.user("staff").id, "", program.secret)),
        client.request("POST", "/api/auth/token", body=b"grant_type=client_credentials", headers={
            "Authorization": "Basic ?", "Content-Type": "application/x-www-form-urlencoded"}),
    ):
        assert (answer.status, answer.json["error"]) == (401, "invalid_client"), answer
        assert answer.headers["www-authenticate"].startswith("Basic realm="), answer
    # Two ways at once are refused (RFC 6749 section 2.3), whatever is right in them.
    both = ask_for_token(client, address, program, client_secret=program.secret)
    assert (both.status, both.json["error"]) == (400, "invalid_request"), both


def test_a_program_acts_under_its_own_name(practice: Clinic, client: Client):
    program = practice.tenant.program("appointments:read", "appointments:write", "patients:read")
    token = program.token
    booked = expect(client.request(
        "POST", "/api/appointments/create", token=token, headers=key(), json_body={
            "careType": "consultation", "start": practice.instant(3, 9), "patient": patient(fresh("Nom"))}), 201)
    path, person = f"/api/appointments/{booked['id']}", f"/api/patients/{booked['patientId']}"
    expect(client.request("DELETE", path, token=token, headers=key()), 200)
    expect(client.get(person, token), 200)
    history = expect(client.get(f"{path}/history", practice.tenant.token("staff")), 200).json["changes"]
    assert {(it["actor"], it["actorId"]) for it in history} == {("service_account", program.id)}

    admin = practice.tenant.token("admin")
    lines = expect(client.get(f"{person}/accesses", admin), 200).json["items"]
    assert {(it["role"], it["actor"]) for it in lines if it["actor"] == program.id} == {("service_account", program.id)}
    assert {"read"} <= {it["action"] for it in lines if it["actor"] == program.id}
    granted = expect(client.get("/api/audit", admin, limit=100), 200).json["items"]
    assert "token.grant" in {it["action"] for it in granted if it.get("userID") == program.id}


def test_a_program_sees_no_other_clinic_and_no_more_than_its_scopes(practice: Clinic, clinic: Clinic, client: Client):
    visit = clinic.book(clinic.instant(4, 9), patient(fresh("Nom")))
    program = practice.tenant.program("appointments:read", "appointments:write", "patients:read", "audit:read")
    token, foreign = program.token, clinic.tenant.token("admin")
    expect(client.get(f"/api/appointments/{visit['id']}", token), 404)
    expect(client.get(f"/api/patients/{visit['patientId']}", token), 404)
    expect(client.get(program.path, foreign), 404)
    expect(client.request("POST", f"{program.path}/secrets", token=foreign, json_body={}), 404)
    # Neither its own account nor people, patients' own things or the installation are open to it.
    own = practice.book(practice.instant(4, 9), patient(fresh("Nom")))
    for method, path in [
        ("PATCH", program.path), ("POST", f"{program.path}/secrets"), ("GET", "/api/service-accounts"),
        ("GET", "/api/users"), ("POST", "/api/users"), ("GET", "/api/auth/me"), ("POST", "/api/auth/password"),
        ("GET", "/api/tenants"), ("POST", "/api/tenants"), ("GET", "/api/availability/alerts"),
        ("PUT", f"/api/patients/{own['patientId']}/account"), ("GET", f"/api/patients/{own['patientId']}/export"),
        ("DELETE", f"/api/patients/{own['patientId']}"),
    ]:
        body = {} if method != "GET" else None
        answer = client.request(
            method, path, token=token, json_body=body, headers=key() | {"If-Match": "*"})
        assert answer.status == 403, (method, path, answer)


def test_a_secret_is_in_no_other_answer(practice: Clinic, client: Client):
    program = practice.tenant.program("slots:read")
    admin = practice.tenant.token("admin")
    for path in (program.path, "/api/service-accounts?limit=100", "/api/audit?limit=100"):
        assert program.secret not in expect(client.get(path, admin), 200).body.decode()
    # Not even under the same key: the request makes another secret, and a third one is refused.
    fields = key()
    made = [client.request("POST", f"{program.path}/secrets", token=admin, json_body={}, headers=fields) for _ in "12"]
    assert [it.status for it in made] == [201, 409]
