"""The derivative rules, by group, each declared once for all modes.

Importing a group declares its rules.  That is left until a primitive is first asked for its rule, since it
takes a while and most programs need few of them; then those groups are imported whose primitives are there.
Batching rules (:mod:`fgrad.rules.batching`) are imported with the transform that asks for them.
"""

from fgrad.core.late import LATE_RULES, declare_late_rules
from fgrad.numpy.late import import_all

#: For each group the files of ``fgrad.numpy`` whose primitives it has the rules of.
_GROUPS = {
    "assignment": "places.assignment",
    "convolution": "algebra.convolution",
    "covariance": "reducing.covariance",
    "cumulative": "reducing.cumulative",
    "editing": "moving.editing",
    "elementwise": """
        answering.operators answering.ufuncs elements.parts elements.predicates elements.rounding
    """,
    "fft": "algebra.fourier",
    "indexing": "moving.diagonals places.indexing elements.selection",
    "linalg": "linalg",
    "polynomials": "algebra.polynomials",
    "products": "algebra.products",
    "reductions": "elements.parts reducing.reductions reducing.spread",
    "sorting": "ordering.sets ordering.sorting",
    "special": "elements.special",
    "statistics": "ordering.histograms ordering.interpolation ordering.quantiles reducing.statistics",
    "structure": "places.indexing moving.joining elements.selection moving.shapes",
}

LATE_RULES.update(
    (f"fgrad.rules.{group}", tuple(f"fgrad.numpy.{file}" for file in files.split()))
    for group, files in _GROUPS.items()
)


def declare_all() -> None:
    """Import every function and declare every rule, for those who want to see the whole of the registries."""
    import_all()
    declare_late_rules()
