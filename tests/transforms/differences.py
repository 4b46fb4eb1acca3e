"""The oracle of these tests: derivatives by central differences, with one step of extrapolation."""

import numpy as np

STEP = 1e-3


def directional(function, x, t):
    """Return the derivative of ``function`` at ``x`` along ``t``, to about ten digits.

    Richardson's extrapolation of two central differences leaves an error of the fourth order in the step.
    """

    def difference(h):
        return (np.asarray(function(x + h * t)) - np.asarray(function(x - h * t))) / (2 * h)

    return (4 * difference(STEP / 2) - difference(STEP)) / 3


def jacobian_of(function, x, one=1.0):
    """Return all derivatives of ``function`` at the array ``x``, the argument's axes last.

    ``one`` is the direction in which each element moves: 1, or 1j for the imaginary part.
    """
    columns = []
    for element in range(x.size):
        t = np.zeros(x.size, x.dtype if np.isrealobj(one) else complex)
        t[element] = one
        columns.append(directional(function, x, t.reshape(x.shape)))
    stacked = np.stack(columns, axis=-1)
    return stacked.reshape(stacked.shape[:-1] + x.shape)
