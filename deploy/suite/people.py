"""Tenants and their users, made and logged in through Identity alone."""

import base64
import hashlib
import hmac
import struct
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from suite import stack
from suite.http import Answer, Client, Unanswered

ROLES = ("super_admin", "admin", "manager", "staff", "patient", "waiter", "cashier", "display", "erp")
# The roles of a tenant; super administrators belong to the installation.
TENANT_ROLES = ROLES[1:]


def fresh(word: str = "t") -> str:
    """A word that no other run has used."""
    return f"{word}-{uuid.uuid4().hex[:10]}"


def key() -> dict[str, str]:
    """The header of a new idempotency key."""
    return {"Idempotency-Key": str(uuid.uuid4())}


@contextmanager
def file_with(text: str) -> Iterator[str]:
    """The path of a file for a command, which may run as another user."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "text")
        file.write_text(text)
        Path(folder).chmod(0o755)
        yield str(file)


def one_time_password(secret: str, moment: float | None = None) -> str:
    """RFC 6238 with its usual parameters."""
    padded = secret + "=" * (-len(secret) % 8)
    step = struct.pack(">Q", int((moment or time.time()) // 30))
    digest = hmac.new(base64.b32decode(padded), step, hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start:start + 4]) & 0x7FFFFFFF) % 1_000_000:06}"


def expect(answer: Answer, *statuses: int) -> Answer:
    assert answer.status in statuses, f"expected {statuses}, got {answer!r}"
    return answer


@dataclass
class User:
    """Somebody who logs in at the first use of his token, and keeps it fresh from then on."""

    client: Client
    tenant: str
    email: str
    password: str
    role: str
    id: str = ""
    totp_secret: str | None = None
    _tokens: dict = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def token(self) -> str:
        with self._lock:
            if not self._tokens:
                self._tokens = self._log_in()
            elif self._remaining() < 120:
                self._renew()
            return self._tokens["accessToken"]

    def log_in(self, **claim: str) -> Answer:
        body = {"tenant": self.tenant, "email": self.email, "password": self.password, **claim}
        return self.client.request("POST", "/api/auth/login", json_body=body)

    def _log_in(self) -> dict:
        claim = {"code": one_time_password(self.totp_secret)} if self.totp_secret else {}
        reply = expect(self.log_in(**claim), 200).json
        if reply["enrolmentRequired"]:
            reply = self._enrol(reply["enrolment"])
        self.id = reply["tokens"]["user"]["id"]
        return reply["tokens"]

    def _enrol(self, enrolment: dict) -> dict:
        self.totp_secret = enrolment["secret"]
        body = {"ticket": enrolment["ticket"], "code": one_time_password(self.totp_secret)}
        return expect(self.client.request("POST", "/api/auth/totp/enrol", json_body=body), 200).json

    def _renew(self) -> None:
        """Under faults there may be no answer: the old token counts for some time yet, and the next use tries again."""
        try:
            body = {"refreshToken": self._tokens["refreshToken"]}
            answer = self.client.request("POST", "/api/auth/refresh", json_body=body)
        except Unanswered:
            return
        if answer.status == 200:
            self._tokens = answer.json

    def _remaining(self) -> float:
        return datetime.fromisoformat(self._tokens["expiresAt"]).timestamp() - time.time()


@dataclass
class Tenant:
    """A clinic, with a user of every role, made when first asked for."""

    client: Client
    id: str
    slug: str
    users: dict[str, User]

    def user(self, role: str) -> User:
        if role not in self.users:
            self.users[role] = self.new_user(role)
        return self.users[role]

    def token(self, role: str = "staff") -> str:
        return self.user(role).token

    def new_user(self, role: str, name: str = "Essai") -> User:
        user = User(self.client, self.slug, f"{fresh(role)}@guichet.example", fresh("Phrase secrète"), role)
        body = {"email": user.email, "name": name, "role": role, "password": user.password}
        answer = self.client.request("POST", "/api/users", token=self.token("admin"), json_body=body, headers=key())
        user.id = expect(answer, 201).json["id"]
        return user

    def schema(self, service: str) -> str:
        return f"{service}_{self.slug}"


class Installation:
    """The platform's own tenant: who creates the others."""

    def __init__(self, client: Client):
        self.client = client
        email, password = f"{fresh('super')}@guichet.example", fresh("Phrase secrète")
        with file_with(password) as file:
            printed = stack.output("identity", "bootstrap", "--email", email, "--password-file", file, "--show-totp")
        secret = parse_qs(urlsplit(printed.splitlines()[0]).query)["secret"][0]
        self.root = User(client, "guichet", email, password, "super_admin", totp_secret=secret)
        for address in (replica for service in stack.services() for replica in stack.replicas(service)):
            self._await_keys(Client(address))

    def _await_keys(self, replica: Client) -> None:
        """Signing keys reach a new installation's services by events, some seconds after they are up."""
        deadline = time.monotonic() + 30
        while replica.get("/api/users", self.root.token).status == 401:
            assert time.monotonic() < deadline, "a replica never learnt of the signing keys"
            time.sleep(0.2)

    def tenant(self, word: str = "essai", **traits: str) -> Tenant:
        """A new tenant, once every service serves it."""
        slug, password = fresh(word), fresh("Phrase secrète")
        admin = User(self.client, slug, f"admin@{slug}.example", password, "admin")
        body = {
            "slug": slug, "name": f"Cabinet {slug}", "address": "Cité 109, Daboussy El Achour, Alger",
            "timeZone": "Africa/Algiers", "locale": "fr-DZ", "phoneCountry": "DZ",
            "admin": {"email": admin.email, "name": "Direction", "password": password}, **traits,
        }
        answer = self.client.request(
            "POST", "/api/tenants", token=self.root.token, json_body=body, headers=key())
        identifier = expect(answer, 201).json["id"]
        self.await_readiness(slug)
        return Tenant(self.client, identifier, slug, {"admin": admin, "super_admin": self.root})

    def await_readiness(self, slug: str) -> None:
        deadline, wanted = time.monotonic() + 30, set(stack.services())
        while True:
            reply = expect(self.client.get(f"/api/tenants/{slug}", self.root.token), 200).json
            ready = {service["service"] for service in reply["services"]}
            if ready >= wanted:
                return
            assert time.monotonic() < deadline, f"{slug} is only served by {ready}"
            time.sleep(0.1)
