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

import numpy as _numpy

from fgrad.numpy.algebra import products  # noqa: F401
from fgrad.numpy.answering import (  # noqa: F401
    absent,
    attributes,
    calling,
    inplace,
    methods,
    operators,
    protocols,
    swapping,
    ufuncs,
)
from fgrad.numpy.elements import parts, predicates, rounding, selection  # noqa: F401
from fgrad.numpy.fallback import stand_in
from fgrad.numpy.making import creation, slates  # noqa: F401
from fgrad.numpy.moving import dtypes, joining, shapes  # noqa: F401
from fgrad.numpy.places import assignment, indexing  # noqa: F401
from fgrad.numpy.reducing import reductions  # noqa: F401
from fgrad.numpy.wrap import PUBLIC

globals().update(PUBLIC["numpy"])

__getattr__, __all__ = stand_in(_numpy, globals())


def __dir__() -> list[str]:
    return __all__
