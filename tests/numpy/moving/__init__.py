"""Tests of ``fgrad.numpy.moving``."""
