"""How a box answers NumPy, and everything else that would take a plain value out of it.

With ``__array_ufunc__`` and ``__array_function__``, code written with plain ``import numpy as np``
differentiates.  What NumPy and Python give no way to intercept is an error that says what to do:
nothing detaches silently.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fgrad.core.box import Box, bottom, decided_by, install, is_batched, moves, refuse_differing
from fgrad.core.errors import DetachedError, MissingRuleError
from fgrad.core.registry import IMPLEMENTATIONS
from fgrad.core.spec import spec_of
from fgrad.core.trace import FinishedTrace
from fgrad.modes.slate import holds_traced, is_slate, plain
from fgrad.numpy.answering.calling import no_rule
from fgrad.numpy.fallback import call_plain, late_implementation
from fgrad.numpy.wrap import full_name


def array_function(self: Box, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
    """Answer NumPy when a function of its own receives a box: ``Box.__array_function__``."""
    if not all(issubclass(kind, Box | np.ndarray) for kind in types):
        return NotImplemented
    implementation = IMPLEMENTATIONS.get(function)
    if implementation is None:
        implementation = late_implementation(function)
    if implementation is None:
        if not holds_traced((args, tuple(kwargs.values()))):
            return call_plain(function, args, kwargs)
        raise MissingRuleError(no_rule(full_name(function)))
    return implementation(*args, **kwargs)


def _refusing(what: str, cure: str, conversion: Any = None) -> Callable[..., Any]:
    def refuse(self: Box, *args: Any, **kwargs: Any) -> Any:
        if isinstance(self.owner, FinishedTrace):
            self.owner.refuse(what)
        if is_slate(self) and conversion is not None:
            return conversion(plain(self), *args, **kwargs)
        if is_batched(self):
            refuse_differing(self, f"{what} would need one plain value", _EACH)
        if moves(self):
            raise DetachedError(
                f"{what} would turn a value that is being differentiated into a plain one and lose its "
                f"derivative. {cure}"
            )
        if conversion is not None and spec_of(self).dtype.kind in "iub":
            decided_by(self)
            return conversion(np.asarray(bottom(self)), *args, **kwargs)
        raise DetachedError(
            f"{what} would turn a value that is being captured into a plain one, and the graph would lose "
            f"it. {cure}"
        )

    return refuse


_MATH = (
    "Use the function of fgrad.numpy or numpy instead of math's, and leave conversions to float away. "
    "To write it into an array, make the array inside the function with np.zeros of fgrad.numpy."
)
_EACH = (
    "Use the functions of fgrad.numpy, which work on all examples at once (np.take or x[i] with an index of "
    "examples too); a count, a shape or the bounds of a slice must be the same for all examples. To write it "
    "into an array, make the array inside the function, with np.zeros or np.copy of fgrad.numpy."
)
_INDEX = (
    "Differentiate with respect to floats only: an index or a count has no derivative. Leave it out of "
    "argnums, or find it by np.argmax or a comparison, whose results are plain."
)
_RETURN = "Return it from the differentiated function first."
_BUILD = "Build the array from its parts: np.where, np.concatenate or np.stack."

install(__array_function__=array_function)

for _name, _what, _cure in (
    ("__float__", "float() or a function of math", _MATH),
    ("__int__", "int()", "Use math.trunc(), or np.trunc, which work on traced values."),
    ("__complex__", "complex()", _MATH),
    ("__index__", "Using a traced value as an index or a count", _INDEX),
    (
        "__array__",
        # NumPy asks this of an index too: __index__ first, whose error it drops.
        "np.asarray() or np.array() of NumPy, or an index of a plain array, with traced values",
        "Use np.array or np.asarray of fgrad.numpy, or np.stack; for random numbers fgrad.numpy.random. "
        + _INDEX,
    ),
    ("__reduce_ex__", "Pickling", _RETURN),
    ("__reduce__", "Pickling", _RETURN),
    ("dump", "dump()", _RETURN),
    ("dumps", "dumps()", _RETURN),
    ("tobytes", "tobytes()", _RETURN),
    ("tofile", "tofile()", _RETURN),
    ("__buffer__", "Reading its memory", _RETURN),
    ("__dlpack__", "Handing its memory over by DLPack", _RETURN),
    ("__dlpack_device__", "Handing its memory over by DLPack", _RETURN),
    ("__delitem__", "Deleting from a traced array", _BUILD),
    ("tolist", "tolist()", "Iterate over the array, or return it from the differentiated function."),
):
    install(**{_name: _refusing(_what, _cure, getattr(np.ndarray, _name, None))})
