"""Cases of polynomials."""

import fgrad.numpy as np
from tests.rules.cases.case import (
    Case,
    apart,
    away,
    between,
    complex_case,
    invertible,
    normal,
    number,
    only_complex_case,
    real_case,
    real_normal,
)

P = np.array([2.0, -1.0, 0.5])
X = np.array([-1.0, -0.3, 0.2, 0.9, 1.4])
W = np.array([1.0, 0.5, 2.0, 1.5, 1.0])


def _coefficients(result):
    """Return polynomials, in a tuple or not, as their coefficients."""
    if isinstance(result, tuple):
        return tuple(map(_coefficients, result))
    return getattr(result, "coeffs", result)


CASES = [
    # arithmetic
    *(
        complex_case(f, *arguments)
        for f in (np.polyadd, np.polysub)
        for arguments in (
            (normal(3), normal(3)),
            (normal(2), normal(4)),
            (normal(4), normal(2)),
            (normal(), normal(3)),
            (P, normal(2)),
            ([normal(), 1.0], normal(3)),
        )
    ),
    *(
        complex_case(np.polymul, *arguments)
        for arguments in (
            (away(3), away(2)),
            (away(), away(3)),
            (away(3), P),
            (P, away(1)),
            ([0.0, away(), 1.0], away(2)),
        )
    ),
    # in single precision what is left of the leading coefficients is not small enough to be dropped
    *(
        Case(np.polydiv, arguments, dtypes=("float64", "complex128"))
        for arguments in (
            (away(4), away(2)),
            (away(2), away(3)),
            (away(3), away(3)),
            (away(3), away()),
            (away(4), np.array([2.0, 1.0])),
            (np.array([1.0, 2.0, -1.0]), away(2)),
        )
    ),
    # values
    *(
        complex_case(np.polyval, *arguments)
        for arguments in (
            (normal(3), normal()),
            (normal(4), normal(2, 3)),
            (normal(1), normal(2)),
            (P, normal(3)),
            (normal(3), X),
            (normal(3), number(0.5)),
            ([normal(), 1.0, normal()], normal(2)),
            (normal(3, 2), normal(2)),
        )
    ),
    # calculus
    *(complex_case(np.polyder, normal(4), *m) for m in ((), (0,), (2,), (3,))),
    complex_case(np.polyder, normal(2), m=1),
    *(complex_case(np.polyint, normal(3), *m) for m in ((), (0,), (1,), (3,))),
    complex_case(np.polyint, normal(2), m=2, k=[1.0, normal()]),
    complex_case(np.polyint, normal(2), m=2, k=normal(2)),
    complex_case(lambda k: np.polyint(P, m=2, k=k), normal(), label="polyint with constants"),
    complex_case(np.polyint, normal(2), k=number(0.5)),
    # objects
    *(
        complex_case(
            lambda p, q, f=f: _coefficients(f(np.poly1d(p), q)),
            normal(4),
            normal(2),
            label=f"{f.__name__} of poly1d",
        )
        for f in (np.polyadd, np.polysub, np.polymul, np.polyval)
    ),
    *(
        complex_case(
            lambda p, f=f: _coefficients(f(np.poly1d(p))),
            between(1.0, 2.0)(3),
            label=f"{f.__name__} of poly1d",
        )
        for f in (np.polyder, np.polyint, np.roots, np.poly)
    ),
    *(
        complex_case(function, normal(3), normal(2), label=f"poly1d: {label}")
        for label, function in {
            "products and powers": lambda p, q: (
                (np.poly1d(p) * np.poly1d(q) ** 2 - 2.0 * np.poly1d(q)).coeffs
            ),
            "composition": lambda p, q: np.poly1d(p)(np.poly1d(q)).coeffs,
            "calculus": lambda p, q: (np.poly1d(p).deriv() + np.poly1d(q).integ(1, q[0]))(p[0]),
            "plain beside traced": lambda p, q: (
                (np.poly1d(P) * p - np.poly1d(q) / q[0] + np.poly1d([q[0], 1.0])).coeffs
            ),
            "from its zeros": lambda p, q: np.poly1d(p, True)(q),
        }.items()
    ),
    *(  # in single precision the remainder keeps what is rounding, as NumPy's does
        Case(function, (normal(4), normal(2)), dtypes=("float64", "complex128"), label=label)
        for label, function in {
            "polydiv of poly1d": lambda p, q: _coefficients(np.polydiv(np.poly1d(p), q)),
            "poly1d: quotient": lambda p, q: _coefficients(np.poly1d(p) / np.poly1d(q)),
        }.items()
    ),
    # zeros
    complex_case(lambda z: np.roots(np.poly(z)), apart(3), label="roots of real zeros"),
    complex_case(
        lambda c: np.roots(c * np.array([1.0, 0.0, 1.0])), between(0.8, 1.2)(3), label="roots on both sides"
    ),
    complex_case(np.roots, [1.0, between(0.5, 1.0)(), between(2.0, 3.0)()]),
    complex_case(
        lambda c: np.roots([0.0, c[0], c[1], 0.0]), between(0.5, 1.0)(2), label="roots with zeros around"
    ),
    complex_case(np.roots, between(1.0, 2.0)(2)),
    complex_case(np.roots, between(1.0, 2.0)(1)),
    complex_case(np.poly, normal(3)),
    complex_case(np.poly, [normal(), 1.0]),
    complex_case(np.poly, real_normal(2)),
    complex_case(np.poly, invertible(3, 3)),
    complex_case(np.poly, normal(1, 1)),
    only_complex_case(lambda z: np.poly(np.stack([z, np.conjugate(z)])), away(), label="poly of a pair"),
    # fitting
    *(real_case(np.polyfit, X, normal(5), deg) for deg in (0, 1, 3)),
    real_case(np.polyfit, X, normal(5, 2), 2),
    real_case(np.polyfit, X, normal(5), 2, w=W),
    real_case(np.polyfit, X, normal(5, 2), 1, w=between(0.5, 2.0)(5)),
    real_case(np.polyfit, apart(5), normal(5), 2),
    real_case(np.polyfit, apart(5), normal(5), 1, rcond=1e-9, w=between(0.5, 2.0)(5)),
    real_case(np.polyfit, apart(5), normal(5), 1, cov=True),
    real_case(np.polyfit, apart(5), normal(5, 2), 1, cov=True),
    real_case(np.polyfit, apart(5), W, 1, cov="unscaled"),
]
