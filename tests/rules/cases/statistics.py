"""Cases of averages, covariances, histograms, differences, interpolation and convolution."""

import fgrad.numpy as np
from tests.rules.cases.case import apart, away, between, complex_case, normal, number, real_case, real_normal

weights = between(0.5, 1.5)
FREQUENCIES = np.array([1, 2, 1, 3])
IMPORTANCES = np.array([0.5, 1.0, 2.0, 0.3])
POSITIONS = np.array([-0.5, 0.2, 1.1, 2.0])
INTS = np.array([2, 0, 2, 5])

AVERAGES = [
    complex_case(np.average, normal(2, 3)),
    complex_case(np.average, normal(2, 3), axis=1, keepdims=True),
    complex_case(np.average, normal(2, 3), axis=0, returned=True),
    complex_case(np.average, normal(2, 3), weights=weights(2, 3)),
    complex_case(np.average, normal(2, 3), axis=1, weights=weights(3), returned=True),
    complex_case(np.average, normal(2, 3), axis=-1, weights=IMPORTANCES[:3], keepdims=True),
    complex_case(np.average, POSITIONS, weights=weights(4)),
    complex_case(np.average, np.arange(4), weights=weights(4)),
    complex_case(np.average, normal(2, 2, 3), axis=(0, 2), weights=weights(2, 2, 3)),
]

COVARIANCES = [
    *(complex_case(f, apart(3, 4)) for f in (np.cov, np.corrcoef)),
    *(complex_case(f, apart(4, 2), rowvar=False) for f in (np.cov, np.corrcoef)),
    *(complex_case(f, apart(4)) for f in (np.cov, np.corrcoef)),
    *(complex_case(f, normal(2, 4), normal(1, 4)) for f in (np.cov, np.corrcoef)),
    *(complex_case(f, normal(4), normal(4)) for f in (np.cov, np.corrcoef)),
    *(complex_case(f, normal(4, 2), normal(4, 1), False) for f in (np.cov, np.corrcoef)),
    complex_case(np.cov, normal(4), POSITIONS),
    complex_case(np.cov, normal(2, 4), bias=True),
    complex_case(np.cov, normal(2, 4), ddof=0),
    complex_case(np.cov, normal(2, 4), ddof=2),
    complex_case(np.cov, normal(2, 4), fweights=FREQUENCIES),
    complex_case(np.cov, normal(2, 4), aweights=IMPORTANCES),
    real_case(np.cov, normal(2, 4), aweights=weights(4)),
    real_case(np.cov, normal(2, 4), aweights=weights(4), bias=True),
    real_case(np.cov, normal(2, 4), fweights=FREQUENCIES, aweights=weights(4)),
    real_case(np.corrcoef, apart(2, 3), dtype=np.float64),
    real_case(np.corrcoef, apart(3, 2)),  # of two observations: every correlation is one, or minus one
]

HISTOGRAMS = [
    complex_case(np.histogram, POSITIONS, bins=3, weights=normal(4)),
    complex_case(np.histogram, POSITIONS.reshape(2, 2), bins=[0.0, 1.0, 2.0], weights=normal(2, 2)),
    real_case(np.histogram, apart(6), bins=3, density=True),
    real_case(np.histogram, apart(6), bins=3),
    real_case(np.histogram, apart(6), bins=3, density=True, weights=weights(6)),
    real_case(np.histogram, POSITIONS, bins=3, range=(number(-1.0), number(2.5)), density=True),
    real_case(np.histogram, POSITIONS, bins=[number(-1.0), number(0.7), number(2.5)], density=True),
    real_case(np.histogram_bin_edges, apart(6)),
    *(real_case(np.histogram_bin_edges, apart(6), bins=bins) for bins in (4, "sturges")),
    real_case(np.histogram_bin_edges, POSITIONS, bins=2, range=[number(0.5), number(1.5)]),
    real_case(np.histogram2d, apart(5), apart(5), bins=3),
    real_case(np.histogram2d, apart(5), apart(5), bins=[2, 3], density=True),
    real_case(np.histogram2d, POSITIONS, POSITIONS[::-1], bins=2, weights=normal(4)),
    real_case(
        np.histogram2d, POSITIONS, POSITIONS, bins=[0.0, 1.0, 1.5, 2.0], weights=weights(4), density=True
    ),
    real_case(np.histogramdd, apart(5, 2), bins=(2, 2), density=True),
    real_case(np.histogramdd, apart(5, 2), bins=3, weights=weights(5)),
    real_case(np.histogramdd, apart(5, 2), 3, [(number(-3.0), 3.0), None]),
    real_case(np.bincount, INTS, weights=normal(4)),
    real_case(np.bincount, INTS, normal(4), 8),
]

