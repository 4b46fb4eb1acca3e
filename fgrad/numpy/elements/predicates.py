"""Functions whose results do not move with their arguments: predicates, texts, and questions about dtypes.

:func:`answer` makes one of a function of any signature.  The named arguments are its arrays, which may be
traced; everything else is passed on as it is.

>>> import numpy as np
>>> from fgrad import grad
>>> grad(lambda x: x * x if np.isclose(x, 2.0) else x)(2.0)
4.0
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from fgrad.core.box import Box, bottom
from fgrad.core.late import LateModule
from fgrad.core.primitive import Primitive
from fgrad.core.registry import register
from fgrad.core.spec import spec_of
from fgrad.numpy.wrap import as_traced, holds_box, implements, refuse_argument

inspect: Any = LateModule("inspect")

#: The primitives that :func:`answer` made.  Their derivative is zero, as the rules declare.
ANSWERS: list[Primitive] = []


def answer(
    original: Callable[..., Any], *argnames: str, like: Callable[..., Any] | None = None
) -> Callable[..., Any]:
    """Make a function of NumPy's a primitive without derivative, and return its public front.

    Parameters
    ----------
    original : callable
        NumPy's function.
    *argnames : str
        Its first arguments, which are arrays.
    like : callable, optional
        A function with its signature, for one that does not tell its own.
    """
    primitive = register(original, original.__name__, *argnames)
    ANSWERS.append(primitive)

    @cache
    def signature() -> Any:
        return inspect.signature(like or original)

    def implementation(*args: Any, **kwargs: Any) -> Any:
        given = signature().bind(*args, **kwargs).arguments
        arrays = [as_traced(given.pop(name, signature().parameters[name].default)) for name in argnames]
        for name, value in given.items():
            if holds_box((value,)):
                refuse_argument(original, name)
        return primitive.bind(arrays, given)

    names = parameter_names(like or original)
    return implements(original, out=names.index("out") if "out" in names else None)(implementation)


def parameter_names(function: Callable[..., Any]) -> tuple[str, ...]:
    """Return the names of the parameters of a function of Python's, or of NumPy's in front of one."""
    code = getattr(function, "__wrapped__", function).__code__
    return tuple(code.co_varnames[: code.co_argcount])


isclose = answer(np.isclose, "a", "b", "rtol", "atol")
allclose = answer(np.allclose, "a", "b", "rtol", "atol")
array_equal = answer(np.array_equal, "a1", "a2")
array_equiv = answer(np.array_equiv, "a1", "a2")
iscomplex = answer(np.iscomplex, "x")
isreal = answer(np.isreal, "x")
isposinf = answer(np.isposinf, "x")
isneginf = answer(np.isneginf, "x")
isfortran = answer(np.isfortran, "a")
may_share_memory = answer(np.may_share_memory, "a", "b", like=lambda a, b, /, max_work=None: None)
shares_memory = answer(np.shares_memory, "a", "b", like=lambda a, b, /, max_work=None: None)
array_repr = answer(np.array_repr, "arr")
array_str = answer(np.array_str, "a")
array2string = answer(np.array2string, "a")
format_float_positional = answer(np.format_float_positional, "x")
format_float_scientific = answer(np.format_float_scientific, "x")
min_scalar_type = answer(np.min_scalar_type, "a", like=lambda a, /: None)


@implements(np.iterable, constant=True)
def iterable(y: Any) -> bool:
    return spec_of(as_traced(y)).ndim > 0


# questions about dtypes, for which no value is looked at


def _stand_in(value: Any) -> Any:
    """Return what has the dtype of a box: the Python number that it stands for, or an empty array."""
    if type(value) is not Box:
        return value
    inner = bottom(value)
    if isinstance(inner, int | float | complex) and not isinstance(inner, np.generic):
        return inner
    return np.empty(0 if spec_of(value).ndim else (), spec_of(value).dtype)


@implements(np.result_type, constant=True)
def result_type(*arrays_and_dtypes: Any) -> Any:
    return np.result_type(*map(_stand_in, arrays_and_dtypes))


@implements(np.can_cast, constant=True)
def can_cast(from_: Any, to: Any, casting: Any = "safe") -> bool:
    target = spec_of(to).dtype if type(to) is Box else to
    return np.can_cast(spec_of(from_).dtype if type(from_) is Box else from_, target, casting)


@implements(np.common_type, constant=True)
def common_type(*arrays: Any) -> Any:
    return np.common_type(*(np.empty(0, spec_of(as_traced(a)).dtype) for a in arrays))


@implements(np.mintypecode, constant=True)
def mintypecode(typechars: Any, typeset: Any = "GDFgdf", default: str = "d") -> str:
    return np.mintypecode(
        [spec_of(t).dtype.char if type(t) is Box else t for t in typechars], typeset, default
    )
