"""Linear algebra beyond its derivatives at ordinary places: hard places, errors, and hand-derived values."""
