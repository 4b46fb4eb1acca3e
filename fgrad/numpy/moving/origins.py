"""Where each element comes from, if how far it is moved or how often it is repeated differs between examples.

>>> import fgrad.numpy as np
>>> from fgrad import vmap
>>> x = np.array([1.0, 2.0, 3.0])
>>> vmap(lambda by: np.roll(x, by))(np.array([0, 1]))
array([[1., 2., 3.],
       [3., 1., 2.]])
>>> vmap(lambda counts: np.repeat(x, counts))(np.array([[2, 0, 1], [0, 3, 0]]))
array([[1., 1., 3.],
       [2., 2., 2.]])
"""

from __future__ import annotations

from typing import Any

import numpy as np

from fgrad.core.box import bottom
from fgrad.core.spec import spec_of
from fgrad.numpy.places.examples import agreed_count
from fgrad.numpy.places.indexing import read
from fgrad.numpy.wrap import holds_box


def rolled(a: Any, shift: Any, axes: tuple[int, ...]) -> Any:
    """Return ``np.roll(a, shift, axes)``.

    Parameters
    ----------
    a : array or box
    shift : box
        Of numbers, or of one for all the axes.
    axes : tuple of int
        Not negative.  Where an axis comes up again, it is rolled again.
    """
    pairs = np.broadcast_shapes(spec_of(shift).shape, (len(axes),))
    shifts = np.broadcast_to(shift, pairs)
    for i, axis in enumerate(np.broadcast_to(axes, pairs)):
        n = spec_of(a).shape[axis]
        origin = (np.arange(n) - _remainder(shifts[i], n)) % max(n, 1)
        a = read(a, (slice(None),) * int(axis) + (origin,))
    return a


def _remainder(shift: Any, n: int) -> Any:
    """Return ``int(shift) % n``, and 0 if ``n`` is; raise for a shift that is no integer."""
    kind = spec_of(shift).dtype.kind
    if kind in "fc":
        shift = np.trunc(np.real(shift)).astype(np.float64)
        plain = np.ravel(bottom(shift))
        for value in plain[~np.isfinite(plain)][:1]:
            int(value)  # raises
    else:
        shift = shift.astype(np.uint64 if kind == "u" else np.int64)
    return np.remainder(shift, spec_of(shift).dtype.type(max(n, 1))).astype(np.intp)


def repeated(n: int, repeats: Any) -> Any:
    """Return the positions along an axis of length ``n``, each as often as it is to be repeated.

    Parameters
    ----------
    n : int
    repeats : array-like or box
        A count for each position, or one for all.

    Raises
    ------
    BatchingError
        If the counts of different examples add up to different totals.
    """
    if not holds_box((repeats,)):
        return np.repeat(np.arange(n), repeats)
    spec, plain = spec_of(repeats), np.ravel(bottom(repeats))
    wrong = plain[~((plain >= 0) & (plain < np.inf))]
    like = np.full(spec.shape, wrong[0] if wrong.size else 0, spec.dtype)
    np.repeat(np.arange(n), like[()])  # raises for counts, shapes and dtypes that cannot be
    if n == 0:
        return np.arange(0)
    ends = np.cumsum(np.broadcast_to(repeats.astype(np.intp), (n,)))
    return np.searchsorted(ends, np.arange(agreed_count("repeat", ends[-1])), side="right")
