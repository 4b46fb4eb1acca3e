"""The derivative at a point as a linear function that is run again and again, without the function itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fgrad.core.box import Box
from fgrad.core.primitive import Primitive
from fgrad.core.pytree import LEAF, unflatten
from fgrad.core.spec import Spec, spec_of, zeros
from fgrad.ir.graph import Graph
from fgrad.modes.forward import ForwardTrace
from fgrad.transforms.arguments import owned
from fgrad.transforms.inputs import Inputs, check_function, wanted_of
from fgrad.transforms.pushforward import Pushed, finished, matching_tangents, push
from fgrad.transforms.recording import Recorder
from fgrad.transforms.tracebacks import short_traceback


class Linearization:
    """The function from a tangent of the arguments to that of the value.

    Forward mode is run once, with tangents that a :class:`~fgrad.transforms.recording.Recorder` follows.
    What it notes is the linear part of the derivative, in which the partial derivatives are constants.

    Attributes
    ----------
    value : array or container
        The function's value.
    aux : container of anything
        What else it has to tell.
    specs : list of Spec
        Of the leaves of the value.
    graph : Graph or None
        None where it could not be recorded, because a derivative rule runs code that takes plain arrays only;
        then the function is run for each tangent.
    """

    def __init__(
        self, function: Callable[..., Any], inputs: Inputs, transform: str, *, has_aux: bool = False
    ) -> None:
        self.function, self.inputs, self.transform, self.has_aux = function, inputs, transform, has_aux
        inputs.own_leaves()  # the caller may change them before the tangents come
        self.graph: Graph | None = None
        pushed = self.record()
        if pushed is None:
            pushed = self.push_anew([zeros(spec_of(leaf)) for leaf in inputs.leaves])
        values, _, self.structure, self.aux = pushed
        seen = {id(leaf) for leaf in inputs.leaves}
        self.values = [owned(value, seen) for value in values]
        self.specs = [spec_of(value) for value in values]
        self.value = self.values[0] if self.structure is LEAF else unflatten(self.structure, self.values)

    def record(self) -> Pushed | None:
        """Run the function and note its derivative; return None if a rule did not allow that."""
        recorder = Recorder(self.transform, quiet=True)
        trace = _Following(self.transform)
        roots = [recorder.root(_ones(spec_of(leaf))) for leaf in self.inputs.leaves]
        try:
            pushed = push(
                self.function, self.inputs, roots, self.transform, has_aux=self.has_aux, trace=trace
            )
            self.moving = [type(t) is Box and t.owner is recorder for t in pushed.tangents]
            moved = [t for t, moves in zip(pushed.tangents, self.moving, strict=True) if moves]
            self.graph, self.given = recorder.graph_of(moved), recorder.given[len(roots) :]
        except Exception:
            if not trace.has_failed:
                raise
            return None  # an error that is the function's own comes again
        finally:
            recorder.finish()
        return pushed

    def push_anew(self, tangents: list[Any]) -> Pushed:
        """Run the function with given tangents."""
        return push(self.function, self.inputs, tangents, self.transform, has_aux=self.has_aux)

    def push(self, tangents: list[Any]) -> list[Any]:
        """Return the tangents of the value's leaves for those of the inputs', None for zero."""
        if self.graph is None:
            return self.push_anew(tangents).tangents
        moved = iter(self.graph.run([*tangents, *self.given]))
        return [next(moved) if moves else None for moves in self.moving]

    def tangent(self, tangents: list[Any]) -> Any:
        """Return the tangent of the value as the user wants to have it."""
        seen = {id(array) for array in (*tangents, *self.inputs.leaves, *self.values)}
        return finished(self.values, self.push(tangents), self.structure, seen)

    @short_traceback
    def __call__(self, tangent: Any) -> Any:
        """Return the tangent of the value for one of the structure of the differentiated arguments."""
        return self.tangent(matching_tangents(self.inputs, tangent, f"{self.transform}: the tangent"))


class _Following(ForwardTrace):
    """Forward mode that remembers whether an operation could not be followed."""

    def __init__(self, transform: str) -> None:
        super().__init__(transform)
        self.has_failed = False

    def process(self, primitive: Primitive, args: Any, params: Any) -> Any:
        try:
            return super().process(primitive, args, params)
        except Exception:
            self.has_failed = True
            raise


def _ones(spec: Spec) -> Any:
    return np.ones(spec.shape, spec.dtype) if spec.shape else spec.dtype.type(1)


class Linear(Linearization):
    """The function of one tangent for each argument that :func:`linearize` returns."""

    @short_traceback
    def __call__(self, *tangents: Any) -> Any:
        takes_one = self.inputs.single or self.inputs.wanted.argnums is None
        return super().__call__(tangents[0] if takes_one and len(tangents) == 1 else tangents)


@short_traceback
def linearize(
    function: Callable[..., Any],
    /,
    *primals: Any,
    argnums: Any = None,
    argnum: Any = None,
    argnames: Any = None,
    has_aux: bool = False,
    **kwargs: Any,
) -> Any:
    """Return the value of a function and its derivative as a linear function, for many directions.

    The function is run once.  Each tangent then costs the linear part of the derivative only: partial
    derivatives have been computed, and what the function decided by a value stays as it is at ``primals``.

    Parameters
    ----------
    function : callable
        Returns an array or a container of arrays.
    *primals : array or container
        Where to differentiate.
    argnums, argnum, argnames : optional
        Which of the arguments move; all of ``primals`` by default.  As in :func:`fgrad.vjp`.
    has_aux : bool, default False
        Whether ``function`` returns a pair ``(value, aux)``, of which ``aux`` is anything else.
    **kwargs
        Passed to ``function``.

    Returns
    -------
    value : array or container
        ``function(*primals, **kwargs)``.
    derivative : callable
        ``derivative(*tangents)``, with one tangent for each primal, of its structure, shapes and dtypes (for
        an int in ``argnums`` one tangent, for names a dictionary of them), returns the tangent of the value.
        It can be differentiated and batched, and called after the primals were changed in place.
    aux
        With ``has_aux`` only.

    Raises
    ------
    InputError, ArgumentError
        If a primal is not of numbers, or a tangent does not fit its primal.

    Notes
    -----
    Where a derivative rule runs code that takes plain arrays only, or a derivative depends on the direction
    (eigenvectors at equal eigenvalues), the function is run for each tangent.

    Examples
    --------
    >>> import fgrad.numpy as np
    >>> from fgrad import linearize
    >>> value, derivative = linearize(lambda x, y: x * np.exp(y), 2.0, 0.0)
    >>> value, derivative(1.0, 0.0), derivative(0.0, 1.0)
    (np.float64(2.0), np.float64(1.0), np.float64(2.0))
    """
    check_function(function, "linearize")
    if argnums is None and argnum is None and argnames is None:
        argnums = tuple(range(len(primals)))
    inputs = Inputs(function, wanted_of(argnums, argnum, argnames, "linearize"), primals, kwargs, "linearize")
    linear = Linear(function, inputs, "linearize", has_aux=has_aux)
    return (linear.value, linear, linear.aux) if has_aux else (linear.value, linear)
