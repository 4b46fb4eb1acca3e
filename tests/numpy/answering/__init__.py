"""Tests of ``fgrad.numpy.answering``."""
