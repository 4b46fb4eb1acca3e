"""Cases of reading elements."""

import operator

import fgrad.numpy as np
from tests.rules.cases.case import complex_case, normal

MASK = np.array([[True, False, True], [False, True, False]])
S = slice

#: For an array of shape (4,).
OF_VECTORS = [
    *(0, -1, np.int64(2), S(1, 3), S(None, None, -1), S(None, None, 2), S(-3, None), S(2, 2), None, ...),
    *([0, 2], [3, 3, 0, 3], np.array([1, 1]), np.array([[0, 1], [1, -1]]), [True, False, True, False]),
    *(np.array([False, True, True, False]), (), (0,), (None, S(1, None)), np.array(2)),
]

#: For an array of shape (2, 3).
OF_MATRICES = [
    *(1, (1, 2), (0, -1), (S(None), 1), (S(None), S(None, None, -2)), (..., 0), (0, ...), (..., None)),
    *((None, S(None), 0), (S(None), None), [1, 0, 1], ([0, 1], [2, 2]), ([0, 0], [2, 2]), MASK),
    *((S(None), [0, 2, 0]), ([1], S(None)), (np.array([[0], [1]]), np.array([0, 2])), (0, [2, 1, 2])),
    *(
        np.ix_([1, 0], [0, 2]),
        (np.array([True, False]), S(1, None)),
        (S(None), np.array([True, False, True])),
    ),
    *((MASK[0], 0)[::-1], (S(0, 0), 1), (np.array([0, 1, 0]), None, 2)),
]

#: For an array of shape (2, 2, 3).
OF_STACKS = [
    *(0, (..., 1), (1, ..., 0), (S(None), [0, 1, 1]), ([0, 1], S(None), [2, 2]), (0, S(None), [1, 1])),
    *(
        (None, ..., [0, 2]),
        np.array([[True, False], [False, True]]),
        ([1, 1], 0),
        (S(None), 1, S(None, None, 2)),
    ),
]

CASES = [
    *(
        complex_case(operator.getitem, normal(*shape), index)
        for shape, indices in (((4,), OF_VECTORS), ((2, 3), OF_MATRICES), ((2, 2, 3), OF_STACKS))
        for index in indices
    ),
    complex_case(lambda x: x[0] * x[1] + x[1:] * x[:-1], normal(3), label="many reads of one array"),
    complex_case(lambda x: x[[0, 0]] * x[0] + x.sum(), normal(3), label="reads and other uses"),
    complex_case(lambda x: [row * row[0] for row in x], normal(2, 3), label="iteration"),
    # functions that read
    complex_case(np.take, normal(4), 1),
    complex_case(np.take, normal(4), [1, 1, -1]),
    complex_case(np.take, normal(2, 3), np.array([[5, 0], [0, 1]])),
    complex_case(np.take, normal(2, 3), [2, 0, 2], axis=1),
    complex_case(np.take, normal(2, 3), 1, axis=-1),
    complex_case(np.take, normal(4), [5, -2], mode="wrap"),
    complex_case(np.take, normal(4), [5, -2], mode="clip"),
    complex_case(np.diagonal, normal(2, 3)),
    complex_case(np.diagonal, normal(3, 2), 1),
    complex_case(np.diagonal, normal(3, 2), offset=-2),
    complex_case(np.diagonal, normal(2, 2, 3), 0, 1, 2),
    complex_case(np.diagonal, normal(2, 2, 3), -1, axis1=2, axis2=0),
    complex_case(np.diag, normal(3)),
    complex_case(np.diag, normal(2), 1),
    complex_case(np.diag, normal(2), k=-1),
    complex_case(np.diag, normal(2, 3)),
    complex_case(np.diag, normal(2, 3), 1),
    complex_case(np.trace, normal(3, 3)),
    complex_case(np.trace, normal(2, 3), 1),
    complex_case(np.trace, normal(2, 2, 3), offset=-1, axis1=1, axis2=2),
    *(complex_case(f, normal(2, 3), k) for f in (np.tril, np.triu) for k in (0, 1, -1)),
    complex_case(np.tril, normal(2, 2, 2)),
    complex_case(np.triu, normal(2, 2, 2), k=1),
]
