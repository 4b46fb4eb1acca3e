"""Which of NumPy's functions are differentiated, which are constant, and which refuse a traced value.

The page is made from the registries:

>>> from fgrad.numpy.classification import classify
>>> classify("numpy", "sin"), classify("numpy", "argmax"), classify("numpy", "save")
('differentiable', 'constant', 'refused')

``python -m fgrad.numpy.classification`` prints it.
"""

from __future__ import annotations

import types
from collections.abc import Iterator

import numpy as np

from fgrad.core.registry import CONSTANTS, IMPLEMENTATIONS, PRIMITIVES
from fgrad.kinds.constant import Constant
from fgrad.numpy.late import import_all
from fgrad.numpy.refusals import reason

import_all()

NAMESPACES = {"numpy": np, "numpy.linalg": np.linalg, "numpy.fft": np.fft}
KINDS = {
    "differentiable": "in reverse and forward mode, to any order",
    "constant": "works on traced values; its derivative is zero",
    "refused": "raises MissingRuleError, which says why and what to use",
}


def functions(module: str) -> Iterator[str]:
    """Yield the names of the public functions of a namespace of NumPy's."""
    for name in sorted(NAMESPACES[module].__all__):
        value = getattr(NAMESPACES[module], name)
        is_function = callable(value) and not isinstance(value, type | types.ModuleType)
        if is_function and not name.startswith("_") and name != "test":
            yield name


def classify(module: str, name: str) -> str | None:
    """Return the kind of a public function, or None for one that is in none of the registries."""
    function = getattr(NAMESPACES[module], name)
    primitive = PRIMITIVES.get(function)
    if function in CONSTANTS or (primitive is not None and isinstance(primitive.declared_rule(), Constant)):
        return "constant"
    if function in IMPLEMENTATIONS:
        return "differentiable"
    return "refused" if reason(f"{module}.{name}") is not None else None


def page() -> str:
    """Return the page of names, in Markdown."""
    lines = [
        "# The functions of NumPy in fgrad",
        "",
        "Made from fgrad's registries by `python -m fgrad.numpy.classification`, for NumPy "
        f"{'.'.join(np.__version__.split('.')[:2])}.",
    ]
    for module in NAMESPACES:
        names = {name: classify(module, name) for name in functions(module)}
        lines += ["", f"## {module}: {len(names)} functions"]
        for kind, meaning in KINDS.items():
            chosen = [name for name, found in names.items() if found == kind]
            if not chosen:
                continue
            lines += ["", f"**{kind.capitalize()}** ({len(chosen)}; {meaning}):", ""]
            if kind == "refused":
                lines += [f"- `{name}`: {reason(f'{module}.{name}')}" for name in chosen]
            else:
                lines.append(", ".join(f"`{name}`" for name in chosen))
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(page(), end="")
