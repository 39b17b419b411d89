"""The short form of the attacks on the gateway; `make chaos` is the long one."""

import pytest
from chaos.attackers import all_attacks
from chaos.edge import run


def test_connections_that_never_become_requests_fail_no_request_of_others(capsys: pytest.CaptureFixture[str]):
    silent, many_networks, _, half_bodies, *_ = all_attacks()
    report = run([silent, many_networks, half_bodies], seconds=1.5, guest_count=4)
    with capsys.disabled():
        print(f"\n{report}")
    assert [failure for stage in report.stages for failure in stage.failures] == []
    assert all(len(stage.samples) > 20 for stage in report.stages)
    # One address gets no more than its share; many have theirs.
    assert report.stages[0].connections < silent.connections and report.stages[0].tally.ended > 0
    assert all(stage.connections > 500 for stage in report.stages[1:])
