"""Partial derivatives that need care, as primitives with derivatives of their own.

``1 - tanh(x)**2`` loses every digit for large ``x``; ``1 / (1 - x * x)`` loses them near one; and even
where a formula is good, the derivative that the chain rule makes of it may not be: that of
``1 / sqrt((1 - x) * (1 + x))`` subtracts ``1 - x`` from ``1 + x``.  So each such partial is computed by a
function that is accurate on the whole domain, and its own derivative is given as a product without
cancellation.  The rules are in these files beside the functions, since they belong together.

``zeros``
    Products and quotients in which a cotangent of zero wins.
``powers``
    The four partials of a power, to second order.
``inverses``
    Inverse trigonometric and hyperbolic functions, and ``tanh``.
``pairs``
    Logarithms of sums, radius and angle.
``special``
    The derivatives of ``i0`` and ``sinc``; imported by their rules alone.
``kinks``
    The choices where there is no derivative.

References
----------
N. J. Higham, *Accuracy and Stability of Numerical Algorithms*, 2nd ed., SIAM 2002, section 1.14
(rearrangements that avoid cancellation) and section 4.3 (the exact error of a sum, ``two_sum``).
"""

from fgrad.kinds.guarded import guarded
from fgrad.rules.slopes.inverses import (
    arccosh_slope,
    arcsin_slope,
    arcsinh_slope,
    arctan_slope,
    arctanh_slope,
    tanh_slope,
)
from fgrad.rules.slopes.kinks import floored_quotient, phase, pull_winner, truncated_quotient
from fgrad.rules.slopes.pairs import over_radius, over_square, share, share2
from fgrad.rules.slopes.powers import pull_power_base, pull_power_exponent
from fgrad.rules.slopes.zeros import quotient

__all__ = [
    "arccosh_slope",
    "arcsin_slope",
    "arcsinh_slope",
    "arctan_slope",
    "arctanh_slope",
    "floored_quotient",
    "guarded",
    "over_radius",
    "over_square",
    "phase",
    "pull_power_base",
    "pull_power_exponent",
    "pull_winner",
    "quotient",
    "share",
    "share2",
    "tanh_slope",
    "truncated_quotient",
]
