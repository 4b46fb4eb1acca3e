"""``source``: a function, or a derivative of it, as readable NumPy code."""

from __future__ import annotations

import linecache
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fgrad.core.errors import InputError
from fgrad.sources.algebra import RULES
from fgrad.sources.facts import facts_of
from fgrad.sources.rewriting import simplified
from fgrad.sources.writing import Writer
from fgrad.transforms.arguments import parameter_name
from fgrad.transforms.capturing import captured


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
    function : callable
        The function, compiled.
    """

    def __init__(self, text: str, name: str, namespace: dict[str, Any]) -> None:
        self.text, self.name, self.namespace = text, name, namespace
        filename = f"<fgrad.source of {name} #{abs(hash(text)) % 10**8}>"
        linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)
        scope = dict(namespace)
        exec(compile(text, filename, "exec"), scope)
        self.function: Callable[..., Any] = scope[name]

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.function(*args, **kwargs)

    def save(self, path: str | Path) -> Path:
        """Write the code into a file, and return the path; constants are not part of it."""
        path = Path(path)
        path.write_text(f"import numpy as np\n\n\n{self.text}", encoding="utf-8")
        return path

    def __str__(self) -> str:
        return self.text.rstrip("\n")

    __repr__ = __str__

    def _repr_markdown_(self) -> str:
        return f"```python\n{self.text}```"


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
        Where to run it.  Floats and arrays of floats become parameters of the code; what else the function
        was given is part of the program.

    Returns
    -------
    Source
        ``print`` shows the code, ``.text`` is it, ``.namespace`` has the constants that it uses, and calling
        it runs it.

    Raises
    ------
    InputError
        If it is given something else than a function.

    Notes
    -----
    A cotangent of zero wins over an infinite slope, as everywhere in fgrad; the code has such a guard where
    a value of this run needs it.  Slopes are written by their formulas, without what fgrad does to save the
    last digits and to avoid overflow far out.

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
    simple = simplified(graph, RULES)
    parameters = [parameter_name(function, i).replace("argument ", "x") for i in range(len(args))]
    parameters += list(kwargs)
    name = _identifier(graph.name)
    writer = Writer(simple, name, parameters, graph.result)
    return Source(writer.text(), name, writer.namespace)


def _identifier(name: str) -> str:
    """Return a function's name as one that code can have."""
    cleaned = name.replace("<lambda>", "f")
    cleaned = "".join(c if c.isidentifier() or c.isdigit() else "_" for c in cleaned)
    return cleaned if cleaned.isidentifier() else f"f_{cleaned}"
