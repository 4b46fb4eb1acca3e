"""Tests of :mod:`fgrad.graphs`."""
