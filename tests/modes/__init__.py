"""Tests of :mod:`fgrad.modes`."""
