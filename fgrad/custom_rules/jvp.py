"""Rules by a function of primals and tangents, or by one for each argument."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fgrad.core.errors import RegistrationError
from fgrad.custom_rules.function import CustomFunction, Handover
from fgrad.kinds.custom import Custom
from fgrad.registration.functions import primitive
from fgrad.registration.rules import defjvp


class custom_jvp(CustomFunction):  # noqa: N801 - used as a function
    """Make a function one whose Jacobian-vector product you define, as ``jax.custom_jvp`` does.

    Parameters
    ----------
    function : callable
        Takes and returns arrays or containers of them.
    nondiff_argnums : int or iterable of int, optional
        The positions of arguments that are not differentiated: functions, options.

    Returns
    -------
    callable
        Does what ``function`` does.  Its method ``defjvp(rule)``, which may be used as a decorator, sets the
        rule ``rule(*nondiff, primals, tangents)``, which returns a pair of the result and its tangent; or
        ``defjvps(*rules)`` one rule ``(t, ans, *args)`` for each argument, None for zero, whose results are
        added up.  Reverse mode uses the transpose.

    Raises
    ------
    RegistrationError
        If what is given is no function, ``nondiff_argnums`` are no positions of arguments, or, when the rule
        is used, if it returns something else than it should.
    ArgumentError
        When it is called, if a traced value is in an argument of ``nondiff_argnums``.
    DetachedError
        When it is called, if the result depends on a traced value that is none of the arguments.

    Examples
    --------
    >>> import fgrad.numpy as np
    >>> from fgrad import custom_jvp, grad
    >>> @custom_jvp
    ... def log1pexp(x):
    ...     return np.log1p(np.exp(x))
    >>> @log1pexp.defjvp
    ... def rule(primals, tangents):
    ...     (x,), (t,) = primals, tangents
    ...     return log1pexp(x), t * (1 - 1 / (1 + np.exp(x)))
    >>> grad(log1pexp)(0.0)
    0.5
    """

    kind = "custom_jvp"
    cure = "defjvp(rule) or defjvps(*rules)"
    by_argument: Callable[..., Any] | None = None

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return (self.by_argument or super().__call__)(*args, **kwargs)

    def defjvp(self, rule: Callable[..., Any]) -> Callable[..., Any]:
        """Set the rule, and return it; see the class."""
        if not callable(rule):
            raise RegistrationError(f"defjvp of {self.__name__} takes a function; got {type(rule).__name__}")

        def push(t: Any, ans: Any, moving: Any, *fixed: Any, fgrad_handover: Handover, **kwargs: Any) -> Any:
            found = rule(*fixed, moving, t, **kwargs)
            if not isinstance(found, tuple | list) or len(found) != 2:
                raise RegistrationError(
                    f"the rule of {self.__name__} must return a pair (result, tangent); "
                    f"it returned a {type(found).__name__}"
                )
            return found[1]

        self.operation.rule = Custom(self.operation, {}, {0: push})
        self.by_argument = None
        return rule

    def defjvps(self, *rules: Callable[..., Any] | None) -> None:
        """Set one rule for each argument; see the class."""
        if self.fixed:
            raise RegistrationError(
                f"defjvps of {self.__name__}: there are nondiff_argnums, and the rules could not tell which "
                "arguments they are for. Use defjvp."
            )
        self.by_argument = primitive(self.function)
        defjvp(self.by_argument, *rules)
