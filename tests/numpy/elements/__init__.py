"""Tests of ``fgrad.numpy.elements``."""
