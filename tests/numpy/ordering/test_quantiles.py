"""Medians and quantiles: ties, ends, methods, NaN, weights, errors."""

from itertools import permutations

import numpy as np
import pytest

from fgrad import grad, hessian, jacfwd, jacobian, jacrev, jvp, vjp, vmap
from tests.oracles import numerical_jacobian

X = np.array([4.0, 1.0, 9.0, 2.0])
NAN, INF = np.nan, np.inf


def test_a_median_is_of_the_middle():
    assert grad(np.median)(X).tolist() == [0.5, 0, 0, 0.5]
    assert grad(np.median)(X[:3]).tolist() == [1, 0, 0]
    assert grad(np.median)(np.float64(3.0)) == 1


def test_a_quantile_is_on_the_line_between_two_elements():
    assert grad(lambda x: np.quantile(x, 0.5))(X).tolist() == [0.5, 0, 0, 0.5]
    assert grad(lambda x: np.quantile(x, 0.9))(X) == pytest.approx([0.3, 0, 0.7, 0], rel=1e-14)


def test_the_derivative_by_the_quantile_is_the_slope_of_the_line():
    assert grad(lambda q: np.quantile(X, q))(0.4) == pytest.approx(3 * (4 - 2), rel=1e-15)
    assert grad(lambda p: np.percentile(X, p))(40.0) == pytest.approx(3 * (4 - 2) / 100, rel=1e-15)


@pytest.mark.parametrize(("q", "slope"), [(0.0, 3 * (2 - 1)), (1 / 3, 3 * (4 - 2)), (1.0, 3 * (9 - 4))])
def test_at_an_element_the_slope_is_that_to_the_right_and_at_the_end_to_the_left(q, slope):
    assert grad(lambda q: np.quantile(X, q))(q) == pytest.approx(slope, rel=1e-15)


@pytest.mark.parametrize("method", ["lower", "higher", "nearest", "midpoint", "inverted_cdf"])
def test_a_method_that_jumps_has_derivative_zero_by_the_quantile(method):
    assert grad(lambda q: np.quantile(X, q, method=method))(0.4) == 0


def test_a_quantile_beyond_the_first_element_does_not_move():
    assert grad(lambda q: np.quantile(X, q, method="weibull"))(0.1) == 0
    assert grad(lambda q: np.quantile(X, q, method="hazen"))(0.95) == 0


def test_a_nan_in_the_value_is_a_nan_in_the_derivative():
    x = np.array([[1.0, np.nan, 2.0], [1.0, 3.0, 2.0]])
    for function in (lambda x: np.median(x, axis=1), lambda x: np.quantile(x, 0.4, axis=1)):
        value, pullback = vjp(function, x)
        assert np.isnan(value).tolist() == [True, False]
        (g,) = pullback(np.ones(2))
        assert np.isnan(g[0]).any()
        assert np.isfinite(g[1]).all()


def test_infinite_elements_do_not_spoil_the_others():
    x = np.array([-np.inf, 1.0, 2.0, 5.0, np.inf])
    assert grad(np.median)(x).tolist() == [0, 0, 1, 0, 0]
    assert grad(lambda x: np.quantile(x, 0.5))(x).tolist() == [0, 0, 1, 0, 0]


def test_weights_choose_the_element_and_have_derivative_zero():
    def chosen(x, weights):
        return np.quantile(x, 0.5, weights=weights, method="inverted_cdf")

    by_x, by_weights = vjp(chosen, X, np.array([0.1, 0.2, 5.0, 0.1]))[1](1.0)
    assert by_x.tolist() == [0, 0, 1, 0]
    assert by_weights.tolist() == [0, 0, 0, 0]


def test_what_numpy_refuses_is_refused():
    for error, options in (
        (ValueError, {"q": 1.5}),
        (ValueError, {"q": 0.5, "method": "guessed"}),
        (ValueError, {"q": 0.5, "weights": X}),
        (np.exceptions.AxisError, {"q": 0.5, "axis": 1}),
        (ValueError, {"q": 0.5, "weights": X[:2], "axis": 0, "method": "inverted_cdf"}),
    ):
        with pytest.raises(error):
            grad(lambda x, options=options: np.sum(np.quantile(x, **options)))(X)
    with pytest.raises(TypeError, match="real"):
        grad(lambda x: np.real(np.quantile(x, 0.5)))(X + 1j)


