"""Cases of reading elements, of diagonals and triangles, and of inserting, deleting and repeating."""

import operator
from inspect import signature

import numpy

import fgrad.numpy as np
from tests.rules.cases.case import away, complex_case, normal, number, real_normal

MASK = np.array([[True, False, True], [False, True, False]])
OTHER = np.arange(6.0).reshape(2, 3)
TRIMMED = np.array([0.0, 0.0, 1.0, 0.0, 2.0, 0.0])
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
    complex_case(np.take, normal(4), [[0, 3], [2, 2]], mode="clip"),
    complex_case(np.take, normal(2, 3), [4, -1], axis=0, mode="wrap"),
    complex_case(np.take, normal(2, 3, 2), np.array([[0, 2], [1, 1]]), axis=1),
    complex_case(np.take, normal(4), [True, False, True]),
    complex_case(np.take, normal(4), []),
    complex_case(np.take, normal(), 0),
    complex_case(np.take, [normal(), 1.0, normal()], [2, 0]),
    complex_case(np.take_along_axis, normal(2, 3), np.array([[2, 0], [1, 1]]), axis=1),
    complex_case(np.take_along_axis, normal(2, 3), np.array([[1, 0, -1]]), axis=0),
    complex_case(np.take_along_axis, normal(2, 3), np.array([[1]]), axis=1),
    complex_case(np.take_along_axis, normal(2, 2, 3), np.zeros((2, 2, 1), int), axis=-1),
    complex_case(np.take_along_axis, normal(2, 3), np.array([5, 0, 5]), axis=None),
    complex_case(np.compress, [True, False, True], normal(4)),
    complex_case(np.compress, [0, 1], normal(2, 3), axis=0),
    complex_case(np.compress, [True, False, True], normal(2, 3), axis=-1),
    complex_case(np.compress, [False, True, True], normal(2, 3)),
    complex_case(np.extract, MASK, normal(2, 3)),
    complex_case(np.extract, [0, 2, 0, 1], normal(4)),
    complex_case(
        lambda x, y: np.ix_(x, y)[0] * np.ix_(x, y)[1], normal(2), normal(3), label="ix_ as factors"
    ),
    complex_case(np.ix_, normal(2), [True, False], normal(3)),
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
    complex_case(np.diagonal, normal(2, 3), 3),
    complex_case(np.diagonal, normal(2, 3, 2, 2), 1, -1, 1),
    complex_case(np.diag, [normal(), 2.0, normal()]),
    complex_case(np.diagflat, normal(3)),
    complex_case(np.diagflat, normal(2, 2), 1),
    complex_case(np.diagflat, normal(), k=-2),
    complex_case(np.trace, normal(3, 3)),
    complex_case(np.trace, normal(2, 3), 1),
    complex_case(np.trace, normal(2, 2, 3), offset=-1, axis1=1, axis2=2),
    *(complex_case(f, normal(2, 3), k) for f in (np.tril, np.triu) for k in (0, 1, -1)),
    complex_case(np.tril, normal(2, 2, 2)),
    complex_case(np.triu, normal(2, 2, 2), k=1),
    complex_case(np.tril, normal(3)),
    complex_case(np.triu, normal(3), -1),
    # inserting, deleting, repeating
    complex_case(np.insert, normal(4), 1, normal()),
    complex_case(np.insert, normal(4), -1, normal(2)),
    complex_case(np.insert, normal(4), [1, 1, 4], normal(3)),
    complex_case(np.insert, normal(4), [3, 0], number(0.5)),
    complex_case(np.insert, normal(4), S(1, 4, 2), normal(2)),
    complex_case(np.insert, normal(2, 3), 2, normal(2)),
    complex_case(np.insert, normal(2, 3), 1, normal(2), axis=1),
    complex_case(np.insert, normal(2, 3), [1], normal(2, 1), axis=1),
    complex_case(np.insert, normal(2, 3), [0, 2], normal(3), axis=0),
    complex_case(np.insert, normal(2, 3), 0, 1.5, axis=-1),
    complex_case(np.insert, OTHER, 1, real_normal(3), axis=0),
    complex_case(np.insert, normal(4), [], normal(0)),
    complex_case(np.delete, normal(4), 1),
    complex_case(np.delete, normal(4), [0, -1]),
    complex_case(np.delete, normal(4), S(None, None, 2)),
    complex_case(np.delete, normal(4), []),
    complex_case(np.delete, normal(4), np.array([True, False, False, True])),
    complex_case(np.delete, normal(2, 3), 4),
    complex_case(np.delete, normal(2, 3), 1, axis=0),
    complex_case(np.delete, normal(2, 3), [0, 2], axis=-1),
    complex_case(np.resize, normal(2, 3), (2, 2)),
    complex_case(np.resize, normal(2, 3), (4, 4)),
    complex_case(np.resize, normal(3), 7),
    complex_case(np.resize, normal(), (2, 2)),
    complex_case(np.resize, normal(3), (0, 2)),
    complex_case(np.trim_zeros, away(3)),
    *(
        complex_case(
            lambda x, trim=trim: np.trim_zeros(x * TRIMMED, trim), normal(6), label=f"trim_zeros {trim}"
        )
        for trim in ("fb", "f", "B")
    ),
    complex_case(
        lambda x: np.trim_zeros([0.0, x[0], 0.0, x[1], 0.0]), normal(2), label="trim_zeros of a list"
    ),
    # products and powers in a pattern
    complex_case(np.kron, normal(2), normal(3)),
    complex_case(np.kron, normal(2, 2), normal(1, 3)),
    complex_case(np.kron, normal(2), normal(2, 1, 2)),
    complex_case(np.kron, normal(2, 2), normal(2)),
    complex_case(np.kron, normal(), normal(2, 2)),
    complex_case(np.kron, OTHER, real_normal(2)),
    complex_case(np.cross, normal(3), normal(3)),
    complex_case(np.cross, normal(2, 3), normal(3)),
    complex_case(np.cross, normal(2, 3), normal(4, 1, 3)),
    complex_case(np.cross, normal(3, 2), normal(2, 3), axisa=0),
    complex_case(np.cross, normal(3, 2), normal(3, 2), axis=0),
    complex_case(np.cross, normal(2, 3), normal(3, 2), axisb=0, axisc=0),
    complex_case(np.cross, OTHER, real_normal(3)),
    complex_case(np.vander, normal(3)),
    complex_case(np.vander, normal(3), 2),
    complex_case(np.vander, normal(2), 4, increasing=True),
    complex_case(np.vander, normal(2), N=0),
    complex_case(np.vander, [normal(), number(0.5)]),
]

#: Trimming of several axes is new in NumPy 2.2.
if "axis" in signature(numpy.trim_zeros).parameters:
    CASES += [
        complex_case(
            lambda x, kwargs=kwargs: np.trim_zeros(np.pad(x, ((1, 2), (0, 1))), **kwargs),
            away(2, 3),
            label=f"trim_zeros {kwargs}",
        )
        for kwargs in ({}, {"axis": 0}, {"axis": -1}, {"trim": "f", "axis": (0, 1)}, {"axis": ()})
    ]
