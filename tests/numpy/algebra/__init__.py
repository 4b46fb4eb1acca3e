"""Tests of ``fgrad.numpy.algebra``."""
