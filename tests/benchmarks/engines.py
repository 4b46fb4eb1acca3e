"""Who computes: a gradient by hand, fgrad in two ways, and the peers that are installed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

import fgrad
from fgrad.core.pytree import flatten
from tests.benchmarks.workload import Workload

#: Takes a workload to the function of its parameters that returns ``(value, gradient)``.
Engine = Callable[[Workload], Callable[[Any], tuple[Any, Any]]]

#: How far two gradients may differ, relative to the largest element.
TOLERANCE = 1e-8


def by_hand(workload: Workload) -> Callable[[Any], tuple[Any, Any]]:
    """Return the gradient that was written by hand."""
    return workload.by_hand


def with_fgrad(workload: Workload) -> Callable[[Any], tuple[Any, Any]]:
    """Return the loss written with ``fgrad.numpy``, differentiated by fgrad."""
    return fgrad.value_and_grad(partial(workload.loss, fgrad.numpy))


def with_protocols(workload: Workload) -> Callable[[Any], tuple[Any, Any]]:
    """Return the loss written with plain NumPy, differentiated by fgrad through NumPy's protocols."""
    return fgrad.value_and_grad(partial(workload.loss, np))


def autograd_engine() -> Engine | None:
    """Return HIPS Autograd, or None if it is not installed."""
    try:
        import autograd
        import autograd.numpy
    except ImportError:
        return None
    return lambda workload: autograd.value_and_grad(partial(workload.loss, autograd.numpy))


def available_engines() -> dict[str, Engine]:
    """Return the engines by the names of their columns."""
    engines: dict[str, Engine] = {"numpy": by_hand, "fgrad": with_fgrad, "plain np": with_protocols}
    autograd = autograd_engine()
    if autograd is not None:
        engines["autograd"] = autograd
    return engines


def check_agreement(workload: Workload, solvers: dict[str, Callable[[Any], tuple[Any, Any]]]) -> None:
    """Raise unless every solver returns the value and the gradient that were computed by hand."""
    expected = flatten(workload.by_hand(workload.params))[0]
    for name, solver in solvers.items():
        found = flatten(solver(workload.params))[0]
        for one, other in zip(found, expected, strict=True):
            error = np.max(np.abs(one - other), initial=0.0)
            # Written so that NaN, which compares false, is a disagreement.
            if not error <= TOLERANCE * np.max(np.abs(other)):
                raise ArithmeticError(
                    f"{workload.summary}: {name} differs from the gradient by hand by {error}"
                )
