"""Code as a module: with its imports, the constants that are short, and a word on those that are not."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import numpy as np

from fgrad.ir.text import type_of
from fgrad.sources.literals import literal


def module_text(text: str, name: str, namespace: Mapping[str, Any]) -> str:
    r"""Return the text of a module that defines a function.

    >>> code = "def area(r):\n    return scale * r**2\n"
    >>> print(module_text(code, "area", {"np": np, "scale": 3.5}), end="")
    import numpy as np
    <BLANKLINE>
    scale = 3.5
    <BLANKLINE>
    <BLANKLINE>
    def area(r):
        return scale * r**2
    """
    imports, constants, missing = [], [], []
    for known, value in namespace.items():
        if known == "np":
            continue
        origin = _importable(value)
        written = literal(value)
        if origin is not None:
            module, its_name = origin
            renamed = "" if its_name == known else f" as {known}"
            imports.append(f"from {module} import {its_name}{renamed}")
        elif written is not None:
            constants.append(f"{known} = {written}")
        else:
            missing.append(f"#     {known}: {_description(value)}")
    if missing:
        constants.append(f"# To be assigned before {name} is called, from outside as module.name = value:")
        constants += missing
    blocks = [["import numpy as np"]]
    if imports:
        blocks.append(sorted(imports))
    if constants:
        blocks.append(constants)
    head = "\n\n".join("\n".join(block) for block in blocks)
    return f"{head}\n\n\n{text}"


def _importable(value: Any) -> tuple[str, str] | None:
    """Return the module and the name by which a function or a class can be imported."""
    module, name = getattr(value, "__module__", None), getattr(value, "__qualname__", None)
    if not callable(value) or not module or not name or module == "__main__" or not name.isidentifier():
        return None
    return (module, name) if getattr(sys.modules.get(module), name, None) is value else None


def _description(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return type_of(value.shape, value.dtype)
    kind = "a class" if isinstance(value, type) else "a function"
    return f"{kind}, as in the namespace of the source"
