"""Derivatives of the special functions, which :mod:`fgrad.rules.slopes.special` computes."""

from __future__ import annotations

import numpy as np

from fgrad.kinds import constant, elementwise
from fgrad.numpy.elements.special import I0, TURNS
from fgrad.rules.slopes.special import bessel_i, sinc_derivative

elementwise(I0, x=lambda x: bessel_i(x, 1))
elementwise(np.sinc, x=lambda x: sinc_derivative(x, 1))

constant(TURNS)
