"""Cases of linear algebra, one file for each file of :mod:`fgrad.numpy.linalg`."""

from tests.rules.cases.linalg import determinants, factors, norms, products, solving, spectra

CASES = [
    *products.CASES,
    *solving.CASES,
    *determinants.CASES,
    *factors.CASES,
    *spectra.CASES,
    *norms.CASES,
]

__all__ = ["CASES"]
