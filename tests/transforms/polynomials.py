"""The oracle of the tests of pairs: polynomial maps, whose derivatives of any order are exact.

A polynomial is a dictionary from exponents to coefficients, and a map a list of polynomials.  For each
transform there is what it does to such a map, by the rules of school mathematics.
"""

import itertools

import numpy as np

N = 3
V = np.array([0.5, -1.0, 2.0])
U = np.array([1.0, 0.25, -0.5])


def constant(c):
    return {(0,) * N: c}


def variable(i):
    return {tuple(int(j == i) for j in range(N)): 1.0}


def plus(*polynomials):
    total = {}
    for polynomial in polynomials:
        for exponents, c in polynomial.items():
            total[exponents] = total.get(exponents, 0.0) + c
    return total


def times(p, q):
    return plus(
        *(
            {tuple(map(sum, zip(a, b, strict=True))): c * d}
            for (a, c), (b, d) in itertools.product(p.items(), q.items())
        )
    )


def power(p, n):
    return times(p, power(p, n - 1)) if n else constant(1.0)


def scaled(p, c):
    return {exponents: c * d for exponents, d in p.items()}


def partial(p, i):
    """Return the derivative of a polynomial by a variable."""
    found = {}
    for exponents, c in p.items():
        if exponents[i]:
            lower = tuple(e - (j == i) for j, e in enumerate(exponents))
            found[lower] = found.get(lower, 0.0) + c * exponents[i]
    return found


def value(polynomials, x):
    return np.array(
        [
            sum(c * np.prod([xi**e for xi, e in zip(x, a, strict=True)]) for a, c in p.items())
            for p in polynomials
        ]
    )


def along(f, v):
    """Return ``J v``."""
    return [plus(*(scaled(partial(p, j), v[j]) for j in range(N))) for p in f]


def across(f, u):
    """Return ``J.T u``."""
    return [plus(*(scaled(partial(p, j), c) for p, c in zip(f, u, strict=True))) for j in range(N)]


def curved(f, u, v):
    """Return the Hessian of ``u . f`` times ``v``."""
    return along(across(f, u), v)


def stretched(f, factor):
    """Return ``f(factor * x)``."""
    return [{a: c * factor ** sum(a) for a, c in p.items()} for p in f]


#: A map of degree five, as polynomials.
A = np.array([[1.0, -0.5, 0.25], [0.5, 1.0, -1.0], [2.0, 0.0, -0.75]])
X = [variable(i) for i in range(N)]
MAP = [
    plus(
        times(plus(*(scaled(power(X[j], 2), A[i, j]) for j in range(N))), power(X[N - 1 - i], 3)),
        *(times(power(X[j], 4), X[0]) for j in range(i + 1)),
    )
    for i in range(N)
]
