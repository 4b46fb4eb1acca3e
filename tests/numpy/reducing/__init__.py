"""Tests of ``fgrad.numpy.reducing``."""
