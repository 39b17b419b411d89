#!/usr/bin/env python3
"""Runs the built Swift tests: several processes side by side, each with the tests of one target at a time.

swift-tests.py BUNDLE LOG_FOLDER [TARGET...]: default: all targets. GUICHET_TEST_PROCESSES and GUICHET_TEST_WIDTH say how
many processes run at once and how many tests each of them runs at once. Ends with the closing line of every process.
"""

import os
import re
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

TESTS = Path(__file__).resolve().parents[2] / "Tests"
PROCESSES = int(os.environ.get("GUICHET_TEST_PROCESSES", "2"))
# Tests of one process share an event loop: more than a few at once, and those with deadlines miss them.
WIDTH = os.environ.get("GUICHET_TEST_WIDTH", "3")
# No target takes nearly as long, even on a busy machine.
LIMIT_SECONDS = 1500
_CLOSING_LINE = re.compile(r"^.{0,4}Test run with (\d+) tests? .*$", re.MULTILINE)
_printing = threading.Lock()


@dataclass(frozen=True)
class Outcome:
    """How a target's process ended: its closing line and the number of tests that it says it ran."""

    target: str
    status: int | None
    seconds: float
    closing_line: str
    tests: int
    log: Path

    def fault(self, expected: int) -> str | None:
        """Why the run fails; None when it does not."""
        if self.status is None:
            return f"was stopped after {LIMIT_SECONDS} s"
        if self.status:
            return f"ended with status {self.status}"
        return None if self.tests == expected > 0 else f"ran {self.tests} of {expected} tests"


def bundle_command(bundle: str, *arguments: str) -> list[str]:
    return [bundle, "--testing-library", "swift-testing", *arguments]


def listed(bundle: str) -> Counter[str]:
    """The number of tests of each target, by what the bundle itself lists and by the folders that hold tests."""
    done = subprocess.run(bundle_command(bundle, "--list-tests"), capture_output=True, text=True, check=True)
    tests = Counter(line.partition(".")[0] for line in done.stdout.splitlines() if "." in line)
    folders = {folder.name for folder in TESTS.glob("*Tests") if any(folder.rglob("*.swift"))}
    return Counter({target: tests[target] for target in folders | tests.keys()})


def in_order(targets: list[str]) -> list[str]:
    """The tests of whole services take longest: those that begin last should be short."""
    return sorted(targets, key=lambda target: (not target.endswith("ServiceTests"), target))


def run(bundle: str, target: str, logs: Path) -> Outcome:
    log, began = logs / f"test-{target}.log", time.monotonic()
    environment = {**os.environ, "SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH": WIDTH}
    with log.open("wb") as output:
        try:
            status = subprocess.run(
                bundle_command(bundle, "--filter", rf"^{re.escape(target)}\."), stdin=subprocess.DEVNULL, stdout=output,
                stderr=subprocess.STDOUT, env=environment, timeout=LIMIT_SECONDS, check=False).returncode
        except subprocess.TimeoutExpired:
            status = None
    found = list(_CLOSING_LINE.finditer(log.read_text(errors="replace")))
    line, tests = (found[-1][0], int(found[-1][1])) if found else (f"{target} has no closing line: see {log}", 0)
    return Outcome(target, status, time.monotonic() - began, line, tests, log)


def report(outcome: Outcome, expected: int) -> None:
    """Says how one target ended, at once; shows the end of its log when it failed."""
    fault = outcome.fault(expected)
    with _printing:
        if fault:
            words = outcome.log.read_text(errors="replace").splitlines()
            issues = [line for line in words if "recorded an issue" in line or line.startswith("✘")]
            print("\n".join(issues[:40] + ["…"] + words[-40:]))
        print(f"==> Tested: {outcome.target}, {outcome.seconds:.0f} s{f', {fault}' if fault else ''}", flush=True)


def main() -> None:
    bundle, logs, wanted = sys.argv[1], Path(sys.argv[2]), sys.argv[3:]
    tests = listed(bundle)
    if unknown := set(wanted) - tests.keys():
        sys.exit(f"guichet: no such test target: {', '.join(sorted(unknown))}")
    targets = in_order(wanted or list(tests))
    began = time.monotonic()

    def run_and_report(target: str) -> Outcome:
        outcome = run(bundle, target, logs)
        report(outcome, tests[target])
        return outcome

    with ThreadPoolExecutor(PROCESSES) as pool:
        outcomes = list(pool.map(run_and_report, targets))
    print(f"\nSwift tests, {PROCESSES} processes side by side:")
    for outcome in sorted(outcomes, key=lambda outcome: -outcome.seconds):
        print(f"{outcome.seconds:6.1f} s  {outcome.target:<26} {outcome.closing_line}")
    failed = sorted(outcome.target for outcome in outcomes if outcome.fault(tests[outcome.target]))
    verdict = f"failed: {', '.join(failed)}" if failed else "passed"
    print(f"{sum(outcome.tests for outcome in outcomes)} Swift tests of {len(outcomes)} targets "
          f"in {time.monotonic() - began:.0f} s: {verdict}")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
