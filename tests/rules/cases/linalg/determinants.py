"""Cases of determinants, those of singular matrices among them."""

import fgrad.numpy as np
from fgrad.rules.linalg.determinants import BIRD_STEP, DET_OF_INVERTED
from tests.rules.cases.case import complex_case, invertible, normal
from tests.rules.cases.linalg.matrices import of_rank


def det_beside_inverse(a):
    return DET_OF_INVERTED(a, np.linalg.inv(a))


CASES = [
    complex_case(np.linalg.det, invertible(1, 1)),
    complex_case(np.linalg.det, invertible(3, 3)),
    complex_case(np.linalg.det, invertible(2, 2, 2)),
    *(complex_case(np.linalg.det, of_rank(rank, n, n)) for n in (1, 2, 3, 4) for rank in range(n)),
    complex_case(np.linalg.det, of_rank(1, 2, 3, 3)),
    complex_case(det_beside_inverse, invertible(2, 3, 3)),
    *(
        complex_case(BIRD_STEP, normal(*shape), mirrored=mirrored, label="bird_step")
        for shape in ((1, 1), (4, 4), (2, 3, 3))
        for mirrored in (False, True)
    ),
    complex_case(np.linalg.slogdet, invertible(3, 3)),
    complex_case(np.linalg.slogdet, invertible(2, 2, 2)),
]
