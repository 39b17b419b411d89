"""Redis as a witness: what readers of the cache find."""

import json
import os
import subprocess
from typing import Any
from urllib.parse import urlsplit

from suite import stack

# What fits on one command line.
_AT_ONCE = 500


def entries(prefix: str) -> dict[str, str]:
    """The entries whose names begin so."""
    return values(_command("KEYS", f"{prefix}*"))


def values(names: list[str]) -> dict[str, str]:
    """Those of these entries that exist."""
    found = {}
    for first in range(0, len(names), _AT_ONCE):
        some = names[first:first + _AT_ONCE]
        found |= dict(zip(some, _command("MGET", *some)))
    return {name: text for name, text in found.items() if text is not None}


def put(name: str, text: str) -> None:
    """Replaces an entry; when it expires does not change."""
    _command("SET", name, text, "KEEPTTL")


def _command(*arguments: str) -> Any:
    url = urlsplit(stack.ENVIRONMENT["GUICHET_TEST_REDIS_URL"])
    done = subprocess.run(
        ["redis-cli", "--json", "--user", url.username, "-h", url.hostname, "-p", str(url.port), "-n", url.path.lstrip("/"), *arguments],
        env={**os.environ, "REDISCLI_AUTH": url.password or ""}, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)
