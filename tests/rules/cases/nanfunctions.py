"""Cases of reductions that leave NaN out.

The array has NaN where it says so, in each row and in each column, beside numbers.
"""

import fgrad.numpy as np
from tests.rules.cases.case import Case, apart, away, complex_case, number, real_case

HOLES = np.array([[1.0, np.nan, 1.0, 1.0], [np.nan, 1.0, 1.0, 1.0], [1.0, 1.0, 1.0, np.nan]])
MASK = np.array([[True, True, False, True], [True, True, True, True], [False, True, True, True]])
AXES = ({}, {"axis": 0}, {"axis": -1}, {"axis": 1, "keepdims": True}, {"axis": (0, 1)})
DOUBLE, BOTH = ("float64", "float32"), ("float64", "float32", "complex128")


def with_holes(function, domain, dtypes=DOUBLE, **kwargs):
    """Return a case of a function of an array in which some elements are NaN."""
    names = [name for name, value in kwargs.items() if hasattr(value, "draw")]
    plain = {name: value for name, value in kwargs.items() if name not in names}

    def call(x, *given):
        holes = np.astype(HOLES, np.real(x).dtype)
        return function(np.where(np.isnan(holes), holes, x), **plain, **dict(zip(names, given, strict=True)))

    label = f"{function.__name__} with NaN, {plain} {names}"
    return Case(call, (domain, *(kwargs[name] for name in names)), {}, dtypes, label)


CASES = [
    # without NaN they are the functions that they are named after
    *(complex_case(f, away(2, 3), axis=1) for f in (np.nansum, np.nanprod, np.nanmean, np.nanvar, np.nanstd)),
    *(complex_case(f, away(2, 3), axis=1) for f in (np.nancumsum, np.nancumprod)),
    *(real_case(f, apart(2, 3), axis=1) for f in (np.nanmax, np.nanmin, np.nanmedian)),
    *(with_holes(f, away(3, 4), BOTH, **axes) for f in (np.nansum, np.nanprod, np.nanmean) for axes in AXES),
    *(with_holes(f, apart(3, 4), BOTH, **axes) for f in (np.nanvar, np.nanstd) for axes in AXES),
    *(with_holes(f, apart(3, 4), **axes) for f in (np.nanmax, np.nanmin, np.nanmedian) for axes in AXES),
    *(with_holes(f, away(3, 4), BOTH) for f in (np.nancumsum, np.nancumprod)),
    *(with_holes(f, away(3, 4), BOTH, axis=0) for f in (np.nancumsum, np.nancumprod)),
    *(
        with_holes(f, apart(3, 4), BOTH, axis=1, ddof=ddof)
        for f in (np.nanvar, np.nanstd)
        for ddof in (1, 0.5)
    ),
    *(with_holes(f, apart(3, 4), axis=1, correction=1) for f in (np.nanvar, np.nanstd)),
    *(with_holes(f, apart(3, 4), axis=1, mean=away(3, 1)) for f in (np.nanvar, np.nanstd)),
    *(with_holes(f, apart(3, 4), where=MASK) for f in (np.nanvar, np.nanstd, np.nanmean)),
    *(with_holes(f, away(3, 4), initial=away(), where=MASK) for f in (np.nansum, np.nanprod)),
    *(with_holes(f, apart(3, 4), axis=0, initial=number(0.45)) for f in (np.nanmax, np.nanmin)),
    *(with_holes(f, apart(3, 4), axis=0, initial=0.45, where=MASK) for f in (np.nanmax, np.nanmin)),
    with_holes(np.nansum, away(3, 4), axis=1, dtype=np.float64),
    with_holes(np.nanmean, away(3, 4), axis=1, dtype=np.float64),
]
