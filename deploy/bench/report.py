"""The table of results, printed and kept in docs/performance.md."""

import os
import platform
import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from suite import stack

_PAGE = stack.ROOT / "docs/performance.md"
_MARKED = re.compile(r"(<!-- measured -->\n).*(<!-- /measured -->)", re.DOTALL)


@dataclass(frozen=True)
class Line:
    """One result, what it is compared with, and what we aim for."""

    measure: str
    result: str
    compared: str = ""
    aim: str = ""
    is_reached: bool | None = None

    @property
    def cells(self) -> list[str]:
        verdict = {None: "", True: " (reached)", False: " (missed)"}[self.is_reached]
        return [self.measure, self.result, self.compared, self.aim + verdict]


class Report:
    """Says each result when it is there."""

    def __init__(self) -> None:
        self._lines: list[Line] = []

    def add(self, *line: object, **traits: object) -> None:
        self._lines.append(Line(*line, **traits))
        print("    " + " | ".join(cell for cell in self._lines[-1].cells if cell), flush=True)

    def write(self) -> None:
        rows = [["Measure", "Result", "Compared with", "Aim"], ["---"] * 4] + [line.cells for line in self._lines]
        table = "".join(f"| {' | '.join(row)} |\n" for row in rows)
        page = _PAGE.read_text()
        _PAGE.write_text(_MARKED.sub(lambda found: f"{found[1]}{_machine()}\n\n{table}{found[2]}", page))


def percentile(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def median(values: list[float]) -> float:
    return percentile(sorted(values), 0.5)


def parts(computed: Counter[str], requests: int) -> str:
    """`booking 512 µs`, of all parts that matter."""
    each = {part: seconds / requests * 1e6 for part, seconds in computed.items()}
    return ", ".join(f"{part} {time:.0f} µs" for part, time in sorted(each.items(), key=lambda item: -item[1])
                     if time >= 5)


def _machine() -> str:
    model = re.search(r"^model name\s*: (.*)", Path("/proc/cpuinfo").read_text(), re.M)[1]
    gigabytes = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return (f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores ({model}), {gigabytes:.0f} GiB, "
            f"Linux {platform.release()}, load average before the start {BUSY:.1f}.")


BUSY = os.getloadavg()[0]
