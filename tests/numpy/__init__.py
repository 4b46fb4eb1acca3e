"""Tests of :mod:`fgrad.numpy`."""
