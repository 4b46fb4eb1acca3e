"""Cases of products, powers and chains of matrices in numpy.linalg."""

import fgrad.numpy as np
from tests.rules.cases.case import complex_case, invertible, normal

M = np.arange(6.0).reshape(2, 3) / 3


def linalg_case(function, *args, **kwargs):
    """Return a case with a name of its own: the main namespace has functions of the same names."""
    return complex_case(function, *args, label=f"linalg.{function.__name__}", **kwargs)


CASES = [
    *(
        linalg_case(np.linalg.matmul, normal(*left), normal(*right))
        for left, right in (((2, 3), (3, 2)), ((3,), (2, 3, 2)), ((2, 1, 3), (2, 3, 2)))
    ),
    linalg_case(np.linalg.matmul, M, normal(3)),
    linalg_case(np.linalg.outer, normal(2), normal(3)),
    linalg_case(np.linalg.outer, [normal(), normal()], np.array([1.0, -2.0])),
    linalg_case(np.linalg.tensordot, normal(2, 3), normal(2, 3)),
    linalg_case(np.linalg.tensordot, normal(2, 3), normal(3, 2), axes=([0, 1], [1, 0])),
    linalg_case(np.linalg.tensordot, M, normal(3, 2), axes=1),
    linalg_case(np.linalg.vecdot, normal(3), normal(3)),
    linalg_case(np.linalg.vecdot, normal(2, 3), normal(3)),
    linalg_case(np.linalg.vecdot, normal(2, 3), normal(2, 1), axis=0),
    linalg_case(np.linalg.cross, normal(3), normal(3)),
    linalg_case(np.linalg.cross, normal(2, 3), normal(3)),
    linalg_case(np.linalg.cross, normal(3, 2), normal(3, 2), axis=0),
    linalg_case(np.linalg.matrix_transpose, normal(2, 3)),
    linalg_case(np.linalg.matrix_transpose, normal(2, 2, 3)),
    *(linalg_case(np.linalg.diagonal, normal(*shape)) for shape in ((2, 3), (2, 3, 2))),
    *(linalg_case(np.linalg.diagonal, normal(2, 3, 3), offset=offset) for offset in (-1, 2)),
    *(linalg_case(np.linalg.trace, normal(*shape)) for shape in ((2, 3), (2, 3, 2))),
    *(linalg_case(np.linalg.trace, normal(2, 3, 3), offset=offset) for offset in (-1, 2)),
    linalg_case(np.linalg.trace, normal(2, 2), dtype=complex),
    *(linalg_case(np.linalg.matrix_power, invertible(3, 3), n) for n in (0, 1, 2, 3, 6, 7, -1, -2, -3)),
    *(linalg_case(np.linalg.matrix_power, invertible(2, 2, 2), n) for n in (0, 4, -2)),
    linalg_case(np.linalg.multi_dot, [normal(2, 3), normal(3, 2)]),
    linalg_case(np.linalg.multi_dot, [normal(3), normal(3)]),
    linalg_case(np.linalg.multi_dot, [normal(2, 3), normal(3, 1), normal(1, 2)]),
    linalg_case(np.linalg.multi_dot, [normal(1, 2), normal(2, 3), normal(3, 2)]),
    linalg_case(np.linalg.multi_dot, [normal(2), M, normal(3)]),
    linalg_case(np.linalg.multi_dot, [normal(2), normal(2, 3), normal(3, 2)]),
    linalg_case(np.linalg.multi_dot, [normal(2, 3), normal(3, 1), normal(1, 3), normal(3)]),
    linalg_case(np.linalg.multi_dot, (normal(1, 3), normal(3, 2), normal(2, 3), normal(3, 1), M[:1])),
]
