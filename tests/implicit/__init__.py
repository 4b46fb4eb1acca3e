"""Tests of the implicit functions."""
