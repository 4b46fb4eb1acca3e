"""Cases of sums, means, products, extrema and spread."""

import fgrad.numpy as np
from tests.rules.cases.case import apart, away, complex_case, normal, number, real_case

#: The ways to say which axes, with the shape that they are for.
AXES = [
    ((), {}),
    ((), {"keepdims": True}),
    ((3,), {}),
    ((3,), {"axis": 0}),
    ((3,), {"axis": -1, "keepdims": True}),
    ((2, 3), {}),
    ((2, 3), {"axis": 0}),
    ((2, 3), {"axis": -1}),
    ((2, 3), {"axis": 1, "keepdims": True}),
    ((2, 3), {"keepdims": True}),
    ((2, 3), {"axis": (0, 1)}),
    ((2, 1, 3), {"axis": (0, 2)}),
    ((2, 2, 2), {"axis": (-1, 0)}),
    ((2, 2, 2), {"axis": (2, -3), "keepdims": True}),
    ((2, 2, 2), {"axis": 1}),
    ((1, 3), {"axis": 0}),
]

SPREAD_AXES = [(shape, axes) for shape, axes in AXES if shape not in ((), (1, 3))]

CASES = [
    *(complex_case(f, normal(*shape), **axes) for f in (np.sum, np.mean) for shape, axes in AXES),
    *(complex_case(np.prod, away(*shape), **axes) for shape, axes in AXES),
    *(real_case(f, apart(*shape), **axes) for f in (np.max, np.min, np.ptp) for shape, axes in AXES),
    *(complex_case(f, apart(*shape), **axes) for f in (np.var, np.std) for shape, axes in SPREAD_AXES),
    *(complex_case(f, number(0.7)) for f in (np.sum, np.mean, np.prod)),
    *(real_case(f, number(0.7)) for f in (np.max, np.min)),
    *(complex_case(f, normal(3, 2), axis=axis) for f in (np.sum, np.mean, np.prod) for axis in ((), 0)),
    *(complex_case(f, normal(2, 3), 0) for f in (np.sum, np.mean)),
    *(
        complex_case(f, apart(3, 2), axis=axis, ddof=ddof)
        for f in (np.var, np.std)
        for axis, ddof in ((None, 1), (0, 1), (-2, 0.5), ((0, 1), 2))
    ),
    complex_case(np.var, apart(3, 2), axis=0, correction=1),
    complex_case(np.std, apart(3, 2), axis=0, correction=1, keepdims=True),
    *(
        complex_case(f, normal(2, 3), axis=1, dtype=np.complex128)
        for f in (np.sum, np.mean, np.prod, np.cumsum)
    ),
    # products with zeros
    *(
        complex_case(lambda x, zeros=zeros: np.prod(x * zeros), away(4), label=f"prod, {count} zeros")
        for count, zeros in ((1, np.array([1.0, 0.0, 1.0, 1.0])), (2, np.array([0.0, 1.0, 0.0, 1.0])))
    ),
    *(
        complex_case(
            lambda x, axis=axis: np.prod(x * np.array([[1.0, 0.0, 2.0], [0.0, 0.0, 1.0]]), axis=axis),
            away(2, 3),
            label=f"prod of rows and columns with zeros, axis {axis}",
        )
        for axis in (0, 1, -1, (1, 0))
    ),
    # running sums
    complex_case(np.cumsum, normal()),
    complex_case(np.cumsum, normal(4)),
    complex_case(np.cumsum, normal(2, 3)),
    complex_case(np.cumsum, normal(2, 3), axis=0),
    complex_case(np.cumsum, normal(2, 3), axis=-1),
    complex_case(np.cumsum, normal(2, 2, 2), 1),
]
