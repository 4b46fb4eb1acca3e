"""Tests of ``fgrad.numpy.making``."""
