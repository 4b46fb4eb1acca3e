"""Sums, means, spreads and counts along axes, running ones too, and differences."""
