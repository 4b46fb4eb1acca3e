"""Where the accuracy tests look: all magnitudes, ordinary numbers, and close to special points."""

import numpy as np

TINY = np.finfo(float).tiny  # the smallest normal number
LEAST = 5e-324  # the smallest number
HUGE = np.finfo(float).max


def rng(name):
    """Return a generator that depends on the name of a case and nothing else."""
    return np.random.default_rng(list(name.encode()))


def all_magnitudes(random, step=9):
    """Return numbers of both signs, from the smallest subnormal to the largest, spaced by logarithm."""
    exponents = np.arange(-1074, 1024, step)
    sizes = np.ldexp(random.uniform(1, 2, exponents.size), exponents)
    sizes = np.concatenate([sizes, [LEAST, TINY, 1.0, HUGE, HUGE / 2]])
    return np.concatenate([sizes, -sizes])


def ordinary(random, count=120):
    """Return numbers as they occur."""
    return np.concatenate(
        [random.uniform(-1, 1, count), random.uniform(-10, 10, count), 100 * random.standard_normal(count)]
    )


def near(*centres):
    """Return the centres, their neighbours, and numbers that come close to them."""
    points = []
    for centre in centres:
        points += [centre, np.nextafter(centre, np.inf), np.nextafter(centre, -np.inf)]
        points += [centre + sign * 2.0**-k * max(abs(centre), 1) for k in range(3, 53, 4) for sign in (1, -1)]
    return np.array(points)


def line(name, *centres):
    """Return the points for a function of one argument."""
    random = rng(name)
    return np.unique(np.concatenate([all_magnitudes(random), ordinary(random), near(0.0, *centres)]))


def plane(name):
    """Return the points for a function of two arguments.

    Subnormal arguments are left out: what lies between them and the result has too few digits there.
    ``x / y`` is a subnormal number at x = 1.93e-322, y = 1.4e-8, and with it ``-x / y / y`` is 48507 units
    off; and the correctly rounded ``np.hypot(2.5e-323, 1e-323)`` is 2.5e-323.
    """
    random = rng(name)
    sizes = np.ldexp(random.uniform(1, 2, (2, 160)), random.integers(-1021, 1023, (2, 160)))
    wide = sizes * random.choice([-1, 1], sizes.shape)
    close = wide[:, :60] * np.array([[1.0], [0.0]]) + 0
    close[1] = close[0] * random.uniform(0.01, 100, 60)
    usual = random.uniform(-10, 10, (2, 120))
    x = random.uniform(-20, 20, 60)
    neighbours = np.array([x, np.nextafter(x, np.inf)])
    apart = np.array([x, x + random.uniform(-800, 800, 60)])
    equal, opposite = np.array([x, x]), np.array([x, -x])
    extreme = np.array(
        [[a, b] for a in (TINY, 1.0, -3.0, HUGE, -HUGE) for b in (TINY, -1.0, 2.0, HUGE, -HUGE)]
    ).T
    x, y = np.concatenate([wide, close, usual, neighbours, apart, equal, opposite, extreme], axis=1)
    keep = (np.abs(x) >= TINY) & (np.abs(y) >= TINY) & np.isfinite(x) & np.isfinite(y)
    return x[keep], y[keep]


def powers(name):
    """Return bases and exponents of real powers that are finite numbers."""
    random = rng(name)
    ordinary = random.uniform(0, 10, 100), random.uniform(-10, 10, 100)
    wide = np.ldexp(random.uniform(1, 2, 300), random.integers(-1021, 1023, 300))
    # such exponents that the power comes anywhere between the smallest and the largest number
    spread = wide, random.uniform(-744, 709, 300) / np.log(wide)
    by_one = 1 + random.choice([-1, 1], 100) * 2.0 ** random.uniform(-52, -2, 100)
    close = by_one, random.uniform(-744, 709, 100) / np.log(by_one)
    # where the derivative of x**(y - 1) * y by y vanishes: y * log(x) = -1
    base = np.concatenate([random.uniform(0.01, 100, 60), by_one[:40]])
    nulls = base, -1 / np.log(base)
    shifted = (
        base,
        -1 / np.log(base) * (1 + random.choice([-1, 1], 100) * 2.0 ** random.uniform(-50, -3, 100)),
    )
    fixed = np.repeat(wide[:40], 10), np.tile([-2, -1, -0.5, 0, 1 / 3, 0.5, 1, 1.5, 2, 3], 40).astype(float)
    small = ordinary[0], np.ldexp(random.uniform(-1, 1, 100), random.integers(-1000, 0, 100))
    x, y = (
        np.concatenate(column)
        for column in zip(ordinary, spread, close, nulls, shifted, fixed, small, strict=True)
    )
    return x, y


def negative_bases(name):
    """Return negative bases and whole exponents."""
    random = rng(name)
    base = -np.concatenate([random.uniform(0.1, 10, 100), np.ldexp(1.5, random.integers(-1000, 1000, 100))])
    return base, np.tile([-3.0, -2, -1, 1, 2, 3, 4, 5, 40, 41], 20)
