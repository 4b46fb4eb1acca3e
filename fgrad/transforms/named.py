"""Autograd's names for gradients with something beside them: ``aux``, or the names of the arguments."""

from __future__ import annotations

import inspect
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from fgrad.transforms.base import Transformed
from fgrad.transforms.gradient import grad
from fgrad.transforms.inputs import FIRST, Wanted


class grad_and_aux(grad):  # noqa: N801 - used as a function
    """Return the function that computes ``(gradient, aux)`` of a function that returns ``(value, aux)``.

    It is ``grad(function, has_aux=True)``.

    Parameters
    ----------
    function : callable
        Returns a pair: a real scalar, and anything else, which is not differentiated.
    argnums, argnum, argnames
        As in :func:`fgrad.grad`.

    Returns
    -------
    callable
        Takes the arguments of ``function``.

    Raises
    ------
    InputError, OutputError
        As :func:`fgrad.grad` does, and if the result is no pair.

    Examples
    --------
    >>> from fgrad import grad_and_aux
    >>> grad_and_aux(lambda x: (x * x, {"value": x * x}))(3.0)
    (6.0, {'value': 9.0})
    """

    transform = "grad_and_aux"
    summary = "Gradient and aux of"

    def __init__(
        self, function: Callable[..., Any], argnums: Any = FIRST, argnum: Any = None, *, argnames: Any = None
    ) -> None:
        super().__init__(function, argnums, argnum, argnames=argnames, has_aux=True)


def grad_named(function: Callable[..., Any], argname: str) -> grad:
    """Return the function that computes the gradient with respect to an argument of a name.

    It is ``grad(function, argnames=argname)``.

    Parameters
    ----------
    function : callable
        Returns a real scalar.
    argname : str
        The name of one of its parameters.

    Returns
    -------
    callable
        Takes the arguments of ``function``, by position or by keyword.

    Raises
    ------
    InputError, ArgumentError, OutputError
        As :func:`fgrad.grad` does, and when it is called, if there is no argument of that name.

    Examples
    --------
    >>> from fgrad import grad_named
    >>> grad_named(lambda x, scale=2.0: scale * x, "scale")(5.0)
    5.0
    """
    return grad(function, argnames=argname)


class multigrad_dict(Transformed):  # noqa: N801 - used as a function
    """Return the function that computes the gradients with respect to all arguments, by name.

    Parameters
    ----------
    function : callable
        Returns a real scalar.  All its arguments are of numbers, those that are left to their defaults too.

    Returns
    -------
    callable
        Takes the arguments of ``function`` and returns an ``OrderedDict`` from the names of its parameters to
        gradients: for ``*args`` a tuple of them, for ``**kwargs`` a dictionary.

    Raises
    ------
    InputError, OutputError
        If an argument is not of numbers, or the result is not a real scalar.

    Examples
    --------
    >>> from fgrad import multigrad_dict
    >>> dict(multigrad_dict(lambda x, y=2.0: x * y**2)(3.0))
    {'x': 4.0, 'y': 12.0}
    """

    transform = "multigrad_dict"
    summary = "Gradients by name of"

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__(function)
        self.wanted = Wanted(None, ())
        self.describe()

    def words(self) -> list[str]:
        return [self.inner_expression()]

    def apply(self, args: Any, kwargs: Any) -> Any:
        bound = inspect.signature(self.function).bind(*args, **kwargs)
        bound.apply_defaults()
        inner = grad(self.function)
        inner.transform = self.transform
        inner.wanted = Wanted(tuple(range(len(bound.args))), tuple(bound.kwargs) or None)
        found = inner(*bound.args, **bound.kwargs)
        by_number, by_name = (found, {}) if inner.wanted.argnames is None else found
        remaining = iter(by_number)
        gradients: OrderedDict[str, Any] = OrderedDict()
        for name, parameter in bound.signature.parameters.items():
            value = bound.arguments[name]
            if parameter.kind is parameter.VAR_POSITIONAL:
                gradients[name] = tuple(next(remaining) for _ in value)
            elif parameter.kind is parameter.VAR_KEYWORD:
                gradients[name] = {key: by_name[key] for key in value}
            elif parameter.kind is parameter.KEYWORD_ONLY:
                gradients[name] = by_name[name]
            else:
                gradients[name] = next(remaining)
        return gradients
