"""The proof that a batching rule is no loop: under ``no_loops`` a loop raises."""

from __future__ import annotations

import sys
from typing import Any

import pytest


@pytest.fixture
def no_loops(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make what does one example after the other raise."""

    def refuse(primitive: Any, *args: Any) -> Any:
        raise AssertionError(f"{primitive.name} is done for one example after the other")

    for name, module in list(sys.modules.items()):
        if name.startswith("fgrad.") and hasattr(module, "one_by_one"):
            monkeypatch.setattr(module, "one_by_one", refuse)
