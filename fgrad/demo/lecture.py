"""What the lecture does with a model, on a table: its graph, its gradient, its training."""

from __future__ import annotations

from typing import Any

import numpy as np

from fgrad.demo.checks import DIFFERENCES, ROUNDING, Check, finite_differences, relative_difference
from fgrad.demo.models import LINEAR, board, with_ones
from fgrad.demo.newton import GRADIENT_TOLERANCE, Training, objective, train
from fgrad.demo.problem import Problem
from fgrad.demo.report import Report, array, number
from fgrad.graphs.adjoints import adjoints_of
from fgrad.graphs.view import view_of
from fgrad.transforms.capturing import captured
from fgrad.transforms.gradient import grad
from fgrad.transforms.jacobian import hessian

#: How many rows of a table of coefficients are shown before it is cut in the middle.
ROWS = 12


def give_lecture(report: Report, problem: Problem, *, seed: int, ridge: float, note: str = "") -> list[Check]:
    """Write the whole report on a problem and return its checks.

    Parameters
    ----------
    report : Report
        Where to.
    problem : Problem
        What about.
    seed : int
        Chooses the parameters at which derivatives are shown.
    ridge : float
        The weight of the penalty in training.
    note : str, optional
        What to say of the penalty.

    Returns
    -------
    list of Check
        Those that were written.

    Raises
    ------
    NoMinimumError
        If the classes are separable and ``ridge`` is zero; before anything is written.
    """
    training = train(problem.model, problem.x, problem.t, ridge)
    point = random_point(problem, seed)
    introduce(report, problem)
    checks = [
        *show_graph(report, problem, point),
        *show_gradient(report, problem, point),
        *show_training(report, problem, training, point, ridge, note),
    ]
    show_fit(report, problem, training)
    return checks


def random_point(problem: Problem, seed: int) -> Any:
    """Return random parameters, ``b`` last, that take ``z`` to 2 at most, where no loss saturates."""
    direction = np.random.default_rng(seed).normal(size=problem.x.shape[1] + 1)
    return 2 * direction / np.max(np.abs(with_ones(problem.x) @ direction))


def introduce(report: Report, problem: Problem) -> None:
    """Write what the data are."""
    table, model = problem.table, problem.model
    report.heading(f"{model.name.capitalize()}, {model.loss_name}: {table.source}", "=")
    target = f"The target is {table.target!r}"
    if problem.classes:
        zero, one = problem.classes
        ones = int(problem.t.sum() + problem.t_out.sum())
        target += f": t = 1 for {one!r} ({ones} rows), t = 0 for {zero!r} ({len(table.x) - ones} rows)"
    report.paragraph(
        f"{len(table.x)} rows and {len(table.names)} columns beside the target. {target}. "
        f"{len(problem.x)} rows are for training, {len(problem.x_out)} are held out. In the training rows "
        f"each column{'' if problem.classes else ', and the target,'} has mean 0 and standard deviation 1."
    )
    report.line()
    report.code(board(model.loss))


def show_graph(report: Report, problem: Problem, point: Any) -> list[Check]:
    """Write the computational graph of the loss for one sample, forwards and backwards."""
    x, t = problem.x[0], float(problem.t[0])
    w, b = point[:-1], float(point[-1])
    graph = captured(problem.model.loss, (w, b, x, t), {}, np.array)
    slopes, _ = adjoints_of(graph, graph.values(), np.array)
    marks = view_of(graph, {}).marks
    variables = [*graph.inputs, *(variable for node in graph.nodes for variable in node.results)]
    report.heading("The computational graph of the loss for one sample")
    report.paragraph(
        f"The sample is the first training row, line {problem.first_line} of the table; w and b are random. "
        "Forward pass: each node is one elementary operation on earlier nodes."
    )
    report.line()
    rows = [
        ([mark.name, mark.text], variable.kept, slopes[variable])
        for mark, variable in zip(marks, variables, strict=True)
    ]
    report.table(
        ["node", "expression", "value"], [[*words, array(value, 50)] for words, value, _ in rows], left=3
    )
    report.line()
    report.paragraph(
        "Backward pass: from the loss to the inputs, the adjoint of each node, which is the derivative of "
        "the loss with respect to the node."
    )
    report.line()
    report.table(
        ["node", "expression", "adjoint"],
        [[*words, array(slope, 50)] for words, _, slope in reversed(rows)],
        left=3,
    )
    found = np.append(*(slopes[variable] for variable in graph.inputs[:2]))
    by_hand = problem.model.gradient(w, b, x[None], np.array([t]))
    return conclude(
        report,
        Check("adjoints of w, b against (y - t) x, y - t", relative_difference(found, by_hand), ROUNDING),
    )


