"""``fgrad.numpy.fft``: NumPy's Fourier transforms on traced arrays.

A transform is linear, so its derivative is a transform as well, of the same cost.

>>> import fgrad.numpy as np
>>> from fgrad import grad
>>> power = lambda x: np.sum(np.abs(np.fft.fft(x)) ** 2)
>>> grad(power)(np.array([1.0, 2.0, 0.0, 0.0]))  # Parseval: 4 sum(x**2)
array([ 8., 16.,  0.,  0.])
"""

from __future__ import annotations

import operator
import warnings
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from fgrad.core.box import Box
from fgrad.core.primitive import Primitive
from fgrad.core.spec import spec_of
from fgrad.numpy.algebra.fourier import FFT, IFFT, IRFFT, RFFT
from fgrad.numpy.fallback import stand_in
from fgrad.numpy.wrap import PUBLIC, as_traced, implements

# one axis


def _transform(primitive: Primitive, a: Any, n: Any, axis: int, norm: Any) -> Any:
    """Transform ``n`` elements along an axis, all of them for None."""
    a = as_traced(a)
    axis = normalize_axis_index(axis, spec_of(a).ndim)
    n = spec_of(a).shape[axis] if n is None else operator.index(n)
    return primitive(_cropped(a, n, axis), n=n, axis=axis, norm=norm)


def _cropped(a: Any, n: int, axis: int) -> Any:
    """Return the first ``n`` elements along an axis, or the array if it has no more."""
    return a[(slice(None),) * axis + (slice(n),)] if n < spec_of(a).shape[axis] else a


_OPPOSITE = {None: "forward", "backward": "forward", "ortho": "ortho", "forward": "backward"}


def _opposite(norm: Any) -> str:
    """Return the normalization with the directions exchanged."""
    if norm not in _OPPOSITE:
        raise ValueError(f'Invalid norm value {norm}; should be "backward", "ortho" or "forward".')
    return _OPPOSITE[norm]


@implements(np.fft.fft)
def fft(a: Any, n: int | None = None, axis: int = -1, norm: Any = None, out: Any = None) -> Any:
    return _transform(FFT, a, n, axis, norm)


@implements(np.fft.ifft)
def ifft(a: Any, n: int | None = None, axis: int = -1, norm: Any = None, out: Any = None) -> Any:
    return _transform(IFFT, a, n, axis, norm)


@implements(np.fft.rfft)
def rfft(a: Any, n: int | None = None, axis: int = -1, norm: Any = None, out: Any = None) -> Any:
    return _transform(RFFT, a, n, axis, norm)


