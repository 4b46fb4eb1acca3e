"""Tests of :mod:`fgrad.core`."""
