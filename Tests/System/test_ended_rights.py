"""The access token of a user or a program whose rights have ended is refused by every route of every service.

The routes come from the OpenAPI documents: a route that is added is walked without a word here.
"""

import time
from collections.abc import Callable

import pytest
from conftest import operations

from suite import stack
from suite.contract import Operation
from suite.http import Client
from suite.people import Installation, Program, Tenant, User, expect
from suite.problems import assert_problem
from suite.waiting import await_that

# A mark given a function alone would decorate it.
only = pytest.mark.only.with_args


def has_access_rule(operation: Operation) -> bool:
    return operation.roles is not None


def shut_out(tenant: Tenant, user: User) -> None:
    expect(tenant.client.request("DELETE", f"/api/users/{user.id}", token=tenant.token("admin")), 204)


def erase(tenant: Tenant, user: User) -> None:
    expect(tenant.client.request("DELETE", f"/api/users/{user.id}?erase=true", token=tenant.token("admin")), 204)


def log_out(tenant: Tenant, user: User) -> None:
    expect(tenant.client.request("POST", "/api/auth/logout", token=user.token), 204)


def demote(tenant: Tenant, user: User) -> None:
    if user.role == "super_admin":  # there is no lower role in the platform's tenant
        return shut_out(tenant, user)
    role = "waiter" if user.role == "patient" else "patient"
    expect(tenant.client.request(
        "PATCH", f"/api/users/{user.id}", token=tenant.token("admin"), headers={"If-Match": "*"},
        json_body={"role": role}), 200)


def change(tenant: Tenant, program: Program, **members) -> None:
    expect(tenant.client.request(
        "PATCH", program.path, token=tenant.token("admin"), headers={"If-Match": "*"}, json_body=members), 200)


def remove_secret(tenant: Tenant, program: Program) -> None:
    path = f"{program.path}/secrets/{program.secret_id}"
    expect(tenant.client.request("DELETE", path, token=tenant.token("admin")), 204)


def remove_account(tenant: Tenant, program: Program) -> None:
    expect(tenant.client.request("DELETE", program.path, token=tenant.token("admin")), 204)


def deactivate(tenant: Tenant, program: Program) -> None:
    change(tenant, program, active=False)


def narrow(tenant: Tenant, program: Program) -> None:
    change(tenant, program, scopes=["slots:read"])


def expire(tenant: Tenant, program: Program) -> None:
    change(tenant, program, expiresAt="2020-01-01T00:00:00Z")


def probes(of_programs: bool = False) -> list[tuple[str, Callable[[str], int]]]:
    """For each replica: what it answers to a token on one of its routes, if it has one."""
    found = []
    for service in stack.services():
        operation = next((
            o for o in operations()
            if o.service == service and o.roles and o.method == "GET" and (o.scope or not of_programs)), None)
        for address in stack.replicas(service) if operation else []:
            replica = Client(address)
            found.append((address, lambda token, c=replica, o=operation: c.get(o.target(), token).status))
    return found


def await_refusal(token: str, of_program: bool = False) -> dict[str, float]:
    """Waits until every replica refuses the token; returns the seconds that each has taken."""
    begin, seconds = time.monotonic(), {}
    waiting = dict(probes(of_program))

    def all_refuse() -> bool:
        for address in list(waiting):
            if waiting[address](token) == 401:
                seconds[address] = time.monotonic() - begin
                del waiting[address]
        return not waiting

    await_that(all_refuse, lambda: f"still accepted by {list(waiting)}")
    return seconds


@pytest.fixture(scope="module")
def platform(client: Client, installation: Installation) -> Tenant:
    """The platform's own tenant, whose super administrator creates others."""
    return Tenant(client, "", stack.PLATFORM, {"admin": installation.root})


@pytest.fixture(scope="module")
def ended_token(tenant: Tenant, platform: Tenant) -> Callable[[str, Callable], str]:
    """The token of a user of that role whose rights have been ended in that way."""
    tokens: dict[tuple[str, Callable], str] = {}

    def make(role: str, end: Callable[[Tenant, User], None]) -> str:
        if (role, end) not in tokens:
            home = platform if role == "super_admin" else tenant
            user = home.new_user(role)
            token = user.token
            end(home, user)
            await_refusal(token)
            tokens[role, end] = token
        return tokens[role, end]

    return make


@only(has_access_rule)
@pytest.mark.parametrize("end", [shut_out, log_out, demote, erase], ids=lambda end: end.__name__)
def test_no_route_takes_the_token_that_is_left(
    operation: Operation, end: Callable, client: Client, ended_token: Callable[[str, Callable], str]
):
    token = ended_token(operation.role, end)
    answer = client.request(
        operation.method, operation.target(), token=token, headers=operation.headers(), json_body=operation.body())
    assert_problem(answer, 401)
    assert 'error="invalid_token"' in answer.headers["www-authenticate"], answer


def test_every_replica_hears_of_the_end(tenant: Tenant, capsys: pytest.CaptureFixture):
    user, slowest = tenant.new_user("staff"), []
    for _ in range(20):
        token = expect(user.log_in(), 200).json["tokens"]["accessToken"]
        expect(tenant.client.request("POST", "/api/auth/logout", token=token), 204)
        slowest.append(max(await_refusal(token).values()))
    slowest.sort()
    with capsys.disabled():
        print(f"\nan ended session is refused everywhere after {slowest[10] * 1000:.0f} ms "
              f"(median), {slowest[-1] * 1000:.0f} ms (longest of {len(slowest)})")


@pytest.fixture(scope="module")
def scopes() -> tuple[str, ...]:
    return tuple(sorted({o.scope for o in operations() if o.scope}))


@pytest.mark.parametrize(
    "end", [remove_secret, remove_account, deactivate, narrow, expire], ids=lambda end: end.__name__)
def test_every_replica_refuses_what_a_program_may_no_longer_do(
    end: Callable[[Tenant, Program], None], tenant: Tenant, scopes: tuple[str, ...], capsys: pytest.CaptureFixture
):
    program = tenant.program(*scopes)
    token = program.token
    for address, status in probes(of_programs=True):
        assert status(token) not in (401, 403), address
    end(tenant, program)
    assert program.grant(scope="audit:read").status == (400 if end is narrow else 401)
    slowest = max(await_refusal(token, of_program=True).values())
    with capsys.disabled():
        print(f"\n{end.__name__}: refused everywhere after {slowest * 1000:.0f} ms")


@pytest.fixture(scope="module")
def removed_program_token(tenant: Tenant, scopes: tuple[str, ...]) -> str:
    program = tenant.program(*scopes)
    token = program.token
    remove_account(tenant, program)
    await_refusal(token, of_program=True)
    return token


@only(has_access_rule)
def test_no_route_takes_the_token_of_a_removed_program(
    operation: Operation, client: Client, removed_program_token: str
):
    answer = client.request(
        operation.method, operation.target(), token=removed_program_token, headers=operation.headers(),
        json_body=operation.body())
    # Identity asks for the role or scope first, and then its tables.
    assert answer.status == 401 or operation.service == "identity" and operation.scope is None \
        and answer.status == 403, answer
