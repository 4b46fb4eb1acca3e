"""Vector-Jacobian and Jacobian-vector products: the two modes, as they are.

``vjp`` and ``jvp`` have JAX's signatures, ``make_vjp`` and ``make_jvp`` Autograd's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fgrad.core.box import Box
from fgrad.core.errors import InputError
from fgrad.core.pytree import LEAF, flatten_as, paths, unflatten
from fgrad.core.spec import spec_of
from fgrad.modes.forward import ForwardTrace
from fgrad.transforms.arguments import (
    Inputs,
    check_argnums,
    check_function,
    finish_leaf,
    matching_leaf,
    owned,
)
from fgrad.transforms.base import Transformed
from fgrad.transforms.outputs import flatten_output
from fgrad.transforms.pullback import Pullback


def vjp(
    function: Callable[..., Any], /, *primals: Any, argnums: Any = None, argnum: Any = None, **kwargs: Any
) -> Any:
    """Return the value of a function and the function that pulls cotangents back through it.

    Parameters
    ----------
    function : callable
        Returns an array or a container of arrays.
    *primals : array or container
        Where to differentiate.
    argnums, argnum : int or tuple of int, optional
        The positions among ``primals`` to differentiate with respect to; all of them by default.
    **kwargs
        Passed to ``function``, not differentiated.

    Returns
    -------
    value : array or container
        ``function(*primals, **kwargs)``.
    pullback : callable
        ``pullback(g)``, with ``g`` of the structure and shapes of ``value``, returns ``g`` times the
        Jacobian: a tuple with one entry for each primal, or what ``argnums`` asks for.  Real and complex
        cotangents ``g`` pair with tangents ``t`` as ``Re(sum(g * t))``.  It can be called many times, also
        after the primals or the value were changed in place.

    Raises
    ------
    InputError, ArgumentError
        If a primal is not of numbers, or ``g`` does not fit the value.

    Examples
    --------
    >>> import fgrad.numpy as np
    >>> from fgrad import vjp
    >>> value, pullback = vjp(lambda x, y: x * np.sin(y), 2.0, 0.0)
    >>> pullback(1.0)
    (0.0, 2.0)
    """
    check_function(function, "vjp")
    chosen = tuple(range(len(primals))) if argnums is None and argnum is None else argnums
    pullback = Pullback(function, check_argnums(chosen, argnum, "vjp"), primals, kwargs, "vjp", detached=True)
    return pullback.value, pullback


class make_vjp(Transformed):  # noqa: N801 - used as a function
    """Return the function that returns ``(pullback, value)``, as in Autograd.

    Parameters
    ----------
    function : callable
        Returns an array or a container of arrays.
    argnums, argnum : int or tuple of int, default 0
        The positional arguments to differentiate with respect to.

    Returns
    -------
    callable
        Takes the arguments of ``function`` and returns ``pullback``, which takes a cotangent of the value's
        shape to that of the argument, and the value.

    Examples
    --------
    >>> import fgrad.numpy as np
    >>> from fgrad import make_vjp
    >>> pullback, value = make_vjp(np.square)(np.array([1.0, 2.0]))
    >>> pullback(np.array([1.0, 10.0]))
    array([ 2., 40.])
    """

    transform = "make_vjp"
    summary = "Pullback and value of"

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        pullback = Pullback(self.function, self.argnums, args, kwargs, self.transform, detached=True)
        return pullback, pullback.value


def push_forward(
    function: Callable[..., Any], inputs: Inputs, tangents: list[Any], kwargs: Any, transform: str
) -> tuple[Any, Any]:
    """Return the value of a function and its tangent for the tangents of the inputs' leaves."""
    trace = ForwardTrace(transform)
    try:
        boxes = [trace.root(leaf, t) for leaf, t in zip(inputs.leaves, tangents, strict=True)]
        output = function(*inputs.call_with(boxes), **kwargs)
        outputs, structure = flatten_output(output, transform, getattr(function, "__name__", "the function"))
    finally:
        trace.finish()
    values = [out.value if type(out) is Box and out.owner is trace else out for out in outputs]
    seen = {id(array) for array in (*tangents, *inputs.leaves)}
    values = [owned(value, seen) for value in values]
    moved = [
        finish_leaf(ForwardTrace.tangent(trace, out), value, seen)
        for out, value in zip(outputs, values, strict=True)
    ]
    if structure is LEAF:
        return values[0], moved[0]
    return unflatten(structure, values), unflatten(structure, moved)


