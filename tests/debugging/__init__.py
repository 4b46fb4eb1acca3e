"""Tests of :mod:`fgrad.debugging`."""
