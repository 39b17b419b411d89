"""The long form, from the command line."""

import argparse
import sys
import time

from chaos.campaign import Plan, run


def main() -> int:
    parser = argparse.ArgumentParser(prog="deploy/chaos/run", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="how often each process is killed")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="repeats the order of an earlier run")
    parser.add_argument("--pause", type=float, default=1, help="a client thinks at most so many seconds")
    options = parser.parse_args()
    print(f"==> Fault test of {options.rounds} rounds, --seed {options.seed}", flush=True)
    plan = Plan.long(options.seed, options.rounds, options.pause)
    report = run(plan, say=lambda line: print(f"    {line}", flush=True))
    print(report)
    return 1 if report.violations else 0


sys.exit(main())