def matching_tangents(inputs: Inputs, tangents: Any, transform: str) -> list[Any]:
    """Return the leaves of tangents that must be like what ``inputs`` packs."""
    structure = inputs.structure()
    what = f"{transform}: the tangent"
    if type(tangents) is list and not inputs.single:
        tangents = tuple(tangents)
    found = flatten_as(tangents, structure, what)
    where = paths(structure, "")
    specs = [spec_of(leaf) for leaf in inputs.leaves]
    return [matching_leaf(*each, what) for each in zip(found, specs, where, strict=True)]


def jvp(
    function: Callable[..., Any],
    /,
    primals: Any,
    tangents: Any,
    *,
    argnums: Any = None,
    argnum: Any = None,
    **kwargs: Any,
) -> Any:
    """Return the value of a function and its derivative along a direction.

    Parameters
    ----------
    function : callable
        Returns an array or a container of arrays.
    primals : tuple or list
        The positional arguments.
    tangents : tuple or list
        The direction: for each primal a tangent of its structure, shapes and dtypes.
    argnums, argnum : int or tuple of int, optional
        The positions among ``primals`` that move; ``tangents`` is then one tangent, or a tuple of them.
        All of them by default.
    **kwargs
        Passed to ``function``, not differentiated.

    Returns
    -------
    value : array or container
        ``function(*primals, **kwargs)``.
    tangent : array or container
        The Jacobian times the tangents, of the structure and shapes of ``value``.

    Raises
    ------
    InputError, ArgumentError
        If a primal is not of numbers, or a tangent does not fit its primal.

    Examples
    --------
    >>> import fgrad.numpy as np
    >>> from fgrad import jvp
    >>> jvp(lambda x, y: x * np.exp(y), (2.0, 0.0), (1.0, 10.0))
    (np.float64(2.0), np.float64(21.0))
    """
    check_function(function, "jvp")
    if not isinstance(primals, tuple | list):
        raise InputError(
            f"jvp takes the primals as a tuple, jvp(f, (x,), (t,)); got {type(primals).__name__}"
        )
    if argnums is None and argnum is None:
        if not isinstance(tangents, tuple | list):
            raise InputError(
                f"jvp takes the tangents as a tuple, jvp(f, (x,), (t,)); got {type(tangents).__name__}"
            )
        argnums = tuple(range(len(primals)))
    inputs = Inputs(function, check_argnums(argnums, argnum, "jvp"), tuple(primals), "jvp")
    return push_forward(function, inputs, matching_tangents(inputs, tangents, "jvp"), kwargs, "jvp")


class make_jvp(Transformed):  # noqa: N801 - used as a function
    """Return the function of the arguments that returns the function of the tangent, as in Autograd.

    Parameters
    ----------
    function : callable
        Returns an array or a container of arrays.
    argnums, argnum : int or tuple of int, default 0
        The positional arguments that move.

    Returns
    -------
    callable
        ``make_jvp(f)(*args)(t)`` returns the value and its tangent, for a tangent ``t`` of the argument's
        shape (a tuple of them for a tuple of ``argnums``).

    Examples
    --------
    >>> import fgrad.numpy as np
    >>> from fgrad import make_jvp
    >>> make_jvp(np.square)(np.array([1.0, 2.0]))(np.array([1.0, 10.0]))
    (array([1., 4.]), array([ 2., 40.]))
    """

    transform = "make_jvp"
    summary = "Pushforward of"

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return Pushforward(self, args, kwargs)


class Pushforward:
    """The function from a tangent of the arguments to the value and its tangent."""

    def __init__(self, made: make_jvp, args: Any, kwargs: Any) -> None:
        self.made = made
        self.kwargs = kwargs
        self.inputs = Inputs(made.function, made.argnums, args, made.transform)
        self.inputs.own_leaves()  # the caller may change them before the tangent comes

    def __call__(self, tangent: Any) -> Any:
        tangents = matching_tangents(self.inputs, tangent, "make_jvp")
        return push_forward(self.made.function, self.inputs, tangents, self.kwargs, "make_jvp")
