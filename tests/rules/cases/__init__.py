"""The cases that every test of a rule runs over, one file for each group of functions."""

from tests.rules.cases import (
    elementwise,
    indexing,
    joining,
    linalg,
    products,
    reductions,
    slopes,
    structure,
)

CASES = [
    *elementwise.CASES,
    *slopes.CASES,
    *reductions.CASES,
    *structure.CASES,
    *indexing.CASES,
    *joining.CASES,
    *products.CASES,
    *linalg.CASES,
]

__all__ = ["CASES"]