@implements(np.fft.irfft)
def irfft(a: Any, n: int | None = None, axis: int = -1, norm: Any = None, out: Any = None) -> Any:
    a = as_traced(a)
    axis = normalize_axis_index(axis, spec_of(a).ndim)
    n = 2 * (spec_of(a).shape[axis] - 1) if n is None else operator.index(n)
    return IRFFT(_cropped(a, n // 2 + 1, axis), n=n, axis=axis, norm=norm)


@implements(np.fft.hfft)
def hfft(a: Any, n: int | None = None, axis: int = -1, norm: Any = None, out: Any = None) -> Any:
    return np.fft.irfft(np.conjugate(as_traced(a)), n, axis, _opposite(norm))  # type: ignore[arg-type]


@implements(np.fft.ihfft)
def ihfft(a: Any, n: int | None = None, axis: int = -1, norm: Any = None, out: Any = None) -> Any:
    return np.conjugate(np.fft.rfft(as_traced(a), n, axis, _opposite(norm)))  # type: ignore[arg-type]


# several axes


def _sizes(a: Any, s: Any, axes: Any) -> tuple[list[Any], list[int]]:
    """Return the number of elements to transform along each axis, and the axes."""
    shape = spec_of(a).shape
    if axes is None:
        if s is not None:
            warnings.warn(
                "`axes` should not be `None` if `s` is not `None`: NumPy 2.0 deprecates it; "
                "name the axes that `s` belongs to",
                DeprecationWarning,
                stacklevel=5,
            )
        axes = range(-len(shape if s is None else s), 0)
    axes = [normalize_axis_index(axis, len(shape)) for axis in axes]
    if s is None:
        return [shape[axis] for axis in axes], axes
    if len(s) != len(axes):
        raise ValueError("Shape and axes have different lengths.")
    if any(n is None for n in s):
        warnings.warn(
            "`None` among the values of `s` is deprecated by NumPy 2.0; give the number of elements",
            DeprecationWarning,
            stacklevel=5,
        )
    return [shape[axis] if n == -1 else n for n, axis in zip(s, axes, strict=True)], axes


def _transform_each(function: Any, a: Any, sizes: list[Any], axes: list[int], norm: Any) -> Any:
    for n, axis in zip(sizes, axes, strict=True):
        a = function(a, n, axis, norm)
    return a


@implements(np.fft.fftn)
def fftn(a: Any, s: Any = None, axes: Any = None, norm: Any = None, out: Any = None) -> Any:
    a = as_traced(a)
    sizes, axes = _sizes(a, s, axes)
    return _transform_each(np.fft.fft, a, sizes[::-1], axes[::-1], norm)


@implements(np.fft.ifftn)
def ifftn(a: Any, s: Any = None, axes: Any = None, norm: Any = None, out: Any = None) -> Any:
    a = as_traced(a)
    sizes, axes = _sizes(a, s, axes)
    return _transform_each(np.fft.ifft, a, sizes[::-1], axes[::-1], norm)


@implements(np.fft.rfftn)
def rfftn(a: Any, s: Any = None, axes: Any = None, norm: Any = None, out: Any = None) -> Any:
    a = as_traced(a)
    sizes, axes = _sizes(a, s, axes)
    half = np.fft.rfft(a, sizes[-1], axes[-1], norm)
    return _transform_each(np.fft.fft, half, sizes[-2::-1], axes[-2::-1], norm)


@implements(np.fft.irfftn)
def irfftn(a: Any, s: Any = None, axes: Any = None, norm: Any = None, out: Any = None) -> Any:
    a = as_traced(a)
    sizes, axes = _sizes(a, s, axes)
    half = _transform_each(np.fft.ifft, a, sizes[:-1], axes[:-1], norm)
    return np.fft.irfft(half, None if s is None else sizes[-1], axes[-1], norm)


@implements(np.fft.fft2)
def fft2(a: Any, s: Any = None, axes: Any = (-2, -1), norm: Any = None, out: Any = None) -> Any:
    return np.fft.fftn(as_traced(a), s, axes, norm)


@implements(np.fft.ifft2)
def ifft2(a: Any, s: Any = None, axes: Any = (-2, -1), norm: Any = None, out: Any = None) -> Any:
    return np.fft.ifftn(as_traced(a), s, axes, norm)


@implements(np.fft.rfft2)
def rfft2(a: Any, s: Any = None, axes: Any = (-2, -1), norm: Any = None, out: Any = None) -> Any:
    return np.fft.rfftn(as_traced(a), s, axes, norm)


@implements(np.fft.irfft2)
def irfft2(a: Any, s: Any = None, axes: Any = (-2, -1), norm: Any = None, out: Any = None) -> Any:
    return np.fft.irfftn(as_traced(a), s, axes, norm)


# frequencies


@implements(np.fft.fftfreq)
def fftfreq(n: int, d: Any = 1.0, device: Any = None) -> Any:
    return np.fft.fftfreq(_count(n), d, device)


@implements(np.fft.rfftfreq)
def rfftfreq(n: int, d: Any = 1.0, device: Any = None) -> Any:
    return np.fft.rfftfreq(_count(n), d, device)


def _count(n: Any) -> Any:
    """Return ``n``; raise for a traced value, which is no count."""
    return operator.index(n) if isinstance(n, Box) else n  # type: ignore[arg-type]


@implements(np.fft.fftshift)
def fftshift(x: Any, axes: Any = None) -> Any:
    return _shifted(as_traced(x), axes, 1)


@implements(np.fft.ifftshift)
def ifftshift(x: Any, axes: Any = None) -> Any:
    return _shifted(as_traced(x), axes, -1)


def _shifted(x: Any, axes: Any, sign: int) -> Any:
    """Roll by half of the length."""
    shape = spec_of(x).shape
    if axes is None:
        axes = tuple(range(len(shape)))
    if isinstance(axes, int | np.integer):
        return np.roll(x, sign * (shape[axes] // 2), int(axes))
    return np.roll(x, tuple(sign * (shape[axis] // 2) for axis in axes), tuple(axes))


PUBLIC["numpy.fft"] = {name: front for name, front in globals().items() if name in np.fft.__all__}
for _front in PUBLIC["numpy.fft"].values():
    _front.__module__ = __name__

__getattr__, __all__ = stand_in(np.fft, globals())


def __dir__() -> list[str]:
    return __all__
