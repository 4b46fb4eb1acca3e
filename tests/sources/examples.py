"""Functions of which the tests read the code, and their data."""

from __future__ import annotations

import numpy as np

import fgrad.numpy as fnp

rng = np.random.default_rng(5)
X = rng.normal(size=(8, 3))
Y = rng.normal(size=(8, 2))
target = rng.normal(size=8)
t = (rng.uniform(size=8) > 0.5).astype(float)
labels = rng.integers(0, 2, 8)
series = rng.normal(size=(3, 2))


def squares(w):
    residual = X @ w - target
    return fnp.sum(residual**2) / 2


def logistic(w):
    y = 1 / (1 + fnp.exp(-X @ w))
    return -fnp.sum(t * fnp.log(y) + (1 - t) * fnp.log(1 - y))


def perceptron(W1, b1, W2, b2):
    hidden = fnp.tanh(X @ W1 + b1)
    out = hidden @ W2 + b2
    return fnp.mean((out - Y) ** 2)


def layers(params):
    h = X
    for layer in params:
        z = h @ layer["W"] + layer["b"]
        h = fnp.tanh(z)
    return fnp.sum((h - Y) ** 2)


def cross_entropy(W):
    logits = X @ W
    shifted = logits - fnp.max(logits, axis=1, keepdims=True)
    logp = shifted - fnp.log(fnp.sum(fnp.exp(shifted), axis=1, keepdims=True))
    return -fnp.mean(logp[np.arange(8), labels])


def recurrent(Wx, Wh, h):
    for x in series:
        h = fnp.tanh(Wx @ x + Wh @ h)
    return fnp.sum(h**2)


def relu(W, v):
    h = fnp.maximum(X @ W, 0)
    return fnp.sum(h @ v)


def rosenbrock(x):
    return fnp.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def one_example(w, x, y):
    return (fnp.dot(w, x) - y) ** 2


def written(x):
    out = fnp.zeros(4)
    out[1:] = x**2
    out[0] = x[2]
    return fnp.sum(out**3)


def guarded(x):
    return fnp.sum(fnp.where(x > 0, fnp.sqrt(x), 0.0))


def chosen(x):
    return fnp.max(x) + fnp.sum(fnp.sort(x)[1:] * np.array([1.0, 2.0]))


def over_lines(w):
    total = fnp.sum(
        fnp.exp(w) * w,
    )
    return (
        total
        + w[0]
    ) ** 2  # fmt: skip
