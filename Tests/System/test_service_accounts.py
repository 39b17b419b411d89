"""The accounts that a service has at PostgreSQL and RabbitMQ open what is its own, and nothing of another service."""

from itertools import permutations
from typing import Callable

import pytest
from pika.adapters.blocking_connection import BlockingChannel
from pika.exceptions import AMQPConnectionError, ChannelClosedByBroker

from suite import database, events, stack
from suite.people import Tenant

SERVICES = stack.services()
# Each service, and another one whose things it must not reach.
PAIRS = list(permutations(SERVICES, 2))
ACCESS_REFUSED = 403


def tables(service: str, tenant: Tenant) -> list[str]:
    """What the service keeps: its registry, and its schema of the tenant."""
    schemas = f"'{service}', '{tenant.schema(service)}'"
    found = database.rows(f"SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ({schemas})")
    assert {row["schemaname"] for row in found} == {service, tenant.schema(service)}
    return [f'"{row["schemaname"]}"."{row["tablename"]}"' for row in found]


@pytest.mark.parametrize("service", SERVICES)
def test_a_role_of_the_database_reads_what_is_its_own(tenant: Tenant, service: str):
    assert database.errors([f"SELECT FROM {table} LIMIT 1" for table in tables(service, tenant)], service) == []


@pytest.mark.parametrize("service, other", PAIRS)
def test_a_role_of_the_database_enters_no_schema_of_another(tenant: Tenant, service: str, other: str):
    foreign = tables(other, tenant)
    reads = database.errors([f"SELECT FROM {table} LIMIT 1" for table in foreign], service)
    assert len(reads) == len(foreign), reads
    assert all(error.startswith("permission denied for schema") for error in reads), reads
    schemas = (other, tenant.schema(other))
    makes = database.errors([f'BEGIN; CREATE TABLE "{schema}".intruder (); ROLLBACK' for schema in schemas], service)
    assert makes == [f"permission denied for schema {schema}" for schema in schemas]


@pytest.mark.parametrize("service, other", PAIRS)
def test_a_role_of_the_database_does_not_become_another(service: str, other: str):
    (error,) = database.errors([f"SET ROLE {other}"], service)
    assert error.startswith("permission denied to set role"), error


def reply(service: str | None, ask: Callable[[BlockingChannel], object]) -> int | None:
    """The code with which the broker ends the channel of a service that asks for this; nothing when it obeys. Without a
    service it is the administrator who asks."""
    connection = events.connect(service)
    try:
        ask(connection.channel())
    except ChannelClosedByBroker as closed:
        return closed.reply_code
    finally:
        connection.close()
    return None


@pytest.mark.parametrize("service", SERVICES)
def test_a_user_of_the_broker_declares_what_carries_its_name(service: str):
    for name in (f"{service}.trial", f"guichet.{service}.trial"):
        assert reply(service, lambda channel: channel.queue_declare(name, exclusive=True)) is None, name


@pytest.mark.parametrize("service, other", PAIRS)
def test_a_user_of_the_broker_reads_no_queue_of_another(service: str, other: str):
    for name in (f"guichet.{other}.0", f"guichet.{other}.parked"):
        # What is refused is there: the administrator finds it.
        assert reply(None, lambda channel: channel.queue_declare(name, passive=True)) is None, name
        assert reply(service, lambda channel: channel.basic_get(name)) == ACCESS_REFUSED, name


@pytest.mark.parametrize("service, other", PAIRS)
def test_a_user_of_the_broker_makes_and_fills_nothing_under_a_foreign_name(service: str, other: str):
    """The names are unused: what is wrongly allowed disturbs no other test."""
    asks: dict[str, Callable[[BlockingChannel], object]] = {
        "a queue of the other": lambda it: it.queue_declare(f"guichet.{other}.trial", exclusive=True),
        "a queue that begins as its own": lambda it: it.queue_declare(f"{service}x.trial", exclusive=True),
        "a queue that the broker names": lambda it: it.queue_declare("", exclusive=True),
        "an exchange of the other": lambda it: it.exchange_declare(f"{other}.trial", auto_delete=True),
        "an exchange of no service": lambda it: it.exchange_declare("trial", auto_delete=True),
        "a binding of the other's queue": lambda it: it.queue_bind(f"guichet.{other}.0", events.EXCHANGE, "trial"),
        "a message past the exchanges": lambda it: publish(it, "", f"guichet.{other}.trial"),
    }
    answers = {what: reply(service, ask) for what, ask in asks.items()}
    assert answers == dict.fromkeys(asks, ACCESS_REFUSED)


def publish(channel: BlockingChannel, exchange: str, key: str) -> None:
    """Returns once the broker has answered: a refusal comes when it likes."""
    channel.confirm_delivery()
    channel.basic_publish(exchange, key, b"")


@pytest.mark.parametrize("service", SERVICES)
def test_a_user_of_the_broker_enters_its_own_host_alone(service: str):
    events.connect(service).close()
    with pytest.raises(AMQPConnectionError):
        events.connect(service, host="test")
