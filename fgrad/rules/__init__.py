"""The derivative rules, by group, each declared once for all modes.  Importing this declares them."""

from fgrad.rules import (
    assignment,
    convolution,
    covariance,
    cumulative,
    elementwise,
    fft,
    indexing,
    linalg,
    polynomials,
    products,
    reductions,
    sorting,
    statistics,
    structure,
)

__all__ = [
    "assignment",
    "convolution",
    "covariance",
    "cumulative",
    "elementwise",
    "fft",
    "indexing",
    "linalg",
    "polynomials",
    "products",
    "reductions",
    "sorting",
    "statistics",
    "structure",
]
