"""Tests of :mod:`fgrad.custom_rules`."""
