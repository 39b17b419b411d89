"""The accounts that a service has at PostgreSQL, RabbitMQ and Redis open what is its own, and nothing of another service."""

import json
import os
import stat
import subprocess
import uuid
from itertools import permutations
from pathlib import Path
from typing import Callable
from urllib.parse import urlsplit

import pika
import pytest
from demo.subscriber import LIMITS, Subscriber
from pika.adapters.blocking_connection import BlockingChannel
from pika.exceptions import AMQPConnectionError, ChannelClosedByBroker

from suite import database, events, stack
from suite.people import Tenant
from suite.waiting import await_that

SERVICES = stack.services()
# Each service, and another one whose things it must not reach.
PAIRS = list(permutations(SERVICES, 2))
ACCESS_REFUSED = 403
PRECONDITION_FAILED = 406


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


@pytest.mark.parametrize("service, other", PAIRS)
@pytest.mark.parametrize("server", ["main", "second"])
def test_a_role_of_the_database_makes_no_schema_that_another_would_use(service: str, other: str, server: str):
    """Else a trigger in the schema of the next tenant would run with the rights of the other."""
    names = (f"{other}_trial", f"{other}x", "trial", f"{service}trial")
    direct = database.errors([f'CREATE SCHEMA "{name}"' for name in names], service, server)
    assert direct == ["permission denied for database guichet"] * len(names)
    provided = database.errors([f"SELECT provision.create_schema('{name}')" for name in names], service, server)
    assert provided == [f"role {service} may not create schema {name}" for name in names]


@pytest.mark.parametrize("service", SERVICES)
def test_a_role_of_the_database_makes_its_own_schemas(service: str):
    own = f"{service}_trial"
    assert database.errors(
        [f"BEGIN; SELECT provision.create_schema('{own}'); CREATE TABLE {own}.things (); ROLLBACK"], service) == []


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("statement", [
    "SELECT lo_create(0)", "SELECT lo_from_bytea(0, 'x')", "SELECT lo_get(1)", "CREATE TEMPORARY TABLE things ()",
    "CREATE TABLE public.things ()", "CREATE FUNCTION provision.f() RETURNS int LANGUAGE sql AS 'SELECT 1'"])
def test_a_role_of_the_database_makes_nothing_outside_its_schemas(service: str, statement: str):
    (error,) = database.errors([statement], service)
    assert error.startswith("permission denied"), error


@pytest.mark.parametrize("service", SERVICES)
def test_a_role_of_the_database_enters_no_other_database(service: str):
    names = [row["datname"] for row in database.rows("SELECT datname FROM pg_database WHERE datname <> 'guichet'")]
    allowed = database.rows(
        r"SELECT datname FROM pg_database WHERE datname <> 'guichet' AND datname NOT LIKE 'test\_%'"
        f" AND has_database_privilege('{service}', datname, 'CONNECT') AND datallowconn")
    assert {"guichet_test", "postgres"} <= set(names) and allowed == []


def reply(
    service: str | None, ask: Callable[[BlockingChannel], object], credentials: pika.PlainCredentials | None = None,
) -> int | None:
    """The code with which the broker ends the channel of a service that asks for this; nothing when it obeys. Without a
    service it is the account of the credentials that asks, or the administrator."""
    connection = events.connect(service, credentials=credentials)
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


def publish(
    channel: BlockingChannel, exchange: str, key: str, body: bytes = b"", properties: pika.BasicProperties | None = None,
) -> None:
    """Returns once the broker has answered: a refusal comes when it likes."""
    channel.confirm_delivery()
    channel.basic_publish(exchange, key, body, properties)


@pytest.mark.parametrize("service", SERVICES)
def test_a_user_of_the_broker_enters_its_own_host_alone(service: str):
    events.connect(service).close()
    with pytest.raises(AMQPConnectionError):
        events.connect(service, host="test")


def event_of(author: str, key: str = "guichet") -> tuple[str, str, bytes]:
    """An announcement as its author would make it: id, routing key and body. It is malformed inside, so that one that is
    believed by mistake does no harm."""
    number = f"01890000-0000-7000-8000-{uuid.uuid4().hex[:12]}"
    type_ = f"guichet.{author}.signing-keys.published.v1"
    body = {
        "specversion": "1.0", "id": number, "source": f"/guichet/{author}", "type": type_, "subject": "signing-keys/trial",
        "time": "2026-11-20T08:50:00Z", "datacontenttype": "application/json", "tenantid": "guichet",
        "sequence": "00000000000000000001", "partitionkey": "trial", "correlationid": "trial", "data": {}}
    return number, f"{key}.{author}.signing-keys.published.v1.0", json.dumps(body).encode()


@pytest.mark.parametrize("service, other", PAIRS)
def test_a_user_of_the_broker_publishes_no_event_in_the_name_of_another(service: str, other: str):
    _, key, body = event_of(other)
    assert reply(service, lambda channel: publish(channel, events.EXCHANGE, key, body)) == ACCESS_REFUSED
    # Nor does a tenant's name that looks like a service help.
    _, key, body = event_of(other, key=service)
    assert reply(service, lambda channel: publish(channel, events.EXCHANGE, key, body)) == ACCESS_REFUSED


@pytest.mark.parametrize("service, other", PAIRS)
def test_a_user_of_the_broker_does_not_give_itself_another_name(service: str, other: str):
    properties = pika.BasicProperties(user_id=other)
    ask = lambda channel: publish(channel, events.EXCHANGE, f"guichet.{service}.trial.v1.0", b"", properties)  # noqa: E731
    assert reply(service, ask) == PRECONDITION_FAILED


