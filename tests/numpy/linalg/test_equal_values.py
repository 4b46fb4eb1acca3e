"""Equal values in the modes: forward mode inside, series, and what no mode may leave behind."""

import numpy as np
import pytest

from fgrad import grad, hessian, jacfwd, jacobian, jacrev, jet, jvp
from fgrad.core.errors import MissingRuleError
from tests.numpy.linalg.matrices import COMPLEX, adjoint, hermitian_part, normal, unitary, weighed


@pytest.mark.parametrize("is_complex", COMPLEX)
def test_a_tangent_at_equal_values_is_differentiated_in_both_modes(is_complex):
    rng = np.random.default_rng(10)
    q = unitary(rng, 3, is_complex)
    a = q * [2.0, 2.0, 5.0] @ adjoint(q)
    c, s, t = normal(rng, (3, 3, 3), is_complex)

    def by_eigenvalues(a):
        w, v = np.linalg.eigh(hermitian_part(a))
        return {"value": weighed(c, v * w**3 @ adjoint(v)), "matrix": v * w**2 @ adjoint(v)}

    def by_singular_values(a):
        u, s, vh = np.linalg.svd(a)
        return {"value": weighed(c, u * s**3 @ vh), "matrix": u * s**3 @ vh}

    def by_products(a, power):
        m = hermitian_part(a) if power == 2 else a
        return {
            "value": weighed(c, m @ adjoint(m) @ m),
            "matrix": m @ m if power == 2 else m @ adjoint(m) @ m,
        }

    for function, power in ((by_eigenvalues, 2), (by_singular_values, 3)):

        def along(a, f):
            return jvp(f, (a,), (t,))[1]

        def exact(a, power=power):
            return by_products(a, power)

        for key in ("value", "matrix"):
            found = jvp(lambda a, f=function, k=key: along(a, f)[k], (a,), (s,))[1]
            expected = jvp(lambda a, k=key: along(a, exact)[k], (a,), (s,))[1]
            assert found == pytest.approx(expected, rel=1e-11, abs=1e-11)
        found = grad(lambda a, f=function: along(a, f)["value"])(a)
        assert found == pytest.approx(grad(lambda a: along(a, exact)["value"])(a), rel=1e-11, abs=1e-11)


def test_the_hessian_by_columns_of_columns():
    a, c = np.eye(3), np.arange(9.0).reshape(3, 3)

    def by_eigenvalues(a):
        w, v = np.linalg.eigh(hermitian_part(a))
        return weighed(c, v * w**3 @ v.T)

    def by_products(a):
        a = hermitian_part(a)
        return weighed(c, a @ a @ a)

    expected = hessian(by_products)(a)
    for outer in (jacfwd, jacrev):
        for inner in (jacfwd, jacrev):
            assert outer(inner(by_eigenvalues))(a) == pytest.approx(expected, rel=1e-12, abs=1e-12)


def test_a_power_series_at_equal_values_is_refused_beyond_the_first_order():
    def rebuilt(a):
        w, v = np.linalg.eigh(hermitian_part(a))
        return v * w**3 @ v.T

    assert jet(rebuilt, (np.eye(2),), ([np.ones((2, 2))],))[1][0] == pytest.approx(3 * np.ones((2, 2)))
    with pytest.raises(MissingRuleError, match=r"linalg\.eigh: at equal or zero values, jet"):
        jet(rebuilt, (np.eye(2),), ([np.ones((2, 2)), np.ones((2, 2))],))


def test_values_alone_may_be_differentiated_in_any_order():
    """Of the trace of the exponential, forward over forward and reverse over forward."""
    t = np.array([[1.0, 2.0, 0.5], [2.0, 0.5, 3.0], [0.5, 3.0, -2.0]])

    def trace(a):
        return np.sum(np.exp(np.linalg.eigvalsh(a)))

    def along(a):
        return jvp(trace, (a,), (t,))[1]

    assert jvp(along, (np.eye(3),), (t,))[1] == pytest.approx(np.e * np.sum(t * t), rel=1e-13)
    # the triangle that is read stands for both
    assert grad(along)(np.eye(3)) == pytest.approx(np.e * (np.tril(t) + np.tril(t, -1)), rel=1e-13)


def test_no_infinitesimal_stays_in_derivatives_by_what_the_decomposition_does_not_see():
    """The Jacobian of ``c @ a @ a`` by ``c``, at equal eigenvalues of ``a``, is a plain array."""

    def product(a, c):
        w, v = np.linalg.eigh(hermitian_part(a))
        return c @ (v * w**2 @ v.T)

    c = np.arange(4.0).reshape(2, 2)
    by_a, by_c = jacobian(product, (0, 1))(np.eye(2), c)
    assert type(by_a) is type(by_c) is np.ndarray
    assert by_c.reshape(4, 4) == pytest.approx(np.eye(4), abs=1e-14)
    expected = jacobian(lambda a: c @ hermitian_part(a) @ hermitian_part(a))(np.eye(2))
    assert by_a == pytest.approx(expected, abs=1e-13)
