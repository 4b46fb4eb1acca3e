"""Cases of Cholesky and QR factors."""

import fgrad.numpy as np
from tests.rules.cases.case import complex_case, positive_definite, real_case, separated


def projector_on_the_rest(a):
    """Return the projector on the columns of ``q`` that ``mode="complete"`` adds."""
    q = np.linalg.qr(a, "complete")[0][..., min(a.shape[-2:]) :]
    return q @ np.conjugate(np.matrix_transpose(q))


def qr_with_positive_diagonal(a, **kwargs):
    """Return the factors without LAPACK's choice of signs, which jumps where a real part passes zero."""
    q, r = np.linalg.qr(a, **kwargs)
    signs = np.sign(np.real(np.diagonal(r, axis1=-2, axis2=-1)))
    return q * np.expand_dims(signs, -2), r * np.expand_dims(signs, -1)


CASES = [
    complex_case(np.linalg.cholesky, positive_definite(1, 1)),
    complex_case(np.linalg.cholesky, positive_definite(3, 3)),
    complex_case(np.linalg.cholesky, positive_definite(2, 2, 2)),
    complex_case(np.linalg.cholesky, positive_definite(3, 3), upper=True),
    complex_case(np.linalg.cholesky, positive_definite(2, 2, 2), upper=True),
    # tall, square, wide and stacked matrices
    *(real_case(np.linalg.qr, separated(*shape)) for shape in ((4, 2), (2, 2), (2, 3), (2, 3, 2))),
    *(real_case(np.linalg.qr, separated(*shape), mode="r") for shape in ((3, 2), (2, 3), (2, 2))),
    *(real_case(np.linalg.qr, separated(*shape), mode="complete") for shape in ((2, 3), (2, 2), (3, 2))),
    *(
        complex_case(qr_with_positive_diagonal, separated(*shape))
        for shape in ((4, 2), (3, 3), (2, 3), (3, 1), (1, 3), (2, 3, 2), (2, 2, 3))
    ),
    *(
        complex_case(qr_with_positive_diagonal, separated(*shape), mode="complete")
        for shape in ((2, 3), (2, 2), (2, 2, 3))
    ),
    complex_case(projector_on_the_rest, separated(4, 2)),
    complex_case(projector_on_the_rest, separated(2, 3, 1)),
]
