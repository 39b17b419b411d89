"""HTTP through the gateway: JSON, one connection kept open a client, and retries that cannot do a thing twice."""

import http.client
import json
import threading
import time
import uuid
from urllib.parse import urlencode, urlsplit

PATIENCE = 30  # seconds in all for one request, retries included


class Refused(Exception):
    """The suite said no; its problem document (RFC 9457) says why."""

    def __init__(self, method, path, status, problem):
        super().__init__(f"{method} {path} : {status} {problem.get('title', '')} {problem.get('detail', '')} "
                         f"{problem.get('errors', '')}")
        self.status, self.problem = status, problem
        self.kind = problem.get("type", "").rsplit("/", 1)[-1]


class Answer:
    """What came back: the JSON document, and the entity tag to change the thing with."""

    def __init__(self, status, headers, content):
        self.status, self.etag = status, headers.get("ETag")
        self.json = json.loads(content) if content else None

    def __getitem__(self, name):
        return self.json[name]


class Client:
    """One client and its connection, which one thread uses at a time."""

    retries = 0  # of all clients
    _retries_lock = threading.Lock()

    def __init__(self, installation, token=None):
        self.installation, self.token = installation, token
        self._address = urlsplit(installation.gateway).netloc
        self._connection = None

    def another(self):
        """The same person on another connection."""
        return Client(self.installation, self.token)

    def get(self, path, **query):
        return self.call("GET", _with_query(path, query))

    def get_once(self, path, **query):
        """Gets without a second attempt: what fails is seen to fail."""
        return self.call("GET", _with_query(path, query), is_repeatable=False)

    def pages(self, path, **query):
        """The items of all pages of a list."""
        cursor = None
        while True:
            page = self.get(path, limit=100, cursor=cursor, **query)
            yield from page["items"]
            cursor = page.json.get("next")
            if not cursor:
                return

    def post(self, path, body=None, key=None):
        """Posts under an idempotency key, a new one unless it is given."""
        return self.call("POST", path, body, {"Idempotency-Key": key or str(uuid.uuid4())})

    def post_once(self, path, body):
        """Posts without a key, so without a second attempt when nobody knows how the first one ended."""
        return self.call("POST", path, body, is_repeatable=False)

    def put(self, path, body, etag=None):
        return self.call("PUT", path, body, {"If-Match": etag} if etag else {})

    def patch(self, path, body, etag):
        return self.call("PATCH", path, body, {"If-Match": etag, "Idempotency-Key": str(uuid.uuid4())})

    def delete(self, path, **query):
        return self.call("DELETE", f"{path}?{urlencode(query)}", headers={"Idempotency-Key": str(uuid.uuid4())})

    def call(self, method, path, body=None, headers=(), is_repeatable=True):
        deadline, pause = time.monotonic() + PATIENCE, 0.05
        while True:
            try:
                status, answered, content = self._exchange(method, path, body, headers)
            except (OSError, http.client.HTTPException) as failure:
                self._connection = None
                if not is_repeatable or time.monotonic() + pause > deadline:
                    raise ConnectionError(f"{method} {path} : {failure}") from failure
                wait = pause
            else:
                if status < 400:
                    return Answer(status, answered, content)
                refusal = Refused(method, path, status, _problem(content))
                if not (is_repeatable and _is_passing(refusal)):
                    raise refusal
                wait = float(answered.get("Retry-After") or pause)
                if time.monotonic() + wait > deadline:
                    raise refusal
            with Client._retries_lock:
                Client.retries += 1
            time.sleep(wait)
            pause = min(pause * 2, 1)

    def _exchange(self, method, path, body, headers):
        sent = {"Accept": "application/json", **dict(headers)}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        if body is not None:
            sent["Content-Type"] = "application/json"
            body = json.dumps(body, ensure_ascii=False).encode()
        if self._connection is None:
            self._connection = http.client.HTTPSConnection(
                self._address, context=self.installation.tls, timeout=10)
        self._connection.request(method, path, body, sent)
        response = self._connection.getresponse()
        return response.status, response.headers, response.read()


def _with_query(path, query):
    present = {name: value for name, value in query.items() if value is not None}
    return f"{path}?{urlencode(present)}" if present else path


def _problem(content):
    try:
        return json.loads(content)
    except ValueError:
        return {"title": content[:200].decode(errors="replace")}


def _is_passing(refusal):
    return refusal.status in (429, 502, 503, 504) or refusal.kind == "idempotency-key-in-use"
