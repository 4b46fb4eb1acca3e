"""Determinants: every order, at every rank, in every nesting, against exact arithmetic.

The oracle replaces rows: the derivative of a determinant along ``t1 .. tk`` is the sum, over all choices of
``k`` different rows, of the determinants in which these rows are those of ``t1 .. tk``.  Each is a sum over
permutations, in 60 digits more than the numbers have.

An error counts in units of what rounding the matrix does: the rounding of its largest singular value, times
the product of all singular values but the smallest, of which there are one more than the order, times the
lengths of the directions.
"""

from functools import cache, reduce
from itertools import permutations, product
from math import prod

import mpmath
import numpy as np
import pytest

from fgrad import grad, hessian, jacobian, jvp
from fgrad.rules.linalg.determinants import DET_OF_INVERTED

UNITS = 5


@cache
def signed_permutations(n):
    def sign(order):
        return (-1) ** sum(order[i] > order[j] for j in range(n) for i in range(j))

    return [(sign(order), order) for order in permutations(range(n))]


def exact(matrix):
    return [[mpmath.mpmathify(x.item()) for x in row] for row in matrix]


def derivative(a, *directions):
    """Return the derivative of the determinant along some directions."""
    n = len(a)
    with mpmath.workdps(80):
        rows, moves = exact(a), [exact(t) for t in directions]
        total = mpmath.mpf(0)
        for chosen in permutations(range(n), len(moves)):
            replaced = list(rows)
            for t, i in zip(moves, chosen, strict=True):
                replaced[i] = t[i]
            total += mpmath.fsum(
                sign * prod(replaced[i][j] for i, j in enumerate(order))
                for sign, order in signed_permutations(n)
            )
        return complex(total) if np.iscomplexobj(a) else float(total)


def along(function, t, mode):
    """Return the derivative of a function along a direction, as a function, by one of the two modes."""
    if mode == "f":
        return lambda a: jvp(function, (a,), (t,))[1]
    if np.iscomplexobj(t):
        return lambda a: np.sum(grad(lambda b: np.real(function(b)))(a) * t)  # df/da: df is holomorphic
    return lambda a: np.sum(grad(function)(a) * t)


def nested(modes, directions, function=np.linalg.det):
    """Return the function that differentiates along each direction by its mode, the first one innermost."""
    return reduce(lambda f, step: along(f, *step), zip(directions, modes, strict=True), function)


def nestings(order):
    return ["".join(modes) for modes in product("fr", repeat=order)]


def unit(s, order):
    """Return what rounding does to the largest derivatives of an order, and what rounding them does."""
    left_out = [np.prod(s[: max(len(s) - k, 0)]) for k in (order + 1, order)]
    return np.finfo(float).eps * ((s[0] * left_out[0] if order < len(s) else 0) + left_out[1])


def matrices(rng, count, n, is_complex=False):
    drawn = rng.normal(size=(count, n, n)) / np.sqrt(n)
    return drawn + 1j * rng.normal(size=drawn.shape) / np.sqrt(n) if is_complex else drawn


def with_singular_values(rng, s, is_complex=False):
    u, _, vh = np.linalg.svd(matrices(rng, 1, len(s), is_complex)[0])
    return u * s @ vh


def lengths(directions):
    """Return the products of the spectral norms of directions."""
    return np.prod([np.linalg.norm(t, 2, axis=(-2, -1)) for t in directions], axis=0)


def check(a, directions, modes=None, loss=1):
    """Check the derivative along the directions in every nesting, or in the given ones."""
    order = len(directions)
    expected = derivative(a, *directions)
    allowed = UNITS * unit(np.linalg.svdvals(a), order) * lengths(directions) * loss
    for nesting in modes or nestings(order):
        found = nested(nesting, directions)(a)
        assert abs(found - expected) <= allowed, (nesting, found, expected, allowed)


@pytest.mark.parametrize("order", [1, 2, 3, 4])
@pytest.mark.parametrize(("n", "rank"), [(n, rank) for n in (1, 2, 3, 4, 5) for rank in range(n + 1)])
@pytest.mark.parametrize("is_complex", [False, True])
def test_derivatives_are_right_at_any_rank(order, n, rank, is_complex):
    rng = np.random.default_rng([order, n, rank])
    a = with_singular_values(rng, np.where(np.arange(n) < rank, 1.5 - 0.2 * np.arange(n), 0), is_complex)
    some = nestings(order) if n <= 3 else ["f" * order, "r" * order]
    check(a, matrices(rng, order, n, is_complex), some)


