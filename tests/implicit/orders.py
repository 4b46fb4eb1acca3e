"""Every way to a first and a second derivative of a function of one number, beside the true ones."""

import numpy as np

from fgrad import grad, jvp, vjp


def forward(function):
    return lambda x: jvp(function, (x,), (1.0,))[1]


def backward(function):
    return lambda x: vjp(function, x)[1](1.0)[0]


MODES = {"grad": grad, "jvp": forward, "vjp": backward}


def assert_derivatives(function, x, value, first, second=None, rtol=1e-9, atol=1e-12):
    """Compare the value and the derivatives of each mode, and of each mode of each mode."""
    np.testing.assert_allclose(function(x), value, rtol=rtol, atol=atol)
    for name, mode in MODES.items():
        np.testing.assert_allclose(mode(function)(x), first, rtol=rtol, atol=atol, err_msg=name)
        if second is None:
            continue
        for outer_name, outer in MODES.items():
            np.testing.assert_allclose(
                outer(mode(function))(x), second, rtol=rtol, atol=atol, err_msg=f"{outer_name} of {name}"
            )
