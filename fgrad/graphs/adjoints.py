"""The adjoint of every value of a graph: the derivative of its result, a real number, with respect to it.

The graph is run once more under reverse mode, and each value on the way goes through an identity that looks
at the cotangent that comes back to it.
"""

from __future__ import annotations

from typing import Any

from fgrad.core.errors import MissingRuleError
from fgrad.graphs.summary import Summary, summary_of
from fgrad.ir.graph import Graph, Variable
from fgrad.transforms.identities import transform_cotangent
from fgrad.transforms.products import vjp


def adjoints_of(graph: Graph, values: list[Any]) -> tuple[dict[Variable, Summary], str]:
    """Return the adjoints of the values of a graph, and why there are none if there are none.

    Parameters
    ----------
    graph : Graph
    values : list
        Of its inputs.
    """
    reason = _reason_against(graph)
    if reason:
        return {}, reason
    found: dict[Variable, Summary] = {}

    def looked_at(variable: Variable, value: Any) -> Any:
        if variable.dtype.kind not in "fc":
            return value

        def look(g: Any) -> None:
            found[variable] = summary_of(g)

        return transform_cotangent(value, look)

    def run(*inputs: Any) -> Any:
        at = {v: looked_at(v, value) for v, value in zip(graph.inputs, inputs, strict=True)}
        for node, ending in zip(graph.nodes, graph.last_uses(), strict=True):
            args = [at[arg] if isinstance(arg, Variable) else arg.value for arg in node.args]
            for variable, value in zip(node.results, node.compute(args), strict=True):
                at[variable] = looked_at(variable, value)
            for variable in ending:
                at.pop(variable, None)
        (output,) = graph.outputs
        assert type(output) is Variable
        return at[output]

    try:
        value, pull = vjp(run, *values)
        pull(type(value)(1) if isinstance(value, float) else value.dtype.type(1))
    except MissingRuleError as error:
        return {}, str(error)
    return found, ""


def _reason_against(graph: Graph) -> str:
    """Return why a graph has no adjoints; nothing if it has."""
    if not graph.inputs:
        return "nothing depends on an argument of floats"
    if len(graph.outputs) != 1:
        return f"there are {len(graph.outputs)} results, and adjoints are those of one number"
    (output,) = graph.outputs
    if type(output) is not Variable:
        return "the result does not depend on the arguments"
    if output.shape or output.dtype.kind not in "fiu":
        kind = "complex" if output.dtype.kind == "c" else f"of shape {output.shape}"
        return f"the result is {kind}, and adjoints are those of a real number"
    return ""
