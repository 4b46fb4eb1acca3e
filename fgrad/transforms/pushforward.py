"""Forward mode run once: the value of a function, and its tangent for given tangents of its arguments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from fgrad.core.box import Box
from fgrad.core.pytree import LEAF, flatten, flatten_as, paths, unflatten
from fgrad.core.spec import cast, spec_of, zeros
from fgrad.modes.forward import ForwardTrace, NeedsReverseError
from fgrad.transforms.arguments import finish_leaf, matching_leaf, owned
from fgrad.transforms.basis import images
from fgrad.transforms.inputs import Inputs
from fgrad.transforms.outputs import evaluate, flatten_output, name_of
from fgrad.transforms.pullback import Pullback


class Pushed(NamedTuple):
    """The leaves of a value and of its tangent, the structure of both, and what else there is to tell."""

    values: list[Any]
    tangents: list[Any]
    structure: Any
    aux: Any


def push(
    function: Callable[..., Any],
    inputs: Inputs,
    tangents: list[Any],
    transform: str,
    *,
    has_aux: bool = False,
    trace: ForwardTrace | None = None,
) -> Pushed:
    """Run a function with the given tangents of the inputs' leaves, by forward mode or a trace like it.

    Where a rule can do what is asked in reverse mode alone (equal eigenvalues, of a tangent that is itself
    differentiated), the function is run again, for its Jacobian by rows.
    """
    by_rows = trace is None
    trace = trace or ForwardTrace(transform)
    try:
        boxes = [trace.root(leaf, t) for leaf, t in zip(inputs.leaves, tangents, strict=True)]
        output, aux = evaluate(function, inputs, boxes, trace, has_aux)
        outputs, structure = flatten_output(output, transform, name_of(function))
    except NeedsReverseError:
        if not by_rows:
            raise
        return _pushed_by_rows(function, inputs, tangents, transform, has_aux)
    finally:
        trace.finish()
    values = [out.value if type(out) is Box and out.owner is trace else out for out in outputs]
    return Pushed(values, [ForwardTrace.tangent(trace, out) for out in outputs], structure, aux)


def _pushed_by_rows(
    function: Callable[..., Any], inputs: Inputs, tangents: list[Any], transform: str, has_aux: bool
) -> Pushed:
    """Return the value and the product of the Jacobian, found by reverse mode, with the tangents."""
    pullback = Pullback(function, inputs, transform, has_aux=has_aux)
    leaves = [spec_of(leaf) for leaf in inputs.leaves]
    moved = []
    for position, spec in enumerate(pullback.specs):
        if spec.dtype.kind not in "fc":
            moved.append(zeros(spec))
            continue
        parts = [
            sum(map(_paired, images(pullback.pull, pullback.specs, position, one, leaves), tangents))
            for one in ((1, -1j) if spec.dtype.kind == "c" else (1,))
        ]
        moved.append(cast(parts[0] if len(parts) == 1 else parts[0] + 1j * parts[1], spec.dtype))
    values = [pullback.value] if pullback.structure is LEAF else flatten(pullback.value)[0]
    return Pushed(values, moved, pullback.structure, pullback.aux)


def _paired(rows: Any, tangent: Any) -> Any:
    """Return the real part of the sum of each row times a tangent, over the axes of the tangent."""
    axes = spec_of(tangent).ndim
    return np.sum(np.real(rows * tangent), axis=tuple(range(-axes, 0)))


def finished(values: list[Any], tangents: list[Any], structure: Any, seen: set[int]) -> Any:
    """Return the tangents of values as the user wants to have them, in their container."""
    moved = [finish_leaf(t, value, seen) for t, value in zip(tangents, values, strict=True)]
    return moved[0] if structure is LEAF else unflatten(structure, moved)


def value_and_tangent(
    function: Callable[..., Any],
    inputs: Inputs,
    tangents: list[Any],
    transform: str,
    *,
    has_aux: bool = False,
) -> tuple[Any, Any, Any]:
    """Return the value of a function, its tangent, and what else it has to tell."""
    values, moved, structure, aux = push(function, inputs, tangents, transform, has_aux=has_aux)
    seen = {id(array) for array in (*tangents, *inputs.leaves)}
    values = [owned(value, seen) for value in values]
    value = values[0] if structure is LEAF else unflatten(structure, values)
    return value, finished(values, moved, structure, seen), aux


def matching_tangents(inputs: Inputs, tangents: Any, what: str) -> list[Any]:
    """Return the leaves of tangents that must be like what ``inputs`` packs."""
    structure = inputs.structure()
    if type(tangents) is list and not inputs.single:
        tangents = tuple(tangents)
    found = flatten_as(tangents, structure, what)
    where = paths(structure, "")
    specs = [spec_of(leaf) for leaf in inputs.leaves]
    return [matching_leaf(*each, what) for each in zip(found, specs, where, strict=True)]
