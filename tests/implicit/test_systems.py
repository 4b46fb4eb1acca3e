import numpy as np

from fgrad.implicit.systems import System, inverse

A = np.array([[2.0, 1.0], [0.0, 4.0]])


def system(calls):
    def forward(moving):
        def operator(v):
            calls.append(v)
            return moving[0] * (A @ v)

        return operator

    def backward(moving):
        return lambda v: moving[0] * (A.T @ v)

    return System(
        "a test", forward, backward, is_symmetric=False, solver=None, tolerance=1e-4, check=lambda tree: tree
    )


def test_a_matrix_is_made_once_for_the_same_values():
    calls = []
    solving = system(calls)
    moving = [np.float64(2.0)]
    for _ in range(3):
        np.testing.assert_allclose(inverse((np.array([2.0, 4.0]), moving), solving), [0.25, 0.5])
    assert len(calls) == 2
    np.testing.assert_allclose(inverse((np.array([2.0, 4.0]), [np.float64(1.0)]), solving), [0.5, 1.0])
    assert len(calls) == 4


def test_the_transpose_of_the_transpose_is_the_system():
    solving = system([])
    assert solving.transposed().transposed() is solving
    found = inverse((np.array([2.0, 9.0]), [1.0]), solving.transposed())
    np.testing.assert_allclose(found, np.linalg.solve(A.T, [2.0, 9.0]))
