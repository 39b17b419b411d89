"""Who acts: the operator of the installation, the clinics, and their people. What exists already is used."""

import time
from dataclasses import dataclass

import totp
from api import Client, Refused

OPERATOR = "exploitation@guichet.example"
SERVICES = {"identity", "booking", "availability"}


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
    open_days: tuple
    city: str

    def email(self, role):
        return f"{role}@{self.slug}.example"

    def phone(self, number):
        return f"{self.phone_prefix}{number:0{self.phone_digits}d}"


def clinics(suffix=None):
    """The clinic of the morning, and its neighbour on another database server."""
    ending = f"-{suffix}" if suffix else ""
    weekdays = ("monday", "tuesday", "wednesday", "thursday")
    return (
        Clinic(f"cabinet-daboussy{ending}", "Cabinet dentaire Daboussy", "Cité 109, Daboussy El Achour, Alger",
               "Africa/Algiers", "DZ", "+2136", 8, "main", ("saturday", "sunday", *weekdays), "Alger"),
        Clinic(f"cabinet-lyon{ending}", "Cabinet dentaire des Terreaux", "12 place des Terreaux, 69001 Lyon",
               "Europe/Paris", "FR", "+334", 8, "second", (*weekdays, "friday"), "Lyon"),
    )


def bootstrap(installation):
    """Makes the operator's account by command and returns the operator, logged in with a one-time code."""
    uri = installation.command(
        "command", "identity", "bootstrap", "--email", OPERATOR,
        "--password-file", str(installation.secret_file("password")), "--show-totp")
    installation.keep_secret("totp-guichet", uri.split("secret=")[1].split("&")[0])
    return log_in(installation, "guichet", OPERATOR)


def log_in(installation, tenant, email):
    """Opens a session; enrols a second factor when the role asks for one and there is none."""
    client, password = Client(installation), installation.secret("password")
    secret = installation.secret(f"totp-{tenant}")
    claim = {"tenant": tenant, "email": email, "password": password}
    for _ in range(3):
        try:
            reply = client.post_once("/api/auth/login", claim)
            break
        except Refused as refusal:
            if refusal.kind == "totp-invalid":
                totp.wait_for_next_step()
            elif refusal.kind != "totp-required":
                raise
            if secret is None:
                raise RuntimeError(f"{email} : il manque {installation.secret_file(f'totp-{tenant}')}")
            claim["code"] = totp.code(secret)
    else:
        raise RuntimeError(f"{email} : aucun code à usage unique n’a convenu")
    tokens = reply.json.get("tokens")
    if reply["enrolmentRequired"]:
        enrolment = reply["enrolment"]
        installation.keep_secret(f"totp-{tenant}", enrolment["secret"])
        proof = {"ticket": enrolment["ticket"], "code": totp.code(enrolment["secret"])}
        tokens = client.post_once("/api/auth/totp/enrol", proof)["tokens"]
    return Client(installation, tokens["accessToken"])


def open_clinic(operator, clinic, password):
    """Creates the tenant unless it is there; returns the seconds until every service was ready, or None."""
    try:
        operator.get(f"/api/tenants/{clinic.slug}")
        return None
    except Refused as refusal:
        if refusal.status != 404:
            raise
    began = time.monotonic()
    operator.post("/api/tenants", {
        "slug": clinic.slug, "name": clinic.name, "address": clinic.address, "timeZone": clinic.time_zone,
        "locale": f"fr-{clinic.country}", "phoneCountry": clinic.country, "database": clinic.database,
        "admin": {"email": clinic.email("admin"), "name": "Administration", "password": password},
    })
    while not SERVICES <= {ready["service"] for ready in operator.get(f"/api/tenants/{clinic.slug}")["services"]}:
        if time.monotonic() - began > 30:
            raise RuntimeError(f"{clinic.slug} n’est pas prêt après 30 s")
        time.sleep(0.1)
    return time.monotonic() - began


def hire(installation, clinic, roles):
    """Logs the administrator in, creates a user for each role, and returns all of them, logged in, by role."""
    admin = log_in(installation, clinic.slug, clinic.email("admin"))
    present = {user["email"] for user in admin.pages("/api/users")}
    people = {"admin": admin}
    for role, name in roles.items():
        if clinic.email(role) not in present:
            admin.post("/api/users", {
                "email": clinic.email(role), "name": name, "role": role, "password": installation.secret("password")})
        people[role] = log_in(installation, clinic.slug, clinic.email(role))
    return people
