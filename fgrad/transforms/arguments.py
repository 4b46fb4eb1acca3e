"""The leaves of a function's arguments: which can be differentiated, and what is given back for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from fgrad.core.box import Box
from fgrad.core.errors import ArgumentError, InputError
from fgrad.core.late import LateModule
from fgrad.core.spec import Spec, spec_of, zeros
from fgrad.core.trace import FinishedTrace
from fgrad.modes.slate import is_slate, plain

inspect: Any = LateModule("inspect")


def parameters_of(function: Callable[..., Any]) -> Mapping[str, Any]:
    """Return a function's parameters by name; none for compiled code that does not say."""
    try:
        parameters: Mapping[str, Any] = inspect.signature(function).parameters
    except (TypeError, ValueError):
        return {}
    return parameters


def parameter_name(function: Callable[..., Any], position: int) -> str:
    """Return the name of a function's positional parameter, for messages."""
    parameters = list(parameters_of(function).values())
    if position < len(parameters):
        parameter = parameters[position]
        if parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD):
            return str(parameter.name)
    return f"argument {position}"


def check_alive(value: Any, receiver: str) -> None:
    """Raise if a value is a box that was left over from a transform that has returned."""
    if type(value) is Box and isinstance(value.owner, FinishedTrace):
        value.owner.refuse(receiver)


def as_differentiable(leaf: Any, where: object) -> Any:
    """Return a leaf as a float or an array of floats; raise, with ``where`` it is, if it is neither.

    Arrays of foreign byte order become native, as in any computation of NumPy's.
    """
    if is_slate(leaf):
        return as_differentiable(plain(leaf), where)
    if type(leaf) is Box:
        check_alive(leaf, str(where))
        return leaf if spec_of(leaf).dtype.kind in "fc" else leaf.astype(np.float64)  # type: ignore[attr-defined]
    if type(leaf) is complex or isinstance(leaf, np.floating | np.complexfloating):
        return leaf
    if isinstance(leaf, bool | np.bool_):
        raise InputError(
            f"{where} is a bool, which has no derivative. "
            "Pass it as an argument that is not differentiated, or by keyword."
        )
    if isinstance(leaf, float | int | np.integer):
        return float(leaf)
    if isinstance(leaf, np.ndarray):
        return _array_of_floats(leaf, where)
    cure = "Pass it as an argument that is not differentiated, or by keyword."
    if hasattr(leaf, "to_numpy"):
        cure = "Pass its .to_numpy()."
    elif not isinstance(leaf, str | bytes | set | frozenset) and not callable(leaf):
        cure = f"If it holds arrays, make its class a container with fgrad.register_pytree. Otherwise: {cure}"
    raise InputError(f"{where} is a {type(leaf).__name__}, which has no derivative. {cure}")


def _array_of_floats(leaf: Any, where: object) -> Any:
    check_array_type(leaf, where)
    kind = leaf.dtype.kind
    if kind in "iu":
        return leaf.astype(np.float64)
    if kind in "fc":
        return np.asarray(leaf, leaf.dtype.newbyteorder("="))
    cure = (
        "Join its elements into one array with np.stack."
        if kind == "O"
        else "Convert it to float, or pass it as an argument that is not differentiated."
    )
    raise InputError(f"{where} is an array of dtype {leaf.dtype}. {cure}")


def check_array_type(leaf: Any, where: object) -> None:
    """Raise if a leaf is an array of a class that has a behaviour of its own, which boxes have not."""
    if isinstance(leaf, np.ndarray) and type(leaf) not in (np.ndarray, np.memmap):
        raise InputError(
            f"{where} is a {type(leaf).__name__}, whose own behaviour would be lost. "
            f"{_cure_of_subclass(leaf)}"
        )


def _cure_of_subclass(array: Any) -> str:
    if isinstance(array, np.ma.MaskedArray):
        return "Pass array.filled(0.0), and use the mask with np.where."
    return "Pass np.asarray of it."


def owned(value: Any, seen: set[int]) -> Any:
    """Return a value that is not a view of another array and not one of those ``seen``."""
    if type(value) is np.ndarray:
        if value.base is not None or not value.flags.writeable or id(value) in seen:
            value = value.copy()
        seen.add(id(value))
    return value


def finish_leaf(g: Any, leaf: Any, seen: set[int]) -> Any:
    """Return a derivative as the user wants to have it.

    It has the leaf's type (a float for a float, an array for an array), and is an array that can be
    written into without changing anything else: not a view, and not the same object as another result.
    """
    if g is None:
        spec = spec_of(leaf)
        g = np.zeros(spec.shape, spec.dtype) if type(leaf) is np.ndarray else zeros(spec)
    g = plain(g)
    if type(g) is Box:
        check_alive(g, "a derivative rule")
        return g
    if type(leaf) is float:
        return float(g)
    if type(leaf) is complex:
        return complex(g)
    if type(leaf) is np.ndarray:
        if type(g) is not np.ndarray:
            if isinstance(g, np.ma.MaskedArray):
                raise InputError(
                    "a masked array took part in the differentiated function, and where it is masked there "
                    f"is no derivative. {_cure_of_subclass(g)}"
                )
            g = np.asarray(g)
        return owned(g, seen)
    return g[()] if type(g) is np.ndarray else g


def matching_leaf(value: Any, spec: Spec, path: str, what: str) -> Any:
    """Return a tangent or cotangent that the user gave, with the dtype of what it belongs to."""
    where = f"{what}{path}"
    value = plain(value)
    if type(value) is Box:
        check_alive(value, where)
    else:
        if isinstance(value, np.ma.MaskedArray):
            raise InputError(f"{where} is a masked array. {_cure_of_subclass(value)}")
        if not isinstance(value, int | float | complex | np.generic | np.ndarray):
            raise InputError(f"{where} must be an array; got {type(value).__name__}")
        value = np.asarray(value)
        if value.dtype.kind not in "fciu":
            raise InputError(f"{where} must be real or complex numbers; got dtype {value.dtype}")
    given = spec_of(value)
    if given.shape != spec.shape:
        raise ArgumentError(
            f"{where} has shape {given.shape}; it must have the shape {spec.shape} of its value"
        )
    if given.dtype != spec.dtype:
        if given.dtype.kind == "c" and spec.dtype.kind != "c":
            raise ArgumentError(f"{where} is complex where {spec.dtype} is needed; take its real part")
        value = value.astype(spec.dtype)
    return value[()] if type(value) is np.ndarray and not value.ndim else value


def checked_chunk_size(chunk_size: Any, transform: str) -> int | None:
    """Return how many examples or unit vectors go through at once, None for all; raise if it is no number."""
    whole = isinstance(chunk_size, int | np.integer) and not isinstance(chunk_size, bool)
    if chunk_size is not None and not (whole and chunk_size >= 1):
        raise ArgumentError(f"{transform}: chunk_size must be a positive int or None; got {chunk_size!r}")
    return None if chunk_size is None else int(chunk_size)