def show_gradient(report: Report, problem: Problem, point: Any) -> list[Check]:
    """Write the gradient over all training rows three ways."""
    model, x, t = problem.model, problem.x, problem.t

    def loss(parameters: Any) -> Any:
        return model.loss(parameters[:-1], parameters[-1], x, t)

    found = np.append(*grad(model.loss, (0, 1))(point[:-1], point[-1], x, t))
    by_hand = model.gradient(point[:-1], point[-1], x, t)
    by_differences = finite_differences(loss, point)
    report.heading("The gradient, three ways")
    report.paragraph(
        f"Over all {len(x)} training rows, at the same w and b: fgrad's gradient of the loss above, the "
        "formula derived by hand, sum of (y - t) x, and central finite differences of the loss."
    )
    report.line()
    rows = [
        [name, *(f"{value + 0.0:.9e}" for value in values)]
        for name, *values in zip((*problem.table.names, "(b)"), found, by_hand, by_differences, strict=True)
    ]
    if len(rows) > ROWS:
        left_out = len(rows) - ROWS + 1
        rows[ROWS - 3 : -2] = [[f"({left_out} more)", "...", "...", "..."]]
    report.table(["coefficient of", "fgrad", "formula", "differences"], rows)
    return conclude(
        report,
        Check("fgrad against the formula", relative_difference(found, by_hand), ROUNDING),
        Check("fgrad against finite differences", relative_difference(found, by_differences), DIFFERENCES),
    )


def show_training(
    report: Report, problem: Problem, training: Training, point: Any, ridge: float, note: str
) -> list[Check]:
    """Write the iterations of Newton's method and check their outcome by formulas."""
    model, x, t = problem.model, problem.x, problem.t
    report.heading("Training by Newton's method, with fgrad's gradient and Hessian")
    penalty = f" The loss has the penalty {ridge:g}/2 * sum(w**2) added." if ridge else ""
    quadratic = " The loss is quadratic: but for rounding, one step is enough." if model is LINEAR else ""
    report.paragraph(
        f"From w = 0, b = 0 until the gradient norm is below {training.tolerance:.1e}, which is "
        f"{GRADIENT_TOLERANCE:g} of what its terms amount to at the start, and the steps have ended."
        f"{quadratic}{penalty} {note}"
    )
    report.line()
    report.table(
        ["iteration", "loss", "gradient norm"],
        [
            [str(state.iteration), f"{state.loss:.9f}", f"{np.linalg.norm(state.gradient):.3e}"]
            for state in training.states
        ],
        left=0,
    )
    shrink = np.append(np.full(x.shape[1], ridge), 0.0)
    second = hessian(objective(model, x, t, ridge))(point)
    by_hand = model.hessian(point[:-1], point[-1], x) + np.diag(shrink)
    solution = training.parameters
    slope = model.gradient(solution[:-1], solution[-1], x, t) + shrink * solution
    found = float(np.linalg.norm(training.states[-1].gradient)) if training.converged else float("nan")
    checks = [
        Check("Hessian against sum of dy/dz x x^T", relative_difference(second, by_hand), ROUNDING),
        Check("gradient norm at the end, by fgrad", found, training.tolerance),
        Check(
            "gradient norm at the end, by the formula", float(np.linalg.norm(slope)), 2 * training.tolerance
        ),
    ]
    if model is LINEAR:
        rows = np.vstack([with_ones(x), np.diag(np.sqrt(shrink))])
        direct = np.linalg.lstsq(rows, np.append(t, 0 * shrink))[0]
        difference = float(np.max(np.abs(with_ones(x) @ (solution - direct))) / np.max(np.abs(t)))
        checks.append(Check("fitted values against numpy.linalg.lstsq", difference, 1e-8))
    return conclude(report, *checks)


def show_fit(report: Report, problem: Problem, training: Training) -> None:
    """Write how well the fit predicts, and its coefficients."""
    w, b = training.parameters[:-1], training.parameters[-1]
    report.heading("The fit")
    if problem.classes:
        right = [np.mean((x @ w + b > 0) == t) for x, t in held(problem)]
        common = float(np.mean(problem.t) >= 0.5)
        baseline = np.mean(problem.t_out == common)
        report.paragraph(
            f"Accuracy: {right[1]:.4f} on the {len(problem.t_out)} rows held out ({right[0]:.4f} on the "
            f"training rows). Always answering {problem.classes[int(common)]!r} has {baseline:.4f}."
        )
    else:
        shares = [explained(x @ w + b, t) for x, t in held(problem)]
        report.paragraph(
            f"R^2: {shares[1]} on the {len(problem.t_out)} rows held out ({shares[0]} on the training rows)."
        )
    report.line()
    own, offset = problem.original_units(w, b)
    report.table(
        ["coefficient of", "standardised", "original units"],
        [
            [name, number(standard, 6), number(original, 6)]
            for name, standard, original in zip(
                (*problem.table.names, "(b)"), (*w, b), (*own, offset), strict=True
            )
        ],
    )


def held(problem: Problem) -> list[tuple[Any, Any]]:
    """Return the training part and the part held out."""
    return [(problem.x, problem.t), (problem.x_out, problem.t_out)]


def explained(y: Any, t: Any) -> str:
    """Return R^2, the share of the variance that predictions explain, or why there is none.

    >>> explained(np.array([1.0, 2.0]), np.array([1.0, 3.0]))
    '0.5000'
    >>> explained(np.array([1.0, 2.0]), np.array([3.0, 3.0]))
    'undefined, for equal targets,'
    """
    variation = np.sum((t - np.mean(t)) ** 2)
    return f"{1 - np.sum((y - t) ** 2) / variation:.4f}" if variation else "undefined, for equal targets,"


def conclude(report: Report, *checks: Check) -> list[Check]:
    """Write checks, one a line, and return them."""
    report.line()
    report.table(
        ["check", "found", "bound", ""],
        [
            [check.what, f"{check.difference:.1e}", f"{check.bound:.1e}", "PASS" if check.passed else "FAIL"]
            for check in checks
        ],
    )
    return list(checks)
