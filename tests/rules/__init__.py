"""Tests of :mod:`fgrad.rules`."""
