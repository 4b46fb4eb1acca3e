"""Einstein summation's ways of writing: sublists, implicit results and ellipses made explicit."""

from __future__ import annotations

from typing import Any

from fgrad.core.errors import ArgumentError
from fgrad.core.spec import spec_of

_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def explicit(operands: list[Any]) -> tuple[str, list[Any]]:
    """Return ``"ij,jk->ik"`` and the arrays, for any way of calling ``np.einsum``.

    >>> import numpy as np
    >>> explicit(["...i,...i", np.ones((2, 3)), np.ones((2, 3))])[0]
    'ai,ai->a'
    >>> explicit([np.ones((2, 3)), [0, 1], [1]])[0]
    'ab->b'
    """
    if not isinstance(operands[0], str):
        text, arrays = _from_sublists(operands)
    else:
        text, arrays = operands[0].replace(" ", ""), operands[1:]
    inputs, arrow, output = text.partition("->")
    terms = inputs.split(",")
    if len(terms) != len(arrays):
        raise ArgumentError(f"numpy.einsum: {text!r} has {len(terms)} terms for {len(arrays)} arrays")
    if not arrow:
        letters = [c for c in inputs if c in _LETTERS]
        output = "".join(sorted(c for c in set(letters) if letters.count(c) == 1))
        output = ("..." if "..." in inputs else "") + output
    return _without_ellipsis(terms, output, [spec_of(a).ndim for a in arrays], text), arrays


def _from_sublists(operands: list[Any]) -> tuple[str, list[Any]]:
    """Return the subscripts for ``einsum(array, axes, array, axes, ..., output axes)``."""
    arrays = operands[0 : len(operands) - len(operands) % 2 : 2]
    sublists = [*operands[1::2], *(operands[-1:] if len(operands) % 2 else ())]
    entries = {int(entry) for sublist in sublists for entry in sublist if entry is not Ellipsis}
    numbers = dict(zip(sorted(entries), _LETTERS, strict=False))

    def write(sublist: Any) -> str:
        return "".join("..." if entry is Ellipsis else numbers[int(entry)] for entry in sublist)

    text = ",".join(write(sublist) for sublist in operands[1::2])
    return (f"{text}->{write(operands[-1])}" if len(operands) % 2 else text), arrays


def _without_ellipsis(terms: list[str], output: str, ndims: list[int], text: str) -> str:
    """Give the axes that an ellipsis stands for letters of their own, aligned from the right."""
    used = set("".join(terms) + output)
    widths = [n - len(t.replace("...", "")) if "..." in t else 0 for t, n in zip(terms, ndims, strict=True)]
    for term, n, width in zip(terms, ndims, widths, strict=True):
        if width < 0 or ("..." not in term and len(term) != n):
            raise ArgumentError(f"numpy.einsum: term {term!r} of {text!r} does not fit an array of {n} axes")
    longest = max(widths, default=0)
    free = [c for c in _LETTERS if c not in used]
    if longest > len(free):
        raise ArgumentError(f"numpy.einsum: {text!r} needs more than {len(_LETTERS)} letters")
    dots = "".join(free[:longest])
    inputs = [t.replace("...", dots[longest - w :]) for t, w in zip(terms, widths, strict=True)]
    return f"{','.join(inputs)}->{output.replace('...', dots)}"
