"""The methods that a box has in common with an array, each the function of the same name."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from types import GenericAlias
from typing import Any

import numpy as np

from fgrad.core.box import Box, install, is_array
from fgrad.core.errors import MissingRuleError
from fgrad.core.registry import IMPLEMENTATIONS
from fgrad.core.spec import spec_of
from fgrad.modes.slate import distinct

_SAME = """
all any argmax argmin argsort copy cumsum diagonal dot max mean min nonzero prod ravel repeat squeeze
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


def _reshape(self: Box, *shape: Any, order: str = "C", copy: Any = None) -> Any:
    return IMPLEMENTATIONS[np.reshape](self, shape[0] if len(shape) == 1 else shape, order, copy=copy)


def _transpose(self: Box, *axes: Any) -> Any:
    chosen = axes[0] if len(axes) == 1 and not isinstance(axes[0], int) else axes
    return np.transpose(self, chosen or None)  # type: ignore[call-overload]


def _clip(self: Box, min: Any = None, max: Any = None, out: Any = None, **kwargs: Any) -> Any:
    return np.clip(self, min, max, out, **kwargs)  # type: ignore[call-overload]


def _item(self: Box, *index: Any) -> Any:
    if not index:
        return np.reshape(self, ())  # type: ignore[call-overload]
    if len(index) == 1 and not isinstance(index[0], tuple):
        return np.reshape(self, -1)[index[0]]  # type: ignore[call-overload]
    return self[index[0] if len(index) == 1 else index]  # type: ignore[index]


def _view(self: Box, dtype: Any = None, type: Any = None) -> Any:
    """Return the same elements: of an array as a view, which shows what is written into the array."""
    for asked in (dtype, type):
        if isinstance(asked, builtins.type) and issubclass(asked, np.ndarray):
            if asked is not np.ndarray:
                raise MissingRuleError(
                    f"view: a traced array cannot be made a {asked.__name__}, a subclass of NumPy's arrays; "
                    "use it as it is."
                )
        elif asked is not None and np.dtype(asked) != spec_of(self).dtype:
            raise MissingRuleError(
                f"view: the bytes of a traced array of {spec_of(self).dtype} cannot be taken for "
                f"{np.dtype(asked)}. Convert the values with astype; the parts of complex numbers are real "
                "and imag, and x + 1j * y puts them together."
            )
    return self[...] if is_array(self) else distinct(self)  # type: ignore[index]


install(**{name: _method(name) for name in _SAME})
install(
    reshape=_reshape,
    view=_view,
    transpose=_transpose,
    item=_item,
    clip=_clip,
    compress=lambda self, condition, axis=None, out=None: np.compress(condition, self, axis, out),
    flatten=lambda self, order="C": np.copy(np.ravel(self, order)),
    conj=_method("conjugate"),
    conjugate=_method("conjugate"),
    __copy__=lambda self: np.copy(self),
    __deepcopy__=lambda self, memo: np.copy(self),
    __class_getitem__=classmethod(GenericAlias),
    T=property(lambda self: np.transpose(self)),
    mT=property(lambda self: np.matrix_transpose(self)),
)
