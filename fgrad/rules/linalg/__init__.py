"""Derivatives of linear algebra.

With ``A`` the matrix, ``dA`` its tangent, and cotangents paired as ``Re(sum(g * t))``, so that transposes
are plain transposes for complex matrices too.  Where a rule is given as a JVP alone, its transpose is the
VJP; the rules that are used most have both.

References
----------
M. B. Giles, *Collected matrix derivative results for forward and reverse mode algorithmic
differentiation*, Advances in Automatic Differentiation, Springer 2008, pp. 35-44,
https://doi.org/10.1007/978-3-540-68942-3_4 (inverse, determinant, solution, eigenvalues).
I. Murray, *Differentiation of the Cholesky decomposition*, 2016, https://arxiv.org/abs/1602.07527.
M. Seeger, A. Hetzel, Z. Dai, E. Meissner and N. D. Lawrence, *Auto-differentiating linear algebra*, 2017,
https://arxiv.org/abs/1710.08717 (symmetric eigenvalues, QR and LQ).
S. F. Walter and L. Lehmann, *Algorithmic differentiation of linear algebra functions with application in
optimum experimental design*, 2010, https://arxiv.org/abs/1001.1654 (QR).
J. Townsend, *Differentiating the singular value decomposition*, technical report, 2016,
https://j-towns.github.io/papers/svd-derivative.pdf (real matrices).
G. H. Golub and V. Pereyra, *The differentiation of pseudo-inverses and nonlinear least squares problems
whose variables separate*, SIAM Journal on Numerical Analysis 10 (1973), pp. 413-432, equation 4.12,
https://doi.org/10.1137/0710036 (pseudo-inverse, least squares).
"""

from fgrad.rules.linalg import determinants, factors, norms, singular, solving, spectra

__all__ = ["determinants", "factors", "norms", "singular", "solving", "spectra"]
