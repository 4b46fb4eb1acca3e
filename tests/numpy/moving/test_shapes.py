"""Shapes and orders."""

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import grad, jvp, vjp

M = np.arange(6.0).reshape(2, 3) + 1


def test_shapes_are_told_without_values():
    def function(x):
        assert fnp.shape(x) == (2, 3)
        assert fnp.ndim(x) == 2
        assert fnp.size(x) == 6
        assert fnp.size(x, 1) == fnp.size(x, -1) == 3
        assert fnp.shape([x, x]) == (2, 2, 3)
        return np.sum(x)

    grad(function)(M)


@pytest.mark.parametrize("order", ["C", "F", "A", "K"])
@pytest.mark.parametrize("axes", [(0, 1, 2), (2, 1, 0), (1, 0, 2), (2, 0, 1)])
def test_an_order_that_depends_on_memory_is_numpys(order, axes):
    cube = np.arange(24.0).reshape(2, 3, 4)
    for view in (lambda x: np.transpose(x, axes), lambda x: np.transpose(x, axes)[::-1, :, ::2]):
        value = jvp(lambda x, view=view: np.ravel(view(x), order), (cube,), (cube,))[0]
        assert np.array_equal(value, np.ravel(view(cube), order))
        assert np.array_equal(jvp(lambda x: view(x).flatten(order), (cube,), (cube,))[1], value)
    if order != "K":
        value = jvp(lambda x: np.reshape(np.transpose(x, axes), (6, 4), order), (cube,), (cube,))[0]
        assert np.array_equal(value, np.reshape(np.transpose(cube, axes), (6, 4), order))


def test_an_order_that_there_is_not_is_refused():
    with pytest.raises(ValueError, match="'C', 'F' or 'A'"):
        grad(lambda x: np.sum(np.reshape(x, (3, 2), order="K")))(M)
    with pytest.raises(ValueError, match="'C', 'F' or 'A'"):
        grad(lambda x: np.sum(np.ravel(x, "Z")))(M)


@pytest.mark.parametrize(
    "call",
    [
        lambda np, x: np.rot90(x, axes=(0, 2)),
        lambda np, x: np.rot90(x, axes=(0, 0)),
        lambda np, x: np.rot90(x, 0, axes=(0, 0)),
        lambda np, x: np.rot90(x[0]),
        lambda np, x: np.repeat(x, 2, axis=2),
        lambda np, x: np.flip(x, 2),
        lambda np, x: np.roll(x, 1, axis=2),
        lambda np, x: np.expand_dims(x, 4),
        lambda np, x: np.swapaxes(x, 0, 2),
    ],
)
def test_axes_that_are_not_there_raise_what_numpy_raises(call):
    with pytest.raises((ValueError, IndexError)) as numpys:
        call(np, M)
    with pytest.raises(numpys.type):
        grad(lambda x: np.sum(call(fnp, x)))(M)


def test_shapes_that_do_not_fit_raise_as_in_numpy():
    with pytest.raises(ValueError, match="cannot reshape"):
        grad(lambda x: np.sum(np.reshape(x, (4, 2))))(M)
    with pytest.raises(ValueError, match="squeeze"):
        grad(lambda x: np.sum(np.squeeze(x, axis=0)))(M)
    with pytest.raises(ValueError, match="broadcast"):
        grad(lambda x: np.sum(np.broadcast_to(x, (2, 2))))(M)
    with pytest.raises(np.exceptions.AxisError):
        grad(lambda x: np.sum(np.moveaxis(x, 0, 5)))(M)


def test_flips_need_axes():
    with pytest.raises(ValueError, match="two axes"):
        grad(lambda x: np.sum(np.fliplr(x)))(M[0])
    with pytest.raises(ValueError, match="one axis"):
        grad(lambda x: np.flipud(x))(1.0)


@pytest.mark.parametrize("order", ["C", "F"])
def test_reshape_follows_the_order_of_indices(order):
    weights = np.arange(6.0)
    found = grad(lambda x: np.sum(np.reshape(x, -1, order=order) * weights))(M)
    assert np.array_equal(found, weights.reshape((2, 3), order=order))


def test_a_memory_layout_does_not_matter():
    columns = np.asfortranarray(M)
    weights = np.arange(6.0)
    for function in (np.ravel, lambda x: x.flatten(), lambda x: np.reshape(x, 6)):
        found = grad(lambda x, function=function: np.sum(function(x) * weights))(columns)
        assert np.array_equal(found, weights.reshape(2, 3))


def test_broadcasting_sums_what_it_copied():
    assert grad(lambda x: np.sum(np.broadcast_to(x, (4, 2, 3))))(M).tolist() == [[4] * 3] * 2
    assert grad(lambda x: np.sum(np.tile(x, (2, 2))))(M).tolist() == [[4] * 3] * 2
    assert grad(lambda x: np.sum(np.repeat(x, [1, 3], axis=0)))(M).tolist() == [[1] * 3, [3] * 3]


def test_the_result_of_atleast_of_several_is_what_numpy_gives():
    seen = []
    grad(lambda x: seen.append(np.atleast_2d(x, M)) or x)(1.0)
    assert type(seen[0]) is type(np.atleast_2d(1.0, M))
    assert [part.shape for part in seen[0]] == [(1, 1), (2, 3)]


def test_the_gradient_does_not_share_memory_with_the_cotangent():
    g = np.ones((3, 2))
    pulled = vjp(np.transpose, M)[1](g)[0]
    assert not np.shares_memory(pulled, g)
    assert pulled.flags.writeable
