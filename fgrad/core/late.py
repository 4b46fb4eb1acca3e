"""What is imported when it is needed, and not when fgrad is.

``import fgrad`` should take little longer than ``import numpy``, which itself leaves ``numpy.fft`` for later.
So what most programs never use waits until it is asked for: modules of the standard library for rare
occasions, behind a :class:`LateModule`; rules, by :data:`LATE_RULES`; and functions, by
:mod:`fgrad.numpy.late`.  See SPEC 1 of Scientific Python, "Lazy Loading of Submodules and Functions".

Python's own locks see to it that threads that ask for the same thing at the same time all get it whole.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

#: The modules with rules that are imported late; for each the modules whose primitives the rules are for.
LATE_RULES: dict[str, tuple[str, ...]] = {}


def declare_late_rules() -> None:
    """Import the rules that wait for primitives that are there by now."""
    for rules, subjects in list(LATE_RULES.items()):
        if not sys.modules.keys().isdisjoint(subjects):
            import_module(rules)
            LATE_RULES.pop(rules, None)  # only now: a thread that meets it here waits for the import


class LateModule:
    """A module that is imported when it is first asked for an attribute.

    >>> decimal = LateModule("decimal")
    >>> decimal.Decimal("0.1") + 1
    Decimal('1.1')
    """

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(import_module(self.name), attribute)
