"""The cases that every test of a rule runs over, one file for each group of functions."""

from tests.rules.cases import (
    assignment,
    creation,
    cumulative,
    elementwise,
    fft,
    indexing,
    joining,
    linalg,
    nanfunctions,
    polynomials,
    products,
    quantiles,
    random,
    reductions,
    selection,
    slopes,
    sorting,
    special,
    statistics,
    structure,
)

CASES = [
    *assignment.CASES,
    *elementwise.CASES,
    *slopes.CASES,
    *reductions.CASES,
    *cumulative.CASES,
    *nanfunctions.CASES,
    *quantiles.CASES,
    *statistics.CASES,
    *special.CASES,
    *polynomials.CASES,
    *creation.CASES,
    *structure.CASES,
    *indexing.CASES,
    *selection.CASES,
    *sorting.CASES,
    *joining.CASES,
    *products.CASES,
    *linalg.CASES,
    *fft.CASES,
    *random.CASES,
]

__all__ = ["CASES"]
