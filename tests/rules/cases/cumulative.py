"""Cases of running sums and products."""

import fgrad.numpy as np
from fgrad.numpy.reducing.cumulative import RECURRENCE
from tests.rules.cases.case import away, complex_case, normal, number

RUNNING_AXES = [
    ((), {}),
    ((4,), {}),
    ((1,), {}),
    ((2, 3), {}),
    ((2, 3), {"axis": 0}),
    ((2, 3), {"axis": -1}),
    ((2, 2, 2), {"axis": 1}),
]

#: Zeros in some places: one, two, at the beginning, at the end, in a row.
ZEROS = [
    ("one", np.array([1.0, 0.0, 1.0, 1.0, 1.0])),
    ("two", np.array([1.0, 0.0, 1.0, 0.0, 1.0])),
    ("two in a row", np.array([1.0, 0.0, 0.0, 1.0, 1.0])),
    ("at both ends", np.array([0.0, 1.0, 1.0, 1.0, 0.0])),
    ("nothing but", np.zeros(5)),
]

CASES = [
    *(complex_case(f, away(*shape), **axes) for f in (np.cumsum, np.cumprod) for shape, axes in RUNNING_AXES),
    *(complex_case(f, number(0.7)) for f in (np.cumsum, np.cumprod)),
    *(complex_case(f, normal(2, 3), axis=1, dtype=np.complex128) for f in (np.cumsum, np.cumprod)),
    *(complex_case(np.cumprod, away(n)) for n in (2, 3, 5, 6)),
    *(
        complex_case(lambda x, zeros=zeros: np.cumprod(x * zeros), away(5), label=f"cumprod, {name} zero")
        for name, zeros in ZEROS
    ),
    complex_case(RECURRENCE, normal(5), normal(5), label="recurrence"),
    complex_case(RECURRENCE, normal(4, 2), normal(4, 2), label="recurrence"),
]

if hasattr(np, "cumulative_sum"):  # since NumPy 2.1
    CASES += [
        complex_case(f, away(*shape), include_initial=include, **axes)
        for f in (np.cumulative_sum, np.cumulative_prod)
        for shape, axes in (((), {}), ((3,), {}), ((2, 3), {"axis": 0}), ((2, 3), {"axis": -1}))
        for include in (False, True)
    ]
    CASES += [
        complex_case(f, away(3), dtype=np.complex128, include_initial=True)
        for f in (np.cumulative_sum, np.cumulative_prod)
    ]
