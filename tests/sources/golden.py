"""Functions, where they are run, and their code to the letter, as it has been read and found good."""

from __future__ import annotations

import numpy as np

from fgrad import grad, hessian, vmap
from tests.sources import examples

rng = np.random.default_rng(11)
W3, W4, W5 = rng.normal(size=3), rng.normal(size=(3, 4)), rng.normal(size=(4, 2))
PARAMS = [{"W": W4, "b": np.ones(4)}, {"W": W5, "b": np.ones(2)}]

GOLDEN = {
    "squares": (
        grad(examples.squares),
        (W3,),
        """
# constants: X: float64[8,3], target: float64[8]
def grad_squares(w):
    # residual = X @ w - target
    residual = X @ w - target
    # back through: residual = X @ w - target
    return residual @ X
""",
    ),
    "logistic": (
        grad(examples.logistic),
        (W3,),
        """
# constants: X: float64[8,3], t: float64[8]
def grad_logistic(w):
    # y = 1 / (1 + fnp.exp(-X @ w))
    v1 = np.exp(-(X @ w))
    v2 = 1 + v1
    y = 1 / v2
    # back through: return -fnp.sum(t * fnp.log(y) + (1 - t) * fnp.log(1 - y))
    d_y = (1 - t) / (1 - y) - t / y
    # back through: y = 1 / (1 + fnp.exp(-X @ w))
    return d_y * y / v2 * v1 @ X
""",
    ),
    "perceptron": (
        grad(examples.perceptron, argnums=(0, 1, 2, 3)),
        (W4, np.ones(4), W5, np.ones(2)),
        """
# constants: X: float64[8,3], Y: float64[8,2]
def grad_perceptron(W1, b1, W2, b2):
    # hidden = fnp.tanh(X @ W1 + b1)
    v1 = X @ W1 + b1
    hidden = np.tanh(v1)
    # out = hidden @ W2 + b2
    out = hidden @ W2 + b2
    # back through: return fnp.mean((out - Y) ** 2)
    d_out = 0.125 * (out - Y)
    # back through: out = hidden @ W2 + b2
    d_hidden = d_out @ W2.T
    # back through: hidden = fnp.tanh(X @ W1 + b1)
    g1 = d_hidden / np.cosh(v1) ** 2
    return X.T @ g1, np.sum(g1, axis=0), hidden.T @ d_out, np.sum(d_out, axis=0)
""",
    ),
    "layers": (
        grad(examples.layers),
        (PARAMS,),
        """
# constants: X: float64[8,3], Y: float64[8,2]
def grad_layers(params):
    # z = h @ layer["W"] + layer["b"]
    z = X @ params[0]["W"] + params[0]["b"]
    # h = fnp.tanh(z)
    h = np.tanh(z)
    # z = h @ layer["W"] + layer["b"]
    z_2 = h @ params[1]["W"] + params[1]["b"]
    # h = fnp.tanh(z)
    h_2 = np.tanh(z_2)
    # back through: return fnp.sum((h - Y) ** 2)
    d_h = 2 * (h_2 - Y)
    # back through: h = fnp.tanh(z)
    d_z = d_h / np.cosh(z_2) ** 2
    # back through: z = h @ layer["W"] + layer["b"]
    d_h_2 = d_z @ params[1]["W"].T
    # back through: h = fnp.tanh(z)
    d_z_2 = d_h_2 / np.cosh(z) ** 2
    # back through: z = h @ layer["W"] + layer["b"]
    return [
        {"W": X.T @ d_z_2, "b": np.sum(d_z_2, axis=0)},
        {"W": h.T @ d_z, "b": np.sum(d_z, axis=0)},
    ]
""",
    ),
    "cross_entropy": (
        grad(examples.cross_entropy),
        (W4[:, :2],),
        """
# constants: X: float64[8,3], labels: int64[8]
def grad_cross_entropy(W):
    # logits = X @ W
    logits = X @ W
    # shifted = logits - fnp.max(logits, axis=1, keepdims=True)
    v1 = np.max(logits, axis=1, keepdims=True)
    shifted = logits - v1
    # logp = shifted - fnp.log(fnp.sum(fnp.exp(shifted), axis=1, keepdims=True))
    v2 = np.exp(shifted)
    # back through: return -fnp.mean(logp[np.arange(8), labels])
    d_logp = np.zeros((8, 2))
    np.add.at(d_logp, (np.arange(8), labels), -0.125)
    # back through: logp = shifted - fnp.log(fnp.sum(fnp.exp(shifted), axis=1, ...
    g1 = np.sum(d_logp, axis=1, keepdims=True) / np.sum(v2, axis=1, keepdims=True)
    d_shifted = d_logp - g1 * v2
    # back through: shifted = logits - fnp.max(logits, axis=1, keepdims=True)
    g2 = -np.sum(d_shifted, axis=1, keepdims=True)
    g3 = g2 * (logits == v1) / np.sum(logits == v1, axis=1, keepdims=True)
    d_logits = d_shifted + g3
    # back through: logits = X @ W
    return X.T @ d_logits
""",
    ),
    "hessian of rosenbrock": (
        hessian(examples.rosenbrock),
        (W3,),
        """
def hessian_rosenbrock(x):
    # return fnp.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)
    v1 = x[:-1]
    # back through: return fnp.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)
    g1 = 200.0 * (np.eye(3, 2, k=-1) - 2 * np.eye(3, 2) * v1)
    g2 = -400.0 * np.eye(3, 2) * (x[1:] - v1**2) - 2 * g1 * v1
    g3 = np.zeros((3, 3))
    g3[:, :-1] = 2.0 * np.eye(3, 2)
    g3[:, :-1] += g2
    g3[:, 1:] += g1
    return g3
""",
    ),
    "vmap of one_example": (
        vmap(grad(examples.one_example), in_axes=(None, 0, 0)),
        (W3, examples.X, examples.target),
        """
def vmap_grad_one_example(w, x, y):
    # back through: return (fnp.dot(w, x) - y) ** 2
    return 2 * (x @ w - y)[:, None] * x
""",
    ),
    "written": (
        grad(examples.written),
        (W3,),
        """
def grad_written(x):
    # out[1:] = x**2
    out = np.zeros(4)
    out[1:] = x**2
    # out[0] = x[2]
    out[0] = x[2]
    # back through: return fnp.sum(out**3)
    d_out = 3 * out**2
    # back through: out[0] = x[2]
    d_out_2 = np.array(d_out)
    d_out_2[0] = 0
    g1 = d_out[0]
    # back through: out[1:] = x**2
    g2 = np.zeros(3)
    g2[2] = g1
    return g2 + 2 * d_out_2[1:] * x
""",
    ),
    "guarded at a zero": (
        grad(examples.guarded),
        (np.array([1.0, 0.0, 3.0]),),
        """
@np.errstate(divide="ignore", invalid="ignore")
def grad_guarded(x):
    # back through: return fnp.sum(fnp.where(x > 0, fnp.sqrt(x), 0.0))
    return np.where(x > 0, 1.0 / (2 * np.sqrt(x)), 0)
""",
    ),
    "over_lines": (
        grad(examples.over_lines),
        (W3,),
        """
def grad_over_lines(w):
    # total = fnp.sum(fnp.exp(w) * w)
    v1 = np.exp(w)
    total = np.sum(v1 * w)
    # back through: return (total + w[0]) ** 2
    d_total = 2 * (total + w[0])
    # back through: total = fnp.sum(fnp.exp(w) * w)
    g1 = np.zeros(3)
    g1[0] = d_total
    return g1 + (d_total * v1 + d_total * w * v1)
""",
    ),
}
