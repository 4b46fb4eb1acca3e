"""NumPy, differentiable.

``import fgrad.numpy as np`` in place of ``import numpy as np``: every public name is here, and on plain
arrays does what NumPy's does.  On a traced value it records what is needed for the derivative; a function
that fgrad has no rule for raises an error that names it.

Code that imports NumPy itself differentiates too, since a traced value answers NumPy's protocols; this
namespace also takes lists of traced values (``np.array([x, y])``), which NumPy's would not.

>>> import fgrad.numpy as np
>>> from fgrad import grad
>>> grad(lambda x: np.sum(np.array([x, x**2])))(3.0)
7.0
"""

from __future__ import annotations

from typing import Any

import numpy as _numpy

from fgrad.numpy import (  # noqa: F401 - they fill the registries
    attributes,
    creation,
    indexing,
    joining,
    linalg,
    methods,
    operators,
    parts,
    products,
    protocols,
    reductions,
    selection,
    shapes,
    ufuncs,
)
from fgrad.numpy.wrap import PUBLIC

globals().update(PUBLIC["numpy"])

__all__ = [name for name in _numpy.__all__ if name != "test"]


def __getattr__(name: str) -> Any:
    """Return NumPy's own for the names that need no wrapping, or have none: a box answers for itself."""
    try:
        return getattr(_numpy, name)
    except AttributeError:
        raise AttributeError(f"neither numpy nor fgrad.numpy has an attribute {name!r}") from None


def __dir__() -> list[str]:
    return sorted(__all__)
