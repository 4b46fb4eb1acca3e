"""Cases of choosing between arrays, of margins, and of functions that call the user's."""

from inspect import signature

import numpy

import fgrad.numpy as np
from tests.rules.cases.case import apart, between, complex_case, normal, number, real_case, real_normal

M = np.arange(6.0).reshape(2, 3)
MASK = np.array([[True, False, True], [False, True, False]])
THIRD = np.array([True, False, False])

CASES = [
    complex_case(np.where, MASK, normal(2, 3), normal(3)),
    complex_case(np.where, MASK, number(0.5), normal(2, 1)),
    complex_case(np.where, True, normal(3), M),
    complex_case(np.where, MASK, [normal(), normal(), 1.0], real_normal(2, 3)),
    complex_case(np.where, THIRD, normal(), normal()),
    # limits
    real_case(np.clip, apart(2, 3), -0.25, 0.5),
    real_case(np.clip, apart(2, 3), between(-0.4, -0.3)(3), between(0.35, 0.4)(2, 1)),
    real_case(np.clip, apart(5), number(-0.375), None),
    real_case(np.clip, apart(5), None, number(0.375)),
    real_case(np.clip, M, normal(), between(3.5, 4.5)()),
    real_case(np.clip, apart(), -0.05, 9.0),
    # choices
    complex_case(np.choose, [0, 1, 1], [normal(3), normal(3)]),
    complex_case(np.choose, np.array([[2, 0, 1], [1, 1, 0]]), [normal(3), normal(2, 1), 0.5]),
    complex_case(np.choose, 1, [normal(2), normal(2)]),
    complex_case(np.choose, 0, [normal(), number(0.5)]),
    complex_case(np.choose, [1, 0, 2], normal(3, 3)),
    complex_case(np.choose, [-1, 5, 1], [normal(3), real_normal(3)], mode="wrap"),
    complex_case(np.choose, [-1, 5, 1], [normal(3), M[0]], mode="clip"),
    complex_case(np.choose, MASK, [normal(), normal(3)]),
    complex_case(np.select, [MASK, ~MASK], [normal(2, 3), normal(3)]),
    complex_case(np.select, [MASK, THIRD], [normal(3), real_normal(2, 1)], normal()),
    complex_case(np.select, [THIRD, ~THIRD], [1.0, 2.0], normal(3)),
    complex_case(np.select, [THIRD], [number(0.5)], default=number(1.5)),
    complex_case(np.select, [True, MASK], [normal(3), normal(3)]),
    complex_case(np.select, [np.array(False)], [normal()], 2.0),
    # margins
    complex_case(np.pad, normal(3), 2),
    complex_case(np.pad, normal(2, 3), ((1, 0), (0, 2))),
    complex_case(np.pad, normal(2, 3), 1, constant_values=2.5),
    complex_case(np.pad, normal(2, 3), 1, constant_values=normal(2, 2)),
    complex_case(np.pad, normal(2), (2, 1), constant_values=(normal(), number(0.5))),
    complex_case(np.pad, M, ((0, 1), (2, 0)), constant_values=real_normal()),
    complex_case(np.pad, normal(2, 0), 1, constant_values=normal(2, 1)),
    *(
        complex_case(np.pad, normal(3), (2, 4), mode=mode)
        for mode in ("edge", "wrap", "reflect", "symmetric")
    ),
    *(
        complex_case(np.pad, normal(2, 3), ((1, 2), (3, 0)), mode=mode)
        for mode in ("edge", "wrap", "reflect", "symmetric", "linear_ramp", "mean")
    ),
    *(
        complex_case(np.pad, normal(*shape), width, mode=mode, reflect_type="odd")
        for mode in ("reflect", "symmetric")
        for shape, width in (
            ((4,), (2, 3)),
            ((3,), (5, 8)),
            ((2,), 5),
            ((2, 3), ((3, 1), (1, 4))),
            ((2, 1), 2),
        )
    ),
    *(
        real_case(np.pad, apart(2, 4), ((1, 0), (2, 1)), mode=mode)
        for mode in ("maximum", "minimum", "median")
    ),
    *(
        real_case(np.pad, apart(5), (2, 1), mode=mode, stat_length=(2, 3))
        for mode in ("maximum", "minimum", "median", "mean")
    ),
    complex_case(np.pad, normal(3, 2), 1, mode="mean", stat_length=((1, 2), (9, 1))),
    complex_case(np.pad, normal(3), (3, 2), mode="linear_ramp", end_values=(normal(), 1.5)),
    complex_case(np.pad, normal(2, 2), ((1, 2), (0, 2)), mode="linear_ramp", end_values=normal(2, 2)),
    complex_case(np.pad, M, 2, mode="linear_ramp", end_values=real_normal()),
    # functions that call the user's
    complex_case(np.piecewise, normal(3), [THIRD, ~THIRD], [lambda v: v * v, lambda v: v * 3]),
    complex_case(np.piecewise, normal(2, 3), [MASK], [normal(), lambda v: v * v]),
    complex_case(
        np.piecewise, normal(3), THIRD, [lambda v, w: v * w, 0.5], normal(), label="piecewise *args"
    ),
    complex_case(np.piecewise, normal(), [True, False], [lambda v: v * v, 1.0]),
    complex_case(np.piecewise, M, [MASK, ~MASK], [real_normal(), real_normal()]),
    complex_case(np.apply_along_axis, lambda row: row * row[0], 1, normal(2, 3)),
    complex_case(np.apply_along_axis, lambda row: row[0] * row[-1], 0, normal(2, 3)),
    complex_case(np.apply_along_axis, lambda v: np.outer(v, v), 1, normal(2, 2, 3)),
    complex_case(
        np.apply_along_axis, lambda v, w: np.sum(v) * w, -1, normal(2, 3), normal(), label="with args"
    ),
    complex_case(np.apply_along_axis, lambda v: [v[0], v[1] * v[0]], 0, normal(2, 2)),
    complex_case(np.apply_over_axes, np.sum, normal(2, 3, 2), (0, -1)),
    complex_case(np.apply_over_axes, lambda a, axis: np.sum(a * a, axis), normal(2, 3), 1),
    complex_case(np.apply_over_axes, np.cumsum, normal(2, 3), [1, 0]),
]

#: Limits that not every NumPy that fgrad works with takes.
if "min" in signature(numpy.clip).parameters:
    CASES += [
        real_case(np.clip, apart(3), None, None),
        real_case(np.clip, apart(4), min=-0.25, max=[between(0.3, 0.4)(), 0.5, 0.5, 9.0]),
    ]
