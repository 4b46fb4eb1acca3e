"""Cases of Fourier transforms: odd and even lengths, cropped and padded, along any axes."""

import fgrad.numpy as np
from tests.rules.cases.case import away, complex_case, normal, real_case

fft = np.fft
NORMS = ["backward", "ortho", "forward"]
COMPLEX = [fft.fft, fft.ifft]
HALVES = [fft.irfft, fft.hfft]  # from half a spectrum
REAL = [fft.rfft, fft.ihfft]  # to half a spectrum

CASES = [
    # one axis: the default length, then shorter and longer ones of both parities
    *(complex_case(f, normal(n)) for f in COMPLEX for n in (1, 4, 5)),
    *(complex_case(f, normal(4), n) for f in COMPLEX for n in (1, 3, 6, 7)),
    *(complex_case(f, normal(5), norm=norm) for f in COMPLEX for norm in NORMS),
    *(complex_case(f, normal(2, 3, 2), axis=axis) for f in COMPLEX for axis in (0, 1, -3)),
    *(complex_case(f, normal(3, 2), n, axis=-2) for f in COMPLEX for n in (2, 5)),
    *(real_case(f, normal(n)) for f in REAL for n in (1, 2, 4, 5)),
    *(real_case(f, normal(4), n) for f in REAL for n in (1, 2, 3, 6, 7)),
    *(real_case(f, normal(n), norm=norm) for f in REAL for n in (4, 5) for norm in NORMS),
    *(real_case(f, normal(2, 3, 2), axis=axis) for f in REAL for axis in (0, 1, -3)),
    *(real_case(f, normal(3, 2), n, axis=-2) for f in REAL for n in (2, 5)),
    *(complex_case(f, normal(n)) for f in HALVES for n in (2, 3, 4)),
    *(complex_case(f, normal(3), n) for f in HALVES for n in (1, 2, 3, 5, 6, 7)),
    *(complex_case(f, normal(3), n, norm=norm) for f in HALVES for n in (4, 5) for norm in NORMS),
    *(complex_case(f, normal(2, 3, 2), axis=axis) for f in HALVES for axis in (0, 1, -3)),
    *(complex_case(f, normal(3, 2), n, axis=-2) for f in HALVES for n in (3, 8)),
    # two axes and several
    *(complex_case(f, normal(2, 3)) for f in (fft.fft2, fft.ifft2, fft.fftn, fft.ifftn)),
    *(complex_case(f, normal(2, 2, 3)) for f in (fft.fft2, fft.ifft2, fft.fftn, fft.ifftn)),
    *(complex_case(f, normal(2, 3), norm=norm) for f in (fft.fft2, fft.ifftn) for norm in NORMS),
    *(
        complex_case(f, normal(2, 3), s, axes)
        for f in (fft.fft2, fft.ifft2, fft.fftn, fft.ifftn)
        for s in (None, (3, 2), (-1, 4))
        for axes in ((0, 1), (-1, 0))
    ),
    *(complex_case(f, normal(2, 3), (2,), (0,)) for f in (fft.fftn, fft.ifftn)),
    *(complex_case(f, normal(2, 3), axes=(1, 1)) for f in (fft.fftn, fft.ifftn)),
    *(complex_case(f, normal(2, 3), (2, 4), (1, -1)) for f in (fft.fftn, fft.ifftn)),
    complex_case(fft.fftn, normal(2, 3), axes=()),
    *(real_case(f, normal(2, 3)) for f in (fft.rfft2, fft.rfftn)),
    *(real_case(f, normal(2, 2, 4)) for f in (fft.rfft2, fft.rfftn)),
    *(real_case(f, normal(3, 3), norm=norm) for f in (fft.rfft2, fft.rfftn) for norm in NORMS),
    *(
        real_case(f, normal(2, 3), s, axes)
        for f in (fft.rfft2, fft.rfftn)
        for s in (None, (3, 2), (-1, 4))
        for axes in ((0, 1), (-1, 0))
    ),
    real_case(fft.rfftn, normal(2, 3), axes=(0, 0)),
    *(complex_case(f, normal(2, 3)) for f in (fft.irfft2, fft.irfftn)),
    *(complex_case(f, normal(2, 2, 3)) for f in (fft.irfft2, fft.irfftn)),
    *(complex_case(f, normal(3, 2), norm=norm) for f in (fft.irfft2, fft.irfftn) for norm in NORMS),
    *(
        complex_case(f, normal(2, 3), s, axes)
        for f in (fft.irfft2, fft.irfftn)
        for s in (None, (3, 2), (3, 5), (-1, 4))
        for axes in ((0, 1), (-1, 0))
    ),
    complex_case(fft.irfftn, normal(3, 2), axes=(0, 0)),
    # order and frequencies
    *(complex_case(f, normal(n)) for f in (fft.fftshift, fft.ifftshift) for n in (4, 5)),
    *(
        complex_case(f, normal(2, 3), axes)
        for f in (fft.fftshift, fft.ifftshift)
        for axes in (None, 0, -1, (1,), (0, -1), ())
    ),
    *(complex_case(f, n, away()) for f in (fft.fftfreq, fft.rfftfreq) for n in (4, 5)),
    *(complex_case(f, 3, d=away()) for f in (fft.fftfreq, fft.rfftfreq)),
]
