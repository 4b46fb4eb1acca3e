"""Cases of determinants, those of singular matrices among them."""

import fgrad.numpy as np
from fgrad.rules.linalg.determinants import COFACTORS
from tests.rules.cases.case import complex_case, invertible
from tests.rules.cases.linalg.matrices import of_rank

CASES = [
    complex_case(np.linalg.det, invertible(1, 1)),
    complex_case(np.linalg.det, invertible(3, 3)),
    complex_case(np.linalg.det, invertible(2, 2, 2)),
    *(complex_case(np.linalg.det, of_rank(rank, n, n)) for n in (1, 2, 3, 4) for rank in range(n)),
    complex_case(np.linalg.det, of_rank(1, 2, 3, 3)),
    complex_case(COFACTORS, invertible(3, 3), label="cofactors"),
    complex_case(np.linalg.slogdet, invertible(3, 3)),
    complex_case(np.linalg.slogdet, invertible(2, 2, 2)),
]
