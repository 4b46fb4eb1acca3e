"""Short tracebacks: where an error comes through a transform, the user's frames and one line of fgrad's.

What is left out are the frames of fgrad and NumPy in between.  The operation in which it happened is named in
a note.  Set the environment variable ``FGRAD_TRACEBACK`` to ``full`` to see everything.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import wraps
from types import FrameType, TracebackType
from typing import Any

import numpy as np

from fgrad.core.box import Box
from fgrad.core.errors import FgradError
from fgrad.core.places import is_ours
from fgrad.core.primitive import Primitive
from fgrad.core.spec import spec_of


def shorten(error: BaseException) -> None:
    """Leave the first frame and the user's in the traceback of an error, and note the operation.

    >>> from fgrad import grad
    >>> import traceback
    >>> try:
    ...     grad(lambda x: np.sum(x @ np.ones(2)))(np.ones(3))
    ... except ValueError as error:
    ...     print(error.__notes__[0])
    in fgrad's matmul of float64[3] and float64[2]
    """
    if os.environ.get("FGRAD_TRACEBACK") == "full":
        return
    _shorten(error)
    seen, inner = {id(error)}, error.__cause__ or error.__context__
    while inner is not None and id(inner) not in seen and _is_through_fgrad(inner):
        _shorten(inner)
        seen.add(id(inner))
        inner = inner.__cause__ or inner.__context__


def _is_through_fgrad(error: BaseException) -> bool:
    """Return whether an operation of fgrad's led to an error that the user's code has caught."""
    tb = error.__traceback__
    while tb is not None:
        if is_ours(tb.tb_frame) and isinstance(tb.tb_frame.f_locals.get("primitive"), Primitive):
            return True
        tb = tb.tb_next
    return False


def _shorten(error: BaseException) -> None:
    """Shorten the traceback of one error."""
    kept: list[TracebackType] = []
    operation: FrameType | None = None
    tb = error.__traceback__
    while tb is not None:
        if not kept or not is_ours(tb.tb_frame):  # the first is that of the transform
            kept.append(tb)
        elif isinstance(tb.tb_frame.f_locals.get("primitive"), Primitive):
            operation = tb.tb_frame
        tb = tb.tb_next
    short: TracebackType | None = None
    for part in reversed(kept):
        short = TracebackType(short, part.tb_frame, part.tb_lasti, part.tb_lineno)
    if operation is not None and not isinstance(error, FgradError) and not hasattr(error, "__notes__"):
        error.add_note(f"in fgrad's {_described(operation.f_locals)}")
    error.__traceback__ = short


def _described(names: dict[str, Any]) -> str:
    """Return the words for the operation that a frame of fgrad's was doing."""
    args = names.get("args")
    if not isinstance(args, tuple | list):
        args = [names[name] for name in ("x", "y") if name in names]
    kinds = [_kind(arg) for arg in args if arg is not None]
    name = names["primitive"].name.removeprefix("operator.")
    return f"{name} of {' and '.join(kinds)}" if kinds else name


def _kind(value: Any) -> str:
    if type(value) is Box or isinstance(value, np.ndarray):
        shape, dtype = spec_of(value)
        return f"{dtype}[{','.join(map(str, shape))}]"
    return repr(value) if isinstance(value, int | float | complex) else type(value).__name__


def short_traceback(function: Callable[..., Any]) -> Callable[..., Any]:
    """Make errors come out of a function with short tracebacks."""

    @wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except Exception as error:
            shorten(error)
            raise

    return call
