"""Cases of sorting, of distinct elements and of arrays as sets.

With equal elements the derivative is a choice, which no difference shows; ``tests/numpy`` has those.
"""

import fgrad.numpy as np
from tests.rules.cases.case import apart, between, complex_case, normal, real_case

M = np.array([[0.25, -0.75, 4.0], [8.0, 0.125, -5.0]])

#: Numbers that are equal to none of those of the same case.
far = between(5.0, 9.0)

CASES = [
    complex_case(np.sort, apart(4)),
    complex_case(np.sort, apart(4), kind="stable"),
    complex_case(np.sort, apart(4), stable=True),
    complex_case(np.sort, apart(2, 3), axis=None),
    complex_case(np.sort, apart(2, 3, 2)),
    *(complex_case(np.sort, apart(2, 3), axis=axis) for axis in (0, 1, -1, -2)),
    complex_case(np.sort, normal(), axis=None),
    complex_case(np.sort, [apart(2), far(2)], axis=0),
    complex_case(np.partition, apart(6), 2),
    complex_case(np.partition, apart(6), [1, -2]),
    complex_case(np.partition, apart(2, 5), 3),
    complex_case(np.partition, apart(5, 2), 3, axis=0),
    complex_case(np.partition, apart(2, 2, 4), 1, axis=-1),
    complex_case(np.partition, apart(3, 3), 4, axis=None),
    complex_case(np.sort_complex, apart(4)),
    complex_case(np.sort_complex, apart(2, 3)),
    # distinct elements
    complex_case(np.unique, apart(4)),
    complex_case(np.unique, apart(2, 3)),
    complex_case(np.unique, normal()),
    complex_case(np.unique, apart(2, 3), return_index=True, return_inverse=True, return_counts=True),
    complex_case(np.unique, apart(4), return_counts=True, equal_nan=False),
    complex_case(np.unique, apart(3, 2), axis=0),
    complex_case(np.unique, apart(3, 2), axis=1, return_counts=True),
    complex_case(np.unique, apart(2, 3, 2), axis=-2, return_index=True),
    complex_case(np.unique, [apart(2), far(2)], axis=0),
    complex_case(np.unique_all, apart(2, 2)),
    complex_case(np.unique_counts, apart(4)),
    complex_case(np.unique_inverse, apart(2, 2)),
    complex_case(np.unique_values, normal(1)),
    complex_case(lambda x: np.prod(np.unique_values(x)), apart(4), label="unique_values, in any order"),
    # sets
    complex_case(np.union1d, apart(3), far(2, 2)),
    complex_case(np.union1d, apart(3), M),
    complex_case(np.setdiff1d, apart(4), M),
    complex_case(np.setdiff1d, apart(2, 3), far(2)),
    complex_case(np.setdiff1d, apart(4), M, assume_unique=True),
    complex_case(np.setxor1d, apart(3), far(2, 2)),
    complex_case(np.setxor1d, apart(3), M[0], assume_unique=True),
    real_case(lambda x: np.intersect1d(x, x[[2, 0]]), apart(4), label="intersect1d"),
    real_case(
        lambda x: np.intersect1d(x[:3], x[[2, 3, 0]], assume_unique=True),
        apart(4),
        label="intersect1d of sets",
    ),
    complex_case(np.intersect1d, apart(3), M),
]
