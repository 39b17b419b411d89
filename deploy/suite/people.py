"""Tenants and their users, made and logged in through Identity alone."""

import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

from suite import one_time, stack
from suite.http import Answer, Client, Unanswered
from suite.waiting import await_that

ROLES = ("super_admin", "admin", "manager", "staff", "patient", "waiter", "cashier", "display", "erp")
# The roles of a tenant; super administrators belong to the installation.
TENANT_ROLES = ROLES[1:]
# A token is renewed this long before it expires, so that it is valid for as long as a test needs it.
_RENEWAL_SECONDS = 300


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


def expect(answer: Answer, *statuses: int) -> Answer:
    assert answer.status in statuses, f"expected {statuses}, got {answer!r}"
    return answer


@dataclass
class User:
    """A user whose token is always valid: the first use logs in, later uses renew it. Threads may share a user."""

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
        """An access token that is valid for some minutes. Ask for it again instead of keeping it."""
        with self._lock:
            if not self._tokens:
                self._tokens = self._log_in()
            elif self._remaining() < _RENEWAL_SECONDS:
                self._renew()
            return self._tokens["accessToken"]

    def log_in(self, **claim: str) -> Answer:
        body = {"tenant": self.tenant, "email": self.email, "password": self.password, **claim}
        return self.client.request("POST", "/api/auth/login", json_body=body)

    def _log_in(self) -> dict:
        reply = expect(self._proven_log_in(), 200).json
        if reply["enrolmentRequired"]:
            reply = self._enrol(reply["enrolment"])
        self.id = reply["tokens"]["user"]["id"]
        return reply["tokens"]

    def _proven_log_in(self) -> Answer:
        """Logs in, with a one-time code if there is a secret. A code that was used a moment ago is refused."""
        if self.totp_secret is None:
            return self.log_in()
        answer = self.log_in(code=one_time.code(self.totp_secret))
        if answer.problem_kind == "totp-invalid":
            one_time.wait_for_next_step()
            answer = self.log_in(code=one_time.code(self.totp_secret))
        return answer

    def _enrol(self, enrolment: dict) -> dict:
        self.totp_secret = enrolment["secret"]
        body = {"ticket": enrolment["ticket"], "code": one_time.code(self.totp_secret)}
        return expect(self.client.request("POST", "/api/auth/totp/enrol", json_body=body), 200).json

    def _renew(self) -> None:
        """Refreshes the tokens. Logs in again if the session has ended, as it does when a refresh was answered but the
        answer was lost. Keeps the old token for its last minutes if Identity does not answer."""
        try:
            answer = self.client.request(
                "POST", "/api/auth/refresh", json_body={"refreshToken": self._tokens["refreshToken"]})
            if answer.status == 200:
                self._tokens = answer.json
            elif answer.status == 401:
                self._tokens = self._log_in()
            else:
                raise Unanswered(f"the refresh was answered {answer!r}")
        except Unanswered:
            if self._remaining() <= 0:
                raise

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

    def program(self, *scopes: str) -> "Program":
        """A new service account with these scopes and a secret."""
        admin = self.token("admin")
        id = expect(self.client.request(
            "POST", "/api/service-accounts", token=admin, headers=key(),
            json_body={"name": fresh("Programme"), "scopes": scopes}), 201).json["id"]
        made = self.client.request("POST", f"/api/service-accounts/{id}/secrets", token=admin, json_body={})
        secret = expect(made, 201).json
        return Program(self.client, id, secret["id"], secret["clientSecret"])

    def schema(self, service: str) -> str:
        return f"{service}_{self.slug}"


@dataclass
class Program:
    """A service account, and a secret of it."""

    client: Client
    id: str
    secret_id: str
    secret: str

    @property
    def path(self) -> str:
        return f"/api/service-accounts/{self.id}"

    @property
    def token(self) -> str:
        """A new access token, which is valid for ten minutes."""
        return expect(self.grant(), 200).json["access_token"]

    def grant(self, **fields: str) -> Answer:
        """Asks for a token, with the secret in the form."""
        form = {"grant_type": "client_credentials", "client_id": self.id, "client_secret": self.secret, **fields}
        return self.client.request(
            "POST", "/api/auth/token", body=urlencode(form).encode(),
            headers={"Content-Type": "application/x-www-form-urlencoded"})


def bootstrap(client: Client, email: str | None = None, password: str | None = None) -> User:
    """Makes a super administrator by the operator's command; default: a new one."""
    email, password = email or f"{fresh('super')}@guichet.example", password or fresh("Phrase secrète")
    with file_with(password) as file:
        printed = stack.output("identity", "bootstrap", "--email", email, "--password-file", file, "--show-totp")
    secret = parse_qs(urlsplit(printed.splitlines()[0]).query)["secret"][0]
    return User(client, stack.PLATFORM, email, password, "super_admin", totp_secret=secret)


class Installation:
    """The platform's own tenant, which creates the others."""

    def __init__(self, client: Client, root: User | None = None):
        """`root` is a super administrator; default: a new one."""
        self.client = client
        self.root = root or bootstrap(client)
        for address in (replica for service in stack.services() for replica in stack.replicas(service)):
            replica = Client(address)
            # Signing keys reach the services of a new installation by events, some seconds after their start.
            await_that(
                lambda: replica.get("/api/users", self.root.token).status != 401,
                f"{address} has not learnt of the signing keys")

    def tenant(self, word: str = "essai", **traits: str) -> Tenant:
        """A new tenant, once every service serves it."""
        slug, password = fresh(word), fresh("Phrase secrète")
        admin = User(self.client, slug, f"admin@{slug}.example", password, "admin")
        return self.create(admin, **{"name": f"Cabinet {slug}", "address": "Cité 109, Daboussy El Achour, Alger", **traits})

    def create(self, admin: User, **traits: str) -> Tenant:
        """The tenant of that administrator, once every service serves it."""
        body = {
            "slug": admin.tenant, "timeZone": "Africa/Algiers", "locale": "fr-DZ", "phoneCountry": "DZ",
            "admin": {"email": admin.email, "name": "Direction", "password": admin.password}, **traits,
        }
        answer = self.client.request(
            "POST", "/api/tenants", token=self.root.token, json_body=body, headers=key())
        identifier = expect(answer, 201).json["id"]
        self.await_readiness(admin.tenant)
        return Tenant(self.client, identifier, admin.tenant, {"admin": admin, "super_admin": self.root})

    def await_readiness(self, slug: str) -> None:
        def unready() -> set[str]:
            reply = expect(self.client.get(f"/api/tenants/{slug}", self.root.token), 200).json
            return set(stack.services()) - {service["service"] for service in reply["services"]}

        await_that(lambda: not unready(), lambda: f"{slug} is not served by {unready()}")
