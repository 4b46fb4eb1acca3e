"""Tests of :mod:`fgrad.rules.batching`."""
