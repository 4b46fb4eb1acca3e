"""Rules by a forward function that returns residuals, and a backward function that takes them."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from fgrad.core.errors import RegistrationError
from fgrad.core.pytree import flatten, unflatten
from fgrad.custom_rules.function import CustomFunction, Handover
from fgrad.kinds.call import Call
from fgrad.kinds.custom import Custom, zeros_like
from fgrad.registration.functions import results_of


class custom_vjp(CustomFunction):  # noqa: N801 - used as a function
    """Make a function one whose vector-Jacobian product you define, as ``jax.custom_vjp`` does.

    Parameters
    ----------
    function : callable
        Takes and returns arrays or containers of them.
    nondiff_argnums : int or iterable of int, optional
        The positions of arguments that are not differentiated: functions, options.

    Returns
    -------
    callable
        Does what ``function`` does.  Its method ``defvjp(forward, backward)`` sets the rule.  ``forward``
        takes the arguments of ``function`` and returns a pair of the result and what ``backward`` needs;
        ``backward(*nondiff, residuals, g)`` takes the cotangent of the result and returns a tuple with the
        cotangent of each differentiated argument, None for zero.  Under a transform only ``forward`` is run.
        Forward mode uses the transpose of ``backward``, and derivatives of derivatives go through both
        functions.

    Raises
    ------
    RegistrationError
        If what is given is no function, ``nondiff_argnums`` are no positions of arguments, or, when the rule
        is used, if a function of it returns something else than it should.
    ArgumentError
        When it is called, if a traced value is in an argument of ``nondiff_argnums``.
    DetachedError
        When it is called, if the result depends on a traced value that is none of the arguments.

    Examples
    --------
    >>> import fgrad.numpy as np
    >>> from fgrad import custom_vjp, grad
    >>> @custom_vjp
    ... def norm(x):
    ...     return np.sqrt(np.sum(x**2))
    >>> def forward(x):
    ...     length = norm(x)
    ...     return length, (x, length)
    >>> def backward(residuals, g):
    ...     x, length = residuals
    ...     return (g * x / np.maximum(length, 1e-6),)
    >>> norm.defvjp(forward, backward)
    >>> grad(norm)(np.array([3.0, 4.0]))
    array([0.6, 0.8])
    """

    kind = "custom_vjp"
    cure = "defvjp(forward, backward)"
    forward: Callable[..., Any] | None = None
    backward: Callable[..., Any]

    def defvjp(self, forward: Callable[..., Any], backward: Callable[..., Any]) -> None:
        """Set the rule; see the class."""
        if not callable(forward) or not callable(backward):
            raise RegistrationError(
                f"defvjp of {self.__name__} takes two functions, forward and backward; got "
                f"{type(forward).__name__} and {type(backward).__name__}"
            )
        self.forward, self.backward = forward, backward
        self.operation.rule = Custom(self.operation, {0: self.pullback}, {})

    def run_forward(self, args: list[Any], kwargs: dict[str, Any]) -> tuple[Any, Any]:
        """Return the result and the residuals."""
        found = self.forward(*args, **kwargs)  # type: ignore[misc]
        if not isinstance(found, tuple | list) or len(found) != 2:
            raise RegistrationError(
                f"the forward function of {self.__name__} must return a pair (result, residuals); "
                f"it returned a {type(found).__name__}"
            )
        return found[0], found[1]

    def compute(self, *leaves: Any, call: Call, fgrad_handover: Handover) -> Any:
        """Compute the function on plain values, and leave the residuals for the rule that may follow."""
        if self.forward is None:
            return super().compute(*leaves, call=call, fgrad_handover=fgrad_handover)
        (moving, *fixed), kwargs = call.arguments(leaves)
        value, residuals = self.run_forward(self.joined(moving, fixed), kwargs)
        fgrad_handover.content = leaves, residuals
        return results_of(value, call, self.__name__)

    def pullback(self, ans: Any, moving: Any, *fixed: Any, fgrad_handover: Handover, **kwargs: Any) -> Any:
        """Return the function from the cotangent of the result to those of the differentiated arguments."""
        leaves, residuals = fgrad_handover.take() or ((), None)
        mine = flatten(((moving, *fixed), kwargs))[0]
        if len(leaves) != len(mine) or not all(map(operator.is_, leaves, mine)):
            # the arguments are traced by an outer transform, which is to see the residuals come about
            residuals = self.run_forward(self.joined(moving, fixed), kwargs)[1]

        def pull(g: Any) -> tuple[Any, ...]:
            found = self.backward(*fixed, residuals, g)
            if not isinstance(found, tuple | list) or len(found) != len(moving):
                given = f"a {type(found).__name__}"
                if isinstance(found, tuple | list):
                    given += f" of {len(found)}"
                raise RegistrationError(
                    f"the backward function of {self.__name__} must return a tuple of {len(moving)}, one "
                    f"cotangent for each differentiated argument; it returned {given}"
                )
            return tuple(_zeros_of(arg) if g is None else g for arg, g in zip(moving, found, strict=True))

        return pull


def _zeros_of(tree: Any) -> Any:
    leaves, structure = flatten(tree)
    return unflatten(structure, map(zeros_like, leaves))
