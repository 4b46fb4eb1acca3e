"""New arrays of zeros, ones or one value: inside a differentiated function they may be written into."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

from fgrad.modes.slate import distinct, slate
from fgrad.numpy.making import creation  # noqa: F401 - whose public functions these are in front of
from fgrad.numpy.wrap import PUBLIC


def _writable(function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def front(*args: Any, **kwargs: Any) -> Any:
        made = function(*args, **kwargs)
        return slate(made) if type(made) is np.ndarray else distinct(made)

    front.__module__ = "fgrad.numpy"
    return front


for _name in ("copy", "empty", "empty_like", "full", "full_like", "ones", "ones_like", "zeros", "zeros_like"):
    PUBLIC["numpy"][_name] = _writable(PUBLIC["numpy"].get(_name, getattr(np, _name)))
