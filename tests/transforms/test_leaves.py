"""What may be a leaf of a differentiated argument, and what becomes of it."""

import numpy as np
import pytest

from fgrad import (
    InputError,
    deriv,
    elementwise_grad,
    grad,
    hessian,
    jacfwd,
    jacobian,
    jacrev,
    make_hvp,
    make_jvp,
    make_vjp,
    value_and_grad,
    vjp,
)

TRANSFORMS = [
    grad,
    value_and_grad,
    elementwise_grad,
    deriv,
    jacobian,
    jacfwd,
    jacrev,
    hessian,
    make_hvp,
    make_vjp,
    make_jvp,
]


def test_ints_are_differentiated_as_floats():
    for three in (3, np.int32(3), np.uint8(3)):
        derivative = grad(lambda x: x * x)(three)
        assert derivative == 6.0
        assert type(derivative) is float
    gradient = grad(lambda x: np.sum(x * x))(np.arange(3))
    assert gradient.dtype == np.float64
    np.testing.assert_array_equal(gradient, [0.0, 2.0, 4.0])


def test_a_small_int_does_not_overflow():
    assert grad(lambda x: x * x * x)(np.uint8(200)) == 3 * 200.0**2


@pytest.mark.parametrize(
    "dtype", [np.float16, np.float32, np.float64, np.longdouble, np.complex64, np.complex128]
)
@pytest.mark.parametrize("shape", [None, (), (3,), (0, 2)])
def test_the_gradient_has_the_dtype_the_shape_and_the_type_of_the_argument(dtype, shape):
    x = dtype(0.5) if shape is None else np.full(shape, 0.5, dtype)
    for function in (
        lambda x: np.real(np.sum(np.sin(x) * 2.0)),
        lambda x: np.real(np.sum(x)),
        lambda x: 1.0,
    ):
        gradient = grad(function)(x)
        assert type(gradient) is type(x)
        assert gradient.dtype == dtype
        assert np.shape(gradient) == np.shape(x)
        assert vjp(function, x)[1](1.0)[0].dtype == dtype


def test_python_floats_stay_python_floats():
    assert type(grad(lambda x: x * x)(3.0)) is float
    assert type(grad(np.sin)(3.0)) is float
    assert type(grad(lambda x: np.sum(np.ones(3) * x))(3.0)) is float
    assert type(grad(lambda x: np.abs(x) ** 2)(3.0 + 1j)) is complex


def test_extended_precision_is_kept_in_the_values():
    x = np.longdouble(1) / 3
    assert grad(np.exp)(x) == np.exp(x)


def test_foreign_byte_order_becomes_native():
    x = np.array([1.0, 2.0], dtype=np.dtype(float).newbyteorder())
    for function in (lambda x: np.sum(x * x), lambda x: np.sum(np.sin(x)), lambda x: x[0]):
        gradient = grad(function)(x)
        assert gradient.dtype.isnative
    np.testing.assert_array_equal(grad(lambda x: np.sum(x * x))(x), [2.0, 4.0])
    np.testing.assert_array_equal(jacobian(lambda x: x * x)(x), [[2.0, 0.0], [0.0, 4.0]])


def test_arrays_of_any_layout_are_taken_as_they_are():
    base = np.arange(12.0).reshape(3, 4)
    readonly = base.copy()
    readonly.setflags(write=False)
    for x in (base.T, base[::-1, ::2], np.asfortranarray(base), readonly, np.broadcast_to(base[0], (3, 4))):
        gradient = grad(lambda x: np.sum(x * x))(x)
        np.testing.assert_array_equal(gradient, 2 * x)
        assert gradient.flags.writeable


def test_a_memory_map_is_read_and_never_written(tmp_path):
    stored = np.memmap(tmp_path / "x", dtype=float, mode="w+", shape=(3,))
    stored[:] = [1.0, 2.0, 3.0]
    gradient = grad(lambda x: np.sum(x * x))(stored)
    gradient += 1.0
    np.testing.assert_array_equal(gradient, [3.0, 5.0, 7.0])
    assert type(gradient) is np.ndarray
    np.testing.assert_array_equal(stored, [1.0, 2.0, 3.0])


@pytest.mark.parametrize(
    ("leaf", "named"),
    [
        ("relu", "a str"),
        (b"relu", "a bytes"),
        (True, "a bool"),
        (np.True_, "a bool"),
        (object(), "a object"),
        ({1.0}, "a set"),
        (np.sin, "a ufunc"),
        (np.array([True]), "an array of dtype bool"),
        (np.array(["a"]), "an array of dtype <U1"),
        (np.array([1.0, None]), "an array of dtype object"),
        (np.array(["2020-01-01"], "datetime64[D]"), r"an array of dtype datetime64\[D\]"),
        (np.zeros(2, [("a", float)]), "an array of dtype"),
        (np.ma.array([1.0, 2.0]), "a MaskedArray"),
    ],
)
@pytest.mark.parametrize("transform", TRANSFORMS)
def test_a_leaf_that_has_no_derivative_is_refused_with_its_path(transform, leaf, named):
    params = {"layers": [{"w": 1.0, "name": leaf}]}
    transformed = transform(lambda params: params["layers"][0]["w"])
    with pytest.raises(
        InputError, match=rf"{transform.__name__}: params\['layers'\]\[0\]\['name'\] is {named}"
    ):
        transformed(params)


def test_a_matrix_is_refused():
    with pytest.warns(PendingDeprecationWarning):
        matrix = np.matrix([1.0, 2.0])
    with pytest.raises(
        InputError, match=r"x is a matrix, whose own behaviour would be lost\. Pass np\.asarray"
    ):
        grad(lambda x: np.sum(x))(matrix)


def test_a_data_frame_is_told_how_to_become_an_array():
    class Frame:
        def to_numpy(self):
            return np.ones(3)

    with pytest.raises(InputError, match=r"Pass its \.to_numpy\(\)"):
        grad(lambda frame: 0.0)(Frame())


def test_a_path_starts_with_the_name_of_the_parameter():
    def loss(weights, biases):
        return 0.0

    class Model:
        def loss(self, weights):
            return 0.0

    with pytest.raises(InputError, match=r"grad: biases\[1\] is a str"):
        grad(loss, 1)(1.0, [1.0, "no"])
    with pytest.raises(InputError, match=r"grad: biases is a str"):
        grad(loss, -1)(1.0, "no")
    with pytest.raises(InputError, match=r"grad: weights is a str"):
        grad(Model().loss)("no")
    with pytest.raises(InputError, match=r"jacobian: weights is a str"):
        jacobian(grad(loss))("no", 1.0)
    with pytest.raises(InputError, match=r"hessian: weights is a str"):
        hessian(loss)("no", 1.0)
    with pytest.raises(InputError, match=r"grad: argument 1 is a str"):
        grad(lambda *args: 0.0, 1)(1.0, "no")
    with pytest.raises(InputError, match=r"grad: argument 0 is a str"):
        grad(max)("no", 1.0)


def test_an_error_is_also_the_builtin_that_people_would_catch():
    with pytest.raises(TypeError):
        grad(lambda x: x)("no")
    with pytest.raises(ValueError, match="argnums"):
        grad(lambda x: x, 5)(1.0)


def test_a_masked_constant_does_not_lose_its_mask_silently():
    masked = np.ma.array([1.0, 2.0], mask=[False, True])
    with pytest.raises(InputError, match="a masked array took part"):
        grad(lambda x: np.sum(x * masked))(np.ones(2))
