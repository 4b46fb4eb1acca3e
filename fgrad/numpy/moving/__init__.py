"""The same elements in another shape, order, place or dtype."""
