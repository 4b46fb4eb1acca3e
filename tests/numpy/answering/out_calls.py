"""Calls of every function of NumPy's that has ``out=``: ``call(np, x, **out)``.

``np`` is NumPy or fgrad.numpy, and ``x`` an array of shape (3, 4).  Without ``out`` the call returns what
``out`` is to hold.
"""

import numpy as np

import fgrad.numpy as fnp
from fgrad import grad
from fgrad.core.box import bottom
from fgrad.numpy.classification import NAMESPACES, classify
from tests.oracles import numerical_jacobian

MASK = np.array([True, False, True, True])
GAPS = np.arange(12).reshape(3, 4) % 5 == 1
MATRIX = np.arange(12.0).reshape(4, 3) / 7 - 0.6


def gappy(np, x):
    """Return the array with NaN in it, in every column and in two rows of three at most."""
    return np.where(GAPS, np.nan, x)


def _reduction(name, *options, source=lambda np, x: x):
    """Return calls of a reduction, one for each set of options."""
    return [
        lambda np, x, given=given, **out: getattr(np, name)(source(np, x), **given, **out)
        for given in ({}, {"axis": 0}, {"axis": -1, "keepdims": True}, *options)
    ]


def _quantile(name, q, source=lambda np, x: x):
    return [
        lambda np, x, given=given, **out: getattr(np, name)(source(np, x), q, **given, **out)
        for given in ({}, {"axis": 0}, {"axis": 1, "keepdims": True}, {"axis": 0, "method": "lower"})
    ]


def _running(name, source=lambda np, x: x):
    return [
        lambda np, x, given=given, **out: getattr(np, name)(source(np, x), **given, **out)
        for given in ({}, {"axis": 0}, {"axis": -1})
    ]


def _transform(name):
    return [
        lambda np, x, given=given, **out: getattr(np.fft, name)(x, *given, **out)
        for given in ((), (6, 0, "ortho"), (3, 1, "forward"))
    ]


def _transform_of_several(name):
    return [
        lambda np, x, given=given, **out: getattr(np.fft, name)(x, *given, **out)
        for given in ((), ((3, 4), (0, 1), "ortho"), ((4, 3), (-1, -2), "forward"))
    ]


_WHERE = {"axis": 0, "where": np.arange(12).reshape(3, 4) > 2}
_START = {"axis": 0, "initial": 0.3}
_DDOF = {"axis": 1, "ddof": 1}
_DTYPE = {"axis": 0, "dtype": "float64"}

#: NumPy 2.0 to 2.5 forget ``out`` in these, and return a new array.
FORGETFUL = ("hfft", "ifft2", "irfft2")

