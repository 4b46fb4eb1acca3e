"""Linear systems without a matrix: the solution of ``A x = b`` for a function ``v -> A v``.

>>> import numpy as np
>>> from fgrad import grad
>>> grad(lambda a: linear_solve(lambda v: a * v, 8.0))(4.0)
-0.5
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fgrad.core.errors import InputError
from fgrad.core.pytree import flatten
from fgrad.implicit.closures import Closed, example
from fgrad.implicit.starting import as_numbers, check_callable, check_tolerance
from fgrad.implicit.systems import Operator, System, inverse
from fgrad.implicit.vectors import Layout, as_like, mapped, size_of
from fgrad.registration.functions import primitive
from fgrad.registration.rules import defvjp
from fgrad.transforms.products import vjp


def linear_solve(
    operator: Callable[..., Any],
    b: Any,
    *args: Any,
    transpose: Callable[..., Any] | None = None,
    symmetric: bool = False,
    solver: Callable[..., Any] | None = None,
    tol: float = 1e-4,
) -> Any:
    """Solve ``A x = b`` for an operator that is given as a function ``v -> A v``.

    The solution can be differentiated by ``b`` and by all that the operator depends on, in every mode and to
    any order, whatever solves the system: its iterations are not recorded.

    Parameters
    ----------
    operator : callable
        ``operator(v, *args)`` returns ``A v``, of the structure and shapes of ``v``; linear in ``v``.  It may
        close over traced values.
    b : array or container of arrays
        The right-hand side, real or complex.  ``x`` is like it.
    *args
        What the operator depends on.
    transpose : callable, optional
        ``transpose(v, *args)`` returns the product with the transpose of ``A`` (without conjugation).  By
        default it is derived from ``operator``.
    symmetric : bool, default False
        Whether ``A`` is symmetric (Hermitian, if complex) and positive definite.
    solver : callable, optional
        ``solver(operator, b)`` returns ``x``, with ``operator(v)`` of one argument.  It sees plain arrays
        only and may be any code.  With SciPy, for a vector ``b``::

            def cg(A, b):
                return scipy.sparse.linalg.cg(LinearOperator((b.size, b.size), A), b, rtol=1e-12)[0]

        and ``fgrad.flattened(cg)`` for other right-hand sides.  The same solver is called with the
        transpose.  By default elimination for up to 128 unknowns, conjugate gradients for a symmetric
        operator and GMRES for all others.
    tol : float, default 1e-4
        How large ``|A x - b|`` may be, as part of ``|b|``, for what the given solver returns; the largest
        elements are compared.  Derivatives are as accurate as solutions are.

    Returns
    -------
    array or container of arrays
        ``x``, of the structure, shapes and dtypes of ``b`` (floats for ints).

    Raises
    ------
    ConvergenceError
        If the solver does not arrive at a solution.
    SingularError
        If the operator is singular, or is not positive definite where ``symmetric`` says so.
    ArgumentError, InputError, OutputError
        If ``operator`` is not linear, is not symmetric where ``symmetric`` says so, or returns something else
        than an array like ``b``; if ``transpose`` is not the transpose.

    Examples
    --------
    >>> import fgrad.numpy as np
    >>> from fgrad import grad
    >>> from fgrad.implicit.linear import linear_solve
    >>> def tridiagonal(v, d):
    ...     return d * v - np.concatenate([v[1:], [0.0]]) - np.concatenate([[0.0], v[:-1]])
    >>> b = np.ones(3)
    >>> linear_solve(tridiagonal, b, 3.0, symmetric=True).round(6)
    array([0.571429, 0.714286, 0.571429])
    >>> round(grad(lambda d: np.sum(linear_solve(tridiagonal, b, d, symmetric=True)))(3.0), 6)
    -1.163265
    """
    check_callable(operator, "linear_solve", "operator")
    check_tolerance(tol, "linear_solve")
    if transpose is not None:
        check_callable(transpose, "linear_solve", "transpose")
        if symmetric:
            raise InputError("linear_solve: a symmetric operator is its own transpose; leave transpose out")
    b = as_numbers(b, "linear_solve: b")
    zero = mapped(lambda leaf: np.zeros_like(example(leaf)), b)
    functions = [operator] if transpose is None else [operator, transpose]
    closed = Closed(functions, (zero,), args, "linear_solve")
    for trial, name in zip(closed.trials, ("operator", "transpose"), strict=False):
        image = as_like(trial, zero, f"linear_solve: the result of {name}", "b")
        if not size_of(image) == 0.0:
            raise InputError(
                f"linear_solve: {name} is not linear: it takes zero to numbers up to {size_of(image):.3g}. "
                "Move the constant part to b."
            )

    def forward(moving: Any) -> Operator:
        return lambda v: closed.call(operator, (v,), moving)

    def backward(moving: Any) -> Operator:
        if transpose is not None:
            return lambda v: closed.call(transpose, (v,), moving)
        if symmetric:
            return lambda v: mapped(np.conjugate, forward(moving)(mapped(np.conjugate, v)))
        pullback = vjp(forward(moving), zero)[1]
        return lambda v: pullback(v)[0]

    system = System(
        "linear_solve",
        forward,
        backward,
        is_symmetric=symmetric,
        solver=solver,
        tolerance=tol,
        check=closed.check_plain,
    )
    if transpose is not None or symmetric:
        check_transpose(system, zero, closed.moving)
    return inverse((closed.renewed(b), closed.moving), system)


@primitive
def check_transpose(system: System, zero: Any, moving: Any) -> float:
    """Raise unless ``v @ A u`` is ``u @ A.T v`` for two vectors, plain ones."""
    random = np.random.default_rng(0)
    layout = Layout(zero)
    u, v = (layout.tree(random.normal(size=layout.size).astype(layout.dtype)) for _ in range(2))
    one, other = system.forward(moving)(u), system.backward(moving)(v)
    terms = [
        (np.sum(a * b), np.sum(np.abs(a * b)))
        for left, right in ((one, v), (other, u))
        for a, b in zip(flatten(left)[0], flatten(right)[0], strict=True)
    ]
    half = len(terms) // 2
    error = abs(sum(term[0] for term in terms[:half]) - sum(term[0] for term in terms[half:]))
    scale = sum(term[1] for term in terms)
    if error > np.finfo(layout.dtype).eps ** 0.5 * scale:
        what = "the operator is not symmetric" if system.is_symmetric else "transpose is not the transpose"
        raise InputError(
            f"linear_solve: {what}: for two vectors u and v, v @ A u and u @ A.T v differ by {error:.3g}, "
            f"the sum of their terms being {scale:.3g}."
        )
    return 0.0


defvjp(check_transpose, None, None, None)
