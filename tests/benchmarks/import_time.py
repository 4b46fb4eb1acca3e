"""The time of ``import fgrad`` beside ``import numpy``: ``python -m tests.benchmarks.import_time``.

Each import has an interpreter of its own, whose start is not counted; the time of ``import fgrad`` includes
NumPy's.  As for any installed package, the byte code is there already: in a folder for this run, which is
filled before the first round, also if PYTHONDONTWRITEBYTECODE is set.  The two take turns, and medians are
compared.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from statistics import median
from tempfile import TemporaryDirectory

from tests.benchmarks import report

MODULES = ("numpy", "fgrad")


def seconds(module: str, cache: str) -> float:
    """Return the time of importing a module, with its byte code in the folder ``cache``."""
    code = (
        "from time import perf_counter; start = perf_counter(); "
        f"import {module}; print(perf_counter() - start)"
    )
    command = [sys.executable, "-X", f"pycache_prefix={cache}", "-c", code]
    environment = {name: text for name, text in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return float(run.stdout)


def samples(rounds: int) -> dict[str, list[float]]:
    """Return the times of each module's import, by round."""
    times: dict[str, list[float]] = {module: [] for module in MODULES}
    with TemporaryDirectory() as cache:
        for module in MODULES:
            seconds(module, cache)
        for _ in range(rounds):
            for module in MODULES:
                times[module].append(seconds(module, cache))
    return times


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and print the medians and their ratio."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.import_time", description="Time import fgrad beside import numpy."
    )
    parser.add_argument(
        "--rounds", type=int, default=20, metavar="N", help="rounds to take medians of (default: 20)"
    )
    rounds = parser.parse_args(arguments).rounds
    if rounds < 1:
        parser.error(f"--rounds must be at least 1; got {rounds}")
    medians = {module: median(times) for module, times in samples(rounds).items()}
    settings = report.environment(rounds, [])
    print(", ".join(f"{name} {settings[name]}" for name in ("python", "numpy", "fgrad", "rounds")))
    rows = [(f"import {module}", report.time_text(time)) for module, time in medians.items()]
    print(report.aligned([*rows, ("ratio", f"{medians['fgrad'] / medians['numpy']:.2f}")]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
