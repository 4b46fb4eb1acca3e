"""Cases of making arrays out of values, and of ranges and grids between them."""

import fgrad.numpy as np
from fgrad.numpy.wrap import PUBLIC
from tests.rules.cases.case import away, between, complex_case, normal, number, only_complex_case, real_case

M = np.arange(6.0).reshape(2, 3)
POSITIVE = between(0.5, 2.0)


def _taken(name, *items):
    """Return an object of NumPy's that is indexed, at an index."""
    return PUBLIC["numpy"][name][items if len(items) > 1 else items[0]]


def _r(*items):
    return _taken("r_", *items)


def _c(*items):
    return _taken("c_", *items)


def _vectorized(function, **options):
    return lambda *args, **kwargs: np.vectorize(function, **options)(*args, **kwargs)


CASES = [
    # arrays of values
    complex_case(np.array, [normal(), normal(), 2.0]),
    complex_case(np.array, [[normal(), 1.0], [number(0.5), normal()]]),
    complex_case(np.array, ((normal(2), normal(2)), M[:, :2])),
    complex_case(np.array, normal(2, 3)),
    complex_case(np.array, normal(3), ndmin=2),
    complex_case(np.array, [normal(), number(0.5)], dtype=complex),
    complex_case(np.asarray, normal(2, 3)),
    complex_case(np.asarray, [normal(3), normal(3)]),
    complex_case(np.asarray, normal(3), dtype=complex),
    complex_case(np.asanyarray, [normal(), normal()]),
    complex_case(np.ascontiguousarray, normal()),
    complex_case(np.ascontiguousarray, normal(2, 3)),
    complex_case(np.full, (2, 3), normal()),
    complex_case(np.full, (2, 3), normal(3)),
    complex_case(np.full, 3, number(0.5)),
    complex_case(np.full, (2,), normal(), dtype=complex),
    real_case(np.full_like, M, normal()),
    real_case(np.full_like, M[0], normal(), shape=(2, 2)),
    complex_case(np.array, [normal(2), [1.0, normal()]]),
    complex_case(np.array, [[normal(2), normal(2)], M[:, :2]]),
    complex_case(np.array, [normal()], ndmin=3),
    complex_case(np.array, normal(2, 3), copy=False),
    complex_case(np.asfortranarray, normal(2, 3)),
    complex_case(np.asfortranarray, [normal(), 1.0]),
    complex_case(np.asarray_chkfinite, normal(3)),
    complex_case(np.asarray_chkfinite, [normal(2), normal(2)]),
    complex_case(np.require, normal(3), requirements="C"),
    complex_case(np.require, [normal(), normal()]),
    complex_case(np.fromiter, [normal(), normal(), 1.0], complex),
    real_case(np.fromiter, [normal(), number(0.5), 1.0], float, 2),
    real_case(np.fromfunction, lambda i, j, scale: scale * i + j, (2, 3), scale=normal()),
    # ranges
    complex_case(np.linspace, normal(), normal(), 5),
    complex_case(np.linspace, number(0.5), number(2.5), num=4, endpoint=False),
    complex_case(np.linspace, normal(2), normal(), 3),
    complex_case(np.linspace, normal(2), normal(2), 3, axis=-1),
    complex_case(np.linspace, normal(), away(), 3, retstep=True),
    complex_case(np.linspace, normal(), 1.0, 4),
    complex_case(np.linspace, normal(2), [normal(), 0.0], 3),
    complex_case(np.linspace, normal(2, 1), normal(2), 3, axis=1),
    complex_case(np.linspace, normal(), normal(), 0),
    complex_case(np.linspace, normal(), normal(), 1),
    only_complex_case(np.linspace, normal(), normal(), 3, dtype=complex),
    real_case(np.arange, between(2.2, 2.8)()),
    real_case(np.arange, number(0.25), number(3.5)),
    real_case(np.arange, between(0.2, 0.4)(), 3.5, between(0.6, 0.7)()),
    real_case(np.arange, 0.0, number(-2.5), number(-1.0)),
    real_case(np.arange, 2.0, step=number(0.75)),
    real_case(np.arange, start=number(0.5), stop=2.0),
    *(
        complex_case(np.logspace, *ends, **options)
        for ends, options in (
            ((normal(), normal(), 4), {}),
            ((number(0.5), 1.0), {"num": 3, "endpoint": False}),
            ((normal(2), normal(), 3), {"axis": 1}),
            ((normal(), normal(2), 3), {"base": POSITIVE()}),
            ((normal(), 1.0, 3), {"base": number(2.0)}),
            ((0.5, 1.5, 3), {"base": POSITIVE(2)}),
            ((normal(2), normal(), 3), {"base": POSITIVE(2), "axis": -1}),
            ((normal(3, 1), normal(), 2), {"base": POSITIVE(2), "axis": 1}),
            ((normal(), normal(), 3), {"dtype": complex}),
        )
    ),
    *(
        complex_case(np.geomspace, *ends, **options)
        for ends, options in (
            ((POSITIVE(), POSITIVE(), 5), {}),
            ((number(0.5), number(8.0)), {"num": 4, "endpoint": False}),
            ((POSITIVE(2), POSITIVE(), 3), {}),
            ((POSITIVE(2), POSITIVE(2, 1), 3), {"axis": -1}),
            ((POSITIVE(), 3.0, 3), {"dtype": complex}),
            ((POSITIVE(), POSITIVE(), 1), {}),
        )
    ),
    real_case(np.geomspace, between(-2.0, -1.0)(), number(-8.0), 4),
    only_complex_case(np.geomspace, away(), POSITIVE(), 4),
    # grids
    complex_case(np.meshgrid, normal(2), normal(3)),
    complex_case(np.meshgrid, normal(2), normal(3), indexing="ij"),
    complex_case(np.meshgrid, normal(2), normal(3), sparse=True),
    complex_case(np.meshgrid, normal(2), normal(), normal(2)),
    complex_case(np.meshgrid, normal(3)),
    complex_case(np.meshgrid, normal(2), normal(3), normal(2), indexing="ij", sparse=True),
    # objects that are indexed
    complex_case(_r, normal(2), 1.0, normal()),
    complex_case(_r, [normal(), 0.0], slice(0, 3), number(0.5)),
    complex_case(_r, "0,2", normal(2), normal(2)),
    complex_case(_r, "0,2,0", normal(2), normal(1)),
    complex_case(_r, "-1", normal(2, 2), normal(2, 1)),
    complex_case(_r, "1,3,1", normal(2, 2), normal(2, 2)),
    complex_case(_r, normal(2)),
    complex_case(_c, normal(3), normal(3)),
    complex_case(_c, normal(2, 2), normal(2)),
    complex_case(_c, normal(), 1.0),
    complex_case(lambda a, b: np.r_[a:b:4j, a], normal(), normal(), label="r_ with a range"),
    real_case(lambda a: np.r_[a:2.5, a:2.5:0.5], between(0.1, 0.4)(), label="r_ with steps"),
    complex_case(lambda a, b: np.mgrid[a:b:3j], normal(), normal(), label="mgrid of one axis"),
    complex_case(lambda a, b: np.mgrid[a:b:3j, 0:a:2j], normal(), normal(), label="mgrid"),
    real_case(lambda a: np.ogrid[a:2.5, 0:3], between(0.1, 0.4)(), label="ogrid"),
    # functions of numbers
    complex_case(_vectorized(lambda x, y: x * y + 1.0), normal(2, 1), normal(3), label="vectorize"),
    complex_case(_vectorized(lambda x: (x * x, 2 * x)), normal(3), label="vectorize to pairs"),
    complex_case(_vectorized(lambda x: x * x), normal(), label="vectorize of a number"),
    complex_case(
        _vectorized(lambda a, x: a @ x, signature="(m,n),(n)->(m)"),
        normal(2, 1, 2, 3),
        normal(2, 3),
        label="vectorize over matrices",
    ),
    complex_case(
        _vectorized(lambda x, s: (x * s, np.sum(x) ** 2), signature="(n),()->(n),()"),
        normal(2, 3),
        normal(),
        label="vectorize over vectors, to a vector and a number",
    ),
    complex_case(
        _vectorized(np.polyval, excluded={0}),
        [normal(), normal()],
        normal(2),
        label="vectorize by x",
    ),
    only_complex_case(
        _vectorized(lambda x: x * x, otypes=[complex]), normal(2), label="vectorize to complex"
    ),
]
