"""Where the private suite of this checkout answers, and how its processes are acted on."""

import json
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import HTTPBasicAuthHandler, HTTPPasswordMgrWithPriorAuth, Request, build_opener

ROOT = Path(__file__).resolve().parents[2]
LOGS = ROOT / ".local" / "log"


def _environment() -> dict[str, str]:
    file = ROOT / ".local" / "env"
    if not file.exists():
        raise SystemExit("The suite does not run here: make up.")
    lines = (line.removeprefix("export ").strip() for line in file.read_text().splitlines())
    pairs = (line.split("=", 1) for line in lines if "=" in line)
    return {name: value.strip("'") for name, value in pairs}


ENVIRONMENT = _environment()
GATEWAY = ENVIRONMENT["GUICHET_GATEWAY_URL"]
AUTHORITY = ENVIRONMENT["GUICHET_GATEWAY_CA_FILE"]
# The tenant of the super administrators.
PLATFORM = "guichet"


def replicas(service: str) -> list[str]:
    """The addresses of a service's replicas, past the gateway."""
    return ENVIRONMENT[f"GUICHET_{service.upper()}_URLS"].split(",")


def services() -> list[str]:
    """The names of the services that run, from the addresses of their replicas."""
    names = (name.removeprefix("GUICHET_").removesuffix("_URLS") for name in ENVIRONMENT if name.endswith("_URLS"))
    return sorted(name.lower() for name in names)


def secret(name: str) -> str:
    """A password of this checkout, such as `postgres-booking`."""
    return (ROOT / ".local" / "secrets" / name).read_text()


def broker_api(path: str, body: Any = None, method: str | None = None) -> Any:
    """What the management API of the broker answers its administrator, None if the answer is empty. By default it is asked by
    GET, or with a body by POST."""
    url = urlsplit(ENVIRONMENT["GUICHET_TEST_AMQP_MANAGEMENT_URL"])
    manager = HTTPPasswordMgrWithPriorAuth()
    address = f"http://{url.hostname}:{url.port}/api/"
    manager.add_password(None, address, url.username, url.password, is_authenticated=True)
    data = None if body is None else json.dumps(body).encode()
    request = Request(address + path, data, {"Content-Type": "application/json"}, method=method)
    with build_opener(HTTPBasicAuthHandler(manager)).open(request, timeout=30) as answer:
        return json.loads(answer.read() or "null")


def act(action: str, process: str, *more: str) -> None:
    """`deploy/local/replica` on a server or on a replica such as `booking-1`."""
    name, _, number = process.partition("-") if process[-1].isdigit() else (process, "", "")
    command = [str(ROOT / "deploy/local/replica"), action, name] + ([number, *more] if number else [])
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")


def command(service: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """How a command of a service's executable ended, and what it wrote."""
    line = [str(ROOT / "deploy/local/command"), service, *arguments]
    return subprocess.run(line, capture_output=True, text=True, check=False)


def output(service: str, *arguments: str) -> str:
    """What a command prints that must succeed."""
    done = command(service, *arguments)
    if done.returncode:
        raise RuntimeError(f"{service} {' '.join(arguments)}: {done.returncode} {done.stderr.strip()}")
    return done.stdout
