"""The results of a differentiated function: taken apart into leaves, and checked.

With ``has_aux=True`` a function returns a pair: what is differentiated, and anything else that it has to
tell.  The latter comes out as it is, but for the values of the transform that has run, which become plain.

>>> from fgrad import grad
>>> grad(lambda x: (x * x, {"doubled": 2 * x, "note": "any object"}), has_aux=True)(3.0)
(6.0, {'doubled': 6.0, 'note': 'any object'})
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from fgrad.core.box import Box
from fgrad.core.errors import OutputError
from fgrad.core.pytree import flatten, paths, unflatten
from fgrad.core.trace import Trace
from fgrad.modes.infinitesimal import standard
from fgrad.modes.slate import plain
from fgrad.transforms.arguments import check_alive
from fgrad.transforms.inputs import Inputs
from fgrad.transforms.running import run


def name_of(function: Callable[..., Any]) -> str:
    """Return what messages call a function."""
    return str(getattr(function, "__name__", type(function).__name__))


def evaluate(
    function: Callable[..., Any], inputs: Inputs, boxes: Sequence[Any], trace: Trace, has_aux: bool
) -> tuple[Any, Any]:
    """Return the result of a function for a trace's boxes, and what else it has to tell (None if nothing)."""
    args, kwargs = inputs.call_with(boxes)
    output = run(function, args, kwargs)
    if not has_aux:
        return output, None
    if not isinstance(output, tuple | list) or len(output) != 2:
        given = f"a {type(output).__name__}"
        if isinstance(output, tuple | list):
            given += f" of length {len(output)}"
        raise OutputError(
            f"{trace.transform}: with has_aux=True, {name_of(function)} must return a pair (value, aux); "
            f"it returned {given}"
        )
    value, aux = output
    return value, detached(aux, trace)


def detached(aux: Any, trace: Trace) -> Any:
    """Return a container of anything, with plain values in place of a trace's boxes."""
    leaves, structure = flatten(aux)
    return unflatten(structure, [_detached_leaf(leaf, trace) for leaf in leaves])


def _detached_leaf(leaf: Any, trace: Trace) -> Any:
    if type(leaf) is not Box:
        return leaf
    leaf = plain(leaf)
    if type(leaf) is Box and leaf.owner is trace:
        leaf = standard(leaf.value, trace)
        if type(leaf) is np.ndarray:
            leaf = leaf.copy()  # the trace may hold it, or the caller
    return leaf


def is_array_like(value: Any) -> bool:
    """Say whether a value is a number, an array or a box."""
    kind = type(value)
    return (
        kind is Box
        or kind is np.ndarray
        or isinstance(value, int | float | complex | np.generic | np.ndarray)
    )


def flatten_output(output: Any, transform: str, name: str) -> tuple[list[Any], Any]:
    """Return the leaves and the structure of a result; raise if a leaf is not of numbers."""
    found, structure = flatten(output)
    leaves = [plain(leaf) for leaf in found]
    for i, leaf in enumerate(leaves):
        check_alive(leaf, f"the result of the function given to {transform}")
        if not is_array_like(leaf) or (type(leaf) is not Box and np.asarray(leaf).dtype.kind not in "fciub"):
            where = paths(structure, "result")[i]
            raise OutputError(
                f"{transform}: {name} must return numbers, arrays or containers of them; "
                f"its {where} is a {type(leaf).__name__}"
            )
    return leaves, structure
