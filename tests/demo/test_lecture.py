"""The report as a whole: what it shows, that it is right, and that wrong numbers fail."""

import dataclasses
import io
import re

import numpy as np
import pytest

from fgrad.demo import lecture
from fgrad.demo.lecture import give_lecture, random_point
from fgrad.demo.models import LINEAR, LOGISTIC, with_ones
from fgrad.demo.newton import MAX_ITERATIONS, NoMinimumError
from fgrad.demo.problem import make_problem
from fgrad.demo.report import Report
from fgrad.demo.table import Table

RNG = np.random.default_rng(4)
X = RNG.normal(size=(80, 3)) * [1, 10, 0.1] + [0, 5, 2]
REAL = X @ [2.0, 0.3, -7.0] + 4 + RNG.normal(size=80)
BITS = (np.median(REAL) < REAL).astype(int)
MODELS = pytest.mark.parametrize("labels", [REAL, BITS], ids=["linear", "logistic"])


def problem(labels, x=X, names=("age", "bmi", "sugar")):
    table = Table("t.csv", names, "y", x, [str(v) for v in labels], list(range(2, len(x) + 2)))
    return make_problem(table, None, fraction=0.25, seed=1, ridge=0.0)


def lectured(labels, **options):
    return lectured_on(problem(labels), **options)


def lectured_on(made, ridge=0.0, note=""):
    stream = io.StringIO()
    checks = give_lecture(Report(stream), made, seed=1, ridge=ridge, note=note)
    return stream.getvalue(), checks


@MODELS
def test_every_check_passes_and_is_written(labels):
    text, checks = lectured(labels)
    assert all(check.passed for check in checks)
    assert len(checks) == (7 if labels is REAL else 6)
    assert text.count("PASS") == len(checks)
    assert "FAIL" not in text


@MODELS
def test_no_line_is_wider_than_80_columns(labels):
    text, _ = lectured(labels)
    assert max(len(line) for line in text.splitlines()) <= 80


@MODELS
def test_the_backward_pass_lists_the_forward_pass_in_reverse(labels):
    text, _ = lectured(labels)
    forward, backward = (
        re.findall(r"^  (\w+)  +(.+?)  +", part, re.M)
        for part in re.findall(r"^  node .*\n((?:  .*\n)+)", text, re.M)
    )
    assert len(forward) == (10 if labels is REAL else 19)
    assert forward == backward[::-1]


def test_coefficients_by_name_in_original_units_predict_as_least_squares_does():
    made = problem(REAL)
    text, _ = lectured_on(made)
    found = [float(line.split()[-1]) for line in text[text.index("original units") :].splitlines()[1:5]]
    rows = np.array(made.table.lines)
    assert len(rows) == 80
    train_x = made.x * made.scale.deviation + made.scale.mean
    train_t = made.t * made.target_scale.deviation + made.target_scale.mean
    np.testing.assert_allclose(found, np.linalg.lstsq(with_ones(train_x), train_t)[0], rtol=1e-5)


def test_r_squared_of_the_rows_held_out():
    made = problem(REAL)
    text, _ = lectured_on(made)
    y = with_ones(made.x_out) @ np.linalg.lstsq(with_ones(made.x), made.t)[0]
    expected = 1 - np.mean((y - made.t_out) ** 2) / np.var(made.t_out)
    assert f"R^2: {expected:.4f} on the 20 rows held out" in text


def test_accuracy_stands_beside_that_of_the_larger_class():
    labels = np.where(RNG.uniform(size=80) < 0.7, 1, BITS)
    made = problem(labels)
    text, _ = lectured_on(made)
    assert re.search(r"Accuracy: [01]\.\d{4} on the \d+ rows held out", text)
    assert f"Always answering '1' has {made.t_out.mean():.4f}" in " ".join(text.split())


def test_a_long_table_of_coefficients_is_cut_in_the_middle():
    x = RNG.normal(size=(200, 20))
    names = tuple(f"column{i}" for i in range(20))
    text, _ = lectured_on(problem(x[:, 0] + RNG.normal(size=200), x, names))
    section = text[text.index("three ways") : text.index("against finite differences")]
    assert "(10 more)" in section
    assert section.count("column") == 10
    assert text[text.index("The fit") :].count("column") == 20


def test_the_penalty_and_its_note_are_written():
    text, checks = lectured_on(problem(BITS), ridge=0.5, note="Because.")
    assert "penalty 0.5/2 * sum(w**2) added. Because." in " ".join(text.split())
    assert all(check.passed for check in checks)


def test_separable_classes_raise_before_anything_is_written():
    stream = io.StringIO()
    with pytest.raises(NoMinimumError):
        give_lecture(Report(stream), problem((X[:, 0] > 0).astype(int)), seed=1, ridge=0.0)
    assert stream.getvalue() == ""


@MODELS
def test_random_parameters_keep_z_within_two(labels):
    made = problem(labels)
    assert np.abs(with_ones(made.x) @ random_point(made, 3)).max() == pytest.approx(2.0)


@dataclasses.dataclass(frozen=True)
class WrongGradient(type(LOGISTIC)):
    def gradient(self, w, b, x, t):
        return super().gradient(w, b, x, t) * (1 + 1e-9)


@MODELS
def test_a_wrong_formula_fails_its_checks(labels):
    made = problem(labels)
    wrong = WrongGradient(**vars(made.model))
    _, checks = lectured_on(dataclasses.replace(made, model=wrong))
    failed = [check.what for check in checks if not check.passed]
    assert failed == ["adjoints of w, b against (y - t) x, y - t", "fgrad against the formula"]


@pytest.mark.parametrize("model", [LOGISTIC, LINEAR], ids=lambda model: model.name)
def test_a_wrong_slope_fails_the_check_of_the_hessian(model):
    made = problem(REAL if model is LINEAR else BITS)
    wrong = dataclasses.replace(model, slope=lambda y: model.slope(y) * 1.001)
    _, checks = lectured_on(dataclasses.replace(made, model=wrong))
    assert "Hessian against sum of dy/dz x x^T" in [check.what for check in checks if not check.passed]


def test_wrong_finite_differences_fail(monkeypatch):
    monkeypatch.setattr(lecture, "finite_differences", lambda function, x: np.ones_like(x))
    _, checks = lectured(REAL)
    assert [c.what for c in checks if not c.passed] == ["fgrad against finite differences"]


def test_training_that_stops_short_fails(monkeypatch):
    monkeypatch.setattr("fgrad.demo.newton.MAX_ITERATIONS", 2)
    assert MAX_ITERATIONS == 100
    text, checks = lectured(BITS)
    assert "gradient norm at the end, by fgrad" in [c.what for c in checks if not c.passed]
    assert "FAIL" in text
