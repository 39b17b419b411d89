"""What a broker may do to messages at its worst: hand them out twice, late, in another order, or never."""

import json
import random
import time
from dataclasses import dataclass, field

import pika

from chaos.faults import PAUSE_FACTOR, Fault
from suite.events import EXCHANGE, connect

TAP = "guichet.chaos.tap"


@dataclass(frozen=True)
class Message:
    properties: pika.BasicProperties
    body: bytes

    @property
    def version(self) -> tuple[str, int]:
        """The appointment and the version that it carries."""
        event = json.loads(self.body)
        return event["subject"].partition("/")[2], int(event["sequence"])


@dataclass
class Tampering(Fault):
    """Stands between the exchange and one queue of Availability, and passes on what has piled up there in disorder."""

    shard: int
    chance: random.Random = field(repr=False)
    # Whether an event is lost, too, that no other follows: there is no gap, and only the audit can find it.
    is_silent: bool = False
    factor = PAUSE_FACTOR
    lost: set[tuple[str, int]] = field(default_factory=set)
    repeated: int = 0

    def __str__(self) -> str:
        return f"{'silent ' if self.is_silent else ''}disorder in {self._queue}"

    @property
    def _queue(self) -> str:
        return f"guichet.availability.{self.shard}"

    @property
    def _pattern(self) -> str:
        return f"*.booking.appointment.*.*.{self.shard}"

    @property
    def stops_publication(self) -> bool:
        return True

    def begin(self) -> None:
        connection = connect()
        channel = connection.channel()
        channel.queue_declare(TAP, durable=True)
        channel.queue_bind(TAP, EXCHANGE, self._pattern)
        channel.queue_unbind(self._queue, EXCHANGE, self._pattern)
        connection.close()

    def end(self) -> None:
        connection = connect()
        channel = connection.channel()
        channel.confirm_delivery()
        messages, deadline = _drain(channel), time.monotonic() + 10
        while not _followed(messages) and time.monotonic() < deadline:
            time.sleep(0.1)
            messages += _drain(channel)
        kept = self._lose(messages)
        channel.queue_bind(self._queue, EXCHANGE, self._pattern)
        channel.queue_unbind(TAP, EXCHANGE, self._pattern)
        kept += _drain(channel)
        again = self.chance.sample(kept, len(kept) // 3)
        self.repeated = len(again)
        for message in self.chance.sample(kept + again, len(kept + again)):
            channel.basic_publish("", self._queue, message.body, message.properties)
        channel.queue_delete(TAP)
        connection.close()

    def _lose(self, messages: list[Message]) -> list[Message]:
        """One that others follow, whose loss the next one shows; and one that none follows if it is to be silent."""
        followed = _followed(messages)
        self.lost |= set(self.chance.sample(followed, min(1, len(followed))))
        if self.is_silent:
            last = sorted({message.version for message in messages} - set(followed))
            self.lost |= set(self.chance.sample(last, min(1, len(last))))
        return [message for message in messages if message.version not in self.lost]


def _followed(messages: list[Message]) -> list[tuple[str, int]]:
    """The versions that are not the last of their appointments."""
    last = {message.version[0]: message.version for message in messages}
    return [message.version for message in messages if message.version != last[message.version[0]]]


def _drain(channel) -> list[Message]:
    messages = []
    while (got := channel.basic_get(TAP, auto_ack=True))[0] is not None:
        messages.append(Message(got[1], got[2]))
    return messages
