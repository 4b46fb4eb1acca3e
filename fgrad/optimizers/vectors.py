"""A container as one vector of real numbers, which is what SciPy's solvers know, and back.

A complex element becomes two, its real and its imaginary part, at a distance: all real parts of an array
come before its imaginary parts.

>>> import numpy as np
>>> from fgrad.optimizers.numbers import parameters_of
>>> packing = Packing(*parameters_of({"w": np.zeros(2, np.float32), "c": 1 + 2j}, "x0"))
>>> packing.pack([np.ones(2), 3 + 4j])
array([1., 1., 3., 4.])
>>> packing.unpack(np.array([5.0, 6.0, 7.0, 8.0]))
{'w': array([5., 6.], dtype=float32), 'c': (7+8j)}
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from fgrad.core.pytree import flatten, flatten_as, unflatten
from fgrad.core.reals import from_reals, real_parts, real_size
from fgrad.core.spec import spec_of
from fgrad.transforms.arguments import finish_leaf


class Packing:
    """The way from containers like the given one to vectors, and back.

    Attributes
    ----------
    specs : list of Spec
        The shape and dtype of each leaf.
    size : int
        How many real numbers there are.
    """

    def __init__(self, leaves: Sequence[Any], structure: Any) -> None:
        self.leaves, self.structure = leaves, structure
        self.specs = [spec_of(leaf) for leaf in leaves]
        self.size = sum(map(real_size, self.specs))

    def pack(self, leaves: Sequence[Any]) -> Any:
        """Return the vector of some leaves."""
        return np.concatenate(real_parts(leaves, self.specs), dtype=np.float64, casting="same_kind")

    def pack_gradient(self, gradient: Any) -> Any:
        """Return the vector of derivatives; the gradient of a complex ``x + iy`` is ``df/dx - i df/dy``."""
        leaves = flatten_as(gradient, self.structure, "the gradient")
        return self.pack([np.conjugate(leaf) for leaf in leaves])

    def unpack_gradient(self, vector: Any) -> Any:
        """Return the container of a vector of derivatives."""
        leaves, structure = flatten(self.unpack(vector))
        return unflatten(structure, [leaf.conjugate() for leaf in leaves])

    def unpack(self, vector: Any) -> Any:
        """Return a new container with the types, shapes and dtypes of the one that this was made for."""
        parts = from_reals(vector, self.specs)
        leaves = [finish_leaf(part, leaf, set()) for part, leaf in zip(parts, self.leaves, strict=True)]
        return unflatten(self.structure, leaves)
