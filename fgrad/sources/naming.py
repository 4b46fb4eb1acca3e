"""The names in code: the user's where they are known, numbers in order for the rest, each for one thing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial
from typing import Any

import numpy as np

from fgrad.core.same import same_value
from fgrad.ir.graph import Atom, Graph, Node, Variable
from fgrad.ir.names import RESERVED, names_of
from fgrad.sources.statements import is_statement, is_write


class Names:
    """What the values of a graph are called in code, and what the code needs from outside.

    Parameters
    ----------
    graph : Graph
    reserved : collection of str
        The names of the function and of its parameters.
    uses : mapping
        How often each variable is needed.
    scope : mapping of str to array
        What the user's code calls arrays from outside.

    Attributes
    ----------
    of : dict
        The name of each value that has one by now; the others get theirs when they are assigned.
    namespace : dict
        What the code needs from outside, by name.
    continued : set of Variable
        The later states of an array that is written into.
    """

    def __init__(
        self, graph: Graph, reserved: Collection[str], uses: Mapping[Atom, int], scope: Mapping[str, Any]
    ) -> None:
        self.namespace: dict[str, Any] = {"np": np}
        self.scope = scope
        self.states = _states(graph, uses)
        self.continued = {variable for variable, states in self.states.items() if variable is not states[0]}
        inputs = {v.name or "" for v in graph.inputs}
        self.of = names_of(graph, RESERVED | (set(reserved) - inputs))
        self.numbers = {"v": 0, "g": 0, "i": 0}
        results = [v for node in graph.nodes for v in node.results]
        given = [self.of.pop(variable) for variable in results]
        self.used = {*RESERVED, *reserved, *self.of.values()}
        for variable, name in zip(results, given, strict=True):
            if (
                variable.name is not None and variable not in self.of
            ):  # in the order in which code assigns them
                self.call(variable, self.free(variable.name if variable.name.isidentifier() else name))

    def call(self, variable: Variable, name: str) -> None:
        """Give a name to a variable, and to the other states of an array that is written into."""
        for state in self.states.get(variable, [variable]):
            self.of[state] = name

    def free(self, wanted: str) -> str:
        """Return a name that nothing has: the one that is wanted, or it with a number."""
        name, number = wanted, 1
        while name in self.used:
            number += 1
            name = f"{wanted}_{number}"
        self.used.add(name)
        return name

    def new(self, letter: str) -> str:
        """Return the next name for a value without one."""
        while True:
            self.numbers[letter] += 1
            name = f"{letter}{self.numbers[letter]}"
            if name not in self.used:
                self.used.add(name)
                return name

    def target(self, node: Node, variable: Variable) -> str:
        """Return the name that a node assigns."""
        if variable not in self.of:
            self.call(variable, self.new("g" if node.is_back else "v"))
        return self.of[variable]

    def helper(self, wanted: str, value: Any) -> str:
        """Make a value known to the code, under the name that is wanted or one like it; return the name."""
        for name, known in self.namespace.items():
            if is_same(known, value) and (name == wanted or name.startswith(f"{wanted}_")):
                return name
        name = self.free(wanted)
        self.namespace[name] = value
        return name

    def index(self, array: Any) -> str:
        """Return the name of an array of positions: the user's, if an array from outside is the same."""
        for name, known in (*self.namespace.items(), *self.scope.items()):
            if isinstance(known, np.ndarray) and is_same(known, array):
                return self.helper(name, known)
        name = self.new("i")
        self.namespace[name] = array
        return name


def _states(graph: Graph, uses: Mapping[Atom, int]) -> dict[Variable, list[Variable]]:
    """Return the states of each array that is written into where no state but the last is needed."""
    found: dict[Variable, list[Variable]] = {}
    for node in graph.nodes:
        if not is_statement(node):
            continue
        before = node.args[0] if node.args else None
        (after,) = node.results
        is_next = is_write(node) and type(before) is Variable and before in found and uses[before] == 1
        states = found[before] if is_next else []  # type: ignore[index]
        states.append(after)
        found[after] = states
    return found


def is_same(known: Any, value: Any) -> bool:
    """Return whether two values from outside are the same, so that one name does for both."""
    if isinstance(known, partial) and isinstance(value, partial):
        return (
            known.func is value.func
            and known.keywords.keys() == value.keywords.keys()
            and all(is_same(known.keywords[name], part) for name, part in value.keywords.items())
        )
    return same_value(known, value)