DIFFERENCES = [
    *(complex_case(np.diff, normal(4), n=n) for n in (0, 1, 2, 3)),
    complex_case(np.diff, normal(3, 2)),
    complex_case(np.diff, normal(3, 2), axis=0, n=2),
    complex_case(np.diff, normal(3), prepend=normal(), append=normal(2)),
    complex_case(np.diff, normal(2, 3), 1, -1, number(0.3), real_normal(2, 2)),
    complex_case(np.diff, normal(1)),
    complex_case(np.diff, POSITIONS, append=normal()),
    complex_case(np.ediff1d, normal(2, 2)),
    complex_case(np.ediff1d, normal(3), to_end=normal(2), to_begin=normal()),
    complex_case(np.ediff1d, normal(3), 2.0, [number(0.4), number(0.5)]),
    complex_case(np.gradient, normal(4)),
    complex_case(np.gradient, normal(3, 4)),
    *(complex_case(np.gradient, normal(4), weights(), edge_order=order) for order in (1, 2)),
    *(
        real_case(np.gradient, normal(n), apart(n), edge_order=order)
        for n, order in ((2, 1), (4, 1), (4, 2), (3, 2))
    ),
    *(real_case(np.gradient, normal(3, 4), apart(3), number(0.7), edge_order=order) for order in (1, 2)),
    complex_case(np.gradient, normal(3, 4), POSITIONS, axis=-1, edge_order=2),
    complex_case(np.gradient, normal(3, 2, 3), 0.5, axis=(0, 2)),
    real_case(np.gradient, POSITIONS, weights()),
    complex_case(np.trapezoid, normal(4)),
    complex_case(np.trapezoid, normal(2, 3), normal(3)),
    complex_case(np.trapezoid, normal(2, 3), normal(2), axis=0),
    complex_case(np.trapezoid, normal(2, 3), x=normal(2, 3)),
    complex_case(np.trapezoid, normal(3, 2), dx=away(), axis=-2),
    complex_case(np.trapezoid, POSITIONS, normal(4)),
]

INTERPOLATIONS = [
    complex_case(np.interp, 0.4, POSITIONS, normal(4)),
    real_case(np.interp, number(0.4), POSITIONS, normal(4)),
    real_case(np.interp, between(0.3, 1.0)(2, 2), POSITIONS, normal(4)),
    real_case(np.interp, between(1.2, 1.9)(3), [number(-0.5), number(0.9), number(2.1)], normal(3)),
    real_case(np.interp, [number(-2.0), number(0.7), number(5.0)], POSITIONS, normal(4)),
    real_case(
        np.interp, [number(-2.0), number(0.7), number(5.0)], POSITIONS, normal(4), number(0.1), normal()
    ),
    real_case(np.interp, normal(2), [0.5], normal(1), left=number(3.0)),
    real_case(
        np.interp,
        [number(-2.3), number(0.7), number(5.1)],
        [number(0.4), 3.5, 1.2],
        normal(3),
        period=number(3.0),
    ),
    complex_case(np.interp, POSITIONS, POSITIONS, normal(4), normal(), 2.0),
    complex_case(np.interp, [0.1, 5.3], POSITIONS, normal(4), period=-4.0),
]

CONVOLUTIONS = [
    complex_case(f, normal(n), normal(m), mode)
    for f in (np.convolve, np.correlate)
    for n, m in ((5, 3), (3, 5), (4, 4), (5, 2), (2, 5), (3, 1))
    for mode in ("full", "same", "valid")
] + [
    complex_case(np.convolve, normal(3), normal()),
    complex_case(np.convolve, normal(3), POSITIONS),
    complex_case(np.correlate, POSITIONS, normal(3)),
    complex_case(np.correlate, normal(4), [number(0.3), number(2.0)]),
    complex_case(np.convolve, normal(4), real_normal(2), "same"),
]

CASES = [*AVERAGES, *COVARIANCES, *HISTOGRAMS, *DIFFERENCES, *INTERPOLATIONS, *CONVOLUTIONS]
