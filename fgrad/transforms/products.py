"""Vector-Jacobian and Jacobian-vector products: the two modes, as they are.

``vjp`` and ``jvp`` have JAX's signatures, ``make_vjp`` and ``make_jvp`` Autograd's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fgrad.core.errors import InputError
from fgrad.transforms.base import Transformed
from fgrad.transforms.inputs import Inputs, check_function, wanted_of
from fgrad.transforms.pullback import Pullback
from fgrad.transforms.pushforward import matching_tangents, value_and_tangent
from fgrad.transforms.tracebacks import short_traceback


@short_traceback
def vjp(
    function: Callable[..., Any],
    /,
    *primals: Any,
    argnums: Any = None,
    argnum: Any = None,
    argnames: Any = None,
    has_aux: bool = False,
    **kwargs: Any,
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
    argnames : str or tuple of str, optional
        The arguments to differentiate with respect to by name, however they are passed; alone, instead of
        ``argnums``.
    has_aux : bool, default False
        Whether ``function`` returns a pair ``(value, aux)``, of which ``aux`` is anything else that it has to
        tell.
    **kwargs
        Passed to ``function``; differentiated if ``argnames`` says so.

    Returns
    -------
    value : array or container
        ``function(*primals, **kwargs)``.
    pullback : callable
        ``pullback(g)``, with ``g`` of the structure and shapes of ``value``, returns ``g`` times the
        Jacobian: a tuple with one entry for each primal, or what ``argnums`` and ``argnames`` ask for.  Real
        and complex cotangents ``g`` pair with tangents ``t`` as ``Re(sum(g * t))``.  It can be called many
        times, also after the primals or the value were changed in place.
    aux
        With ``has_aux`` only: plain values in containers of anything.

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
    if argnums is None and argnum is None and argnames is None:
        argnums = tuple(range(len(primals)))
    inputs = Inputs(function, wanted_of(argnums, argnum, argnames, "vjp"), primals, kwargs, "vjp")
    pullback = Pullback(function, inputs, "vjp", has_aux=has_aux, detached=True)
    return (pullback.value, pullback, pullback.aux) if has_aux else (pullback.value, pullback)


class make_vjp(Transformed):  # noqa: N801 - used as a function
    """Return the function that returns ``(pullback, value)``, as in Autograd.

    Parameters
    ----------
    function : callable
        Returns an array or a container of arrays.
    argnums, argnum : int or tuple of int, default 0
        The positional arguments to differentiate with respect to.
    argnames, has_aux
        As in :func:`vjp`; ``aux`` comes last.

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

    def apply(self, args: Any, kwargs: Any) -> Any:
        inputs = self.inputs(args, kwargs)
        pullback = Pullback(self.function, inputs, self.transform, has_aux=self.has_aux, detached=True)
        return self.with_aux(pullback, pullback.value, pullback.aux)


@short_traceback
def jvp(
    function: Callable[..., Any],
    /,
    primals: Any,
    tangents: Any,
    *,
    argnums: Any = None,
    argnum: Any = None,
    argnames: Any = None,
    has_aux: bool = False,
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
    argnames : str or tuple of str, optional
        The arguments that move by name, however they are passed; ``tangents`` is then one tangent, or a
        dictionary of them.  Alone, instead of ``argnums``.
    has_aux : bool, default False
        Whether ``function`` returns a pair ``(value, aux)``, of which ``aux`` is anything else that it has to
        tell.
    **kwargs
        Passed to ``function``; they move if ``argnames`` says so.

    Returns
    -------
    value : array or container
        ``function(*primals, **kwargs)``.
    tangent : array or container
        The Jacobian times the tangents, of the structure and shapes of ``value``.
    aux
        With ``has_aux`` only: plain values in containers of anything.

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
    if argnums is None and argnum is None and argnames is None:
        if not isinstance(tangents, tuple | list):
            raise InputError(
                f"jvp takes the tangents as a tuple, jvp(f, (x,), (t,)); got {type(tangents).__name__}"
            )
        argnums = tuple(range(len(primals)))
    inputs = Inputs(function, wanted_of(argnums, argnum, argnames, "jvp"), tuple(primals), kwargs, "jvp")
    moving = matching_tangents(inputs, tangents, "jvp: the tangent")
    value, tangent, aux = value_and_tangent(function, inputs, moving, "jvp", has_aux=has_aux)
    return (value, tangent, aux) if has_aux else (value, tangent)


class make_jvp(Transformed):  # noqa: N801 - used as a function
    """Return the function of the arguments that returns the function of the tangent, as in Autograd.

    Parameters
    ----------
    function : callable
        Returns an array or a container of arrays.
    argnums, argnum : int or tuple of int, default 0
        The positional arguments that move.
    argnames, has_aux
        As in :func:`jvp`.

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

    def apply(self, args: Any, kwargs: Any) -> Any:
        return Pushforward(self, self.inputs(args, kwargs))


class Pushforward:
    """The function from a tangent of the arguments to the value and its tangent."""

    def __init__(self, made: make_jvp, inputs: Inputs) -> None:
        self.made, self.inputs = made, inputs
        inputs.own_leaves()  # the caller may change them before the tangent comes

    @short_traceback
    def __call__(self, tangent: Any) -> Any:
        made = self.made
        tangents = matching_tangents(self.inputs, tangent, f"{made.transform}: the tangent")
        moved = value_and_tangent(made.function, self.inputs, tangents, made.transform, has_aux=made.has_aux)
        return made.with_aux(*moved)
