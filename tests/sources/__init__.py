"""Tests of :mod:`fgrad.sources`."""
