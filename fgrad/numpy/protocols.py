"""How a box answers NumPy, and everything else that would take a plain value out of it.

With ``__array_ufunc__`` and ``__array_function__``, code written with plain ``import numpy as np``
differentiates.  What NumPy and Python give no way to intercept is an error that says what to do:
nothing detaches silently.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

from fgrad.core.box import Box, install
from fgrad.core.errors import DetachedError, MissingRuleError
from fgrad.core.registry import IMPLEMENTATIONS
from fgrad.core.trace import FinishedTrace
from fgrad.numpy.ufuncs import array_ufunc
from fgrad.numpy.wrap import full_name


def array_function(self: Box, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
    """Answer NumPy when a function of its own receives a box: ``Box.__array_function__``."""
    implementation = IMPLEMENTATIONS.get(function)
    if implementation is None:
        raise MissingRuleError(no_rule(full_name(function)))
    return implementation(*args, **kwargs)


def no_rule(name: str) -> str:
    """Return the message for a NumPy function that fgrad cannot differentiate."""
    return (
        f"{name} has no derivative rule in fgrad. Write it with functions that have one, or register it: "
        "wrap the call in a function decorated with fgrad.primitive and give its rule to fgrad.defvjp."
    )


def _refusing(what: str, cure: str) -> Callable[..., NoReturn]:
    def refuse(self: Box, *args: Any, **kwargs: Any) -> NoReturn:
        if isinstance(self.owner, FinishedTrace):
            self.owner.refuse(what)
        raise DetachedError(
            f"{what} would turn a value that is being differentiated into a plain one and lose its "
            f"derivative. {cure}"
        )

    return refuse


_MATH = "Use the function of fgrad.numpy or numpy instead of math's, and leave conversions to float away."
_BUILD = "Build the array from its parts: np.where, np.concatenate or np.stack."

install(__array_ufunc__=array_ufunc, __array_function__=array_function)

for _name, _what, _cure in (
    ("__float__", "float() or a function of math", _MATH),
    ("__int__", "int()", "Use np.floor or np.trunc, which work on traced values."),
    ("__complex__", "complex()", _MATH),
    ("__round__", "round()", "Use np.rint, which works on traced values."),
    ("__trunc__", "math.trunc()", "Use np.trunc, which works on traced values."),
    ("__floor__", "math.floor()", "Use np.floor, which works on traced values."),
    ("__ceil__", "math.ceil()", "Use np.ceil, which works on traced values."),
    (
        "__index__",
        "Using a traced value as an index or a count",
        "Differentiate with respect to floats only.",
    ),
    (
        "__array__",
        "np.asarray() or np.array() of NumPy, on a traced value or a list of them,",
        "Use np.array or np.asarray of fgrad.numpy, or np.stack.",
    ),
    ("__reduce_ex__", "Pickling or copying", "Return it from the differentiated function first."),
    ("__setitem__", "Assigning into a traced array", _BUILD),
    ("__delitem__", "Deleting from a traced array", _BUILD),
    ("fill", "Assigning into a traced array", _BUILD),
    ("put", "Assigning into a traced array", _BUILD),
    ("sort", "Sorting a traced array in place", "Index with np.argsort, whose result is plain."),
    ("tolist", "tolist()", "Iterate over the array, or return it from the differentiated function."),
):
    install(**{_name: _refusing(_what, _cure)})
