"""Secrets that the demo keeps from one run to the next, readable by their owner alone: `.local/secrets/demo-NAME`."""

import os
from pathlib import Path

from suite import stack


def file(name: str) -> Path:
    return stack.ROOT / ".local" / "secrets" / f"demo-{name}"


def secret(name: str) -> str | None:
    """The secret; None if there is none yet."""
    return file(name).read_text().strip() if file(name).exists() else None


def keep(name: str, value: str) -> None:
    file(name).unlink(missing_ok=True)
    with os.fdopen(os.open(file(name), os.O_CREAT | os.O_WRONLY, 0o600), "w") as output:
        output.write(value)
