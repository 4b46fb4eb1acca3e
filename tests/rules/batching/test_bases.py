"""Bases of equal eigenvalues and singular values, and orders, for many examples: masks of each, no loop."""

import numpy as np
import pytest

from fgrad import grad, jvp, vmap
from fgrad.modes.batching import one_by_one
from fgrad.rules.linalg.limits import BASES, BASIS
from fgrad.rules.linalg.spectra import ORDER

RNG = np.random.default_rng(3)

#: Groups of equal values of other sizes, at other places, in each example; the last ones have none.
VALUES = np.array([[1, 1, 1, 4], [1, 2, 2, 3], [1, 1, 5, 5], [0, 3, 3, 3], [1, 2, 3, 4]], float)


def normal(shape, is_complex):
    return RNG.normal(size=shape) + (1j * RNG.normal(size=shape) if is_complex else 0)


def adjoint(a):
    return np.conjugate(np.swapaxes(a, -1, -2))


def unitary(shape, is_complex):
    return np.linalg.qr(normal(shape, is_complex))[0]


def hermitian(a):
    return (a + adjoint(a)) / 2


def looped(function, *columns):
    return np.stack([function(*row) for row in zip(*columns, strict=True)])


@pytest.mark.usefixtures("no_loops")
@pytest.mark.parametrize("is_complex", [False, True])
def test_tangents_along_equal_eigenvalues(is_complex):
    q = unitary((5, 4, 4), is_complex)
    a, t = q * VALUES[:, None] @ adjoint(q), hermitian(normal((5, 4, 4), is_complex))

    def cube(a):
        w, v = np.linalg.eigh((a + np.conjugate(np.swapaxes(a, -1, -2))) / 2)
        return (v * np.expand_dims(w**3, -2)) @ np.conjugate(np.swapaxes(v, -1, -2))

    expected = t @ a @ a + a @ t @ a + a @ a @ t
    pushed = vmap(lambda a, t: jvp(cube, (a,), (t,))[1])
    assert pushed(a, t) == pytest.approx(expected, rel=1e-11, abs=1e-11)
    stacks = [part[:4].reshape(2, 2, 4, 4) for part in (a, t)]
    assert pushed(*stacks) == pytest.approx(expected[:4].reshape(2, 2, 4, 4), rel=1e-11, abs=1e-11)
    assert vmap(pushed)(*stacks) == pytest.approx(expected[:4].reshape(2, 2, 4, 4), rel=1e-11, abs=1e-11)


@pytest.mark.usefixtures("no_loops")
@pytest.mark.parametrize("is_complex", [False, True])
@pytest.mark.parametrize("shape", [(4, 4), (6, 4), (4, 6)], ids=str)
def test_tangents_along_equal_and_zero_singular_values(shape, is_complex):
    s = np.array([[3, 3, 3, 1], [2, 2, 0, 0], [1, 0, 0, 0], [4, 3, 3, 0], [4, 3, 2, 1]], float)
    u, v = unitary((5, shape[0], 4), is_complex), unitary((5, shape[1], 4), is_complex)
    a, t = (u * s[:, None]) @ adjoint(v), normal((5, *shape), is_complex)

    def cube(a):
        u, s, vh = np.linalg.svd(a, full_matrices=False)
        return (u * np.expand_dims(s**3, -2)) @ vh

    expected = t @ adjoint(a) @ a + a @ adjoint(t) @ a + a @ adjoint(a) @ t
    found = vmap(lambda a, t: jvp(cube, (a,), (t,))[1])(a, t)
    assert found == pytest.approx(expected, rel=1e-10, abs=1e-10)


@pytest.mark.parametrize("is_complex", [False, True])
def test_bases_are_those_of_the_loop_to_the_last_digit(is_complex):
    t, v = hermitian(normal((5, 4, 4), is_complex)), unitary((5, 4, 4), is_complex)
    s, noise = VALUES[:, ::-1].copy(), np.full((5, 1), 1e-12)
    for primitive, values in ((BASIS, (t, VALUES, v, noise)), (BASES, (t, v, s, adjoint(v), noise))):
        for mine in ((True,) * len(values), (False, *(True,) * (len(values) - 1))):
            given = [value if own else value[0] for value, own in zip(values, mine, strict=True)]
            expected = one_by_one(primitive, given, mine, 5, {})
            found = primitive.batch(primitive, given, mine, 5, {})
            assert type(found) is type(expected)
            assert all(map(np.array_equal, found, expected))


def test_a_tangent_may_be_the_same_for_a_whole_stack_of_an_example():
    t, v = hermitian(normal((2, 3, 3), False)), unitary((2, 5, 3, 3), False)
    w, noise = np.broadcast_to([1.0, 1.0, 2.0], (2, 5, 3)), np.full((2, 5, 1), 1e-12)
    found = BASIS.batch(BASIS, (t, w, v, noise), (True,) * 4, 2, {})
    assert np.array_equal(found, one_by_one(BASIS, (t, w, v, noise), (True,) * 4, 2, {}))


def test_the_order_of_eigenvalues_is_that_of_each_matrix():
    wanted = RNG.normal(size=(5, 2, 4)) + 1j * RNG.normal(size=(5, 2, 4))
    order = np.argsort(RNG.normal(size=(5, 2, 4)), axis=-1)
    found = np.take_along_axis(wanted, order, -1) + 1e-9
    got = ORDER.batch(ORDER, (found, wanted), (True, True), 5, {})
    assert np.array_equal(np.take_along_axis(order, got, -1), np.broadcast_to(np.arange(4), (5, 2, 4)))
    assert np.array_equal(ORDER(found, wanted), got)


def test_values_that_are_equally_near_are_taken_once_each():
    assert ORDER(np.array([[1.0, 1.0, 2.0], [2.0, 1.0, 1.0]]), np.ones((2, 3))).tolist() == [
        [0, 1, 2],
        [1, 2, 0],
    ]


@pytest.mark.usefixtures("no_loops")
def test_gradients_of_eigenvalues_in_another_order_than_those_of_the_vectors():
    a = RNG.normal(size=(5, 6, 6))
    c = np.arange(6) + 1.0

    def weighed(a):
        return np.real(np.sum(c * np.linalg.eigvals(a) ** 3))

    assert vmap(grad(weighed))(a) == pytest.approx(looped(grad(weighed), a), rel=1e-12)
