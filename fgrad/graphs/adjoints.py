"""The adjoint of every value of a graph: the derivative of its result, a real number, with respect to it.

The graph is run once more under reverse mode, and each value on the way goes through an identity that looks
at the cotangent that comes back to it.  So that one comes to values that do not move with the inputs as well
(the ``floor`` in ``floor(x) * x``), the identity has another argument, which always is differentiated.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fgrad.core.errors import FgradError
from fgrad.core.primitive import Primitive
from fgrad.graphs.summary import summary_of
from fgrad.ir.graph import Graph, Variable
from fgrad.kinds.linear import Linear
from fgrad.modes.tape import ON_TRIAL, decline
from fgrad.transforms.products import vjp


def _look(g: Any, specs: Any, look: Callable[[Any], None]) -> Any:
    look(g)
    return g, 0.0


_LOOKED_AT = Primitive("looked_at", lambda x, source, look: x, ("*values",))
_LOOKED_AT.rule = Linear(_LOOKED_AT, _look)
_LOOKED_AT.batch = lambda primitive, values, mine, size, params: primitive.bind(values, params)
ON_TRIAL[_LOOKED_AT.rule.pull_all] = decline  # what is seen must be what counts


def adjoints_of(
    graph: Graph, values: list[Any], keep: Callable[[Any], Any] = summary_of
) -> tuple[dict[Variable, Any], str]:
    """Return the adjoints of the values of a graph, and why there are none if there are none.

    Parameters
    ----------
    graph : Graph
    values : list
        Of its inputs.
    keep : callable
        Returns what is to be kept of an adjoint.
    """
    reason = _reason_against(graph)
    if reason:
        return {}, reason
    found: dict[Variable, Any] = {}

    def run(source: Any, *inputs: Any) -> Any:
        def looked_at(variable: Variable, value: Any) -> Any:
            if variable.dtype.kind not in "fc":
                return value

            def look(g: Any) -> None:
                found[variable] = keep(g)

            return _LOOKED_AT(value, source, look=look)

        (output,) = graph.run(inputs, looked_at)
        return output

    try:
        with np.errstate(all="ignore"):  # the run itself has warned; what is infinite is shown
            value, pull = vjp(run, 0.0, *values)
            pull(type(value)(1) if isinstance(value, float) else value.dtype.type(1))
    except FgradError as error:
        return {}, str(error)
    for variable in _floats(graph):
        if variable not in found:
            found[variable] = keep(np.broadcast_to(variable.dtype.type(0), variable.shape))
    return found, ""


def _floats(graph: Graph) -> list[Variable]:
    """Return the variables that have an adjoint; it is zero if the result does not move with them."""
    variables = [*graph.inputs, *(variable for node in graph.nodes for variable in node.results)]
    return [variable for variable in variables if variable.dtype.kind in "fc"]


def _reason_against(graph: Graph) -> str:
    """Return why a graph has no adjoints; nothing if it has."""
    if not graph.inputs:
        return "nothing depends on an argument of floats"
    if len(graph.outputs) != 1:
        return f"there are {len(graph.outputs)} results, and adjoints are those of one number"
    (output,) = graph.outputs
    if type(output) is not Variable:
        return "the result does not depend on the arguments"
    if output.shape:
        return f"the result is of shape {output.shape}, and adjoints are those of one number"
    if output.dtype.kind != "f":
        return f"the result is of dtype {output.dtype}, and adjoints are those of a float"
    return ""
