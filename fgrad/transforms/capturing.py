"""``capture``: a run of a function, as a graph that can be looked at, checked and run again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from fgrad.core.box import Box, bottom
from fgrad.core.errors import ArgumentError, OutputError
from fgrad.core.pytree import flatten, flatten_as, paths, unflatten
from fgrad.core.same import same_value
from fgrad.core.spec import spec_of
from fgrad.core.trace import watcher
from fgrad.ir.graph import Graph
from fgrad.ir.text import text_of, type_of
from fgrad.ir.validity import check
from fgrad.modes.capture import CaptureTrace
from fgrad.modes.outside import kept_value
from fgrad.modes.slate import is_slate, plain
from fgrad.transforms.arguments import check_alive, check_array_type, parameter_name
from fgrad.transforms.base import Transformed
from fgrad.transforms.running import run
from fgrad.transforms.tracebacks import short_traceback


class CapturedGraph(Graph):
    """The graph of a run, as a function of the arguments that were given.

    It is straight-line: where the function looked at a value to decide what to do, or how many elements there
    are, the graph holds for inputs that decide alike (``decisions`` tells where that was).

    Attributes
    ----------
    name : str
        What the function is called.
    inputs : list of Variable
        The floats and arrays of floats among the arguments' leaves, by the paths that lead to them.
    nodes : list of Node
        The operations whose results are needed, in order.
    outputs : list of Variable and Constant
        The leaves of the result.
    decisions : list of Decision
    """

    def __init__(
        self, graph: Graph, leaves: list[Any], structure: Any, places: list[int], result: Any
    ) -> None:
        super().__init__(graph.name, graph.inputs, graph.nodes, graph.outputs, graph.decisions)
        self.leaves, self.structure, self.places, self.result = leaves, structure, places, result
        self.__name__ = self.name

    def values(self) -> list[Any]:
        """Return the values of the inputs in the run that was captured."""
        return [self.leaves[place] for place in self.places]

    @short_traceback
    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        leaves = self.leaves_of(args, kwargs)
        fixed = set(range(len(leaves))) - set(self.places)
        for i in fixed:
            if not same_value(self.leaves[i], leaves[i]):
                raise ArgumentError(
                    f"{self.name} was captured with {self.leaves[i]!r}, which is no array of floats, and "
                    f"holds for that alone; got {leaves[i]!r}. Capture it again."
                )
        values = []
        for place, variable in zip(self.places, self.inputs, strict=True):
            check_array_type(leaves[place], variable.name)
            value = leaves[place] if type(leaves[place]) is Box else as_float(leaves[place])
            if value is None or spec_of(value) != variable.spec:
                given = type(leaves[place]).__name__ if value is None else type_of(*spec_of(value))
                raise ArgumentError(
                    f"{self.name} was captured with {type_of(*variable.spec)} for {variable.name}; got "
                    f"{given}. A graph holds for the shapes and dtypes of its capture; capture it again."
                )
            values.append(value)
        return unflatten(self.result, self.run(values))

    def leaves_of(self, args: Any, kwargs: dict[str, Any]) -> list[Any]:
        """Return the leaves of arguments that are passed like those of the capture; raise if they are not."""
        known_args, known_kwargs = unflatten(self.structure, self.leaves)
        if len(args) != len(known_args) or kwargs.keys() != known_kwargs.keys():
            given, known = _passing(args, kwargs), _passing(known_args, known_kwargs)
            raise ArgumentError(f"{self.name} was captured with {known}; got {given}. Pass them likewise.")
        return flatten_as((args, kwargs), self.structure, f"{self.name}: the arguments")

    def __str__(self) -> str:
        return text_of(self)

    def __repr__(self) -> str:
        return f"<graph of {self.name}: {len(self.inputs)} inputs, {len(self.nodes)} operations>"


class capture(Transformed):  # noqa: N801 - used as a function
    """Return the function that runs a function and returns the graph of what it did.

    The graph is an intermediate representation: typed variables, nodes of primitives with their parameters
    and the user's lines, and constants.  It is captured outside of the transforms that the function calls, so
    it can be had of ``grad(f)``, ``hessian(f)`` or ``vmap(f)`` as well.  Arrays from outside are copied when
    they are used; those of more than 65,536 elements are not, and must stay as they are.

    Parameters
    ----------
    function : callable
        What is to be captured, of any arguments.  Floats and arrays of floats in them, also in containers,
        become inputs (if there are none, ints do, as floats); everything else is part of the program.
    values : bool, default False
        Whether each variable keeps the value that it had in the run, as ``variable.kept``: an array of its
        own, or a number.

    Returns
    -------
    callable
        Takes the arguments of ``function`` and returns a graph, which can be called with arguments of the
        same structure, shapes and dtypes, has a text form (``print``), and a list of ``nodes``.

    Raises
    ------
    InputError
        If it is given something else than a function.
    DetachedError
        When it is called, if the function turns a float into a plain one.
    ArgumentError
        When it is called, if the function changes a large array from outside after it has used it.

    Examples
    --------
    >>> import fgrad.numpy as np
    >>> from fgrad import capture, grad
    >>> def area(r):
    ...     square = r * r
    ...     return 3.14 * square
    >>> graph = capture(area)(2.0)
    >>> print(graph)
    area(r: float64[]):
        square: float64[] = mul(r, r)  # square = r * r
        v1: float64[] = mul(3.14, square)  # return 3.14 * square
        return v1
    >>> graph(3.0)
    28.26
    >>> [node.results[0].kept for node in capture(area, values=True)(2.0).nodes]
    [4.0, 12.56]
    """

    transform = "capture"
    summary = "The graph of"

    def __init__(self, function: Callable[..., Any], *, values: bool = False) -> None:
        self.keeps_values = values
        super().__init__(function)

    def describe(self) -> None:
        super().describe()
        self.__doc__ = f"The graph of {self.name_of_function()}, captured for the arguments that it is given."

    def apply(self, args: Any, kwargs: Any) -> CapturedGraph:
        return captured(self.function, args, kwargs, _copied if self.keeps_values else None)


def _copied(value: Any) -> Any:
    """Return the plain value, an array as a copy."""
    plain_value = bottom(value)
    return plain_value.copy() if isinstance(plain_value, np.ndarray) else plain_value


def captured(
    function: Callable[..., Any], args: Any, kwargs: Any, keep: Callable[[Any], Any] | None = None
) -> CapturedGraph:
    """Return the graph of a function for arguments; ``keep`` says what is kept of each value in it."""
    name = str(getattr(function, "__name__", type(function).__name__))
    leaves, structure = flatten((args, kwargs))
    leaves = [plain(leaf) if is_slate(leaf) else leaf for leaf in leaves]
    floats = [i for i, leaf in enumerate(leaves) if as_float(leaf) is not None]
    places = [i for i in floats if not isinstance(leaves[i], int | np.integer)] or floats
    names = _names_of(function, args, kwargs)
    trace = CaptureTrace("capture", keep)
    token = watcher.set(trace.watch(watcher.get()))
    try:
        boxed = list(leaves)
        leaves = [leaf if i in places else kept_value(leaf) for i, leaf in enumerate(leaves)]
        for place in places:
            check_array_type(leaves[place], names[place])
            leaves[place] = leaves[place] if type(leaves[place]) is Box else as_float(leaves[place])
            check_alive(leaves[place], names[place])
            boxed[place] = trace.root(leaves[place], names[place])
        args, kwargs = unflatten(structure, boxed)
        outputs, result = flatten(run(function, args, kwargs))
        for output in outputs:
            if isinstance(output, Iterator):
                raise OutputError(
                    f"capture: {name} returned a {type(output).__name__}, which has not computed anything "
                    "yet; return a list or an array of its elements"
                )
        graph = trace.graph_of(name, [plain(output) for output in outputs]).pruned()
    finally:
        watcher.reset(token)
        trace.finish()
    check(graph)
    return CapturedGraph(graph, leaves, structure, places, result)


def as_float(leaf: Any) -> Any:
    """Return a leaf that is a number or an array of floats as that, ints as floats; None for all else."""
    if type(leaf) is Box or isinstance(leaf, float | complex | np.inexact):
        return leaf
    if isinstance(leaf, int | np.integer) and not isinstance(leaf, bool):
        return float(leaf)
    if isinstance(leaf, np.ndarray) and leaf.dtype.kind in "fc":
        return np.asarray(leaf, leaf.dtype.newbyteorder("="))
    return None


def _passing(args: Any, kwargs: dict[str, Any]) -> str:
    """Return the words for how arguments are passed: by position and by name."""
    words = f"{len(args)} argument{'' if len(args) == 1 else 's'} by position"
    return f"{words} and {', '.join(kwargs)} by name" if kwargs else words


def _names_of(function: Callable[..., Any], args: Any, kwargs: Any) -> list[str]:
    """Return how each leaf of the arguments is reached, by the names of the parameters."""
    found: list[str] = []
    for i, arg in enumerate(args):
        name = parameter_name(function, i)
        found += paths(flatten(arg)[1], name if name.isidentifier() else f"x{i}")
    for name, arg in kwargs.items():
        found += paths(flatten(arg)[1], name)
    return found
