"""Subscribers as strangers write them: accounts that were made through the API, and pika over TLS."""

import json
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pika
from pika.adapters.blocking_connection import BlockingChannel
from pika.exceptions import AMQPConnectionError, AMQPError, ChannelClosedByBroker

from suite import stack
from suite.http import Answer
from suite.people import Tenant, expect, fresh, key
from suite.waiting import await_that


@dataclass
class Subscription:
    """A subscriber of a tenant, with its password."""

    tenant: Tenant
    view: dict
    password: str

    @classmethod
    def create(cls, tenant: Tenant, *events: str, name: str = "") -> "Subscription":
        made = expect(ask(tenant, "POST", "", key(), name=name or fresh("abonne"), events=list(events)), 201).json
        return cls(tenant, made["subscriber"], made["password"])

    @property
    def queue(self) -> str:
        return self.view["queue"]

    @property
    def path(self) -> str:
        return f"/{self.view['id']}"

    def connect(self, password: str = "") -> pika.BlockingConnection:
        url = urlsplit(self.view["address"])
        account = f"{self.view['account']}:{password or self.password}"
        parameters = pika.URLParameters(f"{url.scheme}://{account}@{url.netloc}{url.path}")
        parameters.ssl_options = pika.SSLOptions(ssl.create_default_context(cafile=stack.AUTHORITY), url.hostname)
        return pika.BlockingConnection(parameters)

    def is_let_in(self, password: str = "") -> bool:
        try:
            self.connect(password).close()
            return True
        except (AMQPConnectionError, OSError):
            return False

    def receive(self, count: int) -> list[dict]:
        """The next events, as soon as there are so many; each is acknowledged. A broker that has just started may
        refuse the queue at first."""
        found: list[dict] = []

        def has_come() -> bool:
            try:
                with self.connect() as connection:
                    channel = connection.channel()
                    channel.basic_qos(prefetch_count=1)
                    for method, properties, body in channel.consume(self.queue, inactivity_timeout=1):
                        if method is None:
                            break
                        event = json.loads(body)
                        found.append(event | {"headers": properties.headers, "author": properties.user_id})
                        channel.basic_ack(method.delivery_tag)
                        if len(found) >= count:
                            break
            except (AMQPError, OSError):
                pass
            return len(found) >= count

        await_that(has_come, lambda: f"only {[event['type'] for event in found]}")
        return found

    def waiting(self) -> int:
        connection = self.connect()
        count = connection.channel().queue_declare(self.queue, passive=True).method.message_count
        connection.close()
        return count

    def reply(self, act: Callable[[BlockingChannel], object]) -> int | None:
        """The code with which the broker refuses something; None when it obeys."""
        connection = self.connect()
        try:
            act(connection.channel())
        except ChannelClosedByBroker as closed:
            return closed.reply_code
        finally:
            if connection.is_open:
                connection.close()
        return None

    def ask(self, method: str, part: str = "", headers: dict | None = None, **body: Any) -> Answer:
        return ask(self.tenant, method, self.path + part, headers, **body)


def ask(tenant: Tenant, method: str, path: str, headers: dict | None = None, **body: Any) -> Answer:
    return tenant.client.request(
        method, f"/api/subscribers{path}", token=tenant.token("admin"), json_body=body or None, headers=headers)
