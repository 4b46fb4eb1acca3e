"""Cases of norms and condition numbers."""

import fgrad.numpy as np
from tests.rules.cases.case import apart, away, complex_case, invertible, normal, real_case, separated

inf = np.inf

VECTOR_ORDERS = [None, 2, 1, 3, 2.5, 0.5, -1, -2, 4]
MATRIX_ORDERS = ["fro", 1, -1, inf, -inf]
SPECTRAL_ORDERS = [2, -2, "nuc"]

#: In NumPy 2.0 the condition number of a complex matrix by its inverse is complex, without an imaginary part.
COND_IS_REAL = np.linalg.cond(np.eye(1, dtype=complex), 1).dtype.kind == "f"
cond_case = complex_case if COND_IS_REAL else real_case

CASES = [
    # of vectors
    *(complex_case(np.linalg.norm, away(3), order) for order in VECTOR_ORDERS),
    *(complex_case(np.linalg.norm, away(2, 3), order, axis=1) for order in VECTOR_ORDERS),
    *(complex_case(np.linalg.norm, apart(4), order) for order in (inf, -inf)),
    *(complex_case(np.linalg.norm, apart(2, 3), order, axis=-2, keepdims=True) for order in (inf, -inf, 3)),
    complex_case(np.linalg.norm, away(2, 3), 2, axis=(1,)),
    # of matrices, and of arrays taken as one vector
    complex_case(np.linalg.norm, normal(2, 3)),
    complex_case(np.linalg.norm, normal(2, 2, 2)),
    complex_case(np.linalg.norm, normal(2, 2, 2), keepdims=True),
    complex_case(np.linalg.norm, normal(2, 2, 3), axis=(0, 2)),
    complex_case(np.linalg.norm, normal(2, 2, 3), axis=(-1, 1), keepdims=True),
    *(complex_case(np.linalg.norm, apart(2, 3), order) for order in MATRIX_ORDERS),
    *(complex_case(np.linalg.norm, apart(2, 2, 3), order, axis=(2, 0)) for order in MATRIX_ORDERS),
    *(complex_case(np.linalg.norm, apart(2, 3), order, keepdims=True) for order in ("fro", 1, -inf)),
    *(
        complex_case(np.linalg.norm, separated(*shape), order)
        for order in SPECTRAL_ORDERS
        for shape in ((2, 2), (2, 3), (3, 2))
    ),
    *(
        complex_case(np.linalg.norm, separated(2, 2, 3), order, axis=axis, keepdims=keepdims)
        for order in SPECTRAL_ORDERS
        for axis, keepdims in (((1, 2), False), ((-1, -2), True))
    ),
    # of the array API
    *(complex_case(np.linalg.vector_norm, away(3), ord=order) for order in (2, 1, 3, -1)),
    *(complex_case(np.linalg.vector_norm, apart(2, 3), ord=order, keepdims=True) for order in (2, inf)),
    *(complex_case(np.linalg.vector_norm, apart(2, 3), ord=order, axis=-1) for order in (2, -inf)),
    *(
        complex_case(np.linalg.vector_norm, away(2, 2, 2), axis=(2, 0), ord=3, keepdims=keepdims)
        for keepdims in (False, True)
    ),
    complex_case(np.linalg.vector_norm, away()),
    complex_case(np.linalg.matrix_norm, normal(2, 2, 3)),
    *(complex_case(np.linalg.matrix_norm, apart(2, 2, 3), ord=order) for order in MATRIX_ORDERS),
    *(complex_case(np.linalg.matrix_norm, separated(2, 3), ord=order) for order in SPECTRAL_ORDERS),
    complex_case(np.linalg.matrix_norm, separated(2, 2, 3), ord=2, keepdims=True),
    # condition numbers
    *(complex_case(np.linalg.cond, separated(*shape)) for shape in ((2, 2), (2, 3), (2, 3, 2))),
    *(complex_case(np.linalg.cond, separated(2, 2), order) for order in (2, -2)),
    cond_case(np.linalg.cond, separated(2, 2), "nuc"),
    *(cond_case(np.linalg.cond, invertible(3, 3), order) for order in MATRIX_ORDERS),
    *(cond_case(np.linalg.cond, invertible(2, 2, 2), order) for order in ("fro", 1)),
]
