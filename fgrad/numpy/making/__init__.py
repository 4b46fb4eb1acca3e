"""New arrays, and functions of the user's that make them."""
