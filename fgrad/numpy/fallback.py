"""The names of NumPy that fgrad does not implement: NumPy's own, except that a traced value is refused.

Most functions of NumPy ask a box first, which then says that there is no rule.  Some do not ask
(``np.isscalar``, ``np.save``) and would fail in their own words, or take the box for
something that it is not.  So every function without an implementation gets a front that looks for a box
and refuses it by name.

>>> from fgrad import grad
>>> save = refusing(np.save, "numpy", "save")
>>> grad(lambda x: save("file", x))(1.0)
Traceback (most recent call last):
    ...
fgrad.core.errors.MissingRuleError: numpy.save has no derivative rule in fgrad. ...
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np

from fgrad.core.errors import MissingRuleError
from fgrad.core.registry import IMPLEMENTATIONS
from fgrad.modes.slate import holds_traced, is_slate, plain_all, write_plain
from fgrad.numpy.answering.calling import no_rule
from fgrad.numpy.late import import_file
from fgrad.numpy.wrap import PUBLIC, full_name, holds_box

#: What is called with arrays and is no type.  A ufunc asks a box, whatever it is.
_FUNCTIONS = (FunctionType, BuiltinFunctionType, MethodType, type(np.sort))


def stand_in(module: ModuleType, namespace: dict[str, Any]) -> tuple[Callable[[str], Any], list[str]]:
    """Return ``__getattr__`` and ``__all__`` of the namespace that stands in for a module of NumPy's.

    What was looked up once stays in the namespace.
    """

    def __getattr__(name: str) -> Any:  # noqa: N807 - it becomes one
        try:
            value = getattr(module, name)
        except AttributeError:
            ours = namespace["__name__"]
            raise AttributeError(f"neither {module.__name__} nor {ours} has an attribute {name!r}") from None
        if not name.startswith("_"):
            value = namespace[name] = _public(value, module.__name__, name)
        return value

    public = getattr(module, "__all__", None) or [name for name in dir(module) if not name.startswith("_")]
    return __getattr__, sorted(set(public) - {"test"})


def _public(value: Any, module: str, name: str) -> Any:
    """Return what stands in for a public value: that of a late file, a function that refuses, or itself."""
    late = import_file(name) if module == "numpy" else None
    if late is not None and isinstance(value, ModuleType):
        return late
    if name in PUBLIC.get(module, ()):
        return PUBLIC[module][name]
    return refusing(value, module, name) if isinstance(value, _FUNCTIONS) else value


def late_implementation(function: Callable[..., Any]) -> Callable[..., Any] | None:
    """Return the implementation of a function of NumPy's, or None if there is none.

    Code that imports NumPy itself may be the first to use a function whose file is imported late.
    """
    import_file(full_name(function).split(".")[1])
    return IMPLEMENTATIONS.get(function)


def refusing(function: Callable[..., Any], module: str, name: str) -> Callable[..., Any]:
    """Return a function that does what the given one does, but refuses traced values by name."""

    @wraps(function)
    def front(*args: Any, **kwargs: Any) -> Any:
        if holds_box(args) or (kwargs and holds_box(kwargs.values())):
            if holds_traced((args, tuple(kwargs.values()))):
                raise MissingRuleError(no_rule(f"{module}.{name}"))
            return call_plain(function, args, kwargs)
        return function(*args, **kwargs)

    front.__module__, front.__name__, front.__qualname__ = f"fgrad.{module}", name, name
    return front


def call_plain(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Call a function of NumPy's with the arrays of slates in their place.

    Into ``out=`` the result is written as by assignment, since a record may keep the array that was there.
    """
    out: Any = kwargs.get("out")
    if is_slate(out):
        kwargs = {**kwargs, "out": np.empty_like(out.value)}
    result = function(*plain_all(args), **{name: plain_all(value) for name, value in kwargs.items()})
    if not is_slate(out):
        return result
    write_plain(out, ..., kwargs["out"])
    return out
