"""``source``: a function, or a derivative of it, as readable NumPy code."""

from __future__ import annotations

import inspect
import linecache
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from fgrad.core.errors import ArgumentError, InputError
from fgrad.core.pytree import flatten, paths
from fgrad.ir.graph import Graph
from fgrad.ir.names import RESERVED
from fgrad.sources.algebra import LAST_RULES, RULES
from fgrad.sources.containers import leaf_texts
from fgrad.sources.facts import facts_of
from fgrad.sources.files import module_text
from fgrad.sources.matching import without_weakness
from fgrad.sources.origins import with_origins
from fgrad.sources.rewriting import simplified
from fgrad.sources.writing import Writer
from fgrad.transforms.arguments import parameter_name
from fgrad.transforms.capturing import CapturedGraph, captured
from fgrad.transforms.tracebacks import short_traceback


class Source:
    """The code of a function: ``print`` shows it, a call runs it.

    Attributes
    ----------
    text : str
        The definition of one Python function.
    name : str
        Of the function.
    namespace : dict
        What the code takes from outside, by name: NumPy, constants, and operations for which NumPy has no
        word.
    fixed : dict
        What is part of the program, by the path in the arguments: an int, a text.
    function : callable
        The function, compiled.
    """

    def __init__(
        self, text: str, name: str, namespace: dict[str, Any], fixed: Mapping[str, Any] | None = None
    ) -> None:
        self.text, self.name, self.namespace, self.fixed = text, name, namespace, dict(fixed or {})
        filename = f"<fgrad.source of {name} #{zlib.crc32(text.encode()):08x}>"
        linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)
        scope = dict(namespace)
        exec(compile(text, filename, "exec"), scope)
        self.function: Callable[..., Any] = scope[name]
        self.__name__, self.__wrapped__ = name, self.function  # its signature is this one's

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self.fixed:
            self.check_fixed(args, kwargs)
        return self.function(*args, **kwargs)

    def check_fixed(self, args: Any, kwargs: Any) -> None:
        """Raise if an argument that is part of the program is another than when it was captured."""
        given = inspect.signature(self.function).bind(*args, **kwargs).arguments
        for name, value in given.items():
            leaves, structure = flatten(value)
            for path, leaf in zip(paths(structure, name), leaves, strict=True):
                if path in self.fixed and not _is_same(leaf, self.fixed[path]):
                    raise ArgumentError(
                        f"the code of {self.name} was written for {path} = {self.fixed[path]!r}, which is no "
                        f"float and no array of floats, and holds for that alone; got {leaf!r}. "
                        "Write it again: fgrad.source with that value."
                    )

    def save(self, path: str | Path) -> Path:
        """Write the code into a file that can be imported, and return its path.

        Short constants are written into it, and what can be imported is imported.  Large arrays, and
        functions of no module, are not part of it: a comment in it says what has to be assigned before the
        function is called, ``module.X = X``; they are in :attr:`namespace`.
        """
        path = Path(path)
        path.write_text(module_text(self.text, self.name, self.namespace), encoding="utf-8")
        return path

    def __reduce__(self) -> Any:
        namespace = {name: value for name, value in self.namespace.items() if name != "np"}
        return _restored, (self.text, self.name, namespace, self.fixed)

    def __str__(self) -> str:
        return self.text.rstrip("\n")

    __repr__ = __str__

    def _repr_markdown_(self) -> str:
        return f"```python\n{self.text}```"


def _restored(text: str, name: str, namespace: dict[str, Any], fixed: dict[str, Any]) -> Source:
    return Source(text, name, {"np": np, **namespace}, fixed)


def _is_same(given: Any, known: Any) -> bool:
    if isinstance(given, np.ndarray) or isinstance(known, np.ndarray):
        return type(given) is type(known) and given.dtype == known.dtype and np.array_equal(given, known)
    return given is known or bool(given == known)


