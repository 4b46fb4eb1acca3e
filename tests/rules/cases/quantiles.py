"""Cases of medians, quantiles and percentiles, by the array and by the quantile."""

import fgrad.numpy as np
from tests.rules.cases.case import Case, apart, between, number, real_case
from tests.rules.cases.nanfunctions import with_holes

AXES = [
    ((), {}),
    ((5,), {}),
    ((4,), {"keepdims": True}),
    ((3, 4), {}),
    ((3, 4), {"axis": 0}),
    ((3, 4), {"axis": -1, "keepdims": True}),
    ((2, 2, 3), {"axis": (0, -1)}),
    ((2, 2, 3), {"axis": (2, 0), "keepdims": True}),
]
CONTINUOUS = ["interpolated_inverted_cdf", "hazen", "weibull", "linear", "median_unbiased", "normal_unbiased"]
METHODS = [
    *CONTINUOUS,
    "inverted_cdf",
    "averaged_inverted_cdf",
    "closest_observation",
    "lower",
    "higher",
    "midpoint",
    "nearest",
]
QUANTILES = (np.quantile, np.nanquantile)
QS = np.array([0.0, 0.31, 0.5, 1.0])
WEIGHTS = np.array([[0.5, 1.0, 2.0, 0.0], [1.0, 1.0, 0.3, 3.0], [2.0, 0.1, 0.1, 0.1]])

CASES = [
    *(real_case(f, apart(*shape), **axes) for f in (np.median, np.nanmedian) for shape, axes in AXES),
    *(real_case(f, apart(*shape), 0.37, **axes) for f in QUANTILES for shape, axes in AXES),
    *(real_case(np.percentile, apart(3, 4), 37.0, axis=axis) for axis in (None, 1)),
    *(real_case(f, apart(3, 4), [10.0, 83.0], axis=0) for f in (np.percentile, np.nanpercentile)),
    *(real_case(f, apart(3, 4), QS, axis=1, method=method) for f in QUANTILES for method in METHODS),
    *(real_case(np.quantile, apart(3, 4), QS.reshape(2, 2), axis=axis, keepdims=True) for axis in (0, None)),
    # by the quantile, away from the elements
    *(
        real_case(np.quantile, apart(6), between(0.22, 0.38)(), method=m)
        for m in ("linear", "lower", "nearest")
    ),
    *(real_case(np.quantile, apart(3, 6), between(0.30, 0.31)(2), axis=1, method=m) for m in CONTINUOUS),
    *(real_case(np.quantile, apart(6), [number(0.3), 0.9], method=m) for m in CONTINUOUS),
    real_case(np.quantile, apart(6), between(0.02, 0.05)(), method="weibull"),  # less than the first element
    *(real_case(np.quantile, np.array([3, 1, 7]), number(0.3), method=m) for m in ("linear", "hazen")),
    real_case(np.percentile, apart(6), number(27.0)),
    real_case(np.nanpercentile, apart(6), between(22.0, 38.0)(2)),
    # weights
    *(real_case(f, apart(3, 4), QS, weights=WEIGHTS, method="inverted_cdf") for f in QUANTILES),
    *(real_case(f, apart(3, 4), 0.4, axis=1, weights=WEIGHTS, method="inverted_cdf") for f in QUANTILES),
    real_case(np.quantile, apart(3, 4), 0.4, axis=-1, weights=WEIGHTS[1], method="inverted_cdf"),
    real_case(np.percentile, apart(4), 40.0, weights=between(0.5, 1.5)(4), method="inverted_cdf"),
    # NaN left out
    *(with_holes(np.nanquantile, apart(3, 4), q=QS, axis=1, method=method) for method in METHODS),
    *(with_holes(np.nanquantile, apart(3, 4), q=between(0.27, 0.35)(2), axis=axis) for axis in (1, None)),
    with_holes(np.nanpercentile, apart(3, 4), q=31.0, keepdims=True),
    with_holes(np.nanquantile, apart(3, 4), q=0.4, axis=1, weights=WEIGHTS, method="inverted_cdf"),
    Case(np.median, (apart(2, 3),), {"axis": 1}, ("complex128",)),
]
