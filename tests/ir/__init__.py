"""Tests of :mod:`fgrad.ir`."""
