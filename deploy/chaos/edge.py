"""A campaign against the gateway: connections that never become requests, while others book. Nothing that they ask may fail,
and the slowest hundredth may take twice as long."""

import argparse
import re
import sys
import time
import urllib.request
from dataclasses import dataclass, field

from chaos.attackers import Attack, Tally, all_attacks, under
from chaos.guests import Guests, Sample
from suite import stack

GUESTS = 8
# A few milliseconds more are no violation: a machine with other work has them without an attack.
NOISE_SECONDS = 0.01
SLOWDOWN_AT_MOST = 2


@dataclass(frozen=True)
class Stage:
    """What those who book experienced while something, or nothing, went on."""

    name: str
    samples: list[Sample]
    tally: Tally = field(default_factory=Tally)
    # Connections at the gateway, those of the attack and of the others.
    connections: int = 0

    @property
    def failures(self) -> list[str]:
        return [sample.failure for sample in self.samples if sample.failure]

    def percentile(self, share: float) -> float:
        """In seconds."""
        times = sorted(sample.seconds for sample in self.samples)
        return times[min(len(times) - 1, int(len(times) * share))] if times else float("inf")


@dataclass(frozen=True)
class Report:
    calm: Stage
    stages: list[Stage]

    @property
    def violations(self) -> list[str]:
        found = [f"{stage.name}: {failure}" for stage in [self.calm, *self.stages] for failure in stage.failures]
        bound = max(SLOWDOWN_AT_MOST * self.calm.percentile(0.99), self.calm.percentile(0.99) + NOISE_SECONDS)
        return found + [
            f"{stage.name}: 99 % of the requests of others took up to {stage.percentile(0.99) * 1000:.0f} ms, "
            f"{bound * 1000:.0f} ms are permitted" for stage in self.stages if stage.percentile(0.99) > bound]

    def __str__(self) -> str:
        head = f"{'attack':<50}{'opened':>8}{'ended':>8}{'at once':>9}{'others':>8}{'failed':>8}{'p50':>9}{'p99':>9}"
        return "\n".join([head, *(self._line(stage) for stage in [self.calm, *self.stages])])

    @staticmethod
    def _line(stage: Stage) -> str:
        tally = f"{stage.tally.opened:>8}{stage.tally.ended:>8}{stage.connections:>9}"
        times = "".join(f"{stage.percentile(share) * 1000:>6.0f} ms" for share in (0.5, 0.99))
        return f"{stage.name:<50}{tally}{len(stage.samples):>8}{len(stage.failures):>8}{times}"


def run(attacks: list[Attack], seconds: float, guest_count: int = GUESTS, say=lambda line: None) -> Report:
    with Guests(guest_count) as guests:
        guests.await_requests(time.monotonic())
        calm, stages = _calm(guests, seconds), []
        for attack in attacks:
            begun = time.monotonic()
            with under(attack) as tally:
                time.sleep(seconds)
                connections = open_connections()
            stages.append(Stage(str(attack), guests.between(begun, time.monotonic()), tally, connections))
            say(f"{attack}: {len(stages[-1].failures)} of {len(stages[-1].samples)} requests of others failed")
        calm += _calm(guests, seconds)
    return Report(Stage("none, before and after", calm), stages)


def _calm(guests: Guests, seconds: float) -> list[Sample]:
    begun = time.monotonic()
    time.sleep(seconds)
    return guests.between(begun, time.monotonic())


def open_connections() -> int:
    """At the gateway, now."""
    with urllib.request.urlopen(stack.ENVIRONMENT["GUICHET_GATEWAY_METRICS_URL"], timeout=10) as answer:
        found = re.search(r"^haproxy_process_current_connections (\d+)", answer.read().decode(), re.MULTILINE)
    return int(found[1]) if found else 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="deploy/chaos/edge", description=__doc__)
    parser.add_argument("--seconds", type=float, default=20, help="how long each attack takes")
    parser.add_argument("--size", type=float, default=1, help="a factor on the number of connections")
    options = parser.parse_args()
    print("==> Attacks on the gateway while others book", flush=True)
    report = run(all_attacks(options.size), options.seconds, say=lambda line: print(f"    {line}", flush=True))
    print(report)
    print(f"{len(report.violations)} violations.", *report.violations[:20], sep="\n")
    return 1 if report.violations else 0


if __name__ == "__main__":
    sys.exit(main())
