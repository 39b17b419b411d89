"""What all system tests share: the gateway, an installation with two clinics, and the routes to walk."""

from functools import cache

import pytest

from suite import contract
from suite.clinic import Clinic
from suite.http import Client
from suite.people import Installation, Tenant


@cache
def operations() -> list[contract.Operation]:
    """Read from the running suite, and only if a test needs them: others run without it."""
    return contract.operations()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tests that ask for an `operation` run for each one; a marker `only` narrows them down."""
    if "operation" in metafunc.fixturenames:
        marker = metafunc.definition.get_closest_marker("only")
        chosen = [o for o in operations() if marker is None or marker.args[0](o)]
        metafunc.parametrize("operation", chosen, ids=str)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "only(predicate): the operations that a test of operations is about")


@pytest.fixture(scope="session")
def client() -> Client:
    return Client()


@pytest.fixture(scope="session")
def installation(client: Client) -> Installation:
    return Installation(client)


@pytest.fixture(scope="session")
def clinic(installation: Installation) -> Clinic:
    return Clinic.open(installation.tenant("cabinet"))


@pytest.fixture(scope="session")
def tenant(clinic: Clinic) -> Tenant:
    return clinic.tenant


@pytest.fixture(scope="session")
def stranger(installation: Installation) -> Clinic:
    """Another clinic, whose people must find nothing of the first."""
    return Clinic.open(installation.tenant("voisin"))
