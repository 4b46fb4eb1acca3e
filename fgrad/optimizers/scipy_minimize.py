"""SciPy's minimisers on containers, with fgrad's derivatives.

>>> import fgrad.numpy as np
>>> from fgrad.optimizers import minimize
>>> def rosenbrock(p):
...     return 100.0 * (p["y"] - p["x"] ** 2) ** 2 + (1.0 - p["x"]) ** 2
>>> result = minimize(rosenbrock, {"x": -1.2, "y": 1.0}, method="trust-ncg", gtol=1e-8)
>>> round(result.x["x"], 6), round(result.x["y"], 6), result.success
(1.0, 1.0, True)
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np

from fgrad.core.box import Box
from fgrad.core.errors import ArgumentError, DetachedError, InputError
from fgrad.core.pytree import paths
from fgrad.optimizers.bounds import bounds_of
from fgrad.optimizers.numbers import parameters_of
from fgrad.optimizers.objective import TRACED, Objective
from fgrad.optimizers.progress import Progress
from fgrad.optimizers.vectors import Packing

WITHOUT_GRADIENT = frozenset({"nelder-mead", "powell", "cobyla", "cobyqa"})
WITH_PRODUCTS = frozenset({"newton-cg", "trust-ncg", "trust-krylov", "trust-constr"})
WITH_HESSIAN = frozenset({"dogleg", "trust-exact"})
WITH_BOUNDS = frozenset(
    {"nelder-mead", "powell", "l-bfgs-b", "tnc", "cobyla", "cobyqa", "slsqp", "trust-constr"}
)

_REFUSED = {
    "jac": "fgrad computes the gradient. If it is to be another, register the function with "
    "fgrad.primitive and fgrad.defvjp",
    "hess": "fgrad computes the products with the Hessian, where the method uses them",
    "hessp": "fgrad computes the products with the Hessian, where the method uses them",
    "constraints": "Add a penalty to the function, or give scipy.optimize.minimize a function of one array "
    "with jac=fgrad.grad(function)",
}


def minimize(
    function: Callable[..., Any],
    x0: Any,
    args: Any = (),
    method: Any = None,
    *,
    bounds: Any = None,
    tol: float | None = None,
    callback: Callable[..., Any] | None = None,
    progress: bool | None = None,
    options: dict[str, Any] | None = None,
    **more_options: Any,
) -> Any:
    """Minimise a function of a container with one of SciPy's methods and fgrad's derivatives.

    Parameters
    ----------
    function : callable
        ``function(x, *args)`` returns a real scalar.
    x0 : number, array, or container of them
        The start.  It is not modified.
    args : tuple, optional
        Further arguments of ``function``, which are not varied.
    method : str or callable, optional
        As for ``scipy.optimize.minimize``: BFGS by default, L-BFGS-B if there are bounds.  ``Newton-CG``,
        ``trust-ncg``, ``trust-krylov`` and ``trust-constr`` get products of the Hessian with vectors, each
        the JVP of the gradient, and no Hessian is formed; ``dogleg`` and ``trust-exact`` get the matrix.
    bounds : container, sequence of pairs, or scipy.optimize.Bounds, optional
        A container like ``x0`` with a pair ``(low, high)`` in each leaf's place, of numbers, arrays of the
        leaf's shape, or None; what is left out of it is free.  Or SciPy's forms, for the elements of all
        leaves in order.
    tol : float, optional
        As for SciPy.
    callback : callable, optional
        ``callback(x)`` is called after each iteration, with a container; a callback with one parameter
        called ``intermediate_result`` gets an OptimizeResult.  If it raises StopIteration, the methods that
        know this end.
    progress : bool, optional
        Whether to show a progress bar, which needs tqdm.  By default a run of more than a second shows one if
        tqdm is installed and the output is a terminal or a notebook.
    options : dict, optional
        The method's options, as for SciPy.
    **more_options
        The same by name: ``maxiter=100, gtol=1e-8``.

    Returns
    -------
    scipy.optimize.OptimizeResult
        ``x`` and ``jac`` (``grad`` for trust-constr) are containers of the structure, shapes and dtypes of
        ``x0`` (floats for ints).  Matrices, such as ``hess_inv``, are those of the vector of all elements, in
        which a complex array is its real parts and then its imaginary parts.

    Raises
    ------
    ImportError
        If SciPy is not installed, or ``progress`` is true and tqdm is not.
    InputError, ArgumentError
        If a leaf of ``x0`` is not of numbers, the bounds do not fit, the method takes no bounds, or an
        argument of SciPy's has no place here; if the function is NaN at ``x0``, or a derivative is NaN where
        the function is finite.
    OutputError
        If the function's result is not a real scalar.
    DetachedError
        If ``x0`` or a result of the function is being differentiated, which SciPy's code cannot be.

    Notes
    -----
    SciPy computes in double precision.  The function is called with the dtypes of ``x0``, so float32
    parameters make a function with steps, for which a tolerance below about 1e-3 cannot be reached.

    Examples
    --------
    >>> import fgrad.numpy as np
    >>> from fgrad.optimizers import minimize
    >>> def loss(params, target):
    ...     return np.sum((params["w"] - target) ** 2)
    >>> result = minimize(loss, {"w": np.zeros(2)}, args=(np.array([1.0, -3.0]),), bounds={"w": (-2.0, None)})
    >>> result.x
    {'w': array([ 1., -2.])}
    """
    if not callable(function):
        raise InputError(f"minimize takes a function; got {type(function).__name__}")
    for name in _REFUSED.keys() & more_options.keys():
        raise ArgumentError(f"minimize: {name} is no argument here. {_REFUSED[name]}.")
    optimize = _scipy_optimize()
    leaves, structure = parameters_of(x0, "minimize: x0")
    for leaf, path in zip(leaves, paths(structure, "x0"), strict=True):
        if type(leaf) is Box:
            raise DetachedError(f"minimize: {path} is a traced value. {TRACED}")
    packing = Packing(leaves, structure)
    if not packing.size:
        raise InputError("minimize: x0 has no elements, so there is nothing to vary")
    name = method.lower() if isinstance(method, str) else method
    limits = None
    if bounds is not None:
        if isinstance(name, str) and name not in WITH_BOUNDS:
            raise ArgumentError(
                f"minimize: the method {method} takes no bounds. Of those that do, L-BFGS-B, TNC, SLSQP and "
                "trust-constr use the gradient."
            )
        limits = optimize.Bounds(*bounds_of(bounds, packing), getattr(bounds, "keep_feasible", False))
    objective = Objective(function, args if isinstance(args, tuple) else (args,), packing)
    with Progress(progress, "minimize", None) as bar:
        result = optimize.minimize(
            objective.value if name in WITHOUT_GRADIENT else objective.value_and_gradient,
            packing.pack(leaves),
            method=method,
            bounds=limits,
            tol=tol,
            callback=_Callback(callback, packing, objective, bar),
            options={**(options or {}), **more_options},
            **_derivatives(objective, name),
        )
    return _in_containers(result, packing)


def _scipy_optimize() -> Any:
    """Return ``scipy.optimize``, which is not needed for anything else."""
    try:
        return import_module("scipy.optimize")
    except ImportError as error:
        raise ImportError(
            "fgrad.optimizers.minimize needs SciPy, which is not installed. "
            "Install it with: pip install 'fgrad[scipy]'"
        ) from error


def _derivatives(objective: Objective, method: Any) -> dict[str, Any]:
    """Return the arguments of SciPy's for the derivatives that a method uses."""
    if method in WITHOUT_GRADIENT:
        return {}
    if method in WITH_HESSIAN:
        return {"jac": True, "hess": objective.hessian}
    if method in WITH_PRODUCTS or callable(method):
        return {"jac": True, "hessp": objective.product}
    return {"jac": True}


