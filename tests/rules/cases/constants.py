"""Cases of what has derivative zero: rounding, comparisons, indices, and results of a shape alone.

Some of these functions take integers, truth values or dates only.  A user's arguments are floats, so such
values are boxed by the tests directly.
"""

import math
import operator

import fgrad.numpy as np
from fgrad.numpy.elements.parts import EXPONENT
from fgrad.numpy.elements.special import TURNS
from fgrad.numpy.moving.dtypes import TRUNCATE
from fgrad.numpy.ordering.histograms import BINS
from fgrad.numpy.ordering.interpolation import INTERVALS
from fgrad.numpy.ordering.quantiles import PLACES
from fgrad.numpy.ordering.sets import COMMON_POSITIONS, UNIQUE_POSITIONS
from fgrad.numpy.reducing.statistics import OVERSHOOT
from fgrad.rules.slopes import floored_quotient, truncated_quotient

FLOATS = np.array([[-1.6, 0.3, 2.4], [1.2, -0.7, 0.9]])
OTHERS = np.array([0.3, 0.3, -0.7])
INTS = np.array([6, 4, 3])
COUNTS = np.array([1, 2, 0])
HOLES = np.array([[-1.6, np.nan, 2.4], [1.2, -0.7, np.nan]])
BOOLS = np.array([True, False, True])
DATES = np.array(["2024-02-29", "NaT"], dtype="datetime64[D]")

TEXTS_OF_A_NUMBER = (np.format_float_positional, np.format_float_scientific)


def of_first(function):
    """Return the function of the first number of a matrix, by its name."""

    def first(x, *args):
        return function(x[0, 0], *args)

    first.__name__ = function.__name__
    return first


