"""Constants and parameters as Python writes them.

>>> literal((slice(None), 0)), literal(np.float64(0.5)), literal(np.ones((2, 3)))
('(slice(None), 0)', '0.5', 'np.ones((2, 3))')
>>> literal(-np.eye(3, 2)), literal("axis")
('-np.eye(3, 2)', '"axis"')
>>> index_text((slice(1, None), Ellipsis, 0))
'1:, ..., 0'
"""

from __future__ import annotations

from collections.abc import Iterator
from math import copysign
from typing import Any

import numpy as np

from fgrad.core.box import bottom
from fgrad.numpy.places.indexing import PLACE

#: Arrays of up to so many elements are written out.
WRITTEN_OUT = 6
_SEARCHED = 10**4
#: What NumPy makes of Python's numbers.
_FROM_NUMBERS = (np.int64, np.bool_, np.complex128)


def literal(value: Any) -> str | None:
    """Return a value as code; None for what has no short form."""
    value = bottom(value)
    if isinstance(value, np.ndarray):
        return _array(value)
    if isinstance(value, np.generic):
        return _scalar(value)
    if isinstance(value, float):
        return _float(value)
    if isinstance(value, complex):
        return _complex(value)
    if isinstance(value, str):
        return _text(value)
    if value is None or isinstance(value, bool | int):
        return repr(value)
    if value is Ellipsis:
        return "..."
    if isinstance(value, slice):
        return _slice_call(value)
    if isinstance(value, np.dtype):
        return (
            f"np.{value.name}"
            if value.isnative and value.name in np.sctypeDict
            else f'np.dtype("{value.str}")'
        )
    if type(value) in (tuple, list):
        parts = [literal(part) for part in value]
        if any(part is None for part in parts):
            return None
        inner = ", ".join(part for part in parts if part is not None)
        if type(value) is list:
            return f"[{inner}]"
        return f"({inner},)" if len(parts) == 1 else f"({inner})"
    return None


def _float(value: float) -> str:
    value = float(value)
    if value != value:
        return "np.nan"
    if abs(value) == float("inf"):
        return "np.inf" if value > 0 else "-np.inf"
    return repr(value)


def _complex(value: complex) -> str:
    real, imag = float(value.real), float(value.imag)
    # a sum loses infinities, NaN, and the signs of zeros
    if all(abs(part) < float("inf") and (part or copysign(1, part) > 0) for part in (real, imag)):
        sign = "-" if imag < 0 else "+"
        return f"({real!r} {sign} {abs(imag)!r}j)"
    return f"complex({_float(real)}, {_float(imag)})"


def _scalar(value: Any) -> str | None:
    """Return a scalar of NumPy's; one in double precision as Python's own."""
    kind = value.dtype
    if kind == np.float64:
        return _float(value)
    if kind.kind == "b":
        return repr(bool(value))
    if kind == np.complex128:
        return literal(complex(value))
    if kind.kind in "iu":
        return repr(int(value)) if kind == np.int64 else f"np.{kind.name}({int(value)})"
    if kind.kind == "f":
        return f"np.{kind.name}({_float(float(value))})"
    if kind.kind == "c":
        return f"np.{kind.name}({literal(complex(value))})"
    return None


def _text(value: str) -> str:
    """Return a text in double quotes, as formatters write them, unless it holds some."""
    written = repr(value)
    return written if '"' in written else f'"{written[1:-1]}"'


def _array(value: Any) -> str | None:
    if value.dtype.kind not in "fciub":
        return None
    shape = literal(value.shape if value.ndim != 1 else value.shape[0])
    by_default = value.dtype == np.float64 or (value.dtype in _FROM_NUMBERS and value.size > 0)
    dtype = "" if by_default else f", dtype={literal(value.dtype)}"
    filled = "" if value.dtype == np.float64 else f", dtype={literal(value.dtype)}"
    if value.size == 0:
        return f"np.zeros({shape}{filled})"
    if value.size > 1:
        first = value.flat[0]
        is_uniform = not any(value.strides) or bool(np.all(value == first))
        if is_uniform and not (first == 0 and np.any(np.signbit(value.real))):
            if first in (0, 1):
                return f"np.{'ones' if first else 'zeros'}({shape}{filled})"
            return f"np.full({shape}, {literal(first)})"
        if value.ndim == 2 and value.dtype == np.float64 and value.size <= _SEARCHED:
            diagonal = _diagonal(value)
            if diagonal is not None:
                return diagonal
        n = value.shape[0]
        if value.ndim == 1 and n > 3 and value.dtype == np.int64 and np.array_equal(value, np.arange(n)):
            return f"np.arange({n})"
    if value.size > WRITTEN_OUT:
        return None
    return f"np.array({_nested(value.tolist())}{dtype})"


def _diagonal(value: Any) -> str | None:
    """Return a multiple of ``np.eye(n, m, k=offset)`` as code; None if a matrix is none."""
    rows, columns = value.shape
    row, column = divmod(int(np.argmax(value != 0)), columns)
    offset, factor = column - row, value[row, column]
    if value.tobytes() != (factor * np.eye(rows, columns, offset)).tobytes():
        return None
    arguments = f"{rows}" if rows == columns else f"{rows}, {columns}"
    eye = f"np.eye({arguments}{f', k={offset}' if offset else ''})"
    sign = {1.0: "", -1.0: "-"}.get(factor, f"{_float(factor)} * ")
    return f"{sign}{eye}"


def _nested(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_nested, value))}]"
    return str(literal(value))


def _slice_call(part: slice) -> str | None:
    bounds = (part.start, part.stop, part.step)
    texts = [literal(bound) for bound in bounds]
    if any(text is None for text in texts):
        return None
    if part.step is not None:
        return f"slice({', '.join(map(str, texts))})"
    return f"slice({texts[1]})" if part.start is None else f"slice({texts[0]}, {texts[1]})"


def index_text(index: Any, names: Iterator[str] | None = None) -> str | None:
    """Return an index as it stands between brackets; None if a part of it has no short form.

    Parameters
    ----------
    index : index
    names : iterator of str
        The texts of the parts that are arrays of the graph, which the index has a place for.
    """
    parts = index if type(index) is tuple else (index,)
    texts = [_part(part, names) for part in parts]
    if any(text is None for text in texts):
        return None
    return ", ".join(map(str, texts)) or "()"


def _part(part: Any, names: Iterator[str] | None) -> str | None:
    if isinstance(part, slice):
        bounds = ["" if bound is None else literal(bound) for bound in (part.start, part.stop)]
        if None in bounds:
            return None
        step = "" if part.step is None else f":{literal(part.step)}"
        return f"{bounds[0]}:{bounds[1]}{step}"
    if part is None:
        return "None"
    if part is PLACE and names is not None:
        return next(names)
    part = bottom(part)
    if isinstance(part, np.ndarray) and part.ndim and 0 < part.size <= WRITTEN_OUT:
        return _nested(part.tolist())  # in an index, lists are arrays
    return literal(part)
