"""Batching rules: each operation for many examples at once, along a first axis that is not shown.

A rule is ``rule(primitive, values, mine, size, params)``: ``mine`` says which of the values have the axis of
``size`` examples; the result has it.  Elementwise operations have theirs from their kind.  What has no rule
is done for one example after the other.
"""

from fgrad.rules.batching import (
    alone,
    answers,
    bases,
    counts,
    editing,
    elements,
    joint,
    polynomials,
    positions,
    products,
    sets,
    solving,
    tables,
)

__all__ = [
    "alone",
    "answers",
    "bases",
    "counts",
    "editing",
    "elements",
    "joint",
    "polynomials",
    "positions",
    "products",
    "sets",
    "solving",
    "tables",
]
