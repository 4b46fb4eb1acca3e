"""Reverse mode held open: a function that was recorded, and can be pulled back through again and again.

>>> import numpy as np
>>> from fgrad.transforms.inputs import Inputs, Wanted
>>> inputs = Inputs(np.sin, Wanted(0), (0.0,), {}, "an example")
>>> pullback = Pullback(np.sin, inputs, "an example")
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
from fgrad.modes.infinitesimal import standards
from fgrad.modes.reverse import ReverseTrace
from fgrad.transforms.arguments import finish_leaf, matching_leaf
from fgrad.transforms.inputs import Inputs
from fgrad.transforms.outputs import evaluate, flatten_output, name_of
from fgrad.transforms.tracebacks import short_traceback


class Pullback:
    """The function from a cotangent of the result to those of the arguments; may be called again.

    With ``detached`` it shares no array with the caller, who may change the arguments and the value in place
    before it is called.

    Attributes
    ----------
    value : array or container
        The function's value.
    aux : container of anything
        What else it has to tell.
    specs : list of Spec
        Of the leaves of the value.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        inputs: Inputs,
        transform: str,
        *,
        has_aux: bool = False,
        detached: bool = False,
    ) -> None:
        self.transform, self.inputs = transform, inputs
        if detached:
            inputs.own_leaves()
        trace = ReverseTrace(transform)
        try:
            boxes = [trace.root(leaf) for leaf in inputs.leaves]
            output, self.aux = evaluate(function, inputs, boxes, trace, has_aux)
            self.outputs, self.structure = flatten_output(output, transform, name_of(function))
        finally:
            trace.finish()
        self.trace, self.tape = trace, trace.tape
        values = [out.value if type(out) is Box and out.owner is trace else out for out in self.outputs]
        values = standards(values, trace)
        self.specs = [spec_of(value) for value in values]
        if detached:
            values = [value.copy() if type(value) is np.ndarray else value for value in values]
        self.value = values[0] if self.structure is LEAF else unflatten(self.structure, values)

    def pull(self, gs: list[Any]) -> list[Any]:
        """Return the cotangents of the inputs' leaves for those of the outputs' leaves, None for zero."""
        seeds = [
            (out.payload, g)
            for out, g in zip(self.outputs, gs, strict=True)
            if g is not None and type(out) is Box and out.owner is self.trace
        ]
        leaves = self.inputs.leaves
        raw = standards(self.tape.pull_back(seeds, len(leaves), again=True), self.trace)
        seen = {id(g) for g in gs}
        return [finish_leaf(g, leaf, seen) for g, leaf in zip(raw, leaves, strict=True)]

    @short_traceback
    def __call__(self, g: Any) -> Any:
        """Return the cotangents of the differentiated arguments.

        Parameters
        ----------
        g : array or container
            Of the structure, shapes and dtypes of the function's result.

        Returns
        -------
        array, container, or tuple of them
            As ``argnums`` and ``argnames`` ask.
        """
        what = f"{self.transform}: the cotangent"
        found = flatten_as(g, self.structure, what)
        where = paths(self.structure, "")
        gs = [matching_leaf(*each, what) for each in zip(found, self.specs, where, strict=True)]
        return self.inputs.pack(self.pull(gs))
