"""Domains of matrices with a given spectrum, for the decompositions that need one."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.rules.cases.case import Domain


def _unitary(rng: np.random.Generator, n: int, is_complex: bool, stack: tuple[int, ...] = ()) -> Any:
    matrix = rng.normal(size=(*stack, n, n)) + (1j * rng.normal(size=(*stack, n, n)) if is_complex else 0)
    return np.linalg.qr(matrix)[0]


def _written(shape: tuple[int, ...]) -> str:
    return "x".join(map(str, shape))


def hermitian(*shape: int) -> Domain:
    """Return the domain of Hermitian matrices whose eigenvalues, of both signs, differ by 0.7 and more.

    No two have the same size either.
    """

    def draw(rng: np.random.Generator, is_complex: bool) -> Any:
        v = _unitary(rng, shape[-1], is_complex, shape[:-2])
        values = (0.8 + 0.7 * np.arange(shape[-1])) * (-1) ** np.arange(shape[-1])
        return v * values @ np.conjugate(np.swapaxes(v, -1, -2))

    return Domain(f"Hermitian {_written(shape)}", draw)


def with_eigenvalues(*values: complex, stack: tuple[int, ...] = ()) -> Domain:
    """Return the domain of matrices, not normal ones, with given eigenvalues.

    A complex eigenvalue stands for a pair.  Of each vector one component is the largest, by a twentieth, so
    that the choice by which LAPACK makes a component real does not jump close by.
    """
    blocks = [np.array([[z.real, z.imag], [-z.imag, z.real]]) for z in map(complex, values) if z.imag]
    blocks += [np.array([[z.real]]) for z in map(complex, values) if not z.imag]
    n = sum(len(block) for block in blocks)
    spectrum = np.zeros((n, n))
    at = 0
    for block in blocks:
        spectrum[at : at + len(block), at : at + len(block)] = block
        at += len(block)

    def draw(rng: np.random.Generator, is_complex: bool) -> Any:
        while True:
            u = _unitary(rng, n, is_complex, stack)
            basis = u + 0.3 * np.roll(u, 1, axis=-1)
            matrix = basis @ spectrum @ np.linalg.inv(basis)
            sizes = np.sort(np.abs(np.linalg.eig(matrix)[1]), axis=-2)
            if n == 1 or np.all(sizes[..., -1, :] > 1.05 * sizes[..., -2, :]):
                return matrix

    return Domain(f"eigenvalues {values} {_written(stack)}".strip(), draw)


def of_rank(rank: int, *shape: int) -> Domain:
    """Return the domain of matrices of a rank, without rounding: small integers, for complex ones too."""

    def draw(rng: np.random.Generator, is_complex: bool) -> Any:
        def integers(*size: int) -> Any:
            real = rng.integers(-2, 3, size=size).astype(float)
            return real + 1j * rng.integers(-2, 3, size=size) if is_complex else real

        left = np.eye(shape[-2], rank) + np.tril(integers(*shape[:-2], shape[-2], rank), -1)
        right = np.eye(rank, shape[-1]) + np.triu(integers(*shape[:-2], rank, shape[-1]), 1)
        return left @ right

    return Domain(f"rank {rank} {_written(shape)}", draw)
