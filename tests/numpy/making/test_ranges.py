"""Ranges between traced ends, and grids of them: values, dtypes, counts and errors."""

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import BatchingError, FgradError, grad, jacobian, jvp, vmap
from tests.rules.batching.loops import assert_fails_like_the_loop, assert_is_the_loop

pytestmark = pytest.mark.usefixtures("no_loops")

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


# ends that differ between examples: the count must not, and is rounded as NumPy rounds it

STARTS = np.array([0.0, 0.1, 0.2, 0.3, 0.4])


def ranges(*rest, dtype=None):
    return lambda *ends: fnp.arange(*ends, *rest, dtype=dtype)


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16, np.int64, np.int8, np.uint16])
def test_ends_of_examples(dtype):
    starts = np.array([1, 3, 2, 0, 5]).astype(dtype)
    assert_is_the_loop(lambda a, b: fnp.arange(a, b), starts, starts + dtype(4))
    assert_is_the_loop(lambda a: fnp.arange(a, a + dtype(4)), starts)
    assert_is_the_loop(lambda b: fnp.arange(b), np.full(5, 3, dtype))
    assert_is_the_loop(lambda a, b, c: fnp.arange(a, b, c), starts, starts + dtype(5), np.full(5, 2, dtype))


def test_counts_that_depend_on_rounding_are_numpys():
    rng = np.random.default_rng(6)
    starts, steps = rng.normal(size=400), rng.uniform(0.01, 0.3, 400)
    for count in (1, 3, 10):
        stops = starts + count * steps  # within rounding of the count
        expected = [len(np.arange(*ends)) for ends in zip(starts, stops, steps, strict=True)]
        assert set(expected) == {count, count + 1}
        for wanted in (count, count + 1):
            chosen = np.array(expected) == wanted
            ends = starts[chosen], stops[chosen], steps[chosen]
            found = vmap(fnp.arange)(*ends)
            assert np.array_equal(found, np.stack(list(map(np.arange, *ends))))


@pytest.mark.parametrize("dtype", [None, float, int, "float32", complex])
def test_a_dtype_may_be_asked_for(dtype):
    assert_is_the_loop(ranges(dtype=dtype), STARTS, STARTS + 3.5)
    assert_is_the_loop(ranges(-1.5, dtype=dtype), STARTS + 3.3, STARTS)


def test_complex_ends_count_by_the_shorter_side():
    assert_is_the_loop(lambda a: fnp.arange(0, a), 3.5 + 1.5j + STARTS * 1j)
    assert_is_the_loop(lambda a: fnp.arange(a, 2.5 + 9j), STARTS + 1j)


def test_ranges_of_nothing_and_of_almost_nothing():
    assert_is_the_loop(ranges(), STARTS, STARTS - 1)
    assert_is_the_loop(ranges(), STARTS, STARTS)
    tiny = np.full(5, 1e-320)
    assert_is_the_loop(ranges(), np.zeros(5), tiny, np.full(5, 1e10))
    assert_is_the_loop(ranges(), np.zeros(5), -tiny, np.full(5, 1e10))


def test_counts_that_differ_are_refused():
    with pytest.raises(BatchingError, match=r"arange: how many elements .* differs .*: 1 and 2"):
        vmap(fnp.arange)(np.array([1.0, 1.5]))
    with pytest.raises(BatchingError, match=r"arange: .* there are no examples"):
        vmap(fnp.arange)(np.zeros(0))


@pytest.mark.filterwarnings("ignore:divide by zero:RuntimeWarning", "ignore:invalid value:RuntimeWarning")
@pytest.mark.parametrize(
    "ends",
    [
        (np.zeros(5), np.array([1.0, np.nan, np.inf, 1, 1]), np.ones(5)),
        (np.zeros(5), np.array([1.0, 1, np.inf, np.nan, 1]), np.ones(5)),
        (np.zeros(5), np.array([1.0, 1, -np.inf, 1, 1]), np.ones(5)),
        (np.zeros(5), np.full(5, 1e30), np.ones(5)),
        (np.zeros(5), np.ones(5), np.zeros(5)),
        (np.zeros(5), np.zeros(5), np.zeros(5)),
        (np.zeros(5, int), np.ones(5, int), np.zeros(5, int)),
        (np.zeros(5, bool), np.ones(5, bool), np.ones(5, bool)),
        (np.zeros((5, 2)), np.ones((5, 2)), np.ones((5, 2))),
    ],
)
def test_ranges_that_cannot_be_raise_as_in_numpy(ends):
    assert_fails_like_the_loop(fnp.arange, *ends)


@pytest.mark.parametrize("dtype", [bool, str])
def test_dtypes_that_cannot_be_raise_as_in_numpy(dtype):
    assert_fails_like_the_loop(ranges(dtype=dtype), STARTS, STARTS + 3)
    assert_fails_like_the_loop(ranges(dtype=float), STARTS + 0j, STARTS + 3j)


def test_the_points_of_each_example_move_with_its_start_and_step():
    w = np.array([1.0, 10.0, 100.0])
    slope = vmap(grad(lambda a, c: w @ fnp.arange(a, a + 3 * c - c / 2, c), (0, 1)))
    by_start, by_step = slope(STARTS, STARTS + 1)
    assert by_start == pytest.approx(np.full(5, 111.0), rel=1e-15)
    assert by_step == pytest.approx(np.full(5, 210.0), rel=1e-14)


def test_a_captured_count_is_a_decision(capture):
    for function in (lambda x: fnp.arange(x[0], x[0] + 2.5), vmap(lambda x: fnp.arange(x, x + 2.5))):
        trace = capture()
        assert function(trace.root(STARTS[:2])).shape[-1] == 3
        assert len(trace.decisions) == 1
