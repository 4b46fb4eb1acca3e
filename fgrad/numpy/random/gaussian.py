"""Correlated normal numbers, differentiable in their mean and in their covariance.

A draw is ``mean + a @ z`` with independent ``z`` and a factor ``a`` of the covariance, which is NumPy's:
by singular values, or what a Generator's ``method=`` names.

>>> import numpy as np
>>> draw = lambda kind: kind(np.random.default_rng(0), np.zeros(2), np.eye(2))
>>> bool(np.all(draw(multivariate_normal) == draw(np.random.Generator.multivariate_normal)))
True
"""

from __future__ import annotations

from typing import Any

import numpy as np

from fgrad.core.spec import spec_of
from fgrad.modes.slate import holds_traced, plain
from fgrad.numpy.random.draws import as_double, shape_of
from fgrad.numpy.reducing.covariance import FACTOR
from fgrad.numpy.wrap import as_traced

_METHODS = ("eigh", "svd", "cholesky")


def multivariate_normal(
    source: Any,
    mean: Any,
    cov: Any,
    size: Any = None,
    check_valid: str = "warn",
    tol: float = 1e-8,
    *,
    method: str = "svd",
) -> Any:
    """Draw as a Generator does."""
    mean, cov = _prepare(mean, cov)
    if not holds_traced(cov):
        return mean + source.multivariate_normal(_zeros(mean), cov, size, check_valid, tol, method=method)
    if method not in _METHODS:
        raise ValueError(f"method must be in {set(_METHODS)}")
    if method == "cholesky":
        factor = np.linalg.cholesky(cov)
    elif method == "eigh":
        lower = np.tril(cov)  # the triangle that NumPy reads
        factor = FACTOR(lower + np.transpose(np.tril(cov, -1)), method="eigh", right=False, tol=tol)
    else:
        factor = FACTOR(cov, method="svd", right=False, tol=tol)
    return _correlated(source, mean, factor, size, check_valid)


def legacy_multivariate_normal(
    source: Any, mean: Any, cov: Any, size: Any = None, check_valid: str = "warn", tol: float = 1e-8
) -> Any:
    """Draw as a RandomState does."""
    mean, cov = _prepare(mean, cov)
    if not holds_traced(cov):
        return mean + source.multivariate_normal(_zeros(mean), cov, size, check_valid, tol)
    factor = FACTOR(cov, method="svd", right=True, tol=tol)
    return _correlated(source, mean, factor, size, check_valid)


def _zeros(mean: Any) -> Any:
    return np.zeros(spec_of(mean).shape)


def _prepare(mean: Any, cov: Any) -> tuple[Any, Any]:
    """Return mean and covariance as doubles; raise if they do not fit together."""
    mean, cov = as_traced(plain(mean)), as_traced(plain(cov))
    if "c" in (spec_of(mean).dtype.kind, spec_of(cov).dtype.kind):
        raise TypeError("mean and cov must not be complex")
    n, *others = spec_of(mean).shape or (0, 0)
    if others:
        raise ValueError("mean must be 1 dimensional")
    shape = spec_of(cov).shape
    if len(shape) != 2 or shape[0] != shape[1]:
        raise ValueError("cov must be 2 dimensional and square")
    if shape[0] != n:
        raise ValueError("mean and cov must have same length")
    return as_double(mean), as_double(cov)


def _correlated(source: Any, mean: Any, factor: Any, size: Any, check_valid: str) -> Any:
    """Return ``mean + factor @ z`` for independent ``z``."""
    if check_valid not in ("warn", "raise", "ignore"):
        raise ValueError("check_valid must equal 'warn', 'raise', or 'ignore'")
    shape = (*shape_of(size), spec_of(mean).shape[0])
    rows = source.standard_normal(shape).reshape(-1, shape[-1])
    return np.reshape(mean + rows @ np.transpose(factor), shape)  # type: ignore[call-overload]
