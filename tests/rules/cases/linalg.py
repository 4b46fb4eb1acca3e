"""Cases of linear algebra."""

import fgrad.numpy as np
from tests.rules.cases.case import (
    apart,
    away,
    complex_case,
    invertible,
    normal,
    positive_definite,
    separated,
)

A = np.array([[2.0, 0.5], [-0.3, 1.5]])
inf = np.inf

MATRIX_ORDERS = ["fro", 1, -1, inf, -inf]
VECTOR_ORDERS = [None, 2, 1, 3, 2.5, 0.5, -1, -2, 4]

CASES = [
    complex_case(np.linalg.inv, invertible(2, 2)),
    complex_case(np.linalg.inv, invertible(3, 3)),
    complex_case(np.linalg.inv, invertible(2, 2, 2)),
    complex_case(np.linalg.det, invertible(1, 1)),
    complex_case(np.linalg.det, invertible(3, 3)),
    complex_case(np.linalg.det, invertible(2, 2, 2)),
    complex_case(np.linalg.slogdet, invertible(3, 3)),
    complex_case(np.linalg.slogdet, invertible(2, 2, 2)),
    # solutions: vectors, matrices, stacks, and stacks that broadcast
    complex_case(np.linalg.solve, invertible(2, 2), normal(2)),
    complex_case(np.linalg.solve, invertible(2, 2), normal(2, 3)),
    complex_case(np.linalg.solve, invertible(2, 2, 2), normal(2)),
    complex_case(np.linalg.solve, invertible(2, 2, 2), normal(2, 2, 1)),
    complex_case(np.linalg.solve, invertible(2, 2), normal(2, 2, 2)),
    complex_case(np.linalg.solve, invertible(2, 2, 2), normal(2, 2)),
    complex_case(np.linalg.solve, invertible(2, 1, 2, 2), normal(2, 2, 1)),
    complex_case(np.linalg.solve, A, normal(2)),
    complex_case(np.linalg.solve, invertible(2, 2), np.array([1.0, -2.0])),
    # factors
    complex_case(np.linalg.cholesky, positive_definite(1, 1)),
    complex_case(np.linalg.cholesky, positive_definite(3, 3)),
    complex_case(np.linalg.cholesky, positive_definite(2, 2, 2)),
    complex_case(np.linalg.cholesky, positive_definite(3, 3), upper=True),
    complex_case(np.linalg.cholesky, positive_definite(2, 2, 2), upper=True),
    # norms of vectors
    *(complex_case(np.linalg.norm, away(3), order) for order in VECTOR_ORDERS),
    *(complex_case(np.linalg.norm, away(2, 3), order, axis=1) for order in VECTOR_ORDERS),
    *(complex_case(np.linalg.norm, apart(4), order) for order in (inf, -inf)),
    *(complex_case(np.linalg.norm, apart(2, 3), order, axis=-2, keepdims=True) for order in (inf, -inf, 3)),
    complex_case(np.linalg.norm, away(2, 3), 2, axis=(1,)),
    # norms of matrices, and of arrays taken as one vector
    complex_case(np.linalg.norm, normal(2, 3)),
    complex_case(np.linalg.norm, normal(2, 2, 2)),
    complex_case(np.linalg.norm, normal(2, 2, 2), keepdims=True),
    complex_case(np.linalg.norm, normal(2, 2, 3), axis=(0, 2)),
    complex_case(np.linalg.norm, normal(2, 2, 3), axis=(-1, 1), keepdims=True),
    *(complex_case(np.linalg.norm, apart(2, 3), order) for order in ("fro", 1, -1, inf, -inf)),
    *(
        complex_case(np.linalg.norm, apart(2, 2, 3), order, axis=(2, 0))
        for order in ("fro", 1, -1, inf, -inf)
    ),
    *(complex_case(np.linalg.norm, apart(2, 3), order, keepdims=True) for order in ("fro", 1, -inf)),
    *(
        complex_case(np.linalg.norm, separated(*shape), order)
        for order in (2, -2, "nuc")
        for shape in ((2, 2), (2, 3), (3, 2))
    ),
    *(
        complex_case(np.linalg.norm, separated(2, 2, 3), order, axis=axis, keepdims=keepdims)
        for order in (2, -2, "nuc")
        for axis, keepdims in (((1, 2), False), ((-1, -2), True))
    ),
]
