"""Shapes, axes, dtypes and indices that Hypothesis draws: the value is NumPy's, and both modes are right.

The oracle is a central difference along one direction; the reverse mode must pair with it.
"""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import fgrad.numpy as fnp
from fgrad import jvp, vjp

SETTINGS = settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
STEP = 1e-3
OFFSETS = np.array([1, 2, 3, 4])
WEIGHTS = np.array([4 / 5, -1 / 5, 4 / 105, -1 / 280])


def check(call, *arrays):
    """Compare a call of fgrad.numpy with one of NumPy and with differences along a fixed direction."""
    rng = np.random.default_rng(0)
    directions = [np.asarray(rng.normal(size=a.shape), a.dtype)[()] for a in arrays]
    expected = call(np, *arrays)

    def along(step):
        return call(np, *(a + step * t for a, t in zip(arrays, directions, strict=True)))

    numeric = sum(
        w * (along(k * STEP) - along(-k * STEP)) / STEP for k, w in zip(OFFSETS, WEIGHTS, strict=True)
    )
    value, pushed = jvp(lambda *xs: call(fnp, *xs), arrays, directions)
    assert np.shape(value) == np.shape(expected)
    assert np.result_type(value) == np.result_type(expected)
    np.testing.assert_allclose(value, expected, rtol=1e-13, atol=1e-13)
    assert np.shape(pushed) == np.shape(expected)
    np.testing.assert_allclose(pushed, numeric, rtol=1e-8, atol=1e-8)
    value, pull = vjp(lambda *xs: call(fnp, *xs), *arrays)
    g = np.asarray(rng.normal(size=np.shape(value)))[()]
    cotangents = pull(g)
    for cotangent, a in zip(cotangents, arrays, strict=True):
        assert np.shape(cotangent) == a.shape
        assert np.result_type(cotangent) == a.dtype
    paired = sum(np.sum(c * t) for c, t in zip(cotangents, directions, strict=True))
    np.testing.assert_allclose(paired, np.sum(g * numeric), rtol=1e-7, atol=1e-7)


def numbers(shape):
    return hnp.arrays(np.float64, shape, elements=st.floats(0.25, 2.0, width=32))


SHAPES = hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=3)
FULL_SHAPES = hnp.array_shapes(min_dims=1, max_dims=4, min_side=1, max_side=3)


@st.composite
def array_and_axes(draw, shapes=FULL_SHAPES):
    shape = draw(shapes)
    axes = draw(st.none() | st.integers(-len(shape), len(shape) - 1) | hnp.valid_tuple_axes(len(shape)))
    return draw(numbers(shape)), axes


@SETTINGS
@given(array_and_axes(), st.booleans(), st.sampled_from(["sum", "mean", "prod", "var"]))
def test_reductions(drawn, keepdims, name):
    array, axis = drawn
    check(lambda np, x: getattr(np, name)(x, axis=axis, keepdims=keepdims), array)


@SETTINGS
@given(hnp.mutually_broadcastable_shapes(num_shapes=2, max_dims=3, max_side=3), st.data())
def test_broadcasting(shapes, data):
    x, y = (data.draw(numbers(shape)) for shape in shapes.input_shapes)
    name = data.draw(
        st.sampled_from(["add", "subtract", "multiply", "divide", "power", "hypot", "logaddexp"])
    )
    check(lambda np, x, y: getattr(np, name)(x, y), x, y)


@SETTINGS
@given(hnp.array_shapes(min_dims=1, max_dims=3, max_side=4), st.data())
def test_basic_indices(shape, data):
    index = data.draw(hnp.basic_indices(shape, allow_newaxis=True))
    check(lambda np, x: x[index] * 2.0, data.draw(numbers(shape)))


@SETTINGS
@given(hnp.array_shapes(min_dims=1, max_dims=3, max_side=4), st.data())
def test_index_arrays(shape, data):
    index = data.draw(hnp.integer_array_indices(shape))
    check(lambda np, x: x[index], data.draw(numbers(shape)))


@SETTINGS
@given(hnp.array_shapes(min_dims=1, max_dims=3, max_side=4), st.data())
def test_writing_at_basic_indices(shape, data):
    index = data.draw(hnp.basic_indices(shape))
    array = data.draw(numbers(shape))
    value = data.draw(numbers(np.shape(array[index])))

    def write(np, x, v):
        out = np.copy(x)
        out[index] = v
        return out * x

    check(write, array, value)


@SETTINGS
@given(SHAPES, st.data())
def test_transpositions_and_shapes(shape, data):
    array = data.draw(numbers(shape))
    order = data.draw(st.permutations(range(len(shape))))
    flips = data.draw(st.sets(st.sampled_from(range(len(shape))))) if shape else set()
    order_of_elements = data.draw(st.sampled_from("CF"))

    def call(np, x):
        turned = np.flip(np.transpose(x, order), tuple(flips))
        return np.reshape(turned, -1, order_of_elements) * 3.0

    check(call, array)


@SETTINGS
@given(FULL_SHAPES, st.integers(1, 3), st.data())
def test_joining(shape, count, data):
    axis = data.draw(st.integers(-len(shape), len(shape) - 1))
    arrays = [data.draw(numbers(shape)) for _ in range(count)]
    check(lambda np, *xs: np.concatenate(xs, axis), *arrays)
    check(lambda np, *xs: np.stack(xs, axis), *arrays)


@SETTINGS
@given(hnp.mutually_broadcastable_shapes(signature=np.matmul.signature, max_dims=2, max_side=3), st.data())
def test_matrix_products(shapes, data):
    x, y = (data.draw(numbers(shape)) for shape in shapes.input_shapes)
    check(lambda np, x, y: np.matmul(x, y), x, y)


@SETTINGS
@given(st.data())
def test_contractions(data):
    sizes = {letter: data.draw(st.integers(1, 3)) for letter in "abcd"}
    terms = data.draw(st.lists(st.text("abcd", min_size=1, max_size=3), min_size=1, max_size=3))
    letters = sorted(set("".join(terms)))
    output = "".join(data.draw(st.permutations(data.draw(st.sets(st.sampled_from(letters)).map(sorted)))))
    subscripts = f"{','.join(terms)}->{output}"
    arrays = [data.draw(numbers(tuple(sizes[c] for c in term))) for term in terms]
    check(lambda np, *xs: np.einsum(subscripts, *xs), *arrays)


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex64, np.complex128])
@SETTINGS
@given(drawn=array_and_axes())
def test_dtypes_are_kept(dtype, drawn):
    array, axis = drawn
    x = array.astype(dtype)

    def call(x):
        return fnp.sum(fnp.exp(x) * x / 2 + x**2, axis=axis) - 1

    value, pull = vjp(call, x)
    assert np.result_type(value) == dtype
    assert pull(np.ones_like(value))[0].dtype == dtype
