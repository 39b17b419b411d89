"""Who acts: the operator of the installation, the clinics, and their people. What exists already is used."""

import time
from dataclasses import dataclass

from demo import kept
from demo.person import Person, RetryingClient
from suite import people, stack
from suite.http import Client
from suite.people import Installation, User, expect

OPERATOR = "exploitation@guichet.example"


@dataclass(frozen=True)
class Clinic:
    """A tenant as the demo creates it."""

    slug: str
    name: str
    address: str
    time_zone: str
    country: str
    phone_prefix: str
    phone_digits: int
    database: str
    open_days: tuple[str, ...]
    city: str

    def email(self, role: str) -> str:
        return f"{role}@{self.slug}.example"

    def phone(self, number: int) -> str:
        return f"{self.phone_prefix}{number:0{self.phone_digits}d}"

    def user(self, client: Client, role: str) -> User:
        secret = kept.secret(f"totp-{self.slug}") if role == "admin" else None
        return User(client, self.slug, self.email(role), kept.secret("password"), role, totp_secret=secret)


def clinics(suffix: str | None = None) -> tuple[Clinic, Clinic]:
    """The clinic of the morning, and its neighbour on another database server."""
    ending = f"-{suffix}" if suffix else ""
    weekdays = ("monday", "tuesday", "wednesday", "thursday")
    return (
        Clinic(f"cabinet-daboussy{ending}", "Cabinet dentaire Daboussy", "Cité 109, Daboussy El Achour, Alger",
               "Africa/Algiers", "DZ", "+2136", 8, "main", ("saturday", "sunday", *weekdays), "Alger"),
        Clinic(f"cabinet-lyon{ending}", "Cabinet dentaire des Terreaux", "12 place des Terreaux, 69001 Lyon",
               "Europe/Paris", "FR", "+334", 8, "second", (*weekdays, "friday"), "Lyon"),
    )


def log_operator_in() -> Installation:
    """Makes the operator's account by command and logs the operator in with a one-time code."""
    operator = people.bootstrap(RetryingClient(), OPERATOR, kept.secret("password"))
    kept.keep(f"totp-{stack.PLATFORM}", operator.totp_secret)
    return Installation(operator.client, operator)


def open_clinic(installation: Installation, clinic: Clinic) -> float | None:
    """Creates the tenant if there is none; returns the seconds until every service was ready, or None."""
    path, root = f"/api/tenants/{clinic.slug}", installation.root
    if expect(root.client.get(path, root.token), 200, 404).status == 200:
        return None
    began = time.monotonic()
    installation.create(
        clinic.user(root.client, "admin"), name=clinic.name, address=clinic.address, timeZone=clinic.time_zone,
        locale=f"fr-{clinic.country}", phoneCountry=clinic.country, database=clinic.database)
    return time.monotonic() - began


def hire(clinic: Clinic, roles: dict[str, str]) -> dict[str, Person]:
    """Logs the administrator in, creates a user for each role if there is none, and returns all of them by role."""
    client = RetryingClient()
    admin = Person(client, clinic.user(client, "admin"))
    assert admin.user.token
    kept.keep(f"totp-{clinic.slug}", admin.user.totp_secret)
    present = {user["email"] for user in admin.pages("/api/users")}
    team = {"admin": admin}
    for role, name in roles.items():
        user = clinic.user(client, role)
        if user.email not in present:
            admin.post("/api/users", {"email": user.email, "name": name, "role": role, "password": user.password})
        team[role] = Person(client, user)
    return team