#: Each is ``(function, arrays, keywords)``; every array is boxed.
CASES = [
    *((f, (FLOATS,), {}) for f in (np.ceil, np.floor, np.rint, np.trunc, np.sign, np.signbit, np.spacing)),
    *((f, (FLOATS,), {}) for f in (np.isfinite, np.isinf, np.isnan, np.logical_not, EXPONENT)),
    *((f, (FLOATS,), {}) for f in (np.all, np.any, np.argmax, np.argmin, np.argsort, np.nonzero)),
    *((f, (FLOATS,), {"axis": 1}) for f in (np.all, np.any, np.argmax, np.argmin, np.argsort)),
    *((f, (FLOATS,), {"axis": 0, "keepdims": True}) for f in (np.all, np.any, np.argmax, np.argmin)),
    *((np.count_nonzero, (FLOATS,), kwargs) for kwargs in ({}, {"axis": 0}, {"axis": 1, "keepdims": True})),
    *((np.linalg.matrix_rank, (FLOATS,), kwargs) for kwargs in ({}, {"tol": 2.0}, {"rtol": 0.5})),
    (np.linalg.matrix_rank, (FLOATS[:, :2],), {"hermitian": True}),
    (np.argsort, (FLOATS,), {"axis": None, "stable": True}),
    *((f, (FLOATS,), {"where": FLOATS > 0}) for f in (np.all, np.any)),
    *(
        (f, (HOLES,), kwargs)
        for f in (np.nanargmax, np.nanargmin)
        for kwargs in ({}, {"axis": 1, "keepdims": True})
    ),
    *((f, (FLOATS, OTHERS), {}) for f in (np.equal, np.not_equal, np.less, np.less_equal)),
    *((f, (FLOATS, OTHERS), {}) for f in (np.greater, np.greater_equal, np.floor_divide)),
    *((f, (FLOATS, OTHERS), {}) for f in (np.logical_and, np.logical_or, np.logical_xor)),
    *((f, (FLOATS, OTHERS), {}) for f in (operator.eq, operator.ne, operator.lt, operator.le)),
    *((f, (FLOATS, OTHERS), {}) for f in (operator.gt, operator.ge, operator.floordiv)),
    *((f, (INTS, COUNTS), {}) for f in (np.bitwise_and, np.bitwise_or, np.bitwise_xor, np.gcd, np.lcm)),
    *((f, (INTS, COUNTS), {}) for f in (np.left_shift, np.right_shift)),
    *((f, (INTS, COUNTS), {}) for f in (operator.and_, operator.or_, operator.xor)),
    *((f, (INTS, COUNTS), {}) for f in (operator.lshift, operator.rshift)),
    *((f, (FLOATS, OTHERS), {}) for f in (floored_quotient, truncated_quotient)),
    (np.invert, (BOOLS,), {}),
    (operator.invert, (BOOLS,), {}),
    (np.isnat, (DATES,), {}),
    (TRUNCATE, (FLOATS,), {"dtype": np.dtype(int)}),
    (np.astype, (FLOATS, bool), {}),
    # rounding
    *((f, (FLOATS,), {}) for f in (np.round, np.around, np.fix)),
    *((f, (FLOATS,), {"decimals": 1}) for f in (np.round, np.around)),
    *((of_first(f), (FLOATS,), {}) for f in (round, math.floor, math.ceil, math.trunc)),
    (of_first(round), (FLOATS, 1), {}),
    (np.bitwise_count, (INTS,), {}),
    # predicates
    *((f, (FLOATS, OTHERS), {}) for f in (np.isclose, np.allclose, np.array_equal, np.array_equiv)),
    *((f, (FLOATS, OTHERS), {"rtol": 2.0, "equal_nan": True}) for f in (np.isclose, np.allclose)),
    *((f, (FLOATS,), {}) for f in (np.iscomplex, np.isreal, np.isposinf, np.isneginf)),
    *((f, (FLOATS,), {}) for f in (np.isfortran, np.iterable)),
    *((f, (FLOATS, OTHERS), {}) for f in (np.may_share_memory, np.shares_memory)),
    (TURNS, (np.array([0.0, 3.0, -3.0]), np.array(6.0), np.array(3.0)), {"axis": -1}),
    # order, intervals and bins
    (np.searchsorted, (FLOATS[0], FLOATS), {}),
    (np.searchsorted, (FLOATS[0], OTHERS), {"side": "right", "sorter": np.arange(3)}),
    (np.digitize, (FLOATS, FLOATS[0]), {}),
    (np.digitize, (OTHERS, FLOATS[0]), {"right": True}),
    *((np.bincount, (INTS,), kwargs) for kwargs in ({}, {"minlength": 9})),
    (PLACES, (FLOATS, np.array([0.2, 0.9]), None), {"method": "linear", "skip_nan": False, "moving": True}),
    (INTERVALS, (FLOATS, FLOATS[0]), {}),
    (BINS, (FLOATS[0], 3, None, None), {"several": False}),
    (OVERSHOOT, (FLOATS,), {}),
    # texts
    *((f, (FLOATS,), {}) for f in (np.array_repr, np.array_str, np.array2string)),
    (np.array2string, (FLOATS,), {"precision": 2, "separator": ", "}),
    *((f, (np.array(-1.6),), {}) for f in TEXTS_OF_A_NUMBER),
    # positions and membership
    *((f, (FLOATS,), {}) for f in (np.flatnonzero, np.argwhere, np.lexsort)),
    (np.lexsort, (FLOATS,), {"axis": 0}),
    (np.argpartition, (FLOATS, 1), {}),
    (np.argpartition, (FLOATS, [0, 1]), {"axis": 0}),
    (np.argpartition, (FLOATS, 4), {"axis": None}),
    (np.isin, (FLOATS, OTHERS), {}),
    (np.isin, (FLOATS, OTHERS), {"invert": True, "kind": "sort"}),
    (UNIQUE_POSITIONS, (OTHERS,), {"axis": None, "options": {"return_index": True, "return_counts": True}}),
    (COMMON_POSITIONS, (FLOATS, OTHERS), {"assume_unique": False}),
    # results that depend on shapes and dtypes alone
    (np.min_scalar_type, (FLOATS,), {}),
    (np.common_type, (FLOATS, OTHERS), {}),
    (np.einsum_path, (FLOATS, [0, 1]), {}),
    (np.can_cast, (FLOATS, np.float32), {}),
    (np.mintypecode, (FLOATS,), {}),
    *((f, (FLOATS,), {}) for f in (np.zeros_like, np.ones_like, np.shape, np.ndim, np.size)),
    *((f, (FLOATS,), {"shape": 3, "dtype": int}) for f in (np.zeros_like, np.ones_like)),
    (np.size, (FLOATS, 1), {}),
    *((f, (FLOATS, 1), {}) for f in (np.tril_indices_from, np.triu_indices_from)),
    (np.diag_indices_from, (FLOATS[:, :2],), {}),
    *((f, (FLOATS,), {}) for f in (np.iscomplexobj, np.isrealobj, np.isscalar)),
    (np.empty_like, (FLOATS[:, :0],), {}),
    (np.result_type, (FLOATS, np.float32), {}),
]