SPECTRA = [
    (1, 1, 1, 1e-2),
    (1, 1, 1e-4, 1e-4),
    (1, 1, 1, 1e-8),
    (1, 1, 1e-8, 1e-14),
    (1, 1e-14, 1e-14, 1e-14),
    (1, 1e-3, 1e-6, 1e-9),
    (1, 1e-5, 1e-5, 1e-5),
    (1, 1e-9, 1e-10, 1e-11),
    (1, 0.3, 0.1, 0.03),
    (1, 0.5, 1e-7, 0),
]


@pytest.mark.parametrize("order", [1, 2, 3, 4])
@pytest.mark.parametrize("s", SPECTRA, ids=str)
def test_derivatives_of_almost_singular_matrices_keep_their_digits(s, order):
    rng = np.random.default_rng(order)
    a = with_singular_values(rng, np.array(s))
    check(a, matrices(rng, order, len(s)), ["f" * order, "r" * order])


@pytest.mark.parametrize("s", SPECTRA, ids=str)
def test_a_derivative_keeps_its_digits_where_higher_ones_are_computed_with_it(s):
    rng = np.random.default_rng(0)
    a = with_singular_values(rng, np.array(s))
    t, *others = matrices(rng, 5, len(s))
    expected = derivative(a, t)
    first = along(np.linalg.det, t, "f")
    for other in others:
        first = beside_a_derivative(first, other)
        assert abs(first(a) - expected) <= UNITS * unit(np.array(s), 1) * lengths([t])


def beside_a_derivative(function, t):
    return lambda a: jvp(function, (a,), (t,))[0]


def test_all_third_derivatives_are_right_at_a_singular_matrix():
    a = np.outer([1.0, 2.0, -1.0], [2.0, 1.0, 3.0])
    units = np.eye(9).reshape(9, 3, 3)
    found = jacobian(hessian(np.linalg.det))(a).reshape(9, 9, 9)
    expected = [[[derivative(a, s, t, u) for u in units] for t in units] for s in units]
    assert np.allclose(found, expected, rtol=0, atol=1e-14)


@pytest.mark.parametrize("is_complex", [False, True])
@pytest.mark.parametrize("order", [1, 2, 3])
def test_each_matrix_of_a_stack_has_its_own_rank(order, is_complex):
    rng = np.random.default_rng(order)
    spectra = [(1, 1, 1), (1, 0.5, 0), (1, 1, 1e-9), (0, 0, 0), (1.2, 1, 0.9), (1, 1e-3, 1e-7), (1, 0, 0)]
    stack = np.stack([with_singular_values(rng, np.array(s), is_complex) for s in spectra])
    directions = matrices(rng, order * len(stack), 3, is_complex).reshape(order, *stack.shape)
    expected = [derivative(a, *ts) for a, ts in zip(stack, directions.swapaxes(0, 1), strict=True)]
    allowed = UNITS * lengths(directions) * [unit(np.linalg.svdvals(a), order) for a in stack]
    found = nested("f" * order, directions)(stack)
    assert np.all(np.abs(found - expected) <= allowed)
    found = nested("f" * order, directions.reshape(order, 7, 1, 3, 3))(stack.reshape(7, 1, 3, 3))
    assert np.all(np.abs(found[:, 0] - expected) <= allowed)
    summed = nested("r" * order, directions, lambda a: np.sum(np.linalg.det(a)))(stack)
    assert abs(summed - np.sum(expected)) <= np.sum(allowed)


@pytest.mark.parametrize("scale", [1e100, 1e-100])
@pytest.mark.parametrize(("n", "order"), [(2, 2), (3, 1), (3, 2), (3, 3), (4, 1), (4, 2), (4, 3), (4, 4)])
@pytest.mark.parametrize("rank", [0, 2, 4])
def test_derivatives_need_no_determinant_in_the_range_of_numbers(scale, n, order, rank):
    rng = np.random.default_rng(n)
    s = np.where(np.arange(n) < rank, 1.5 - 0.3 * np.arange(n), 0)
    a, directions = scale * with_singular_values(rng, s), matrices(rng, order, n)
    # NumPy's determinants are the exponentials of their logarithms, with these as relative errors.
    loss = abs(np.linalg.slogdet(a)[1]) if n < 4 and n <= rank else 1
    with np.errstate(over="ignore"):  # of the determinant itself
        check(a, directions, loss=loss)


