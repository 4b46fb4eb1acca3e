"""Tests of ``fgrad.registration``."""
