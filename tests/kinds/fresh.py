"""Primitives made on the spot, for tests of rules."""

from fgrad import defjvp, defvjp, primitive


def made(function, *makers, jvps=(), **options):
    """Return a fresh primitive with the given rules."""
    operation = primitive(function)
    if makers:
        defvjp(operation, *makers, **options)
    if jvps:
        defjvp(operation, *jvps, **options)
    return operation
