"""Tests of :mod:`fgrad.rules.linalg`."""
