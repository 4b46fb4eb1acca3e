"""Tests of ``fgrad.numpy.random``."""
