"""Cases of the functions that move and copy elements, or change how they are stored."""

import fgrad.numpy as np
from tests.rules.cases.case import complex_case, normal, number, real_normal

CASES = [
    *(
        complex_case(np.reshape, normal(2, 3), shape, order=order)
        for shape in ((3, 2), (6,), (-1,), (3, -1), (1, 6, 1), -1, 6)
        for order in ("C", "F")
    ),
    complex_case(np.reshape, normal(2, 3, 2), (4, 3), order="F"),
    complex_case(np.reshape, normal(), (1, 1)),
    complex_case(np.reshape, normal(1), ()),
    *(complex_case(np.ravel, normal(2, 3), order=order) for order in ("C", "F")),
    complex_case(np.ravel, normal()),
    *(
        complex_case(lambda x, order: np.ravel(x.T, order), normal(2, 3), order, label="ravel x.T")
        for order in ("C", "F", "K", "A")
    ),
    complex_case(lambda x: np.ravel(np.moveaxis(x, 0, 1), "K"), normal(2, 3, 2), label="ravel as in memory"),
    complex_case(lambda x: np.reshape(x.T, (2, 3), order="A"), normal(2, 3), label="reshape x.T"),
    complex_case(np.reshape, normal(2, 3), (3, 2), order="A"),
    # order of axes
    complex_case(np.transpose, normal(2, 3)),
    complex_case(np.transpose, normal(3)),
    complex_case(np.transpose, normal(2, 1, 3)),
    complex_case(np.transpose, normal(2, 1, 3), (1, 2, 0)),
    complex_case(np.transpose, normal(2, 1, 3), (-1, 0, 1)),
    complex_case(np.transpose, normal(2, 1, 3), axes=[2, 0, 1]),
    complex_case(np.moveaxis, normal(2, 1, 3), 0, -1),
    complex_case(np.moveaxis, normal(2, 1, 3), (0, 1), (-1, 0)),
    complex_case(np.swapaxes, normal(2, 1, 3), 0, 2),
    complex_case(np.swapaxes, normal(2, 1, 3), -1, 1),
    complex_case(np.rollaxis, normal(2, 1, 3), 2),
    complex_case(np.rollaxis, normal(2, 1, 3), 0, 3),
    complex_case(np.matrix_transpose, normal(2, 3)),
    complex_case(np.matrix_transpose, normal(2, 1, 3)),
    # axes of length one
    complex_case(np.squeeze, normal(1, 3, 1)),
    complex_case(np.squeeze, normal(1, 3, 1), 0),
    complex_case(np.squeeze, normal(1, 3, 1), axis=(0, -1)),
    complex_case(np.squeeze, normal(1)),
    complex_case(np.expand_dims, normal(3), 0),
    complex_case(np.expand_dims, normal(2, 3), -1),
    complex_case(np.expand_dims, normal(2, 3), axis=(0, 2)),
    complex_case(np.expand_dims, normal(), 0),
    complex_case(np.atleast_1d, normal()),
    complex_case(np.atleast_1d, normal(3)),
    complex_case(np.atleast_2d, normal()),
    complex_case(np.atleast_2d, normal(3)),
    complex_case(np.atleast_2d, normal(2, 3)),
    complex_case(np.atleast_3d, normal()),
    complex_case(np.atleast_3d, normal(3)),
    complex_case(np.atleast_3d, normal(2, 3)),
    complex_case(np.atleast_3d, normal(2, 1, 3)),
    complex_case(np.atleast_2d, normal(), normal(3)),
    # copies
    complex_case(np.broadcast_to, normal(3), (2, 3)),
    complex_case(np.broadcast_to, normal(2, 1), (2, 3)),
    complex_case(np.broadcast_to, normal(1, 3), (2, 2, 3)),
    complex_case(np.broadcast_to, normal(), (2, 2)),
    complex_case(np.broadcast_to, normal(1), 3),
    complex_case(np.broadcast_arrays, normal(3), normal(2, 1)),
    complex_case(np.broadcast_arrays, normal(), normal(2), normal(1)),
    complex_case(np.tile, normal(3), 2),
    complex_case(np.tile, normal(3), (2, 2)),
    complex_case(np.tile, normal(2, 2), 2),
    complex_case(np.tile, normal(2, 1), (2, 1, 3)),
    complex_case(np.tile, normal(), 3),
    complex_case(np.repeat, normal(2, 3), 2),
    complex_case(np.repeat, normal(2, 3), 2, axis=1),
    complex_case(np.repeat, normal(2, 3), [1, 0, 2], axis=-1),
    complex_case(np.repeat, normal(3), np.array([2, 0, 1])),
    complex_case(np.repeat, normal(), 3),
    complex_case(np.copy, normal(2, 3)),
    # order of elements
    complex_case(np.flip, normal(2, 3)),
    complex_case(np.flip, normal(2, 3), 0),
    complex_case(np.flip, normal(2, 3), axis=-1),
    complex_case(np.flip, normal(2, 1, 3), axis=(0, 2)),
    complex_case(np.fliplr, normal(2, 3)),
    complex_case(np.flipud, normal(2, 3)),
    complex_case(np.flipud, normal(3)),
    *(complex_case(np.rot90, normal(2, 3), k) for k in (0, 1, 2, 3, -1, 5)),
    complex_case(np.rot90, normal(2, 1, 3)),
    complex_case(np.rot90, normal(2, 1, 3), k=1, axes=(2, 0)),
    complex_case(np.rot90, normal(2, 1, 3), k=3, axes=(1, -1)),
    complex_case(np.roll, normal(4), 1),
    complex_case(np.roll, normal(2, 3), 2),
    complex_case(np.roll, normal(2, 3), -1, axis=1),
    complex_case(np.roll, normal(2, 3), (1, 2), axis=(0, -1)),
    complex_case(np.roll, normal(2, 3), 1, axis=(0, 1)),
    complex_case(np.roll, normal(2, 3), (1, 2), axis=1),
    # dtypes
    complex_case(lambda x: x.astype(np.complex128), normal(2, 3), label="astype complex"),
    complex_case(lambda x: x.astype("float64"), real_normal(3), label="astype float64"),
    complex_case(lambda x: np.asarray(x, dtype=complex), number(0.5), label="asarray complex"),
]
