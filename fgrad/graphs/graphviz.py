"""Pictures by Graphviz: the extra ``graphviz``, and the program ``dot`` that it calls."""

from __future__ import annotations

import warnings
from functools import cache
from typing import Any

from fgrad.core.errors import FgradError
from fgrad.core.late import LateModule

library: Any = LateModule("graphviz")

_CURE = (
    "Install both halves of Graphviz: pip install fgrad[graphviz], and the program dot "
    "(https://graphviz.org/download; on Debian and Ubuntu apt install graphviz, with conda "
    "conda install graphviz)."
)


class GraphvizMissingError(FgradError, RuntimeError):
    """A picture was asked for that Graphviz would have to draw, and it is not installed."""


def svg_of(dot: str) -> str:
    """Return what Graphviz draws as SVG, which shrinks to fit where there is less room."""
    return picture(dot, "svg").decode().replace("<svg ", '<svg style="max-width: 100%; height: auto" ', 1)


def picture(dot: str, form: str) -> bytes:
    """Return what Graphviz draws, as ``svg`` or ``png``.

    Raises
    ------
    GraphvizMissingError
        If the package or the program is not installed; the message says what to install.
    """
    try:
        source = library.Source(dot)
    except ImportError as error:
        raise GraphvizMissingError(
            f"A picture ({form}) needs the package graphviz: {error}. {_CURE}"
        ) from None
    try:
        drawn: bytes = source.pipe(format=form, quiet=True)
    except library.ExecutableNotFound:
        raise GraphvizMissingError(
            f"A picture ({form}) needs the program dot of Graphviz, which was not found. {_CURE}"
        ) from None
    return drawn


@cache
def hint_once() -> None:
    """Say, once in a session, what would have to be installed for pictures."""
    warnings.warn(
        f"fgrad.graph shows Mermaid instead of SVG, because Graphviz was not found. {_CURE}", stacklevel=2
    )
