"""Finding the operation that makes a NaN."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from fgrad.core.errors import InputError
from fgrad.core.trace import Trace, watcher
from fgrad.debugging.checked import check
from fgrad.debugging.nonfinite import Checks


@contextmanager
def debug_nans(*, nan: bool = True, inf: bool = True) -> Iterator[None]:
    """Raise at the first operation whose value or derivative becomes NaN or infinite.

    Every transform that starts inside the ``with`` block, in this thread or task, is checked until it is
    done, in every mode and at every order.  What starts elsewhere is not, and costs nothing.

    Parameters
    ----------
    nan : bool, default True
        Whether to look for NaN.
    inf : bool, default True
        Whether to look for infinities.  One is reported where it is made of finite numbers (``1 / 0``,
        ``log(0)``, an overflow).  What was infinite before, such as ``-inf`` in an argument, a mask or
        ``initial``, may stay so.

    Raises
    ------
    NonFiniteError
        A ``FloatingPointError``.  It names the operation, says whether its value or its derivative, and with
        respect to which argument, became NaN or infinite, gives the shapes, dtypes and ranges of what it
        was given, and shows the line of your code where it ran.  A NaN that was there before, in the
        function's arguments or in a constant, is said to be that as soon as a value is NaN because of it.

    Notes
    -----
    Values in a branch that is not taken count too: ``np.where(x > 0, np.log(x), 0.0)`` is reported at
    ``x = 0``, and the square root's slope in its place by forward mode, where reverse mode sees that nothing
    comes of it.  What is computed without a traced value is not seen until it meets one.  Python's own floats
    raise ``ZeroDivisionError`` and ``OverflowError`` themselves.  NumPy's warnings of what is looked for are
    held back.  The arguments of all recorded operations are kept until the derivative is done, which takes
    memory, and each operation takes some tens of microseconds more.

    As a decorator, ``@debug_nans()`` has each call of a function checked.

    Examples
    --------
    >>> import fgrad.numpy as np
    >>> from fgrad import grad
    >>> def loss(x):
    ...     return np.sum(np.sqrt(x) * 2.0)
    >>> with debug_nans():
    ...     grad(loss)(np.array([1.0, 0.0]))
    Traceback (most recent call last):
        ...
    fgrad.debugging.nonfinite.NonFiniteError: sqrt: its derivative with respect to x became infinite: 1 of 2
    elements, the first at [1] (reverse mode of grad)
      File "<doctest ...>", line 2, in loss
        return np.sum(np.sqrt(x) * 2.0)
                      ^^^^^^^^^^
      x: shape (2,), float64, from 0.0 to 1.0
      cotangent: shape (2,), float64, from 2.0 to 2.0
    """
    if not isinstance(nan, bool) or not isinstance(inf, bool):
        raise InputError(f"debug_nans: nan and inf must be True or False; got nan={nan!r}, inf={inf!r}")
    checks = Checks(nan, inf)

    def watch(trace: Trace) -> None:
        check(trace, checks)

    token = watcher.set(watch if nan or inf else None)
    try:
        yield
    finally:
        watcher.reset(token)
