"""What tests of several layers need: the proof that nothing loops over examples, and captures.

Tests of real pictures need Graphviz' program ``dot``; where it is missing the report says so.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from fgrad.modes.capture import CaptureTrace

HAS_DOT = shutil.which("dot") is not None

collect_ignore = [] if HAS_DOT else ["graphs/test_pictures.py"]


def pytest_report_header() -> str | None:
    return None if HAS_DOT else "Graphviz' program dot is not installed: real pictures are not tested"


@pytest.fixture
def no_loops(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make what does one example after the other raise: what runs without is no loop."""

    def refuse(primitive: Any, *args: Any) -> Any:
        raise AssertionError(f"{primitive.name} is done for one example after the other")

    for name, module in list(sys.modules.items()):
        if name.startswith("fgrad.") and hasattr(module, "one_by_one"):
            monkeypatch.setattr(module, "one_by_one", refuse)


@pytest.fixture
def capture() -> Iterator[Callable[[], CaptureTrace]]:
    """Return what starts a capture, which comes to an end with the test."""
    started: list[CaptureTrace] = []

    def start() -> CaptureTrace:
        started.append(CaptureTrace("a test"))
        return started[-1]

    yield start
    for trace in started:
        trace.finish()
