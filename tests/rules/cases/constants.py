"""Cases of what has derivative zero: rounding, comparisons, indices, and results of a shape alone.

Some of these functions take integers, truth values or dates only.  A user's arguments are floats, so such
values are boxed by the tests directly.
"""

import operator

import fgrad.numpy as np
from fgrad.numpy.parts import EXPONENT
from fgrad.numpy.shapes import TRUNCATE
from fgrad.rules.slopes import floored_quotient, truncated_quotient

FLOATS = np.array([[-1.6, 0.3, 2.4], [1.2, -0.7, 0.9]])
OTHERS = np.array([0.3, 0.3, -0.7])
INTS = np.array([6, 4, 3])
COUNTS = np.array([1, 2, 0])
BOOLS = np.array([True, False, True])
DATES = np.array(["2024-02-29", "NaT"], dtype="datetime64[D]")

#: Each is ``(function, arrays, keywords)``; every array is boxed.
CASES = [
    *((f, (FLOATS,), {}) for f in (np.ceil, np.floor, np.rint, np.trunc, np.sign, np.signbit, np.spacing)),
    *((f, (FLOATS,), {}) for f in (np.isfinite, np.isinf, np.isnan, np.logical_not, EXPONENT)),
    *((f, (FLOATS,), {}) for f in (np.all, np.any, np.argmax, np.argmin, np.argsort, np.nonzero)),
    *((f, (FLOATS,), {"axis": 1}) for f in (np.all, np.any, np.argmax, np.argmin, np.argsort)),
    *((f, (FLOATS,), {"axis": 0, "keepdims": True}) for f in (np.all, np.any, np.argmax, np.argmin)),
    *((np.count_nonzero, (FLOATS,), kwargs) for kwargs in ({}, {"axis": 0}, {"axis": 1, "keepdims": True})),
    (np.argsort, (FLOATS,), {"axis": None, "stable": True}),
    *((f, (FLOATS, OTHERS), {}) for f in (np.equal, np.not_equal, np.less, np.less_equal)),
    *((f, (FLOATS, OTHERS), {}) for f in (np.greater, np.greater_equal, np.floor_divide)),
    *((f, (FLOATS, OTHERS), {}) for f in (np.logical_and, np.logical_or, np.logical_xor)),
    *((f, (FLOATS, OTHERS), {}) for f in (operator.eq, operator.ne, operator.lt, operator.le)),
    *((f, (FLOATS, OTHERS), {}) for f in (operator.gt, operator.ge, operator.floordiv)),
    *((f, (INTS, COUNTS), {}) for f in (np.bitwise_and, np.bitwise_or, np.bitwise_xor, np.gcd, np.lcm)),
    *((f, (INTS, COUNTS), {}) for f in (np.left_shift, np.right_shift)),
    *((f, (FLOATS, OTHERS), {}) for f in (floored_quotient, truncated_quotient)),
    (np.invert, (BOOLS,), {}),
    (np.isnat, (DATES,), {}),
    (TRUNCATE, (FLOATS,), {"dtype": np.dtype(int)}),
    (np.astype, (FLOATS, bool), {}),
    # results that depend on shapes and dtypes alone
    *((f, (FLOATS,), {}) for f in (np.zeros_like, np.ones_like, np.shape, np.ndim, np.size)),
    *((f, (FLOATS,), {"shape": 3, "dtype": int}) for f in (np.zeros_like, np.ones_like)),
    (np.size, (FLOATS, 1), {}),
    *((f, (FLOATS,), {}) for f in (np.iscomplexobj, np.isrealobj, np.isscalar)),
    (np.empty_like, (FLOATS[:, :0],), {}),
    (np.result_type, (FLOATS, np.float32), {}),
]
