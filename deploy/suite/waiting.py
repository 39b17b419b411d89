"""Waiting for what happens by itself."""

import time
from collections.abc import Callable


def await_that(condition: Callable[[], object], what: str = "it never happened", seconds: float = 20) -> None:
    """Returns once the condition holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.2)
