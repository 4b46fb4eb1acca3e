"""Batching of operations that join arrays, or compare and combine two of them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from fgrad.core.late import declare_late_rules
from fgrad.core.primitive import Primitive
from fgrad.core.registry import PRIMITIVES
from fgrad.core.spec import spec_of
from fgrad.kinds.constant import Constant
from fgrad.kinds.elementwise import Elementwise
from fgrad.modes.batching import aligned, all_in_front, in_front
from fgrad.numpy.elements.parts import EXPONENT
from fgrad.numpy.elements.special import TURNS
from fgrad.numpy.moving.joining import CONCATENATE, STACK
from fgrad.numpy.ordering.sorting import LEXSORT
from fgrad.numpy.reducing.cumulative import RECURRENCE
from fgrad.numpy.reducing.statistics import OVERSHOOT
from fgrad.rules.linalg.determinants import DET_OF_INVERTED

elementwise = Elementwise.batch

#: What has derivative zero and works element by element, beside ufuncs and operators.
_ANSWERS = (*(np.round, np.around, np.fix, np.isclose, np.iscomplex, np.isreal, np.isposinf, np.isneginf),)

declare_late_rules()  # which say what is constant
for _function, _primitive in PRIMITIVES.items():
    if isinstance(_primitive.rule, Constant) and (
        isinstance(_function, np.ufunc)
        or _function in _ANSWERS
        or _primitive.name.startswith("operator.")
        or _primitive.name in ("floored_quotient", "truncated_quotient")
    ):
        _primitive.batch = elementwise
EXPONENT.batch = elementwise


def _concatenate(primitive: Primitive, values: Any, mine: Any, size: int, params: Any) -> Any:
    parts = all_in_front(values, mine, size)
    axis = normalize_axis_index(params["axis"], spec_of(parts[0]).ndim - 1)
    return primitive.bind(parts, {"axis": axis + 1})


def _stack(primitive: Primitive, values: Any, mine: Any, size: int, params: Any) -> Any:
    parts = all_in_front(values, mine, size)
    axis = normalize_axis_index(params["axis"], spec_of(parts[0]).ndim)
    return primitive.bind(parts, {"axis": axis + 1})


def _recurrence(primitive: Primitive, values: Any, mine: Any, size: int, params: Any) -> Any:
    c, b = aligned(all_in_front(values, mine, size), (1, 1))
    return np.swapaxes(primitive.bind((np.swapaxes(c, 0, 1), np.swapaxes(b, 0, 1)), params), 0, 1)


def _turns(primitive: Primitive, values: Any, mine: Any, size: int, params: Any) -> Any:
    p, *others = values
    own_p, *own_others = mine
    p = in_front(p, own_p, size)
    axis = normalize_axis_index(params["axis"], spec_of(p).ndim - 1)
    return primitive.bind(aligned([p, *others], [True, *own_others]), {"axis": axis + 1})


def _lexsort(primitive: Primitive, values: Any, mine: Any, size: int, params: Any) -> Any:
    keys = all_in_front(values, mine, size)
    if spec_of(keys[0]).ndim == 1:  # one number has one order
        return np.zeros(size, np.intp)
    axis = normalize_axis_index(params["axis"], spec_of(keys[0]).ndim - 1)
    return primitive.bind(keys, {"axis": axis + 1})


def stacked(primitive: Primitive, values: Any, mine: Any, size: int, params: Any) -> Any:
    """Work on the last axes, whatever axes there are in front: on each matrix of a stack."""
    return primitive.bind(all_in_front(values, mine, size), params)


DET_OF_INVERTED.batch = stacked
LEXSORT.batch = _lexsort
CONCATENATE.batch = _concatenate
STACK.batch = _stack
RECURRENCE.batch = _recurrence
TURNS.batch = _turns
OVERSHOOT.batch = elementwise
