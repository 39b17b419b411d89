"""Waiting for what happens by itself."""

import time
from collections.abc import Callable

# How long a test waits before it fails. It is long because it costs nothing when all is well, and because on a busy
# machine everything takes longer. How fast the suite is, `make demo` and `make bench` measure.
PATIENCE_SECONDS = 90


def await_that(
    condition: Callable[[], object], complaint: str | Callable[[], str] = "it never happened",
    seconds: float = PATIENCE_SECONDS,
) -> None:
    """Returns once the condition holds; fails with the complaint when it does not within `seconds`."""
    deadline, pause = time.monotonic() + seconds, 0.02
    while not condition():
        assert time.monotonic() < deadline, complaint if isinstance(complaint, str) else complaint()
        time.sleep(pause)
        pause = min(pause * 1.5, 0.2)
