"""Cases of functions that write into their first argument: a copy of it is the result."""

import operator
from dataclasses import dataclass

import fgrad.numpy as np
from fgrad.core.spec import Spec, spec_of
from fgrad.numpy.places.assignment import SET_AT
from fgrad.numpy.places.indexing import ADD_AT, PLACE, TAKE_AT
from tests.rules.cases.case import Case, complex_case, normal

ALL = ("float64", "float32", "complex128")
MASK = np.array([[True, False, True], [False, True, False]])


@dataclass(frozen=True, eq=False)
class WritingCase(Case):
    """A function of whose first argument the changed copy counts."""

    def call(self, *leaves, function=None):
        written = []

        def write(array, *args, **kwargs):
            array = np.copy(array)
            (function or self.function)(array, *args, **kwargs)
            written.append(array)

        super().call(*leaves, function=write)
        return written[0]


def writing(function, *args, **kwargs):
    return WritingCase(function, args, kwargs, ALL)


# Positions that differ between examples, as these primitives take them.

POSITIONS = np.array([2, 0, 2])


def read_at(x):
    return TAKE_AT(x, POSITIONS, template=(slice(None), PLACE))


def added_at(g):
    return ADD_AT(g, POSITIONS, template=(PLACE,), spec=Spec((4,), spec_of(g).dtype))


def written_at(a, v):
    return SET_AT(a, v, POSITIONS, template=(PLACE,))


CASES = [
    complex_case(read_at, normal(2, 3)),
    complex_case(added_at, normal(3)),
    complex_case(written_at, normal(3), normal(3)),
    complex_case(written_at, normal(3, 2), normal(3, 1)),
    complex_case(written_at, normal(3, 2), normal(1, 3, 2)),
    complex_case(written_at, normal(3), normal()),
    writing(operator.setitem, normal(4), 1, normal()),
    writing(operator.setitem, normal(4), -1, 2.0),
    writing(operator.setitem, normal(4), slice(1, 3), normal(2)),
    writing(operator.setitem, normal(4), slice(None, None, 2), normal()),
    writing(operator.setitem, normal(2, 3), 0, normal(3)),
    writing(operator.setitem, normal(2, 3), (..., 1), normal(2)),
    writing(operator.setitem, normal(2, 3), ..., normal(3)),
    writing(operator.setitem, normal(2, 3), slice(None), normal(1, 2, 3)),
    writing(operator.setitem, normal(2, 3), MASK, normal(3)),
    writing(operator.setitem, normal(2, 3), MASK, normal()),
    writing(operator.setitem, normal(4), [0, 2, 0], normal(3)),
    writing(operator.setitem, normal(2, 3), ([1, 0, 1], [2, 0, 2]), normal(3)),
    writing(operator.setitem, normal(2, 3), (slice(None), [2, 0]), normal(2, 1)),
    writing(operator.setitem, normal(2, 3), slice(0, 0), normal()),
    writing(np.copyto, normal(2, 3), normal(3)),
    writing(np.copyto, normal(2, 3), normal(2, 1), where=MASK),
    writing(np.put, normal(2, 3), [0, -1, 2], normal(2)),
    writing(np.put, normal(2, 3), [7, -9], normal(2), mode="wrap"),
    writing(np.put, normal(2, 3), [7, -9], normal(2), mode="clip"),
    writing(np.place, normal(2, 3), MASK, normal(2)),
    writing(np.putmask, normal(2, 3), MASK, normal(2)),
    writing(np.putmask, normal(2, 3), MASK, normal(2, 3)),
    writing(np.put_along_axis, normal(2, 3), np.array([[2], [0]]), normal(2, 1), 1),
    writing(np.put_along_axis, normal(2, 3), np.array([[1, 0, 1]]), normal(1, 3), axis=-2),
    writing(np.put_along_axis, normal(2, 3), np.array([0, 4]), normal(2), None),
    writing(np.fill_diagonal, normal(3, 3), normal()),
    writing(np.fill_diagonal, normal(4, 3), normal(2)),
    writing(np.fill_diagonal, normal(7, 2), normal(3), wrap=True),
    writing(np.fill_diagonal, normal(2, 2, 2), normal(2)),
]
