"""A subscriber made through the API receives what it asked for of its own tenant, over TLS, and opens nothing else."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timezone
from itertools import count

import pika
import pytest
from pika.adapters.blocking_connection import BlockingChannel
from pika.exceptions import AMQPConnectionError, AMQPError

from suite import events, stack
from suite.clinic import Clinic, patient
from suite.http import Unanswered
from suite.people import expect, fresh, key
from suite.subscribers import Subscription, ask
from suite.waiting import await_that

ACCESS_REFUSED = 403
APPOINTMENTS, CONFIRMED = "guichet.booking.appointment", "guichet.booking.appointment.confirmed.v1"
_slots = count()


def book(clinic: Clinic) -> str:
    """Books and cancels an appointment; returns its id."""
    day, place = divmod(next(_slots), 20)
    start = clinic.instant(2 + day, 8 + place // 2, place % 2 * 30)
    id = clinic.book(start, patient(fresh("Nom")))["id"]
    expect(clinic.tenant.client.request(
        "DELETE", f"/api/appointments/{id}", token=clinic.tenant.token("staff"), headers=key()), 200)
    return id


@pytest.fixture(scope="module")
def listeners(clinic: Clinic, stranger: Clinic) -> Iterator[tuple[Subscription, Subscription]]:
    """One subscriber of each clinic: of confirmed appointments, and of whatever happens to appointments."""
    made = [Subscription.create(clinic.tenant, CONFIRMED), Subscription.create(stranger.tenant, APPOINTMENTS)]
    yield made[0], made[1]
    for subscription in made:
        expect(subscription.ask("DELETE"), 204)


def test_it_receives_the_events_it_asked_for_and_no_other(
    clinic: Clinic, stranger: Clinic, listeners: tuple[Subscription, Subscription]
):
    own, foreign = listeners
    mine, theirs = book(clinic), book(stranger)
    (received,) = own.receive(1)
    assert (received["type"], received["subject"]) == (CONFIRMED, f"appointment/{mine}")
    assert (received["tenantid"], received["author"]) == (clinic.tenant.slug, "booking")
    # What came after it in both clinics has come to the other subscriber.
    heard = foreign.receive(2)
    assert [it["type"].split(".")[3] for it in heard] == ["confirmed", "cancelled"]
    assert {it["subject"] for it in heard} == {f"appointment/{theirs}"}
    assert own.waiting() == 0
    state = own.ask("GET").json
    assert state["collectingSince"] and "password" not in state


def test_a_replay_brings_the_kept_events_to_its_queue_alone(
    clinic: Clinic, listeners: tuple[Subscription, Subscription]
):
    own, other = Subscription.create(clinic.tenant, APPOINTMENTS), listeners[0]
    begin = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    booked = [book(clinic), book(clinic)]
    first = own.receive(4)
    assert [it["subject"].split("/")[1] for it in first] == [booked[0]] * 2 + [booked[1]] * 2
    assert not any("x-guichet-replay" in it["headers"] for it in first)
    other.receive(2)
    headers = key()
    made = expect(own.ask("POST", "/replay", headers, **{"from": begin}), 202).json
    assert expect(own.ask("POST", "/replay", headers, **{"from": begin}), 202).json == made
    again = own.receive(4)
    assert [it["id"] for it in again] == [it["id"] for it in first]
    assert {it["headers"]["x-guichet-replay"] for it in again} == {made["id"]} and again[0]["author"] == "booking"
    assert own.waiting() == other.waiting() == 0
    assert expect(own.ask("POST", "/replay", key(), **{"from": begin}), 429).headers["retry-after"]
    expect(own.ask("DELETE"), 204)


def publish(exchange: str, key: str) -> Callable[[BlockingChannel], object]:
    def act(channel: BlockingChannel) -> None:
        channel.confirm_delivery()
        channel.basic_publish(exchange, key, b"")

    return act


def test_it_reads_publishes_and_makes_nothing_else(listeners: tuple[Subscription, Subscription]):
    own, foreign = listeners
    topic = f"{own.tenant.slug}.booking.appointment.confirmed.v1.0"
    asks: dict[str, Callable[[BlockingChannel], object]] = {
        "the queue of another tenant": lambda it: it.basic_get(foreign.queue),
        "the queue of a service": lambda it: it.basic_get("guichet.booking.0"),
        "what no queue is bound for": lambda it: it.basic_get("guichet.unrouted"),
        "an event": publish(events.EXCHANGE, topic),
        "a message to its queue": publish("", own.queue),
        "a message to a queue of a service": publish("guichet.parked", "guichet.booking.0"),
        "a binding of its queue": lambda it: it.queue_bind(own.queue, events.EXCHANGE, "#"),
        "no binding of its queue": lambda it: it.queue_unbind(own.queue, events.EXCHANGE, topic),
        "a queue": lambda it: it.queue_declare(f"{own.queue}.more"),
        "a queue that the broker names": lambda it: it.queue_declare("", exclusive=True),
        "an exchange": lambda it: it.exchange_declare("trial"),
        "the end of its queue": lambda it: it.queue_delete(own.queue),
        "the end of a queue of a service": lambda it: it.queue_purge("guichet.booking.parked"),
    }
    assert {what: own.reply(ask) for what, ask in asks.items()} == dict.fromkeys(asks, ACCESS_REFUSED)
    parameters = pika.URLParameters(stack.ENVIRONMENT["GUICHET_SUITE_AMQP_URL"])
    parameters.credentials, parameters.virtual_host = pika.PlainCredentials(own.view["account"], own.password), "test"
    with pytest.raises(AMQPConnectionError):
        pika.BlockingConnection(parameters)


def test_its_account_is_bounded_and_opens_no_management(listeners: tuple[Subscription, Subscription]):
    own, _ = listeners
    user = stack.broker_api(f"users/{own.view['account']}")
    assert user["tags"] == [] and user["limits"] == {"max-connections": 8, "max-channels": 32}
    # The broker counts queues, with their policies, every few seconds.
    await_that(lambda: stack.broker_api(f"queues/guichet/{own.queue}").get("operator_policy") == "subscribers")
    opened: list[pika.BlockingConnection] = []

    def has_all() -> bool:
        # A connection that was closed a moment ago may still be counted.
        with suppress(AMQPConnectionError):
            opened.append(own.connect())
        return len(opened) == 8

    try:
        await_that(has_all)
        with pytest.raises(AMQPConnectionError):
            own.connect()
    finally:
        for connection in opened:
            connection.close()


def is_cut(connection: pika.BlockingConnection) -> bool:
    try:
        connection.process_data_events(0.05)
    except AMQPError:
        return True
    return not connection.is_open


def test_a_new_password_ends_the_old_one_and_its_connections(clinic: Clinic):
    subscription = Subscription.create(clinic.tenant, CONFIRMED)
    book(clinic)
    await_that(lambda: subscription.waiting() == 1)
    opened = subscription.connect()
    headers = key()
    first = expect(subscription.ask("POST", "/password", headers), 200).json["password"]
    assert expect(subscription.ask("POST", "/password", headers), 200).json["password"] == first
    await_that(lambda: is_cut(opened), seconds=5)
    assert not subscription.is_let_in()
    subscription.password = first
    assert len(subscription.receive(1)) == 1  # the queue has kept what was in it
    expect(subscription.ask("DELETE"), 204)


def test_a_removed_subscriber_is_gone_at_once(clinic: Clinic):
    subscription = Subscription.create(clinic.tenant, CONFIRMED)
    opened = subscription.connect()
    expect(subscription.ask("DELETE"), 204)
    await_that(lambda: is_cut(opened), seconds=5)
    assert not subscription.is_let_in()
    assert subscription.queue not in [queue["name"] for queue in stack.broker_api("queues/guichet?columns=name")]
    expect(subscription.ask("GET"), 404)


def test_another_tenants_administrator_does_not_see_it(
    stranger: Clinic, listeners: tuple[Subscription, Subscription]
):
    own, _ = listeners
    for method, part, headers in (("GET", "", None), ("POST", "/password", key()), ("DELETE", "", None)):
        expect(ask(stranger.tenant, method, own.path + part, headers), 404)
    shown = expect(ask(stranger.tenant, "GET", ""), 200).json["items"]
    assert own.view["id"] not in [it["id"] for it in shown]


def test_an_attempt_that_was_cut_in_the_middle_is_completed(clinic: Clinic):
    """The database has the subscriber, and Identity is killed before the broker has."""
    name, headers = fresh("abonne"), key()

    def create():
        return ask(clinic.tenant, "POST", "", headers, name=name, events=[CONFIRMED])

    def is_stored() -> bool:
        return name in [it["name"] for it in expect(ask(clinic.tenant, "GET", ""), 200).json["items"]]

    clinic.tenant.token("admin")
    stack.act("pause", "rabbitmq")
    try:
        with ThreadPoolExecutor(1) as pool:
            cut = pool.submit(create)
            await_that(is_stored)
            for replica in ("identity-1", "identity-2"):
                stack.act("kill", replica)
            try:
                assert cut.result().status >= 500
            except Unanswered:
                pass
    finally:
        stack.act("cont", "rabbitmq")
        for replica in ("identity-1", "identity-2"):
            stack.act("start", replica)
    path = f"/{next(it['id'] for it in ask(clinic.tenant, 'GET', '').json['items'] if it['name'] == name)}"
    await_that(lambda: "collectingSince" in ask(clinic.tenant, "GET", path).json, "it is not completed")
    made = expect(create(), 201).json
    subscription = Subscription(clinic.tenant, made["subscriber"], made["password"])
    assert subscription.is_let_in()

    # A broker that has lost account and queue gets them again, and a restarted one has them still.
    administrator = events.connect()
    administrator.channel().queue_delete(subscription.queue)
    administrator.close()
    stack.broker_api(f"users/{subscription.view['account']}", method="DELETE")
    since = subscription.ask("GET").json["collectingSince"]
    await_that(lambda: subscription.ask("GET").json["collectingSince"] > since)
    stack.act("kill", "rabbitmq")
    stack.act("start", "rabbitmq")
    book(clinic)
    assert subscription.receive(1)[0]["type"] == CONFIRMED
    expect(subscription.ask("DELETE"), 204)
