import numpy as np
import pytest
import scipy.optimize

from fgrad import ArgumentError, InputError, OutputError, grad
from fgrad.implicit.errors import ConvergenceError, SingularError
from fgrad.implicit.fixed_point import fixed_point


def babylonian(x, a):
    return (x + a / x) / 2


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: fixed_point(np.exp, 1.0), ConvergenceError, "must be a contraction"),
        (lambda: fixed_point(lambda x: x + 1.0, 0.0), ConvergenceError, "fixed_point: after"),
        (lambda: fixed_point(lambda x: x * np.nan, 1.0), ConvergenceError, "not finite"),
        (
            lambda: fixed_point(babylonian, 1.0, 4.0, solver=lambda f, x: f(x)),
            ConvergenceError,
            "given solver returned is no solution: the residual there is 0.45",
        ),
        (
            lambda: fixed_point(babylonian, 1.0, 4.0, solver=lambda f, x: np.nan),
            ConvergenceError,
            "solver returned is not finite",
        ),
        (
            lambda: fixed_point(babylonian, 1.0, 4.0, solver=lambda f, x: np.array([2.0])),
            ArgumentError,
            r"solver returned has shape \(1,\); it must have the shape \(\) of x0",
        ),
        (
            lambda: fixed_point(babylonian, 1.0, 4.0, solver=lambda f, x: {"x": 2.0}),
            OutputError,
            "solver returned is a dict",
        ),
        (
            lambda: fixed_point(np.cos, 1.0, solver=lambda f, x: scipy.optimize.root(f, x)),
            OutputError,
            "solver returned is an OptimizeResult; return its .x",
        ),
        (
            lambda: fixed_point(babylonian, 1.0, 4.0, solver=lambda f, x: 2.0 + 0j),
            ArgumentError,
            "solver returned is complex",
        ),
        (
            lambda: fixed_point(lambda x: np.stack([x, x]), 1.0),
            ArgumentError,
            r"result of f has shape \(2,\)",
        ),
        (lambda: fixed_point(lambda x: (x, x), 1.0), OutputError, "result of f is a tuple"),
        (lambda: fixed_point(lambda x: [x], (1.0,)), InputError, "result of f must be a tuple"),
        (lambda: fixed_point(lambda x: None, 1.0), OutputError, "NoneType"),
        (lambda: fixed_point(lambda x: "text", 1.0), OutputError, "str"),
        (lambda: fixed_point(lambda x: x * 1j, 1.0), ArgumentError, "Start from complex numbers"),
        (
            lambda: fixed_point(babylonian, {"a": ["text"]}, 1.0),
            InputError,
            r"fixed_point: x0\['a'\]\[0\] is a str",
        ),
        (lambda: fixed_point(3.0, 1.0), InputError, "f must be a function; got float"),
        (lambda: fixed_point(babylonian, 1.0, 4.0, tol=-1), ArgumentError, "tol must be a positive number"),
        (
            lambda: grad(lambda a: fixed_point(lambda x: x + 0 * a, 1.0))(1.0),
            SingularError,
            "fixed_point, its derivative: the linear system of 1 unknowns is singular",
        ),
    ],
)
def test_what_cannot_be_done_says_why(call, error, message):
    with pytest.raises(error, match=message):
        call()
