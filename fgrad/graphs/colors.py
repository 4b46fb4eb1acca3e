"""The colours of drawings: filled boxes with dark text, and lines of a middle grey, for any background."""

from __future__ import annotations

from fgrad.graphs.view import CONSTANT, GROUP, INPUT, OPERATION, OUTPUT

#: Fill and border by the kind of a mark.
FILLS = {
    INPUT: ("#dbeafe", "#3b82f6"),
    CONSTANT: ("#e5e7eb", "#9ca3af"),
    OPERATION: ("#fef9e7", "#c8a94a"),
    GROUP: ("#fdebd3", "#d08a3c"),
    OUTPUT: ("#dcfce7", "#22a05a"),
}
TEXT = "#111827"
VALUE = "#166534"  # forward
ADJOINT = "#b91c1c"  # back
LINE = "#767d86"  # as far from white as from a dark page
