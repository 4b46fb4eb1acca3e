"""Reading and writing at an index, under a mask, for many examples at once."""
