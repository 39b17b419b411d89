"""Measures the suite that runs here. Everything is measured in one run on one machine, so that ratios mean something."""

import argparse
import time
from collections import Counter

from bench import events, load, processes, publication, sql, tenants
from bench.place import PRACTITIONERS, Place, twin
from bench.report import Report, median, parts, percentile
from bench.waiting import WaitingRoom
from suite import database
from suite.http import Client
from suite.people import Installation

ROUNDS = 3
BACKLOG = 20_000
REST = 10  # seconds
IDLE = 60  # seconds: the longest pause between two surveys of all tenants
STATIC = "/.well-known/jwks.json"


class Measurement:
    """The parts of the run, in their order."""

    def __init__(self, seconds: int, tenants: int, calendars: int, connections: int):
        self.seconds, self.tenants, self.calendars, self.connections = seconds, tenants, calendars, connections
        self.report = Report()

    def run(self) -> None:
        self.processes()
        self.installation = Installation(Client())
        self.place = Place.open(self.installation)
        for part in (self.bookings, self.searches, self.events, self.publication):
            part()
            publication.settle(self.place)
        WaitingRoom(self.report, self.installation, self.seconds, self.connections).run()
        publication.settle(self.place)
        self.many_tenants()
        self.country()
        self.processes()
        self.report.write()

    def bookings(self) -> None:
        """The service and pgbench take turns, so that whatever else the machine does meets both."""
        load.book(self.place, 3)
        copy = sql.Twin(twin(self.installation), self.place)
        sql.require_equivalence("booking.sql", "idempotency_key", self.place.book_one)
        copy.book(3)
        ours, theirs, computed = [], [], Counter()
        for _ in range(ROUNDS):
            with processes.processor_time() as seconds:
                ours.append(load.book(self.place, self.seconds))
            computed.update(seconds)
            theirs.append(copy.book(self.seconds))
        rate, sql_rate = (median([run.rate for run in runs]) for runs in (ours, theirs))
        p50, sql_p50 = (median([run.p50 for run in runs]) for runs in (ours, theirs))
        p99, sql_p99 = (median([run.p99 for run in runs]) for runs in (ours, theirs))
        self.report.add(
            "Bookings through the gateway, 32 clients", f"{rate:.0f}/s",
            f"pgbench, the same SQL: {sql_rate:.0f}/s, so {rate / sql_rate:.0%}", "70 %", rate / sql_rate >= 0.7)
        # Publication is measured at shares of what the machine can do, so that its figures hold on another machine.
        self.quarter, self.busy = round(sql_rate * 0.25), round(sql_rate * 0.4)
        self.report.add(
            "Time of a booking", f"p50 {p50:.0f} ms, p99 {p99:.0f} ms",
            f"pgbench: p50 {sql_p50:.0f} ms, p99 {sql_p99:.0f} ms, so p99 is {p99 / sql_p99:.1f} times its",
            "3 times", p99 < 3 * sql_p99)
        self.report.add("Processor time of a booking", parts(computed, sum(run.requests for run in ours)))
        alone, crowd = self.cost_of_a_booking(clients=1), self.cost_of_a_booking(clients=16)
        self.report.add(
            "Processor time of a booking by one client, all parts", f"{alone * 1e6:.0f} µs",
            f"among 16 clients: {crowd * 1e6:.0f} µs, so {alone / crowd:.1f} times its", "1.3 times", alone <= 1.3 * crowd)

    def cost_of_a_booking(self, clients: int) -> float:
        """The seconds that the whole suite computes for one booking, its publication included."""
        publication.settle(self.place)
        with processes.processor_time() as computed:
            run = load.book(self.place, self.seconds, clients=clients)
            publication.await_journal(self.place)
        return sum(computed.values()) / run.requests

    def searches(self) -> None:
        week, token = self.place.week_of(3), self.place.tenant.token()
        load.get(week, 2, token)
        with processes.processor_time() as computed:
            most = load.get(week, self.seconds, token)
        static = load.get(STATIC, self.seconds)
        self.report.add(
            "Searches of a week of one practitioner, 32 clients", f"{most.rate:.0f}/s, p95 {most.p95:.0f} ms",
            f"a static answer ({STATIC}): {static.rate:.0f}/s, so {most.rate / static.rate:.0%}", "25 %",
            most.rate / static.rate >= 0.25)
        weeks = [self.place.week_of(practitioner) for practitioner in range(PRACTITIONERS)]
        mixed = load.get(weeks, self.seconds, token)
        self.report.add(
            f"The same of {PRACTITIONERS} practitioners in turn", f"{mixed.rate:.0f}/s, p95 {mixed.p95:.0f} ms",
            f"that static answer, so {mixed.rate / static.rate:.0%}")
        rate = min(1000, int(most.rate * 0.7))
        paced = load.get(week, self.seconds, token, rate)
        self.report.add(
            f"The same, {rate}/s asked for", f"{paced.rate:.0f}/s, p50 {paced.p50:.1f} ms, p95 {paced.p95:.1f} ms",
            "70 % of the above where that is less than 1,000/s", "p95 20 ms", paced.p95 < 20)
        self.report.add("Processor time of a search", parts(computed, most.requests))

    def events(self) -> None:
        with events.Subscriber(self.place.tenant.slug) as subscriber:
            paced = load.book(self.place, self.seconds, rate=self.quarter)
            subscriber.await_events(paced.requests, seconds=10)
        delays = subscriber.delays()
        p99 = percentile(delays, 0.99)
        self.report.add(
            f"From a booking to its event at a subscriber, {self.quarter}/s asked for: a quarter of pgbench",
            f"{paced.rate:.0f}/s, p50 {percentile(delays, 0.5):.0f} ms, p99 {p99:.0f} ms", "", "p99 100 ms", p99 < 100)
        self.report.add(
            f"A backlog of {BACKLOG:,} events, from outbox to subscriber",
            f"{events.drain(self.place, BACKLOG):.0f}/s")

    def publication(self) -> None:
        """What searchers get from the views, with and without the cache, and how soon they see a booking."""
        publication.await_published(self.place)
        path, token = publication.search(self.place), self.place.tenant.token()
        load.get(path, 2, token)
        with processes.processor_time() as computed:
            most = load.get(path, self.seconds, token)
        static = load.get(STATIC, self.seconds)
        self.report.add(
            "Searches of the views, 50 slots, 32 clients", f"{most.rate:.0f}/s, p95 {most.p95:.0f} ms",
            f"a static answer ({STATIC}): {static.rate:.0f}/s, so {most.rate / static.rate:.0%}", "50 %",
            most.rate / static.rate >= 0.5)
        self.report.add("Processor time of such a search", parts(computed, most.requests))
        with processes.without("redis"):
            away = load.get(path, self.seconds, token, min(1000, int(most.rate * 0.5)))
        self.report.add(
            f"The same without Redis, {min(1000, int(most.rate * 0.5))}/s asked for",
            f"{away.rate:.0f}/s, p50 {away.p50:.1f} ms, p95 {away.p95:.1f} ms", "", "p95 200 ms", away.p95 < 200)
        publication.settle(self.place)
        self.visibility(self.quarter, "a quarter of pgbench", aim="p99 100 ms", milliseconds=100)
        with publication.Watcher(self.place) as watcher:
            load.book(self.place, self.seconds, rate=self.quarter)
        seen = sorted(watcher.milliseconds)
        self.report.add(
            "From the answer to a booking to a search that shows it, meanwhile", f"{len(seen)} bookings, "
            f"p50 {percentile(seen, 0.5):.0f} ms, p99 {percentile(seen, 0.99):.0f} ms, at most {seen[-1]:.0f} ms")
        publication.settle(self.place)
        self.visibility(self.busy, "40 % of pgbench", aim="p99 2 s", milliseconds=2000)

    def visibility(self, rate: int, share: str, aim: str, milliseconds: int) -> None:
        """How long a booking takes into the cache while `rate` of them come each second."""
        with publication.Journal(self.place) as journal:
            paced = load.book(self.place, self.seconds, rate=rate)
        latency = journal.latency(paced.requests)
        self.report.add(
            f"From a booking to its being in the cache, {rate}/s asked for: {share}",
            f"{paced.rate:.0f}/s, p50 {latency.p50:.0f} ms, p99 {latency.p99:.0f} ms, at most {latency.longest:.0f} ms",
            "", aim, latency.p99 < milliseconds)
        publication.settle(self.place)

    def country(self) -> None:
        """Many tenants with a whole calendar each."""
        country = publication.publish_everywhere(self.installation, self.calendars)
        self.report.add(
            f"{country.tenants:,} tenants of 5 practitioners and {publication.WIDE_DAYS} days made and published",
            f"{country.days:,} days in {country.seconds:.0f} s")

    def many_tenants(self) -> None:
        created = tenants.create(self.tenants, self.installation.root, self.place)
        self.report.add(
            f"{self.tenants:,} tenants created by 4 clients, until all replicas serve them",
            f"{created.total:.0f} s, {created.total / self.tenants * 1000:.0f} ms each; the request "
            f"p50 {percentile(created.each, 0.5) * 1000:.0f} ms, p99 {percentile(created.each, 0.99) * 1000:.0f} ms")
        self.report.add(
            "Searches of another tenant meanwhile", f"p50 {percentile(created.meanwhile, 0.5):.0f} ms, "
            f"p95 {percentile(created.meanwhile, 0.95):.0f} ms")

    def processes(self) -> None:
        """Replicas that were just started, with the tenants that there are now, and some seconds to come to rest."""
        seconds = {replica: processes.start_up(replica) for replica in processes.replicas()}
        time.sleep(REST)
        count = processes.tenants("booking")
        self.report.add(
            f"Start of a replica until it is ready, {count:,} tenants", f"{max(seconds.values()):.1f} s at most")
        sizes = [processes.memory(replica) for replica in processes.replicas()]
        resident, proportional = (max(size) for size in zip(*sizes))
        self.report.add(
            f"Memory of an idle replica, {count:,} tenants",
            f"{resident:.0f} MiB resident, {proportional:.0f} MiB without what it shares", "", "30 MiB", resident < 30)
        # PostgreSQL would clean up behind what was measured before, for minutes.
        database.execute("VACUUM (ANALYZE)")
        processes.rest()
        with processes.processor_time() as computed:
            transactions = sql.transactions(IDLE)
        share = sum(computed.values()) / IDLE
        self.report.add(
            f"What the idle suite computes, {count:,} tenants", f"{share:.1%} of a core: {shares(computed)}", "", "5 %",
            share <= 0.05)
        self.report.add(
            f"What idle replicas ask of PostgreSQL, {count:,} tenants", f"{transactions:.0f} transactions/s")


def shares(computed: Counter[str]) -> str:
    """`postgres 2.1 %`, of all parts that compute while the suite is idle."""
    return ", ".join(f"{part} {seconds / IDLE:.1%}" for part, seconds in computed.most_common() if seconds > 0)


def main() -> None:
    parser = argparse.ArgumentParser(prog="deploy/bench/run", description=__doc__)
    parser.add_argument("--seconds", type=int, default=10, help="how long each load lasts")
    parser.add_argument("--tenants", type=int, default=100, help="how many tenants are created; they stay")
    parser.add_argument("--calendars", type=int, default=20, help="how many of them get a whole calendar; they stay")
    parser.add_argument("--connections", type=int, default=5000, help="how many clients one replica of Realtime gets")
    options = parser.parse_args()
    Measurement(options.seconds, options.tenants, options.calendars, options.connections).run()


main()
