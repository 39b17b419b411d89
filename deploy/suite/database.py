"""PostgreSQL as a witness: what is really stored, read past the services."""

import json
import os
import subprocess
from typing import Any
from urllib.parse import urlsplit

from suite import stack

_VARIABLES = {
    "main": "GUICHET_SUITE_POSTGRES_URL", "second": "GUICHET_SUITE_POSTGRES_SECOND_URL",
    "standby": "GUICHET_SUITE_POSTGRES_STANDBY_URL"}


def rows(sql: str, schema: str | None = None, server: str = "main") -> list[dict[str, Any]]:
    """The rows of a query. `schema` is where its tables lie."""
    text = f"SELECT coalesce(json_agg(found), '[]') FROM ({sql}) AS found"
    return json.loads(_run(server, text, schema))


def value(sql: str, schema: str | None = None, server: str = "main") -> Any:
    """The one value of a query of one row and one column."""
    (row,) = rows(sql, schema, server)
    (only,) = row.values()
    return only


def execute(sql: str, schema: str | None = None, server: str = "main") -> None:
    _run(server, sql, schema)


def script(sql: str, server: str = "main") -> str:
    """What the last statement of a script prints."""
    return _run(server, sql, None)


def errors(statements: list[str], role: str, server: str = "main") -> list[str]:
    """What the server says against the statements of a service's own role, each tried whatever became of the others."""
    arguments, environment = connection(server, role)
    done = subprocess.run(
        ["psql", "-qXAt", *arguments], env=environment, input="".join(f"{statement};\n" for statement in statements),
        capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr.strip())
    return [line.partition("ERROR:")[2].strip() for line in done.stderr.splitlines() if "ERROR:" in line]


def dump(schema: str, server: str = "main") -> str:
    """Everything in a schema, as text."""
    arguments, environment = connection(server)
    return subprocess.run(
        ["pg_dump", *arguments, "--data-only", f"--schema={schema}"], env=environment, capture_output=True, text=True,
        check=True,
    ).stdout


def backup(schema: str, server: str = "main") -> str:
    """A dump of one schema, as docs/operations.md makes it."""
    arguments, environment = connection(server)
    return subprocess.run(
        ["pg_dump", *arguments, f"--schema={schema}"], env=environment, capture_output=True, text=True, check=True,
    ).stdout


def restore(schema: str, backup: str, server: str = "main") -> None:
    """Puts a backup in the place of the schema, in the transaction that begins a new generation."""
    script = f'BEGIN;\nDROP SCHEMA "{schema}" CASCADE;\n{backup}\nSELECT "{schema}".begin_generation();\nCOMMIT'
    _run(server, script, None)


def _run(server: str, sql: str, schema: str | None) -> str:
    arguments, environment = connection(server)
    script = f'SET search_path TO "{schema}";\n{sql};' if schema else f"{sql};"
    done = subprocess.run(
        ["psql", "-qXAt", "-v", "ON_ERROR_STOP=1", *arguments], env=environment, input=script, capture_output=True,
        text=True, check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr.strip())
    return done.stdout


def connection(server: str, role: str | None = None) -> tuple[list[str], dict[str, str]]:
    """How a client program of PostgreSQL connects to a server, as a service's own role or by default as the superuser:
    arguments and environment."""
    url = urlsplit(stack.ENVIRONMENT[_VARIABLES[server]])
    user, password = (role, stack.secret(f"postgres-{role}")) if role else (url.username, url.password or "")
    arguments = ["-h", url.hostname, "-p", str(url.port), "-U", user, "-d", url.path.lstrip("/")]
    return arguments, {**os.environ, "PGPASSWORD": password}
