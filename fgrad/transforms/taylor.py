"""Derivatives of any order of functions of one variable, by power series."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from fgrad.core.errors import ArgumentError, InputError, OutputError
from fgrad.core.pytree import flatten_as, paths, unflatten
from fgrad.core.spec import Spec, spec_of
from fgrad.modes.taylor import TaylorTrace
from fgrad.transforms.arguments import matching_leaf, owned
from fgrad.transforms.base import Transformed
from fgrad.transforms.inputs import Inputs, Wanted
from fgrad.transforms.outputs import flatten_output
from fgrad.transforms.tracebacks import short_traceback


@short_traceback
def jet(function: Callable[..., Any], primals: Any, series: Any) -> tuple[Any, Any]:
    """Push the derivatives of a path of the arguments through a function, as in JAX.

    With arguments that are functions ``x(t)`` of one variable, and all their derivatives at one ``t`` given,
    these are the derivatives of ``function(x(t))``.

    Parameters
    ----------
    function : callable
        Returns an array or a container of arrays.
    primals : tuple or list
        The arguments' values, each a number, an array or a container of them.
    series : tuple or list
        For each argument the list of its first, second, ... derivatives by ``t``, of the structure, shapes
        and dtypes of the argument.  All the lists have the same length, the order.

    Returns
    -------
    value : array or container
        ``function(*primals)``.
    series : list
        The first, second, ... derivatives of the result; each of the structure of ``value``.  They are not
        divided by factorials.

    Raises
    ------
    InputError, ArgumentError
        If the series have different lengths, or a coefficient does not fit its argument.

    Examples
    --------
    The derivatives of ``sin(t**2)`` at ``t = 0``; those of ``t**2`` are 0 and 2:

    >>> import fgrad.numpy as np
    >>> from fgrad import jet
    >>> value, series = jet(np.sin, (0.0,), ([0.0, 2.0, 0.0, 0.0, 0.0, 0.0],))
    >>> np.stack(series)
    array([   0.,    2.,    0.,    0.,    0., -120.])
    """
    if not callable(function):
        raise InputError(
            f"jet takes a function; got {type(function).__name__}. Write jet(f, primals, series)."
        )
    primals, series = _sequence(primals, "primals"), _sequence(series, "series")
    if len(series) != len(primals):
        raise ArgumentError(
            f"jet: series has {len(series)} entries, for {len(primals)} primals; give one for each"
        )
    if not primals:
        raise ArgumentError("jet: there are no primals; give the value of at least one argument")
    each = [_sequence(terms, f"series[{i}]") for i, terms in enumerate(series)]
    if len(set(map(len, each))) != 1 or not each[0]:
        lengths = ", ".join(str(len(terms)) for terms in each)
        raise ArgumentError(
            f"jet: each series must have the same number of coefficients, at least one; they have {lengths}"
        )
    inputs = Inputs(function, Wanted(tuple(range(len(primals)))), tuple(primals), {}, "jet")
    terms = []
    for i, (coefficients, structure) in enumerate(zip(each, inputs.structures, strict=True)):
        what = [f"jet: series[{i}][{k}]" for k in range(len(coefficients))]
        terms.append([flatten_as(c, structure, w) for c, w in zip(coefficients, what, strict=True)])
    order = len(each[0])
    check_factorials(order, "jet")
    leaf_terms = [column for argument in terms for column in zip(*argument, strict=True)]
    places = [
        place
        for i, s in enumerate(inputs.structures)
        for place in zip(*(paths(s, f"jet: series[{i}][{k}]") for k in range(order)), strict=True)
    ]
    checked = [
        [matching_leaf(c, spec_of(leaf), "", place) for c, place in zip(column, of_column, strict=True)]
        for column, leaf, of_column in zip(leaf_terms, inputs.leaves, places, strict=True)
    ]
    scaled = [[c / math.factorial(k) if k > 1 else c for k, c in enumerate(column, 1)] for column in checked]
    found, structure = run(
        function, inputs.leaves, scaled, lambda boxes: inputs.call_with(boxes)[0], order, "jet"
    )
    value = unflatten(structure, [leaf[0] for leaf in found])
    derivatives = [
        unflatten(structure, [_times_factorial(leaf[k], k) for leaf in found]) for k in range(1, order + 1)
    ]
    return value, derivatives


def _sequence(value: Any, what: str) -> list[Any]:
    if not isinstance(value, tuple | list):
        raise InputError(f"jet: {what} must be a tuple or list; got {type(value).__name__}")
    return list(value)


def run(
    function: Callable[..., Any],
    leaves: list[Any],
    terms: list[list[Any]],
    call_with: Any,
    order: int,
    transform: str,
) -> tuple[list[list[Any]], Any]:
    """Return, for each leaf of the result, its value and its normalized coefficients; and the structure."""
    trace = TaylorTrace(transform, order)
    try:
        boxes = [trace.root(leaf, column) for leaf, column in zip(leaves, terms, strict=True)]
        output = function(*call_with(boxes))
        outputs, structure = flatten_output(output, transform, getattr(function, "__name__", "the function"))
        found = [trace.terms(out) for out in outputs]
    finally:
        trace.finish()
    seen = {id(array) for array in (*leaves, *(term for column in terms for term in column))}
    return [[owned(part, seen) for part in leaf] for leaf in found], structure


def _times_factorial(term: Any, k: int) -> Any:
    return term * math.factorial(k) if k > 1 else term


class derivatives(Transformed):  # noqa: N801 - used as a function
    """Return the function that computes all derivatives up to an order, of a function of one variable.

    Parameters
    ----------
    function : callable
        Of one variable, or elementwise: each element of the result depends on one element of the argument.
        Returns an array or a container of arrays.
    order : int
        The highest order, 0 or more.

    Returns
    -------
    callable
        Takes the arguments of ``function``, of which the first is the variable: a number or an array.  For a
        result of shape ``s`` it returns an array of shape ``(order + 1,) + s``: the value, the first
        derivative, the second, ...  Containers have such an array for each leaf.

    Raises
    ------
    ArgumentError, InputError
        If the order is not an int from 0 on, or the argument is not of real or complex numbers.

    Notes
    -----
    The time grows with the square of the order, where nested first derivatives double it for each.

    Examples
    --------
    >>> import fgrad.numpy as np
    >>> from fgrad import derivatives
    >>> derivatives(np.exp, 3)(0.0)
    array([1., 1., 1., 1.])
    >>> derivatives(lambda x: x**3, 2)(np.array([1.0, 2.0]))
    array([[ 1.,  8.],
           [ 3., 12.],
           [ 6., 12.]])
    """

    transform = "derivatives"
    summary = "All derivatives of"
    by_factorial = False

    def __init__(self, function: Callable[..., Any], order: int) -> None:
        super().__init__(function)
        self.order = checked_order(order, self.transform)
        if not self.by_factorial:
            check_factorials(self.order, self.transform)

    def words(self) -> list[str]:
        return [self.inner_expression(), str(self.order)]

    def apply(self, args: Any, kwargs: Any) -> Any:
        return self.evaluate(args, kwargs)

    def evaluate(self, args: Any, kwargs: Any) -> Any:
        """Return the derivatives, or divided by the factorials."""
        if not args:
            raise ArgumentError(
                f"{self.transform}: the variable is the first positional argument; none was given"
            )
        inputs = self.inputs(args, {})
        if not inputs.bare:
            raise InputError(f"{self.transform}: the variable must be a number or an array, not a container")
        (leaf,) = inputs.leaves
        spec = spec_of(leaf)
        one = np.ones(spec.shape, spec.dtype)[()]

        def function(x: Any) -> Any:
            return self.function(x, *args[1:], **kwargs)

        function.__name__ = self.name_of_function()
        found, structure = run(function, [leaf], [[one]], list, max(self.order, 1), self.transform)
        return unflatten(structure, [self.stacked(terms[: self.order + 1], spec) for terms in found])

    def stacked(self, terms: list[Any], argument: Spec) -> Any:
        """Return the derivatives of one leaf of the result as one array."""
        shape = spec_of(terms[0]).shape
        if argument.shape and np.broadcast_shapes(shape, argument.shape) != shape:
            raise OutputError(
                f"{self.transform}: {self.name_of_function()} must work element by element; for an argument "
                f"of shape {argument.shape} it returned shape {shape}. Use jet for the derivatives along one "
                "direction."
            )
        if not self.by_factorial:
            terms = [_times_factorial(term, k) for k, term in enumerate(terms)]
        return np.stack(terms)


class _Taylor(derivatives):
    transform = "taylor"
    summary = "Taylor coefficients of"
    by_factorial = True


def taylor(function: Callable[..., Any], x: Any, order: int) -> Any:
    """Return the coefficients of the Taylor series of a function of one variable.

    Parameters
    ----------
    function : callable
        Of one variable, or elementwise, as for :class:`derivatives`.
    x : float or array
        Around which point, or points.
    order : int
        The highest power, 0 or more.

    Returns
    -------
    array
        Of shape ``(order + 1,) + s`` for a result of shape ``s``: ``function(x + h)`` is near
        ``c[0] + c[1] * h + ... + c[order] * h**order``.

    Raises
    ------
    ArgumentError, InputError, OutputError
        As for :class:`derivatives`.

    Examples
    --------
    >>> import fgrad.numpy as np
    >>> from fgrad import taylor
    >>> taylor(np.log, 1.0, 3)
    array([ 0.        ,  1.        , -0.5       ,  0.33333333])
    """
    return _Taylor(function, order).evaluate((x,), {})


def checked_order(order: Any, transform: str) -> int:
    """Return an order as an int; raise if it is none."""
    if isinstance(order, bool) or not isinstance(order, int | np.integer):
        raise InputError(f"{transform}: the order must be an int; got {order!r}")
    if order < 0:
        raise ArgumentError(f"{transform}: the order must be 0 or more; got {order}")
    return int(order)


def check_factorials(order: int, transform: str) -> None:
    """Raise for an order whose factorial is beyond the range of double precision."""
    if order > 170:
        raise ArgumentError(
            f"{transform}: the derivatives of order {order} are multiples of {order}!, which double "
            "precision does not reach; those up to 170 are. What taylor returns is not multiplied by it."
        )
