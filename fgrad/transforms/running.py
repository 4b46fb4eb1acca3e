"""Running the function that is being differentiated.

Where a traced number is written into an element of an array of NumPy's, the box says why that cannot be.
But a box has elements, like a sequence, and for a sequence NumPy raises a ``ValueError`` of its own, of which
what the box said is the cause.  Nothing that a box does can prevent that; here the box has its say.

>>> import numpy as np
>>> from fgrad import grad
>>> def store(x):
...     out = np.zeros(3)
...     out[0] = x
...     return np.sum(out)
>>> grad(store)(1.0)
Traceback (most recent call last):
    ...
fgrad.core.errors.DetachedError: float() or a function of math would turn a value ...
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fgrad.core.errors import FgradError

_NUMPYS = "setting an array element with a sequence."


def run(function: Callable[..., Any], args: Any, kwargs: dict[str, Any]) -> Any:
    """Call the function; raise what a box said where NumPy says something else."""
    try:
        return function(*args, **kwargs)
    except ValueError as error:
        cause = error.__cause__
        if isinstance(cause, FgradError) and str(error) == _NUMPYS:
            raise cause.with_traceback(error.__traceback__) from None
        raise
