"""Forward mode run once: the value of a function, and its tangent for given tangents of its arguments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from fgrad.core.box import Box
from fgrad.core.pytree import LEAF, flatten_as, paths, unflatten
from fgrad.core.spec import spec_of
from fgrad.modes.forward import ForwardTrace
from fgrad.transforms.arguments import finish_leaf, matching_leaf, owned
from fgrad.transforms.inputs import Inputs
from fgrad.transforms.outputs import evaluate, flatten_output, name_of


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
    """Run a function with the given tangents of the inputs' leaves, by forward mode or a trace like it."""
    trace = trace or ForwardTrace(transform)
    try:
        boxes = [trace.root(leaf, t) for leaf, t in zip(inputs.leaves, tangents, strict=True)]
        output, aux = evaluate(function, inputs, boxes, trace, has_aux)
        outputs, structure = flatten_output(output, transform, name_of(function))
    finally:
        trace.finish()
    values = [out.value if type(out) is Box and out.owner is trace else out for out in outputs]
    return Pushed(values, [ForwardTrace.tangent(trace, out) for out in outputs], structure, aux)


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
