"""How fast and how correctly the searches followed the rush."""

from demo.report import count, milliseconds, percentile
from demo.watch import PUBLIC, place

BOUND = 2  # seconds within which every search shows that a slot is taken
KEPT = 0.1  # seconds for which a process may repeat an answer


def on_watch(watch, rush, witness, faults, report):
    """Compares what was seen with the moments at which the bookings were committed."""
    for failure in watch.failures[:5]:
        report.say(f"failure: {failure}")
    commits = witness.commits()
    taken = {place(appointment): commits[appointment["id"]] for _, _, appointment in rush.booked}
    public = [glimpse for glimpse in watch.glimpses if glimpse.path == PUBLIC]
    report.say(f"{len(public)} searches by citizens, {len(watch.glimpses) - len(public)} by the clinic")
    delays = _delays(public, taken)
    measured = f"p50 {_percentile(delays, 0.5)}, p99 {_percentile(delays, 0.99)}, max {_percentile(delays, 1)}"
    report.promise(f"A slot that is taken leaves the search within {BOUND} s",
                   len(delays) == len(rush.booked) and max(delays) < BOUND, f"{len(delays)} measured, {measured}")
    late = _late_offers(watch.glimpses, taken)
    report.promise(f"Nothing taken is offered {BOUND} s later", not late,
                   f"{len(watch.glimpses)} answers, {count(late, 'wrong offer')}")
    _on_cache(watch, faults, report)


def _delays(glimpses, taken):
    """For each place that was taken the seconds until no search offered it any more."""
    delays = []
    for one, since in taken.items():
        looked = [glimpse for glimpse in glimpses if glimpse.received > since and glimpse.covers(one)]
        last_offer = max((glimpse.sent for glimpse in looked if one in glimpse.offered), default=since)
        without = [glimpse.received for glimpse in looked if one not in glimpse.offered and glimpse.sent >= last_offer]
        if without:
            delays.append(min(without) - since)
    return delays


def _late_offers(glimpses, taken):
    """How often a place was offered too late: one that was booked, or another with that practitioner at that time."""
    since = {}
    for offer in frozenset().union(*(glimpse.offered for glimpse in glimpses)):
        hits = [instant for other, instant in taken.items() if _excludes(other, offer)]
        if hits:
            since[offer] = min(hits)
    never = float("inf")
    return sum(since.get(offer, never) + BOUND < glimpse.sent for glimpse in glimpses for offer in glimpse.offered)


def _excludes(one, other):
    return one[3] == other[3] and one[1] < other[2] and other[1] < one[2]


def _on_cache(watch, faults, report):
    stopped, started = faults.ended("stop", "redis"), faults.began("start", "redis")
    away = [glimpse for glimpse in watch.glimpses if stopped + KEPT < glimpse.sent and glimpse.received < started]
    silent = sum(not glimpse.is_degraded for glimpse in away)
    report.promise("Redis stopped: no search fails", not watch.failures and away,
                   f"{len(away)} answers in {started - stopped:.1f} s, {count(len(watch.failures), 'failure')}")
    last = max((glimpse.received for glimpse in watch.glimpses if glimpse.is_degraded), default=started)
    is_believed = not any(glimpse.is_degraded for glimpse in watch.glimpses[-10:])
    report.promise("Degraded answers say so, and end by themselves", not silent and is_believed,
                   f"{count(silent, 'answer')} without saying so, ended {last - started:.1f} s after the restart")


def _percentile(values, share):
    return milliseconds(percentile(values, share))
