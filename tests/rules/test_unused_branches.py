"""A branch of ``where`` that is not taken puts no NaN into a derivative, whatever is in it."""

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import grad, jvp
from fgrad.core.registry import PRIMITIVES
from fgrad.kinds.constant import Constant
from fgrad.modes import tape
from fgrad.numpy.answering.ufuncs import BINARY, UNARY

X = np.array([np.nan, np.inf, -np.inf, 0.0, -1.0, 2.0, 1.0])
WEIGHTS = np.arange(7.0)


def is_differentiable(name):
    return name != "ldexp" and not isinstance(PRIMITIVES[getattr(np, name)].rule, Constant)


def binary(name):
    f = getattr(np, name)
    return lambda x: f(x, x[::-1]) + f(2.0, x) + sum(f(x, y) for y in (3.0, 2, 4, -1.0, 0.5, 0.0))


BRANCHES = {name: getattr(np, name) for name in UNARY if is_differentiable(name)}
BRANCHES |= {name: binary(name) for name in BINARY if is_differentiable(name)}
BRANCHES |= {
    "x log x": lambda x: x * np.log(x),
    "sinc": np.sinc,
    "softplus": lambda x: np.log1p(np.exp(x * 1000)),
    "norm": lambda x: x / np.hypot(x, x),
    "chain": lambda x: np.exp(np.tanh(np.sqrt(x - 3)) / x) ** 2,
}


@pytest.fixture(autouse=True)
def without_warnings():
    """Compute the branch without NumPy's own warnings: the derivative is another matter."""
    with np.errstate(all="ignore"):
        yield


@pytest.fixture(params=["with guards", "first tried without"], autouse=True)
def way_back(request, monkeypatch):
    """Take both ways back, whatever the length of the program."""
    monkeypatch.setattr(tape, "WORTH_A_TRIAL", 0 if request.param == "first tried without" else np.inf)


def guarded_sum(branch, x):
    return fnp.sum(fnp.where(np.zeros(x.shape, bool), branch(x), 0.5 * x))


@pytest.mark.parametrize("length", [7, 7000], ids=["small", "large"])
@pytest.mark.parametrize("name", BRANCHES)
def test_the_gradient(name, length):
    x = np.resize(X, length)
    np.testing.assert_array_equal(grad(lambda x: guarded_sum(BRANCHES[name], x))(x), np.full(length, 0.5))


@pytest.mark.parametrize("name", BRANCHES)
def test_the_gradient_of_numbers(name):
    for x in X[[0, 1, 2, 3, 5]].tolist():
        branch = BRANCHES[name] if name not in BINARY else lambda x: getattr(np, name)(x, 3.0)
        assert grad(lambda x, f=branch: fnp.where(False, f(np.float64(1) * x), 0.5 * x))(x) == 0.5


@pytest.mark.parametrize("name", BRANCHES)
def test_second_derivatives(name):
    gradient = grad(lambda x: guarded_sum(BRANCHES[name], x))
    np.testing.assert_array_equal(grad(lambda x: fnp.sum(gradient(x) * WEIGHTS))(X), np.zeros(7))
    np.testing.assert_array_equal(jvp(gradient, (X,), (np.ones(7),))[1], np.zeros(7))


@pytest.mark.parametrize("name", BRANCHES)
def test_forward_mode(name):
    _, tangent = jvp(lambda x: guarded_sum(BRANCHES[name], x), (X,), (WEIGHTS,))
    assert tangent == 0.5 * np.sum(WEIGHTS)
