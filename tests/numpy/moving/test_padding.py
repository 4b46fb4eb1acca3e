"""Margins: NumPy's values in every mode, derivatives by hand, and errors."""

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import DetachedError, grad, jacobian, vjp

X = np.array([2.0, 3.0, 5.0, 4.0])
M = np.arange(6.0).reshape(2, 3) ** 2

MODES = ["edge", "linear_ramp", "maximum", "mean", "median", "minimum", "reflect", "symmetric", "wrap"]
ODD = [{"mode": mode, "reflect_type": "odd"} for mode in ("reflect", "symmetric")]


@pytest.mark.parametrize("kwargs", [*({"mode": mode} for mode in MODES), *ODD], ids=str)
@pytest.mark.parametrize("width", [0, 1, (0, 7), (11, 2), ((0, 0), (3, 1)), ((2, 1), (9, 4))], ids=str)
@pytest.mark.parametrize(
    "x", [M, M[:1], M[:, :1], M[:, :2], M + 1j * M.T.reshape(2, 3)], ids=lambda x: str(x.dtype)
)
def test_margins_are_those_of_numpy(kwargs, width, x):
    found = vjp(lambda x: np.pad(x, width, **kwargs), x)[0]
    expected = np.pad(x, width, **kwargs)
    assert found.dtype == expected.dtype
    assert found.shape == expected.shape
    assert np.allclose(found, expected, rtol=1e-14, atol=1e-14 * np.max(np.abs(expected)))


@pytest.mark.parametrize(
    "width", [1, {0: 2}, {-1: (1, 2)}, ((1,), (2,)), (1, 2), np.array([[1, 0], [0, 2]])], ids=str
)
def test_widths_are_given_in_every_way_of_numpy(width):
    if isinstance(width, dict) and not takes_dict():
        with pytest.raises(TypeError):
            vjp(lambda x: np.pad(x, width), M)
        return
    value, pullback = vjp(lambda x: np.pad(x, width), M)
    assert np.array_equal(value, np.pad(M, width))
    assert np.array_equal(pullback(value)[0], M)


def takes_dict():
    """Return whether this NumPy takes widths by axis."""
    try:
        np.pad(X, {0: 1})
    except TypeError:
        return False
    return True


def test_odd_reflection_by_hand():
    """With ``a, b, c`` and one element before and two after it is ``2a - b, a, b, c, 2c - b, 2c - a``."""
    found = jacobian(lambda x: np.pad(x, (1, 2), mode="reflect", reflect_type="odd"))(X[:3])
    assert found.tolist() == [[2, -1, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [0, -1, 2], [-1, 0, 2]]


def test_nan_in_the_middle_is_reflected_to_its_own_places():
    x = np.array([1.0, np.nan, 3.0, 4.0])
    for kwargs in ODD:
        expected = np.pad(x, (2, 3), **kwargs)
        assert np.array_equal(vjp(lambda x, k=kwargs: np.pad(x, (2, 3), **k), x)[0], expected, equal_nan=True)


def test_a_ramp_by_hand():
    """Two elements before go from ``e`` by ``(e + a) / 2`` to ``a``."""
    found = jacobian(lambda v: fnp.pad(v[:1], (2, 0), mode="linear_ramp", end_values=v[1]))(
        np.array([4.0, 1.0])
    )
    assert found.tolist() == [[0, 1], [0.5, 0.5], [1, 0]]


def test_equal_extremes_share():
    x = np.array([5.0, 1.0, 5.0])
    assert grad(lambda x: np.pad(x, (1, 0), mode="maximum")[0])(x).tolist() == [0.5, 0, 0.5]


def test_constants_meet_in_the_corners_as_in_numpy():
    constants = np.array([[1.0, 2.0], [3.0, 4.0]])
    value, pullback = vjp(lambda c: fnp.pad(M, 1, constant_values=c), constants)
    expected = np.pad(M, 1, constant_values=constants)
    assert np.array_equal(value, expected)
    assert pullback(np.ones_like(expected))[0].tolist() == [[3, 3], [4, 4]]


def test_constants_become_of_the_arrays_dtype():
    x = X.astype("float32")
    value, pullback = vjp(lambda x, c: fnp.pad(x, 1, constant_values=c), x, np.float64(1.5))
    assert value.dtype == np.float32
    assert [g.dtype for g in pullback(value)] == [np.float32, np.float64]
    with pytest.raises(TypeError, match="with it the derivative, would be lost"):
        grad(lambda c: np.sum(fnp.pad(np.arange(3), 1, constant_values=c)))(1.5)


def test_empty_margins_have_no_derivative():
    value, pullback = vjp(lambda x: np.pad(x, 1, mode="empty")[1:-1], X)
    assert np.array_equal(value, X)
    assert np.array_equal(pullback(X)[0], X)


def test_a_scalar_has_no_margins():
    for mode in (*MODES, "constant", "empty"):
        assert grad(lambda x, mode=mode: np.pad(x, 3, mode=mode) ** 2)(1.5) == 3


def test_the_users_own_margins():
    def wrapped(vector, width, axis, kwargs):
        vector[: width[0]] = kwargs["factor"] * vector[-width[1] - 1]
        vector[-width[1] :] = vector[width[0]]

    def function(x, factor):
        return fnp.pad(x, 1, wrapped, factor=factor)

    value, pullback = vjp(function, M, 2.0)
    assert np.array_equal(value, np.pad(M, 1, wrapped, factor=2.0))
    of_x, of_factor = pullback(np.ones_like(value))
    # the sum is rows @ M @ columns: the first ones are copied once, the last ones ``factor`` times
    rows, columns = np.array([2.0, 3.0]), np.array([2.0, 1.0, 3.0])
    assert np.array_equal(of_x, np.outer(rows, columns))
    assert of_factor == M[1] @ columns + rows @ M[:, 2]


def test_margins_that_the_user_writes_may_come_from_a_closure():
    def fill(w):
        def with_w(vector, width, axis, kwargs):
            vector[: width[0]] = w

        return np.sum(fnp.pad(fnp.ones(3), (2, 0), with_w))

    assert grad(fill)(1.5) == 2


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda x: np.pad(x, -1), ValueError),
        (lambda x: np.pad(x, 1.5), TypeError),
        (lambda x: np.pad(x, [[1, 2], [3, 4]]), ValueError),
        (lambda x: np.pad(x, 1, "unheard-of"), ValueError),
        (lambda x: np.pad(x, 1, "edge", constant_values=1), ValueError),
        (lambda x: np.pad(x, 1, "mean", stat_length=-1), ValueError),
        (lambda x: np.pad(x, 1, "maximum", stat_length=0), ValueError),
        *((lambda x, mode=mode: np.pad(x[:0], 1, mode), ValueError) for mode in MODES),
    ],
)
def test_what_numpy_refuses_is_refused(call, error):
    with pytest.raises(error):
        call(X)
    with pytest.raises(error):
        grad(lambda x: np.sum(call(x)))(X)


def test_traced_constants_around_a_plain_array_need_the_namespace():
    with pytest.raises(DetachedError):  # NumPy does not ask its keyword
        grad(lambda c: np.sum(np.pad(X, 1, constant_values=c)))(1.0)
