"""The functions to be tested for accuracy, the ways to their derivatives, and the comparison."""

import functools
import operator

import numpy as onp

import fgrad.numpy as np
from fgrad import elementwise_grad, grad, jvp
from tests.rules.accuracy_oracle import CURVES, SURFACES
from tests.rules.accuracy_units import exactly, ulps

#: The units in the last place that a first and a second derivative may be off.
FIRST, SECOND = 8, 64

#: The operators, and the functions whose cases they share.
OPERATORS = {
    "add": "add",
    "sub": "subtract",
    "mul": "multiply",
    "truediv": "divide",
    "mod": "remainder",
    "pow": "power",
    "neg": "negative",
    "pos": "positive",
    "abs": "absolute",
}

UNARY = {name: (getattr(np, name), name) for name in CURVES} | {
    f"operator.{op}": (getattr(operator, op), name) for op, name in OPERATORS.items() if name in CURVES
}
BINARY = {name: (getattr(np, name), name) for name in SURFACES} | {
    f"operator.{op}": (getattr(operator, op), name) for op, name in OPERATORS.items() if name in SURFACES
}


# the points and the exact values, once for each function


@functools.cache
def points_of(name):
    """Return the points of a case at which the function itself is finite."""
    case = CURVES.get(name) or SURFACES[name]
    return where_finite(getattr(onp, name), case.points(name))


def where_finite(function, args):
    with onp.errstate(all="ignore"):
        finite = onp.isfinite(function(*args))
    return tuple(a[finite] for a in args)


@functools.cache
def quiet_at(name):
    """Return at which points NumPy's own function raises no warning.

    That of ``logaddexp`` does where the difference of its arguments overflows, though its value is finite.
    """
    function = getattr(onp, name)

    def is_quiet(point):
        try:
            with onp.errstate(all="raise", under="ignore"):
                function(*point)
        except FloatingPointError:
            return False
        return True

    return onp.array([is_quiet(point) for point in zip(*points_of(name), strict=True)])


@functools.cache
def exact_of(name, part):
    """Return the correctly rounded values of a derivative of a case at its points."""
    case = CURVES.get(name) or SURFACES[name]
    return exactly(getattr(case, part), *points_of(name))


def finite_at(name, *parts):
    """Return at which points derivatives are finite, and no warning is due."""
    return functools.reduce(
        operator.and_, (onp.isfinite(exact_of(name, part)) for part in parts), quiet_at(name)
    )


# the ways to a derivative; each takes arrays and returns an array


def reverse(function, argnum, args):
    return elementwise_grad(function, argnum)(*args)


def forward(function, argnum, args):
    return jvp(at(function, argnum, args), (args[argnum],), (onp.ones_like(args[argnum]),))[1]


def scalar(function, argnum, args):
    gradient = grad(function, argnum)
    return onp.array([gradient(*point) for point in zip(*(a.tolist() for a in args), strict=True)])


def at(function, argnum, args):
    """Return the function of one argument alone, the others fixed."""
    return lambda value: function(*args[:argnum], value, *args[argnum + 1 :])


def reverse_over_reverse(function, i, j, args):
    return reverse(elementwise_grad(function, i), j, args)


def forward_over_reverse(function, i, j, args):
    return forward(elementwise_grad(function, i), j, args)


def scalar_twice(function, i, j, args):
    return scalar(grad(function, i), j, args)


def check(derivative, args, exact, bound, finite):
    """Compare a derivative with the exact one, and watch for warnings where all is ``finite``."""
    for chosen, errors in (
        (finite, {"all": "raise", "under": "ignore"}),
        (~finite, {"over": "ignore", "divide": "ignore"}),
    ):
        if chosen.any():
            some = tuple(a[chosen] for a in args)
            with onp.errstate(**errors):
                computed = derivative(some)
            off = ulps(computed, exact[chosen])
            worst = int(off.argmax())
            assert off[worst] <= bound, (
                f"{off[worst]:.0f} units off at {[float(a[worst]) for a in some]}: "
                f"{computed[worst]!r} for {exact[chosen][worst]!r}"
            )
