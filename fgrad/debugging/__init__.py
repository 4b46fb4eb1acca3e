"""``debug_nans``: which operation made the first NaN, with its inputs and the line of the program.

>>> import fgrad.numpy as np
>>> from fgrad import debug_nans, grad
>>> with debug_nans(), np.errstate(invalid="ignore"):
...     grad(lambda x: np.sqrt(x - 1.0))(0.5)
Traceback (most recent call last):
    ...
fgrad.debugging.nonfinite.NonFiniteError: ...
"""
