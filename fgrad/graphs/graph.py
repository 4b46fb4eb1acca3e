"""``graph``: the computational graph of a function, with forward values and adjoints, to be looked at."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

from fgrad.core.errors import ArgumentError
from fgrad.graphs.adjoints import adjoints_of
from fgrad.graphs.dot import dot_of
from fgrad.graphs.folding import folded
from fgrad.graphs.graphviz import GraphvizMissingError, hint_once, picture, svg_of
from fgrad.graphs.mermaid import mermaid_of
from fgrad.graphs.page import page_of
from fgrad.graphs.summary import Summary, summary_of
from fgrad.graphs.table import table_of
from fgrad.graphs.view import View, view_of
from fgrad.ir.graph import Variable
from fgrad.transforms.base import Transformed
from fgrad.transforms.capturing import CapturedGraph, captured

#: How many marks a drawing has at most, unless one asks for more.
LIMIT = 60


class ComputationalGraph:
    """The graph of one run: it draws itself in Jupyter, and ``print`` shows it as a table.

    Attributes
    ----------
    captured : CapturedGraph
        The graph itself, which can be run.
    adjoints : dict
        By variable, what is shown of the derivative of the result with respect to it; empty if the result is
        not one real number.
    """

    def __init__(
        self, captured: CapturedGraph, adjoints: dict[Variable, Summary], reason: str, fold: Any, limit: int
    ) -> None:
        self.captured, self.adjoints, self.reason = captured, adjoints, reason
        self.fold, self.limit = fold, limit

    @cached_property
    def view(self) -> View:
        """What is drawn."""
        view = view_of(self.captured, self.adjoints)
        if self.reason:
            view.notes.append(f"no adjoints: {self.reason}")
        return folded(view, self.fold, self.limit)

    @property
    def table(self) -> str:
        """The graph as an aligned table of at most 80 columns."""
        return table_of(self.view)

    @property
    def dot(self) -> str:
        """The drawing in the language of Graphviz."""
        return dot_of(self.view)

    @property
    def mermaid(self) -> str:
        """The drawing in the language of Mermaid."""
        return mermaid_of(self.view)

    @property
    def svg(self) -> str:
        """The drawing as SVG, by Graphviz."""
        return svg_of(self.dot)

    @property
    def html(self) -> str:
        """A page that stands alone: the drawing, if Graphviz is installed, and the table."""
        return page_of(f"The graph of {self.view.title}", self._svg_or_none(), self.table)

    def save(self, path: str | Path) -> Path:
        """Write the drawing into a file, in the form that its ending says, and return the path.

        Parameters
        ----------
        path : str or Path
            Ends in ``.svg``, ``.png``, ``.dot``, ``.mmd`` (Mermaid), ``.html`` or ``.txt`` (the table).

        Raises
        ------
        ArgumentError
            If it ends in something else.
        GraphvizMissingError
            For SVG and PNG, if Graphviz is not installed.
        OSError
            If the file cannot be written; nothing of it is left then that was not there before.
        """
        path = Path(path)
        write = _FORMS.get(path.suffix.lower())
        if write is None:
            raise ArgumentError(f"graph: a file of a graph ends in {', '.join(_FORMS)}; got {path.name!r}")
        content = write(self)  # before the file is opened: an error leaves it as it was
        is_new = not path.exists()
        try:
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        except OSError:
            if is_new:
                path.unlink(missing_ok=True)
            raise
        return path

    def _svg_or_none(self) -> str | None:
        try:
            return self.svg
        except GraphvizMissingError:
            return None

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        bundle = {"text/plain": str(self)}
        svg = self._svg_or_none()
        if svg is not None:
            bundle["image/svg+xml"] = svg
        else:
            hint_once()
            bundle["text/markdown"] = f"```mermaid\n{self.mermaid}```"
        return bundle

    def __str__(self) -> str:
        return self.table

    def __repr__(self) -> str:
        words = f"{len(self.captured.nodes)} operations"
        return f"<computational graph of {self.captured.name}: {words}; print it, or .save('graph.svg')>"


_FORMS: dict[str, Callable[[ComputationalGraph], str | bytes]] = {
    ".svg": lambda graph: graph.svg,
    ".png": lambda graph: picture(graph.dot, "png"),
    ".dot": lambda graph: graph.dot,
    ".mmd": lambda graph: graph.mermaid,
    ".html": lambda graph: graph.html,
    ".txt": lambda graph: graph.table + "\n",
}


class graph(Transformed):  # noqa: N801 - used as a function
    """Return the function that runs a function and returns its computational graph, drawn.

    The graph has the elementary operations of the run, their values, and, if the result is one real number,
    the adjoint of each value: the derivative of the result with respect to it.  It can be had of ``grad(f)``,
    ``hessian(f)`` or ``vmap(f)`` as well, whose own operations are nodes too.

    Parameters
    ----------
    function : callable
        What is drawn, of any arguments.
    fold : {"auto", None, "line", "function"}
        Whether operations that came from one line of the code, or from one function, are one mark.  The
        default folds by as little as is needed for the limit; None does not fold.
    limit : int, default 60
        How many marks there are at most.  If folding does not do it, those in the middle are left out; a note
        says how many.
    adjoints : bool, default True
        Whether adjoints are computed, which takes a second run, under reverse mode.

    Returns
    -------
    callable
        Takes the arguments of ``function`` and returns a ``ComputationalGraph``.  In Jupyter it draws
        itself; ``print`` shows a table; ``.dot``, ``.mermaid``, ``.svg``, ``.html`` are the drawing in these
        forms, and ``.save("graph.svg")`` writes a file (svg, png, dot, mmd, html, txt).

    Raises
    ------
    InputError
        If it is given something else than a function.
    ArgumentError
        If ``fold`` or ``limit`` is none of the above.

    Notes
    -----
    Values are named as the user's code names them: arguments, local variables, constants of a closure or
    a module.  Of large arrays the shape and the range are shown.  Pictures (SVG, PNG) are drawn by
    Graphviz, the extra ``graphviz`` and the program ``dot``; without it a notebook gets Mermaid.

    Examples
    --------
    >>> import fgrad.numpy as np
    >>> from fgrad import graph
    >>> def loss(w):
    ...     y = 1 / (1 + np.exp(-w))
    ...     return -np.log(y)
    >>> print(graph(loss)(0.0))
    loss
    name  computed as  value    adjoint
    -----------------------------------
    w     input        0        -0.5
    v1    -w           0        0.5
    v2    exp(v1)      1        0.5
    v3    1 + v2       2        0.5
    y     1 / v3       0.5      -2
    v4    log(y)       -0.6931  -1
    v5    -v4          0.6931   1
    """

    transform = "graph"
    summary = "The computational graph of"

    def __init__(
        self, function: Callable[..., Any], *, fold: Any = "auto", limit: int = LIMIT, adjoints: bool = True
    ) -> None:
        super().__init__(function)
        folded(View(""), fold, limit)  # raises what is to be said of the two
        self.fold, self.limit, self.adjoints = fold, limit, adjoints

    def describe(self) -> None:
        super().describe()
        self.__doc__ = f"The computational graph of {self.name_of_function()}, drawn for its arguments."

    def apply(self, args: Any, kwargs: Any) -> ComputationalGraph:
        found = captured(self.function, args, kwargs, summary_of)
        adjoints, reason = adjoints_of(found, found.values()) if self.adjoints else ({}, "")
        return ComputationalGraph(found, adjoints, reason, self.fold, self.limit)
