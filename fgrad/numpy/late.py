"""Which files wait until one of their functions is used, and what these functions are.

Most programs use few of NumPy's functions.  The files of the others are imported when :mod:`fgrad.numpy` is
asked for one of their names, or when a function of NumPy's own receives a traced value; the namespaces
that NumPy itself imports late are among them.

>>> import_file("interp").__name__
'fgrad.numpy.ordering.interpolation'
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

#: For each file the public names that it implements.
FILES = {
    "algebra.convolution": "convolve correlate",
    "algebra.polynomials": """
        poly poly1d polyadd polyder polydiv polyfit polyint polymul polysub polyval roots
    """,
    "algebra.vectors": "cross kron vander",
    "elements.special": "i0 kaiser nan_to_num sinc unwrap",
    "fft": "fft",
    "linalg": "linalg",
    "making.callbacks": "apply_along_axis apply_over_axes piecewise",
    "making.ranges": "arange c_ geomspace linspace logspace meshgrid mgrid ogrid r_",
    "making.vectorizing": "vectorize",
    "moving.diagonals": """
        diag diag_indices_from diagflat diagonal trace tril tril_indices_from triu triu_indices_from
    """,
    "moving.editing": "delete insert resize trim_zeros",
    "moving.padding": "pad",
    "ordering.histograms": """
        bincount digitize histogram histogram2d histogram_bin_edges histogramdd searchsorted
    """,
    "ordering.interpolation": "interp",
    "ordering.quantiles": "median nanmedian nanpercentile nanquantile percentile quantile",
    "ordering.sets": """
        intersect1d isin setdiff1d setxor1d union1d unique unique_all unique_counts unique_inverse
        unique_values
    """,
    "ordering.sorting": "argpartition lexsort partition sort sort_complex",
    "random": "random",
    "reducing.cumulative": "cumprod cumsum cumulative_prod cumulative_sum",
    "reducing.differences": "diff ediff1d gradient trapezoid",
    "reducing.nanfunctions": "nancumprod nancumsum nanmax nanmean nanmin nanprod nanstd nansum nanvar",
    "reducing.spread": "std var",
    "reducing.statistics": "average corrcoef cov",
}

_FILE_OF = {name: file for file, names in FILES.items() for name in names.split()}


def import_file(name: str) -> ModuleType | None:
    """Import the file that implements a public name, and return it; None if no file waits for the name."""
    file = _FILE_OF.get(name)
    return None if file is None else import_module(f"fgrad.numpy.{file}")


def import_all() -> None:
    """Import everything, for those who want to see all the registries."""
    for name in _FILE_OF:
        import_file(name)