@pytest.mark.parametrize("order", [1, 2, 3, 4])
@pytest.mark.parametrize("rank", range(5))
def test_single_precision_is_computed_with_its_own_digits(order, rank):
    rng = np.random.default_rng(rank)
    a = (rng.integers(-2, 3, size=(4, rank)) @ rng.integers(-2, 3, size=(rank, 4))).astype("float32")
    directions = matrices(rng, order, 4).astype("float32")
    expected = derivative(a, *directions)
    size = np.prod(np.maximum(np.linalg.svdvals(a.astype(float)), 1)[: 4 - order])
    for nesting in ("f" * order, "r" * order):
        found = nested(nesting, directions)(a)
        assert found.dtype == np.float32
        assert abs(found - expected) <= UNITS * np.finfo("float32").eps * size


def test_derivatives_of_an_order_beyond_the_size_are_zero():
    for a in (np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0, 2.0], [2.0, 4.0]])):
        assert np.all(jacobian(hessian(np.linalg.det))(a) == 0)
    assert hessian(np.linalg.det)(np.array([[3.0]])).item() == 0


def test_a_function_of_a_determinant_has_all_derivatives_at_a_singular_matrix():
    def power(s):
        return np.linalg.det(np.stack([np.stack([s, s + 1]), np.stack([s - 1, 2 * s])])) ** 2

    # (2 s**2 - (s**2 - 1))**2 = (s**2 + 1)**2 has the derivatives 12 s**2 + 4, 24 s and 24.
    third = grad(grad(grad(power)))
    assert third(0.5) == pytest.approx(12, rel=1e-13)
    assert grad(third)(0.5) == pytest.approx(24, rel=1e-13)

    def along_a_line(s):  # det(diag(s, s, 1) + 2 e) = s**2 + 2 s + 4 s**2 / 2
        return np.exp(
            np.linalg.det(s * np.diag([1.0, 1.0, 0.0]) + np.diag([0.0, 0.0, 1.0]) + np.tri(3, k=-1))
        )

    # exp(s**2) has the derivatives 2, 0 and 12 at 0.
    assert grad(grad(along_a_line))(0.0) == pytest.approx(2, rel=1e-14)
    assert grad(grad(grad(along_a_line)))(0.0) == pytest.approx(0, abs=1e-14)
    assert grad(grad(grad(grad(along_a_line))))(0.0) == pytest.approx(12, rel=1e-13)


def test_what_is_not_finite_in_a_stack_spoils_only_itself():
    good, singular = np.array([[2.0, 1.0], [0.5, 3.0]]), np.array([[1.0, 2.0], [2.0, 4.0]])
    stack = np.stack([good, np.full((2, 2), np.nan), singular, np.diag([np.inf, 1.0])])
    with np.errstate(invalid="ignore"):  # of the determinants of what is not finite
        found = grad(lambda a: np.sum(np.linalg.det(a)))(stack)
    assert np.allclose(found[[0, 2]], [[[3, -0.5], [-1, 2]], [[4, -2], [-2, 1]]], rtol=1e-14)
    assert np.all(np.isnan(found[[1, 3]]))


@pytest.mark.parametrize("shape", [(0, 0), (2, 0, 0), (0, 3, 3)])
def test_derivatives_of_no_elements_are_empty(shape):
    def total(a):
        return np.sum(np.linalg.det(a))

    assert grad(total)(np.zeros(shape)).shape == shape
    assert hessian(total)(np.zeros(shape)).shape == shape * 2


def test_regular_matrices_need_no_singular_values(monkeypatch):
    decomposed = []
    svd = np.linalg.svd
    rng = np.random.default_rng(0)
    stack = np.stack([with_singular_values(rng, np.array(s)) for s in ((1, 1, 1), (1, 1, 0), (1, 0.9, 0.8))])
    monkeypatch.setattr(np.linalg, "svd", lambda a: decomposed.append(a.shape) or svd(a))
    nested("frf", matrices(rng, 3, 3))(stack[0])
    assert decomposed == []
    nested("f", [stack])(stack)
    assert decomposed == [(1, 3, 3)]


def test_the_determinant_beside_an_inverse_does_not_move_with_the_inverse():
    a = np.array([[2.0, 1.0], [0.5, 3.0]])
    assert np.all(grad(lambda b: DET_OF_INVERTED(a, b))(np.linalg.inv(a)) == 0)