def test_the_median_of_nothing_is_nan_with_the_warnings_of_numpy():
    with pytest.warns(RuntimeWarning, match="Mean of empty slice"), np.errstate(invalid="ignore"):
        assert np.isnan(vjp(np.median, np.ones(0))[0])


@pytest.mark.parametrize("q", [1, np.array([0, 1]), np.float32(0.3), np.array([0.3]), 0.3])
@pytest.mark.parametrize("dtype", ["float32", "float64", "int64"])
@pytest.mark.parametrize("method", ["linear", "hazen", "lower", "averaged_inverted_cdf"])
def test_dtypes_are_those_of_numpy(q, dtype, method):
    x = X.astype(dtype)
    value = vjp(lambda q: np.quantile(x, q, method=method), np.asarray(q, float))[0]
    assert value.dtype == np.quantile(x, np.asarray(q, float), method=method).dtype
    if dtype != "int64":
        value = vjp(lambda x: np.quantile(x, q, method=method), x)[0]
        assert value.dtype == np.quantile(x, q, method=method).dtype


def test_single_precision_stays_single():
    x = X.astype("float32")
    for function in (np.median, lambda x: np.quantile(x, 0.3), lambda x: np.percentile(x, 30)):
        value, tangent = jvp(function, (x,), (x,))
        assert value.dtype == tangent.dtype == np.float32


# equal elements

TIED = {
    "median of odd": (np.median, [1.0, 1.0, 0.0, 1.0, 5.0]),
    "median of even": (np.median, [1.0, 1.0, 3.0, 1.0]),
    "median between ties": (np.median, [1.0, 3.0, 3.0, 1.0]),
    "median of one value": (np.median, [2.0, 2.0, 2.0, 2.0, 2.0]),
    "nanmedian": (np.nanmedian, [1.0, NAN, 1.0, 2.0, 1.0, NAN]),
    "percentile": (lambda x: np.percentile(x, [10.0, 55.0]), [2.0, 1.0, 2.0, 4.0, 1.0]),
    "nanpercentile": (lambda x: np.nanpercentile(x, 40.0), [2.0, 1.0, 2.0, NAN, 1.0]),
    "nanquantile": (lambda x: np.nanquantile(x, [0.9, 0.1]), [2.0, NAN, 2.0, 1.0, 1.0]),
    "many quantiles": (lambda x: np.quantile(x, [0.9, 0.0, 0.5, 0.9, 0.1, 0.6]), [2.0, 1.0, 2.0, 3.0, 2.0]),
    "between infinite": (np.median, [-INF, 1.0, 1.0, 1.0, INF]),
    "zeros of both signs": (np.median, [0.0, -0.0, 0.0]),
    **{
        method: (lambda x, m=method: np.quantile(x, [0.15, 0.5, 0.8], method=m), [3.0, 1.0, 3.0, 3.0, 1.0])
        for method in ("lower", "midpoint", "nearest", "inverted_cdf", "hazen", "linear")
    },
}


def mean_of_all_orders(function, x):
    """Return the mean of the Jacobians next to ``x``, where its equal elements lie apart in every order."""
    near = [x + 0.1 * np.array(order) for order in permutations(range(x.size))]
    return np.mean(
        [numerical_jacobian(lambda arrays: np.ravel(function(*arrays)), [y]) for y in near], axis=0
    )


@pytest.mark.parametrize("name", TIED)
def test_equal_elements_share_equally_in_both_modes(name):
    function, x = TIED[name]
    finite = np.array(x)[np.isfinite(x)]

    def filled(part):
        whole = np.array(x)
        whole[np.isfinite(x)] = part
        return function(whole)

    expected = mean_of_all_orders(filled, finite)
    for transform in (jacrev, jacfwd):
        found = np.reshape(transform(function)(np.array(x)), (-1, len(x)))
        np.testing.assert_allclose(found[:, np.isfinite(x)], expected, rtol=0, atol=1e-9)
        assert not found[:, ~np.isfinite(x)].any()


