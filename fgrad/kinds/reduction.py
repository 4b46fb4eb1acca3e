"""Reductions along axes that are not linear: each input element has one partial derivative.

The rule gives the partials as one array that broadcasts against the input; it names what it needs among
the array's own name, ``ans`` (with the reduced axes kept) and the operation's parameters.  The tangent
is then a weighted sum, and the cotangent the expanded cotangent times the weights:

    reduction(norm, x=lambda x, ans: x / ans)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fgrad.core.primitive import Primitive
from fgrad.core.spec import Spec, spec_of
from fgrad.kinds.names import names_of
from fgrad.kinds.rule import Rule


class Reduction(Rule):
    """The rule of a reduction with parameters ``axis`` and ``keepdims``."""

    recurrence = None

    def __init__(self, primitive: Primitive, partial: Callable[..., Any]) -> None:
        self.primitive = primitive
        self.partial = partial
        self.names = names_of(partial)

    def weights(self, ans: Any, x: Any, params: Any) -> Any:
        """Return the partial derivatives, as an array that broadcasts against ``x``."""
        given = {**params, "ans": expand(ans, x, **params), self.primitive.argnames[0]: x}
        return self.partial(*(given[name] for name in self.names))

    def vjp(self, active: Any, ans: Any, args: Any, params: Any) -> Any:
        """Return the active positions, their pull and its residual."""
        names = self.names
        x = args[0] if self.primitive.argnames[0] in names else spec_of(args[0])
        return active, self.pull, (ans if "ans" in names else None, x, params)

    def pull(self, g: Any, residual: Any) -> Any:
        """Expand the cotangent along the reduced axes and weight it."""
        ans, x, params = residual
        return expand(g, x, **params) * self.weights(ans, x, params)

    def jvp(self, tangents: Any, ans: Any, args: Any, params: Any) -> Any:
        """Return the weighted sum of the tangent."""
        (tangent,), (x,) = tangents, args
        weighted = tangent * self.weights(ans, x, params)
        return np.sum(weighted, axis=params["axis"], keepdims=params["keepdims"])


def expand(g: Any, x: Any, axis: Any, keepdims: bool, **params: Any) -> Any:
    """Return the result of a reduction of ``x`` with the reduced axes put back, of length one.

    >>> expand(np.array([1.0, 2.0]), Spec((2, 3), np.dtype(float)), axis=1, keepdims=False)
    array([[1.],
           [2.]])
    """
    ndim = x.ndim if type(x) is Spec else len(spec_of(x).shape)
    if keepdims or g is None or ndim == 0:
        return g
    if axis is None:
        return g if spec_of(g).shape == () else np.reshape(g, (1,) * ndim)
    return np.expand_dims(g, axis)
