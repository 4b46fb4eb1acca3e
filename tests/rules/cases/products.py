"""Cases of matrix products and contractions."""

import operator

import fgrad.numpy as np
from tests.rules.cases.case import complex_case, normal, only_complex_case, real_normal

#: Shapes that a matrix product takes: vectors, matrices, stacks, and stacks that broadcast.
MATMUL_SHAPES = [
    ((3,), (3,)),
    ((2, 3), (3,)),
    ((3,), (3, 2)),
    ((2, 3), (3, 2)),
    ((2, 2, 3), (3,)),
    ((3,), (2, 3, 2)),
    ((2, 2, 3), (3, 2)),
    ((2, 3), (2, 3, 1)),
    ((2, 1, 3), (2, 3, 2)),
    ((2, 1, 1, 3), (2, 3, 1)),
    ((1, 2, 2), (2, 2, 1)),
    ((2, 1, 2, 2), (2,)),
    ((2,), (2, 1, 2, 2)),
]

M = np.arange(6.0).reshape(2, 3) / 3

CASES = [
    *(
        complex_case(f, normal(*left), normal(*right))
        for f in (np.matmul, operator.matmul)
        for left, right in MATMUL_SHAPES
    ),
    *(complex_case(f, normal(4, 2), M) for f in (np.matmul, operator.matmul, np.dot)),
    *(complex_case(f, M, normal(3)) for f in (np.matmul, operator.matmul, np.dot)),
    complex_case(np.matmul, real_normal(2, 3), normal(3, 2)),
    complex_case(lambda x: x @ x, normal(2, 2), label="x @ x"),
    *(
        complex_case(np.dot, normal(*left), normal(*right))
        for left, right in (
            ((), ()),
            ((), (2, 2)),
            ((3,), ()),
            ((3,), (3,)),
            ((2, 3), (3,)),
            ((3,), (3, 2)),
            ((2, 3), (3, 2)),
            ((2, 2, 3), (3,)),
            ((2, 1, 3), (3, 2)),
            ((3,), (2, 3, 1)),
            ((2, 3), (2, 3, 1)),
        )
    ),
    complex_case(np.vdot, normal(3), normal(3)),
    complex_case(np.vdot, normal(2, 3), normal(3, 2)),
    complex_case(np.vdot, normal(), normal()),
    complex_case(np.vdot, M, normal(2, 3)),
    *(
        complex_case(np.inner, normal(*left), normal(*right))
        for left, right in (
            ((), (3,)),
            ((2, 2), ()),
            ((3,), (3,)),
            ((2, 3), (3,)),
            ((3,), (2, 3)),
            ((2, 3), (2, 1, 3)),
        )
    ),
    complex_case(np.outer, normal(2), normal(3)),
    complex_case(np.outer, normal(2, 2), normal(2)),
    complex_case(np.outer, normal(), normal(3)),
    complex_case(np.tensordot, normal(2, 3), normal(2, 3)),
    complex_case(np.tensordot, normal(2), normal(3), 0),
    complex_case(np.tensordot, normal(2, 3), normal(3, 2), axes=1),
    complex_case(np.tensordot, normal(2, 3), normal(2, 2), axes=(0, 1)),
    complex_case(np.tensordot, normal(2, 3), normal(3, 2), axes=([0, 1], [1, 0])),
    complex_case(np.tensordot, normal(2, 1, 3), normal(3, 2), axes=([-1], [0])),
    complex_case(np.tensordot, normal(3), normal(3), axes=1),
    *(complex_case(np.einsum, "ij,jk->ik", normal(2, 3), other) for other in (normal(3, 2), M.T)),
    complex_case(np.einsum, "ij,jk", normal(2, 3), normal(3, 2)),
    complex_case(np.einsum, "ba", normal(2, 3)),
    complex_case(np.einsum, "ij->", normal(2, 3)),
    complex_case(np.einsum, "ij->j", normal(2, 3)),
    complex_case(np.einsum, "ij->ji", normal(2, 3)),
    complex_case(np.einsum, "ii", normal(3, 3)),
    complex_case(np.einsum, "ii->i", normal(3, 3)),
    complex_case(np.einsum, "iji->j", normal(2, 3, 2)),
    complex_case(np.einsum, "iii->i", normal(2, 2, 2)),
    complex_case(np.einsum, "ii,ij->j", normal(2, 2), normal(2, 3)),
    complex_case(np.einsum, "i,i,i->i", normal(3), normal(3), normal(3)),
    complex_case(np.einsum, "i,j,k->kji", normal(2), normal(1), normal(2)),
    complex_case(np.einsum, "ij,kl->il", normal(2, 3), normal(2, 2)),
    complex_case(np.einsum, "ij,j->i", normal(2, 1), normal(3)),
    complex_case(np.einsum, ",i->i", normal(), normal(3)),
    complex_case(np.einsum, " i j , j -> i ", normal(2, 3), normal(3)),
    complex_case(np.einsum, "...ij,...jk->...ik", normal(2, 2, 3), normal(3, 1)),
    complex_case(np.einsum, "...ij,...j", normal(2, 2, 3), normal(2, 3)),
    complex_case(np.einsum, "...,...", normal(2, 3), normal(3)),
    complex_case(np.einsum, "...->...", normal(2, 3)),
    complex_case(np.einsum, "i...->...i", normal(2, 1, 3)),
    complex_case(np.einsum, "...i,...i->...", normal(2, 3), normal(1, 3)),
    complex_case(np.einsum, normal(2, 3), [0, 1], normal(3), [1], [0]),
    complex_case(np.einsum, normal(2, 3), [0, 1], normal(3, 2), [1, 2]),
    complex_case(np.einsum, normal(2, 3), [..., 5], normal(3), [5], [...]),
    complex_case(np.einsum, "ij,jk,k->i", normal(2, 3), normal(3, 2), normal(2), optimize=True),
    complex_case(np.einsum, "ij,ij->i", real_normal(2, 3), normal(2, 3)),
    complex_case(np.einsum, "i,i,i", normal(2), normal(2), normal(2)),
    complex_case(np.einsum, "ij,j->ij", normal(2, 3), normal(1)),
    complex_case(np.einsum, "i,i", normal(1), normal(3)),
    complex_case(np.einsum, "ii,i->i", normal(1, 1), normal(3)),
    complex_case(np.einsum, "i...->...", normal(2, 1, 3)),
    complex_case(np.einsum, "...,->...", normal(2), normal()),
    *(
        complex_case(np.einsum, "ij,jk,kl->il", normal(2, 3), normal(3, 2), normal(2, 1), optimize=optimize)
        for optimize in (True, "greedy", ["einsum_path", (1, 2), (0, 1)])
    ),
    only_complex_case(np.einsum, "i,i->i", normal(3), normal(3), dtype=complex),
    complex_case(np.dot, normal(2, 1, 3), normal(2, 3, 2)),
    complex_case(np.dot, normal(2, 2), normal()),
    complex_case(np.inner, normal(2, 1, 3), normal(2, 3)),
    complex_case(np.outer, normal(2, 1), np.arange(3.0)),
    complex_case(np.tensordot, normal(2, 3, 1), normal(1, 3), axes=((1, -1), (1, 0))),
    complex_case(np.tensordot, normal(), normal(2), 0),
    complex_case(np.vecdot, normal(3), normal(3)),
    complex_case(np.vecdot, normal(2, 3), normal(3)),
    complex_case(np.vecdot, normal(2, 3), normal(2, 3), axis=0),
]

#: Functions that not every NumPy that fgrad works with has.
if hasattr(np, "matvec"):
    CASES += [
        complex_case(np.matvec, normal(2, 3), normal(3)),
        complex_case(np.matvec, normal(2, 2, 3), normal(2, 3)),
        complex_case(np.matvec, normal(2, 3), normal(2, 3)),
        complex_case(np.vecmat, normal(2), normal(2, 3)),
        complex_case(np.vecmat, normal(2, 2), normal(2, 3)),
        complex_case(np.vecmat, normal(2, 2), normal(2, 2, 3)),
    ]
