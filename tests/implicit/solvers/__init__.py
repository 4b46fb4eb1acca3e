"""Tests of the solvers in plain NumPy."""
