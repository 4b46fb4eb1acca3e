"""From a table to a problem that can be trained: classes, a split, and standardised columns.

>>> from fgrad.demo.table import shipped_table
>>> table = shipped_table("diabetes.csv", "progression")
>>> problem = make_problem(table, None, fraction=0.2, seed=0, ridge=0.0)
>>> problem.model.name, problem.x.shape, problem.x_out.shape
('linear regression', (354, 10), (88, 10))
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from fgrad.demo.models import LINEAR, LOGISTIC, Model
from fgrad.demo.table import Table, TableError, parse_number

MODELS = {"logistic": LOGISTIC, "linear": LINEAR}

#: Below this share of the largest singular value, a combination of standardised columns counts as zero.
#: The Hessian has the squares of these, and there the rounding begins.
COLLINEAR = 1e-6


@dataclass(frozen=True)
class Scale:
    """The shift and the unit that standardise the columns of the training rows."""

    mean: Any
    deviation: Any

    def apply(self, values: Any) -> Any:
        """Return the values in standard units."""
        return (values - self.mean) / self.deviation


@dataclass(frozen=True)
class Problem:
    """A model, and standardised data for it.

    Attributes
    ----------
    table : Table
        What it was made from.
    model : Model
        What to fit.
    classes : tuple of str, or None
        What ``t`` = 0 and ``t`` = 1 stand for, in logistic regression.
    x, t : array
        Training rows and targets.
    x_out, t_out : array
        The rows and targets that are held out.
    first_line : int
        The line of the table that holds the first training row.
    scale, target_scale : Scale
        How columns, and the target of linear regression, were standardised.
    """

    table: Table
    model: Model
    classes: tuple[str, str] | None
    x: Any
    t: Any
    x_out: Any
    t_out: Any
    first_line: int
    scale: Scale
    target_scale: Scale

    def original_units(self, w: Any, b: Any) -> tuple[Any, Any]:
        """Return the coefficients for columns, and target, that are not standardised."""
        unit, origin = self.target_scale.deviation, self.target_scale.mean
        w = unit * w / self.scale.deviation
        return w, origin + unit * b - w @ self.scale.mean


def make_problem(table: Table, name: str | None, *, fraction: float, seed: int, ridge: float) -> Problem:
    """Return the problem that a table poses.

    Parameters
    ----------
    table : Table
        The data.
    name : {'logistic', 'linear'}, optional
        The model; by default logistic if the target has two distinct values, else linear.
    fraction : float
        The share of the rows to hold out.
    seed : int
        Chooses them.
    ridge : float
        If zero, columns that determine one another are refused.

    Raises
    ------
    TableError
        If the model does not fit the target, rows are too few, or columns are constant or collinear.
    """
    model, t, classes = choose_model(table, name)
    for column, values in zip(table.names, table.x.T, strict=True):
        if np.all(values == values[0]):
            raise TableError(
                f"{table.source}: column {column!r} is constant: {values[0]:g} in every row; leave it out"
            )
    groups = t if classes else np.zeros(len(t))
    train, test = split(groups, fraction, seed)
    check_split(table, t[train], t[test], classes, fraction)
    scale = standardise(table.x[train])
    check_spread(table.source, table.names, scale)
    target_scale = Scale(0.0, 1.0)
    if not classes:
        target_scale = standardise(t[train])
        check_spread(table.source, (table.target,), target_scale)
        t = target_scale.apply(t)
    x = scale.apply(table.x)
    if ridge == 0.0:
        check_rank(table, x[train])
    first = table.lines[train[0]]
    return Problem(table, model, classes, x[train], t[train], x[test], t[test], first, scale, target_scale)


def choose_model(table: Table, name: str | None) -> tuple[Model, Any, tuple[str, str] | None]:
    """Return the model, the numbers of the target, and the classes if there are any."""
    keys: list[Any] = [parse_number(label) for label in table.labels]
    if None in keys:
        keys = list(table.labels)
    distinct = sorted(set(keys))
    if len(distinct) == 1:
        raise TableError(
            f"{table.source}: target column {table.target!r} has one class only: "
            f"{table.labels[0]!r} in every row"
        )
    if name == "linear" or (name is None and len(distinct) > 2):
        return LINEAR, numeric_target(table, len(distinct), name), None
    if len(distinct) > 2:
        first_two = list(dict.fromkeys(keys))[:2]
        row = next(i for i, key in enumerate(keys) if key not in first_two)
        raise table.error(
            row, table.target, f"{table.labels[row]!r} is a third class; logistic regression takes two"
        )
    classes = tuple(table.labels[keys.index(key)] for key in distinct)
    return LOGISTIC, np.array([float(key == distinct[1]) for key in keys]), (classes[0], classes[1])


def numeric_target(table: Table, distinct: int, name: str | None) -> Any:
    """Return the target as numbers, or raise for the first cell that is none."""
    numbers = [parse_number(label) for label in table.labels]
    if None in numbers:
        row = numbers.index(None)
        problem = f"{table.labels[row]!r} is not a number"
        if name is None:
            problem += f", and {distinct} distinct values are not two classes"
        raise table.error(row, table.target, problem)
    return np.array(numbers)


def split(groups: Any, fraction: float, seed: int) -> tuple[Any, Any]:
    """Return the rows to train on and the rows to hold out, in order; of each group the same share."""
    order = np.random.default_rng(seed).permutation(len(groups))
    held_out = np.zeros(len(groups), dtype=bool)
    for group in np.unique(groups):
        members = order[groups[order] == group]
        held_out[members[: round(fraction * len(members))]] = True
    return np.flatnonzero(~held_out), np.flatnonzero(held_out)


def check_split(table: Table, t: Any, t_out: Any, classes: Any, fraction: float) -> None:
    """Raise if either part is too small to train on, or to judge by."""
    if classes:
        enough = len(np.unique(t)) == 2 and len(t_out) >= 1
        need = "both classes among the rows to train on, and a row to judge by"
    else:
        enough = len(t) >= 2 and len(t_out) >= 2
        need = "two rows to train on and two to judge by"
    if not enough:
        raise TableError(
            f"{table.source}: {len(table.x)} rows are too few to hold out the share {fraction:g}: "
            f"it takes {need}"
        )


def standardise(values: Any) -> Scale:
    """Return the means and standard deviations of columns, without underflow on the way."""
    # Shifted by the first row, because the mean of numbers far from zero rounds off what varies.
    shifted = values - values[0]
    size = np.max(np.abs(shifted), axis=0)
    scaled = shifted / np.where(size > 0, size, 1.0)
    mean = np.mean(scaled, axis=0)
    return Scale(values[0] + mean * size, np.sqrt(np.mean((scaled - mean) ** 2, axis=0)) * size)


def check_spread(source: str, names: tuple[str, ...], scale: Scale) -> None:
    """Raise for a column that does not vary in the training rows, or not by more than rounding."""
    floor = 16 * np.finfo(float).eps * np.abs(scale.mean)
    for name, deviation, least in zip(
        names, np.atleast_1d(scale.deviation), np.atleast_1d(floor), strict=True
    ):
        if not deviation > max(least, np.finfo(float).tiny):
            raise TableError(
                f"{source}: column {name!r} is constant in the rows to train on; leave it out, or try "
                "another --seed or a smaller --test-fraction"
            )


def check_rank(table: Table, x: Any) -> None:
    """Raise if the columns do not determine their coefficients, naming columns that hang together."""
    rows, columns = x.shape
    cure = "pass --ridge R (1, say)"
    if columns >= rows:
        raise TableError(
            f"{table.source}: {columns} columns but {rows} rows to train on, so the coefficients are not "
            f"determined; {cure}, or leave columns out"
        )
    _, sizes, directions = np.linalg.svd(x, full_matrices=False)
    if sizes[-1] > COLLINEAR * sizes[0]:
        return
    part = np.abs(directions[-1])
    together = [
        repr(name) for name, share in zip(table.names, part, strict=True) if share > 1e-3 * part.max()
    ]
    shown = ", ".join(together[:6]) + (", ..." if len(together) > 6 else "")
    raise TableError(
        f"{table.source}: the columns {shown} are collinear: one is a sum of multiples of the others, so "
        f"their coefficients are not determined; leave one out, or {cure}"
    )
