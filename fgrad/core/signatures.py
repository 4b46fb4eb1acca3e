"""How functions are called, as short text."""

from __future__ import annotations

from typing import Any

from fgrad.core.late import LateModule

inspect: Any = LateModule("inspect")
_LONGEST = 70  # characters


def signature_text(function: Any) -> str:
    """Return the parameters of a callable with their defaults, in parentheses, without annotations.

    >>> def scale(x: float, *, by: float = 2.0) -> float: ...
    >>> signature_text(scale)
    '(x, *, by=2.0)'
    """
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):  # compiled code that does not tell
        return "(...)"
    plain = [p.replace(annotation=p.empty) for p in signature.parameters.values()]
    text = str(signature.replace(parameters=plain, return_annotation=signature.empty))
    return text if len(text) <= _LONGEST else "(...)"
