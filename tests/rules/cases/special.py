"""Cases of special functions, windows and repairs of values, and of the slopes that they need."""

import fgrad.numpy as np
from fgrad.rules.slopes import special
from tests.rules.cases.case import away, between, complex_case, normal, number, real_case

ORDINARY = between(-1.5, 1.5)

#: Phases that jump by more than half a turn, and by less.
PHASES = np.array([0.1, 3.0, -3.0, -2.5, 2.5, 9.0])
FAULTY = np.array([1.0, np.nan, np.inf, -np.inf, -2.0])


def _faulty(x):
    """Return values among which some are no finite numbers."""
    return x + np.array([0.0, np.nan, np.inf])


CASES = [
    *(
        make(function, argument)
        for make, function in ((real_case, np.i0), (complex_case, np.sinc))
        for argument in (ORDINARY(2, 3), ORDINARY(), number(0.7), number(-2.5))
    ),
    real_case(np.i0, between(20.0, 30.0)(3)),
    complex_case(lambda x: np.sinc(x * np.array([0.0, 1e-9, 1.0])), normal(3), label="sinc near zero"),
    *(
        make(function, argument, order)
        for make, function in ((real_case, special.bessel_i), (complex_case, special.sinc_derivative))
        for order in (1, 2, 3)
        for argument in (ORDINARY(2, 3), ORDINARY(), number(0.7))
    ),
    complex_case(special.sinc_derivative, between(1.5, 2.5)(4), 2),
    # windows
    *(
        real_case(np.kaiser, count, beta)
        for count in (1, 2, 5)
        for beta in (between(2.0, 9.0)(), number(5.0))
    ),
    real_case(np.kaiser, 6.0, number(0.0)),
    # phases
    real_case(lambda p: np.unwrap(p + PHASES), normal(2, 6), label="unwrap"),
    real_case(lambda p: np.unwrap(p + PHASES[:, None], axis=0), normal(6, 2), label="unwrap along axis 0"),
    real_case(lambda p: np.unwrap(4 * p, axis=-2, period=3.0), normal(2, 3, 2), label="unwrap by three"),
    real_case(np.unwrap, between(-0.5, 0.5)(4)),
    real_case(lambda d: np.unwrap(PHASES, period=d), between(6.0, 6.5)(), label="unwrap by a period"),
    real_case(lambda d: np.unwrap(PHASES, 5.0, period=d), number(6.0), label="unwrap large jumps"),
    real_case(lambda p: np.unwrap(p, p[0] + 4.0), between(0.0, 0.5)(4), label="unwrap jumps beyond a value"),
    # repairs
    complex_case(np.nan_to_num, normal(2, 3)),
    complex_case(np.nan_to_num, normal()),
    real_case(lambda x: np.nan_to_num(-_faulty(x), neginf=-1), normal(3), label="nan_to_num of faults"),
    real_case(
        lambda x: np.nan_to_num(_faulty(x), nan=1.5, posinf=7.0, neginf=-7.0),
        normal(2, 3),
        label="nan_to_num with other values",
    ),
    real_case(
        lambda *values: np.nan_to_num(FAULTY, True, *values),
        normal(),
        away(),
        number(0.5),
        label="nan_to_num with traced values",
    ),
]
