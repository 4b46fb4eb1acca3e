"""Sums of products: matrices, contractions, convolutions, polynomials, Fourier transforms."""
