"""Pages with the unmodified JavaScript client of Socket.IO, in a real browser and through the gateway."""

import threading
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from reception import Reception

from suite import stack
from suite.people import Installation, expect
from suite.waiting import PATIENCE_SECONDS, await_that

# What a page is served as by the addresses that the clinic permits and does not permit.
PERMITTED, ELSEWHERE = "127.0.0.1", "localhost"
PAGE = b"""<!doctype html><meta charset="utf-8"><title>Attente</title><script src="/socket.io.min.js"></script><script>
const clients = {}
function connect(name, address, options) {
    const socket = io(address, options), seen = [], note = (event, payload) => seen.push({event, payload})
    clients[name] = {socket, seen}
    socket.onAny(note)
    const transport = () => socket.io.engine.transport.name
    socket.on("connect", () => note("connect", {recovered: socket.recovered, transport: transport()}))
    socket.on("disconnect", reason => note("disconnect", reason))
    socket.on("connect_error", error => note("connect_error", error.data ?? error.message))
    socket.io.on("open", () => socket.io.engine.once("upgrade", () => note("upgrade", transport())))
}
const ask = (name, event, argument) => clients[name].socket.timeout(20000).emitWithAck(event, argument)
function listen(name, kind, address, events, first) {
    const seen = [], source = new kind(address), note = event => seen.push({event: event.type, payload: event.data})
    clients[name] = {seen}
    for (const event of ["message", "error", ...events]) source.addEventListener(event, note)
    if (first) source.addEventListener("open", () => source.send(JSON.stringify(first)))
}
</script>"""


@cache
def library() -> bytes:
    """The client of Socket.IO as it was published."""
    (wheel,) = (stack.ROOT / ".local" / "browser-client").glob("*.whl")
    return zipfile.ZipFile(wheel).read("nicegui/static/socket.io.min.js")


class Site(BaseHTTPRequestHandler):
    """The minimal page and its script."""

    def do_GET(self) -> None:
        kind, body = ("text/javascript", library()) if self.path.endswith(".js") else ("text/html", PAGE)
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[int]:
    """The port of the page."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=["--disable-dev-shm-usage"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def room(installation: Installation, site: int) -> Reception:
    """A line of a clinic that permits the page; every replica knows that it does."""
    tenant, root = installation.tenant("navigateur"), installation.root
    path, page = f"/api/tenants/{tenant.slug}", f"http://{PERMITTED}:{site}"
    seen = expect(root.client.get(path, root.token), 200)
    expect(root.client.request(
        "PATCH", path, token=root.token, json_body={"allowedOrigins": [page]}, headers={"If-Match": seen.etag}), 200)
    room = Reception.open(tenant)
    stream = f"/api/realtime/events?room=patient:{room.join()['patientToken']}"
    for replica in stack.replicas("realtime"):
        await_that(lambda: begins(replica, stream, page), "the origin is not permitted everywhere")
    return room


def begins(replica: str, path: str, page: str) -> bool:
    """Whether a stream begins for that page. The suite's own client would read it to its end."""
    connection = HTTPConnection(replica.removeprefix("http://"), timeout=30)
    connection.request("GET", path, headers={"Origin": page})
    try:
        return connection.getresponse().status == 200
    finally:
        connection.close()


class Telephone:
    """One page in a browser of its own."""

    def __init__(self, browser: Browser, site: int, host: str = PERMITTED):
        self.context = browser.new_context(ignore_https_errors=True)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE_SECONDS * 1000)
        self.page.goto(f"http://{host}:{site}/")

    def connect(self, name: str, **options: Any) -> None:
        self.page.evaluate("([name, address, options]) => connect(name, address, options)", [
            name, stack.GATEWAY, options])

    def listen(self, name: str, kind: str, address: str, events: tuple[str, ...] = (), first: Any = None) -> None:
        self.page.evaluate(
            f"([name, address, events, first]) => listen(name, {kind}, address, events, first)",
            [name, address, events, first])

    def ask(self, name: str, event: str, argument: Any) -> dict:
        return self.page.evaluate("([name, event, argument]) => ask(name, event, argument)", [name, event, argument])

    def seen(self, name: str) -> list[dict]:
        return self.page.evaluate("name => clients[name].seen", name)

    def events(self, name: str, start: int = 0) -> list[str]:
        return [it["event"] for it in self.seen(name)[start:]]

    def next(self, name: str, event: str, holds: Callable[[Any], bool] = lambda _: True, start: int = 0) -> Any:
        """The payload of the first such event after `start` others, once it is there."""
        found: list = []

        def is_there() -> bool:
            found[:] = [it["payload"] for it in self.seen(name)[start:] if it["event"] == event and holds(it["payload"])]
            return bool(found)

        await_that(is_there, lambda: f"no {event} among {self.seen(name)}")
        return found[0]


@pytest.fixture
def telephone(browser: Browser, site: int) -> Iterator[Telephone]:
    telephone = Telephone(browser, site)
    yield telephone
    telephone.context.close()