@pytest.mark.parametrize("axis", [None, 0, -1, (0, 2), (1, 0)])
@pytest.mark.parametrize("q", [0.5, [0.1, 0.4]])
def test_quantiles_of_ties_are_the_line_between_sorted_elements(axis, q):
    x = np.random.default_rng(5).integers(0, 3, (2, 3, 4)).astype(float)
    axes = tuple(range(3)) if axis is None else np.atleast_1d(axis) % 3
    n = np.prod([x.shape[i] for i in axes])
    ranks = np.quantile(np.arange(float(n)), q)
    line = np.maximum(1 - np.abs(np.expand_dims(ranks, -1) - np.arange(n)), 0)

    def by_sorting(x):
        kept = [i for i in range(3) if i not in axes]
        rows = np.reshape(np.transpose(x, [*kept, *axes]), (-1, n))
        ordered = np.sort(rows, axis=1) @ line.T
        return np.reshape(np.transpose(ordered), np.shape(q) + tuple(x.shape[i] for i in kept))

    expected = jacobian(by_sorting)(x)
    for transform in (jacrev, jacfwd):
        found = transform(lambda x: np.quantile(x, q, axis=axis))(x)
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-15)


@pytest.mark.parametrize("axis", [0, 1])
def test_equal_elements_of_different_rows_do_not_share(axis):
    x = np.array([[1.0, 1.0, 1.0], [1.0, 2.0, 1.0]])
    x = x if axis else x.T
    g = grad(lambda x: np.median(x, axis=axis) @ [1.0, 10.0])(x)
    expected = [[1 / 3, 1 / 3, 1 / 3], [5, 0, 5]]
    np.testing.assert_allclose(g if axis else g.T, expected, rtol=1e-15)


@pytest.mark.parametrize("q", [0.0, 0.3, 0.5, 1.0])
@pytest.mark.parametrize("counts", [[2, 1, 0, 3, 1], [1, 0, 4, 1, 2], [1, 1, 1, 1, 1]])
def test_a_weight_of_two_counts_as_two_equal_elements(counts, q):
    x = np.array([1.0, 1.0, 1.0, 2.0, 1.0])
    expected = grad(lambda x: np.quantile(np.repeat(x, counts), q, method="inverted_cdf"))(x)
    for transform in (jacrev, jacfwd):
        found = transform(lambda x: np.quantile(x, q, weights=counts, method="inverted_cdf"))(x)
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-15)


def test_weights_along_an_axis_share_in_each_row():
    x = np.array([[1.0, 1.0, 5.0], [3.0, 2.0, 2.0]])
    weights = np.array([3.0, 1.0, 0.0])

    def function(x):
        return np.quantile(x, 0.2, axis=1, weights=weights, method="inverted_cdf") @ [1.0, 10.0]

    assert grad(function)(x).tolist() == [[0.75, 0.25, 0], [0, 10, 0]]


def test_examples_share_each_on_their_own():
    x = np.array([[1.0, 1.0, 1.0, 2.0], [1.0, 2.0, 2.0, 1.0], [3.0, 1.0, 2.0, 4.0]])
    weights = np.array([[1.0, 2.0, 1.0, 1.0], [3.0, 1.0, 0.0, 1.0], [1.0, 1.0, 1.0, 9.0]])
    qs = np.array([0.1, 0.5, 0.9])
    functions = [
        (lambda x: np.median(x), (x,)),
        (lambda x, q: np.quantile(x, q), (x, qs)),
        (lambda x, w: np.quantile(x, 0.4, weights=w, method="inverted_cdf"), (x, weights)),
    ]
    for function, arguments in functions:
        expected = np.stack([grad(function)(*each) for each in zip(*arguments, strict=True)])
        assert np.array_equal(vmap(grad(function))(*arguments), expected)
        outside = jacobian(lambda x, f=function, rest=arguments[1:]: vmap(f)(x, *rest))(x)
        assert np.array_equal(np.einsum("iij->ij", outside), expected)
        assert np.count_nonzero(outside) == np.count_nonzero(expected)
        pushed = vmap(jacfwd(function))(*arguments)
        np.testing.assert_allclose(pushed, expected, rtol=1e-15)


def test_the_choice_is_fixed_for_second_derivatives():
    found = hessian(lambda x: np.median(x) ** 2)(np.array([1.0, 1.0, 0.0, 1.0, 2.0]))
    third = np.array([1, 1, 0, 1, 0]) / 3
    np.testing.assert_allclose(found, 2 * np.outer(third, third), rtol=1e-15)


def test_the_value_is_an_element_to_the_last_digit():
    x = np.full(7, 0.1, "float32")
    value, pullback = vjp(np.median, x)
    assert value == x[0]
    assert pullback(np.float32(1))[0].dtype == np.float32
