"""How the leaves that a primitive sees make up the arguments that its function was called with.

A user's primitive may take and return containers.  Traces deal in flat arrays, so the call is taken
apart in front of the primitive, and a :class:`Call` travels with it as a parameter.
"""

from __future__ import annotations

from typing import Any

from fgrad.core.pytree import LEAF, flatten, flatten_as, unflatten


class Call:
    """The structure of one call.

    Attributes
    ----------
    structures : tuple
        The structure of each positional argument.
    owners : list of int
        For each leaf the position of its argument; -1 for keyword arguments.
    result : structure
        Of what the function returned; known once it was computed.
    """

    def __init__(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self.leaves: list[Any] = []
        self.owners: list[int] = []
        structures = []
        for position, arg in enumerate(args):
            found, structure = flatten(arg)
            self.leaves += found
            self.owners += [position] * len(found)
            structures.append(structure)
        found, self.keywords = flatten(kwargs)
        self.leaves += found
        self.owners += [-1] * len(found)
        self.structures = tuple(structures)
        self.result: Any = LEAF

    def adopt(self, other: Any) -> bool:
        """Return whether another call is of the same structure, and if so take its result's structure."""
        if (self.structures, self.owners, self.keywords) != (other.structures, other.owners, other.keywords):
            return False
        self.result = other.result
        return True

    def take_leaves(self) -> list[Any]:
        """Return the leaves, and keep none of them."""
        leaves, self.leaves = self.leaves, []
        return leaves

    def arguments(self, leaves: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Return positional and keyword arguments with the given leaves."""
        remaining = iter(leaves)  # each container takes its own leaves from it
        args = tuple(unflatten(structure, remaining) for structure in self.structures)
        return args, unflatten(self.keywords, remaining)

    def places(self, position: int) -> list[int]:
        """Return which leaves make up a positional argument."""
        return [i for i, owner in enumerate(self.owners) if owner == position]

    def argument(self, position: int, leaves: Any) -> Any:
        """Return one positional argument made of its leaves."""
        return unflatten(self.structures[position], leaves)

    def argument_leaves(self, tree: Any, position: int, what: str) -> list[Any]:
        """Return the leaves of a container that must be like a positional argument."""
        return flatten_as(tree, self.structures[position], what)

    def returned(self, leaves: Any) -> Any:
        """Return the result made of its leaves."""
        return unflatten(self.result, leaves)

    def result_leaves(self, tree: Any, what: str) -> list[Any]:
        """Return the leaves of a container that must be like the result."""
        return flatten_as(tree, self.result, what)


class ArrayCall(Call):
    """A call of a library's own primitive: each argument is one array."""

    def __init__(self, count: int, results: int | None) -> None:
        self.leaves = []
        self.owners = list(range(count))
        self.structures = (LEAF,) * count
        self.keywords = flatten({})[1]
        self.result = LEAF if results is None else flatten((LEAF,) * results)[1]
