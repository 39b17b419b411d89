"""An independent subscriber to the events of one tenant, which keeps each event once and in order of arrival."""

import logging
import threading
import time
from dataclasses import dataclass, field

import pika
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from pika.exceptions import AMQPError

from suite import stack
from suite.waiting import PATIENCE_SECONDS

EXCHANGE = "guichet.events"
# It would write pages about a broker that is away on purpose.
logging.getLogger("pika").setLevel(logging.CRITICAL)


def connect(
    service: str | None = None, host: str = "guichet", credentials: pika.PlainCredentials | None = None,
) -> pika.BlockingConnection:
    """A connection to the suite's broker as its administrator, as a service, or with other credentials."""
    parameters = pika.URLParameters(stack.ENVIRONMENT["GUICHET_SUITE_AMQP_URL"])
    parameters.virtual_host = host
    if service:
        credentials = pika.PlainCredentials(service, stack.secret(f"rabbitmq-{service}"))
    if credentials:
        parameters.credentials = credentials
    parameters.heartbeat, parameters.blocked_connection_timeout = 10, 10
    return pika.BlockingConnection(parameters)


@dataclass(frozen=True)
class Received:
    """An event as it came; making one fails unless it is a valid CloudEvent."""

    body: bytes
    headers: dict
    event: CloudEvent
    # In seconds since 1970.
    arrived: float = field(default_factory=time.time)

    @property
    def id(self) -> str:
        return self.event.get_id()

    @property
    def subject(self) -> str:
        return self.event.get_subject()

    @property
    def sequence(self) -> int:
        return int(self.event.get_extension("sequence"))

    @property
    def verb(self) -> str:
        return self.event.get_type().split(".")[3]


@dataclass
class Auditor:
    """Listens with its own queue from `with` on, through broker restarts, until the end of the block."""

    tenant: str
    # The part of the tenant's events that it receives.
    topic: str = "booking.appointment.#"
    # Its own queue; default: one for this tenant and publisher.
    queue: str = ""
    # Its account at the broker; default: the administrator's.
    credentials: pika.PlainCredentials | None = None
    # In order of arrival, repetitions left out.
    events: list[Received] = field(default_factory=list)
    repetitions: int = 0
    faults: list[str] = field(default_factory=list)

    def __post_init__(self):
        self.queue = self.queue or f"guichet.audit.{self.tenant}.{self.topic.partition('.')[0]}"
        self._known: dict[str, bytes] = {}
        self._listening, self._stopping = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="auditor", daemon=True)

    def __enter__(self) -> "Auditor":
        self._delete_queue()  # an interrupted run may have left it, with events
        self._thread.start()
        assert self._listening.wait(PATIENCE_SECONDS), "the auditor cannot reach the broker"
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join(PATIENCE_SECONDS)
        self._delete_queue()

    def _delete_queue(self) -> None:
        connection = connect()
        connection.channel().queue_delete(self.queue)
        connection.close()

    def _declare_queue(self) -> None:
        """The administrator does it: an account of a subscriber may only read."""
        connection = connect()
        channel = connection.channel()
        channel.queue_declare(self.queue, durable=True, arguments={"x-queue-type": "quorum"})
        channel.queue_bind(self.queue, EXCHANGE, f"{self.tenant}.{self.topic}")
        connection.close()

    def of(self, appointment: str) -> list[Received]:
        return [event for event in list(self.events) if event.subject == f"appointment/{appointment}"]

    def await_events(self, appointment: str, count: int, seconds: float = PATIENCE_SECONDS) -> list[Received]:
        """The events of an appointment, once there are so many."""
        deadline = time.monotonic() + seconds
        while len(found := self.of(appointment)) < count and time.monotonic() < deadline:
            time.sleep(0.02)
        return found

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._listen()
            except (AMQPError, OSError):
                self._stopping.wait(0.5)

    def _listen(self) -> None:
        self._declare_queue()
        connection = connect(credentials=self.credentials)
        channel = connection.channel()
        channel.basic_qos(prefetch_count=64)
        self._listening.set()
        for method, properties, body in channel.consume(self.queue, inactivity_timeout=0.2):
            if method is not None:
                self._take(body, properties.headers or {})
                channel.basic_ack(method.delivery_tag)
            if self._stopping.is_set():
                break
        connection.close()

    def _take(self, body: bytes, headers: dict) -> None:
        try:
            received = Received(body, headers, JSONFormat().read(CloudEvent, body))
        except Exception as error:  # the verdict names whatever is wrong with it
            self.faults.append(f"{error!r}: {body[:300]!r}")
            return
        if received.id in self._known:
            self.repetitions += 1
            if self._known[received.id] != body:
                self.faults.append(f"two different events are called {received.id}")
            return
        self._known[received.id] = body
        self.events.append(received)
