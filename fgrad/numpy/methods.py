"""The methods that a box has in common with an array, each the function of the same name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fgrad.core.box import Box, install
from fgrad.core.registry import IMPLEMENTATIONS

_SAME = """
all any argmax argmin argsort clip copy cumsum diagonal dot max mean min nonzero prod ptp ravel repeat squeeze
std sum swapaxes take trace var
argpartition choose cumprod round searchsorted
""".split()


def _method(name: str) -> Callable[..., Any]:
    function = getattr(np, name)

    def method(self: Box, *args: Any, **kwargs: Any) -> Any:
        implementation = IMPLEMENTATIONS.get(function, function)  # NumPy's own says that there is no rule
        return implementation(self, *args, **kwargs)

    method.__name__ = name
    method.__qualname__ = f"Box.{name}"
    method.__doc__ = f"As ``numpy.{name}``."
    return method


def _reshape(self: Box, *shape: Any, order: str = "C") -> Any:
    return np.reshape(self, shape[0] if len(shape) == 1 else shape, order)  # type: ignore[call-overload]


def _transpose(self: Box, *axes: Any) -> Any:
    chosen = axes[0] if len(axes) == 1 and not isinstance(axes[0], int) else axes
    return np.transpose(self, chosen or None)  # type: ignore[call-overload]


def _item(self: Box, *index: Any) -> Any:
    if not index:
        return np.reshape(self, ())  # type: ignore[call-overload]
    if len(index) == 1 and not isinstance(index[0], tuple):
        return np.reshape(self, -1)[index[0]]  # type: ignore[call-overload]
    return self[index[0] if len(index) == 1 else index]  # type: ignore[index]


install(**{name: _method(name) for name in _SAME})
install(
    reshape=_reshape,
    transpose=_transpose,
    item=_item,
    compress=lambda self, condition, axis=None: np.compress(condition, self, axis),
    flatten=lambda self, order="C": np.copy(np.ravel(self, order)),
    conj=_method("conjugate"),
    conjugate=_method("conjugate"),
    T=property(lambda self: np.transpose(self)),
    mT=property(lambda self: np.matrix_transpose(self)),
)
