"""One campaign: clients at work, faults one after the other, quiet, and the verdict."""

import random
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, replace

from chaos import hall_verdict
from chaos.clients import Booker, Registrar, Worker
from chaos.faults import Fault, Pause, Recovery, deaths, everything_is_ready, frozen_and_late, inflict, outages
from chaos.hall import Hall
from chaos.journal import Journal
from chaos.neighbours import Neighbour
from chaos.publication import HORIZON_DAYS, Publication
from chaos.searchers import Searcher, Sightings
from chaos.tampering import Tampering
from chaos.verdict import Evidence, await_quiet, violations
from suite.clinic import Clinic
from suite.disk import may_mount, small_disk
from suite.events import Auditor
from suite.http import Client
from suite.people import Installation, Tenant

CLIENTS, COUNTERS, SEARCHERS = 32, 4, 4
# Those of the waiting room.
CALLING_COUNTERS = 6
SHARDS = 4
HOLD_SECONDS = 8


@dataclass(frozen=True)
class Plan:
    faults: list[Fault]
    seed: int
    # How long a process stays away, and how long the suite works undisturbed between two faults.
    down_seconds: float
    calm_seconds: float
    # How long a client thinks at most between two requests. What is asked for must be less than what a debug build can
    # publish, or the bound would measure that build.
    longest_pause: float
    # Within how many seconds every search must show what was acknowledged.
    bound_seconds: float = 2
    # How often each outage of a database happens, beside the faults above.
    rounds: int = 1

    @classmethod
    def short(cls, seed: int) -> "Plan":
        chance = random.Random(seed)
        faults = [*deaths(chance), Tampering(chance.randrange(SHARDS), chance)]
        return cls(faults, seed, down_seconds=1, calm_seconds=1, longest_pause=3, bound_seconds=10)

    @classmethod
    def long(cls, seed: int, rounds: int, longest_pause: float) -> "Plan":
        chance = random.Random(seed)
        faults: list[Fault] = []
        for _ in range(rounds):
            shards = chance.sample(range(SHARDS), 2)
            more = [Tampering(shards[0], chance), Tampering(shards[1], chance, is_silent=True)]
            paused = [f"{service}-{chance.choice((1, 2))}" for service in ("availability", "queue", "realtime")]
            faults += [*deaths(chance), *(Pause(process) for process in paused), *more]
            faults += frozen_and_late(chance)
        chance.shuffle(faults)
        return cls(faults, seed, down_seconds=4, calm_seconds=4, longest_pause=longest_pause, rounds=rounds)


@dataclass(frozen=True)
class Report:
    journal: Journal
    recoveries: list[Recovery]
    publication: Publication
    hall: Hall
    in_doubt: int
    repetitions: int
    events: int
    violations: list[str]
    seconds: float

    def __str__(self) -> str:
        lines = [f"{'fault':<28}{'whole again after':>20}{'longest silence':>18}"]
        lines += [f"{str(r.fault):<28}{r.seconds:>18.1f} s{r.silence:>16.1f} s" for r in self.recoveries]
        lines += ["", f"{'operation':<12}{'asked':>8}{'ok':>8}{'refused':>9}{'sent again':>12}"]
        everything = [*self.journal.operations, *self.hall.journal.operations]
        for kind in sorted({operation.kind for operation in everything}):
            operations = [operation for operation in everything if operation.kind == kind]
            outcomes = Counter(operation.outcome for operation in operations)
            again = sum(operation.attempts - 1 for operation in operations)
            lines.append(f"{kind:<12}{len(operations):>8}{outcomes['ok']:>8}{outcomes['fail']:>9}{again:>12}")
        lines += [
            "", f"{self.in_doubt} operations were in doubt and asked about again at the end.",
            f"{self.events} events, {self.repetitions} of them delivered more than once.",
            *self.publication.summary, hall_verdict.summary(self.hall),
            f"{len(self.recoveries)} faults in {self.seconds:.0f} s, {len(self.violations)} violations.",
            *self.violations[:40],
        ]
        return "\n".join(lines)


