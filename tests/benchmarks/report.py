"""Results of a run, as a table and as JSON."""

from __future__ import annotations

import gc
import os
import platform
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import version
from statistics import median
from textwrap import fill
from typing import Any

#: Columns of the widest line.
WIDTH = 100

#: Which ratios of the engines' times are shown.
RATIOS = (("fgrad", "numpy"), ("plain np", "fgrad"), ("autograd", "fgrad"))

NOTES = """\
Every engine computes value and gradient. numpy: written by hand. plain np: fgrad on code that
imports numpy itself. Times are medians of the rounds, ratios medians of each round's ratio."""

OVERHEAD_NOTES = """\
Overhead per recorded operation, forward and backward: an engine's time less that of the gradient by
hand, divided by the number of operations."""


@dataclass(frozen=True)
class Result:
    """What one workload took.

    Attributes
    ----------
    name, summary : str
        Of the workload.
    operations : int or None
        How many operations its tape records.
    samples : dict of str to list of float
        For each engine the seconds per call in each round.
    """

    name: str
    summary: str
    operations: int | None
    samples: dict[str, list[float]]

    def seconds(self, engine: str) -> float:
        """Return the median time of a call."""
        return median(self.samples[engine])

    def ratio(self, engine: str, to: str) -> float:
        """Return the median of the ratios within a round."""
        return median(a / b for a, b in zip(self.samples[engine], self.samples[to], strict=True))

    def overhead(self, engine: str) -> float:
        """Return the seconds per recorded operation, those of the gradient by hand taken out."""
        assert self.operations is not None, f"{self.name} does not count its operations"
        pairs = zip(self.samples[engine], self.samples["numpy"], strict=True)
        return median(a - b for a, b in pairs) / self.operations


def environment(rounds: int, engines: Iterable[str]) -> dict[str, Any]:
    """Return what the times depend on."""
    return {
        "python": platform.python_version(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "numpy": version("numpy"),
        "fgrad": version("fgrad"),
        **{peer: version(peer) for peer in engines if peer == "autograd"},
        "OPENBLAS_NUM_THREADS": os.environ.get("OPENBLAS_NUM_THREADS", "unset"),
        "garbage collector": "on" if gc.isenabled() else "off",
        "rounds": rounds,
    }


def heading(settings: dict[str, Any]) -> str:
    """Return the lines above the tables."""
    return fill("; ".join(f"{name} {value}" for name, value in settings.items()), WIDTH) + "\n" + NOTES


def times_table(results: list[Result]) -> str:
    """Return the table of times and ratios."""
    engines = list(results[0].samples)
    pairs = [(a, b) for a, b in RATIOS if a in engines]
    rows = [("workload", *engines, *(f"{a}/{b}" for a, b in pairs))]
    for result in results:
        times = (time_text(result.seconds(engine)) for engine in engines)
        rows.append((result.name, *times, *(f"{result.ratio(a, b):.2f}" for a, b in pairs)))
    return aligned(rows)


def overhead_table(results: list[Result]) -> str:
    """Return the table of overheads per operation, of the workloads that count their operations."""
    engines = [engine for engine in results[0].samples if engine != "numpy"]
    compared = "autograd" in engines
    rows = [("workload", "operations", *engines, *(["autograd/fgrad"] if compared else []))]
    for result in results:
        overheads = {engine: result.overhead(engine) for engine in engines}
        row = [result.name, f"{result.operations:,}", *map(time_text, overheads.values())]
        if compared:
            row.append(f"{overheads['autograd'] / overheads['fgrad']:.2f}")
        rows.append(tuple(row))
    return aligned(rows)


def time_text(seconds: float) -> str:
    """Return a time with three digits and its unit."""
    if seconds >= 1:
        return f"{seconds:.2f} s"
    scaled, unit = (seconds * 1e3, "ms") if abs(seconds) >= 1e-3 else (seconds * 1e6, "us")
    decimals = 0 if abs(scaled) >= 100 else 1 if abs(scaled) >= 10 else 2 if abs(scaled) >= 1 else 3
    return f"{scaled:.{decimals}f} {unit}"


def aligned(rows: Iterable[tuple[str, ...]]) -> str:
    """Return rows as lines, the first column to the left and the others to the right."""
    rows = list(rows)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            [row[0].ljust(widths[0]), *(cell.rjust(w) for cell, w in zip(row[1:], widths[1:], strict=True))]
        )
        for row in rows
    )


def as_json(settings: dict[str, Any], results: list[Result]) -> dict[str, Any]:
    """Return everything that was measured, in types that JSON has."""
    return {
        "environment": settings,
        "results": [
            {
                "name": result.name,
                "summary": result.summary,
                "operations": result.operations,
                "seconds": result.samples,
            }
            for result in results
        ],
    }