class _Callback:
    """What SciPy calls after each iteration: with an OptimizeResult, or the older methods with a vector."""

    def __init__(
        self, callback: Callable[..., Any] | None, packing: Packing, objective: Objective, bar: Progress
    ) -> None:
        self.callback, self.packing, self.objective, self.bar = callback, packing, objective, bar
        self.wants_result = callback is not None and _only_parameter(callback) == "intermediate_result"
        self.done = 0

    def __call__(self, intermediate_result: Any) -> Any:
        self.done += 1
        whole = hasattr(intermediate_result, "x")
        vector = intermediate_result.x if whole else intermediate_result
        self.bar.show(self.done, intermediate_result.get("fun") if whole else self.objective.latest)
        if self.callback is None:
            return None
        x = self.packing.unpack(vector)
        if not self.wants_result:
            return self.callback(x)
        given = intermediate_result if whole else {"fun": self.objective.latest}
        kind = import_module("scipy.optimize").OptimizeResult
        return self.callback(intermediate_result=kind({**given, "x": x}))


def _only_parameter(function: Callable[..., Any]) -> str | None:
    """Return the name of a function's parameter if it has one and says so."""
    try:
        names = list(inspect.signature(function).parameters)
    except (TypeError, ValueError):  # compiled code may not say
        return None
    return names[0] if len(names) == 1 else None


def _in_containers(result: Any, packing: Packing) -> Any:
    """Return SciPy's result with its point and its gradient as containers."""
    result.x = packing.unpack(result.x)
    for name in ("jac", "grad"):
        vector = result.get(name)
        if isinstance(vector, np.ndarray) and vector.shape == (packing.size,):
            result[name] = packing.unpack_gradient(vector)
    if "allvecs" in result:
        result.allvecs = [packing.unpack(vector) for vector in result.allvecs]
    return result
