"""Which model, which rows, which units, and what is refused."""

import numpy as np
import pytest

from fgrad.demo.models import LINEAR, LOGISTIC
from fgrad.demo.problem import make_problem, split, standardise
from fgrad.demo.table import Table, TableError

RNG = np.random.default_rng(8)


def table(x, labels, names=None):
    x = np.asarray(x, dtype=float)
    names = names or tuple("abcdefgh"[: x.shape[1]])
    return Table("t.csv", names, "y", x, [str(label) for label in labels], list(range(2, len(x) + 2)))


def problem(x, labels, model=None, *, fraction=0.2, seed=0, ridge=0.0, names=None):
    return make_problem(table(x, labels, names), model, fraction=fraction, seed=seed, ridge=ridge)


def refusal(*args, **options):
    with pytest.raises(TableError) as caught:
        problem(*args, **options)
    message = str(caught.value)
    assert message.startswith("t.csv: ")
    assert "\n" not in message
    return message


X = RNG.normal(size=(40, 2))
BITS = [i % 2 for i in range(40)]


@pytest.mark.parametrize(
    ("labels", "classes", "ones"),
    [
        (["M", "B"] * 20, ("B", "M"), "M"),
        (["2", "10"] * 20, ("2", "10"), "10"),
        (["0", "1.0", "0.0", "1"] * 10, ("0", "1.0"), "1"),
    ],
)
def test_two_classes_are_in_order_and_the_second_is_one(labels, classes, ones):
    made = problem(X, labels)
    assert made.model is LOGISTIC
    assert made.classes == classes
    assert made.t.sum() + made.t_out.sum() == 20
    row = made.first_line - 2
    assert made.t[0] == float(labels[row].startswith(ones))


def test_many_values_make_linear_regression():
    assert problem(X, range(40)).model is LINEAR


def test_linear_regression_of_two_values_on_request():
    made = problem(X, BITS, "linear")
    assert (made.model, made.classes) == (LINEAR, None)


def test_training_rows_are_standardised_by_themselves():
    made = problem(X * [3, 1e9] + [5, -1e12], 7 * X[:, 0] + 100)
    for values in (made.x, made.t):
        np.testing.assert_allclose(values.mean(axis=0), 0, atol=1e-12)
        np.testing.assert_allclose(values.std(axis=0), 1, rtol=1e-12)
    assert np.abs(made.x_out.mean(axis=0)).max() > 1e-3


def test_standardising_survives_squares_that_underflow_and_means_that_dwarf():
    scale = standardise(np.array([[1e-200, 1e15], [-1e-200, 1e15 + 2]]))
    np.testing.assert_array_equal(scale.deviation, [1e-200, 1.0])
    np.testing.assert_array_equal(scale.mean, [0.0, 1e15 + 1])


def test_original_units_give_the_same_predictions():
    x = X * [3, 1e4] + [5, -7]
    made = problem(x, 7 * X[:, 0] + 100 + X[:, 1] ** 2)
    w, b = np.array([0.3, -0.8]), 0.1
    own, offset = made.original_units(w, b)
    scale = made.target_scale
    expected = scale.mean + scale.deviation * (made.scale.apply(x) @ w + b)
    np.testing.assert_allclose(x @ own + offset, expected, rtol=1e-12)


def test_split_is_a_partition_that_the_seed_decides():
    groups = np.array(BITS)
    train, test = split(groups, 0.3, 5)
    assert sorted([*train, *test]) == list(range(40))
    assert len(test) == 12
    assert groups[test].sum() == 6
    again = split(groups, 0.3, 5)
    np.testing.assert_array_equal(test, again[1])
    assert list(split(groups, 0.3, 6)[1]) != list(test)


def test_one_class_only():
    assert refusal(X, ["yes"] * 40) == "t.csv: target column 'y' has one class only: 'yes' in every row"


def test_a_third_class_is_named_with_its_line():
    message = refusal(X, ["a", "b", "a", "c"] * 10, "logistic")
    assert message == "t.csv: line 5, column 'y': 'c' is a third class; logistic regression takes two"


def test_text_among_many_values_is_named_with_its_line():
    message = refusal(X, [*range(39), "NA"])
    assert message.startswith("t.csv: line 41, column 'y': 'NA' is not a number, and 40 distinct values")


def test_text_is_no_target_of_linear_regression():
    assert refusal(X, ["a", "b"] * 20, "linear") == "t.csv: line 2, column 'y': 'a' is not a number"


def test_a_constant_column_is_named():
    message = refusal(np.column_stack([X, np.full(40, 2.5)]), BITS)
    assert message == "t.csv: column 'c' is constant: 2.5 in every row; leave it out"


def test_a_column_that_is_constant_in_training_is_named():
    held_out = split(np.array(BITS), 0.2, 0)[1]
    flag = np.zeros(40)
    flag[held_out[0]] = 1.0
    assert "column 'c' is constant in the rows to train on" in refusal(np.column_stack([X, flag]), BITS)


def test_a_target_that_is_constant_in_training_is_named():
    held_out = split(np.zeros(40), 0.2, 0)[1]
    flag = np.zeros(40)
    flag[held_out[0]] = 1.0
    assert "column 'y' is constant in the rows to train on" in refusal(X, flag, "linear")


@pytest.mark.parametrize(
    ("rows", "model", "fraction"),
    [(5, "linear", 0.2), (5, "linear", 0.9), (4, "logistic", 0.1), (4, "logistic", 0.9)],
)
def test_too_few_rows_for_the_split(rows, model, fraction):
    message = refusal(X[:rows], BITS[:rows], model, fraction=fraction)
    assert f"{rows} rows are too few to hold out the share {fraction:g}" in message


def test_collinear_columns_are_named():
    x = np.column_stack([X, RNG.normal(size=40), X[:, 0] - 2 * X[:, 1] + 5])
    assert "the columns 'a', 'b', 'd' are collinear" in refusal(x, BITS)


def test_more_columns_than_rows():
    assert "8 columns but 6 rows to train on" in refusal(RNG.normal(size=(8, 8)), range(8))


def test_a_penalty_admits_collinear_columns():
    x = np.column_stack([X, X[:, 0]])
    assert problem(x, BITS, ridge=1.0).x.shape == (32, 3)
