"""What is shown of a value: a number as it is, of an array its shape and range.

>>> summary_of(0.73105857863).text()
'0.7311'
>>> summary_of(np.array([1.0, -2.0, np.nan] * 10)).text()
'-2 to 1, 10 not finite'
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from fgrad.core.box import bottom, hidden_axes

#: Arrays of up to so many elements are shown in full.
SHOWN = 3


class Summary(NamedTuple):
    """What is kept of a value.

    Attributes
    ----------
    shape : tuple of int
    dtype : numpy dtype
    elements : tuple
        All the elements, if they are few.
    low, high : number or None
        The range of what is finite; None for complex numbers, or if nothing is.
    wrong : int
        How many elements are NaN or infinite.
    """

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    elements: tuple[Any, ...]
    low: Any
    high: Any
    wrong: int

    def type_text(self) -> str:
        """Return the shape as text, ``(3, 4)``, nothing for a number; and the dtype unless it is float64."""
        shape = str(self.shape) if self.shape else ""
        if self.dtype == np.float64:
            return shape
        return f"{shape} {self.dtype}".strip()

    def text(self) -> str:
        """Return the value, or its range, as text."""
        size = int(np.prod(self.shape, dtype=np.int64))
        if size == 0:
            return "empty"
        if self.elements:
            numbers = " ".join(map(number_text, self.elements))
            return f"[{numbers}]" if self.shape else numbers
        note = f", {self.wrong} not finite" if self.wrong else ""
        if self.low is None:
            return ("complex" if self.dtype.kind == "c" else "nothing finite") + note * (
                self.dtype.kind == "c"
            )
        if self.low == self.high and not self.wrong:
            return f"all {number_text(self.low)}"
        return f"{number_text(self.low)} to {number_text(self.high)}{note}"


def summary_of(value: Any) -> Summary:
    """Return what is kept of an array or a number; of examples that are computed at once, of all of them."""
    plain = np.asarray(bottom(value))
    shape = plain.shape[hidden_axes(value) :]
    if plain.size <= SHOWN:
        return Summary(shape, plain.dtype, tuple(plain.ravel().tolist()), None, None, 0)
    if plain.dtype.kind == "b":
        return Summary(shape, plain.dtype, (), bool(plain.min()), bool(plain.max()), 0)
    wrong = 0
    low = high = None
    if plain.dtype.kind in "fc":
        finite = np.isfinite(plain)
        count = int(np.count_nonzero(finite))
        wrong = plain.size - count
        if plain.dtype.kind == "f" and count:
            some = plain if not wrong else plain[finite]
            low, high = some.min().item(), some.max().item()
    else:
        low, high = plain.min().item(), plain.max().item()
    return Summary(shape, plain.dtype, (), low, high, wrong)


def number_text(value: Any) -> str:
    """Return a number with four digits."""
    if isinstance(value, bool | int):
        return str(value)
    if isinstance(value, complex):
        return f"{value.real:.4g}{value.imag:+.4g}j"
    text = f"{value:.4g}"
    return "0" if text == "-0" else text
