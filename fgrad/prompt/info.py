"""``info``: what a function is to fgrad."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator
from inspect import cleandoc
from types import CodeType, FunctionType
from typing import Any

import numpy as np

from fgrad.core.errors import InputError
from fgrad.core.primitive import Primitive
from fgrad.core.registry import CONSTANTS, IMPLEMENTATIONS, PRIMITIVES
from fgrad.core.signatures import signature_text
from fgrad.custom_rules.function import CustomFunction
from fgrad.numpy.fallback import late_implementation
from fgrad.numpy.random.fronts import LEGACY, refusal
from fgrad.numpy.refusals import reason
from fgrad.numpy.wrap import full_name
from fgrad.prompt.rules import kind_of, rules_of
from fgrad.registration.functions import PrimitiveFunction
from fgrad.sources.spelling import public_name
from fgrad.transforms.base import Transformed

_WIDTH = 80


def info(thing: Any, /) -> None:
    """Print what a function is to fgrad: its kind, its rules, how it is batched, and its documentation.

    Parameters
    ----------
    thing : callable
        A function of NumPy's or of ``fgrad.numpy``, a primitive or a function with a custom rule, or what a
        transform returned.

    Raises
    ------
    InputError
        If it is nothing that fgrad could tell about.

    Examples
    --------
    >>> from fgrad import defvjp, info, primitive
    >>> @primitive
    ... def cube(x):
    ...     'Return the cube of a number.'
    ...     return x**3
    >>> defvjp(cube, lambda ans, x: lambda g: g * 3 * x**2, argnums=[0])
    >>> info(cube)  # doctest: +ELLIPSIS
    cube: a primitive, cube(x)
      by rules of its own, as JVP or VJP; where one is given, the other is its
      transpose
    derivatives
      argument 0 ('x'): VJP (...)
    under vmap
      one example after the other: defbatch registers a rule
    documentation
      Return the cube of a number.
      (all of it: help(cube))
    """
    print("\n".join(_lines(thing)))


def _lines(thing: Any) -> Iterator[str]:
    if isinstance(thing, Transformed):
        yield repr(thing)
        yield from _indented((thing.__doc__ or "").partition("\n")[0])
        yield from _documentation(thing.function, thing.name_of_function())
    elif isinstance(thing, CustomFunction):
        yield f"{thing.__name__}{signature_text(thing)}: {thing.kind}"
        yield from _about(thing.operation)
        yield from _documentation(thing, thing.__name__)
    elif isinstance(thing, PrimitiveFunction | Primitive):
        primitive = thing if isinstance(thing, Primitive) else thing.fgrad_primitive
        yield f"{primitive.name}: a primitive, {_call(primitive)}"
        yield from _about(primitive)
        yield from _documentation(thing, primitive.name)
    else:
        original = _numpys(thing)
        if original is None:
            raise InputError(
                "info tells about functions of NumPy's, primitives, functions with custom rules and what "
                f"transforms return; got {thing!r}. If it is a function of yours that is to be one "
                "operation, decorate it with fgrad.primitive; otherwise fgrad.graph(f)(x) shows what it is "
                "made of."
            )
        yield from _of_numpy(original, is_ours=thing is not original)


def _numpys(thing: Any) -> Any:
    """Return NumPy's own function for one of NumPy's or of ``fgrad.numpy``; None for others."""
    original, module = thing, str(getattr(thing, "__module__", ""))
    if module.startswith("fgrad.numpy") and hasattr(thing, "__name__"):  # a front of ours
        space = getattr(np, module.removeprefix("fgrad.numpy").removeprefix("."), np)
        original = getattr(space, thing.__name__, None)
    if not callable(original):
        return None
    known = isinstance(original, np.ufunc) or original in PRIMITIVES or original in IMPLEMENTATIONS
    module = str(getattr(original, "__module__", ""))
    return original if known or module.partition(".")[0] == "numpy" else None


def _of_numpy(original: Any, is_ours: bool) -> Iterator[str]:
    shown = public_name(original) or full_name(original)
    name = shown.replace("np.", "numpy.", 1)
    implementation = IMPLEMENTATIONS.get(original) or late_implementation(original)
    primitive = PRIMITIVES.get(original)
    if primitive is not None:
        yield f"{name}: a primitive, {_call(primitive)}"
        yield from _about(primitive)
    elif original in CONSTANTS:
        yield f"{name}: works on traced values; its derivative is zero"
    elif implementation is not None:
        yield f"{name}: made of other operations, which have the derivatives"
        for part in dict.fromkeys(_parts(implementation)):
            yield from _indented(f"{_call(part)}: {kind_of(part)}")
    elif name.startswith("numpy.random."):
        yield from _of_random(original.__name__, is_ours)
    elif is_ours and reason(name) is None:
        yield f"fgrad.{name}: works on traced values"
    else:
        yield f"{name}: refuses traced values"
        own = "It has no rule: fgrad.primitive makes an operation of your own."
        yield from _indented(reason(name) or own)
    yield from _documentation(original, shown)


def _of_random(name: str, is_ours: bool) -> Iterator[str]:
    if not is_ours:
        yield f"numpy.random.{name}: refuses traced values"
        yield from _indented(f"It cannot see them coming. Call fgrad.numpy.random.{name}.")
    elif name in LEGACY:
        yield f"fgrad.numpy.random.{name}: works on traced values"
        yield from _indented("The draws move with its arguments, and have derivatives by them.")
    else:
        yield f"fgrad.numpy.random.{name}: refuses traced values"
        yield from _indented(refusal("fgrad.numpy.random", name))


def _about(primitive: Primitive) -> Iterator[str]:
    yield from _indented(kind_of(primitive))
    rules = list(rules_of(primitive))
    if rules:
        yield "derivatives"
        for line in rules:
            yield from _indented(line)
    own = primitive.batch is not None or primitive.rule.batch is not None
    yield "under vmap"
    loop = "one example after the other: defbatch registers a rule"
    yield from _indented("all examples at once" if own else loop)


def _call(primitive: Primitive) -> str:
    return f"{primitive.name}({', '.join(primitive.argnames)})"


def _documentation(thing: Any, shown: str) -> Iterator[str]:
    """Yield the first paragraphs of a docstring, and how to read it all."""
    documentation = cleandoc(getattr(thing, "__doc__", None) or "")
    paragraphs = [part.strip() for part in documentation.split("\n\n")]
    sections = [i for i, part in enumerate(paragraphs) if "\n---" in part]
    paragraphs = [part for part in paragraphs[: min(sections, default=None)] if part]
    if paragraphs and paragraphs[0].startswith(f"{getattr(thing, '__name__', '')}("):
        paragraphs = paragraphs[1:]  # the signature, which differs between versions of NumPy
    paragraphs = paragraphs[:2]
    if paragraphs:
        yield "documentation"
        for part in paragraphs:
            yield from _indented(" ".join(part.split()))
        yield from _indented(f"(all of it: help({shown}))")


def _indented(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent="  ", subsequent_indent="  ")


def _parts(function: Callable[..., Any], depth: int = 4) -> Iterator[Primitive]:
    """Yield the primitives that the code of an implementation of fgrad's names, also in what it calls."""
    inner = getattr(function, "__wrapped__", function)
    if not isinstance(inner, FunctionType) or not inner.__module__.startswith("fgrad.") or depth == 0:
        return
    for cell in inner.__closure__ or ():
        content = cell.cell_contents
        if isinstance(content, Primitive):
            yield content
        elif isinstance(content, FunctionType):
            yield from _parts(content, depth - 1)
    for name in _names(inner.__code__):
        known = inner.__globals__.get(name)
        if isinstance(known, Primitive):
            yield known
        elif isinstance(known, FunctionType) and known is not function:
            yield from _parts(known, depth - 1)


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)
