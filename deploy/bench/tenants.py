"""Many tenants: what one more costs, and whether the others notice."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from bench import processes
from bench.place import Place
from suite import stack
from suite.http import Client
from suite.people import User, expect, fresh, key

_CLIENTS = 4


@dataclass(frozen=True)
class Creation:
    """The seconds that the creation of tenants took, and the milliseconds that others waited meanwhile; both sorted."""

    total: float
    each: list[float]
    meanwhile: list[float]


def create(count: int, root: User, place: Place) -> Creation:
    """Creates tenants through the API until every replica serves them, while a user of another tenant searches for slots."""
    wanted = {service: processes.tenants(service) + count for service in stack.services()}
    searches = _Searches(place)
    begin = time.monotonic()
    with searches:
        with ThreadPoolExecutor(_CLIENTS) as clients:
            each = sorted(clients.map(lambda _: _create(root), range(count)))
        for service, number in wanted.items():
            while processes.tenants(service) < number:
                if time.monotonic() - begin > 10 + 2 * count:
                    raise RuntimeError(f"{service} serves {processes.tenants(service)} of {number} tenants")
                time.sleep(0.2)
        total = time.monotonic() - begin
    return Creation(total, each, sorted(searches.milliseconds))


def _create(root: User) -> float:
    slug = fresh("bench-many")
    body = {"slug": slug, "name": f"Cabinet {slug}", "address": "1 rue de la Mesure, Alger",
            "timeZone": "Africa/Algiers", "locale": "fr-DZ", "phoneCountry": "DZ"}
    begin = time.monotonic()
    expect(root.client.request("POST", "/api/tenants", token=root.token, json_body=body, headers=key()), 201)
    return time.monotonic() - begin


class _Searches:
    """Looks for a week's slots ten times a second until the end of the block."""

    def __init__(self, place: Place):
        self.milliseconds: list[float] = []
        self._place, self._client = place, Client()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.wait(0.1):
            begin = time.monotonic()
            expect(self._client.get(self._place.week_of(0), self._place.tenant.token()), 200)
            self.milliseconds.append((time.monotonic() - begin) * 1000)
