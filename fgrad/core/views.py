"""Arrays that may be written into, and their views.

A traced array is written into by making a new one and letting the box stand for it; what was recorded
before keeps the old one.  In NumPy a slice, a transpose or another shape of an array is a view: it shows
what is written into the array, and what is written into it shows in the array.  So a box that is a view
knows what it is a view of, and an array knows its views, weakly.

``write`` goes down from a view to the array that it is a view of in the end, and then makes every living
view anew, which is the same operation again, recorded like any other.

>>> import fgrad.numpy as np
>>> from fgrad import grad
>>> def f(x):
...     a = np.zeros((2, 2))
...     row = a[0]
...     row[1] = x
...     return np.sum(a * np.array([[1.0, 10.0], [100.0, 1000.0]]))
>>> grad(f)(1.0)
10.0
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from weakref import ref

import numpy as np

from fgrad.core.box import Box, bottom, is_array
from fgrad.core.primitive import Primitive

_ndarray = np.ndarray


class ViewPrimitive(Primitive):
    """A primitive of one array whose result may share the array's memory.

    Attributes
    ----------
    put : callable
        ``put(array, view, **params)`` returns ``array`` with ``view`` in the place that the primitive shows.
        The layer that knows how to write elements sets it.
    """

    __slots__ = ("put",)

    put: Callable[..., Any]

    def __call__(self, *args: Any, **params: Any) -> Any:
        """Dispatch, and note what the result is a view of."""
        (array,) = args
        view = self.bind(args, params)
        if type(view) is Box and type(array) is Box and self.shares(array, view):
            link(array, view, self, params)
        return view

    def shares(self, array: Box, view: Box) -> bool:
        """Return whether NumPy's own arrays share their memory here."""
        inner = view.value if type(view.value) is not Box else bottom(view)
        return type(inner) is _ndarray and is_array(view) and bool(np.may_share_memory(inner, bottom(array)))


def link(array: Box, view: Box, primitive: Any, params: Any) -> None:
    """Note that a box is a view of an array, which the primitive makes of it and puts it back into."""
    view.origin = (array, primitive, params)
    if not hasattr(array, "views"):
        array.views = []
    array.views.append(ref(view))


def root_of(box: Box) -> Box:
    """Return the array that a box is a view of in the end; the box itself if it is no view."""
    while (origin := getattr(box, "origin", None)) is not None:
        box = origin[0]
    return box


def write(box: Box, new: Any) -> None:
    """Let a box stand for a new value, with all that shares its memory."""
    origin = getattr(box, "origin", None)
    if origin is None:
        rebind(box, new)
        refresh_views(box)
    else:
        array, primitive, params = origin
        write(array, primitive.put(array, new, **params))


def rebind(box: Box, new: Any) -> None:
    """Let a box stand for a new value alone."""
    if type(new) is Box:
        box.value, box.owner, box.payload = new.value, new.owner, new.payload
    else:
        box.value = new


def refresh_views(box: Box) -> None:
    """Make the living views of a box anew."""
    views = getattr(box, "views", None)
    if not views:
        return
    living = [(link, view) for link in views if (view := link()) is not None]
    box.views = [link for link, _ in living]
    for _, view in living:
        _, primitive, params = view.origin
        rebind(view, primitive.bind((box,), params))
        refresh_views(view)
