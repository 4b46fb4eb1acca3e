"""Solvers in plain NumPy, on vectors of real numbers: what is used where the user passes none.

>>> import numpy as np
>>> from fgrad.implicit.solvers.anderson import anderson
>>> from fgrad.implicit.solvers.newton import newton
>>> anderson(np.cos, np.array([1.0])).round(6), newton(lambda x: np.cos(x) - x, np.array([1.0])).round(6)
(array([0.739085]), array([0.739085]))
"""
