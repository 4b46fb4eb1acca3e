"""What is piecewise constant in quantiles, interpolation, correlations and histograms."""

from __future__ import annotations

import numpy as np

from fgrad.kinds import constant
from fgrad.numpy.histograms import BINS, COUNTS
from fgrad.numpy.interpolation import INTERVALS
from fgrad.numpy.quantiles import PLACES
from fgrad.numpy.statistics import OVERSHOOT

constant(PLACES, INTERVALS, BINS, OVERSHOOT)
constant(np.searchsorted, np.digitize, COUNTS)
