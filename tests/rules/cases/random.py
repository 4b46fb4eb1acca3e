"""Cases of random draws: each call seeds a generator of its own, so that the noise is always the same."""

import fgrad.numpy as np
from tests.rules.cases.case import between, complex_case, normal, real_case

positive = between(0.4, 1.6)
small = between(-0.4, 0.4)


def seeded(kind, name):
    """Return the function that draws by the named method of a fresh generator."""

    def draw(*args, **kwargs):
        return getattr(kind(17), name)(*args, **kwargs)

    draw.__name__ = f"{kind.__name__}.{name}"
    return draw


def of_factor(draw):
    """Return the function that draws with the covariance ``b @ b.T + diag(1, 2, ...)``.

    For a small ``b`` its variances along the principal axes are about one apart.
    """

    def drawn(mean, b, *args, **kwargs):
        n = b.shape[0]
        return draw(mean, b @ b.T + np.diag(np.arange(1.0, n + 1)), *args, **kwargs)

    drawn.__name__ = f"{draw.__name__} of a factor"
    return drawn


KINDS = (np.random.default_rng, np.random.RandomState)
LOCATED = ("normal", "laplace", "logistic", "gumbel", "lognormal")
SCALED = ("exponential", "rayleigh")
SHAPED = ("weibull", "pareto", "power")


def cases_of(kind):
    """Return the cases of a generator, or of the global state."""

    def bound(name):
        return seeded(kind, name)

    covariance = of_factor(bound("multivariate_normal"))
    return [
        *(real_case(bound(name), normal(), positive()) for name in LOCATED),
        *(real_case(bound(name), normal(3), positive(2, 1)) for name in LOCATED),
        *(real_case(bound(name), normal(3), 0.7, (2, 3)) for name in LOCATED),
        *(real_case(bound(name), scale, size=4) for name in LOCATED for scale in (normal(),)),
        real_case(bound("normal"), scale=positive(2)),
        real_case(bound("normal"), [normal(), 2.0], [positive(), positive()]),
        *(real_case(bound(name), positive()) for name in (*SCALED, *SHAPED)),
        *(real_case(bound(name), positive(2), (3, 2)) for name in (*SCALED, *SHAPED)),
        real_case(bound("uniform"), between(-1, 0)(3), between(1, 2)(2, 1)),
        real_case(bound("uniform"), high=between(1, 2)(), size=3),
        real_case(bound("triangular"), between(-2, -1)(), between(-0.5, 0.5)(), between(1, 2)(), 9),
        real_case(bound("triangular"), between(-2, -1)(3, 1), 0.0, between(1, 2)(4)),
        # correlated
        real_case(bound("multivariate_normal"), normal(2), np.eye(2)),
        real_case(covariance, normal(1), small(1, 1)),
        real_case(covariance, normal(3), small(3, 3)),
        real_case(covariance, np.zeros(3), small(3, 3), 2),
        real_case(covariance, [normal(), 1.0], small(2, 3), (2, 1)),
        # rearranged
        complex_case(bound("permutation"), normal(5)),
        complex_case(bound("permutation"), normal(4, 2)),
        complex_case(bound("choice"), normal(5)),
        complex_case(bound("choice"), normal(5), (2, 3)),
        complex_case(bound("choice"), normal(5), 4, False, [0.1, 0.2, 0.3, 0.2, 0.2]),
    ]


RNG = np.random.default_rng
LOWER = of_factor(seeded(RNG, "multivariate_normal"))

CASES = [
    *(case for kind in KINDS for case in cases_of(kind)),
    real_case(LOWER, normal(3), small(3, 3), 2, method="cholesky"),
    real_case(LOWER, normal(2), small(2, 2), 2, method="eigh"),
    complex_case(seeded(RNG, "permutation"), normal(2, 5), axis=-1),
    complex_case(seeded(RNG, "choice"), normal(2, 5), (2, 2), axis=1),
    complex_case(seeded(RNG, "choice"), normal(2, 5), 3, False, axis=1, shuffle=False),
    *(complex_case(seeded(RNG, "permuted"), normal(3, 4), axis=axis) for axis in (None, 0, -1)),
]
