"""What rules of simplification ask of atoms and nodes."""

from __future__ import annotations

import operator
from collections import Counter
from typing import Any

import numpy as np

from fgrad.core.box import Box
from fgrad.core.primitive import Primitive
from fgrad.core.registry import PRIMITIVES
from fgrad.ir.graph import Atom, Constant, Graph, Node, Variable
from fgrad.numpy.answering.operators import operator_primitives
from fgrad.sources.facts import Facts, facts_of

ADD, SUB, MUL, DIV = (PRIMITIVES[f] for f in (operator.add, operator.sub, operator.mul, operator.truediv))
NEG, POW, MATMUL = (PRIMITIVES[f] for f in (operator.neg, operator.pow, np.matmul))
WHERE = PRIMITIVES[np.where]
#: The ufunc for each operator: ``x * y`` and ``np.multiply(x, y)`` are the same operation.
_UFUNCS = {id(operator): ufunc for operator, ufunc in operator_primitives()}
#: Dtypes that give way to a double of NumPy's, and not to a number of Python's.
HALF_PRECISE = frozenset({"float16", "float32", "complex64"})
_NUMBERS = (int, float, complex, np.number)


class Definitions(dict[Variable, Node]):
    """Which node makes a variable, and how often each was needed when the pass began."""

    def __init__(self, graph: Graph | None = None) -> None:
        super().__init__()
        self.uses: Counter[Atom] = Counter()
        if graph is not None:
            self.uses.update(atom for node in graph.nodes for atom in node.reads())
            self.uses.update(atom for atom in graph.outputs if type(atom) is Variable)

    def of(self, atom: Atom) -> Node | None:
        """Return the node that makes an atom; None of inputs and constants."""
        return self.get(atom) if type(atom) is Variable else None

    def passing(self, atom: Atom) -> Node | None:
        """Return the node that makes a value if nothing else needs it, and the user has no name for it."""
        made = self.of(atom)
        return made if made is not None and atom.name is None and self.uses[atom] == 1 else None


def canonical(primitive: Primitive) -> Primitive:
    """Return the primitive of the ufunc for that of an operator."""
    return _UFUNCS.get(id(primitive), primitive)


def is_of(node: Node | None, *primitives: Primitive) -> bool:
    """Return whether a node is one of some operations, as an operator or as a ufunc."""
    if node is None or node.params or node.several:
        return False
    mine = canonical(node.primitive)
    return any(mine is canonical(primitive) for primitive in primitives)


def is_literal_value(atom: Atom) -> bool:
    """Return whether an atom is a constant that the user has no name for."""
    return (
        type(atom) is Constant and atom.name is None and atom.origin is None and type(atom.value) is not Box
    )


def number_of(atom: Atom) -> Any:
    """Return the number that a constant without a name is everywhere; None of all else."""
    if not is_literal_value(atom):
        return None
    value = atom.value  # type: ignore[union-attr]
    if type(value) is np.ndarray:
        if not value.size or value.dtype.kind not in "fciu":
            return None
        first = value.flat[0]
        return first if not any(value.strides) or bool(np.all(value == first)) else None
    return value if isinstance(value, _NUMBERS) and not isinstance(value, bool) else None


def is_number(atom: Atom) -> bool:
    """Return whether an atom is a number without a name, and no array."""
    return number_of(atom) is not None and not np.ndim(atom.value)  # type: ignore[union-attr]


def shape_of(atom: Atom) -> tuple[int, ...]:
    """Return an atom's shape."""
    return atom.shape if isinstance(atom, Variable) else np.shape(atom.value)


def dtype_of(atom: Atom) -> np.dtype[Any]:
    """Return an atom's dtype."""
    if isinstance(atom, Variable):
        return atom.dtype
    found: np.dtype[Any] = getattr(atom.value, "dtype", np.asarray(atom.value).dtype)
    return found


def facts_about(atom: Atom) -> Facts:
    """Return what was seen of an atom's value in the run."""
    if type(atom) is Constant:
        return facts_of(atom.value)
    known = atom.kept  # type: ignore[union-attr]
    return known if known is not None else Facts(is_finite=False, has_no_zero=False)


def fits(atom: Atom, node: Node) -> bool:
    """Return whether an atom can stand for a node's result: has its shape and dtype, and is as strong.

    A number of Python's gives way to the dtype of an array that it meets, and one of NumPy's does not.
    """
    (result,) = node.results
    same = shape_of(atom) == result.shape and dtype_of(atom) == result.dtype
    return same and (type(atom) is Constant or facts_about(atom).is_weak == facts_about(result).is_weak)


def like(variable: Variable) -> Variable:
    """Return a new variable for what differs in its sign or by a factor: what was seen holds for it too."""
    return Variable(variable.shape, variable.dtype, None, variable.kept)


def meets_as(args: tuple[Atom, ...]) -> np.dtype[Any] | None:
    """Return the dtype in which an operation of NumPy's meets its arguments; None if there is none."""
    parts = []
    for arg in args:
        is_weak = type(arg) is Constant and type(arg.value) in (int, float, complex)
        parts.append(arg.value if is_weak else dtype_of(arg))  # type: ignore[union-attr]
    try:
        return np.result_type(*parts)
    except TypeError:
        return None


def without_weakness(graph: Graph) -> None:
    """Forget which values are Python's own numbers, in a graph where that makes no difference."""
    variables = [*graph.inputs, *(v for node in graph.nodes for v in node.results)]
    values = [c.value for c in graph.constants() if isinstance(c.value, np.ndarray | np.generic)]
    if HALF_PRECISE.intersection(part.dtype.name for part in (*variables, *values)):
        return
    for variable in variables:
        if variable.kept is not None:
            variable.kept = variable.kept._replace(is_weak=False)
