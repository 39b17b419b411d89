"""The OpenAPI documents that the services publish: each operation with what it promises."""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from suite import stack
from suite.http import Client
from suite.people import ROLES, TENANT_ROLES

# A day that no other test uses, within the horizon of every clinic.
A_DAY = str(date.today() + timedelta(days=150))
A_DAY_LATER = str(date.today() + timedelta(days=151))
# Text that fits every path parameter which is no id of something stored.
_PLACES = {"day": A_DAY, "careType": "consultation"}
# What a schema cannot say: which of its optional members there must be, and which value.
_BODIES = {
    "PATCH /api/appointments/{id}": {"start": f"{A_DAY}T09:00:00Z"},
    "POST /api/users": {"role": "staff"},  # one that the caller may grant
    "POST /api/tenants": {"timeZone": "Africa/Algiers"},
}
UNKNOWN_ID = "01890000-0000-7000-8000-000000000000"


@dataclass(frozen=True)
class Operation:
    service: str
    method: str
    path: str
    # None when anyone may call it.
    roles: frozenset[str] | None
    # The scope of service accounts that may call it; None if it is closed to them.
    scope: str | None
    parameters: tuple[dict, ...]
    body_schema: dict | None
    responses: frozenset[int]
    document: dict = field(compare=False, hash=False, repr=False)

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def refused_roles(self) -> list[str]:
        return [] if self.roles is None else [role for role in ROLES if role not in self.roles]

    @property
    def role(self) -> str | None:
        """A role that may call it, of a tenant if there is one."""
        if self.roles is None:
            return None
        return next((role for role in TENANT_ROLES if role in self.roles), "super_admin")

    @property
    def path_names(self) -> list[str]:
        return re.findall(r"{(\w+)}", self.path)

    @property
    def resource_name(self) -> str | None:
        """The path parameter that names something stored, for example `id`."""
        return next((name for name in self.path_names if name not in _PLACES), None)

    def target(self, resource: str = UNKNOWN_ID) -> str:
        """The path with that resource, and the query parameters that must be there."""
        path = re.sub(r"{(\w+)}", lambda match: _PLACES.get(match[1], resource), self.path)
        wanted = [p for p in self.parameters if p["in"] == "query" and p.get("required")]
        query = "&".join(f"{p['name']}={self.sample(p['schema'], p['name'])}" for p in wanted)
        return f"{path}?{query}" if query else path

    def headers(self) -> dict[str, str]:
        """The header fields that must be there, and an idempotency key where one may be."""
        fields = {}
        for parameter in self.parameters:
            if parameter["in"] == "header" and parameter["name"] == "Idempotency-Key":
                fields["Idempotency-Key"] = f"walk-{id(fields)}"
            elif parameter["in"] == "header" and parameter.get("required"):
                fields[parameter["name"]] = '"1"'
        return fields

    def body(self) -> Any:
        """The smallest body that the schema admits."""
        if self.body_schema is None:
            return None
        return {**self.sample(self.body_schema), **_BODIES.get(str(self), {})}

    @property
    def members(self) -> set[str]:
        """The members that the body may have."""
        return set(self.resolved(self.body_schema or {}).get("properties", {}))

    def resolved(self, schema: dict) -> dict:
        """The schema, or the one that it refers to."""
        while "$ref" in schema:
            schema = self._resolve(schema["$ref"])
        return schema

    def part(self, schema: dict, step: str | int) -> dict:
        """The schema of a member of an object, or of the items of a list."""
        schema = self.resolved(schema)
        for choice in schema.get("anyOf", schema.get("oneOf", [])):
            if self.resolved(choice).get("type") in ("object", "array"):
                return self.part(choice, step)
        if isinstance(step, int):
            return schema["items"]
        return schema.get("properties", {}).get(step) or schema["additionalProperties"]

    def sample(self, schema: dict, name: str = "") -> Any:
        if "$ref" in schema:
            return self.sample(self._resolve(schema["$ref"]), name)
        if "enum" in schema:
            return schema["enum"][0]
        if "const" in schema:
            return schema["const"]
        for choice in schema.get("anyOf", schema.get("oneOf", []))[:1]:
            return self.sample(choice, name)
        kind = schema.get("type")
        if kind == "object":
            members = schema.get("properties", {})
            return {member: self.sample(members[member], member) for member in schema.get("required", [])}
        if kind == "array":
            return [self.sample(schema["items"], name)] * schema.get("minItems", 0)
        if kind in ("integer", "number"):
            return schema.get("minimum", 1)
        if kind == "boolean":
            return True
        return _text(schema, name)

    def _resolve(self, reference: str) -> dict:
        place = self.document
        for step in reference.removeprefix("#/").split("/"):
            place = place[step]
        return place


def _text(schema: dict, name: str) -> str:
    if schema.get("format") == "date-time":
        return f"{A_DAY_LATER if name == 'to' else A_DAY}T09:00:00Z"
    by_format = {"uuid": UNKNOWN_ID, "email": "qui@exemple.dz", "date": A_DAY}
    if schema.get("format") in by_format:
        return by_format[schema["format"]]
    known = ("+213551234567", "fr", "FR", "08:00", A_DAY, "essai", "essai-essai-essai")
    fits = (
        text for text in known
        if re.search(schema.get("pattern", ""), text) and len(text) >= schema.get("minLength", 0)
    )
    return "+213551234567" if name == "phone" else next(fits, "essai")


def documents() -> dict[str, dict]:
    """The document of each service, through the gateway."""
    client, found = Client(), {}
    for service in stack.services():
        answer = client.get(f"/openapi/{service}.json")
        assert answer.status == 200, f"{service} does not describe itself: {answer!r}"
        found[service] = answer.json
    return found


def operations() -> list[Operation]:
    return [
        _operation(service, method.upper(), path, item, document)
        for service, document in documents().items()
        for path, methods in document["paths"].items()
        for method, item in methods.items()
    ]


def _operation(service: str, method: str, path: str, item: dict, document: dict) -> Operation:
    roles = None
    if item["security"]:
        names = re.search(r"Roles: ([^.]*)\.", item["description"])
        assert names, f"{method} {path} does not say which roles may call it"
        roles = frozenset(names[1].split(", "))
    scope = next((alternative["serviceAccount"][0] for alternative in item["security"]
                  if "serviceAccount" in alternative), None)
    content = item.get("requestBody", {}).get("content", {})
    return Operation(
        service, method, path, roles, scope, tuple(item.get("parameters", ())),
        content.get("application/json", {}).get("schema"), frozenset(int(code) for code in item["responses"]), document)
