"""The tests of fgrad.testing."""
