"""Tests of :mod:`fgrad.demo`."""
