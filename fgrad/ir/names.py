"""A name for each value of a graph: the user's where it is known, else a number in order.

Variables without a name are v1, v2, ..., as in the literature, on the way back g1, g2, ...; constants are
c1, c2, ...  A name that was taken before gets a number.

References
----------
A. Griewank and A. Walther, *Evaluating Derivatives*, 2nd edition, SIAM 2008, section 2.2 (the names of
intermediate variables), https://doi.org/10.1137/1.9780898717761.
"""

from __future__ import annotations

import builtins
import keyword
import unicodedata
from collections.abc import Collection, Iterable

import numpy as np

from fgrad.core.box import bottom
from fgrad.ir.graph import Atom, Constant, Graph

#: Names that code must not take away from what it needs, and what looks like one in a text, and is a number.
RESERVED = frozenset({*keyword.kwlist, *keyword.softkwlist, *dir(builtins), "np", "inf", "nan"})


def names_of(graph: Graph, taken: Collection[str] = RESERVED) -> dict[Atom, str]:
    """Return the names of the variables and of the constants that are arrays or have one.

    Parameters
    ----------
    graph : Graph
    taken : collection of str
        Names that are not given to anything.
    """
    chosen: dict[Atom, str] = {}
    used = dict.fromkeys(taken, 1)

    def name_all(atoms: Iterable[Atom]) -> None:
        for atom in atoms:
            if atom not in chosen:
                chosen[atom] = _free(_base(atom.name or "x"), used)

    constants = [c for c in graph.constants() if c.name is not None or not is_literal(c)]
    name_all(graph.inputs)
    name_all(c for c in constants if c.name is not None)  # the user's own names go first
    # of the values that were called by one name, the last keeps it; those before are numbered as they came
    named = [v for node in graph.nodes for v in node.results if v.name is not None]
    last = {v.name: v for v in named}.values()
    name_all([v for v in last if v.name is not None and _base(v.name) not in used])
    name_all(named)
    numbers = {"v": 0, "g": 0}
    for node in graph.nodes:
        letter = "g" if node.is_back else "v"
        for variable in node.results:
            if variable not in chosen:
                numbers[letter] += 1
                chosen[variable] = _free(f"{letter}{numbers[letter]}", used)
    for i, constant in enumerate((c for c in constants if c.name is None), start=1):
        chosen[constant] = _free(f"c{i}", used)
    return chosen


def is_literal(constant: Constant) -> bool:
    """Return whether a constant is written as it is: a number, a text, None."""
    value = bottom(constant.value)
    return not isinstance(value, np.ndarray) or value.ndim == 0


def _base(name: str) -> str:
    """Return a name for a value that is reached by ``name``: ``params_0_w`` for ``params[0]['w']``.

    It is in the form in which Python compares names: keys of a dictionary may differ where names do not.
    """
    name = unicodedata.normalize("NFKC", name)
    if name.isidentifier():
        return name
    base = "_".join("".join(c if f"_{c}".isidentifier() else " " for c in name).split())
    return base if base.isidentifier() else f"x_{base}"


def _free(base: str, used: dict[str, int]) -> str:
    """Return a name that is not used, and note that it is now, and which number of its base it has."""
    name, number = base, used.get(base, 0)
    while name in used:
        number += 1
        name = f"{base}_{number}"
    if number:
        used[base] = number
    used[name] = 1
    return name