@short_traceback
def source(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Source:
    """Return readable NumPy code of a function, for the arguments given.

    The run of the function is captured, simplified, and written down: straight-line code without boxes or
    tapes, with the user's lines as comments.  Of ``grad(f)`` it shows forward values first and gradients
    after.  It is for reading and teaching, and it runs: for inputs of the same shapes for which the
    function decides alike, it gives the same numbers, to rounding.

    Parameters
    ----------
    function : callable
        A function of the user's, or one that fgrad made of it: ``grad(f)``, ``hessian(f)``, ``vmap(f)``.
    *args, **kwargs
        Where to run it.  Floats and arrays of floats are what the code computes with; what else the function
        was given is part of the program, and has to be the same when the code is called.

    Returns
    -------
    Source
        ``print`` shows the code, ``.text`` is it, ``.namespace`` has the constants that it uses, ``.save``
        writes it into a file, and calling it runs it.

    Raises
    ------
    InputError
        If it is given something else than a function.
    ArgumentError
        When the code is called with another int, text or other argument that is part of the program.

    Notes
    -----
    A cotangent of zero wins over an infinite slope, as everywhere in fgrad; the code has such a guard where
    a value of this run needs it.  Slopes are written by their formulas, without what fgrad does to save the
    last digits and to avoid overflow far out.  The sign of a zero may differ.

    Examples
    --------
    >>> import fgrad.numpy as np
    >>> from fgrad import grad, source
    >>> def loss(w):
    ...     y = np.tanh(w)
    ...     return np.sum(y**2)
    >>> print(source(grad(loss), np.array([0.5, 1.0])))
    def grad_loss(w):
        # y = np.tanh(w)
        y = np.tanh(w)
        # back through: return np.sum(y**2)
        d_y = 2 * y
        # back through: y = np.tanh(w)
        return d_y / np.cosh(w) ** 2
    """
    if not callable(function):
        raise InputError(
            f"source takes a function and its arguments; got {type(function).__name__}. "
            "Write source(grad(f), x): the function first, and then where to run it."
        )
    graph = captured(function, args, kwargs, facts_of)
    given = _parameters(function, args, kwargs)
    name = _identifier(graph.name)
    leaves = [(parameter, i) for parameter, arg in given for i in range(len(flatten(arg)[0]))]
    inputs = [leaves[place] for place in graph.places]
    reached = {parameter: leaf_texts(flatten(arg)[1], parameter) for parameter, arg in given}
    without_weakness(graph)
    simple: Graph = with_origins(graph)
    for rules in (RULES, LAST_RULES):
        simple = simplified(simple, rules)
    writer = Writer(simple, name, reached, inputs, graph.result, _arrays_of(function))
    return Source(writer.text(), name, writer.namespace, _fixed(graph, given))


def _parameters(function: Callable[..., Any], args: Any, kwargs: Any) -> list[tuple[str, Any]]:
    """Return the names of the parameters that were given, each another, and what was given."""
    found: dict[str, Any] = {}
    used = {parameter_name(function, i) for i in range(len(args))} | set(kwargs)
    for i, arg in enumerate(args):
        name, number = parameter_name(function, i), i
        while not name.isidentifier() or name in found:
            name = f"x{number}"
            number += 1
            name = f"{name}_" if name in used and name not in found else name
        found[name] = arg
    return [*found.items(), *kwargs.items()]


def _fixed(graph: CapturedGraph, given: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return what is part of the program, by path."""
    names = [path for parameter, arg in given for path in paths(flatten(arg)[1], parameter)]
    places = set(graph.places)
    return {names[i]: leaf for i, leaf in enumerate(graph.leaves) if i not in places}


def _arrays_of(function: Any) -> dict[str, np.ndarray[Any, Any]]:
    """Return the arrays that a function, or the one that it was made of, has names for from outside."""
    while not inspect.isfunction(function):
        inner = getattr(function, "function", None) or getattr(function, "__wrapped__", None)
        if inner is None:
            return {}
        function = inner
    outside = inspect.getclosurevars(function)
    found = {**outside.globals, **outside.nonlocals}
    return {name: value for name, value in found.items() if isinstance(value, np.ndarray)}


def _identifier(name: str) -> str:
    """Return a function's name as one that code can have."""
    cleaned = name.replace("<lambda>", "f")
    cleaned = "".join(c if c.isidentifier() or c.isdigit() else "_" for c in cleaned)
    cleaned = cleaned if cleaned.isidentifier() else f"f_{cleaned}"
    return f"{cleaned}_" if cleaned in RESERVED else cleaned
