"""Reverse mode held open: a function that was recorded, and can be pulled back through again and again.

>>> import numpy as np
>>> pullback = Pullback(np.sin, 0, (0.0,), {}, "an example")
>>> pullback(1.0), pullback(10.0)
(1.0, 10.0)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fgrad.core.box import Box
from fgrad.core.pytree import LEAF, flatten_as, paths, unflatten
from fgrad.core.spec import spec_of
from fgrad.modes.reverse import ReverseTrace
from fgrad.transforms.arguments import Argnums, Inputs, finish_leaf, matching_leaf
from fgrad.transforms.outputs import flatten_output


class Pullback:
    """The function from a cotangent of the result to those of the arguments; may be called again.

    With ``detached`` it shares no array with the caller, who may change the arguments and the value in place
    before it is called.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        argnums: Argnums,
        args: Any,
        kwargs: Any,
        transform: str,
        *,
        detached: bool = False,
    ) -> None:
        self.transform = transform
        trace = ReverseTrace(transform)
        try:
            self.inputs = Inputs(function, argnums, args, transform)
            if detached:
                self.inputs.own_leaves()
            boxes = [trace.root(leaf) for leaf in self.inputs.leaves]
            output = function(*self.inputs.call_with(boxes), **kwargs)
            name = getattr(function, "__name__", "the function")
            self.outputs, self.structure = flatten_output(output, transform, name)
        finally:
            trace.finish()
        self.trace, self.tape = trace, trace.tape
        values = [out.value if type(out) is Box and out.owner is trace else out for out in self.outputs]
        self.specs = [spec_of(value) for value in values]
        if detached:
            values = [value.copy() if type(value) is np.ndarray else value for value in values]
        self.value = values[0] if self.structure is LEAF else unflatten(self.structure, values)

    def cotangents(self, gs: list[Any]) -> list[Any]:
        """Return the cotangents of the inputs' leaves for those of the outputs' leaves, None for zero."""
        seeds = [
            (out.payload, g)
            for out, g in zip(self.outputs, gs, strict=True)
            if g is not None and type(out) is Box and out.owner is self.trace
        ]
        leaves = self.inputs.leaves
        raw = self.tape.pull_back(seeds, len(leaves), again=True)
        seen = {id(g) for g in gs}
        return [finish_leaf(g, leaf, seen) for g, leaf in zip(raw, leaves, strict=True)]

    def __call__(self, g: Any) -> Any:
        """Return the cotangents of the differentiated arguments.

        Parameters
        ----------
        g : array or container
            Of the structure, shapes and dtypes of the function's result.

        Returns
        -------
        array, container, or tuple of them
            As ``argnums`` asks.
        """
        what = f"{self.transform}: the cotangent"
        found = flatten_as(g, self.structure, what)
        where = paths(self.structure, "")
        gs = [matching_leaf(*each, what) for each in zip(found, self.specs, where, strict=True)]
        return self.inputs.pack(self.cotangents(gs))
