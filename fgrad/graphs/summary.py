"""What is shown of a value: a number as it is, of an array its shape and range.

>>> summary_of(0.73105857863).text()
'0.7311'
>>> summary_of(np.array([1.0, -2.0, np.nan] * 10)).text()
'-2 to 1, 10 not finite'
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from fgrad.core.box import bottom, hidden_axes

#: Arrays of up to so many elements are shown in full.
SHOWN = 3
#: Of numbers, so many digits are shown where there is room for them.
DIGITS = 4
_FLOAT64 = np.dtype(np.float64)


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

    def text(self, digits: int = DIGITS) -> str:
        """Return the value, or its range, as text."""
        if 0 in self.shape:
            return "empty"
        if self.elements:
            numbers = " ".join(number_text(element, digits) for element in self.elements)
            return f"[{numbers}]" if self.shape else numbers
        note = f", {self.wrong} not finite" if self.wrong else ""
        if self.low is None:
            return f"complex{note}" if self.dtype.kind == "c" else "nothing finite"
        low, high = number_text(self.low, digits), number_text(self.high, digits)
        return f"all {low}" if low == high and not self.wrong else f"{low} to {high}{note}"

    def text_within(self, width: int) -> str:
        """Return the value in fewer characters: its range, or with fewer digits; in full if none has room."""
        ranged = self if self.dtype.kind == "c" or not self.shape else self.without_elements()
        texts = [self.text(), *(ranged.text(digits) for digits in range(DIGITS, 1, -1))]
        return next((text for text in texts if len(text) <= width), texts[0])

    def without_elements(self) -> Summary:
        """Return the range of a value whose elements are shown."""
        return _range(np.asarray(self.elements, self.dtype), self.shape) if self.elements else self


def summary_of(value: Any) -> Summary:
    """Return what is kept of an array or a number; of examples that are computed at once, of all of them."""
    if isinstance(value, float):  # of which there may be very many
        return Summary((), _FLOAT64, (float(value),), None, None, 0)
    plain = np.asarray(bottom(value))
    shape = plain.shape[hidden_axes(value) :]
    if plain.size <= SHOWN:
        return Summary(shape, plain.dtype, tuple(plain.ravel().tolist()), None, None, 0)
    return _range(plain, shape)


def joined(summaries: Sequence[Summary | None]) -> Summary | None:
    """Return what is shown of several values at once, their range; None if they are not of one type."""
    parts = [part.without_elements() for part in summaries if part is not None]
    if len(parts) < len(summaries) or len({(part.shape, part.dtype) for part in parts}) != 1:
        return None
    low = min((part.low for part in parts if part.low is not None), default=None)
    high = max((part.high for part in parts if part.high is not None), default=None)
    return Summary(parts[0].shape, parts[0].dtype, (), low, high, sum(part.wrong for part in parts))


def _range(plain: np.ndarray, shape: tuple[int, ...]) -> Summary:
    """Return the range of an array that has elements; a large one is not copied."""
    if plain.dtype.kind == "c":
        wrong = plain.size - int(np.count_nonzero(np.isfinite(plain)))
        return Summary(shape, plain.dtype, (), None, None, wrong)
    low, high = plain.min().item(), plain.max().item()
    if plain.dtype.kind != "f" or (np.isfinite(low) and np.isfinite(high)):
        return Summary(shape, plain.dtype, (), low, high, 0)
    finite = np.isfinite(plain)
    wrong = plain.size - int(np.count_nonzero(finite))
    if wrong == plain.size:
        return Summary(shape, plain.dtype, (), None, None, wrong)
    low = plain.min(where=finite, initial=np.inf).item()
    high = plain.max(where=finite, initial=-np.inf).item()
    return Summary(shape, plain.dtype, (), low, high, wrong)


def number_text(value: Any, digits: int = DIGITS) -> str:
    """Return a number with four digits, or with fewer."""
    if isinstance(value, bool | int):
        return str(value)
    if isinstance(value, complex):
        return f"{value.real:.{digits}g}{value.imag:+.{digits}g}j"
    text = f"{value:.{digits}g}"
    return "0" if text == "-0" else text
