"""Tests of :mod:`fgrad.transforms`."""
