"""The error of a derivative that is wrong."""

from __future__ import annotations

from typing import Any

from fgrad.core.errors import FgradError


class DerivativeError(FgradError, AssertionError):
    """A derivative differs from what finite differences say, or these cannot say.

    Attributes
    ----------
    mode : str
        Such as ``"rev"``, or ``"rev of fwd"`` for a second derivative.
    order : int
        Which derivative it is.
    argument, result : str
        The elements that are concerned: how the argument, and the result, would be written.
    found, expected : float
        The derivative, and what finite differences say.
    error, allowed : float
        How far finite differences may be off themselves, and how far the two may be apart.

    All but the mode and the order are None where no single element is concerned.
    """

    def __init__(
        self,
        message: str,
        mode: str,
        order: int,
        *,
        argument: str | None = None,
        result: str | None = None,
        found: float | None = None,
        expected: float | None = None,
        error: float | None = None,
        allowed: float | None = None,
    ) -> None:
        super().__init__(message)
        self.mode, self.order = mode, order
        self.argument, self.result = argument, result
        self.found, self.expected = found, expected
        self.error, self.allowed = error, allowed

    def __reduce__(self) -> Any:
        return _rebuilt, (self.args, self.__dict__)


def _rebuilt(args: Any, attributes: dict[str, Any]) -> DerivativeError:
    error = DerivativeError(args[0], attributes["mode"], attributes["order"])
    error.__dict__.update(attributes)
    return error
