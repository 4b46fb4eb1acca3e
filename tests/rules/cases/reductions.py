"""Cases of sums, means, products, extrema and spread, with masks and initial values."""

import fgrad.numpy as np
from tests.rules.cases.case import Case, apart, away, complex_case, normal, number, real_case, real_normal

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

#: A mask that leaves something along each axis.
MASK = np.array([[True, False, True], [False, True, True]])

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
    *(complex_case(f, normal(2, 3), axis=1, dtype=np.complex128) for f in (np.sum, np.mean, np.prod)),
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
    # masks and initial values
    *(
        complex_case(f, away(2, 3), where=MASK, **axes)
        for f in (np.sum, np.prod, np.mean)
        for axes in ({}, {"axis": 0}, {"axis": -1, "keepdims": True}, {"axis": (0, 1)})
    ),
    *(complex_case(f, away(2, 3), axis=1, initial=number(0.7)) for f in (np.sum, np.prod)),
    *(complex_case(f, away(2, 3), initial=away(), where=MASK[0]) for f in (np.sum, np.prod)),
    *(complex_case(f, away(0, 2), axis=0, initial=away()) for f in (np.sum, np.prod)),
    *(complex_case(f, away(3), 0, None, None, True, 2.0) for f in (np.sum, np.prod)),
    *(
        real_case(f, apart(2, 3), axis=1, initial=number(initial))
        for f, initial in ((np.max, -9.0), (np.max, 9.0), (np.min, 0.25))
    ),
    *(
        real_case(f, apart(2, 3), initial=away(), where=MASK, **axes)
        for f in (np.max, np.min)
        for axes in ({}, {"axis": 0}, {"axis": 1, "keepdims": True})
    ),
    *(Case(f, (apart(2, 3),), {"axis": 1}, ("complex128",)) for f in (np.max, np.min, np.ptp)),
    real_case(np.max, away(0, 2), axis=0, initial=away()),
    *(real_case(f, apart(2, 3), **axes) for f in (np.amax, np.amin) for axes in ({}, {"axis": 1})),
    *(
        complex_case(f, apart(2, 3), where=MASK, **axes)
        for f in (np.var, np.std)
        for axes in ({}, {"axis": 1}, {"axis": -1, "keepdims": True, "ddof": 0.5})
    ),
    *(
        complex_case(f, apart(2, 3), axis=1, mean=normal(2, 1), **options)
        for f in (np.var, np.std)
        for options in ({}, {"ddof": 1}, {"where": MASK})
    ),
    complex_case(
        lambda x: np.std(x, axis=0, mean=np.mean(x, axis=0, keepdims=True)),
        apart(3, 2),
        label="std with its own mean",
    ),
    *(real_case(f, np.array([1, 2, 4]), mean=normal()) for f in (np.var, np.std)),
    *(complex_case(f, apart(3), mean=real_normal()) for f in (np.var, np.std)),
    *(complex_case(f, apart(3, 2), dtype=np.complex128) for f in (np.var, np.std)),
]
