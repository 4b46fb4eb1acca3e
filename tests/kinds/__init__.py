"""Tests of :mod:`fgrad.kinds`."""
