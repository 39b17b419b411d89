"""The short form of the fault tests; `make chaos` is the long one."""

import pytest
from chaos.campaign import Plan, run


def test_nothing_acknowledged_is_lost_when_every_process_is_killed_in_turn(capsys: pytest.CaptureFixture[str]):
    report = run(Plan.short(seed=20260103))
    with capsys.disabled():
        print(f"\n{report}")
    assert report.violations == []
    assert {recovery.fault.process for recovery in report.recoveries} >= {"postgres-main", "rabbitmq", "gateway"}
    assert sum(operation.outcome == "ok" for operation in report.journal.operations) > 100