@pytest.mark.parametrize(
    ("transports", "first"),
    [(["polling", "websocket"], "polling"), (["websocket"], "websocket"), (["polling"], "polling")],
    ids=["upgrade", "websocket", "polling"])
def test_a_call_arrives_at_the_telephone_and_at_the_display(
    room: Reception, telephone: Telephone, transports: list[str], first: str
):
    ticket, display = room.join(), room.display()
    for name in ("patient", "display"):
        telephone.connect(name, transports=transports)
        assert telephone.next(name, "connect") == {"recovered": False, "transport": first}
        if len(transports) > 1:
            assert telephone.next(name, "upgrade") == "websocket"
    joined = telephone.ask("patient", "join:patient", {"patientToken": ticket["patientToken"]})
    assert joined == {"status": "ok"}
    assert telephone.next("patient", "position:updated")["ticketNumber"] == ticket["ticketNumber"]
    await_that(lambda: telephone.ask(
        "display", "join:display", {"clinicId": room.queue, "token": display["token"]}) == {"status": "ok"})
    assert telephone.next("display", "display:update")["queue"] == room.queue

    while room.call_next()["ticketNumber"] != ticket["ticketNumber"]:
        pass
    call = telephone.next("patient", "patient:called")
    assert (call["ticketNumber"], call["counter"]) == (ticket["ticketNumber"], "Cabinet 1")
    assert telephone.next("patient", "turn:called") == call
    assert telephone.next("patient", "position:updated", lambda it: it.get("status") == "called")
    shown = telephone.next("display", "display:called", lambda it: it["ticketNumber"] == ticket["ticketNumber"])
    assert shown["version"] == call["version"]
    assert telephone.next("display", "display:update", lambda it: it.get("calledNumber") == ticket["ticketNumber"])
    assert "disconnect" not in telephone.events("patient") + telephone.events("display")


def test_a_page_of_another_origin_is_refused(room: Reception, browser: Browser, site: int):
    ticket, elsewhere = room.join(), Telephone(browser, site, ELSEWHERE)
    name = f"patient:{ticket['patientToken']}"
    for transport in ("polling", "websocket"):
        elsewhere.connect(transport, transports=[transport])
        elsewhere.next(transport, "connect")
        refused = elsewhere.ask(transport, "join:patient", {"patientToken": ticket["patientToken"]})
        assert refused["code"] == "forbidden"
        elsewhere.connect(f"{transport} at once", transports=[transport], auth={"rooms": [name]}, forceNew=True)
        assert elsewhere.next(f"{transport} at once", "connect_error")["code"] == "forbidden"
    feed = stack.GATEWAY.replace("https:", "wss:") + "/ws"
    elsewhere.listen("feed", "WebSocket", feed, first={"type": "join", "room": name})
    assert '"code":"forbidden"' in elsewhere.next("feed", "message")
    elsewhere.listen("stream", "EventSource", f"{stack.GATEWAY}/api/realtime/events?room={name}", ("position:updated",))
    elsewhere.next("stream", "error")
    assert "position:updated" not in elsewhere.events("stream")
    elsewhere.context.close()


def test_streams_and_plain_sockets_serve_pages_too(room: Reception, telephone: Telephone):
    name = f"patient:{room.join()['patientToken']}"
    telephone.listen("stream", "EventSource", f"{stack.GATEWAY}/api/realtime/events?room={name}", ("position:updated",))
    assert '"status":"waiting"' in telephone.next("stream", "position:updated")
    feed = stack.GATEWAY.replace("https:", "wss:") + "/ws"
    telephone.listen("feed", "WebSocket", feed, first={"type": "join", "room": name})
    assert '"type":"joined"' in telephone.next("feed", "message")


def test_a_telephone_comes_back_after_a_restart_and_after_a_lost_network(room: Reception, telephone: Telephone):
    ticket = room.join()
    telephone.connect("patient", auth={"rooms": [f"patient:{ticket['patientToken']}"]})
    position = telephone.next("patient", "position:updated")["position"]
    # Each replica is restarted in turn, so the client was with one of them.
    for replica in ("realtime-1", "realtime-2"):
        stack.act("stop", replica)
        if replica == "realtime-1":
            stack.act("start", replica)
    start = len(telephone.seen("patient"))
    await_that(lambda: telephone.page.evaluate("clients.patient.socket.connected"))
    assert "disconnect" in telephone.events("patient")
    assert telephone.seen("patient")[-1]["payload"].get("position", position) == position

    # One replica is left, so the client comes back to it, and goes on where it was.
    telephone.context.set_offline(True)
    telephone.next("patient", "disconnect", start=start)
    cut = len(telephone.seen("patient"))
    while room.call_next()["ticketNumber"] != ticket["ticketNumber"]:
        pass
    telephone.context.set_offline(False)
    assert telephone.next("patient", "connect", start=cut)["recovered"] is True
    call = telephone.next("patient", "patient:called", start=cut)
    assert call["ticketNumber"] == ticket["ticketNumber"]
    assert telephone.next("patient", "position:updated", lambda it: it.get("status") == "called", start=cut)
    assert telephone.events("patient", cut).count("patient:called") == 1
    stack.act("start", "realtime-2")
