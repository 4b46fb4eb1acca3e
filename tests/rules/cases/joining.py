"""Cases of joining arrays and splitting them."""

import fgrad.numpy as np
from tests.rules.cases.case import complex_case, normal, number, real_normal

M = np.arange(6.0).reshape(2, 3)

CASES = [
    complex_case(np.concatenate, [normal(2), normal(3)]),
    complex_case(np.concatenate, (normal(2, 3), normal(1, 3)), 0),
    complex_case(np.concatenate, [normal(2, 1), normal(2, 2)], axis=-1),
    complex_case(np.concatenate, [normal(2), normal(1, 3)], axis=None),
    complex_case(np.concatenate, [normal(2), M[0], normal(1)]),
    complex_case(np.concatenate, [real_normal(2), normal(3)]),
    complex_case(np.concatenate, [normal(2, 3)], axis=1),
    complex_case(np.concatenate, normal(2, 2, 3)),
    complex_case(np.concatenate, [normal(2), normal(2)], dtype=np.complex128),
    complex_case(np.stack, [normal(3), normal(3)]),
    complex_case(np.stack, [normal(2, 3), normal(2, 3)], axis=1),
    complex_case(np.stack, [normal(2, 3), M], axis=-1),
    complex_case(np.stack, [normal(), normal(), 1.0]),
    complex_case(np.stack, [real_normal(3), normal(3)], -2),
    complex_case(np.vstack, [normal(3), normal(2, 3)]),
    complex_case(np.vstack, [normal(), normal()]),
    complex_case(np.hstack, [normal(3), normal(), normal(2)]),
    complex_case(np.hstack, [normal(2, 1), normal(2, 2)]),
    complex_case(np.dstack, [normal(3), normal(3)]),
    complex_case(np.dstack, [normal(2, 3), normal(2, 3)]),
    complex_case(np.column_stack, [normal(2), normal(2, 3)]),
    complex_case(np.append, normal(2, 3), normal(2)),
    complex_case(np.append, normal(2, 3), normal(1, 3), axis=0),
    complex_case(np.append, normal(3), number(0.5)),
    complex_case(np.block, [normal(2), normal(3)]),
    complex_case(np.block, [[normal(2, 2), normal(2, 1)], [normal(1, 2), normal()]]),
    complex_case(np.block, [[normal(2)], [normal(2)]]),
    complex_case(np.block, normal(3)),
    # splitting
    complex_case(np.split, normal(4), 2),
    complex_case(np.split, normal(5), [1, 3]),
    complex_case(np.split, normal(2, 4), 2, axis=1),
    complex_case(np.split, normal(2, 4), [1, 1, 3], axis=-1),
    complex_case(np.array_split, normal(5), 3),
    complex_case(np.array_split, normal(2, 5), [2], axis=1),
    complex_case(np.array_split, normal(4), [3, 1]),
    complex_case(np.array_split, normal(4), [1, -1]),
    complex_case(np.array_split, normal(4), [1, 9]),
    complex_case(np.hsplit, normal(4), 2),
    complex_case(np.hsplit, normal(2, 4), [1]),
    complex_case(np.vsplit, normal(4, 2), 2),
    complex_case(np.dsplit, normal(2, 1, 4), 2),
]

#: Functions that not every NumPy that fgrad works with has.
if hasattr(np, "unstack"):
    CASES += [
        complex_case(np.unstack, normal(2, 3)),
        complex_case(np.unstack, normal(2, 3), axis=-1),
    ]
