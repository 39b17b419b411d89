"""Which version of a line was committed at which time, read past the services."""

import subprocess
import threading
import time
from bisect import bisect_left

from suite import database

INTERVAL_SECONDS = 0.1


class Chronicle(threading.Thread):
    """Asks PostgreSQL on one connection, and on a new one when that is lost, until the end of the block."""

    def __init__(self, queue: str, schema: str, server: str = "main"):
        super().__init__(name="chronicle", daemon=True)
        self._question = f'SELECT line_version FROM "{schema}".queues WHERE id = \'{queue}\';\n'
        self._server, self._stopping = server, threading.Event()
        # In seconds of `time.monotonic`, when the answer had come: what it says was committed then.
        self.samples: list[tuple[float, int]] = []

    def __enter__(self) -> "Chronicle":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self.join()

    def version_after(self, moment: float) -> int | None:
        """The version that was committed when it was asked for the next time; None if that is unknown."""
        index = bisect_left(self.samples, (moment, 0))
        return self.samples[index][1] if index < len(self.samples) else None

    def run(self) -> None:
        while not self._stopping.is_set():
            self._follow()
            self._stopping.wait(INTERVAL_SECONDS)

    def _follow(self) -> None:
        arguments, environment = database.connection(self._server)
        with subprocess.Popen(
            ["psql", "-qXAt", *arguments], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True, bufsize=1,
        ) as client:
            try:
                while not self._stopping.is_set():
                    client.stdin.write(self._question)
                    if not (line := client.stdout.readline()).strip():
                        break
                    self.samples.append((time.monotonic(), int(line)))
                    self._stopping.wait(INTERVAL_SECONDS)
            except OSError:
                pass
            finally:
                client.kill()
