"""The tests of fgrad.  The folders mirror those of the package."""
