"""Ranges between traced ends, and grids of them: values, dtypes, counts and errors."""

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import FgradError, grad, jacobian, jvp

ENDS = np.array([0.25, 2.0])


def value_of(function, *args):
    return jvp(function, args, args)[0]


def test_the_points_of_a_range_move_with_its_start_and_step():
    start, stop, step = 0.5, 2.9, 0.75
    by_start, by_stop, by_step = (
        jacobian(lambda a, b, c: fnp.arange(a, b, c), argnums=i)(start, stop, step) for i in range(3)
    )
    assert by_start.tolist() == [1, 1, 1, 1]
    assert by_stop.tolist() == [0, 0, 0, 0]
    assert by_step.tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize(
    "call",
    [
        lambda np, x: np.arange(x * 3),
        lambda np, x: np.arange(1.0, x * 5),
        lambda np, x: np.arange(x, 3, 0.5),
        lambda np, x: np.arange(3, x, -0.5),
        lambda np, x: np.arange(start=x, stop=3),
        lambda np, x: np.arange(3, step=x),
        lambda np, x: np.arange(x, 3, dtype="float32"),
        lambda np, x: np.arange(x, 3, dtype=complex),
        lambda np, x: np.arange(x, x - 1),
        lambda np, x: np.linspace(x, 3, 4),
        lambda np, x: np.linspace(x, 7.9, 4, dtype=int),
        lambda np, x: np.linspace(x, -7.9, 4, dtype=int),
        lambda np, x: np.linspace(x, [1.0, 2.0], 3, axis=1),
        lambda np, x: np.linspace(x, 2, 0),
        lambda np, x: np.linspace(x, 2, 1),
        lambda np, x: np.logspace(x, 1, 3),
        lambda np, x: np.logspace(0, 1, 3, base=x),
        lambda np, x: np.logspace(0, 1, 3, base=[x, 2.0]),
        lambda np, x: np.logspace(0, 1, 3, base=[x, 2.0], axis=1),
        lambda np, x: np.geomspace(x, 100, 5),
        lambda np, x: np.geomspace(-x, -100, 5),
        lambda np, x: np.geomspace(x, 100, 3, dtype=complex),
        lambda np, x: np.geomspace(x, [1.0, 2.0], 3, axis=1),
        lambda np, x: np.mgrid[x:3:3j],
        lambda np, x: np.mgrid[x:3, 0:2:5j],
        lambda np, x: np.mgrid[0:2, 0:x],
        lambda np, x: np.r_[x, 1.0, 2],
        lambda np, x: np.r_[x:3, -1:x:4j, 0],
        lambda np, x: np.c_[[x, 1.0], [2.0, 3.0]],
    ],
)
@pytest.mark.parametrize("x", [1.75, np.float32(1.75)])
def test_values_and_dtypes_are_numpys(call, x):
    found, expected = value_of(lambda x: call(fnp, x), x), call(np, x)
    assert (found.shape, found.dtype) == (expected.shape, expected.dtype)
    eps = np.finfo(expected.dtype).eps if expected.dtype.kind in "fc" else 0
    np.testing.assert_allclose(found, expected, rtol=8 * max(eps, np.finfo(np.asarray(x).dtype).eps))


def test_the_open_grid_is_numpys():
    found = value_of(lambda x: fnp.ogrid[x:3, 0:2], 0.5)
    for part, whole in zip(found, np.ogrid[0.5:3, 0:2], strict=True):
        assert part.tolist() == whole.tolist()
        assert part.dtype == whole.dtype


def test_the_ends_of_a_geometric_sequence_are_exact():
    slopes = jacobian(lambda a: np.geomspace(a, 3.0, 3))(0.1)
    assert slopes[0] == 1
    assert slopes[1] == pytest.approx(np.sqrt(3.0 / 0.1) / 2)
    assert slopes[2] == 0
    assert value_of(lambda a: np.geomspace(a, 3.0, 3), 0.1)[[0, 2]].tolist() == [0.1, 3.0]


