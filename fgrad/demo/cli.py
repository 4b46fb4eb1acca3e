"""The command line: which problem to lecture on, and what the exit status says.

0: all went well.  1: a check failed.  2: the arguments or the table cannot be used; one line on the
standard error stream says why.
"""

from __future__ import annotations

import argparse
import contextlib
import math
import os
import sys
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any, NoReturn

from fgrad.demo.checks import Check
from fgrad.demo.lecture import give_lecture
from fgrad.demo.newton import NoMinimumError, train
from fgrad.demo.problem import MODELS, Problem, make_problem
from fgrad.demo.report import Report
from fgrad.demo.table import TableError, shipped_table, table_from_file

FRACTION, SEED = 0.2, 0

#: What the first lecture adds to its loss, as 1/2 * sum(w**2).
RIDGE = 1.0

EXAMPLES = """\
examples:
  fgrad                                       the lecture, on two shipped tables
  fgrad fit patients.csv --target ill         the same on a table of your own
  fgrad fit houses.csv --target price --model linear --ridge 0.1
"""


class Parser(argparse.ArgumentParser):
    """A parser that says what is wrong in one line, and fits its help in 80 columns."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            formatter_class=lambda prog: argparse.RawDescriptionHelpFormatter(prog, width=79),
            allow_abbrev=False,
            **options,
        )

    def error(self, message: str) -> NoReturn:
        """Exit with status 2."""
        self.exit(2, f"{self.prog}: {message} (see {self.prog} --help)\n")


def make_parser() -> Parser:
    """Return the parser of the whole command line."""
    parser = Parser(
        prog="fgrad",
        usage="fgrad [-h] [--version]\n       fgrad fit TABLE.csv --target COLUMN [options]",
        description="Take a lecture's two models, logistic and linear regression, through what\n"
        "the lecture does: computational graph, gradient, training. Without a command\n"
        "on two shipped tables; with fit on a table of your own.",
        epilog=EXAMPLES,
    )
    parser.add_argument("--version", action="version", version=f"fgrad {version('fgrad')}")
    commands = parser.add_subparsers(
        title="command", dest="command", metavar="COMMAND", prog="fgrad", parser_class=Parser
    )
    fit = commands.add_parser(
        "fit",
        help="do the same with a table of your own",
        description="Fit a table of your own: a CSV file with a header line and numeric columns.",
    )
    fit.add_argument("table", metavar="TABLE.csv", help="the file")
    fit.add_argument("--target", metavar="COLUMN", required=True, help="the column to predict")
    fit.add_argument(
        "--model",
        choices=sorted(MODELS),
        help="default: logistic for a target of two distinct values, else linear",
    )
    fit.add_argument(
        "--test-fraction",
        metavar="F",
        type=share,
        default=FRACTION,
        help="the share of the rows to hold out, between 0 and 1 (default: %(default)s)",
    )
    fit.add_argument(
        "--seed", metavar="S", type=natural, default=SEED, help="chooses those rows (default: %(default)s)"
    )
    fit.add_argument(
        "--ridge",
        metavar="R",
        type=weight,
        default=0.0,
        help="add R/2 * sum(w**2) to the loss, in standardised units (default: 0)",
    )
    return parser


def share(text: str) -> float:
    """Return a number between 0 and 1, both excluded."""
    if not 0 < (value := real(text)) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not between 0 and 1")
    return value


def weight(text: str) -> float:
    """Return a finite number that is not negative."""
    if not 0 <= (value := real(text)) < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is not a finite number >= 0")
    return value


def natural(text: str) -> int:
    """Return an integer that is not negative."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not an integer >= 0")
    return int(text)


def real(text: str) -> float:
    """Return a number."""
    try:
        return float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number") from None


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status.

    Parameters
    ----------
    arguments : sequence of str, optional
        By default those of the process.
    """
    try:
        status = run(arguments)
        if sys.stdout is not None:
            sys.stdout.flush()  # now, while a failure can still be told
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        abandon_output()
        return 141
    except OSError as error:
        abandon_output()
        print(f"fgrad: {error}", file=sys.stderr)
        return 2
    return status


def run(arguments: Sequence[str] | None) -> int:
    """Write the report that the arguments ask for and return the exit status."""
    report = Report(sys.stdout)
    try:
        options = make_parser().parse_args(arguments)
        checks = fit_table(report, options) if options.command == "fit" else give_both(report)
    except SystemExit as done:  # argparse has written its help or its complaint
        return done.code if isinstance(done.code, int) else 0
    except TableError as error:
        print(f"fgrad: {error}", file=sys.stderr)
        return 2
    failed = sum(not check.passed for check in checks)
    report.line()
    report.line(
        f"{failed} of {len(checks)} checks FAILED." if failed else f"All {len(checks)} checks passed."
    )
    return 1 if failed else 0


def fit_table(report: Report, options: argparse.Namespace) -> list[Check]:
    """Lecture on a table of the user's."""
    table = table_from_file(options.table, options.target)
    problem = make_problem(
        table, options.model, fraction=options.test_fraction, seed=options.seed, ridge=options.ridge
    )
    try:
        return give_lecture(report, problem, seed=options.seed, ridge=options.ridge)
    except NoMinimumError as error:
        raise TableError(
            f"{table.source}: the classes of {table.target!r} are separable, so the loss has no minimum "
            f"({error}); pass --ridge R (1, say)"
        ) from None


def give_both(report: Report) -> list[Check]:
    """Lecture on the two tables that come with fgrad."""
    report.line(f"fgrad {version('fgrad')}: two models of a lecture, and all their derivatives")
    cancer = make_problem(
        shipped_table("breast_cancer.csv", "benign"), "logistic", fraction=FRACTION, seed=SEED, ridge=RIDGE
    )
    diabetes = make_problem(
        shipped_table("diabetes.csv", "progression"), "linear", fraction=FRACTION, seed=SEED, ridge=0.0
    )
    checks = give_lecture(report, cancer, seed=SEED, ridge=RIDGE, note=why_ridge(cancer))
    return checks + give_lecture(report, diabetes, seed=SEED, ridge=0.0)


def why_ridge(problem: Problem) -> str:
    """Return why the loss of a separable table has a penalty, found by trying without."""
    try:
        train(problem.model, problem.x, problem.t)
    except NoMinimumError as error:
        return f"Without it, {error}: longer weights then always lower the loss, and it has no minimum."
    return ""


def abandon_output() -> None:
    """Send what is still buffered nowhere: Python flushes again when it exits, and would complain."""
    with contextlib.suppress(OSError), open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
