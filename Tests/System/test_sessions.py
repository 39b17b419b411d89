"""A session of the tests that has ended is followed by another one, without the tests noticing."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from suite.http import Client
from suite.people import Tenant, User, expect


def expire_soon(user: User) -> None:
    """Makes the tests' copy of the tokens due for renewal."""
    user._tokens = {**user._tokens, "expiresAt": "2020-01-01T00:00:00Z"}


@pytest.fixture(scope="module", params=["staff", "admin"])
def user(request: pytest.FixtureRequest, tenant: Tenant) -> User:
    """One without and one with a second factor."""
    return tenant.new_user(request.param)


def me(client: Client, user: User) -> int:
    return client.get("/api/auth/me", user.token).status


def test_tokens_are_renewed(client: Client, user: User):
    before = user.token
    expire_soon(user)
    assert (me(client, user), user.token != before) == (200, True)


def test_a_session_that_has_ended_is_replaced(client: Client, user: User):
    expect(client.request("POST", "/api/auth/logout", token=user.token), 204)
    expire_soon(user)
    assert me(client, user) == 200


def test_threads_share_one_renewal(client: Client, user: User):
    expect(client.request("POST", "/api/auth/logout", token=user.token), 204)
    expire_soon(user)
    with ThreadPoolExecutor(8) as pool:
        tokens = set(pool.map(lambda _: user.token, range(8)))
    assert len(tokens) == 1
