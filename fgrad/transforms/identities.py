"""Functions that return what they are given, and change what derivatives see of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fgrad.core.box import Box
from fgrad.core.errors import InputError
from fgrad.core.primitive import Primitive
from fgrad.core.pytree import LEAF, flatten, unflatten
from fgrad.kinds.call import Call
from fgrad.kinds.constant import Constant
from fgrad.modes.batching import BatchTrace, in_front
from fgrad.modes.slate import plain
from fgrad.registration.functions import primitive
from fgrad.registration.rules import defjvp, defvjp


def _copy(x: Any) -> Any:
    # The caller may write into what is given back, and a trace may have kept what was given.
    return x.copy() if type(x) is np.ndarray else x


_STOP = Primitive("stop_gradient", _copy, ("x",))
_STOP.rule = Constant()


def stop_gradient(x: Any) -> Any:
    """Return a value as a constant: no derivative goes through it.

    Parameters
    ----------
    x : array or container
        Of anything; what is not traced is returned as it is.

    Returns
    -------
    array or container
        The same values.  They are constants for all the transforms that run, outer ones and all modes
        included.  Under ``vmap`` each example keeps its own.

    Examples
    --------
    >>> from fgrad import grad, stop_gradient
    >>> grad(lambda x: x * stop_gradient(x))(3.0)
    3.0
    """
    leaves, structure = flatten(x)
    leaves = [plain(leaf) for leaf in leaves]
    return unflatten(structure, [_STOP(leaf) if type(leaf) is Box else leaf for leaf in leaves])


def transform_cotangent(x: Any, function: Callable[[Any], Any]) -> Any:
    """Return a value as it is, and let a function change its cotangent on the way back.

    Parameters
    ----------
    x : array or container
        The value.
    function : callable
        Takes the cotangent of ``x``, of its structure, shapes and dtypes, and returns what takes its place.
        If it returns None, as ``print`` does, the cotangent goes on unchanged.  It is called once for each
        time that the value is pulled back through: with traced values where a derivative is itself
        differentiated, and under ``vmap``, where they stand for all examples at once.

    Returns
    -------
    array or container
        The value.

    Raises
    ------
    InputError
        If ``function`` cannot be called.
    RegistrationError
        On the way back, if it returns something of another structure or shape.

    Notes
    -----
    Forward mode has no cotangents: tangents go through unchanged, as through any identity.  So where
    ``function`` changes something, ``jvp`` and ``vjp`` are not each other's transpose; clipping and scaling
    gradients is an instruction for descent, not a derivative.

    Examples
    --------
    >>> import fgrad.numpy as np
    >>> from fgrad import grad, transform_cotangent
    >>> def loss(x):
    ...     x = transform_cotangent(x, lambda g: np.clip(g, -1.0, 1.0))
    ...     return np.sum(x**2)
    >>> grad(loss)(np.array([0.1, 5.0, -5.0]))
    array([ 0.2,  1. , -1. ])
    >>> grad(lambda x: transform_cotangent(x, print) ** 2)(3.0)
    6.0
    6.0
    """
    if not callable(function):
        raise InputError(
            "transform_cotangent takes a value and a function of its cotangent; "
            f"got {type(function).__name__}"
        )
    return _IDENTITY(x, function)


def _identity(x: Any, function: Callable[[Any], Any]) -> Any:
    return x


def _changed(ans: Any, x: Any, function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def pull(g: Any) -> Any:
        new = function(g)
        return g if new is None else new

    return pull


_identity.__name__ = "transform_cotangent"  # what messages call it
_IDENTITY = primitive(_identity)
defvjp(_IDENTITY, _changed, None)
defjvp(_IDENTITY, lambda t, ans, x, function: t, None)


class _ForExamples:
    """A function of a cotangent, for the cotangents of many examples."""

    def __init__(self, function: Callable[[Any], Any], size: int) -> None:
        self.function, self.size = function, size

    def __call__(self, g: Any) -> Any:
        trace = BatchTrace("transform_cotangent", self.size)
        try:
            leaves, structure = flatten(g)
            new = self.function(unflatten(structure, map(trace.root, leaves)))
            if new is None:
                return None
            leaves, structure = flatten(new)
            return unflatten(structure, [in_front(*trace.examples(leaf), self.size) for leaf in leaves])
        finally:
            trace.finish()


def _for_examples(primitive: Any, values: Any, mine: Any, size: int, params: Any) -> Any:
    call: Call = params["call"]
    places = call.places(0)
    (x, function), _ = call.arguments(
        [in_front(values[i], mine[i], size) if i in places else values[i] for i in range(len(values))]
    )
    leaves, call.result = flatten(_IDENTITY(x, _ForExamples(function, size)))
    return leaves[0] if call.result is LEAF else tuple(leaves)


_IDENTITY.fgrad_primitive.batch = _for_examples  # type: ignore[attr-defined]
