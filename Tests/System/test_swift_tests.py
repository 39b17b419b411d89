"""`deploy/local/swift-tests.py` fails whenever a target fails, crashes or runs less than all of its tests."""

import os
import subprocess
from pathlib import Path

import pytest

from suite import stack

# It stands for the built tests: it lists three targets, and runs each of them in another way.
BUNDLE = """#!/bin/bash
closing() { echo "Test run with $1 in 1 suite passed after 0.001 seconds."; }
case "$*" in
*--list-tests) printf '%s\\n' 'SoundTests.One/a()' 'SoundTests.One/b()' 'ShortTests.One/a()' 'ShortTests.One/b()' \
    'CrashingTests.One/a()' 'FailingTests.One/a()' 'SilentTests.One/a()' ;;
*SoundTests*) closing '2 tests' ;;
*ShortTests*) closing '1 test' ;;
*CrashingTests*) closing '1 test' && kill -SEGV $$ ;;
*FailingTests*) closing '1 test' && exit 1 ;;
esac
"""


def run(folder: Path, *targets: str) -> subprocess.CompletedProcess[str]:
    bundle = folder / "bundle"
    bundle.write_text(BUNDLE)
    bundle.chmod(0o755)
    return subprocess.run(
        [stack.ROOT / "deploy/local/swift-tests.py", bundle, folder, *targets], capture_output=True, text=True,
        env={**os.environ, "GUICHET_TEST_PROCESSES": "2"}, check=False)


def test_a_target_that_runs_all_of_its_tests_passes(tmp_path: Path):
    done = run(tmp_path, "SoundTests")
    assert done.returncode == 0, done
    assert "Test run with 2 tests in 1 suite passed" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("2 Swift tests of 1 targets in "), done.stdout


@pytest.mark.parametrize(
    ("target", "fault"),
    [
        ("ShortTests", "ran 1 of 2 tests"), ("CrashingTests", "ended with status -11"),
        ("FailingTests", "ended with status 1"), ("SilentTests", "ran 0 of 1 tests"),
    ])
def test_any_other_target_fails_the_run(tmp_path: Path, target: str, fault: str):
    done = run(tmp_path, "SoundTests", target)
    assert done.returncode == 1, done
    assert f"==> Tested: {target}, 0 s, {fault}" in done.stdout
    assert done.stdout.splitlines()[-1].endswith(f"failed: {target}"), done.stdout


def test_every_folder_of_tests_is_a_target(tmp_path: Path):
    """The bundle has no test of the folders of this repository: each of them fails."""
    done = run(tmp_path)
    folders = {folder.name for folder in (stack.ROOT / "Tests").glob("*Tests")}
    assert done.returncode == 1 and len(folders) > 20
    assert folders <= set(done.stdout.splitlines()[-1].partition("failed: ")[2].split(", "))


def test_an_unknown_target_is_refused(tmp_path: Path):
    done = run(tmp_path, "NoSuchTests")
    assert (done.returncode, done.stderr) == (1, "guichet: no such test target: NoSuchTests\n")