def forge(service: str, victim: str, way: str, claims: dict) -> str:
    """Brings an event of Identity into the queue of the victim, past the permissions on topics; returns its id."""
    number, key, body = event_of("identity")
    properties = pika.BasicProperties(message_id=number, type="trial.forged", **claims)
    connection = events.connect(service)
    channel = connection.channel()
    if way == "the exchange of replays":
        publish(channel, "guichet.parked", f"guichet.{victim}.0", body, properties)
    elif way == "a dead letter":
        name = f"guichet.{service}.forgery"
        arguments = {"x-dead-letter-exchange": events.EXCHANGE, "x-dead-letter-routing-key": key, "x-message-ttl": 1}
        channel.exchange_declare(name, "fanout")
        channel.queue_declare(name, arguments=arguments)
        channel.queue_bind(name, name)
        publish(channel, name, "", body, properties)
        await_that(lambda: parked(victim, number))
        channel.queue_delete(name)
        channel.exchange_delete(name)
    else:
        exchange = f"guichet.{service}.forgery"
        channel.exchange_declare(exchange, "topic")
        channel.exchange_bind(events.EXCHANGE, exchange, "#")
        publish(channel, exchange, key, body, properties)
        channel.exchange_delete(exchange)
    connection.close()
    return number


def parked(service: str, message: str) -> list[str]:
    return [line for line in stack.output(service, "parked").splitlines() if line.startswith(f"{message}  ")]


@pytest.mark.parametrize("way", ["the exchange of replays", "a dead letter", "an exchange before the exchange"])
@pytest.mark.parametrize("claims, found", [
    ({}, "an unknown account"), ({"user_id": "availability"}, "the account availability"),
    ({"user_id": "availability", "headers": {"x-guichet-author": "identity"}}, "the account availability")])
def test_an_event_that_another_has_published_is_parked(way: str, claims: dict, found: str):
    number = forge("availability", "booking", way, claims)
    await_that(lambda: parked("booking", number))
    (line,) = parked("booking", number)
    assert f"the author is not identity: {found} published the event" in line, line
    # To replay it does not make the service its author.
    stack.output("booking", "parked", "replay")
    await_that(lambda: parked("booking", number))
    (line,) = parked("booking", number)
    assert f"{found} published the event" in line, line
    for service in SERVICES:
        stack.output(service, "parked", "discard", number)


@pytest.mark.parametrize("command, refused", [
    (["GET", "guichet:availability:trial"], False), (["GET", "guichet:booking:trial"], True), (["GET", "trial"], True),
    (["FLUSHALL"], True), (["CONFIG", "GET", "*"], True), (["KEYS", "*"], True), (["ACL", "WHOAMI"], True),
    (["SUBSCRIBE", "trial"], True), (["EVAL", "return redis.call('GET', 'trial')", "0"], True)])
def test_a_user_of_redis_has_the_commands_and_keys_of_its_service(command: list[str], refused: bool):
    answer = redis("availability", stack.secret("redis-availability"), command)
    assert any(words in answer for words in ("NOPERM", "can't access")) == refused, answer


def test_redis_lets_no_client_in_without_a_name():
    assert "WRONGPASS" in redis("default", stack.secret("redis"), ["PING"])


def redis(user: str, password: str, command: list[str]) -> str:
    url = urlsplit(stack.ENVIRONMENT["GUICHET_TEST_REDIS_URL"])
    done = subprocess.run(
        ["redis-cli", "--user", user, "-h", url.hostname, "-p", str(url.port), *command],
        env={**os.environ, "REDISCLI_AUTH": password}, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def test_queues_of_subscribers_are_bounded_by_the_operators_policy():
    (policy,) = stack.broker_api("operator-policies/guichet")
    assert policy["pattern"] == r"^sub\." and policy["apply-to"] == "queues"
    assert set(policy["definition"]) == {"max-length", "max-length-bytes", "expires"}


@pytest.fixture(scope="module")
def subscriber(tenant: Tenant) -> Subscriber:
    return Subscriber(tenant.slug)


def test_a_subscriber_receives_what_is_bound_for_it_and_asks_for_nothing_else(subscriber: Subscriber):
    with subscriber:
        bind = lambda channel: channel.queue_bind(subscriber.queue, events.EXCHANGE, "#")  # noqa: E731
        declare = lambda channel: channel.queue_declare(f"{subscriber.queue}.more")  # noqa: E731
        send = lambda channel: publish(channel, events.EXCHANGE, f"{subscriber.tenant}.booking.trial.v1.0")  # noqa: E731
        for ask in (bind, declare, send):
            assert reply(None, ask, subscriber.credentials) == ACCESS_REFUSED


def test_a_subscriber_has_a_bounded_number_of_connections(subscriber: Subscriber):
    opened = []
    try:
        with pytest.raises(AMQPConnectionError):
            for _ in range(LIMITS["max-connections"] + 1):
                opened.append(events.connect(credentials=subscriber.credentials))
        assert len(opened) == LIMITS["max-connections"]
    finally:
        for connection in opened:
            connection.close()


def readable_by_others(folder: Path) -> list[str]:
    """The files below that a user who is not their owner reaches and may read."""
    found = []
    for entry in os.scandir(folder):
        mode = entry.stat(follow_symlinks=False).st_mode
        if stat.S_ISDIR(mode):
            if mode & stat.S_IXOTH:
                found += readable_by_others(Path(entry.path))
        elif stat.S_ISREG(mode) and mode & stat.S_IROTH:
            found.append(entry.path)
    return found


def test_what_the_suite_writes_is_for_its_owner():
    local = (stack.ROOT / ".local").resolve()
    # Packages of the public registries, and where things are.
    public = {"venv", "libraries", "browser-client", "lock", "port-base", "build-folder"}
    found = [path for path in readable_by_others(local) if Path(path).relative_to(local).parts[0] not in public]
    assert found == []
