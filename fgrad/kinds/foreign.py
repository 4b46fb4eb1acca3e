"""Code of a user's rule, under batching and capture: as it is where it can take boxes, else an operation.

Under batching such an operation is done for each example.

A rule may compute with what takes plain arrays only (a compiled routine, ``float``), or decide by values.

>>> from fgrad.modes.batching import BatchTrace
>>> trace = BatchTrace("an example", 3)
>>> doubled = for_each_example("a rule", lambda leaves: [float(leaves[0]) * 2], [trace.root(np.arange(3.0))])
>>> doubled[0].value
array([0., 2., 4.])
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fgrad.core.box import Box
from fgrad.core.primitive import Primitive


def for_each_example(name: str, function: Callable[[list[Any]], list[Any]], leaves: list[Any]) -> list[Any]:
    """Return a function's results, a list, for a list of values that may differ between examples."""
    try:
        return function(leaves)
    except Exception:
        # Whatever foreign code says when it is given a box.  An error that is the rule's own comes again.
        if not _is_undifferentiated(leaves):
            raise
    primitive = Primitive(name, lambda *values: tuple(map(np.asarray, function(list(values)))), ("*leaves",))
    return list(primitive.bind(leaves, {}))


def _is_undifferentiated(leaves: list[Any]) -> bool:
    """Return whether what looks at the leaves first is a trace that does not differentiate."""
    owners = [leaf.owner for leaf in leaves if type(leaf) is Box]
    return bool(owners) and not max(owners, key=lambda owner: owner.level).differentiates
