"""The command line: ``python -m tests.benchmarks [NAME ...] [--rounds N] [--list] [--json FILE]``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from tests.benchmarks import report
from tests.benchmarks.engines import Engine, available_engines, check_agreement
from tests.benchmarks.timing import garbage_collector, interleaved_samples
from tests.benchmarks.workloads import WORKLOADS


def run(name: str, engines: dict[str, Engine], rounds: int) -> report.Result:
    """Check that the engines agree on a workload, and time them."""
    workload = WORKLOADS[name]()
    solvers = {column: engine(workload) for column, engine in engines.items()}
    check_agreement(workload, solvers)
    candidates = {column: partial(solver, workload.params) for column, solver in solvers.items()}
    samples = interleaved_samples(candidates, rounds)
    return report.Result(name, workload.summary, workload.operations, samples)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the workloads that were asked for and print their tables."""
    options = parse(arguments)
    if options.list:
        width = max(map(len, WORKLOADS))
        for name, make in WORKLOADS.items():
            print(f"{name:{width}}  {make().summary}")
        return 0
    engines = available_engines()
    results = []
    with garbage_collector(enabled=not options.no_gc):
        settings = report.environment(options.rounds, engines)
        print(report.heading(settings))
        if "autograd" not in engines:
            print("autograd is not installed and its column is left out: pip install fgrad[bench]")
        for name in options.names or WORKLOADS:
            print(f"  {name} ...", file=sys.stderr, flush=True)
            results.append(run(name, engines, options.rounds))
    print()
    print(report.times_table(results))
    counted = [result for result in results if result.operations is not None]
    if counted:
        print()
        print(report.OVERHEAD_NOTES)
        print(report.overhead_table(counted))
    if options.json is not None:
        options.json.write_text(json.dumps(report.as_json(settings, results), indent=1) + "\n")
    return 0


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return the options; leave with a message if they make no sense."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks",
        description="Time fgrad beside gradients written by hand and beside its peers.",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="workloads to run (default: all)")
    parser.add_argument(
        "--rounds", type=int, default=7, metavar="N", help="rounds to take medians of (default: 7)"
    )
    parser.add_argument("--list", action="store_true", help="list the workloads and leave")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write all samples to a file")
    parser.add_argument("--no-gc", action="store_true", help="switch Python's cyclic garbage collector off")
    options = parser.parse_args(arguments)
    unknown = [name for name in options.names if name not in WORKLOADS]
    if unknown:
        parser.error(f"no workload is called {', '.join(unknown)}; there are {', '.join(WORKLOADS)}")
    if options.rounds < 1:
        parser.error(f"--rounds must be at least 1; got {options.rounds}")
    return options


if __name__ == "__main__":
    sys.exit(main())
