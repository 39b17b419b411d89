"""Where the running suite is: its addresses, its secrets, and the operator's commands."""

import os
import pathlib
import re
import ssl
import subprocess
import urllib.request
from urllib.parse import unquote, urlsplit


class Installation:
    """The suite of this checkout, as `.local/env` describes it."""

    def __init__(self, environment=os.environ):
        self.root = pathlib.Path(__file__).resolve().parents[2]
        self.state = (self.root / ".local").resolve()
        self.gateway = environment["GUICHET_GATEWAY_URL"]
        self.tls = ssl.create_default_context(cafile=environment["GUICHET_GATEWAY_CA_FILE"])
        self.metrics = environment["GUICHET_GATEWAY_METRICS_URL"]
        self.broker = environment["GUICHET_SUITE_AMQP_URL"]
        self.broker_management = environment["GUICHET_TEST_AMQP_MANAGEMENT_URL"]
        self.redis = environment["GUICHET_SUITE_REDIS_URL"]
        self.databases = {
            "main": environment["GUICHET_SUITE_POSTGRES_URL"],
            "second": environment["GUICHET_SUITE_POSTGRES_SECOND_URL"],
        }

    def secret_file(self, name):
        return self.state / "secrets" / f"demo-{name}"

    def secret(self, name):
        """The secret, or None while there is none."""
        file = self.secret_file(name)
        return file.read_text().strip() if file.exists() else None

    def keep_secret(self, name, value):
        file = self.secret_file(name)
        file.unlink(missing_ok=True)
        with os.fdopen(os.open(file, os.O_CREAT | os.O_WRONLY, 0o600), "w") as output:
            output.write(value)

    def command(self, *arguments):
        """Runs a command of deploy/local and returns what it prints."""
        done = subprocess.run(
            [self.root / "deploy/local" / arguments[0], *arguments[1:]], capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"deploy/local/{' '.join(arguments)} : {done.stderr.strip()}")
        return done.stdout.strip()

    def rerouted(self, service):
        """How many requests the gateway has sent to another replica so far, because the first one was gone."""
        with urllib.request.urlopen(self.metrics, timeout=10) as exposition:
            found = re.search(
                rf'^haproxy_backend_redispatch_warnings_total{{proxy="{service}"}} (\d+)',
                exposition.read().decode(), re.MULTILINE)
        return int(found[1])

    def sql(self, database, statement):
        """The rows of a query as lists of texts. The demo asks the API; this is the witness beside it."""
        url = urlsplit(self.databases[database])
        environment = dict(os.environ, PGPASSWORD=unquote(url.password))
        done = subprocess.run(
            ["psql", "-XAtq", "-F\t", "-v", "ON_ERROR_STOP=1", "-h", url.hostname, "-p", str(url.port),
             "-U", url.username, "-d", url.path.lstrip("/"), "-c", statement],
            env=environment, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"psql : {done.stderr.strip()}")
        return [line.split("\t") for line in done.stdout.splitlines()]
