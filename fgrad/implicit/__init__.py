"""Implicit functions: defined by an equation, found by any solver, differentiated by the equation.

``fixed_point``, ``root``, ``minimize``, ``linear_solve`` and ``odeint`` run the solver on plain values, the
user's, SciPy's or the default, and never look into it.  The derivative follows from the equation at the
solution.

>>> import numpy as np
>>> from fgrad import grad
>>> from fgrad.implicit.fixed_point import fixed_point
>>> def babylonian(x, a):
...     return (x + a / x) / 2
>>> def iterate(f, x):
...     for _ in range(50):
...         x = f(x)
...     return x
>>> grad(lambda a: fixed_point(babylonian, 1.0, a, solver=iterate))(4.0)
0.25
"""
