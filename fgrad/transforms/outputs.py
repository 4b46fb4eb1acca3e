"""The results of a differentiated function: taken apart into leaves, and checked."""

from __future__ import annotations

from typing import Any

import numpy as np

from fgrad.core.box import Box
from fgrad.core.errors import OutputError
from fgrad.core.pytree import flatten, paths
from fgrad.modes.slate import plain
from fgrad.transforms.arguments import check_alive


def is_array_like(value: Any) -> bool:
    """Say whether a value is a number, an array or a box."""
    kind = type(value)
    return (
        kind is Box
        or kind is np.ndarray
        or isinstance(value, int | float | complex | np.generic | np.ndarray)
    )


def flatten_output(output: Any, transform: str, name: str) -> tuple[list[Any], Any]:
    """Return the leaves and the structure of a result; raise if a leaf is not of numbers."""
    found, structure = flatten(output)
    leaves = [plain(leaf) for leaf in found]
    for i, leaf in enumerate(leaves):
        check_alive(leaf, f"the result of the function given to {transform}")
        if not is_array_like(leaf) or (type(leaf) is not Box and np.asarray(leaf).dtype.kind not in "fciub"):
            where = paths(structure, "result")[i]
            raise OutputError(
                f"{transform}: {name} must return numbers, arrays or containers of them; "
                f"its {where} is a {type(leaf).__name__}"
            )
    return leaves, structure
