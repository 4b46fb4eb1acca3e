"""``np.vectorize`` of a function that is given traced numbers, or that returns them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fgrad.core.box import Box
from fgrad.core.errors import MissingRuleError
from fgrad.core.spec import spec_of
from fgrad.core.trace import is_tracing
from fgrad.numpy.wrap import PUBLIC, as_traced


class vectorize(np.vectorize):  # noqa: N801 - NumPy's name
    """As ``numpy.vectorize``; inside a differentiated function the results may be traced.

    The function is called once for each element, and not once more to find the dtype.
    """

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        function = self.pyfunc
        if not callable(function) or not is_tracing():  # without a function yet, it decorates one
            return super().__call__(*args, **kwargs)
        if self.signature is not None:
            raise MissingRuleError(
                "numpy.vectorize: signature= is not supported while a function is differentiated; loop over "
                "the first axis and np.stack the results"
            )
        return self._stacked(function, args, kwargs)

    def _stacked(self, function: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        """Call the function for each element, and stack what it returns."""
        named = {**dict(enumerate(args)), **kwargs}
        names = [name for name in named if name not in self.excluded]
        if not names:
            return function(*args, **kwargs)
        arrays = np.broadcast_arrays(*(_as_array(named[name]) for name in names))
        shape = spec_of(arrays[0]).shape
        flat = [np.reshape(array, -1) for array in arrays]
        count = spec_of(flat[0]).size
        if not count:
            if self.otypes is None:
                raise ValueError("cannot call `vectorize` on size 0 inputs unless `otypes` is set")
            return np.zeros(shape, self.otypes[0])
        results = []
        for i in range(count):
            given = named | {name: array[i] for name, array in zip(names, flat, strict=True)}
            positional = [given.pop(position) for position in range(len(args))]
            results.append(function(*positional, **given))
        if isinstance(results[0], tuple):
            return tuple(
                self._joined(column, i, shape) for i, column in enumerate(zip(*results, strict=True))
            )
        return self._joined(results, 0, shape)

    def _joined(self, results: Any, position: int, shape: tuple[int, ...]) -> Any:
        """Return one of the results of all calls as an array."""
        joined = np.reshape(as_traced(list(results)), shape)
        if self.otypes is None:
            return np.astype(joined, spec_of(results[0]).dtype, copy=False)
        return np.astype(joined, np.dtype(self.otypes[position]), copy=False)


def _as_array(value: Any) -> Any:
    traced = as_traced(value)
    return traced if type(traced) is Box else np.asarray(traced)


PUBLIC["numpy"]["vectorize"] = vectorize
