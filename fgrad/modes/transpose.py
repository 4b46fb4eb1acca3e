"""The transpose of a linear function: how one registered rule serves the other mode.

A JVP is linear in the tangent and a VJP in the cotangent, and each is the other's transpose.  The
transpose is found by recording the given one on a tape and pulling back through it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fgrad.core.box import Box
from fgrad.core.spec import Spec, fit, spec_of, zeros
from fgrad.modes.reverse import ReverseTrace, pull_all_fitted, pull_fitted

Linear = Callable[[list[Any]], list[Any]]


class TransposeTrace(ReverseTrace):
    """A tape that a rule writes for itself: part of one operation, and nothing that was asked for."""


def linear_transpose(function: Linear, specs: list[Spec], gs: list[Any], opaque: Any = None) -> list[Any]:
    """Return the transpose of a linear function of several arrays, applied to cotangents.

    Parameters
    ----------
    function : callable
        Takes a list of arrays of the given specs and returns a list of arrays.
    specs : list of Spec
        Of the function's arguments.
    gs : list
        The cotangents of the function's results.
    opaque : callable, optional
        The pull of the operation that asks.  Where the function uses the operation itself on its argument
        (a linear one, whose JVP is "same"), there is nothing to look into, and the transpose is found from
        the function's values on a basis instead, one for each element.

    Returns
    -------
    list
        The cotangents of the function's arguments.
    """
    trace = TransposeTrace("the transpose of a linear rule")
    try:
        outputs = function([trace.root(zeros(spec)) for spec in specs])
        if opaque is not None and any(map(_uses(opaque), trace.tape.pulls, trace.tape.residuals)):
            return transpose_by_basis(function, specs, gs)
        seeds = [
            (output, fit(g, spec_of(output)))
            for output, g in zip(outputs, gs, strict=True)
            if type(output) is Box and output.owner is trace
        ]
        transposed = trace.pull_back_all(seeds)
    finally:
        trace.finish()
    return [zeros(spec) if t is None else t for t, spec in zip(transposed, specs, strict=True)]


def _uses(opaque: Any) -> Callable[[Any, Any], bool]:
    """Return the test whether an entry of a tape is of the operation with the given pull."""

    def test(pull: Any, residual: Any) -> bool:
        fitted = pull is pull_fitted or pull is pull_all_fitted
        return bool((residual[0] if fitted else pull) == opaque)

    return test


def transpose_by_basis(function: Linear, specs: list[Spec], gs: list[Any]) -> list[Any]:
    """Return the transpose of a linear function from its values on the unit vectors."""
    transposed = []
    for position, spec in enumerate(specs):
        along = [
            pairing(
                function(
                    [_unit(s, element, one) if i == position else zeros(s) for i, s in enumerate(specs)]
                ),
                gs,
            )
            for element in range(spec.size)
            for one in ((1, 1j) if spec.dtype.kind == "c" else (1,))
        ]
        if not along:
            transposed.append(zeros(spec))
            continue
        numbers = np.stack(along)
        if spec.dtype.kind == "c":
            numbers = numbers[::2] - 1j * numbers[1::2]
        transposed.append(fit(np.reshape(numbers, spec.shape), spec))
    return transposed


def pairing(tangents: list[Any], gs: list[Any]) -> Any:
    """Return ``Re(sum(g * t))`` over several arrays."""
    return sum(np.real(np.sum(g * t)) for t, g in zip(tangents, gs, strict=True))


def _unit(spec: Spec, element: int, one: complex) -> Any:
    unit = np.zeros(spec.size, spec.dtype)
    unit[element] = one
    return unit.reshape(spec.shape) if spec.shape else unit[0]
