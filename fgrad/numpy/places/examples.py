"""What plain code needs to know of values that may differ between examples that are computed at once.

A count, a shape or a bound must be the same for all examples; :func:`agreed` and :func:`agreed_count` see to
it.  They also tell the traces that what happens next was decided by these values.

>>> import numpy as np
>>> from fgrad import vmap
>>> x = np.array([[3.0, 0.0, 2.0], [0.0, 4.0, 5.0]])
>>> vmap(lambda row: row[: agreed_count("the start", np.count_nonzero(row))])(x)
array([[3., 0.],
       [0., 4.]])
"""

from __future__ import annotations

from typing import Any

import numpy as np

from fgrad.core.box import Box, bottom, decided_by, hidden_axes, refuse_differing
from fgrad.core.spec import spec_of
from fgrad.modes.batching import common_count


def agreed(value: Any, what: str, cure: str) -> Any:
    """Return the plain value of what all examples have in common; raise if they do not.

    Parameters
    ----------
    value : array, number or box
    what, cure : str
        For the message: what cannot be done without an agreement, and what to do instead.
    """
    if type(value) is not Box:
        return value
    decided_by(value)
    plain = bottom(value)
    if not hidden_axes(value):
        return plain
    rows = plain.reshape(-1, *spec_of(value).shape)
    if not len(rows) or np.any(rows != rows[0]):
        refuse_differing(value, what, cure)
    return rows[0]


def agreed_count(name: str, counts: Any, most: int | None = None) -> int:
    """Return how many elements an operation gives, where values decide it; raise if the examples differ.

    Parameters
    ----------
    name : str
        Of the operation, for messages.
    counts : int, or box for one
    most : int, optional
        How many there can be.  If that is zero, no example is needed to know it.
    """
    decided_by(counts)
    return common_count(name, bottom(counts), most)
