"""Numbers that are not finite: where they are made, and the words for it.

A NaN counts wherever it shows.  An infinity counts where it is *made*, of finite numbers: ``1 / 0``,
``log(0)`` and ``exp(1000)`` are reported.  One that was there before, such as the ``-inf`` of a mask or of a
maximum's ``initial``, is somebody's intention, and passes:

>>> import fgrad.numpy as np
>>> from fgrad import grad
>>> from fgrad.debugging.context import debug_nans
>>> def log_sum_exp(x):
...     top = np.max(x, initial=-np.inf)
...     return top + np.log(np.sum(np.exp(x - top)))
>>> with debug_nans():
...     grad(log_sum_exp)(np.array([1.0, 1.0, -np.inf]))
array([0.5, 0.5, 0. ])
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from fgrad.core.box import Box, bottom, hidden_axes
from fgrad.core.errors import FgradError
from fgrad.core.finite import is_surely_finite
from fgrad.core.spec import spec_of
from fgrad.modes.forward import ForwardTrace
from fgrad.modes.infinitesimal import Infinitesimal
from fgrad.modes.taylor import TaylorTrace


class NonFiniteError(FgradError, FloatingPointError):
    """A value or a derivative became NaN or infinite while :func:`fgrad.debug_nans` was on."""


class Checks(NamedTuple):
    """What is looked for."""

    nan: bool
    inf: bool

    def quiet(self) -> Any:
        """Return the context in which NumPy does not warn of what is looked for."""
        options = {}
        if self.nan:
            options["invalid"] = "ignore"
        if self.inf:
            options |= {"divide": "ignore", "over": "ignore"}
        return np.errstate(**options)  # type: ignore[arg-type]


class Flaw(NamedTuple):
    """What is wrong with a value.

    Attributes
    ----------
    kind : str
        ``"NaN"`` or ``"infinite"``.
    mask : array of bool
        Where, on the plain value under all boxes.
    hidden : int
        How many axes of examples are in front.
    """

    kind: str
    mask: Any
    hidden: int

    def where(self) -> str:
        """Return the words for how much is wrong, and where first."""
        if not self.mask.ndim:
            return ""
        first = [int(i) for i in np.argwhere(self.mask)[0]]
        example, element = first[: self.hidden], first[self.hidden :]
        places = [f"at {element}"] if element else []
        places += [f"in example {', '.join(map(str, example))}"] if example else []
        return f": {np.count_nonzero(self.mask)} of {self.mask.size} elements, the first {' '.join(places)}"


def plain_of(value: Any) -> Any:
    """Return the array under all boxes, None if it is not of real or complex numbers."""
    array = np.asarray(bottom(value))
    return array if array.dtype.kind in "fc" else None


def flaw_of(
    value: Any, checks: Checks, inputs: Iterable[Any] = (), *, by_element: bool = False
) -> Flaw | None:
    """Return what is wrong with a value that was computed from ``inputs``, None if nothing is.

    Parameters
    ----------
    value : array or box
        What was computed.
    checks : Checks
        What is looked for.
    inputs : iterable of arrays and boxes
        Whose infinities excuse those of the value.
    by_element : bool
        Whether an element of the value depends on the same element of each input only.
    """
    array = plain_of(value)
    if array is None or is_surely_finite(array):
        return None
    mask = np.isnan(array)
    if checks.nan and mask.any():
        return Flaw("NaN", mask, hidden_axes(value))
    mask = np.isinf(array)
    if checks.inf and mask.any():
        for given in map(plain_of, inputs):
            if given is not None:
                old = np.isinf(given)
                fits = by_element and _broadcasts(old.shape, mask.shape)
                mask = mask & ~(old if fits else old.any())
        if mask.any():
            return Flaw("infinite", mask, hidden_axes(value))
    return None


def _broadcasts(shape: tuple[int, ...], target: tuple[int, ...]) -> bool:
    extra = len(target) - len(shape)
    return extra >= 0 and all(n in (1, m) for n, m in zip(shape, target[extra:], strict=True))


def layers(value: Any) -> Iterator[tuple[Any, str]]:
    """Yield a value and the tangents that are attached to it on any level, with whose transform they are."""
    yield value, ""
    while type(value) is Box:
        owner, payload = value.owner, value.payload
        if isinstance(owner, ForwardTrace | TaylorTrace) and not isinstance(owner, Infinitesimal):
            for attached in payload[1:] if type(payload) is list else (payload,):
                if attached is not None:
                    yield from ((layer, owner.transform) for layer, _ in layers(attached))
        value = value.value


def holds_nan(value: Any) -> bool:
    """Return whether there is a NaN in a value."""
    array = plain_of(value)
    return array is not None and bool(np.isnan(array).any())


def describe_range(value: Any) -> str:
    """Return the words for a value's shape, dtype and range.

    >>> describe_range(np.array([1.0, np.nan, 3.0]))
    'shape (3,), float64, from 1.0 to 3.0, 1 NaN'
    >>> describe_range(2)
    'int64, 2'
    """
    spec = spec_of(value)
    array = np.asarray(bottom(value))
    words = [f"shape {spec.shape}"] if spec.shape else []
    words.append(str(spec.dtype))
    if not spec.shape and not hidden_axes(value):
        return ", ".join([*words, str(array[()])])
    if array.dtype.kind == "c":
        words += [
            f"{name} part {_range(part)}" for name, part in (("real", array.real), ("imaginary", array.imag))
        ]
    elif array.dtype.kind in "fiu":
        words.append(_range(array))
    for name, mask in (("NaN", np.isnan), ("infinite", np.isinf)):
        if array.dtype.kind in "fc" and (count := np.count_nonzero(mask(array))):
            words.append(f"{count} {name}")
    if hidden_axes(value):
        words.append("over all examples")
    return ", ".join(words)


def _range(array: Any) -> str:
    finite = array[np.isfinite(array)]
    if not array.size:
        return "empty"
    return f"from {finite.min()!s} to {finite.max()!s}" if finite.size else "nothing finite"


def report(headline: str, place: Any, values: Sequence[tuple[str, Any]]) -> NonFiniteError:
    """Return the error: what happened, where in the user's code, and with which values."""
    lines = [headline]
    if place is not None:
        lines += str(place).split("\n")
    lines += [f"{name}: {describe_range(value)}" for name, value in values]
    return NonFiniteError("\n  ".join(lines))
