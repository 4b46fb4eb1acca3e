"""Tests of :mod:`fgrad.optimizers`."""
