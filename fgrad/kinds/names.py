"""What a rule asks for, read from the names of its parameters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def names_of(function: Callable[..., Any]) -> tuple[str, ...]:
    """Return the names of a rule's parameters.

    >>> names_of(lambda g, ans: g * ans)
    ('g', 'ans')
    """
    code = function.__code__  # type: ignore[attr-defined]
    return code.co_varnames[: code.co_argcount]