def run(plan: Plan, say=lambda line: None) -> Report:
    """Only where this process may mount file systems can a disk be full."""
    is_permitted = may_mount()
    if not is_permitted:
        say("no disk is filled: mounting is not permitted here")
    with ExitStack() as disks:
        small = [disks.enter_context(small_disk(server)) for server in ("main", "second") if is_permitted]
        with ExitStack() as homes:
            for disk in small:
                homes.enter_context(disk.holds_new_tables())
            installation = Installation(Client())
            clinic = Clinic.open(installation.tenant("chaos"), practitioners=4, hold_seconds=HOLD_SECONDS)
            neighbour = Neighbour.open(installation, HOLD_SECONDS, plan.seed, plan.longest_pause)
        faults = [*plan.faults, *outages(small) * plan.rounds]
        random.Random(plan.seed).shuffle(faults)
        return _run(replace(plan, faults=faults), clinic, neighbour, say)


def _run(plan: Plan, clinic: Clinic, neighbour: Neighbour, say) -> Report:
    begun, journal = time.monotonic(), Journal()
    clinic.rule(horizonDays=HORIZON_DAYS)
    clinic.publish()
    with Auditor(clinic.tenant.slug) as auditor, ExitStack() as block:
        hall = Hall.open(
            block, clinic.tenant, CALLING_COUNTERS, plan.seed, pause=plan.longest_pause,
            door_pause=plan.longest_pause / 4)
        registrar = Registrar(clinic.tenant, journal)
        sightings = Sightings()
        searchers = [Searcher(clinic, journal, sightings, plan.seed * 1000 + n) for n in range(SEARCHERS)]
        workers = [*_bookers(clinic, journal, plan), *searchers, registrar, *neighbour.bookers, *hall.workers]
        recoveries = _torment(plan, workers, journal, clinic.tenant, say)
        publication = Publication(clinic, journal, sightings, recoveries, plan.bound_seconds)
        hall.interruptions = [(recovery.begun, recovery.whole) for recovery in recoveries]
        hall.bound_seconds = plan.bound_seconds
        in_doubt = len(journal.unknown)
        say(f"quiet; {in_doubt} operations in doubt are asked about again")
        client = Client()
        for operation in [*journal.unknown, *neighbour.journal.unknown, *hall.journal.unknown]:
            operation.resolve(client)
        evidence = Evidence(clinic.tenant, journal, auditor, registrar.logged_in, publication, neighbour, hall)
        await_quiet(evidence)
        found = violations(evidence) + [f"not whole again: {r.fault}" for r in recoveries if not r.is_whole]
        found += [f"nothing was lost by {tampering}" for tampering in publication.tamperings if not tampering.lost]
        if not everything_is_ready():
            found.append("not every replica is ready at the end")
        return Report(
            journal, recoveries, publication, hall, in_doubt, auditor.repetitions, len(auditor.events), found,
            time.monotonic() - begun)


def _bookers(clinic: Clinic, journal: Journal, plan: Plan) -> list[Booker]:
    people = [clinic.tenant.user("staff"), *(clinic.tenant.new_user("staff") for _ in range(COUNTERS - 1))]
    clinic.tenant.users |= {f"staff-{number}": person for number, person in enumerate(people)}
    for person in [*people, clinic.tenant.user("manager")]:
        assert person.token
    return [
        Booker(clinic, people[n % COUNTERS], journal, plan.seed * 1000 + n, plan.longest_pause)
        for n in range(CLIENTS)]


def _torment(plan: Plan, workers: list[Worker], journal: Journal, tenant: Tenant, say) -> list[Recovery]:
    """The clients are stopped whatever happens to the faults."""
    recoveries = []
    for worker in workers:
        worker.start()
    try:
        time.sleep(plan.calm_seconds)
        for fault in plan.faults:
            recovery = inflict(fault, journal, tenant, plan.down_seconds)
            recoveries.append(recovery)
            say(f"{fault}: whole again after {recovery.seconds:.1f} s, silent for {recovery.silence:.1f} s")
            time.sleep(plan.calm_seconds)
    finally:
        for worker in workers:
            worker.stopping.set()
        for worker in workers:
            worker.join()
    return recoveries
