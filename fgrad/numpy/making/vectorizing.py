"""``np.vectorize`` of a function that is given traced values, or that returns them.

>>> import fgrad.numpy as np
>>> from fgrad import grad
>>> rise = np.vectorize(lambda row: row[-1] - row[0], signature="(n)->()")
>>> grad(lambda x: np.sum(rise(x)))(np.ones((2, 3)))
array([[-1.,  0.,  1.],
       [-1.,  0.,  1.]])
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np

from fgrad.core.box import Box
from fgrad.core.spec import spec_of
from fgrad.core.trace import is_tracing
from fgrad.numpy.wrap import PUBLIC, as_traced

#: The names of the core dimensions of an array: the last ones, which the function sees.
CoreDims = tuple[str, ...]


class vectorize(np.vectorize):  # noqa: N801 - NumPy's name
    """As ``numpy.vectorize``; inside a differentiated function the results may be traced.

    There the function is called once for each element, and not once more to find the dtype, so that ``cache``
    makes no difference.
    """

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        function = self.pyfunc
        if not callable(function) or not is_tracing():  # without a function yet, it decorates one
            return super().__call__(*args, **kwargs)
        named: dict[Any, Any] = {**dict(enumerate(args)), **kwargs}
        names = [name for name in named if name not in self.excluded]
        if not names and self.signature is None:
            return function(*args, **kwargs)

        def call(values: list[Any]) -> Any:
            given = named | dict(zip(names, values, strict=True))
            positional = [given.pop(position) for position in range(len(args))]
            return function(*positional, **given)

        return self._loop(call, [_as_array(named[name]) for name in names])

    def _loop(self, call: Callable[[list[Any]], Any], arrays: list[Any]) -> Any:
        """Call the function for all elements of the dimensions that are not core, and stack the results."""
        inputs, outputs = self._core_dims(len(arrays))
        sizes: dict[str, int] = {}
        for array, dims in zip(arrays, inputs, strict=True):
            measure(sizes, array, dims)
        loop = np.broadcast_shapes(
            *(
                _shape(array)[: len(_shape(array)) - len(dims)]
                for array, dims in zip(arrays, inputs, strict=True)
            )
        )
        arrays = [
            np.broadcast_to(array, loop + tuple(sizes[dim] for dim in dims))
            for array, dims in zip(arrays, inputs, strict=True)
        ]
        rows = [_as_tuple(call([array[index] for array in arrays])) for index in np.ndindex(*loop)]
        if not rows:
            return self._of_nothing(outputs, sizes, loop)
        if outputs is None:
            outputs = [()] * len(rows[0])
        for row in rows:
            if len(row) != len(outputs):
                raise ValueError(
                    f"wrong number of outputs from pyfunc: expected {len(outputs)!r}, got {len(row)!r}"
                )
        for result, dims in zip(rows[0], outputs, strict=True):
            measure(sizes, result, dims)
        stacked = [
            self._stacked([row[i] for row in rows], i, loop, tuple(sizes[dim] for dim in dims))
            for i, dims in enumerate(outputs)
        ]
        return stacked[0] if len(stacked) == 1 else tuple(stacked)

    def _core_dims(self, count: int) -> tuple[list[CoreDims], list[CoreDims] | None]:
        """Return the core dimensions of the arguments and of the results, None for results unknown so far."""
        if self.signature is None:
            return [()] * count, None if self.otypes is None else [()] * len(self.otypes)
        inputs, outputs = parse(self.signature)
        if count != len(inputs):
            raise TypeError(f"wrong number of positional arguments: expected {len(inputs)!r}, got {count!r}")
        return inputs, outputs

    def _of_nothing(
        self, outputs: list[CoreDims] | None, sizes: dict[str, int], loop: tuple[int, ...]
    ) -> Any:
        """Return the results where there is nothing to call the function with."""
        if self.otypes is None or outputs is None:
            raise ValueError("cannot call `vectorize` on size 0 inputs unless `otypes` is set")
        if any(dim not in sizes for dims in outputs for dim in dims):
            raise ValueError(
                "cannot call `vectorize` with a signature including new output dimensions on size 0 inputs"
            )
        empty = tuple(
            np.zeros(loop + tuple(sizes[dim] for dim in dims), dtype)
            for dims, dtype in zip(outputs, self.otypes, strict=True)
        )
        return empty[0] if len(empty) == 1 else empty

    def _stacked(self, results: list[Any], position: int, loop: Any, core: tuple[int, ...]) -> Any:
        """Return one of the results of all calls as an array, of the given dtype or that of the first."""
        first = _as_array(results[0])
        dtype = spec_of(first).dtype if self.otypes is None else np.dtype(self.otypes[position])
        stacked = np.stack([_fitted(result, core) for result in results])
        return np.astype(np.reshape(stacked, loop + core), dtype, copy=False)


def parse(signature: str) -> tuple[list[CoreDims], list[CoreDims]]:
    """Return the core dimensions of the arguments and of the results.

    >>> parse("(m, n),(n)->(m),()")
    ([('m', 'n'), ('n',)], [('m',), ()])
    """
    inputs, outputs = (
        [tuple(re.findall(r"\w+", term)) for term in re.findall(r"\(([^)]*)\)", side)]
        for side in signature.split("->")
    )
    return inputs, outputs


def measure(sizes: dict[str, int], array: Any, dims: CoreDims) -> None:
    """Note the sizes of the core dimensions of an array; raise if they are not those noted before.

    >>> sizes = {"n": 3}
    >>> measure(sizes, np.ones((5, 2, 3)), ("m", "n"))
    >>> sizes
    {'n': 3, 'm': 2}
    """
    shape = _shape(array)
    if len(shape) < len(dims):
        raise ValueError(
            f"{len(shape)}-dimensional argument does not have enough dimensions for all core dimensions "
            f"{dims!r}"
        )
    for dim, size in zip(dims, shape[len(shape) - len(dims) :], strict=True):
        if sizes.setdefault(dim, size) != size:
            raise ValueError(f"inconsistent size for core dimension {dim!r}: {size!r} vs {sizes[dim]!r}")


def _fitted(result: Any, core: tuple[int, ...]) -> Any:
    """Return a result with the shape of the place that it is written into, as assignment gives it."""
    result = _as_array(result)
    shape = _shape(result)
    extra = max(len(shape) - len(core), 0)
    if shape[:extra] != (1,) * extra:
        raise ValueError(f"could not broadcast input array from shape {shape} into shape {core}")
    return np.broadcast_to(np.reshape(result, shape[extra:]), core)


def _shape(value: Any) -> tuple[int, ...]:
    return spec_of(_as_array(value)).shape


def _as_array(value: Any) -> Any:
    traced = as_traced(value)
    return traced if type(traced) is Box else np.asarray(traced)


def _as_tuple(result: Any) -> tuple[Any, ...]:
    return result if isinstance(result, tuple) else (result,)


PUBLIC["numpy"]["vectorize"] = vectorize
