"""Tests of ``fgrad.numpy.places``."""
