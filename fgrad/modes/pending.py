"""Cotangents that are still being added up.

A value that is used many times receives a contribution from each use.  Adding each as it comes would
allocate a new array each time; adding a dense array for every single element that was read out of a long
vector would make a loop over it quadratic.  A pending cotangent owns its buffer, adds in place, and is
resolved once, when the backward pass arrives at the value.

>>> import numpy as np
>>> total = accumulate(accumulate(np.ones(2), np.ones(2)), np.ones(2))
>>> total.resolve()
array([3., 3.])
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fgrad.core.box import Box, bottom
from fgrad.core.finite import is_surely_finite
from fgrad.core.spec import Spec


class Total:
    """A sum of arrays in a buffer that nobody else holds."""

    __slots__ = ("buffer",)

    def __init__(self, buffer: Any) -> None:
        self.buffer = buffer

    def add(self, g: Any) -> Any:
        """Return this sum with ``g`` added, in place where ``g`` is a plain array."""
        if type(g) is Scatter:
            return g.add(self.buffer, owned=True)
        if type(g) is Box:
            return self.buffer + g
        self.buffer += g
        return self

    def resolve(self) -> Any:
        """Return the finished cotangent."""
        return self.buffer


class Scatter:
    """Contributions to some elements of an array: what reading ``x[index]`` sends back.

    Plain contributions go straight into one buffer, in time proportional to their own size.  Traced ones
    (a derivative of a derivative) are collected, and become one traced operation when resolved.

    Parameters
    ----------
    g : array or box
        The cotangent of ``x[index]``.
    index : index
        As in ``x[index]``; repeated elements add up.
    spec : Spec
        Shape and dtype of ``x``.
    scatter_add : callable
        ``scatter_add(*gs, indices=..., spec=...)``: the traced operation.
    """

    __slots__ = ("buffer", "dense", "gs", "indices", "scatter_add", "spec")

    def __init__(self, g: Any, index: Any, spec: Spec, scatter_add: Callable[..., Any]) -> None:
        self.gs = [g]
        self.indices = [index]
        self.spec = spec
        self.scatter_add = scatter_add
        self.buffer: Any = None  # what is plain, added up
        self.dense: Any = None  # what is traced and has the whole shape, added up

    def add(self, g: Any, owned: bool = False) -> Scatter:
        """Return these contributions with ``g`` added; ``owned`` lets ``g`` itself be written into."""
        if type(g) is Scatter:
            self.gs += g.gs
            self.indices += g.indices
            if g.dense is not None:
                self.add_dense(g.dense)
            g, owned = g.buffer, True
        if type(g) is Box:
            self.add_dense(g)
        elif g is not None:
            if self.buffer is None:
                self.buffer = g if owned else np.array(g)
            else:
                self.buffer += g
        return self.settle()

    def add_dense(self, g: Box) -> None:
        """Add a traced contribution to the whole array."""
        self.dense = g if self.dense is None else self.dense + g

    def settle(self) -> Scatter:
        """Write the contributions into the buffer, unless there are traced ones among them."""
        if any(type(g) is Box for g in self.gs):
            return self
        if self.buffer is None:
            self.buffer = np.zeros(self.spec.shape, self.spec.dtype)
        for g, index in zip(self.gs, self.indices, strict=True):
            add_at(self.buffer, index, g)
        self.gs, self.indices = [], []
        return self

    def resolve(self) -> Any:
        """Return the finished cotangent."""
        self.settle()
        result = None if self.buffer is None else self.buffer[()]
        if self.dense is not None:
            result = self.dense if result is None else self.dense + result
        if self.gs:
            sparse = self.scatter_add(*self.gs, indices=tuple(self.indices), spec=self.spec)
            result = sparse if result is None else sparse + result
        return result


class Parts:
    """Cotangents of some of the results of an operation that has several."""

    __slots__ = ("gs",)

    def __init__(self, g: Any, position: int, count: int) -> None:
        self.gs: list[Any] = [None] * count
        self.gs[position] = g

    def add(self, other: Parts) -> Parts:
        """Return these parts with others added."""
        for i, g in enumerate(other.gs):
            if g is not None:
                self.gs[i] = g if self.gs[i] is None else accumulate(self.gs[i], g)
        return self

    def resolve(self) -> tuple[Any, ...]:
        """Return the cotangents, None for a result that received none."""
        return tuple(g.resolve() if type(g) in PENDING else g for g in self.gs)


PENDING = frozenset({Total, Scatter, Parts})


def accumulate(old: Any, new: Any) -> Any:
    """Return the sum of a cotangent so far and one contribution more, possibly still pending.

    A contribution comes from a pull: an array, a scalar or a box, or for some operations a ``Scatter`` or
    ``Parts``.
    """
    if type(old) in PENDING:
        return old.add(new)
    if type(new) is Scatter:
        return new.add(old)
    if type(old) is np.ndarray and type(new) is np.ndarray:
        return Total(old + new) if old.ndim else old + new
    return old + new


def is_finite(g: Any) -> bool:
    """Return whether a cotangent, pending or not, is finite or None; of a box the plain value counts."""
    if type(g) in PENDING:
        g = g.resolve()
    if g is None:
        return True
    if type(g) is tuple:
        return all(map(is_finite, g))
    g = bottom(g)
    return is_surely_finite(g) or bool(np.isfinite(g).all())


def add_at(buffer: Any, index: Any, g: Any) -> None:
    """Add ``g`` to ``buffer[index]``, once for each time that an element is named."""
    if is_basic(index):
        buffer[index] += g
    else:
        np.add.at(buffer, index, g)


def is_basic(index: Any) -> bool:
    """Say whether an index is of integers, slices, None and Ellipsis only, which name no element twice."""
    parts = index if type(index) is tuple else (index,)
    return all(type(part) in _BASIC or isinstance(part, np.integer) for part in parts)


_BASIC = frozenset({int, slice, type(None), type(Ellipsis)})
