"""Cases of eigenvalues, singular values, and their vectors.

The vectors of complex Hermitian matrices and of singular values have phases that LAPACK chooses; so these
cases are functions that do not depend on the phase.
"""

import fgrad.numpy as np
from fgrad.numpy.linalg.spectra import pick_columns
from tests.rules.cases.case import complex_case, real_case, separated
from tests.rules.cases.linalg.matrices import hermitian, with_eigenvalues

SHAPES = [(2, 2), (3, 2), (2, 3), (2, 3, 2)]


def in_order(w, *vectors):
    """Return eigenvalues, and vectors if there are any, in an order that small changes keep.

    LAPACK's own order jumps.  So does its choice of the sign of a vector, of which the largest component
    is real: here it is positive.
    """
    order = np.argsort(np.real(w) + 10 * np.imag(w))
    w = pick_columns(np.expand_dims(w, -2), order)[..., 0, :]
    if not vectors:
        return w
    v = pick_columns(vectors[0], order)
    largest = np.argmax(np.abs(v), axis=-2, keepdims=True) == np.arange(w.shape[-1])[:, None]
    return w, v * np.sign(np.sum(np.where(largest, np.real(v), 0), axis=-2, keepdims=True))


def eig_in_order(a):
    return in_order(*np.linalg.eig(a))


def eigvals_in_order(a):
    return in_order(np.linalg.eigvals(a))


def adjoint(a):
    return np.conjugate(np.matrix_transpose(a))


def projectors(v):
    """Return the projector on each column."""
    columns = np.matrix_transpose(v)
    return np.expand_dims(columns, -1) * np.conjugate(np.expand_dims(columns, -2))


def eigh_projectors(a, UPLO="L"):
    w, v = np.linalg.eigh(a, UPLO)
    return w, projectors(v)


def pairs_of_singular_vectors(a, **kwargs):
    """Return each product of a column of ``u`` and a row of ``vh``, and the projectors on other columns."""
    u, s, vh = np.linalg.svd(a, **kwargs)
    k = s.shape[-1]
    pairs = np.expand_dims(np.matrix_transpose(u)[..., :k, :], -1) * np.expand_dims(vh[..., :k, :], -2)
    return s, pairs, u[..., k:] @ adjoint(u[..., k:]), adjoint(vh[..., k:, :]) @ vh[..., k:, :]


def reconstruction(a, **kwargs):
    u, s, vh = np.linalg.svd(a, full_matrices=False, **kwargs)
    return u * np.expand_dims(s, -2) @ vh


CASES = [
    # Hermitian matrices
    *(real_case(np.linalg.eigh, hermitian(*shape)) for shape in ((1, 1), (3, 3), (2, 2, 2))),
    real_case(np.linalg.eigh, hermitian(3, 3), UPLO="U"),
    *(complex_case(eigh_projectors, hermitian(*shape)) for shape in ((1, 1), (3, 3), (2, 2, 2))),
    complex_case(eigh_projectors, hermitian(3, 3), UPLO="U"),
    *(complex_case(np.linalg.eigvalsh, hermitian(*shape)) for shape in ((1, 1), (3, 3), (2, 2, 2))),
    complex_case(np.linalg.eigvalsh, hermitian(3, 3), "U"),
    complex_case(np.linalg.eigvalsh, hermitian(2, 2), "u"),
    # any matrix: real eigenvalues, pairs of complex ones, both, and stacks
    *(real_case(f, with_eigenvalues(0.5, 2.0, -1.0)) for f in (np.linalg.eig, np.linalg.eigvals)),
    *(
        complex_case(f, with_eigenvalues(*values))
        for f in (eig_in_order, eigvals_in_order)
        for values in ((1.5,), (0.5, 2.0, -1.0), (1 + 1j,), (0.5 + 2j, 1.5), (1 + 1j, 0.5 + 2j))
    ),
    *(
        complex_case(f, with_eigenvalues(*values, stack=(2,)))
        for f in (eig_in_order, eigvals_in_order)
        for values in ((0.5, 2.0), (0.5 + 2j, 1.5))
    ),
    # singular values
    *(real_case(np.linalg.svd, separated(*shape), full_matrices=False) for shape in SHAPES),
    *(real_case(np.linalg.svd, separated(*shape)) for shape in SHAPES),
    *(complex_case(pairs_of_singular_vectors, separated(*shape)) for shape in (*SHAPES, (4, 2), (1, 3))),
    *(
        complex_case(pairs_of_singular_vectors, separated(*shape), full_matrices=False)
        for shape in ((2, 2), (4, 2), (2, 4))
    ),
    *(complex_case(reconstruction, separated(*shape)) for shape in SHAPES),
    *(complex_case(np.linalg.svd, separated(*shape), compute_uv=False) for shape in SHAPES),
    *(complex_case(np.linalg.svdvals, separated(*shape)) for shape in (*SHAPES, (1, 1), (4, 1))),
    real_case(np.linalg.svd, hermitian(3, 3), hermitian=True),
    complex_case(pairs_of_singular_vectors, hermitian(3, 3), hermitian=True),
    complex_case(pairs_of_singular_vectors, hermitian(2, 2, 2), hermitian=True),
    complex_case(reconstruction, hermitian(3, 3), hermitian=True),
    *(
        complex_case(np.linalg.svd, hermitian(*shape), compute_uv=False, hermitian=True)
        for shape in ((3, 3), (2, 2, 2))
    ),
]
