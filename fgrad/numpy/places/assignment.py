"""Writing into arrays: item and slice assignment, and the operators that work in place.

An array that was made inside the differentiated function can be written into, and its views with it; the
caller's own arrays are never changed, only what the function sees of them.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from fgrad.core.box import Box, bottom, install, is_array, is_batched
from fgrad.core.errors import InputError
from fgrad.core.primitive import Primitive
from fgrad.core.registry import register
from fgrad.core.spec import spec_of
from fgrad.core.trace import FinishedTrace
from fgrad.core.views import write
from fgrad.modes.slate import is_slate, plain, write_plain
from fgrad.numpy.elements.parts import IMAG, REAL
from fgrad.numpy.moving.shapes import BROADCAST_TO, FLIP, RESHAPE, TRANSPOSE
from fgrad.numpy.places.indexing import GETITEM, ViewAt, filled, index_of, template_of
from fgrad.numpy.places.masking import check_mask, under_mask
from fgrad.numpy.wrap import as_traced


def _setitem(a: Any, v: Any, index: Any) -> Any:
    """Return a copy of ``a`` with ``a[index] = v``."""
    out = np.array(a)
    out[index] = v
    return out


def _set_at(a: Any, v: Any, *indices: Any, template: tuple[Any, ...]) -> Any:
    """Return a copy of ``a`` with ``a[index] = v``, with some of the index as arguments."""
    return _setitem(a, v, filled(template, indices))


SETITEM: Primitive = register(_setitem, "setitem", "a", "v")
SET_AT: Primitive = register(_set_at, "setitem", "a", "v", "*indices")


def assign(box: Box, index: Any, value: Any) -> None:
    """Do ``box[index] = value``."""
    check_writable(box, "item assignment")
    index, value = index_of(index), as_traced(value)
    _, indices = template_of(index)
    if not indices and is_slate(box) and (type(value) is not Box or is_slate(value)):
        write_plain(box, index, plain(value))
        return
    check_cast(value, box)
    check_mask(box, value, index)
    write(box, changed(box, value, index))
    if not indices and is_batched(box) and not spec_of(box).shape:
        _mark_as_array(box)


def changed(array: Any, value: Any, index: Any) -> Any:
    """Return an array with values written at an index, of which parts may differ between examples."""
    _, indices = template_of(index)
    masked = under_mask(array, value, index) if indices else None
    region, new = (index, value) if masked is None else masked
    template, indices = template_of(region)
    return SET_AT(array, new, *indices, template=template) if indices else SETITEM(array, new, index=region)


def _mark_as_array(box: Any) -> None:
    """Let a box of numbers, one for each example, count as one of arrays without axes, as which it began."""
    while type(box) is Box:
        if box.owner.batched:
            box.payload = True
        box = box.value


def check_writable(box: Box, what: str) -> None:
    """Raise unless a box stands for an array that is alive."""
    if isinstance(box.owner, FinishedTrace):
        box.owner.refuse(what)
    if not is_array(box):
        kind = spec_of(box).dtype if is_batched(box) else type(bottom(box)).__name__
        raise InputError(f"a traced {kind} does not support {what}, like a number of NumPy's")


def check_cast(value: Any, box: Box) -> None:
    """Raise where a value cannot become one of the array's dtype, as NumPy's ``same_kind`` casting does."""
    given, needed = spec_of(value).dtype, spec_of(box).dtype
    if type(value) in (int, float, complex, bool):
        given = np.result_type(needed, value)
    if not np.can_cast(given, needed, "same_kind"):
        raise InputError(
            f"cannot write {given} into an array of {needed}: {_loss(given, needed)} would be lost. Make the "
            f"array with dtype={given}, or convert the value before, with astype({needed})"
            f"{' or np.real' if given.kind == 'c' else ''}."
        )


def _loss(given: np.dtype[Any], needed: np.dtype[Any]) -> str:
    """Return what a value would lose with its dtype."""
    part = {"c": "the imaginary part", "f": "the fraction"}.get(given.kind, "what does not fit")
    return f"{part}, and with it the derivative," if given.kind in "fc" and needed.kind not in "fc" else part


def _in_place(function: Callable[..., Any]) -> Callable[[Box, Any], Any]:
    def method(self: Box, other: Any) -> Any:
        if not is_array(self):
            return function(self, other)
        check_writable(self, "assignment in place")
        new = function(self, as_traced(other))
        if spec_of(new).shape != spec_of(self).shape:
            raise ValueError(
                f"the result of shape {spec_of(new).shape} does not fit the array of shape "
                f"{spec_of(self).shape} that it is assigned to in place"
            )
        check_cast(new, self)
        assign(self, ..., new)
        return self

    return method


def _put_read_only(array: Any, view: Any, shape: Any) -> Any:
    raise ValueError("assignment destination is read-only: an array that was broadcast; copy it first")


BITS = ("and", "or", "xor", "lshift", "rshift")


def _put_at(self: ViewAt, array: Any, view: Any) -> Any:
    return SET_AT(array, view, *self.indices, template=self.template)


ViewAt.put = _put_at
GETITEM.put = lambda array, view, index: SETITEM(array, view, index=index)
RESHAPE.put = lambda array, view, shape, order: np.reshape(view, spec_of(array).shape, order)
TRANSPOSE.put = lambda array, view, axes: np.transpose(view, None if axes is None else np.argsort(axes))
FLIP.put = lambda array, view, axis: np.flip(view, axis)
REAL.put = lambda array, view: view + 1j * np.imag(array)
IMAG.put = lambda array, view: np.real(array) + 1j * view
BROADCAST_TO.put = _put_read_only

install(
    **{
        f"__i{name}__": _in_place(getattr(operator, f"__{name}__"))
        for name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", *BITS)
    },
)
