"""Cases of inverses, solutions and least squares."""

import fgrad.numpy as np
from tests.rules.cases.case import complex_case, invertible, normal, separated
from tests.rules.cases.linalg.matrices import hermitian

A = np.array([[2.0, 0.5], [-0.3, 1.5]])
TALL = np.array([[2.0, 0.5], [-0.3, 1.5], [1.0, 1.0]])


def solution_of_rank_one(x, y, b):
    """Return the shortest solution of least squares with a matrix whose rank does not change."""
    return np.linalg.lstsq(np.outer(x, y), b, 1e-6)[0]


def pseudo_inverse_of_rank_one(x, y):
    return np.linalg.pinv(np.outer(x, y), 1e-6)


CASES = [
    complex_case(np.linalg.inv, invertible(2, 2)),
    complex_case(np.linalg.inv, invertible(3, 3)),
    complex_case(np.linalg.inv, invertible(2, 2, 2)),
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
    complex_case(np.linalg.tensorinv, separated(4, 4), ind=1),
    complex_case(lambda a: np.linalg.tensorinv(np.reshape(a, (2, 3, 6))), invertible(6, 6), label="ind=2"),
    complex_case(lambda a: np.linalg.tensorinv(np.reshape(a, (4, 2, 2)), 1), invertible(4, 4), label="ind=1"),
    complex_case(np.linalg.tensorsolve, invertible(3, 3), normal(3)),
    complex_case(
        lambda a, b: np.linalg.tensorsolve(np.reshape(a, (2, 2, 4)), b),
        invertible(4, 4),
        normal(2, 2),
        label="tensorsolve",
    ),
    complex_case(
        lambda a, b: np.linalg.tensorsolve(np.reshape(a, (2, 2, 2, 2)), b, axes=(0, 2)),
        invertible(4, 4),
        normal(2, 2),
        label="tensorsolve, axes=(0, 2)",
    ),
    # pseudo-inverses
    *(complex_case(np.linalg.pinv, separated(*shape)) for shape in ((3, 2), (2, 3), (2, 2), (2, 2, 3))),
    complex_case(np.linalg.pinv, separated(3, 2), 0.01),
    complex_case(np.linalg.pinv, separated(3, 2), rtol=None),
    complex_case(np.linalg.pinv, separated(2, 2, 3), rtol=np.array([0.01, 0.02])),
    complex_case(np.linalg.pinv, hermitian(3, 3), hermitian=True),
    complex_case(np.linalg.pinv, hermitian(2, 2, 2), hermitian=True),
    complex_case(pseudo_inverse_of_rank_one, normal(3), normal(2)),
    # least squares: more rows, more columns, as many; one right side and several
    *(
        complex_case(np.linalg.lstsq, separated(*shape), normal(*right))
        for shape in ((4, 2), (2, 3), (2, 2))
        for right in ((shape[0],), (shape[0], 2))
    ),
    complex_case(np.linalg.lstsq, TALL, normal(3)),
    complex_case(np.linalg.lstsq, separated(3, 2), np.array([1.0, -2.0, 0.5])),
    complex_case(np.linalg.lstsq, separated(3, 2), normal(3), rcond=1e-3),
    complex_case(np.linalg.lstsq, separated(3, 2), normal(3), rcond=-1),
    complex_case(solution_of_rank_one, normal(3), normal(2), normal(3)),
]