#: By namespace and name.
CALLS = {
    # reductions
    **{("numpy", name): _reduction(name, _WHERE) for name in ("all", "any")},
    **{("numpy", name): _reduction(name) for name in ("argmax", "argmin", "ptp")},
    **{("numpy", name): _reduction(name, _WHERE, _START, _DTYPE) for name in ("sum", "prod")},
    **{("numpy", name): _reduction(name, {**_WHERE, **_START}) for name in ("max", "min", "amax", "amin")},
    **{("numpy", name): _reduction(name, _WHERE, _DTYPE) for name in ("mean",)},
    **{("numpy", name): _reduction(name, _WHERE, _DDOF, _DTYPE) for name in ("var", "std")},
    ("numpy", "median"): _reduction("median"),
    ("numpy", "trace"): [
        lambda np, x, **out: np.trace(x, **out),
        lambda np, x, **out: np.trace(np.stack([x, x * x]), 1, 1, 2, **out),
    ],
    # reductions that leave NaN out
    **{("numpy", name): _reduction(name, source=gappy) for name in ("nanargmax", "nanargmin", "nanmedian")},
    **{("numpy", name): _reduction(name, _WHERE, _START, source=gappy) for name in ("nansum", "nanprod")},
    **{
        ("numpy", name): _reduction(name, {**_WHERE, **_START}, source=gappy) for name in ("nanmax", "nanmin")
    },
    **{("numpy", name): _reduction(name, _DDOF, source=gappy) for name in ("nanvar", "nanstd")},
    ("numpy", "nanmean"): _reduction("nanmean", _WHERE, source=gappy),
    # quantiles
    ("numpy", "quantile"): _quantile("quantile", 0.3) + _quantile("quantile", [0.3, 0.8]),
    ("numpy", "percentile"): _quantile("percentile", 30) + _quantile("percentile", [30, 80]),
    ("numpy", "nanquantile"): _quantile("nanquantile", 0.3, gappy)
    + _quantile("nanquantile", [0.3, 0.8], gappy),
    ("numpy", "nanpercentile"): _quantile("nanpercentile", 30, gappy),
    # running sums and products
    **{("numpy", name): _running(name) for name in ("cumsum", "cumprod")},
    **{("numpy", name): _running(name, gappy) for name in ("nancumsum", "nancumprod")},
    **{
        ("numpy", name): [
            lambda np, x, name=name, **out: getattr(np, name)(x, axis=1, **out),
            lambda np, x, name=name, **out: getattr(np, name)(x[0], **out),
        ]
        for name in ("cumulative_sum", "cumulative_prod")
    },
    # products
    ("numpy", "dot"): [
        lambda np, x, **out: np.dot(x, MATRIX, **out),
        lambda np, x, **out: np.dot(x[0], x[1], **out),
        lambda np, x, **out: np.dot(x, x[0, 1], **out),
    ],
    ("numpy", "outer"): [lambda np, x, **out: np.outer(x[0], x[:2], **out)],
    ("numpy", "einsum"): [
        lambda np, x, **out: np.einsum("ij,kj->ik", x, x, **out),
        lambda np, x, **out: np.einsum("ij->j", x, **out),
        lambda np, x, **out: np.einsum("ij,jk,kl->il", x, MATRIX, x, optimize=True, **out),
        lambda np, x, **out: np.einsum(x, [0, 1], MATRIX, [1, 2], [0, 2], **out),
    ],
    ("numpy", "matmul"): [
        lambda np, x, **out: np.matmul(x, MATRIX, **out),
        lambda np, x, **out: np.matmul(x[0], x[1], **out),
    ],
    ("numpy", "vecdot"): [lambda np, x, **out: np.vecdot(x, x[::-1], axis=0, **out)],
    ("numpy", "matvec"): [lambda np, x, **out: np.matvec(x, x[1], **out)],
    ("numpy", "vecmat"): [lambda np, x, **out: np.vecmat(x[1], MATRIX, **out)],
    ("numpy.linalg", "multi_dot"): [
        lambda np, x, **out: np.linalg.multi_dot([x, MATRIX, x], **out),
        lambda np, x, **out: np.linalg.multi_dot([x, MATRIX], **out),
    ],
    # joining and choosing
    **{
        ("numpy", name): [
            lambda np, x, name=name, **out: getattr(np, name)([x, x * x], **out),
            lambda np, x, name=name, **out: getattr(np, name)((x[:2], MATRIX.T), None, **out),
        ]
        for name in ("concatenate", "concat")
    },
    ("numpy", "stack"): [lambda np, x, **out: np.stack([x, MATRIX.T], -1, **out)],
    ("numpy", "take"): [
        lambda np, x, **out: np.take(x, [2, 0, 2], 1, **out),
        lambda np, x, **out: np.take(x, [[5, 11]], mode="clip", **out),
    ],
    ("numpy", "compress"): [
        lambda np, x, **out: np.compress(MASK, x, 1, **out),
        lambda np, x, **out: np.compress([0, 1, 1], x, **out),
    ],
    ("numpy", "choose"): [
        lambda np, x, **out: np.choose([[0, 1, 1, 0], [1, 0, 1, 1]], [x[:2], x[1:]], **out)
    ],
    ("numpy", "clip"): [
        lambda np, x, **out: np.clip(x, -0.5, 0.5, **out),
        lambda np, x, **out: np.clip(x, x[0], None, **out),
    ],
    # with derivative zero
    **{
        ("numpy", name): [
            lambda np, x, name=name, **out: getattr(np, name)(x, **out),
            lambda np, x, name=name, **out: getattr(np, name)(x, 1, **out),
        ]
        for name in ("round", "around")
    },
    **{
        ("numpy", name): [lambda np, x, name=name, **out: getattr(np, name)(x, **out)]
        for name in ("fix", "isposinf", "isneginf")
    },
    # Fourier transforms
    **{("numpy.fft", name): _transform(name) for name in ("fft", "ifft", "rfft", "irfft", "hfft", "ihfft")},
    **{
        ("numpy.fft", name): _transform_of_several(name)
        for name in ("fftn", "ifftn", "rfftn", "irfftn", "fft2", "ifft2", "rfft2", "irfft2")
    },
}

#: Numbers of both signs, apart from each other and from the places where rounding and clipping jump.
X = np.array([[0.17, -0.92, 1.33, 0.61], [-0.38, 1.12, -1.27, 0.28], [0.83, -0.13, 0.42, -0.66]])
TABLE = [
    (module, name, number)
    for (module, name), calls in CALLS.items()
    if hasattr(NAMESPACES[module], name)
    for number in range(len(calls))
]
MOVING = [case for case in TABLE if classify(*case[:2]) == "differentiable"]
STILL = [case for case in TABLE if classify(*case[:2]) == "constant"]


def call_of(module, name, number):
    return CALLS[module, name][number]


def room(call, dtype=None):
    """Return an array for the result of a call, with other numbers in it."""
    result = np.asarray(call(np, X))
    return np.full(result.shape, 7, result.dtype if dtype is None else dtype)


def into_new(namespace, call, x, like):
    """Return an array that was made inside the function, after a call has written into it."""
    out = fnp.full(like.shape, 7, like.dtype)
    assert call(namespace, x, out=out) is out
    return out


def seen(program, x=X):
    """Return the array that a program returns a box for."""
    found = []
    grad(lambda x: found.append(bottom(program(x))) or np.sum(x * 0))(x)
    return found[0]


def loss(out):
    """Return a number that depends on every element, real or complex."""
    weights = np.cos(np.arange(np.size(out))).reshape(np.shape(out))
    return np.sum(weights * (np.real(out) ** 2 + np.imag(out)))


def numerical_gradient(function, x):
    """Return the gradient by central differences."""
    return numerical_jacobian(lambda arrays: np.array([function(arrays[0])]), [x]).reshape(x.shape)