def test_a_geometric_sequence_without_zero():
    for ends in ((0.0, 1.0), (1.0, 0.0)):
        with pytest.raises(ValueError, match="zero"):
            grad(lambda a, ends=ends: np.sum(np.geomspace(a + ends[0], ends[1], 3)))(0.0)


def test_a_geometric_sequence_of_complex_numbers_is_a_spiral():
    found = value_of(lambda z: np.geomspace(z, -8.0 + 0j, 4), 1 + 0j)
    np.testing.assert_allclose(found, np.geomspace(1 + 0j, -8.0 + 0j, 4), rtol=1e-14)


def test_a_base_along_an_axis():
    slopes = jacobian(lambda b: np.logspace(0.0, 2.0, 3, base=b))(np.array([2.0, 3.0]))
    assert slopes[:, 0, 0].tolist() == [0, 1, 4]
    assert slopes[:, 1, 0].tolist() == [0, 0, 0]


def test_an_axis_that_is_not_there():
    for function in (np.linspace, np.geomspace):
        with pytest.raises(np.exceptions.AxisError):
            grad(lambda x, f=function: np.sum(f(x, 2.0, 3, axis=2)))(1.0)


def test_a_count_is_no_traced_value():
    with pytest.raises(FgradError):
        grad(lambda n: np.sum(np.linspace(0.0, 1.0, n)))(3.0)


def test_grids_of_ranges_move_with_their_ends():
    def function(ends):
        rows, columns = fnp.mgrid[ends[0] : ends[1] : 3j, 0 : ends[1] : 2j]
        return np.sum(rows * columns)

    # the rows add up to 1.5 (a + b), and the columns to b
    a, b = ENDS
    assert grad(function)(ENDS) == pytest.approx([1.5 * b, 1.5 * a + 3 * b])


def test_joining_by_index():
    assert grad(lambda x: np.sum(fnp.r_[x, 0:3, x] * np.arange(5.0)))(1.0) == 4
    assert jacobian(lambda x: fnp.c_[x, x])(ENDS).shape == (2, 2, 2)
    assert fnp.r_[1:4, 0].tolist() == [1, 2, 3, 0]
    assert fnp.c_[[1, 2], [3, 4]].tolist() == [[1, 3], [2, 4]]
    assert fnp.mgrid[0:2].tolist() == [0, 1]


@pytest.mark.parametrize("directive", ["0,2", "0,2,0", "1,2,0", "0,3,1", "-1"])
def test_a_directive_places_the_axes_as_numpy_does(directive):
    found = value_of(lambda x: fnp.r_[directive, x, ENDS], ENDS * 2)
    assert np.array_equal(found, np.r_[directive, ENDS * 2, ENDS])


def test_a_matrix_is_refused():
    with pytest.raises(ValueError, match=r"'r' makes a matrix.*np\.stack"):
        grad(lambda x: np.sum(fnp.r_["r", x]))(ENDS)


def test_a_directive_must_be_first():
    with pytest.raises(ValueError, match="first entry"):
        grad(lambda x: np.sum(fnp.r_[x, "0,2"]))(ENDS)


def test_unknown_arguments_are_refused_by_name():
    with pytest.raises(FgradError, match=r"numpy\.arange: device= is not supported"):
        grad(lambda x: np.sum(fnp.arange(x, device="cpu")))(3.0)
    with pytest.raises(ValueError, match="indexing"):
        grad(lambda x: np.sum(np.meshgrid(x, indexing="yx")[0]))(ENDS)


def test_numpys_own_range_does_not_detach_a_value():
    with pytest.raises(FgradError):
        grad(lambda x: np.sum(np.arange(x)))(3.0)
    with pytest.raises(FgradError):
        grad(lambda x: np.sum(np.r_[x, 1.0]))(3.0)
    with pytest.raises(FgradError):
        grad(lambda x: np.sum(np.mgrid[0:x]))(3.0)
