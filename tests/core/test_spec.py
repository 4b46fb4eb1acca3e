import numpy as np
import pytest

from fgrad import grad
from fgrad.core.spec import Spec, cast, differing_dtype, differing_spec, fit, spec_of, zeros

FLOAT = np.dtype(float)


@pytest.mark.parametrize(
    ("value", "shape", "dtype"),
    [
        (1.0, (), float),
        (1, (), np.asarray(1).dtype),
        (1j, (), complex),
        (True, (), bool),
        (np.float32(1), (), np.float32),
        (np.ones((2, 3), np.float16), (2, 3), np.float16),
        ([[1.0, 2.0]], (1, 2), float),
    ],
)
def test_a_value_has_a_shape_and_a_dtype(value, shape, dtype):
    assert spec_of(value) == Spec(shape, np.dtype(dtype))
    assert spec_of(value).ndim == len(shape)
    assert spec_of(value).size == np.size(value)


def test_a_box_has_the_shape_and_dtype_of_what_it_holds():
    seen = []
    grad(grad(lambda x: seen.append(spec_of(x)) or x * x))(2.0)
    grad(lambda x: seen.append(spec_of(x)) or np.sum(x))(np.ones(2, np.float32))
    assert seen == [Spec((), FLOAT), Spec((2,), np.dtype(np.float32))]


def test_specs_that_agree_do_not_differ():
    assert differing_spec(1.0, np.float64(2.0)) is None
    assert differing_spec(1.0, np.ones(2)) == Spec((), FLOAT)
    assert differing_dtype(1.0, np.ones(2)) is None
    assert differing_dtype(np.float32(1.0), np.ones(2)) == Spec((), np.dtype(np.float32))


@pytest.mark.parametrize("shape", [(), (3,), (0, 2)])
def test_zeros_are_of_the_spec(shape):
    zero = zeros(Spec(shape, np.dtype(np.float32)))
    assert (zero.shape, zero.dtype) == (shape, np.float32)
    assert not np.any(zero)


@pytest.mark.parametrize(
    ("shape", "target"),
    [
        ((2, 3), (2, 3)),
        ((2, 3), (3,)),
        ((2, 3), (1, 3)),
        ((2, 3), (2, 1)),
        ((2, 3), (1, 1)),
        ((2, 3), ()),
        ((4, 2, 3), (1, 3)),
        ((), (2, 3)),
        ((1, 3), (2, 3)),
        ((0, 3), (3,)),
        ((3, 0), (3, 1)),
        ((1,), (1,)),
    ],
)
def test_fitting_is_the_transpose_of_broadcasting(shape, target):
    rng = np.random.default_rng(0)
    g = rng.normal(size=shape)
    fitted = fit(g, Spec(target, FLOAT))
    assert np.shape(fitted) == target
    x = rng.normal(size=target)
    together = np.broadcast_shapes(shape, target)
    if together == shape:
        pairing = np.sum(g * np.broadcast_to(x, shape))
    else:  # a cotangent that the rule left smaller than its argument stands for an array of its copies
        pairing = np.sum(np.broadcast_to(g, target) * x)
    np.testing.assert_allclose(np.sum(fitted * x), pairing, rtol=1e-13)


def test_a_cast_to_real_takes_the_real_part_without_a_warning():
    assert cast(np.array([1 + 2j]), FLOAT).tolist() == [1.0]
    assert cast(1 + 2j, FLOAT) == 1.0
    assert cast(1.0, np.dtype(np.float32)).dtype == np.float32
    assert cast(np.ones(2, np.float32), np.dtype(complex)).dtype == complex
