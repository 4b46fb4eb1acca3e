"""Primitives whose derivatives may be wrong, and what is said of them."""

import pytest

import fgrad
from fgrad.testing import DerivativeError, check_grads


def with_rule(value, jvp=None, vjp=None):
    """Return a primitive of one argument with the given derivative, right or wrong."""
    f = fgrad.primitive(value)
    if jvp is not None:
        fgrad.defjvp(f, jvp)
    if vjp is not None:
        fgrad.defvjp(f, vjp)
    return f


def square(x):
    return x * x


def error_of(f, args, *rest, **options):
    with pytest.raises(DerivativeError) as caught:
        check_grads(f, args, *rest, **options)
    return caught.value
