"""Cases of the partial derivatives that are primitives of their own."""

from fgrad.rules.slopes import inverses, pairs, powers, zeros
from tests.rules.cases.case import away, between, complex_case, normal, number, real_case

POSITIVE = between(0.5, 2.0)
INSIDE = between(-0.8, 0.8)

UNARY = [
    (inverses.arcsin_slope, INSIDE, 0.3),
    (inverses.arctan_slope, INSIDE, 0.7),
    (inverses.arcsinh_slope, INSIDE, 0.7),
    (inverses.arccosh_slope, between(1.5, 3.0), 2.0),
    (inverses.arctanh_slope, INSIDE, 0.3),
    (inverses.tanh_slope, INSIDE, 0.7),
]

BINARY = [
    (complex_case, zeros.quotient, normal, away),
    (complex_case, zeros.guarded, normal, normal),
    (complex_case, zeros.zero_product, normal, normal),
    (complex_case, powers.power_slope, POSITIVE, POSITIVE),
    (complex_case, powers.power_curve, POSITIVE, POSITIVE),
    (complex_case, powers.power_log, POSITIVE, POSITIVE),
    (complex_case, powers.power_log_log, POSITIVE, POSITIVE),
    (complex_case, powers.power_mixed, POSITIVE, POSITIVE),
    (real_case, pairs.share, normal, normal),
    (real_case, pairs.share2, normal, normal),
    (real_case, pairs.over_radius, away, away),
    (real_case, pairs.over_square, away, away),
    (real_case, pairs.over_square_a, away, away),
    (real_case, pairs.over_square_b, away, away),
]

CASES = [
    *(
        complex_case(function, argument)
        for function, domain, value in UNARY
        for argument in (domain(2, 3), domain(), number(value))
    ),
    *(
        make(function, *arguments)
        for make, function, first, second in BINARY
        for arguments in (
            (first(2, 3), second(3)),
            (first(3), second(2, 1)),
            (first(), second()),
            (first(3), number(1.25)),
            (number(0.75), number(1.25)),
        )
    ),
]
