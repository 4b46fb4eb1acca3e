"""The derivative rules, by group, each declared once for all modes.  Importing this declares them."""

from fgrad.rules import elementwise, linalg, products, reductions, structure

__all__ = ["elementwise", "linalg", "products", "reductions", "structure"]
