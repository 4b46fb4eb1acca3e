import numpy as np
import pytest

from fgrad.core.finite import FEW, is_surely_finite

LENGTHS = [1, 2, 7, 500, 501, FEW]
DTYPES = [np.float16, np.float32, np.float64, np.longdouble, np.complex64, np.complex128, ">f8"]


@pytest.fixture(autouse=True)
def errors_for_any_floating_point_event():
    """Ask under a strict ``np.errstate``: the question itself must do nothing that is reported."""
    with np.errstate(all="raise"):
        yield


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("length", LENGTHS)
def test_ordinary_numbers_are_finite(length, dtype):
    x = np.linspace(-2, 2, length).astype(dtype)
    assert is_surely_finite(x)
    assert is_surely_finite(x[::-1])
    assert is_surely_finite(np.zeros_like(x))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("bad", [np.nan, -np.nan, np.inf, -np.inf])
def test_one_bad_element_anywhere_is_found(bad, length, dtype):
    for place in {0, length // 2, length - 1}:
        x = np.ones(length, dtype)
        x[place] = bad
        assert not is_surely_finite(x)
        assert not is_surely_finite(np.stack([x, x], axis=1)[:, ::-1])
        assert not is_surely_finite(-x)


def test_every_bit_pattern_of_a_nan_is_found():
    exponent = 0x7FF << 52
    patterns = np.array([exponent | payload for payload in (1, 1 << 51, (1 << 52) - 1)], np.uint64)
    for pattern in (*patterns, *(patterns | np.uint64(1 << 63))):
        assert not is_surely_finite(np.array([1.0, np.uint64(pattern).view(np.float64)]))


@pytest.mark.parametrize("sign", [1, -1])
def test_the_largest_numbers_for_which_the_answer_is_yes(sign):
    assert is_surely_finite(np.array([sign * 2.0**1008]))
    assert is_surely_finite(np.array([5e-324, sign * 0.0]))
    assert not is_surely_finite(np.array([sign * 2.0**1009]))  # a no may be wrong


@pytest.mark.parametrize("x", [0.0, -2.5, np.float64(1e100)])
def test_scalars(x):
    assert is_surely_finite(x)


@pytest.mark.parametrize("x", [np.nan, np.inf, -np.inf, np.float64("nan"), np.float32("inf"), complex("nan")])
def test_scalars_that_are_not(x):
    assert not is_surely_finite(x)


def test_shapes():
    assert is_surely_finite(np.array(2.0))
    assert not is_surely_finite(np.array(np.inf))
    assert is_surely_finite(np.zeros((0, 3)))
    assert is_surely_finite(np.broadcast_to(1.0, (3, 4)))
    assert not is_surely_finite(np.ones(FEW + 1))  # nothing is said of large ones
