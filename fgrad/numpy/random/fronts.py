"""What stands in front of NumPy's random functions and methods, and looks for a traced argument.

Each is differentiated, or refused with the reason why its draws have no derivative.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from fgrad.core.errors import MissingRuleError
from fgrad.modes.slate import holds_traced
from fgrad.numpy.fallback import call_plain
from fgrad.numpy.random import draws, gaussian, rearranging
from fgrad.numpy.wrap import holds_box

_PATHWISE = """
exponential gumbel laplace logistic lognormal normal pareto power rayleigh triangular uniform weibull
""".split()

#: What is differentiated, by name: for numpy.random and RandomState, and for Generator.
LEGACY: dict[str, Callable[..., Any]] = {
    **{name: getattr(draws, name) for name in _PATHWISE},
    "multivariate_normal": gaussian.legacy_multivariate_normal,
    "choice": rearranging.legacy_choice,
    "permutation": lambda source, x: rearranging.permutation(source, x),
    "shuffle": lambda source, x: rearranging.shuffle(source, x),
}
MODERN: dict[str, Callable[..., Any]] = {
    **{name: getattr(draws, name) for name in _PATHWISE},
    "multivariate_normal": gaussian.multivariate_normal,
    "choice": rearranging.choice,
    "permutation": rearranging.permutation,
    "permuted": rearranging.permuted,
    "shuffle": rearranging.shuffle,
}

_REJECTED = (
    "its draws are accepted or rejected, which jumps where the parameters change, so a draw has no pathwise "
    "derivative"
)
_COUNTED = "its draws are integers, which do not move with the parameters, so a draw has no derivative"
_NOTHING = "none of its arguments can be differentiated"
_CURE = (
    "Draw with plain parameters and differentiate the logarithm of the density at the draw, times what the "
    f"expectation is taken of; or use a distribution whose draws do move: {', '.join(_PATHWISE)} or "
    "multivariate_normal."
)

_REASONS: dict[str, str] = {
    **dict.fromkeys(
        """
        beta chisquare dirichlet f gamma noncentral_chisquare noncentral_f standard_gamma standard_t vonmises
        """.split(),
        f"{_REJECTED}. {_CURE}",
    ),
    "wald": (
        "its draws are one or the other root of an equation, by a chance that depends on the parameters, "
        f"so a draw has no pathwise derivative. {_CURE}"
    ),
    **dict.fromkeys(
        """
        binomial geometric hypergeometric integers logseries multinomial multivariate_hypergeometric
        negative_binomial poisson randint random_integers zipf
        """.split(),
        f"{_COUNTED}. {_CURE}",
    ),
}


def refusal(owner: str, name: str) -> str:
    """Return why a function of ``owner`` cannot be called with a traced value, and what to do."""
    reason = _REASONS.get(name, f"{_NOTHING}. Call it with plain values.")
    return f"{owner}.{name} has no derivative rule in fgrad: {reason}"


def answer(
    owner: str,
    name: str,
    rules: dict[str, Callable[..., Any]],
    source: Any,
    original: Any,
    args: Any,
    kwargs: Any,
) -> Any:
    """Call for arguments that hold a box: ``original`` is bound to ``source``."""
    if name == "shuffle" or (name in rules and holds_traced((args, tuple(kwargs.values())))):
        return rules[name](source, *args, **kwargs)
    if holds_traced((args, tuple(kwargs.values()))):
        raise MissingRuleError(refusal(owner, name))
    return call_plain(original, args, kwargs)


def function_front(module: Any, name: str) -> Callable[..., Any]:
    """Return what stands in front of a function of ``numpy.random``, with its global state."""
    original = getattr(module, name)

    @wraps(original)
    def front(*args: Any, **kwargs: Any) -> Any:
        if holds_box(args) or (kwargs and holds_box(kwargs.values())):
            return answer(module.__name__, name, LEGACY, module, original, args, kwargs)
        return original(*args, **kwargs)

    front.__module__ = f"fgrad.{module.__name__}"
    return front


def method_front(kind: type, name: str, rules: dict[str, Callable[..., Any]]) -> Callable[..., Any]:
    """Return what stands in front of a method of NumPy's generators."""
    original = getattr(kind, name)

    @wraps(original)
    def front(self: Any, *args: Any, **kwargs: Any) -> Any:
        if holds_box(args) or (kwargs and holds_box(kwargs.values())):
            bound = original.__get__(self)
            return answer(f"numpy.random.{kind.__name__}", name, rules, self, bound, args, kwargs)
        return original(self, *args, **kwargs)

    return front


def with_fronts(kind: type, rules: dict[str, Callable[..., Any]]) -> Callable[[type], type]:
    """Give a subclass of a generator of NumPy's a front for each method that draws."""

    def decorate(subclass: type) -> type:
        for name, member in vars(kind).items():
            if callable(member) and not name.startswith("_") and name != "spawn":
                setattr(subclass, name, method_front(kind, name, rules))
        return subclass

    return decorate
