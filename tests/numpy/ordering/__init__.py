"""Tests of ``fgrad.numpy.ordering``."""
