"""compose.yaml runs the services of deploy/local/services.table, each with what it needs there."""

import copy
from collections.abc import Callable
from dataclasses import dataclass

import pytest
import yaml

from suite import stack

# What stands for a service's setting of the table in compose.yaml.
COUNTERPARTS = {"@redis": "{}_FILE", "@gateway": "{}", "@broker": "{}", "@broker-management": "{}_FILE"}


@dataclass(frozen=True)
class Row:
    """A service of the table, and its settings that stand for an address."""

    name: str
    addresses: dict[str, str]


def table() -> list[Row]:
    text = (stack.ROOT / "deploy/local/services.table").read_text()
    rows = [line.split() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [
        Row(name, {setting: value for setting, _, value in (word.partition("=") for word in words) if value[:1] == "@"})
        for name, _, _, *words in rows]


def compose() -> dict:
    return yaml.safe_load((stack.ROOT / "compose.yaml").read_text())


def faults(rows: list[Row], compose: dict) -> list[str]:
    """Where compose.yaml differs from the table, and what to write there instead."""
    services, secrets = compose["services"], compose["secrets"]
    names = {row.name for row in rows}
    built = {name for name, it in services.items() if it.get("build", {}).get("target") == "service"}
    found = [f"remove the service {name}: the table has none" for name in sorted(built - names)]
    found += [f"let the gateway depend on {name}" for name in sorted(names - services["gateway"]["depends_on"].keys())]
    for row in rows:
        if secrets.get(row.name, {}).get("file") != f".local/compose/mounts/{row.name}":
            found.append(f"add the secret {row.name}: .local/compose/mounts/{row.name}")
        if row.name not in built:
            found.append(f"add the service {row.name}")
            continue
        service = services[row.name]
        if service["build"].get("args") != {"SERVICE": row.name} or service["image"] != f"guichet/{row.name}":
            found.append(f"build guichet/{row.name} of the service {row.name}")
        if service.get("secrets") != [{"source": row.name, "target": "service"}]:
            found.append(f"give {row.name} its own secret as `service`")
        variables = {COUNTERPARTS[value].format(setting) for setting, value in row.addresses.items()}
        found += [f"set {variable} of {row.name}" for variable in sorted(variables - service["environment"].keys())]
    return found


def test_compose_runs_the_services_of_the_table():
    assert faults(table(), compose()) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda it: it["services"].pop("booking"), "add the service booking"),
        (lambda it: it["services"].update(billing=it["services"]["booking"]), "remove the service billing"),
        (lambda it: it["services"]["gateway"]["depends_on"].pop("identity"), "let the gateway depend on identity"),
        (lambda it: it["secrets"].pop("booking"), "add the secret booking"),
        (lambda it: it["services"]["booking"].update(secrets=["identity"]), "give booking its own secret"),
        (lambda it: it["services"]["booking"].update(image="guichet/identity"), "build guichet/booking"),
        (lambda it: it["services"]["availability"]["environment"].pop("GUICHET_REDIS_URL_FILE"),
         "set GUICHET_REDIS_URL_FILE of availability"),
    ])
def test_a_service_that_was_forgotten_is_named(change: Callable[[dict], object], words: str):
    # Aliases of YAML are one object: each service gets its own.
    changed = {name: {key: copy.deepcopy(it) for key, it in part.items()} if isinstance(part, dict) else part
               for name, part in compose().items()}
    change(changed)
    assert any(fault.startswith(words) for fault in faults(table(), changed)), faults(table(), changed)
