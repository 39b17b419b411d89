"""The short form of the fault tests; `make chaos` is the long one."""

import pytest
from chaos.campaign import Plan, run
from suite.disk import may_mount


def test_nothing_acknowledged_is_lost_when_every_process_is_killed_in_turn(capsys: pytest.CaptureFixture[str]):
    report = run(Plan.short(seed=20260103))
    with capsys.disabled():
        print(f"\n{report}")
    assert report.violations == []
    done = {str(recovery.fault) for recovery in report.recoveries}
    assert done >= {
        "kill -9 postgres-main", "kill -9 rabbitmq", "kill -9 gateway", "kill -9 redis", "SIGSTOP redis",
        "kill -9 identity-1", "kill -9 identity-2", "kill -9 booking-1", "kill -9 booking-2",
        "kill -9 availability-1", "kill -9 availability-2", "kill -9 queue-1", "kill -9 queue-2",
        "kill -9 realtime-1", "kill -9 realtime-2", "read-only main", "read-only second"}
    if may_mount():
        assert done >= {"full disk of main", "full disk of second"}
    assert sum(search.status == 200 for search in report.publication.sightings.searches) > 100
    assert sum(operation.outcome == "ok" for operation in report.journal.operations) > 100
    assert report.hall.calls > 100
